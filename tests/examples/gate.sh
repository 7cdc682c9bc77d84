# gate.sh compresses every file, never more than K at a time.
. "$SOURCE/tests/harness.sh"

trap 'ipc-semaphore remove --name gate >/dev/null 2>&1; finish' EXIT
for i in 1 2 3 4 5 6; do
    random_bytes 50000 >"$scratch/file$i"
done

# A gzip that notes how many of it are inside.
mkdir "$scratch/bin" "$scratch/inside"
cat >"$scratch/bin/gzip" <<'END'
#!/bin/sh
: >"$inside/$$"
set -- "$@" "$(ls "$inside" | wc -l)"
for last in "$@"; do :; done
echo "$last" >>"$inside.most"
sleep 0.05
rm "$inside/$$"
END
chmod +x "$scratch/bin/gzip"
inside=$scratch/inside PATH=$scratch/bin:$PATH run 0 "$SOURCE/examples/gate.sh" 2 "$scratch"/file?
[ "$(wc -l <"$scratch/inside.most")" -eq 6 ] || fail "not all have run"
[ "$(sort -n "$scratch/inside.most" | tail -n 1)" -le 2 ] || fail "more than two at once"

run 0 "$SOURCE/examples/gate.sh" 3 "$scratch"/file?
for i in 1 2 3 4 5 6; do
    gzip -dc "$scratch/file$i.gz" >"$scratch/back"
    same "$scratch/back" "$scratch/file$i"
done

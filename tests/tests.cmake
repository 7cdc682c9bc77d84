# SPDX-License-Identifier: MIT
# How tests are found: a shell script or C file under tests/FOLDER is the test FOLDER.NAME.
#
# A script runs with the built programs in PATH; exit 77 means skipped, and it says why. A script
# with the line "# serial" runs alone, one with "# timeout: SECONDS" may take that long. One with
# "# faults" takes too long for every run: it has that label, and `ctest -C faults` runs it. So do those
# of tests/full, and `ctest -C full` runs both.
#
# The label "again" marks those that depend most on who runs when: the pairs, their deaths, and the
# rooms below them. The preset of that name runs each three times.

# Whether screens tell what is called: a library that is preloaded, and line numbers to know callers.
check_c_source_compiles("
    #include <limits.h>
    #if !defined __GLIBC__ || !defined __x86_64__ || defined __ILP32__
    #error
    #endif
    int main(void) { return 0; }" ON_GLIBC_X86_64)
if(ON_GLIBC_X86_64 AND NOT IPC_SANITIZE)
    add_library(ipc-calls MODULE ${PROJECT_SOURCE_DIR}/tests/calls/shim.c)
    set_source_files_properties(${PROJECT_SOURCE_DIR}/tests/calls/shim.c PROPERTIES
        COMPILE_OPTIONS "-fno-builtin;-Wno-missing-prototypes")
    target_link_libraries(ipc-calls PRIVATE ${CMAKE_DL_LIBS})
endif()
add_compile_options(-g1)

function(set_labels folder name)
    set(labels ${folder})
    if(folder MATCHES "^(rendezvous|transfer)$" OR name MATCHES "^(transfer|killed|child_killed)$")
        list(APPEND labels again)
    endif()
    set_tests_properties(${folder}.${name} PROPERTIES LABELS "${labels}")
endfunction()

function(add_script_test folder script)
    get_filename_component(name ${script} NAME_WE)
    set(test ${folder}.${name})
    file(STRINGS ${script} faults REGEX "^# faults")
    if(faults)
        add_test(NAME ${test} CONFIGURATIONS faults full COMMAND sh ${script})
    elseif(folder STREQUAL "full")
        add_test(NAME ${test} CONFIGURATIONS full COMMAND sh ${script})
    else()
        add_test(NAME ${test} COMMAND sh ${script})
    endif()
    file(STRINGS ${script} serial REGEX "^# serial")
    file(STRINGS ${script} timeout REGEX "^# timeout: [0-9]+")
    string(REGEX REPLACE "^# timeout: ([0-9]+).*" "\\1" seconds "${timeout}")
    if(NOT seconds)
        set(seconds 60)
    endif()
    set_tests_properties(${test} PROPERTIES
        ENVIRONMENT "SOURCE=${PROJECT_SOURCE_DIR};BINARIES=${PROJECT_BINARY_DIR};SANITIZE=${IPC_SANITIZE};PORTABLE=$<BOOL:${IPC_PORTABLE}>"
        SKIP_RETURN_CODE 77 TIMEOUT ${seconds})
    set_labels(${folder} ${name})
    if(faults)
        set_property(TEST ${test} APPEND PROPERTY LABELS faults)
    endif()
    if(serial)
        set_tests_properties(${test} PROPERTIES RUN_SERIAL TRUE)
    endif()
endfunction()

# The C tests of a folder link that library; those of a program its platform.c besides.
function(add_folder_tests folder library)
    file(GLOB scripts CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${folder}/*.sh)
    foreach(script ${scripts})
        if(script MATCHES "/calls\\.sh$" AND NOT TARGET ipc-calls)
            continue()
        endif()
        if(script MATCHES "/step\\.sh$" AND IPC_SANITIZE) # nobody prompts there: narration.c
            continue()
        endif()
        add_script_test(${folder} ${script})
    endforeach()
    file(GLOB sources CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${folder}/*.c)
    foreach(source ${sources})
        get_filename_component(name ${source} NAME_WE)
        set(target test-${folder}-${name})
        add_executable(${target} ${source})
        target_link_libraries(${target} PRIVATE ${library})
        target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/tests)
        set(platform ${PROJECT_SOURCE_DIR}/src/${folder}/platform.c)
        if(folder MATCHES "^ipc-" AND EXISTS ${platform})
            target_sources(${target} PRIVATE ${platform})
            target_include_directories(${target} PRIVATE ${PROJECT_SOURCE_DIR}/src/${folder})
        endif()
        add_test(NAME ${folder}.${name} COMMAND ${target})
        set_tests_properties(${folder}.${name} PROPERTIES SKIP_RETURN_CODE 77 TIMEOUT 120)
        set_labels(${folder} ${name})
    endforeach()
endfunction()

# Every example does a real job, and is run as a test; so is what a packager does.
foreach(folder examples package full)
    file(GLOB scripts CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/tests/${folder}/*.sh)
    foreach(script ${scripts})
        add_script_test(${folder} ${script})
    endforeach()
endforeach()

# What the manual pages invite to try: `ctest -C try`, for it builds each program several times.
foreach(mechanism fork pipe fifo signal semaphore msgqueue shm mmap socket)
    add_test(NAME try.${mechanism} CONFIGURATIONS try
             COMMAND sh ${PROJECT_SOURCE_DIR}/tests/try.sh ${mechanism})
    set_tests_properties(try.${mechanism} PROPERTIES TIMEOUT 300
        ENVIRONMENT "SOURCE=${PROJECT_SOURCE_DIR};BINARIES=${PROJECT_BINARY_DIR}")
endforeach()

# Every fault that the kernel can make: tests/faults/README.md. Not a part of the default run.
if(TARGET ipc-calls)
    set(faults ${PROJECT_SOURCE_DIR}/tests/faults)
    add_executable(faults-inject ${faults}/inject.c)
    set_target_properties(faults-inject PROPERTIES OUTPUT_NAME inject
        RUNTIME_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/faults)
    foreach(shim clock allocations short)
        add_library(faults-${shim} MODULE ${faults}/${shim}.c)
        set_target_properties(faults-${shim} PROPERTIES PREFIX "" OUTPUT_NAME ${shim}
            LIBRARY_OUTPUT_DIRECTORY ${PROJECT_BINARY_DIR}/faults)
        target_compile_options(faults-${shim} PRIVATE -fno-builtin)
    endforeach()
endif()

# One table of faults a test: `ctest -C faults`, for all of it takes hours. Each has its own jobs.
foreach(table calls kill interrupt children stopped late clock allocations short words builds fuzz)
    add_test(NAME faults.${table} CONFIGURATIONS faults full
             COMMAND sh ${PROJECT_SOURCE_DIR}/tests/faults/faults.sh --build ${PROJECT_BINARY_DIR} ${table})
    set_tests_properties(faults.${table} PROPERTIES LABELS faults TIMEOUT 14400 RUN_SERIAL TRUE
                         SKIP_RETURN_CODE 77)
endforeach()

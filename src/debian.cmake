# SPDX-License-Identifier: MIT
# What a .deb has otherwise than a plain installation: the licence is called copyright, there is a
# changelog, and that and the pages are compressed. CPack runs this before it packs, whatever it packs.
if(NOT CPACK_GENERATOR STREQUAL "DEB")
    return()
endif()
set(share ${CPACK_TEMPORARY_INSTALL_DIRECTORY}${CPACK_PACKAGING_INSTALL_PREFIX}/share)
set(documentation ${share}/doc/ipc-demos)
file(RENAME ${documentation}/LICENSE ${documentation}/copyright)
string(TIMESTAMP date "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(WRITE ${documentation}/changelog
"ipc-demos (${CPACK_PACKAGE_VERSION}) unstable; urgency=low

  * Built from the source of this version.

 -- ${CPACK_PACKAGE_CONTACT}  ${date}
")
file(GLOB pages ${share}/man/man*/*)
execute_process(COMMAND gzip -9nf ${documentation}/changelog ${pages} COMMAND_ERROR_IS_FATAL ANY)
file(GLOB_RECURSE files LIST_DIRECTORIES false ${share}/man/*)
file(CHMOD ${files} ${documentation}/changelog.gz
     PERMISSIONS OWNER_READ OWNER_WRITE GROUP_READ WORLD_READ)

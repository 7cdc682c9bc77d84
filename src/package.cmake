# SPDX-License-Identifier: MIT
# What is installed besides the programs, how all of it is removed again, and packages of it.

install(FILES README.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY examples DESTINATION ${CMAKE_INSTALL_DOCDIR} USE_SOURCE_PERMISSIONS)

# A page in the build folder tells the version at its foot.
function(install_page page section)
    get_filename_component(name ${page} NAME)
    configure_file(${page} man/${name} @ONLY)
    install(FILES ${PROJECT_BINARY_DIR}/man/${name} DESTINATION ${CMAKE_INSTALL_MANDIR}/man${section})
endfunction()

# Each shell finds one file in its own way: bash by the program's name, zsh by the first line.
function(install_completions)
    list(JOIN ARGN " " programs)
    foreach(file ipc-demos.bash _ipc-demos)
        configure_file(src/${file} completions/${file} @ONLY)
    endforeach()
    set(folder ${PROJECT_BINARY_DIR}/completions)
    foreach(program ${ARGN})
        install(FILES ${folder}/ipc-demos.bash RENAME ${program}
                DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
    endforeach()
    install(FILES ${folder}/_ipc-demos DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
endfunction()

# As a part of another project: how that is removed and packed is its own affair.
if(NOT CMAKE_SOURCE_DIR STREQUAL PROJECT_SOURCE_DIR)
    return()
endif()

add_custom_target(uninstall
    COMMAND ${CMAKE_COMMAND} -DPROGRAM=${CMAKE_INSTALL_BINDIR}/ipc-pipe
        -P ${PROJECT_SOURCE_DIR}/src/uninstall.cmake
    WORKING_DIRECTORY ${PROJECT_BINARY_DIR} VERBATIM)

# Whoever distributes packages puts an own address here.
set(CPACK_PACKAGE_CONTACT "The ipc-demos authors <ipc-demos@example.org>" CACHE STRING
    "Who maintains the packages")
set(CPACK_GENERATOR DEB TGZ)
set(CPACK_SYSTEM_NAME ${CMAKE_SYSTEM_NAME}-${CMAKE_SYSTEM_PROCESSOR})
set(CPACK_STRIP_FILES ON)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ
    GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
set(CPACK_PACKAGE_DESCRIPTION
    "Each program is a tool that carries any bytes from one process to another, a
lesson that shows on the screen what the kernel does, and a benchmark that says
what it costs on this machine: fork, pipes, FIFOs, signals, semaphores, message
queues, shared memory, mapped files and sockets.")
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "gnuplot-nox")
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_SOURCE_DIR}/src/debian.cmake)
include(CPack)

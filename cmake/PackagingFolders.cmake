# Run by cpack before it packs: the package's folders are open to all, whatever the umask of whoever
# packs. (CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS speaks of the folders around them only.)
file(GLOB_RECURSE found LIST_DIRECTORIES true "${CPACK_TEMPORARY_INSTALL_DIRECTORY}/*")
foreach(each IN LISTS found)
    if(IS_DIRECTORY "${each}" AND NOT IS_SYMLINK "${each}")
        file(CHMOD "${each}" PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE
            GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)
    endif()
endforeach()

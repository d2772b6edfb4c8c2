# Read by cpack before it packs. Without these CPack would make a package that names no libraries,
# or stop in the middle.
foreach(program IN ITEMS dpkg-shlibdeps file)
    find_program(found_${program} ${program})
    if(NOT found_${program})
        message(FATAL_ERROR
            "${program} is missing. The package needs it to name the libraries of the program: "
            "apt-get install dpkg-dev file")
    endif()
endforeach()

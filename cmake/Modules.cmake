# mc_module(NAME [LINK target…] [FOLDERS folder…]): the .cpp files of the current folder and of its
# feature folders as the static library NAME, and tests/*.cpp as the doctest program test_NAME. A
# new file is found by itself. A folder without .cpp files yet is an interface library, so that
# others can link it already.
function(mc_module name)
    cmake_parse_arguments(arg "" "" "LINK;FOLDERS" ${ARGN})
    file(GLOB sources CONFIGURE_DEPENDS *.cpp)
    foreach(folder IN LISTS arg_FOLDERS)
        file(GLOB more CONFIGURE_DEPENDS ${folder}/*.cpp)
        list(APPEND sources ${more})
    endforeach()
    if(sources)
        add_library(${name} STATIC ${sources})
        target_link_libraries(${name} PUBLIC mc_options ${arg_LINK})
        mc_use_pch(${name})
    else()
        add_library(${name} INTERFACE)
        target_link_libraries(${name} INTERFACE mc_options ${arg_LINK})
    endif()

    file(GLOB tests CONFIGURE_DEPENDS tests/*.cpp)
    if(tests)
        add_executable(test_${name} ${tests})
        target_link_libraries(test_${name} PRIVATE ${name} platform_testing doctest::doctest)
        mc_use_pch(test_${name})
        # Run from the checkout, so that a test can name a golden file by its path in the tree.
        add_test(NAME ${name} COMMAND test_${name} WORKING_DIRECTORY "${PROJECT_SOURCE_DIR}")
        set_tests_properties(${name} PROPERTIES TIMEOUT 900)
    endif()
endfunction()

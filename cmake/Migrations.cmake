# mc_migrations(TARGET FOLDER FUNCTION): the files FOLDER/NNNN_name.sqlite.sql and .mysql.sql as
#     std::span<mc::migration const> mc::FUNCTION();
# declared by the generated header "FUNCTION.hpp" and compiled into TARGET. Editing, adding or
# removing a file rebuilds it. Call it after mc_module(TARGET …).
set(mc_embed_migrations "${CMAKE_CURRENT_LIST_DIR}/EmbedMigrations.cmake")

function(mc_migrations target folder function)
    file(GLOB files CONFIGURE_DEPENDS "${CMAKE_CURRENT_SOURCE_DIR}/${folder}/*.sql")
    set(into "${CMAKE_CURRENT_BINARY_DIR}/generated")
    add_custom_command(
        OUTPUT "${into}/${function}.cpp" "${into}/${function}.hpp"
        COMMAND "${CMAKE_COMMAND}" -D "folder=${CMAKE_CURRENT_SOURCE_DIR}/${folder}"
                -D function=${function} -D "into=${into}" -P "${mc_embed_migrations}"
        DEPENDS ${files} "${mc_embed_migrations}"
        VERBATIM)
    get_target_property(type ${target} TYPE)
    if(type STREQUAL "INTERFACE_LIBRARY")
        return()  # A folder without .cpp files yet: nobody calls the function.
    endif()
    target_sources(${target} PRIVATE "${into}/${function}.cpp" "${into}/${function}.hpp")
    target_include_directories(${target} PUBLIC "${into}")
endfunction()

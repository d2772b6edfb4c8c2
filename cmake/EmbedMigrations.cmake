# cmake -D folder=… -D function=… -D into=… -P EmbedMigrations.cmake; see Migrations.cmake.
cmake_minimum_required(VERSION 3.25)
file(GLOB files "${folder}/*.sql")
list(SORT files)

set(rows "")
foreach(file IN LISTS files)
    get_filename_component(name "${file}" NAME)
    if(NOT name MATCHES "^([0-9][0-9][0-9][0-9])_([a-z0-9_]+)\\.(sqlite|mysql)\\.sql$")
        message(FATAL_ERROR
            "${file}: a migration is called NNNN_what_it_does.sqlite.sql or .mysql.sql")
    endif()
    set(number "${CMAKE_MATCH_1}")
    set(label "${CMAKE_MATCH_2}")
    set(dialect "${CMAKE_MATCH_3}")
    string(REGEX REPLACE "^0+" "" number "${number}")
    file(READ "${file}" sql)
    string(APPEND rows
        "    {${number}, \"${label}\", R\"mc_sql(${sql})mc_sql\", sql_dialect::${dialect}},\n")
endforeach()

set(header "#pragma once

#include \"platform/db/migration.hpp\"

namespace mc
{

std::span<migration const> ${function}();

}  // namespace mc
")
if(rows)
    set(body "    static constexpr migration all[] = {\n${rows}    };\n    return all;\n")
else()
    set(body "    return {};\n")
endif()
set(source "#include \"${function}.hpp\"

namespace mc
{

std::span<migration const> ${function}()
{
${body}}

}  // namespace mc
")

file(WRITE "${into}/${function}.hpp" "${header}")
file(WRITE "${into}/${function}.cpp" "${source}")

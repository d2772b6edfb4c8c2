# cmake -D source=… -D output=… -D project_version=… -P WriteVersion.cmake; see Version.cmake.
set(version "${project_version}")
find_program(git git)
if(git AND EXISTS "${source}/.git")
    execute_process(
        COMMAND "${git}" -C "${source}" describe --tags --always --dirty --match "v*"
        OUTPUT_VARIABLE described OUTPUT_STRIP_TRAILING_WHITESPACE
        ERROR_QUIET RESULT_VARIABLE failed)
    if(NOT failed AND described)
        string(REGEX REPLACE "^v([0-9])" "\\1" version "${described}")
        if(NOT version MATCHES "^[0-9]+\\.[0-9]")
            set(version "${project_version}+${described}")  # No tag yet: a bare commit id.
        endif()
    endif()
endif()

set(text "#pragma once

#define MC_VERSION \"${version}\"
#define MC_PROJECT_VERSION \"${project_version}\"
")
set(old "")
if(EXISTS "${output}")
    file(READ "${output}" old)
endif()
if(NOT old STREQUAL text)
    file(WRITE "${output}" "${text}")
endif()

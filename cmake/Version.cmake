# mc_version: the header "mc_version.hpp" with
#   MC_VERSION          what this build is: `git describe`, else the project's version
#   MC_PROJECT_VERSION  the project's version alone; stable from commit to commit
# It is looked up at every build and rewritten only when it changed, so a commit recompiles the
# files that include it and nothing else.
set(mc_version_hpp "${PROJECT_BINARY_DIR}/generated/mc_version.hpp")
set(mc_version_write
    "${CMAKE_COMMAND}" -D source=${PROJECT_SOURCE_DIR} -D output=${mc_version_hpp}
    -D project_version=${PROJECT_VERSION} -P "${CMAKE_CURRENT_LIST_DIR}/WriteVersion.cmake")

execute_process(COMMAND ${mc_version_write} COMMAND_ERROR_IS_FATAL ANY)
add_custom_target(mc_version_update
    BYPRODUCTS "${mc_version_hpp}" COMMAND ${mc_version_write} VERBATIM
    COMMENT "Looking up the version")

add_library(mc_version INTERFACE)
target_include_directories(mc_version INTERFACE "${PROJECT_BINARY_DIR}/generated")
add_dependencies(mc_version mc_version_update)

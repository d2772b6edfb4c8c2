# The Debian package: `./dev build release microcommerce`, then `cpack --config
# build/release/CPackConfig.cmake` makes microcommerce_VERSION_ARCHITECTURE.deb of what is built.
#
# What only the package holds is its own component and left out of `cmake --install`, which goes on
# to put the program, and nothing else, under any prefix.
set(mc_deploy "${PROJECT_SOURCE_DIR}/deploy")

# Packing installs; without this that would first build every test of this build folder.
set(CMAKE_SKIP_INSTALL_ALL_DEPENDENCY ON)

# mc_compressed(FILE NAME): FILE as NAME.gz in the build folder, without its time of making.
function(mc_compressed file name)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${file}")
    execute_process(
        COMMAND gzip -9 -n -c "${file}"
        OUTPUT_FILE "${PROJECT_BINARY_DIR}/generated/${name}.gz" COMMAND_ERROR_IS_FATAL ANY)
endfunction()
mc_compressed("${mc_deploy}/debian/changelog" changelog)
mc_compressed("${mc_deploy}/debian/microcommerce.1" microcommerce.1)

# mc_package(FOLDER FILE…): FILEs into FOLDER of the package.
function(mc_package folder)
    install(FILES ${ARGN} DESTINATION "${folder}" COMPONENT debian EXCLUDE_FROM_ALL)
endfunction()
mc_package(/lib/systemd/system "${mc_deploy}/systemd/microcommerce.service")
mc_package(/etc/microcommerce "${mc_deploy}/systemd/microcommerce.env")
mc_package(/usr/share/man/man1 "${PROJECT_BINARY_DIR}/generated/microcommerce.1.gz")
mc_package(/usr/share/doc/microcommerce
    "${PROJECT_BINARY_DIR}/generated/changelog.gz" "${mc_deploy}/debian/copyright")
mc_package(/usr/share/doc/microcommerce/examples
    "${mc_deploy}/nginx/microcommerce.conf" "${mc_deploy}/haproxy/haproxy.cfg"
    "${mc_deploy}/prometheus/alerts.yaml"
    "${mc_deploy}/prometheus/prometheus.yaml")

# mc_document(FILE): FILE of the sources, beside the others as there, so that its links lead to
# them. Configurations are among the examples; of a link to what only the sources have the words
# are left.
string(CONCAT mc_only_in_sources "(\\.\\./)*(services|platform|contracts|tests|tools|bench|openapi|"
    "deploy/(helm|compose)|CONTRIBUTING|LICENSE)")
function(mc_document file)
    set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/${file}")
    file(READ "${PROJECT_SOURCE_DIR}/${file}" text)
    string(REGEX REPLACE "\\[([^]\n]+)\\]\\(${mc_only_in_sources}[^)]*\\)" "\\1" text "${text}")
    string(REGEX REPLACE "\\]\\(\\.\\./deploy/[a-z]+/" "](../examples/" text "${text}")
    file(WRITE "${PROJECT_BINARY_DIR}/generated/documents/${file}" "${text}")
    cmake_path(GET file PARENT_PATH folder)
    mc_package("/usr/share/doc/microcommerce/${folder}"
        "${PROJECT_BINARY_DIR}/generated/documents/${file}")
endfunction()
file(GLOB mc_documents CONFIGURE_DEPENDS RELATIVE "${PROJECT_SOURCE_DIR}"
    "${PROJECT_SOURCE_DIR}/docs/*.md" "${PROJECT_SOURCE_DIR}/docs/adr/*.md")
foreach(document IN ITEMS README.md LISTS mc_documents)
    mc_document("${document}")
endforeach()

set(CPACK_GENERATOR DEB)
set(CPACK_PROJECT_CONFIG_FILE "${CMAKE_CURRENT_LIST_DIR}/PackagingChecks.cmake")
set(CPACK_PACKAGE_NAME microcommerce)
set(CPACK_PACKAGE_VENDOR "The MicroCommerce authors")
set(CPACK_PACKAGE_CONTACT "The MicroCommerce authors <maintainers@microcommerce.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "backend of a shop in one program")
set(CPACK_PACKAGE_DESCRIPTION
    "Accounts, catalogue, carts, orders and stock as five services that tell\n"
    "each other what happened by events. One process on SQLite, or each service\n"
    "apart on MariaDB and Kafka. Installed, it runs as a systemd service with its\n"
    "data in /var/lib/microcommerce.")
string(REPLACE ";" "" CPACK_PACKAGE_DESCRIPTION "${CPACK_PACKAGE_DESCRIPTION}")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_PRE_BUILD_SCRIPTS "${CMAKE_CURRENT_LIST_DIR}/PackagingFolders.cmake")
set(CPACK_COMPONENTS_ALL Unspecified debian)
set(CPACK_COMPONENTS_GROUPING ALL_COMPONENTS_IN_ONE)
set(CPACK_DEB_COMPONENT_INSTALL ON)

set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION net)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
# The libraries it is linked with, by dpkg-shlibdeps; the rest is what postinst calls and TLS needs.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_DEPENDS adduser)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS ca-certificates)
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "nginx, prometheus")
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA
    "${mc_deploy}/debian/postinst" "${mc_deploy}/debian/prerm" "${mc_deploy}/debian/postrm"
    "${mc_deploy}/debian/conffiles")
include(CPack)

# One interface target carries every flag, so a module links it and nothing is set globally by
# accident. Which optimisation level belongs to which build stands in CMakePresets.json.

set(MC_SANITIZE "" CACHE STRING "Sanitizers: address,undefined or thread; empty for none")

add_library(mc_options INTERFACE)
target_include_directories(mc_options INTERFACE "${PROJECT_SOURCE_DIR}")
target_link_libraries(mc_options INTERFACE Boost::headers Threads::Threads fmt::fmt)

target_compile_options(mc_options INTERFACE
    -Wall -Wextra -Wpedantic -Wshadow -Wnon-virtual-dtor -Wold-style-cast -Wconversion
    -Wsign-conversion -Wswitch -Wunused -Werror)

target_compile_definitions(mc_options INTERFACE
    BOOST_ASIO_SEPARATE_COMPILATION BOOST_BEAST_SEPARATE_COMPILATION BOOST_ASIO_NO_DEPRECATED
    BOOST_ASIO_DISABLE_HANDLER_TYPE_REQUIREMENTS)

# Paths in __FILE__, debug lines and sanitizer reports are relative to the checkout, so a binary
# does not depend on where it was built.
target_compile_options(mc_options INTERFACE
    "-ffile-prefix-map=${PROJECT_SOURCE_DIR}/=" -ffile-compilation-dir=.)

# mold links in a tenth of a second; lld stands in where there is no mold.
find_program(MC_MOLD NAMES ld.mold mold)
if(MC_MOLD)
    target_link_options(mc_options INTERFACE -fuse-ld=mold)
else()
    target_link_options(mc_options INTERFACE -fuse-ld=lld)
endif()

# Hardening, as Debian builds its own packages. Library assertions stay in release: an index out of
# range stops the process instead of reading a neighbour's memory.
target_compile_options(mc_options INTERFACE -fPIE -fstack-protector-strong -fstack-clash-protection)
target_compile_definitions(mc_options INTERFACE _GLIBCXX_ASSERTIONS)
target_link_options(mc_options INTERFACE -pie -Wl,-z,relro,-z,now,-z,noexecstack)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|AMD64")
    target_compile_options(mc_options INTERFACE -fcf-protection=full)
elseif(CMAKE_SYSTEM_PROCESSOR MATCHES "aarch64|arm64")
    target_compile_options(mc_options INTERFACE -mbranch-protection=standard)
endif()

if(MC_SANITIZE)
    target_compile_options(mc_options INTERFACE
        -fsanitize=${MC_SANITIZE} -fno-sanitize-recover=all -fno-omit-frame-pointer)
    target_link_options(mc_options INTERFACE -fsanitize=${MC_SANITIZE})
elseif(NOT CMAKE_BUILD_TYPE STREQUAL "Debug")
    # Needs the optimiser, and hides from AddressSanitizer the very calls it wants to see.
    target_compile_options(mc_options INTERFACE -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=2)
endif()

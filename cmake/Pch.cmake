# mc_pch: one precompiled header of third-party headers for every module and test (it saves 1.0 to
# 1.5 s a file, 60 to 80 % at -O0). It holds no header of ours, so editing one does not rebuild the
# world, and -DMC_PCH=OFF must always compile: every file includes what it uses.
option(MC_PCH "Use a precompiled header" ON)

if(MC_PCH)
    add_library(mc_pch STATIC "${CMAKE_CURRENT_LIST_DIR}/pch.cpp")
    target_link_libraries(mc_pch PUBLIC mc_options)
    target_precompile_headers(mc_pch PRIVATE <cmake/pch.hpp>)
    if(CMAKE_CXX_COMPILER_ID MATCHES "Clang")
        # Without the time stamp two builds of the same header are the same bytes, so ccache finds
        # what it compiled with either of them; ccache.sh does the rest.
        target_compile_options(mc_options INTERFACE "SHELL:-Xclang -fno-pch-timestamp")
    endif()
endif()

# mc_use_pch(TARGET): compile TARGET with mc_pch. One source opts out with SKIP_PRECOMPILE_HEADERS.
function(mc_use_pch target)
    if(MC_PCH)
        target_precompile_headers(${target} REUSE_FROM mc_pch)
    endif()
endfunction()

#pragma once

#include <string_view>

namespace mc::testing
{

// For a test that cannot run, because a server is not here: says so by name, "skipped: WHAT". With
// MC_TEST_REQUIRE in the environment (.ci/run) nothing may be left out: throws std::runtime_error.
void left_out(std::string_view what);

}  // namespace mc::testing

#pragma once

#include <span>

#include "platform/runtime/config.hpp"

namespace mc
{

// The keys that every process has, whatever services it runs. Names and defaults are those of the
// system this one replaces, where it has them.
std::span<setting const> platform_settings();

}  // namespace mc

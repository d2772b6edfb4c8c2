#pragma once

#include <span>
#include <string>

#include "apps/microcommerce/commands.hpp"
#include "platform/core/result.hpp"
#include "platform/runtime/host.hpp"

// `microcommerce events rebuild`: a service's projections from the log, some seconds' work at a
// time, so that a long log neither keeps other commands waiting nor outlasts anybody's patience.
namespace mc::app
{

// The process's part. Arguments: service, and for all but the first time the place the last answer
// named. Answers how many events went through, how many were unreadable, and the place to go on at.
result<std::string> rebuild_part(host& in, std::span<std::string const> arguments);

// The command line's part: asks until there is no place to go on at, and prints what came of it.
void rebuild(common_options const& from, std::string const& service);

}  // namespace mc::app

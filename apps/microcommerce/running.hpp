#pragma once

#include <string>

#include "platform/runtime/control.hpp"
#include "platform/runtime/host.hpp"

namespace mc::app
{

// What the command line may ask of a process that holds the data folder: a service's own commands,
// and for the host replay-dead, drop-dead, rebuild and seed-demo.
control_reply carry_out_in(host& in, config const& settings, control_request const& request);
// The same, with a line in the log of who was told what to do, and how that ended. Never a
// password.
control_reply carry_out_and_log(host& in, config const& settings, control_request const& request);

// Makes demonstration data where there is none yet, and says who can log in. `settings` decide
// where the demo's pictures are found.
std::string seed_demo_in(host& in, config const& settings);

}  // namespace mc::app

#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "platform/core/result.hpp"
#include "platform/json/describe.hpp"

namespace mc
{

// How a command on the command line reaches the process that holds the data folder: a Unix socket
// in it, DATA_DIR/control.sock (mode 0600, so its owner only), one request and one reply a
// connection, each one line of JSON.
struct control_request
{
    std::string service;  // "user", or "host" for the process itself.
    std::string verb;     // "create-admin"
    std::vector<std::string> arguments;
};
MC_DESCRIBE(control_request, service, verb, arguments)

struct control_reply
{
    bool done;
    std::string text;  // What to print, or why not.
};
MC_DESCRIBE(control_reply, done, text)

inline constexpr std::size_t control_line_bytes_max = 1024 * 1024;
// From connecting to the end of the request's line: who takes longer is hung up on, because the
// others wait meanwhile. As long, at most, may one let its answer lie.
inline constexpr int control_request_ms_max = 2000;

// Serves requests one after the other on its own thread until it is destroyed, with its socket
// file. The data folder's lock outlives it.
class control_server
{
public:
    control_server(std::filesystem::path const& data_dir,
                   std::function<control_reply(control_request const&)> carry_out);
    ~control_server();
    control_server(control_server const&) = delete;
    control_server& operator=(control_server const&) = delete;

private:
    struct state;
    std::unique_ptr<state> state_;
};

// Hands the request to the process that holds the folder. Nothing when none listens there; an error
// when it listens and does not answer.
std::optional<result<control_reply>> ask_running_process(std::filesystem::path const& data_dir,
                                                         control_request const& request);

}  // namespace mc

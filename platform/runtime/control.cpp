#include "platform/runtime/control.hpp"

#include <fcntl.h>
#include <poll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <chrono>
#include <cstring>
#include <thread>

#include <fmt/format.h>

#include "platform/json/read.hpp"
#include "platform/json/write.hpp"
#include "platform/observe/log.hpp"

namespace mc
{
namespace
{

constexpr int answer_patience_ms = 60'000;  // Seeding or replaying may take a while.

class descriptor
{
public:
    explicit descriptor(int number = -1) noexcept : number_(number) {}
    descriptor(descriptor&& from) noexcept : number_(std::exchange(from.number_, -1)) {}
    descriptor& operator=(descriptor&& from) noexcept
    {
        std::swap(number_, from.number_);
        return *this;
    }
    ~descriptor()
    {
        if (number_ >= 0)
            ::close(number_);
    }
    int number() const noexcept { return number_; }
    explicit operator bool() const noexcept { return number_ >= 0; }

private:
    int number_;
};

// A socket's address holds 107 bytes; through the folder's descriptor any folder fits.
sockaddr_un address_in(descriptor const& folder)
{
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::string const path = fmt::format("/proc/self/fd/{}/control.sock", folder.number());
    std::memcpy(address.sun_path, path.c_str(), path.size() + 1);
    return address;
}

descriptor open_folder(std::filesystem::path const& folder)
{
    return descriptor(::open(folder.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC));
}

bool is_readable(int from, int patience_ms)
{
    pollfd waits{.fd = from, .events = POLLIN, .revents = 0};
    return ::poll(&waits, 1, patience_ms) == 1;
}

// All of it within that time, so that no byte now and then buys more.
std::optional<std::string> read_line(int from, int patience_ms)
{
    using std::chrono::steady_clock;
    auto const until = steady_clock::now() + std::chrono::milliseconds(patience_ms);
    std::string line;
    char part[4096];
    while (line.size() <= control_line_bytes_max)
    {
        auto const left =
            std::chrono::ceil<std::chrono::milliseconds>(until - steady_clock::now()).count();
        if (left <= 0 || !is_readable(from, static_cast<int>(left)))
            return std::nullopt;
        ssize_t const count = ::recv(from, part, sizeof part, 0);
        if (count <= 0)
            return std::nullopt;
        line.append(part, static_cast<std::size_t>(count));
        if (line.ends_with('\n'))
            return line.substr(0, line.size() - 1);
    }
    return std::nullopt;
}

bool write_line(int to, std::string line)
{
    line += '\n';
    std::string_view left = line;
    while (!left.empty())
    {
        ssize_t const count = ::send(to, left.data(), left.size(), MSG_NOSIGNAL);
        if (count <= 0)
            return false;
        left.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
}

}  // namespace

struct control_server::state
{
    descriptor listens;
    descriptor ends;
    std::function<control_reply(control_request const&)> carry_out;
    std::filesystem::path file;
    std::thread thread;

    void run()
    {
        while (true)
        {
            pollfd waits[] = {{.fd = listens.number(), .events = POLLIN, .revents = 0},
                              {.fd = ends.number(), .events = POLLIN, .revents = 0}};
            int const ready = ::poll(waits, 2, -1);
            if (ready < 0 && errno == EINTR)
                continue;
            if (ready < 0 || waits[1].revents != 0)
                return;
            descriptor const client(::accept4(listens.number(), nullptr, nullptr, SOCK_CLOEXEC));
            if (client)
                serve(client.number());
        }
    }

    void serve(int client)
    {
        std::optional<std::string> const line = read_line(client, control_request_ms_max);
        if (!line)
            return;
        // Nor does one that asks and does not read keep the others waiting.
        timeval const patience{.tv_sec = control_request_ms_max / 1000,
                               .tv_usec = control_request_ms_max % 1000 * 1000};
        ::setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &patience, sizeof patience);
        write_line(client, json::to_text(answer(*line)));
    }

    control_reply answer(std::string const& line)
    {
        result<control_request> const request = json::parse<control_request>(line);
        if (!request)
            return {.done = false, .text = request.error().message};
        try
        {
            return carry_out(*request);
        }
        catch (std::exception const& failed)
        {
            log_error("control_failed", {{"verb", request->verb}, {"reason", failed.what()}});
            return {.done = false, .text = failed.what()};
        }
    }
};

control_server::control_server(std::filesystem::path const& data_dir,
                               std::function<control_reply(control_request const&)> carry_out)
    : state_(std::make_unique<state>())
{
    state_->carry_out = std::move(carry_out);
    state_->ends = descriptor(::eventfd(0, EFD_CLOEXEC));
    state_->listens = descriptor(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));

    // The data folder's lock is ours, so a socket file that is there was left by a process that is
    // gone.
    std::filesystem::path const& file = state_->file = data_dir / "control.sock";
    ::unlink(file.c_str());
    descriptor const folder = open_folder(data_dir);
    sockaddr_un const address = address_in(folder);
    mode_t const before = ::umask(S_IXUSR | S_IRWXG | S_IRWXO);
    int const bound = ::bind(state_->listens.number(), reinterpret_cast<sockaddr const*>(&address),
                             sizeof address);
    ::umask(before);
    if (bound != 0 || ::listen(state_->listens.number(), 8) != 0)
        throw outage(fmt::format("{}: {}", file.string(), std::strerror(errno)));
    state_->thread = std::thread(&state::run, state_.get());
}

control_server::~control_server()
{
    std::uint64_t const one = 1;
    while (::write(state_->ends.number(), &one, sizeof one) < 0 && errno == EINTR)
        continue;
    state_->thread.join();
    ::unlink(state_->file.c_str());  // The lock is still ours, so it is nobody else's by now.
}

std::optional<result<control_reply>> ask_running_process(std::filesystem::path const& data_dir,
                                                         control_request const& request)
{
    descriptor const folder = open_folder(data_dir);
    descriptor const client(::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    if (!folder || !client)
        return std::nullopt;
    sockaddr_un const address = address_in(folder);
    if (::connect(client.number(), reinterpret_cast<sockaddr const*>(&address), sizeof address) !=
        0)
        return std::nullopt;

    error const silent{error_kind::unavailable, "control.silent",
                       "The running process did not answer; look at its log"};
    if (!write_line(client.number(), json::to_text(request)))
        return silent;
    std::optional<std::string> const line = read_line(client.number(), answer_patience_ms);
    if (!line)
        return silent;
    return json::parse<control_reply>(*line);
}

}  // namespace mc

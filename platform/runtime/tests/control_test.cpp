#include <doctest/doctest.h>

#include <stdexcept>

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "platform/runtime/control.hpp"
#include "platform/runtime/tests/fixture.hpp"

using namespace mc;
using namespace mc::runtime_test;

namespace
{

control_reply echoed(control_request const& request)
{
    std::string said = request.service + " " + request.verb;
    for (std::string const& argument : request.arguments)
        said += " [" + argument + "]";
    return {.done = true, .text = said};
}

result<control_reply> ask(std::filesystem::path const& folder, control_request const& request)
{
    std::optional<result<control_reply>> const reply = ask_running_process(folder, request);
    REQUIRE(reply);
    return *reply;
}

int connected_to(std::filesystem::path const& folder)
{
    int const client = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_un address{};
    address.sun_family = AF_UNIX;
    std::string const file = (folder / "control.sock").string();
    REQUIRE(file.size() < sizeof address.sun_path);
    file.copy(address.sun_path, file.size());
    REQUIRE(::connect(client, reinterpret_cast<sockaddr const*>(&address), sizeof address) == 0);
    return client;
}

// Sends these bytes and gives back what comes before the connection is closed.
std::string raw_answer(std::filesystem::path const& folder, std::string_view bytes)
{
    int const client = connected_to(folder);
    (void)::send(client, bytes.data(), bytes.size(), MSG_NOSIGNAL);
    ::shutdown(client, SHUT_WR);
    std::string answer;
    char part[4096];
    for (ssize_t count = 0; (count = ::recv(client, part, sizeof part, 0)) > 0;)
        answer.append(part, static_cast<std::size_t>(count));
    ::close(client);
    return answer;
}

}  // namespace

TEST_CASE("control: the socket file goes with the process that made it")
{
    temporary_folder folder;
    {
        control_server const serves(folder.path(), echoed);
        CHECK(std::filesystem::exists(folder / "control.sock"));
    }
    CHECK_FALSE(std::filesystem::exists(folder / "control.sock"));
}

TEST_CASE("control: a request reaches the process that holds the folder, and its reply comes back")
{
    temporary_folder folder;
    control_server const serves(folder.path(), echoed);
    result<control_reply> const reply =
        ask(folder.path(), {"user", "create-admin", {"Zoë 张", "two\nlines", ""}});
    REQUIRE(reply);
    CHECK(reply->done);
    CHECK(reply->text == "user create-admin [Zoë 张] [two\nlines] []");
    for (int n = 0; n < 20; ++n)
        CHECK(ask(folder.path(), {"host", fmt::format("verb-{}", n), {}})->text ==
              fmt::format("host verb-{}", n));
}

TEST_CASE("control: only the owner of the folder can talk to it")
{
    temporary_folder folder;
    control_server const serves(folder.path(), echoed);
    CHECK(mode_of(folder / "control.sock") == 0600);
}

TEST_CASE("control: where no process listens there is nobody to ask")
{
    temporary_folder folder;
    CHECK(!ask_running_process(folder.path(), {"host", "status", {}}));
    CHECK(!ask_running_process(folder / "none", {"host", "status", {}}));
    {
        control_server const serves(folder.path(), echoed);
        CHECK(ask_running_process(folder.path(), {"host", "status", {}}));
    }
    CHECK(!ask_running_process(folder.path(), {"host", "status", {}}));
}

TEST_CASE("control: the socket of a process that is gone is in nobody's way")
{
    temporary_folder folder;
    folder.write("control.sock", "left behind");
    control_server const serves(folder.path(), echoed);
    CHECK(ask(folder.path(), {"host", "status", {}})->done);
}

TEST_CASE("control: a refusal and a failure are replies, and the next request is served")
{
    temporary_folder folder;
    control_server const serves(folder.path(),
                                [](control_request const& request) -> control_reply
                                {
                                    if (request.verb == "throw")
                                        throw std::runtime_error("it went wrong");
                                    return {.done = false, .text = "no such " + request.verb};
                                });
    result<control_reply> const refused = ask(folder.path(), {"user", "dance", {}});
    REQUIRE(refused);
    CHECK(!refused->done);
    CHECK(refused->text == "no such dance");
    result<control_reply> const failed = ask(folder.path(), {"user", "throw", {}});
    REQUIRE(failed);
    CHECK(!failed->done);
    CHECK(failed->text == "it went wrong");
    CHECK(ask(folder.path(), {"user", "dance", {}}).has_value());
}

TEST_CASE("control: what is no request is answered with why, or not at all, and harms nobody")
{
    temporary_folder folder;
    control_server const serves(folder.path(), echoed);
    CHECK(raw_answer(folder.path(), "nonsense\n") ==
          "{\"done\":false,\"text\":\"Invalid JSON body\"}\n");
    CHECK(raw_answer(folder.path(), "{\"service\":\"user\"}\n").starts_with("{\"done\":false,"));
    CHECK(raw_answer(folder.path(), "no end of line").empty());
    CHECK(raw_answer(folder.path(), "").empty());
    CHECK(raw_answer(folder.path(), std::string(control_line_bytes_max + 8192, 'x')).empty());
    CHECK(ask(folder.path(), {"host", "status", {}})->done);
}

TEST_CASE("control: a long argument is carried whole, one beyond the limit is not answered")
{
    temporary_folder folder;
    control_server const serves(folder.path(), echoed);
    std::string const long_text(control_line_bytes_max - 1000, 'x');
    CHECK(ask(folder.path(), {"host", "echo", {long_text}})->text ==
          "host echo [" + long_text + "]");
    result<control_reply> const beyond =
        ask(folder.path(), {"host", "echo", {std::string(control_line_bytes_max + 8192, 'x')}});
    REQUIRE(!beyond);
    CHECK(beyond.error().message == "The running process did not answer; look at its log");
    CHECK(ask(folder.path(), {"host", "status", {}})->done);
}

TEST_CASE("control: a data folder with a long name works like any other")
{
    temporary_folder folder;
    std::filesystem::path const deep =
        folder.path() / std::string(120, 'a') / std::string(120, 'b');
    std::filesystem::create_directories(deep);
    control_server const serves(deep, echoed);
    CHECK(ask(deep, {"host", "status", {}})->text == "host status");
}

TEST_CASE("control: who connects and says nothing, or too little, is hung up on before long")
{
    temporary_folder folder;
    control_server const serves(folder.path(), echoed);
    for (std::string_view const said : {"", "{\"service\":"})
    {
        CAPTURE(said);
        int const silent = connected_to(folder.path());
        (void)::send(silent, said.data(), said.size(), MSG_NOSIGNAL);
        auto const began = std::chrono::steady_clock::now();
        CHECK(ask(folder.path(), {.service = "user", .verb = "list", .arguments = {}})->text ==
              "user list");
        auto const took = std::chrono::steady_clock::now() - began;
        // Nine such peers in a row would not make it as long as one was once waited for.
        CHECK(took < std::chrono::milliseconds{10 * control_request_ms_max});
        char byte = 0;
        CHECK(::recv(silent, &byte, 1, 0) == 0);
        ::close(silent);
    }
}

TEST_CASE("control: a line that comes in pieces, but in time, is answered")
{
    temporary_folder folder;
    control_server const serves(folder.path(), echoed);
    int const client = connected_to(folder.path());
    for (std::string_view const piece :
         {R"({"service":"user",)", R"("verb":"list",)", R"("arguments":[]})", "\n"})
        REQUIRE(::send(client, piece.data(), piece.size(), MSG_NOSIGNAL) > 0);
    char part[256];
    ssize_t const count = ::recv(client, part, sizeof part, 0);
    REQUIRE(count > 0);
    CHECK(std::string_view(part, static_cast<std::size_t>(count)).contains("user list"));
    ::close(client);
}

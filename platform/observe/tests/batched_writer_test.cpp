#include <array>
#include <atomic>
#include <csignal>
#include <future>
#include <string>

#include <fcntl.h>
#include <unistd.h>

#include <doctest/doctest.h>

#include "platform/observe/batched_writer.hpp"

using namespace mc;
using namespace std::chrono_literals;
using enum batched_writer::urgency;

namespace
{

struct pipe_pair
{
    pipe_pair() { REQUIRE(::pipe(ends.data()) == 0); }
    ~pipe_pair()
    {
        close_end(0);
        close_end(1);
    }
    void close_end(std::size_t which)
    {
        if (ends[which] >= 0)
            ::close(ends[which]);
        ends[which] = -1;
    }
    // Blocks until `size` bytes have come.
    std::string read_exactly(std::size_t size)
    {
        std::string read(size, '\0');
        for (std::size_t at = 0; at < size;)
        {
            ssize_t const got = ::read(ends[0], read.data() + at, size - at);
            REQUIRE(got > 0);
            at += static_cast<std::size_t>(got);
        }
        return read;
    }
    std::array<int, 2> ends{};
};

}  // namespace

TEST_CASE("batched_writer: urgent text is written at once, with what came before it")
{
    pipe_pair pipe;
    batched_writer writer({.descriptor = pipe.ends[1], .write_interval = 1h});
    writer.append("first\n", relaxed);
    writer.append("second\n", at_once);
    CHECK(pipe.read_exactly(13) == "first\nsecond\n");
}

TEST_CASE("batched_writer: relaxed text comes by itself after the interval")
{
    pipe_pair pipe;
    batched_writer writer({.descriptor = pipe.ends[1], .write_interval = 1ms});
    writer.append("calm\n", relaxed);
    CHECK(pipe.read_exactly(5) == "calm\n");
}

TEST_CASE("batched_writer: flush returns when everything before it is written")
{
    pipe_pair pipe;
    ::fcntl(pipe.ends[0], F_SETFL, O_NONBLOCK);
    batched_writer writer({.descriptor = pipe.ends[1], .write_interval = 1h});
    writer.append("text", relaxed);
    writer.flush();
    std::array<char, 16> got{};
    CHECK(::read(pipe.ends[0], got.data(), got.size()) == 4);
}

TEST_CASE("batched_writer: stop writes what is left")
{
    pipe_pair pipe;
    batched_writer writer({.descriptor = pipe.ends[1], .write_interval = 1h});
    writer.append("last words", relaxed);
    writer.stop();
    CHECK(pipe.read_exactly(10) == "last words");
}

TEST_CASE("batched_writer: nobody waits for a stuck reader; what is too much is dropped and told")
{
    pipe_pair pipe;
    std::promise<std::uint64_t> told;
    std::atomic<bool> was_told{false};
    constexpr std::size_t limit = 64 * 1024;
    std::string const block(limit / 4, 'x');
    {
        batched_writer writer({.descriptor = pipe.ends[1],
                               .pending_bytes_max = limit,
                               .write_interval = 1ms,
                               .flush_wait_max = 50ms,
                               .on_dropped = [&](std::uint64_t dropped)
                               {
                                   if (!was_told.exchange(true))
                                       told.set_value(dropped);
                               }});
        // The pipe holds 64 KiB and one batch is in the writer's hands; these are three times all
        // that.
        for (int i = 0; i < 32; ++i)
            writer.append(block, at_once);

        // The reader wakes up: the log goes on, and says that something is missing.
        std::promise<void> stop_reading;
        std::thread reader(
            [&]
            {
                std::array<char, 4096> got{};
                while (::read(pipe.ends[0], got.data(), got.size()) > 0)
                    ;
            });
        std::future<std::uint64_t> dropped = told.get_future();
        writer.append("again\n", at_once);
        CHECK(dropped.get() >= 1);
        writer.stop();
        pipe.close_end(1);
        reader.join();
    }
}

TEST_CASE("batched_writer: a stuck reader does not hold up the end of the process")
{
    pipe_pair pipe;
    batched_writer writer(
        {.descriptor = pipe.ends[1], .write_interval = 1ms, .flush_wait_max = 50ms});
    writer.append(std::string(512 * 1024, 'x'), at_once);
    std::chrono::steady_clock::time_point const begin = std::chrono::steady_clock::now();
    writer.flush();
    writer.stop();
    CHECK(std::chrono::steady_clock::now() - begin < 30s);
}

TEST_CASE("batched_writer: a closed reader ends nothing but the output")
{
    std::signal(SIGPIPE, SIG_IGN);
    pipe_pair pipe;
    pipe.close_end(0);
    batched_writer writer({.descriptor = pipe.ends[1], .write_interval = 1ms});
    writer.append("nobody reads this", at_once);
    writer.flush();
    writer.append("nor this", at_once);
    writer.flush();
    CHECK(true);
}

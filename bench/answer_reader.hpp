#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace mc::bench
{

// Reads one HTTP/1.1 answer after another from a connection, as little of it as a load generator
// must know: status, Content-Length, Connection. One request is in flight at a time, so bytes after
// an answer are an error. Chunked answers are refused: nothing that is measured sends them.
class answer_reader
{
public:
    // Heads longer than this are refused.
    static constexpr std::size_t buffer_bytes = 16 * 1024;

    enum class progress
    {
        incomplete,
        complete,
        broken,
    };

    answer_reader() : buffer_(buffer_bytes) {}

    // Where the next bytes belong; never empty.
    std::span<char> space() noexcept;

    // Says that `count` bytes were written into `space()`.
    progress received(std::size_t count) noexcept;

    // Forgets the answer and makes ready for the next.
    void reset() noexcept;

    int status() const noexcept { return status_; }
    std::uint64_t bytes() const noexcept { return bytes_; }
    bool closes() const noexcept { return closes_; }

    // The start of the body, for reports of answers nobody expected: as much of it as is in the
    // buffer.
    std::string_view body_start() const noexcept;

private:
    bool read_head() noexcept;
    bool read_line(std::string_view line) noexcept;

    std::vector<char> buffer_;
    std::size_t used_ = 0;
    std::size_t line_start_ = 0;
    std::size_t head_bytes_ = 0;  // 0 until the blank line has come.
    std::uint64_t body_left_ = 0;
    std::uint64_t bytes_ = 0;
    int status_ = 0;
    bool has_length_ = false;
    bool broken_ = false;
    bool closes_ = false;
};

}  // namespace mc::bench

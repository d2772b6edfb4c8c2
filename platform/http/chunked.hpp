#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/http/refused.hpp"

namespace mc::http
{

inline constexpr std::size_t chunk_line_bytes_max = 256;  // A chunk's size with its extensions.
inline constexpr std::size_t trailer_bytes_max = 4096;    // All of them.

// A chunked body, RFC 9112 §7.1, as it arrives: only CRLF ends a line, a size is hex digits alone.
// Extensions are checked and dropped, and so are trailers: nothing that comes after the head may
// change it.
class chunked_reader
{
public:
    enum class found
    {
        more,
        all,
        refused
    };

    explicit chunked_reader(std::size_t body_max) noexcept : body_max_(body_max) {}

    // Takes what it can of `bytes`, appends data to `body`, and adds what it took to `taken`. Over
    // body_max: 413.
    found read(std::string_view bytes, std::string& body, std::size_t& taken);
    refused const& why() const noexcept { return *why_; }

private:
    enum class part
    {
        size_line,
        data,
        data_end,
        trailer
    };

    std::optional<std::string_view> take_line(std::string_view bytes, std::size_t& taken,
                                              std::size_t longest);
    bool take_size(std::string_view line);
    bool take_trailer(std::string_view line);
    found refuse(std::string_view message);

    std::size_t body_max_;
    part at_ = part::size_line;
    std::uint64_t left_ = 0;  // Of the chunk.
    std::size_t trailers_ = 0;
    std::string line_;  // Of one that came in pieces.
    std::optional<refused> why_;
};

}  // namespace mc::http

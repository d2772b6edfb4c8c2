#include "platform/http/content.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>
#include <zlib.h>

namespace mc::http
{

namespace
{

std::string with_case(std::string_view text, char from, char to)
{
    std::string made(text);
    for (char& c : made)
        if (c >= from && c <= to)
            c = static_cast<char>(c ^ 0x20);
    return made;
}

refused corrupt() { return {400, "request.content_encoding", "Corrupt compressed body"}; }

refused too_large() { return {413, "request.too_large", "request entity too large"}; }

// zlib's stream, ended whatever happens.
class inflater
{
public:
    explicit inflater(int window_bits)
    {
        if (inflateInit2(&stream_, window_bits) != Z_OK)
            throw std::runtime_error("zlib does not start");
    }
    ~inflater() { inflateEnd(&stream_); }
    inflater(inflater const&) = delete;
    inflater& operator=(inflater const&) = delete;

    std::optional<refused> run(std::string& packed, std::string& unpacked, std::size_t body_max)
    {
        std::array<char, 16 * 1024> room;
        stream_.next_in = reinterpret_cast<Bytef*>(packed.data());
        stream_.avail_in = static_cast<uInt>(packed.size());
        int state = Z_OK;
        while (state != Z_STREAM_END)
        {
            stream_.next_out = reinterpret_cast<Bytef*>(room.data());
            stream_.avail_out = static_cast<uInt>(room.size());
            state = inflate(&stream_, Z_NO_FLUSH);
            std::size_t const made = room.size() - stream_.avail_out;
            if (state != Z_OK && state != Z_STREAM_END)
                return corrupt();
            if (made > body_max - unpacked.size())
                return too_large();
            unpacked.append(room.data(), made);
        }
        return stream_.avail_in == 0 ? std::nullopt : std::optional<refused>(corrupt());
    }

private:
    z_stream stream_ = {};
};

}  // namespace

std::optional<refused> check_content_type(std::string_view content_type)
{
    std::size_t const semicolon = content_type.find(';');
    if (!equal_ignoring_case(without_blanks(content_type.substr(0, semicolon)), "application/json"))
        return refused{415, "request.content_type", "Content-Type must be application/json"};
    std::string_view rest =
        semicolon == std::string_view::npos ? "" : content_type.substr(semicolon + 1);
    while (!rest.empty())
    {
        std::size_t const next = rest.find(';');
        std::string_view const parameter = without_blanks(rest.substr(0, next));
        rest.remove_prefix(next == std::string_view::npos ? rest.size() : next + 1);
        std::size_t const equals = parameter.find('=');
        if (equals == std::string_view::npos ||
            !equal_ignoring_case(parameter.substr(0, equals), "charset"))
            continue;
        std::string_view charset = parameter.substr(equals + 1);
        if (charset.size() >= 2 && charset.front() == '"' && charset.back() == '"')
            charset = charset.substr(1, charset.size() - 2);
        if (!equal_ignoring_case(charset, "utf-8"))
            return refused{415, "request.charset",
                           fmt::format("unsupported charset \"{}\"", with_case(charset, 'a', 'z'))};
    }
    return std::nullopt;
}

bool is_identity(std::string_view encoding) noexcept
{
    return encoding.empty() || equal_ignoring_case(encoding, "identity");
}

std::optional<refused> decode_content(std::string_view encoding, std::string& body,
                                      std::size_t body_max)
{
    if (is_identity(encoding))
        return std::nullopt;
    bool const gzip =
        equal_ignoring_case(encoding, "gzip") || equal_ignoring_case(encoding, "x-gzip");
    if (!gzip && !equal_ignoring_case(encoding, "deflate"))
        return refused{
            415, "request.content_encoding",
            fmt::format("unsupported content encoding \"{}\"", with_case(encoding, 'A', 'Z'))};
    std::string unpacked;
    inflater stream(gzip ? MAX_WBITS + 16 : MAX_WBITS);
    std::optional<refused> why = stream.run(body, unpacked, body_max);
    if (!why)
        body = std::move(unpacked);
    return why;
}

}  // namespace mc::http

#include "platform/http/chunked.hpp"

#include <algorithm>

#include "platform/http/head.hpp"
#include "platform/http/target.hpp"

namespace mc::http
{

chunked_reader::found chunked_reader::refuse(std::string_view message)
{
    why_ = refused{400, "request.malformed", std::string(message)};
    return found::refused;
}

// A line without its CRLF, once it is whole. Sets why_ when it is too long or ends otherwise.
std::optional<std::string_view> chunked_reader::take_line(std::string_view bytes,
                                                          std::size_t& taken, std::size_t longest)
{
    std::string_view const rest = bytes.substr(taken);
    std::size_t const feed = rest.find('\n');
    std::size_t const length = feed == std::string_view::npos ? rest.size() : feed + 1;
    if (line_.size() + length > longest + 2)
    {
        refuse("Chunk line too long");
        return std::nullopt;
    }
    line_.append(rest.substr(0, length));
    taken += length;
    if (feed == std::string_view::npos)
        return std::nullopt;
    if (line_.size() < 2 || line_[line_.size() - 2] != '\r')
    {
        refuse("Line without a carriage return");
        return std::nullopt;
    }
    return std::string_view(line_).substr(0, line_.size() - 2);
}

bool chunked_reader::take_size(std::string_view line)
{
    std::size_t digits = 0;
    std::uint64_t size = 0;
    while (digits < line.size() && hex_value(line[digits]) >= 0)
    {
        if (size > (UINT64_MAX >> 4))
            return false;
        size = size * 16 + static_cast<std::uint64_t>(hex_value(line[digits++]));
    }
    std::string_view const extension = line.substr(digits);
    if (digits == 0 || (!extension.empty() && extension.front() != ';') ||
        !is_field_value(extension))
        return false;
    left_ = size;
    return true;
}

bool chunked_reader::take_trailer(std::string_view line)
{
    trailers_ += line.size() + 2;
    std::size_t const colon = line.find(':');
    return trailers_ <= trailer_bytes_max && colon != std::string_view::npos &&
           is_token(line.substr(0, colon)) && is_field_value(line.substr(colon + 1));
}

chunked_reader::found chunked_reader::read(std::string_view bytes, std::string& body,
                                           std::size_t& taken)
{
    while (taken < bytes.size())
    {
        if (at_ == part::data)
        {
            std::size_t const count =
                static_cast<std::size_t>(std::min<std::uint64_t>(left_, bytes.size() - taken));
            body.append(bytes.substr(taken, count));
            taken += count;
            left_ -= count;
            if (left_ == 0)
                at_ = part::data_end;
            continue;
        }
        std::size_t const longest = at_ == part::size_line  ? chunk_line_bytes_max
                                    : at_ == part::data_end ? 0
                                                            : trailer_bytes_max;
        std::optional<std::string_view> const line = take_line(bytes, taken, longest);
        if (why_)
            return found::refused;
        if (!line)
            return found::more;
        if (at_ == part::size_line)
        {
            if (!take_size(*line))
                return refuse("Malformed chunk size");
            if (left_ > body_max_ - std::min(body_max_, body.size()))
            {
                why_ = refused{413, "request.too_large", "request entity too large"};
                return found::refused;
            }
            at_ = left_ > 0 ? part::data : part::trailer;
        }
        else if (at_ == part::data_end)
            at_ = part::size_line;
        else if (line->empty())
            return found::all;
        else if (!take_trailer(*line))
            return refuse("Malformed trailer");
        line_.clear();
    }
    return found::more;
}

}  // namespace mc::http

#include "platform/runtime/setting_value.hpp"

#include <algorithm>
#include <charconv>

#include <boost/url/parse.hpp>
#include <boost/url/url_view.hpp>
#include <fmt/format.h>

#include "platform/auth/tokens.hpp"
#include "platform/http/address.hpp"

namespace mc
{
namespace
{

bool is_word_of(std::string_view words, std::string_view word)
{
    while (!words.empty())
    {
        std::size_t const comma = words.find(',');
        if (words.substr(0, comma) == word)
            return true;
        words = comma == std::string_view::npos ? std::string_view{} : words.substr(comma + 1);
    }
    return false;
}

enum class tls
{
    refused,
    allowed
};

bool is_root_url(std::string_view text, tls encrypted)
{
    auto const parsed = boost::urls::parse_uri(text);
    if (!parsed)
        return false;
    bool const scheme_ok =
        parsed->scheme() == "http" || (parsed->scheme() == "https" && encrypted == tls::allowed);
    bool const path_ok = parsed->encoded_path().empty() || parsed->encoded_path() == "/";
    return scheme_ok && path_ok && !parsed->host().empty() && !parsed->has_userinfo() &&
           !parsed->has_query() && !parsed->has_fragment();
}

std::optional<std::string> complaint_of_addresses(std::string_view text)
try
{
    http::trusted_proxies const understood(comma_separated(text));
    return std::nullopt;
}
catch (std::invalid_argument const& why)
{
    return fmt::format("holds something else than addresses: {}", why.what());
}

// What weakness_of_key says, without the name that the caller puts before it.
std::optional<std::string> complaint_of_key(std::string_view text)
{
    std::optional<std::string> weak = weakness_of_key(secret(std::string(text)), "");
    if (weak)
        weak->erase(0, 1);
    return weak;
}

}  // namespace

std::optional<std::int64_t> whole_number(std::string_view text)
{
    std::int64_t number = 0;
    char const* const end = text.data() + text.size();
    std::from_chars_result const read = std::from_chars(text.data(), end, number);
    if (text.empty() || read.ec != std::errc{} || read.ptr != end)
        return std::nullopt;
    return number;
}

std::optional<std::string> complaint_about(setting const& known, std::string_view text)
{
    switch (known.kind)
    {
    case setting_kind::address_list: return complaint_of_addresses(text);
    case setting_kind::listen_place:
        if (http::listen_address(text))
            return std::nullopt;
        return fmt::format("must be an IP address of this machine or localhost, not \"{}\"", text);
    case setting_kind::signing_key: return complaint_of_key(text);
    case setting_kind::text:
    case setting_kind::secret:
    case setting_kind::ignored:     return std::nullopt;
    case setting_kind::unavailable: return std::string(known.meaning);
    case setting_kind::whole_number:
    case setting_kind::duration_ms:
    {
        std::optional<std::int64_t> const number = whole_number(text);
        if (number && *number >= known.least && *number <= known.most)
            return std::nullopt;
        return fmt::format("must be a whole number from {} to {}, not \"{}\"", known.least,
                           known.most, text);
    }
    case setting_kind::word:
        if (is_word_of(known.words, text))
            return std::nullopt;
        return fmt::format("must be one of {}, not \"{}\"", known.words, text);
    case setting_kind::url:
        if (is_root_url(text, tls::allowed))
            return std::nullopt;
        return fmt::format("must be http(s)://host[:port], not \"{}\"", text);
    case setting_kind::service_url:
        if (is_root_url(text, tls::refused))
            return std::nullopt;
        return fmt::format("must be http://host[:port], not \"{}\"; services call each other "
                           "without TLS",
                           text);
    }
    return std::nullopt;
}

}  // namespace mc

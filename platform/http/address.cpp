#include "platform/http/address.hpp"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <stdexcept>

#include <boost/asio/ip/address_v6.hpp>
#include <fmt/format.h>

#include "platform/http/head.hpp"

namespace mc::http
{

namespace
{

namespace ip = boost::asio::ip;

ip::address_v6::bytes_type v6_bytes(ip::address const& of) noexcept
{
    return of.is_v4() ? ip::make_address_v6(ip::v4_mapped, of.to_v4()).to_bytes()
                      : of.to_v6().to_bytes();
}

std::optional<ip::address> parse_address(std::string_view text)
{
    boost::system::error_code failed;
    ip::address const parsed = ip::make_address(text, failed);
    return failed ? std::nullopt : std::optional<ip::address>(parsed);
}

// "203.0.113.9", "203.0.113.9:4711", "2001:db8::1", "[2001:db8::1]:4711".
std::optional<ip::address> parse_forwarded(std::string_view text)
{
    if (text.starts_with('['))
        return parse_address(text.substr(1, text.find(']') - 1));
    if (std::count(text.begin(), text.end(), ':') == 1)
        return parse_address(text.substr(0, text.find(':')));
    return parse_address(text);
}

}  // namespace

ip::address plain(ip::address const& of)
{
    if (of.is_v6() && of.to_v6().is_v4_mapped())
        return ip::make_address_v4(ip::v4_mapped, of.to_v6());
    return of;
}

address_key limit_key_of(ip::address const& of) noexcept
{
    ip::address_v6::bytes_type const bytes = v6_bytes(of);
    bool const v4 = of.is_v4() || of.to_v6().is_v4_mapped();
    address_key key;
    std::copy_n(bytes.begin(), v4 ? 16 : 8, key.bytes.begin());
    return key;
}

std::size_t address_key_hash::operator()(address_key const& key) const noexcept
{
    return std::hash<std::string_view>{}(
        {reinterpret_cast<char const*>(key.bytes.data()), key.bytes.size()});
}

std::optional<ip::address> listen_address(std::string_view host)
{
    if (host.empty())
        return ip::address(ip::address_v6::any());
    if (host == "localhost")
        return ip::address(ip::address_v4::loopback());
    return parse_address(host);
}

trusted_proxies::trusted_proxies(std::vector<std::string> const& blocks)
{
    for (std::string const& text : blocks)
    {
        std::size_t const slash = text.find('/');
        std::optional<ip::address> const address =
            parse_address(std::string_view(text).substr(0, slash));
        unsigned bits = address && address->is_v4() ? 32 : 128;
        unsigned const most = bits;
        if (slash != std::string::npos)
        {
            char const* const end = text.data() + text.size();
            auto const [stopped, failed] = std::from_chars(text.data() + slash + 1, end, bits);
            if (failed != std::errc{} || stopped != end)
                bits = most + 1;
        }
        if (!address || bits > most)
            throw std::invalid_argument(
                fmt::format("'{}' is neither an address nor a block like 10.0.0.0/8", text));
        ip::address_v6::bytes_type const bytes = v6_bytes(*address);
        block made{{}, bits + (128 - most)};
        std::copy(bytes.begin(), bytes.end(), made.bytes.begin());
        blocks_.push_back(made);
    }
}

bool trusted_proxies::trusts(ip::address const& peer) const noexcept
{
    ip::address_v6::bytes_type const bytes = v6_bytes(peer);
    return std::any_of(blocks_.begin(), blocks_.end(),
                       [&](block const& in)
                       {
                           unsigned const whole = in.bits / 8;
                           unsigned const rest = in.bits % 8;
                           if (std::memcmp(bytes.data(), in.bytes.data(), whole) != 0)
                               return false;
                           return rest == 0 ||
                                  ((bytes[whole] ^ in.bytes[whole]) >> (8 - rest)) == 0;
                       });
}

ip::address trusted_proxies::client_of(ip::address const& peer,
                                       std::string_view forwarded_for) const
{
    ip::address nearest = peer;
    while (!blocks_.empty() && !forwarded_for.empty() && trusts(nearest))
    {
        std::size_t const comma = forwarded_for.rfind(',');
        std::size_t const start = comma == std::string_view::npos ? 0 : comma + 1;
        std::string_view const word = without_blanks(forwarded_for.substr(start));
        forwarded_for = forwarded_for.substr(0, comma == std::string_view::npos ? 0 : comma);
        if (word.empty())
            continue;
        std::optional<ip::address> const said = parse_forwarded(word);
        if (!said)
            break;
        nearest = plain(*said);
    }
    return nearest;
}

}  // namespace mc::http

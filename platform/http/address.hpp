#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <boost/asio/ip/address.hpp>

namespace mc::http
{

// Whom limits count: an IPv4 address, or the /64 an IPv6 address is in, since that is what one
// household gets.
struct address_key
{
    std::array<unsigned char, 16> bytes = {};
    friend bool operator==(address_key const&, address_key const&) noexcept = default;
};
address_key limit_key_of(boost::asio::ip::address const& of) noexcept;

struct address_key_hash
{
    std::size_t operator()(address_key const& key) const noexcept;
};

// An IPv4 address that came as ::ffff:a.b.c.d is that IPv4 address.
boost::asio::ip::address plain(boost::asio::ip::address const& of);

// Where HOST says to listen: an address, every one when it is empty, the IPv4 loopback for
// "localhost". Nothing: it is none we can bind to.
std::optional<boost::asio::ip::address> listen_address(std::string_view host);

// The proxies in front of us, whose word about the client's address is believed.
class trusted_proxies
{
public:
    // Addresses ("10.0.0.7") and blocks ("10.0.0.0/8", "fd00::/8"); std::invalid_argument names
    // what is neither.
    explicit trusted_proxies(std::vector<std::string> const& blocks);

    bool trusts(boost::asio::ip::address const& peer) const noexcept;
    // Of a trusted peer the rightmost address of X-Forwarded-For that is not itself a trusted
    // proxy, else the peer. What stands further left is the client's own invention. Empty places
    // of the list are passed over (RFC 9110 §5.6.1).
    boost::asio::ip::address client_of(boost::asio::ip::address const& peer,
                                       std::string_view forwarded_for) const;

private:
    struct block
    {
        std::array<unsigned char, 16> bytes;  // IPv4 as ::ffff:a.b.c.d.
        unsigned bits;
    };
    std::vector<block> blocks_;
};

}  // namespace mc::http

#pragma once

#include <memory>
#include <string>

#include "contracts/ids.hpp"
#include "platform/core/awaitable.hpp"
#include "platform/core/id.hpp"
#include "platform/core/result.hpp"
#include "platform/core/time.hpp"
#include "platform/http/client.hpp"

namespace mc::order_service
{

// The buyer's address book, asked of the user service with the buyer's own Authorization header.
class address_client
{
public:
    virtual ~address_client() = default;
    // One of the buyer's addresses as an order keeps it (order::ships_to). 404 when the buyer has
    // none of that number, whoever else may have. What else the user service refuses is refused in
    // its words; no answer in time, or one that is no address of that number, is 502, and 503 says
    // that it may be there in a moment.
    virtual awaitable<result<std::string>> copy_of(id_of<user> buyer, id_of<address> which,
                                                   std::string authorization) = 0;
};

// Bytes of a copy: more than six times what the longest address takes, and what a TEXT holds.
inline constexpr std::size_t address_bytes_max = 32'768;

std::unique_ptr<address_client> make_address_client(std::unique_ptr<http::service_client> to,
                                                    milliseconds timeout);

}  // namespace mc::order_service

#pragma once

#include <boost/asio/awaitable.hpp>

namespace mc
{

// What a coroutine of ours returns. Named functions with by-value parameters only.
template <class T = void>
using awaitable = boost::asio::awaitable<T>;

}  // namespace mc

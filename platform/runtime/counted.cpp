#include "platform/runtime/counted.hpp"

#include <atomic>
#include <memory>
#include <utility>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include "platform/core/error.hpp"

namespace mc
{
namespace
{

struct latest
{
    std::atomic<std::int64_t> count = 0;
    std::atomic<bool> is_being_counted = false;
};

awaitable<> count_anew(database& in, std::int64_t (*query)(snapshot&), std::shared_ptr<latest> into)
{
    try
    {
        std::int64_t const count = co_await in.read_long(query);
        into->count = count;
    }
    catch (outage const&)
    {
        // It stays what it was; that the database is away is said elsewhere.
    }
    into->is_being_counted = false;
}

}  // namespace

std::function<std::int64_t()> counted(database& in, std::int64_t (*query)(snapshot&),
                                      boost::asio::any_io_executor on)
{
    database* const from = &in;
    if (in.state())
        return [from, query] { return from->read_now(query); };
    std::shared_ptr<latest> const known = std::make_shared<latest>();
    return [from, query, known, on = std::move(on)]
    {
        if (!known->is_being_counted.exchange(true))
            boost::asio::co_spawn(on, count_anew(*from, query, known), boost::asio::detached);
        return known->count.load();
    };
}

}  // namespace mc

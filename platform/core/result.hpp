#pragma once

#include <iosfwd>
#include <string_view>
#include <utility>

#include <boost/system/result.hpp>

#include "platform/core/error.hpp"

namespace mc
{

// A T or an error. boost::system::result made [[nodiscard]] (Boost 1.81's is not): converts from a
// T and from an error, tests as a bool. Success of a result<> is `result<>{}`; never write `return
// {};` for a result<T>, which would be a default T.
template <class T = void>
class [[nodiscard]] result : public boost::system::result<T, error>
{
    using base = boost::system::result<T, error>;

public:
    using base::base;
    result(base&& from) noexcept(std::is_nothrow_move_constructible_v<base>) : base(std::move(from))
    {}
};

// For a failed CHECK in tests: the error's code and sentence. (boost's own prints the value, which
// most types of ours cannot.)
template <class Char, class Traits, class T>
std::basic_ostream<Char, Traits>& operator<<(std::basic_ostream<Char, Traits>& to,
                                             result<T> const& shown)
{
    if (shown.has_value())
        return to << "a value";
    error const failed = shown.error();
    return to << failed.code << ": " << failed.message;
}

template <class T>
inline constexpr bool is_result = false;
template <class T>
inline constexpr bool is_result<result<T>> = true;

}  // namespace mc

#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "platform/core/result.hpp"

namespace mc
{

// An ISO 4217 code that is in the list, with the number of its decimals (USD 2, JPY 0, KWD 3).
class currency
{
public:
    constexpr currency() noexcept = default;  // USD
    // Exactly three letters A–Z of an active ISO 4217 code, else nothing.
    static std::optional<currency> from(std::string_view code) noexcept;

    constexpr std::string_view code() const noexcept { return {code_, 3}; }
    constexpr int exponent() const noexcept { return exponent_; }
    friend constexpr bool operator==(currency const&, currency const&) noexcept = default;

private:
    char code_[3] = {'U', 'S', 'D'};
    std::int8_t exponent_ = 2;
};

// An amount in minor units (cents) of one currency. Never a double. Adding two currencies, or past
// int64, is refused by result; compare amounts only of one currency.
class money
{
public:
    constexpr money() noexcept = default;
    constexpr money(std::int64_t minor_units, currency of) noexcept
        : minor_(minor_units), currency_(of)
    {}

    constexpr std::int64_t minor() const noexcept { return minor_; }
    constexpr currency const& in() const noexcept { return currency_; }
    friend constexpr bool operator==(money const&, money const&) noexcept = default;

private:
    std::int64_t minor_ = 0;
    currency currency_;
};

// 9,999,999,999.99 in a two-decimal currency: the contract's highest price and total.
inline constexpr std::int64_t money_minor_max = 999'999'999'999;

result<money> add(money left, money right);  // invalid "money.mixed_currency", "money.too_large"
result<money> times(money unit, std::int64_t quantity);  // invalid "money.too_large"

// "19.99", "1000" (JPY), "-0.50": with exactly the currency's decimals.
std::string to_decimal(money amount);
// As JavaScript prints the number: 19.9, 20, 0.
std::string to_js_number(money amount);
// Minor units of a plain decimal ("19.99", "20", "19.9"): `-?[0-9]+(\.[0-9]+)?` with no more
// decimals than the currency has (further zeros are fine), within int64; else nothing.
std::optional<std::int64_t> parse_decimal(std::string_view digits, currency of) noexcept;

}  // namespace mc

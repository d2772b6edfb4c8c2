#include "platform/core/money.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include <fmt/format.h>

namespace mc
{

namespace
{

// ISO 4217 List One as of 2026 (kept by SIX for iso.org/iso-4217-currency-codes.html), by number of
// decimals: the active currencies and funds, so without the lev (BGN), which ended with 2025. Left
// out are those nobody can pay in: metals, accounting units (XDR, XAD …), XTS and XXX.
constexpr std::string_view no_decimals =
    "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF ";
constexpr std::string_view two_decimals =
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BMD BND BOB BOV BRL BSD BTN BWP "
    "BYN BZD CAD CDF CHE CHF CHW CNY COP COU CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB "
    "EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR ILS INR IRR JMD KES "
    "KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR "
    "MWK MXN MXV MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD "
    "RUB SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP "
    "TRY TTD TWD TZS UAH USD USN UYU UZS VED VES WST XCD XCG YER ZAR ZMW ZWG ";
constexpr std::string_view three_decimals = "BHD IQD JOD KWD LYD OMR TND ";
constexpr std::string_view four_decimals = "CLF UYW ";

// Three letters as one number, in their order: every row that is read looks its currency up.
constexpr std::uint32_t packed(std::string_view code) noexcept
{
    std::uint32_t number = 0;
    for (char const letter : code)
        number = number << 8U | static_cast<unsigned char>(letter);
    return number;
}

struct known_currency
{
    std::uint32_t code = 0;
    std::int8_t exponent = 0;
};

constexpr std::size_t currency_count =
    (no_decimals.size() + two_decimals.size() + three_decimals.size() + four_decimals.size()) / 4;

constexpr std::array<known_currency, currency_count> sorted_currencies()
{
    std::array<known_currency, currency_count> all;
    std::size_t count = 0;
    std::array<std::pair<std::string_view, std::int8_t>, 4> const lists{
        std::pair{no_decimals, std::int8_t{0}}, std::pair{two_decimals, std::int8_t{2}},
        std::pair{three_decimals, std::int8_t{3}}, std::pair{four_decimals, std::int8_t{4}}};
    for (std::pair<std::string_view, std::int8_t> const& list : lists)
        for (std::size_t at = 0; at < list.first.size(); at += 4)
            all[count++] = {packed(list.first.substr(at, 3)), list.second};
    std::ranges::sort(all, {}, &known_currency::code);
    return all;
}

constexpr std::array<known_currency, currency_count> currencies = sorted_currencies();

// Digits before and after the point, and the sign, of an amount's magnitude.
struct decimal_parts
{
    std::string_view sign;
    std::uint64_t whole;
    std::uint64_t fraction;
};

constexpr std::uint64_t power_of_ten(int exponent) noexcept
{
    std::uint64_t power = 1;
    for (int i = 0; i < exponent; ++i)
        power *= 10;
    return power;
}

decimal_parts parts_of(money amount) noexcept
{
    bool const negative = amount.minor() < 0;
    // Negated as unsigned: the magnitude of the lowest int64 does not fit into int64.
    std::uint64_t const bits = static_cast<std::uint64_t>(amount.minor());
    std::uint64_t const magnitude = negative ? 0 - bits : bits;
    std::uint64_t const unit = power_of_ten(amount.in().exponent());
    return {negative ? "-" : "", magnitude / unit, magnitude % unit};
}

error too_large() { return {error_kind::invalid, "money.too_large", "The amount is too large"}; }

}  // namespace

std::optional<currency> currency::from(std::string_view code) noexcept
{
    if (code.size() != 3)
        return std::nullopt;
    known_currency const* const found =
        std::ranges::lower_bound(currencies, packed(code), {}, &known_currency::code);
    if (found == currencies.end() || found->code != packed(code))
        return std::nullopt;
    currency made;
    std::ranges::copy(code, made.code_);
    made.exponent_ = found->exponent;
    return made;
}

result<money> add(money left, money right)
{
    if (left.in() != right.in())
        return error{error_kind::invalid, "money.mixed_currency",
                     fmt::format("Amounts in {} and {} cannot be added", left.in().code(),
                                 right.in().code())};
    std::int64_t sum = 0;
    if (__builtin_add_overflow(left.minor(), right.minor(), &sum))
        return too_large();
    return money{sum, left.in()};
}

result<money> times(money unit, std::int64_t quantity)
{
    std::int64_t product = 0;
    if (__builtin_mul_overflow(unit.minor(), quantity, &product))
        return too_large();
    return money{product, unit.in()};
}

std::string to_decimal(money amount)
{
    decimal_parts const parts = parts_of(amount);
    // A sign, 20 digits, a point: every int64 in any currency.
    constexpr std::size_t length_max = 32;
    std::array<char, length_max> digits;
    char* at = std::ranges::copy(parts.sign, digits.begin()).out;
    at = std::to_chars(at, digits.end(), parts.whole).ptr;
    if (int const decimals = amount.in().exponent(); decimals > 0)
    {
        // A one before the fraction keeps its leading zeros; the point then takes its place.
        char* const point = at;
        at = std::to_chars(at, digits.end(), parts.fraction + power_of_ten(decimals)).ptr;
        *point = '.';
    }
    return {digits.begin(), at};
}

std::string to_js_number(money amount)
{
    std::string text = to_decimal(amount);
    if (amount.in().exponent() == 0)
        return text;
    while (text.back() == '0')
        text.pop_back();
    if (text.back() == '.')
        text.pop_back();
    return text;
}

std::optional<std::int64_t> parse_decimal(std::string_view digits, currency of) noexcept
{
    bool const negative = digits.starts_with('-');
    digits.remove_prefix(negative ? 1 : 0);

    std::int64_t minor = 0;  // Kept negative: the range reaches one further on that side.
    int whole_digits = 0;
    int decimals = 0;
    bool after_point = false;
    for (char const c : digits)
    {
        if (c == '.' && !after_point)
        {
            after_point = true;
            continue;
        }
        if (c < '0' || c > '9')
            return std::nullopt;
        after_point ? ++decimals : ++whole_digits;
        if (decimals > of.exponent())
        {
            if (c != '0')
                return std::nullopt;
            continue;
        }
        if (__builtin_mul_overflow(minor, 10, &minor) ||
            __builtin_sub_overflow(minor, c - '0', &minor))
            return std::nullopt;
    }
    if (whole_digits == 0 || (after_point && decimals == 0))
        return std::nullopt;
    for (; decimals < of.exponent(); ++decimals)
        if (__builtin_mul_overflow(minor, 10, &minor))
            return std::nullopt;
    if (!negative && __builtin_sub_overflow(std::int64_t{0}, minor, &minor))
        return std::nullopt;
    return minor;
}

}  // namespace mc

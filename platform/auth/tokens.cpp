#include "platform/auth/tokens.hpp"

#include <algorithm>
#include <atomic>
#include <charconv>
#include <utility>

#include "platform/auth/bearer.hpp"
#include "platform/auth/jwt.hpp"
#include "platform/auth/refusals.hpp"
#include "platform/auth/verified_tokens.hpp"
#include "platform/core/encoding.hpp"
#include "platform/core/random.hpp"
#include "platform/json/read.hpp"
#include "platform/json/write.hpp"

namespace mc
{

namespace
{

constexpr std::string_view our_header_json = R"({"alg":"HS256","typ":"JWT"})";
constexpr std::int64_t time_max_s = 253'402'300'799;  // The end of the year 9999.

struct header_view
{
    json::lenient<std::string> alg;
    json::lenient<std::string> typ;
};
MC_DESCRIBE(header_view, alg, typ)

// The claims as they are written, in the contract's order, ours behind.
struct written_payload
{
    id_of<user> id;
    mc::role role;
    std::string pwdv;
    std::int64_t iat;
    std::int64_t exp;
    std::string_view iss;
    std::string_view aud;
    std::string jti;
};
MC_DESCRIBE(written_payload, id, role, pwdv, iat, exp, iss, aud, jti)

// The claims as they are read: each is there and of its type or it is nothing, so that each can be
// answered with its own sentence.
struct read_payload
{
    json::lenient<id_of<user>> id;
    json::lenient<mc::role> role;
    json::lenient<std::string> pwdv;
    json::lenient<std::int64_t> iat;
    json::lenient<std::int64_t> exp;
    std::optional<std::int64_t> nbf;  // Not ours, but honoured; anything but a number is refused.
    json::lenient<std::string> iss;
    json::lenient<std::string> aud;
    json::lenient<std::string> jti;
};
MC_DESCRIBE(read_payload, id, role, pwdv, iat, exp, nbf, iss, aud, jti)

constexpr json::read_options claims_options{
    .ints = json::integers::strict, .null = json::nulls::refused, .depth_max = 4};

// Tells sets of keys apart, also one that took the place of another in memory.
std::uint64_t next_number() noexcept
{
    static std::atomic<std::uint64_t> last = 0;
    return ++last;
}

error refused(std::string_view code, std::string_view sentence)
{
    return {error_kind::unauthenticated, code, std::string(sentence)};
}

error malformed() { return refused("auth.token_malformed", "jwt malformed"); }
error invalid_token() { return refused("auth.token_invalid", "invalid token"); }
error no_signature() { return refused("auth.token_unsigned", "jwt signature is required"); }
error wrong_algorithm() { return refused("auth.token_algorithm", "invalid algorithm"); }
error wrong_signature() { return refused("auth.token_signature", "invalid signature"); }
error not_active() { return refused("auth.token_not_active", "jwt not active"); }
error wrong_expiry() { return refused("auth.token_expiry", "invalid exp value"); }
error expired() { return refused("auth.token_expired", "jwt expired"); }

std::int64_t epoch_s(timestamp at) noexcept
{
    return std::chrono::floor<seconds>(at).time_since_epoch().count();
}

// Whether a header is ours, member for member; only asked when it is not ours byte for byte.
result<> check_header(std::string_view encoded, std::string_view signature)
{
    std::optional<std::string> const text = from_base64url(encoded);
    if (!text || text->empty())
        return invalid_token();
    result<header_view> const header = json::parse<header_view>(*text, claims_options);
    if (!header)
        return invalid_token();
    if (signature.empty())
        return no_signature();
    if (header->alg != "HS256")
        return wrong_algorithm();
    json::read_options only_these = claims_options;
    only_these.unknown = json::unknown_members::refused;
    if (header->typ != "JWT" || !json::parse<header_view>(*text, only_these))
        return invalid_token();
    return result<>{};
}

result<> check_times(read_payload const& claims, timestamp now)
{
    std::int64_t const now_s = epoch_s(now);
    std::int64_t const latest_begin = now_s + token_skew_max.count();
    if (claims.nbf.value_or(0) > latest_begin)
        return not_active();
    if (!claims.exp || *claims.exp < 0 || *claims.exp > time_max_s)
        return wrong_expiry();
    if (*claims.exp <= now_s)
        return expired();
    if (!claims.iat || *claims.iat < 0)
        return invalid_token();
    if (*claims.iat > latest_begin)
        return not_active();
    return result<>{};
}

result<token_claims> claims_of(std::string_view payload, timestamp now)
{
    std::optional<std::string> const text = from_base64url(payload);
    if (!text || text->empty())
        return invalid_token();
    result<read_payload> read = json::parse<read_payload>(*text, claims_options);
    if (!read)
        return invalid_token();

    result<> const timely = check_times(*read, now);
    if (!timely)
        return timely.error();
    std::optional<std::int64_t> const epoch = read->pwdv ? epoch_of(*read->pwdv) : std::nullopt;
    if (!epoch)
        return session_expired();  // A token of the system before has no epoch, nor an issuer.
    if (read->iss != token_issuer || read->aud != token_audience || !read->role)
        return invalid_token();
    if (!read->id)
        return unauthorized();

    return token_claims{.id = *read->id,
                        .role = *read->role,
                        .epoch = *epoch,
                        .pwdv = std::move(*read->pwdv),
                        .issued = timestamp{seconds{*read->iat}},
                        .expires = timestamp{seconds{*read->exp}},
                        .jti = read->jti ? std::move(*read->jti) : std::string{}};
}

}  // namespace

std::vector<error> session_refusals()
{
    return {unauthorized(),  session_expired(), password_changed(), malformed(),
            invalid_token(), no_signature(),    wrong_algorithm(),  wrong_signature(),
            not_active(),    wrong_expiry(),    expired(),          auth_unavailable()};
}

token_claims new_token_claims(actor const& of, std::string_view pwdv, timestamp now)
{
    return {.id = of.user_id,
            .role = of.role,
            .epoch = epoch_of(pwdv).value_or(0),
            .pwdv = std::string(pwdv),
            .issued = now,
            .expires = now + token_lifetime,
            .jti = random_hex(16)};
}

std::string new_pwdv(std::int64_t epoch) { return std::to_string(epoch) + "." + random_hex(16); }

std::optional<std::int64_t> epoch_of(std::string_view pwdv) noexcept
{
    constexpr std::size_t epoch_digits_max = 18;
    constexpr std::size_t random_chars_max = 64;
    std::size_t const dot = pwdv.find('.');
    if (dot == std::string_view::npos || dot == 0 || dot > epoch_digits_max)
        return std::nullopt;
    if (pwdv[0] == '0' && dot > 1)
        return std::nullopt;
    std::int64_t epoch = 0;
    std::from_chars_result const read = std::from_chars(pwdv.data(), pwdv.data() + dot, epoch);
    if (read.ec != std::errc{} || read.ptr != pwdv.data() + dot || epoch < 0)
        return std::nullopt;
    std::string_view const random = pwdv.substr(dot + 1);
    auto const allowed = [](char c)
    {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '-' || c == '_';
    };
    if (random.empty() || random.size() > random_chars_max || !std::ranges::all_of(random, allowed))
        return std::nullopt;
    return epoch;
}

token_keys::token_keys(secret current, std::optional<secret> previous)
    : number_(next_number()), current_(std::move(current))
{
    if (previous)
        previous_.emplace(std::move(*previous));
}

std::string token_keys::sign(token_claims const& claims) const
{
    written_payload const payload{
        claims.id,    claims.role,    claims.pwdv, epoch_s(claims.issued), epoch_s(claims.expires),
        token_issuer, token_audience, claims.jti};
    return jwt::join(our_header_json, json::to_text(payload), current_);
}

bool token_keys::is_ours(std::string_view signed_part, std::string_view signature) const
{
    return current_.matches(signed_part, signature) ||
           (previous_ && previous_->matches(signed_part, signature));
}

result<token_claims> token_keys::verify(std::string_view token, timestamp now) const
{
    if (std::optional<token_claims> known = verified_tokens::find(number_, token, now))
        return std::move(*known);

    static std::string const our_header = base64url(our_header_json);
    std::optional<jwt::parts> const parts =
        token.size() <= token_bytes_max ? jwt::split(token) : std::nullopt;
    if (!parts)
        return malformed();
    if (parts->header != our_header)
        if (result<> const accepted = check_header(parts->header, parts->signature); !accepted)
            return accepted.error();
    if (parts->signature.empty())
        return no_signature();

    std::optional<std::string> const signature = from_base64url(parts->signature);
    if (!signature)
        return invalid_token();
    if (!is_ours(parts->signed_part, *signature))
        return wrong_signature();
    result<token_claims> claims = claims_of(parts->payload, now);
    if (claims)
        verified_tokens::keep(number_, token, *claims);
    return claims;
}

}  // namespace mc

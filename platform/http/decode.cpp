#include "platform/http/decode.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "platform/http/router.hpp"
#include "platform/http/target.hpp"

namespace mc::http
{

namespace
{

std::string query_decoded(std::string_view piece)
{
    std::string decoded;
    decoded.reserve(piece.size());
    for (std::size_t i = 0; i < piece.size(); ++i)
    {
        int const high = piece[i] == '%' && i + 2 < piece.size() ? hex_value(piece[i + 1]) : -1;
        int const low = high >= 0 ? hex_value(piece[i + 2]) : -1;
        if (low >= 0)
        {
            decoded += static_cast<char>(high * 16 + low);
            i += 2;
        }
        else
            decoded += piece[i] == '+' ? ' ' : piece[i];
    }
    return decoded;
}

error bad_key()
{
    return {error_kind::invalid, "idempotency.invalid_key",
            fmt::format("Idempotency-Key must be 1 to {} visible ASCII characters",
                        idempotency_key_max)};
}

// A structured-field string ("…", RFC 8941 §3.3.3) or the bare characters.
std::optional<std::string> key_in(std::string_view header)
{
    std::string key;
    if (header.size() >= 2 && header.front() == '"' && header.back() == '"')
    {
        std::string_view const inside = header.substr(1, header.size() - 2);
        for (std::size_t i = 0; i < inside.size(); ++i)
        {
            bool const escape = inside[i] == '\\';
            if (inside[i] == '"' || (escape && (i + 1 == inside.size() ||
                                                !std::string_view("\"\\").contains(inside[i + 1]))))
                return std::nullopt;
            key += inside[escape ? ++i : i];
        }
    }
    else
        key = header;
    bool const visible =
        std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 0x7F; });
    if (key.empty() || key.size() > idempotency_key_max || !visible)
        return std::nullopt;
    return key;
}

}  // namespace

query_fields split_query(std::string_view query)
{
    query_fields fields;
    while (!query.empty() && fields.size() < query_fields_max)
    {
        std::size_t const end = query.find('&');
        std::string_view const piece = query.substr(0, end);
        query.remove_prefix(end == std::string_view::npos ? query.size() : end + 1);
        if (piece.empty())
            continue;
        std::size_t const equals = piece.find('=');
        std::string_view const value =
            equals == std::string_view::npos ? std::string_view{} : piece.substr(equals + 1);
        fields.emplace_back(query_decoded(piece.substr(0, equals)), query_decoded(value));
    }
    return fields;
}

std::string const& decoder::path_value(std::string_view name) const
{
    std::vector<std::string> const& names = at_.row.parameters();
    auto const found = std::find(names.begin(), names.end(), name);
    return at_.path_values[static_cast<std::size_t>(found - names.begin())];
}

void decoder::refuse_path(std::string_view name)
{
    if (at_.row.bad_path_ != nullptr)
        refused_ = at_.row.bad_path_(at_.who ? &*at_.who : nullptr);
    else
        refused_ = error{error_kind::invalid, "request.path", fmt::format("Invalid {}", name)};
}

void decoder::check_owner()
{
    if (refused_ || at_.row.who() != access::owner)
        return;
    bool const own =
        at_.who && at_.first_path_id && at_.who->may_act_for(id_of<user>{*at_.first_path_id});
    if (!own)
        refused_ = error{error_kind::forbidden, "access.not_owner", "Forbidden"};
}

json::read_options decoder::options() const noexcept
{
    return at_.row.unknown() == unknown_fields::refused ? json::strict : json::contract;
}

void decoder::read_rest(actor& into) noexcept
{
    if (at_.who)
        into = *at_.who;
}

void decoder::read_rest(caller& into) noexcept
{
    request const& in = at_.in;
    into = {in.target,  in.authorization, in.if_none_match, in.accept,
            in.address, in.is_internal,   in.if_match};
}

void decoder::read_rest(idempotency& into)
{
    if (refused_ || !at_.in.idempotency_key)
        return;
    into.key = key_in(*at_.in.idempotency_key);
    if (!into.key)
    {
        refused_ = bad_key();
        return;
    }
    into.user_id = at_.who ? at_.who->user_id.value : 0;
    into.route = at_.row.label();
    // The ids in the path are part of what was asked for.
    std::string asked;
    for (std::size_t i = 0; i < at_.row.parameters().size(); ++i)
        asked += at_.path_values[i] + "\n";
    into.fingerprint = fingerprint_of(asked + canonical_body_);
}

}  // namespace mc::http

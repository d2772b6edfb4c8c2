#include "platform/runtime/config.hpp"

#include <algorithm>
#include <fstream>

#include <fmt/format.h>

#include "platform/core/text.hpp"
#include "platform/runtime/env_file.hpp"
#include "platform/runtime/setting_value.hpp"

namespace mc
{
namespace
{

// Where one process runs several services, these name one of them each and so mean nothing bare.
constexpr std::string_view ambiguous_keys[] = {"PORT", "DB_NAME", "KAFKA_GROUP_ID"};

std::string prefix_of(std::string_view service) { return ascii_upper_case(service) + "_"; }

// The setting that `key` names, bare or with one of the services' prefixes.
setting const* known_as(std::span<setting const> known, std::span<std::string const> services,
                        std::string_view key)
{
    auto const named = [&](std::string_view name) -> setting const*
    {
        auto const at = std::ranges::find(known, name, &setting::name);
        return at == known.end() ? nullptr : &*at;
    };
    if (setting const* bare = named(key))
        return bare;
    for (std::string const& service : services)
    {
        std::string const prefix = prefix_of(service);
        if (key.starts_with(prefix))
            if (setting const* own = named(key.substr(prefix.size())))
                return own;
    }
    return nullptr;
}

bool is_ambiguous(std::string_view key, std::span<std::string const> services)
{
    return services.size() > 1 &&
           std::ranges::find(ambiguous_keys, key) != std::end(ambiguous_keys);
}

error impossible(std::vector<violation> found)
{
    std::string message = "The configuration cannot be used: ";
    for (violation const& each : found)
        message += (&each == &found.front() ? "" : "; ") + each.field + " " + each.message;
    return error{error_kind::invalid, "config.invalid", std::move(message), std::move(found)};
}

}  // namespace

std::vector<std::string> comma_separated(std::string_view list)
{
    std::vector<std::string> words;
    while (!list.empty())
    {
        std::size_t const comma = list.find(',');
        std::string_view const word = trimmed(list.substr(0, comma));
        if (!word.empty())
            words.emplace_back(word);
        list = comma == std::string_view::npos ? std::string_view{} : list.substr(comma + 1);
    }
    return words;
}

result<std::unique_ptr<config>> config::load(inputs from)
{
    std::unique_ptr<config> made(new config);
    made->known_ = std::move(from.known);
    made->services_ = std::move(from.services);
    std::vector<violation> wrong;

    auto const take = [&](std::map<std::string, std::string> const& entries, setting_source source)
    {
        for (auto const& [key, text] : entries)
        {
            setting const* const known = known_as(made->known_, made->services_, key);
            if (!known)
            {
                if (source == setting_source::env_file)
                    wrong.push_back(
                        {key, "unknown",
                         "is not a setting; `microcommerce config`, without this file, lists "
                         "them"});
                if (source == setting_source::dot_env)
                    made->warnings_.push_back(key + " in .env is not a setting and is ignored");
                continue;
            }
            if (is_ambiguous(key, made->services_))
            {
                wrong.push_back({key, "ambiguous",
                                 "is ambiguous with several services in one process; use e.g. " +
                                     prefix_of(made->services_.back()) + key});
                continue;
            }
            if (text.empty())  // An empty variable is an unset one, as in every shell script.
                continue;
            made->values_[key] = {text, source};
        }
    };

    result<std::map<std::string, std::string>> const dot_env =
        read_env_file(from.dot_env, absent_file::is_empty);
    if (!dot_env)
        return dot_env.error();
    take(*dot_env, setting_source::dot_env);
    if (from.env_file)
    {
        result<std::map<std::string, std::string>> const named =
            read_env_file(*from.env_file, absent_file::is_refused);
        if (!named)
            return named.error();
        take(*named, setting_source::env_file);
    }
    take(from.environment, setting_source::environment);
    for (auto const& [key, text] : from.forced)
        made->values_[key] = {text, setting_source::environment};

    for (auto const& [key, held] : made->values_)
    {
        setting const* const known = known_as(made->known_, made->services_, key);
        if (!known)
            continue;
        if (std::optional<std::string> said = complaint_about(*known, held.text))
            wrong.push_back({key, "invalid", std::move(*said)});
        if (known->kind == setting_kind::ignored)
            made->warnings_.push_back(key + " is accepted and does nothing here");
    }
    if (!wrong.empty())
        return impossible(std::move(wrong));
    return made;
}

config::value const* config::find(std::string_view key, std::string_view service) const
{
    if (!service.empty())
        if (auto const own = values_.find(prefix_of(service) + std::string(key));
            own != values_.end())
            return &own->second;
    auto const bare = values_.find(key);
    return bare == values_.end() ? nullptr : &bare->second;
}

std::optional<std::string> config::given(std::string_view key, std::string_view service) const
{
    if (value const* const held = find(key, service))
        return held->text;
    return std::nullopt;
}

std::string config::text(std::string_view key, std::string_view service) const
{
    if (value const* const held = find(key, service))
        return held->text;
    auto const known = std::ranges::find(known_, key, &setting::name);
    if (known == known_.end())
        throw std::logic_error("config: nobody declared " + std::string(key));
    return std::string(known->default_value);
}

std::int64_t config::number(std::string_view key, std::string_view service) const
{
    std::optional<std::int64_t> const number = whole_number(text(key, service));
    if (!number)
        throw std::logic_error("config: no default number for " + std::string(key));
    return *number;
}

milliseconds config::duration(std::string_view key, std::string_view service) const
{
    return milliseconds{number(key, service)};
}

std::optional<secret> config::hidden(std::string_view key, std::string_view service) const
{
    if (value const* const held = find(key, service))
        return secret(held->text);
    return std::nullopt;
}

std::vector<config::line> config::lines() const
{
    std::vector<line> lines;
    auto const shown = [](setting const& known, std::string_view text)
    {
        bool const hides = known.kind == setting_kind::secret ||
                           known.kind == setting_kind::signing_key ||
                           known.kind == setting_kind::ignored;
        return hides && !text.empty() ? "***" : std::string(text);
    };
    for (setting const& known : known_)
    {
        value const* const bare = find(known.name, {});
        lines.push_back({std::string(known.name),
                         shown(known, bare ? bare->text : known.default_value),
                         bare ? bare->source : setting_source::built_in, known.meaning});
        for (std::string const& service : services_)
        {
            std::string const own_name = prefix_of(service) + std::string(known.name);
            auto const own = values_.find(own_name);
            if (own != values_.end())
                lines.push_back(
                    {own_name, shown(known, own->second.text), own->second.source, known.meaning});
        }
    }
    return lines;
}

std::vector<std::string> const& config::warnings() const noexcept { return warnings_; }

}  // namespace mc

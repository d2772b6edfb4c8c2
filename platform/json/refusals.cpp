#include <algorithm>

#include <fmt/format.h>

#include "platform/core/text.hpp"
#include "platform/json/read.hpp"
#include "platform/json/steps.hpp"

// What the reader says when it refuses: paths and sentences.
namespace mc::json
{

namespace
{

// A client's own name for something, short enough to be repeated to it and never cut within a
// character.
std::string echoed(std::string_view name)
{
    if (name.size() <= echoed_name_max)
        return std::string(name);
    std::size_t kept = echoed_name_max;
    while (kept > 0 && (static_cast<unsigned char>(name[kept]) & 0xC0U) == 0x80U)
        --kept;
    return std::string(name.substr(0, kept)) + "…";
}

}  // namespace

std::string counted(std::size_t count, std::string_view what)
{
    return fmt::format("{} {}{}", count, what, count == 1 ? "" : "s");
}

std::string reader::path() const
{
    std::string text;
    for (step const* at = path_; at != nullptr; at = at->parent)
    {
        std::string const part =
            at->index == no_index ? echoed(at->name) : fmt::format("[{}]", at->index);
        // "images" + "[2]" + "url" → images[2].url
        bool const dot = !text.empty() && !text.starts_with('[');
        text.insert(0, dot ? part + "." : part);
    }
    return text;
}

std::string reader::subject() const { return path_ == nullptr ? "The body" : path(); }

void reader::add(std::string_view rule, std::string message)
{
    ++refused_;
    if (violations_.size() < violations_max)
        violations_.push_back({path(), std::string(rule), std::move(message)});
}

void reader::refuse(std::string_view rule, std::string_view must)
{
    add(rule, message_.empty() ? fmt::format("{} {}", subject(), must) : std::string(message_));
}

// path_ leads to the member that is not there.
void reader::refuse_missing(field const& of)
{
    add("required", of.message.empty() ? subject() + " is required" : std::string(of.message));
}

// Its own sentence, whatever the field's type says: the value may be right, both of them even.
void reader::refuse_duplicate(std::string_view name)
{
    deeper below(*this, name);
    add("duplicate", subject() + " is given more than once");
}

void reader::refuse_duplicates(std::vector<std::string_view>& names)
{
    if (names.size() < 2)
        return;
    std::ranges::sort(names);
    for (std::size_t i = 1; i < names.size(); ++i)
        if (names[i] == names[i - 1] && (i + 1 == names.size() || names[i + 1] != names[i]))
            refuse_duplicate(names[i]);
}

void reader::refuse_unknown(std::vector<std::string_view>& names)
{
    if (how_.unknown == unknown_members::refused)
        for (std::string_view const name : names)
        {
            deeper below(*this, name);
            add("unknown_field", subject() + " is not a known field");
        }
    refuse_duplicates(names);
}

void reader::refuse_below(std::int64_t min)
{
    refuse("min", fmt::format("must be at least {}", min));
}

void reader::refuse_above(std::uint64_t max)
{
    refuse("max", fmt::format("must be at most {}", max));
}

result<> reader::outcome() &&
{
    if (violations_.empty())
        return result<>{};
    std::string first = violations_.front().message;
    return error{error_kind::invalid, "request.invalid", std::move(first), std::move(violations_)};
}

// In declared order, so that the first violation is the one the contract names.
void reader::settle(std::span<field const> fields, arrivals const& came, void* object)
{
    for (std::size_t i = 0; i < fields.size(); ++i)
    {
        std::uint64_t const bit = std::uint64_t{1} << i;
        if ((came.twice & bit) != 0)
        {
            refuse_duplicate(fields[i].key);
            continue;
        }
        bool const here = (came.seen & bit) != 0;
        if (!here && !fields[i].required)
            continue;
        deeper below(*this, fields[i].key);
        if (here)
            at_ = came.value[i];
        if (!here || (fields[i].required && how_.null == nulls::missing && is_null()))
            refuse_missing(fields[i]);
        else
            fields[i].read(*this, object);
    }
}

bool reader::quietly(void* into, void (*read)(reader& from, void* into))
{
    std::size_t const refused = refused_;
    std::size_t const listed = violations_.size();
    read(*this, into);
    bool const understood = refused_ == refused;
    refused_ = refused;
    violations_.resize(listed);
    return understood;
}

void reader::fields(std::span<field const> fields, void* object, query_fields given)
{
    arrivals came;
    std::vector<std::string_view> unknown;
    for (std::pair<std::string, std::string> const& each : given)
    {
        std::size_t const index = came.find(fields, each.first);
        if (index != no_index)
            came.take(fields, index, node{nullptr, &each.second});
        else
            unknown.push_back(each.first);
    }
    for (std::size_t i = 0; i < fields.size(); ++i)
        if (fields[i].lenient)
        {
            std::uint64_t const bit = std::uint64_t{1} << i;
            came.seen &= ~(came.twice & bit);
            came.twice &= ~bit;
        }
    settle(fields, came, object);
    if (how_.unknown == unknown_members::refused && !unknown.empty())
        refuse_unknown(unknown);
}

}  // namespace mc::json

#include "platform/http/router.hpp"

#include <algorithm>
#include <array>
#include <stdexcept>

#include <fmt/format.h>

#include "platform/http/kept_answers.hpp"
#include "platform/http/route_tree.hpp"
#include "platform/http/target.hpp"
#include "platform/observe/metrics.hpp"

namespace mc::http
{

namespace
{

[[noreturn]] void refuse_row(route const& row, std::string_view why)
{
    throw std::logic_error(fmt::format("route {}: {}", row.label(), why));
}

// A template's names, in order: "/a/{x}/b/{y}" → x, y.
std::vector<std::string> names_in(std::string_view path)
{
    std::vector<std::string> names;
    for (std::string_view const segment : segments_of(path))
        if (segment.starts_with('{') && segment.ends_with('}'))
            names.emplace_back(segment.substr(1, segment.size() - 2));
    return names;
}

void check_row(route const& row, handler_facts const& facts)
{
    target_parts parts;
    std::string plain = row.path();
    std::erase_if(plain, [](char c) { return c == '{' || c == '}'; });
    if (parse_target(plain, method::get, parts) || parts.raw_path != parts.path ||
        !parts.query.empty())
        refuse_row(row, "its path is not one a request could have");
    if (row.parameters().size() > path_parameters_max)
        refuse_row(row, "it has too many parameters");

    std::vector<std::string> wanted = facts.path_members;
    std::vector<std::string> given = row.parameters();
    std::sort(wanted.begin(), wanted.end());
    std::sort(given.begin(), given.end());
    if (facts.has_path && wanted != given)
        refuse_row(row, fmt::format("its path has {{{}}}, the handler's path struct {{{}}}",
                                    fmt::join(given, ", "), fmt::join(wanted, ", ")));
    if (!facts.has_path && row.who() == access::owner)
        refuse_row(row, "access::owner needs a handler with a path");

    bool const signed_in = row.who() != access::open && row.who() != access::internal;
    if (facts.actor == takes_actor::yes && !signed_in)
        refuse_row(row, "its access gives no actor; take std::optional<actor>");
    if (facts.takes_idempotency && !signed_in)
        refuse_row(row, "idempotency needs a signed-in caller");
}

// "getOrdersByOrderId" for a handler that has no name.
std::string made_up_name(route const& row)
{
    std::string name = row.label().substr(0, row.label().find(' '));
    std::transform(name.begin(), name.end(), name.begin(),
                   [](char c) { return static_cast<char>(c | 0x20); });
    for (std::string_view segment : segments_of(row.path()))
    {
        bool const parameter = segment.starts_with('{');
        name += parameter ? "_by_" : "_";
        for (char const c : segment)
            if (c != '{' && c != '}')
                name += c == '-' || c == '.' ? '_' : c;
    }
    return name;
}

}  // namespace

route::route() = default;

route::~route() = default;

route& route::forbidden(std::string_view sentence)
{
    forbidden_ = sentence;
    return *this;
}

route& route::bad_path(error (*answer)(actor const* who))
{
    bad_path_ = answer;
    return *this;
}

route& route::conditional()
{
    conditional_ = true;
    return *this;
}

route& route::kept_until_commit(database const& of)
{
    if (verb_ != method::get || access_ != access::open || handler_.facts.actor != takes_actor::no)
        refuse_row(*this, "only what everybody is answered alike can be kept");
    kept_ = std::make_unique<kept_answers>(of);
    return *this;
}

route& route::body_max(std::size_t bytes)
{
    body_max_ = bytes;
    return *this;
}

route& route::own()
{
    unknown_ = unknown_fields::refused;
    return *this;
}

route& route::versioned()
{
    versioned_ = true;
    return *this;
}

route& route::refuses(std::initializer_list<error> all)
{
    for (error const& each : all)
        documented_.push_back({.status = status_of(each.kind),
                               .meaning = {},
                               .sentence = each.message,
                               .code = std::string(each.code)});
    return *this;
}

route& route::replies(int status, std::string_view sentence, std::string_view code)
{
    documented_.push_back({.status = status,
                           .meaning = std::string(sentence),
                           .sentence = std::string(sentence),
                           .code = std::string(code)});
    return *this;
}

route& route::example(std::string_view body, std::string_view answer)
{
    body_example_ = body;
    answer_example_ = answer;
    return *this;
}

route& route::named(std::string_view verb)
{
    name_ = verb;
    return *this;
}

router::router(router_options options)
    : options_(std::move(options)), tree_(std::make_unique<route_tree>())
{}

router::~router() = default;

route& router::add(method verb, std::string_view path, access who, bound handler,
                   std::string_view summary)
{
    std::unique_ptr<route> row = std::make_unique<route>();
    row->verb_ = verb;
    row->access_ = who;
    row->path_ = path;
    row->label_ = fmt::format("{} {}", name_of(verb), path);
    row->summary_ = summary;
    row->parameters_ = names_in(path);
    row->name_ = handler.facts.name.empty() ? made_up_name(*row) : handler.facts.name;
    row->handler_ = std::move(handler);
    check_row(*row, row->handler_.facts);
    if (!tree_->add(*row))
        refuse_row(*row, "there is one like it already");
    if (options_.metrics != nullptr)
        row->metrics_ = &options_.metrics->route(row->label_);
    routes_.push_back(std::move(row));
    return *routes_.back();
}

route& router::get(std::string_view path, access who, bound handler, std::string_view summary)
{
    return add(method::get, path, who, std::move(handler), summary);
}

route& router::post(std::string_view path, access who, bound handler, std::string_view summary)
{
    return add(method::post, path, who, std::move(handler), summary);
}

route& router::put(std::string_view path, access who, bound handler, std::string_view summary)
{
    return add(method::put, path, who, std::move(handler), summary);
}

route& router::patch(std::string_view path, access who, bound handler, std::string_view summary)
{
    return add(method::patch, path, who, std::move(handler), summary);
}

route& router::del(std::string_view path, access who, bound handler, std::string_view summary)
{
    return add(method::del, path, who, std::move(handler), summary);
}

found_route router::find(method verb, std::string_view path) const
{
    return tree_->find(verb, path);
}

}  // namespace mc::http

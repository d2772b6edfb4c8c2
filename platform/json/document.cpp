#include "platform/json/reader.hpp"

#include <algorithm>
#include <bit>
#include <new>

#include <simdjson.h>

#include "platform/json/numbers.hpp"
#include "platform/json/read.hpp"
#include "platform/json/steps.hpp"

// The one file that knows simdjson. Its DOM is used, not its on-demand front end: that one does not
// look at values nobody reads, so it would accept documents that are not JSON.
namespace mc::json
{

namespace
{

using simdjson::dom::element;
using simdjson::dom::element_type;

static_assert(sizeof(element) == sizeof(node) && std::is_trivially_copyable_v<element>);

constexpr std::size_t unknown_usual = 8;  // Members an object of somebody else's has beyond ours.

element element_of(node at) noexcept { return std::bit_cast<element>(at); }

node node_of(element at) noexcept { return std::bit_cast<node>(at); }

}  // namespace

kind kind_of(node at) noexcept
{
    switch (element_of(at).type())
    {
    case element_type::ARRAY:      return kind::array;
    case element_type::OBJECT:     return kind::object;
    case element_type::INT64:
    case element_type::UINT64:     return kind::integer;
    case element_type::DOUBLE:     return kind::number;
    case element_type::STRING:     return kind::string;
    case element_type::BOOL:       return kind::boolean;
    case element_type::NULL_VALUE: return kind::null;
    }
    return kind::null;
}

bool boolean_of(node at) noexcept { return element_of(at).get_bool().value_unsafe(); }

whole integer_of(node at) noexcept
{
    element const value = element_of(at);
    return value.is_int64() ? whole{value.get_int64().value_unsafe()}
                            : whole{value.get_uint64().value_unsafe()};
}

double number_of(node at) noexcept { return element_of(at).get_double().value_unsafe(); }

std::string_view text_of(node at) noexcept { return element_of(at).get_string().value_unsafe(); }

std::string json_of(node at) { return simdjson::minify(element_of(at)); }

void reader::members(std::span<field const> fields, void* object)
{
    // At the top the contract takes an array for an object without members.
    bool const empty =
        path_ == nullptr && what() == kind::array && how_.unknown == unknown_members::ignored;
    if (what() != kind::object && !empty)
        return refuse("type", "must be an object");

    arrivals came;
    std::vector<std::string_view> unknown;
    if (!empty)
        for (simdjson::dom::key_value_pair const member :
             element_of(at_).get_object().value_unsafe())
        {
            std::size_t const index = came.find(fields, member.key);
            if (index != no_index)
            {
                came.take(fields, index, node_of(member.value));
                continue;
            }
            if (unknown.empty())
                unknown.reserve(unknown_usual);
            unknown.push_back(member.key);
            deeper below(*this, member.key);
            find_duplicates(node_of(member.value));
        }
    settle(fields, came, object);
    if (!unknown.empty())
        refuse_unknown(unknown);
}

void reader::items(std::size_t min, std::size_t max, void* into,
                   void (*read)(reader& from, void* into))
{
    if (what() != kind::array)
        return refuse("type", "must be a list");
    simdjson::dom::array const all = element_of(at_).get_array().value_unsafe();
    if (all.size() < min)
        return refuse("min_items", "must have at least " + counted(min, "item"));
    if (all.size() > max)
        return refuse("max_items", "must have at most " + counted(max, "item"));

    deeper below(*this, {});
    std::size_t index = 0;
    for (element const item : all)
    {
        below.go_to(index++, node_of(item));
        read(*this, into);
    }
}

void reader::entries(void* into, void (*read)(reader& from, std::string_view key, void* into))
{
    if (what() != kind::object)
        return refuse("type", "must be an object");
    simdjson::dom::object const all = element_of(at_).get_object().value_unsafe();
    if (all.size() > how_.array_max)
        return refuse("max_items", "must have at most " + counted(how_.array_max, "member"));

    std::vector<std::string_view> names;
    for (simdjson::dom::key_value_pair const member : all)
    {
        names.push_back(member.key);
        deeper below(*this, member.key);
        below.go_to(member.key, node_of(member.value));
        if (member.key.find('\0') != std::string_view::npos)
            refuse("characters", "must not have U+0000 in its name");
        else
            read(*this, member.key, into);
    }
    refuse_duplicates(names);
}

// In what nobody reads; path_ leads to `value` already. No deeper than the parser went.
void reader::find_duplicates(node value)
{
    element const within = element_of(value);
    if (within.is_array())
    {
        deeper below(*this, {});
        std::size_t index = 0;
        for (element const item : within.get_array().value_unsafe())
        {
            below.go_to(index++, node_of(item));
            find_duplicates(node_of(item));
        }
    }
    else if (within.is_object())
    {
        std::vector<std::string_view> names;
        for (simdjson::dom::key_value_pair const member : within.get_object().value_unsafe())
        {
            names.push_back(member.key);
            deeper below(*this, member.key);
            find_duplicates(node_of(member.value));
        }
        refuse_duplicates(names);
    }
}

namespace detail
{

namespace
{

// Documents up to this size are parsed in memory each thread keeps; larger ones are rare and free
// theirs.
constexpr std::size_t kept_document_max = 1'048'576;  // Bytes.

struct kept_parser
{
    simdjson::dom::parser parser;
    bool busy = false;  // A codec may call parse() itself, while the document around it is still
                        // being read.
};

result<> read_document(simdjson::dom::parser& parser, std::string_view text,
                       read_options const& how, top allowed, void* into,
                       void (*read)(reader& from, void* into))
{
    // simdjson counts the document itself.
    std::size_t const depth = static_cast<std::size_t>(how.depth_max) + 1;
    if (parser.max_depth() != depth)
        if (parser.allocate(std::max(text.size(), parser.capacity()), depth) != simdjson::SUCCESS)
            throw std::bad_alloc();

    auto const parsed = [&parser](std::string_view document)
    {
        return parser.parse(reinterpret_cast<std::uint8_t const*>(document.data()), document.size(),
                            true);
    };
    simdjson::simdjson_result<element> root = parsed(text);
    if (root.error() == simdjson::NUMBER_ERROR)
        if (std::optional<std::string> const in_range = with_numbers_in_range(text))
            root = parsed(*in_range);
    if (root.error() == simdjson::MEMALLOC)
        throw std::bad_alloc();
    if (root.error() == simdjson::DEPTH_ERROR)
        return error{error_kind::invalid, "json.too_deep",
                     "JSON is nested deeper than " + std::to_string(how.depth_max) + " levels"};
    bool const array_as_object = how.unknown == unknown_members::ignored && root.is_array();
    if (root.error() != simdjson::SUCCESS ||
        (allowed == top::object_only && !root.is_object() && !array_as_object))
        return error{error_kind::invalid, "json.malformed", "Invalid JSON body"};

    reader from(how, node_of(root.value_unsafe()));
    read(from, into);
    return std::move(from).outcome();
}

}  // namespace

result<> parse_document(std::string_view text, read_options const& how, top allowed, void* into,
                        void (*read)(reader& from, void* into))
{
    if (text.starts_with("\xEF\xBB\xBF"))
        text.remove_prefix(3);
    if (text.empty())
        text = "{}";

    static thread_local kept_parser kept;
    if (kept.busy || text.size() > kept_document_max)
    {
        simdjson::dom::parser once;
        return read_document(once, text, how, allowed, into, read);
    }
    struct in_use
    {
        bool& busy;
        explicit in_use(bool& flag) noexcept : busy(flag) { busy = true; }
        ~in_use() { busy = false; }
    } const mark(kept.busy);
    return read_document(kept.parser, text, how, allowed, into, read);
}

}  // namespace detail

}  // namespace mc::json

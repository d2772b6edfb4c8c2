#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "platform/core/result.hpp"

// The cursor every type is read through. Only who writes a codec needs it; everybody else calls
// parse() of read.hpp.
namespace mc::json
{

// Members that the struct does not describe: contract routes and events ignore them, routes of our
// own refuse.
enum class unknown_members
{
    ignored,
    refused
};

// Whether "5" (`[0-9]+`) may stand for 5. Never 5.0, 5e0, "0x5", true or [5].
enum class integers
{
    strict,
    digits_too
};

// What null means for a member that is required: as if it were missing, or a value of the wrong
// type.
enum class nulls
{
    missing,
    refused
};

struct read_options
{
    unknown_members unknown = unknown_members::ignored;
    integers ints = integers::digits_too;
    nulls null = nulls::missing;
    // Nested objects and arrays, the outermost counted, an empty innermost one not.
    int depth_max = 32;
    std::size_t array_max = 100;  // Elements of one array, members of one map.
};

inline constexpr read_options contract{};
inline constexpr read_options strict{unknown_members::refused, integers::strict, nulls::refused};

// More violations than this are not listed: an answer must not grow with the nonsense sent.
inline constexpr std::size_t violations_max = 100;
// Bytes of a member's name that are repeated in an answer; the rest is cut.
inline constexpr std::size_t echoed_name_max = 64;

using query_fields = std::span<std::pair<std::string, std::string> const>;

enum class kind
{
    null,
    boolean,
    integer,
    number,  // With a fraction or an exponent, or beyond 64 bits unsigned.
    string,
    array,
    object,
    text  // A value of a query string: no type of its own.
};

// A place in simdjson's document, or a text of a query string. Its header stays in document.cpp.
struct node
{
    void const* words[2];
};

// One member of a described struct, for reading.
struct field
{
    std::string_view key;
    void (*read)(class reader& from, void* object);
    std::string_view message;  // The sentence of the member's type, if it has one.
    bool required;
    bool lenient;
};

class reader
{
public:
    reader(read_options const& how, node root) noexcept : how_(how), at_(root) {}
    reader(reader const&) = delete;
    reader& operator=(reader const&) = delete;

    read_options const& how() const noexcept { return how_; }
    kind what() const noexcept;

    // The current value as the type asked for. When it is something else, a violation of the
    // current field is recorded and nothing is returned. A string_view stays valid until parse()
    // returns.
    std::optional<bool> boolean();
    std::optional<std::int64_t> integer(std::int64_t min, std::int64_t max);
    std::optional<std::uint64_t> unsigned_integer(std::uint64_t max);
    std::optional<std::string_view> string();     // Without U+0000.
    std::optional<std::string> decimal_digits();  // See json::decimal.
    std::optional<std::int64_t> id();  // 1 or more; in a query string exactly parse_id's spelling.
    std::optional<std::string> encoded();  // The value as JSON again.
    bool is_null() const noexcept { return what() == kind::null; }

    // The current value, or what stands there for it, read as another type (defined in read.hpp).
    template <class T>
    void read(T& into);

    // Records a violation of the current field. The sentence is the field type's own where it has
    // one, else the field's path and `must`: "quantity" + "must be at least 1".
    void refuse(std::string_view rule, std::string_view must);

    // What read.hpp is made of.
    result<> outcome() &&;
    void members(std::span<field const> fields, void* object);
    void fields(std::span<field const> fields, void* object, query_fields given);
    void items(std::size_t min, std::size_t max, void* into,
               void (*read)(reader& from, void* into));
    void entries(void* into, void (*read)(reader& from, std::string_view key, void* into));
    // Reads quietly: true when `read` found no violation; what it found is forgotten.
    bool quietly(void* into, void (*read)(reader& from, void* into));
    // Sets the sentence of the type that is being read; gives back the one of the type around it.
    std::string_view exchange_message(std::string_view message) noexcept
    {
        return std::exchange(message_, message);
    }

private:
    struct step;  // From the root to the current value, for paths; lives in the frames of the walk.
    class deeper;  // Goes one step down, and back up when it is gone.
    struct arrivals;

    void settle(std::span<field const> fields, arrivals const& came, void* object);
    void find_duplicates(node value);
    void refuse_missing(field const& of);
    void refuse_duplicate(std::string_view name);
    void refuse_duplicates(std::vector<std::string_view>& names);
    void refuse_unknown(std::vector<std::string_view>& names);
    void refuse_below(std::int64_t min);
    void refuse_above(std::uint64_t max);
    void add(std::string_view rule, std::string message);
    std::string path() const;
    std::string subject() const;

    read_options how_;
    node at_;
    step const* path_ = nullptr;
    std::string_view message_;
    std::size_t refused_ = 0;  // Counts on where violations_ is full.
    std::vector<violation> violations_;
};

}  // namespace mc::json

#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace mc::json
{

// What a schema describes. A member that may be null or missing is not required of a request, is
// always there in an answer unless it is `omitted`, and a parameter is there or is not, never null.
enum class schema_use
{
    request,
    parameters,
    answer
};

// The named components of one document: JSON Schema by name ("OrderView"), each named once.
class schema_set
{
public:
    // What the schemas that are asked for next are for. A struct that is read and written becomes
    // two components.
    void describe(schema_use use) noexcept { use_ = use; }
    schema_use use() const noexcept { return use_; }
    std::map<std::string, std::string> const& components() const noexcept { return schemas_; }

    // Inside of schema.hpp. The name for a C++ type ("mc::order_service::order_view"): its last
    // part in PascalCase, with the part before it where that is taken by another type.
    std::string name_of(std::string_view cpp_type);
    bool has(std::string const& name) const { return schemas_.contains(name); }
    void put(std::string const& name, std::string schema) { schemas_[name] = std::move(schema); }

private:
    std::map<std::string, std::string> schemas_;
    std::map<std::string, std::string, std::less<>> names_;  // By use and C++ type.
    schema_use use_ = schema_use::request;
};

// What a codec describes itself to: exactly one call of one of these.
class schema_writer
{
public:
    explicit schema_writer(schema_set& in) noexcept : in_(in) {}

    void raw(std::string_view schema) { out_ = schema; }
    void integer(std::int64_t min, std::int64_t max);
    void unsigned_integer(std::uint64_t max);
    void text(std::size_t min_length, std::size_t max_length);
    void one_of(std::vector<std::string_view> const& names);
    void list(std::string_view items, std::optional<std::size_t> min,
              std::optional<std::size_t> max);
    void map(std::string_view values);
    void or_null(std::string_view schema);
    template <class T>
    void of();  // As another type does. Defined in schema.hpp.

    schema_set& in() noexcept { return in_; }
    std::string take() noexcept { return std::move(out_); }

private:
    schema_set& in_;
    std::string out_;
};

}  // namespace mc::json

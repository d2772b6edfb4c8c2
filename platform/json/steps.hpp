#pragma once

#include <array>
#include <bit>

#include "platform/json/numbers.hpp"
#include "platform/json/reader.hpp"

// Inside of the reader: only its own .cpp files include this.
namespace mc::json
{

// Described members of a struct; MC_DESCRIBE allows 50.
inline constexpr std::size_t members_max = 64;
inline constexpr std::size_t no_index = static_cast<std::size_t>(-1);

std::string counted(std::size_t count, std::string_view what);  // "1 item", "20 items"

// A place in the document as simdjson knows it; the value must be of the kind asked for.
kind kind_of(node at) noexcept;
bool boolean_of(node at) noexcept;
whole integer_of(node at) noexcept;
double number_of(node at) noexcept;
std::string_view text_of(node at) noexcept;
std::string json_of(node at);

struct reader::step
{
    step const* parent;
    std::string_view name;
    std::size_t index;  // no_index for a member.
};

class reader::deeper
{
public:
    deeper(reader& in, std::string_view name) noexcept
        : in_(in), outer_(in.at_), here_{in.path_, name, no_index}
    {
        in_.path_ = &here_;
    }
    deeper(deeper const&) = delete;
    deeper& operator=(deeper const&) = delete;
    ~deeper()
    {
        in_.path_ = here_.parent;
        in_.at_ = outer_;
    }
    void go_to(std::size_t index, node value) noexcept
    {
        here_.index = index;
        in_.at_ = value;
    }
    void go_to(std::string_view name, node value) noexcept
    {
        here_.name = name;
        in_.at_ = value;
    }

private:
    reader& in_;
    node outer_;
    step here_;
};

// Which of a struct's members came, in declared order.
struct reader::arrivals
{
    std::array<node, members_max> value;  // Set where `seen` says so.
    std::uint64_t seen = 0;
    std::uint64_t twice = 0;
    // Clients mostly send members in the order in which they are described.
    std::size_t expected = 0;

    void take(std::span<field const> fields, std::size_t index, node came) noexcept
    {
        std::uint64_t const bit = std::uint64_t{1} << index;
        twice |= seen & bit;
        seen |= bit;
        value[index] = came;
        expected = index + 1 < fields.size() ? index + 1 : 0;
    }

    std::size_t find(std::span<field const> fields, std::string_view key) const noexcept
    {
        std::size_t index = expected;
        for (std::size_t tried = 0; tried < fields.size(); ++tried)
        {
            if (fields[index].key == key)
                return index;
            index = index + 1 < fields.size() ? index + 1 : 0;
        }
        return no_index;
    }
};

}  // namespace mc::json

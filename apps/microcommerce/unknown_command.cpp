#include <algorithm>
#include <numeric>

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/microcommerce/commands.hpp"

namespace mc::app
{
namespace
{

constexpr std::size_t slips_max = 2;  // So many letters off may still be meant.

// Levenshtein's distance: letters put in, left out or taken for others.
std::size_t slips_between(std::string_view typed, std::string_view meant)
{
    std::vector<std::size_t> row(meant.size() + 1);
    std::iota(row.begin(), row.end(), std::size_t{0});
    for (std::size_t i = 1; i <= typed.size(); ++i)
    {
        std::size_t above_left = row[0];
        row[0] = i;
        for (std::size_t j = 1; j <= meant.size(); ++j)
        {
            std::size_t const replaced = above_left + (typed[i - 1] == meant[j - 1] ? 0 : 1);
            above_left = row[j];
            row[j] = std::min({replaced, row[j] + 1, row[j - 1] + 1});
        }
    }
    return row.back();
}

std::vector<CLI::App const*> commands_of(CLI::App const& of)
{
    return of.get_subcommands([](CLI::App const*) { return true; });
}

CLI::App const* command_named(CLI::App const& of, std::string const& name)
{
    std::vector<CLI::App const*> const all = commands_of(of);
    auto const found =
        std::ranges::find(all, name, [](CLI::App const* each) { return each->get_name(); });
    return found == all.end() ? nullptr : *found;
}

// The option that takes the next word for its value.
bool takes_a_value(CLI::App const* of, std::string const& word)
{
    for (; of != nullptr; of = of->get_parent())
        if (CLI::Option const* const option = of->get_option_no_throw(word))
            return option->get_items_expected_max() > 0;
    return false;
}

std::string sentence_about(CLI::App const& of, std::string const& word)
{
    std::vector<std::string> names;
    for (CLI::App const* each : commands_of(of))
        names.push_back(each->get_name());
    std::string const where =
        of.get_parent() == nullptr ? "there is" : fmt::format("\"{}\" has", of.get_name());
    auto const slips = [&](std::string const& name)
    { return name.starts_with(word) ? 0 : slips_between(word, name); };
    auto const nearest = std::ranges::min_element(names, {}, slips);
    if (!word.empty() && slips(*nearest) <= slips_max)
        return fmt::format("{} no command \"{}\"; did you mean \"{}\"?", where, word, *nearest);
    return fmt::format("{} no command \"{}\"; there are {}", where, word, fmt::join(names, ", "));
}

}  // namespace

std::optional<std::string> unknown_command(CLI::App const& program,
                                           std::span<std::string const> words)
{
    CLI::App const* at = &program;
    bool is_value = false;
    for (std::string const& word : words)
    {
        if (std::exchange(is_value, false))
            continue;
        if (word.starts_with('-'))
        {
            is_value = takes_a_value(at, word);
            continue;
        }
        if (commands_of(*at).empty())
            return std::nullopt;  // From here on they are arguments.
        CLI::App const* const next = command_named(*at, word);
        if (next == nullptr)
            return sentence_about(*at, word);
        at = next;
    }
    return std::nullopt;
}

}  // namespace mc::app

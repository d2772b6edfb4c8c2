#include "bench/plan.hpp"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <sstream>
#include <stdexcept>

#include <arpa/inet.h>
#include <fmt/format.h>

namespace mc::bench
{

namespace
{

[[noreturn]] void refuse(std::string const& why) { throw std::runtime_error(why); }

std::string word_of(std::istream& words, char const* what)
{
    std::string word;
    if (!(words >> word))
        refuse(fmt::format("{} is missing", what));
    return word;
}

unsigned number_of(std::istream& words, char const* what, unsigned min, unsigned max)
{
    unsigned number = 0;
    if (!(words >> number) || number < min || number > max)
        refuse(fmt::format("{} must be a number from {} to {}", what, min, max));
    return number;
}

template <class Named>
std::size_t index_of(std::vector<Named> const& all, std::string_view name, char const* what)
{
    auto const found = std::ranges::find(all, name, &Named::name);
    if (found == all.end())
        refuse(fmt::format("unknown {} \"{}\"", what, name));
    return static_cast<std::size_t>(found - all.begin());
}

}  // namespace

plan::plan(std::istream& text, std::filesystem::path const& lists_from)
{
    // Starts at the clock, so that the keys of an earlier run on the same data are not replayed.
    unique_ =
        static_cast<std::uint64_t>(std::chrono::system_clock::now().time_since_epoch().count());
    lists_.push_back({"unique", order::unique, {}});

    std::string line;
    for (unsigned number = 1; std::getline(text, line); ++number)
    {
        try
        {
            read_line(line, lists_from);
        }
        catch (std::runtime_error const& failed)
        {
            refuse(fmt::format("line {}: {}", number, failed.what()));
        }
    }
    if (requests_.empty())
        refuse("the plan has no request");
    finish();
}

plan plan::read_from(std::filesystem::path const& file)
{
    std::ifstream text(file);
    if (!text)
        refuse(fmt::format("cannot read {}", file.string()));
    return plan(text, file.parent_path());
}

void plan::read_line(std::string_view line, std::filesystem::path const& lists_from)
{
    if (line.empty() || line.front() == '#')
        return;
    std::size_t const blank = std::min(line.find(' '), line.size());
    std::string_view const word = line.substr(0, blank);
    std::string_view const rest = line.substr(std::min(blank + 1, line.size()));
    std::istringstream words{std::string(rest)};
    if (word == "target")
        read_target(words);
    else if (word == "list")
        read_list(words, lists_from);
    else if (word == "request")
        read_request(words);
    else if (word == "header")
        latest_draft().headers.append(rest).append("\r\n");
    else if (word == "body")
        latest_draft().body = rest;
    else
        refuse(fmt::format("unknown word \"{}\"", word));
    if (word == "header" || word == "body")
        split(rest);  // Only to refuse unknown lists where they stand.
}

void plan::read_target(std::istream& words)
{
    target made{word_of(words, "the target's name"), {}, word_of(words, "the address")};
    std::size_t const colon = made.host.find(':');
    std::string const address = made.host.substr(0, colon);
    made.address.sin_family = AF_INET;
    if (colon == std::string::npos ||
        inet_pton(AF_INET, address.c_str(), &made.address.sin_addr) != 1)
        refuse("a target is ADDRESS:PORT with an IPv4 address");
    std::istringstream port(made.host.substr(colon + 1));
    made.address.sin_port =
        htons(static_cast<std::uint16_t>(number_of(port, "the port", 1, 65'535)));
    targets_.push_back(made);
}

void plan::read_list(std::istream& words, std::filesystem::path const& lists_from)
{
    list made{word_of(words, "the list's name"), order::cycle, {}};
    std::string const by = word_of(words, "cycle or random");
    if (by != "cycle" && by != "random")
        refuse("a list is taken by cycle or random");
    made.by = by == "cycle" ? order::cycle : order::random;

    std::filesystem::path const file = lists_from / word_of(words, "the list's file");
    std::ifstream text(file);
    for (std::string value; std::getline(text, value);)
        made.values.push_back(value);
    if (made.values.empty())
        refuse(fmt::format("no values in {}", file.string()));
    lists_.push_back(std::move(made));
}

void plan::read_request(std::istream& words)
{
    request made{};
    made.name = word_of(words, "the request's name");
    made.weight = number_of(words, "the weight", 1, 1'000'000);
    made.status = static_cast<int>(number_of(words, "the status", 200, 599));
    made.target = index_of(targets_, word_of(words, "the target"), "target");
    std::string const method = word_of(words, "the method");
    std::string const path = word_of(words, "the path");
    split(path);
    requests_.push_back(made);
    drafts_.push_back({fmt::format("{} {} HTTP/1.1\r\n", method, path), {}, {}});
}

plan::draft& plan::latest_draft()
{
    if (drafts_.empty())
        refuse("a header or body needs a request above it");
    return drafts_.back();
}

void plan::finish()
{
    unsigned weight_sum = 0;
    for (std::size_t i = 0; i < requests_.size(); ++i)
    {
        draft const& from = drafts_[i];
        std::string head = fmt::format("{}Host: {}\r\n{}", from.start_line,
                                       targets_[requests_[i].target].host, from.headers);
        if (!from.body.empty())
        {
            head += "Content-Type: application/json\r\n";
            bodies_.push_back(split(from.body));
        }
        else
            bodies_.emplace_back();
        heads_.push_back(split(head));
        weight_sum += requests_[i].weight;
        weights_up_to_.push_back(weight_sum);
    }
}

std::vector<plan::piece> plan::split(std::string_view text) const
{
    std::vector<piece> pieces;
    while (true)
    {
        std::size_t const start = text.find("${");
        if (start == std::string_view::npos)
            break;
        std::size_t const end = text.find('}', start);
        if (end == std::string_view::npos)
            refuse("a ${ is not closed");
        std::string_view const name = text.substr(start + 2, end - start - 2);
        pieces.push_back({std::string(text.substr(0, start)), index_of(lists_, name, "list")});
        text.remove_prefix(end + 1);
    }
    pieces.push_back({std::string(text), text_only});
    return pieces;
}

std::size_t plan::choose() noexcept
{
    if (requests_.size() == 1)
        return 0;
    auto const drawn = static_cast<unsigned>(random() % weights_up_to_.back());
    return static_cast<std::size_t>(std::ranges::upper_bound(weights_up_to_, drawn) -
                                    weights_up_to_.begin());
}

void plan::write(std::size_t request, std::string& into)
{
    into.clear();
    append(heads_[request], into);
    if (bodies_[request].empty())
    {
        into += "\r\n";
        return;
    }
    body_text_.clear();
    append(bodies_[request], body_text_);
    fmt::format_to(std::back_inserter(into), "Content-Length: {}\r\n\r\n", body_text_.size());
    into += body_text_;
}

void plan::append(std::vector<piece> const& pieces, std::string& into)
{
    for (piece const& each : pieces)
    {
        into += each.text;
        if (each.list != text_only)
            into += value_of(lists_[each.list]);
    }
}

std::string const& plan::value_of(list& from)
{
    switch (from.by)
    {
    case order::unique: unique_text_ = fmt::to_string(++unique_); return unique_text_;
    case order::random: return from.values[random() % from.values.size()];
    case order::cycle:  break;
    }
    std::string const& value = from.values[from.next];
    from.next = from.next + 1 == from.values.size() ? 0 : from.next + 1;
    return value;
}

// xorshift64*, Vigna 2014.
std::uint64_t plan::random() noexcept
{
    random_state_ ^= random_state_ >> 12;
    random_state_ ^= random_state_ << 25;
    random_state_ ^= random_state_ >> 27;
    return (random_state_ * 0x2545f4914f6cdd1d) >> 16;
}

}  // namespace mc::bench

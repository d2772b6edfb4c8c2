#include "apps/microcommerce/import_node/report.hpp"

#include <algorithm>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "apps/microcommerce/commands.hpp"
#include "platform/json/write.hpp"

namespace mc::app::import_node
{
namespace
{

using mc::imports::outcome;

constexpr std::size_t examples_max = 5;

struct row_line
{
    std::string kind;
    std::int64_t id;
    mc::imports::outcome outcome;
    std::vector<std::string> why;
};
MC_DESCRIBE(row_line, kind, id, outcome, why)

std::size_t place_of(outcome what) { return static_cast<std::size_t>(what); }

// 1234567 as 1,234,567.
std::string grouped(std::int64_t number)
{
    std::string digits = std::to_string(number);
    for (std::ptrdiff_t at = std::ssize(digits) - 3; at > 0; at -= 3)
        digits.insert(static_cast<std::size_t>(at), 1, ',');
    return digits;
}

}  // namespace

report::report(std::string const& file) : path_(file), part_(file.empty() ? "" : file + ".part")
{
    if (file.empty())
        return;
    file_.open(part_, std::ios::binary | std::ios::trunc);
    file_ << "{\"rows\":[\n";
    if (!file_.flush())
        throw failed(fmt::format("the report cannot be written to {}", part_.string()));
}

report::~report()
{
    if (!file_.is_open())
        return;
    file_.close();
    std::error_code ignored;
    std::filesystem::remove(part_, ignored);
}

report::sums& report::of(std::string_view kind)
{
    auto at = kinds_.find(kind);
    if (at != kinds_.end())
        return at->second;
    order_.emplace_back(kind);
    sums& made = kinds_[std::string(kind)];
    made.had_rows = has_rows_;
    if (file_.is_open())
        made.file_begin = file_.tellp();
    return made;
}

void report::begin_again(std::string_view kind)
{
    sums& all = of(kind);
    all.of_outcome = {};
    all.of_reason.clear();
    has_rows_ = all.had_rows;
    if (file_.is_open())
        file_.seekp(all.file_begin);
}

void report::take(std::string_view kind, std::vector<mc::imports::verdict> const& verdicts)
{
    sums& all = of(kind);
    for (mc::imports::verdict const& each : verdicts)
    {
        ++all.of_outcome[place_of(each.what)];
        row_line line{.kind = std::string(kind), .id = each.id, .outcome = each.what, .why = {}};
        for (mc::imports::reason const& why : each.why)
        {
            auto const at =
                all.of_reason.try_emplace(why.code, tally{each.what, why.sentence}).first;
            tally& counted = at->second;
            ++counted.count;
            if (counted.first.size() < examples_max)
                counted.first.push_back(each.id);
            line.why.emplace_back(why.code);
        }
        if (!file_.is_open())
            continue;
        file_ << (has_rows_ ? ",\n" : "") << json::to_text(line);
        has_rows_ = true;
    }
}

void report::finish()
{
    if (!file_.is_open())
        return;
    file_ << "\n]}\n";
    std::streamoff const size = file_.tellp();
    file_.close();
    std::error_code failure;
    if (!file_.fail())
        std::filesystem::resize_file(part_, static_cast<std::uintmax_t>(size), failure);
    if (!failure)
        std::filesystem::rename(part_, path_, failure);
    if (failure || file_.fail())
        throw failed(fmt::format("the report cannot be written to {}", path_.string()));
}

std::string report::text() const
{
    std::string text;
    for (std::string const& kind : order_)
    {
        sums const& all = kinds_.find(kind)->second;
        auto const count = [&](outcome of) { return grouped(all.of_outcome[place_of(of)]); };
        text +=
            fmt::format("{:<9} {:>11} read: {} brought in, {} brought up to date, {} there "
                        "already, {} skipped\n",
                        kind, grouped(read(kind)), count(outcome::brought), count(outcome::updated),
                        count(outcome::unchanged), count(outcome::skipped));
        for (auto const& [code, counted] : all.of_reason)
            text += fmt::format("  {} {}: {} [{}] (numbers {}{})\n",
                                counted.what == outcome::skipped ? "skipped" : "mended ",
                                grouped(counted.count), counted.sentence, code,
                                fmt::join(counted.first, ", "),
                                counted.count > std::ssize(counted.first) ? ", …" : "");
    }
    for (std::string const& sentence : remarks_)
        text += sentence + "\n";
    return text;
}

std::int64_t report::read(std::string_view kind) const
{
    auto const at = kinds_.find(kind);
    std::int64_t sum = 0;
    if (at != kinds_.end())
        for (std::int64_t const each : at->second.of_outcome)
            sum += each;
    return sum;
}

std::int64_t report::brought(std::string_view kind) const
{
    auto const at = kinds_.find(kind);
    return at == kinds_.end() ? 0 : at->second.of_outcome[place_of(outcome::brought)];
}

}  // namespace mc::app::import_node

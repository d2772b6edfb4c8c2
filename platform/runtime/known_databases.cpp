#include "platform/runtime/known_databases.hpp"

#include <algorithm>
#include <fstream>
#include <cerrno>
#include <cstring>
#include <optional>
#include <set>
#include <system_error>

#include <fcntl.h>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <unistd.h>

#include "platform/core/error.hpp"
#include "platform/runtime/host.hpp"

namespace mc
{
namespace
{

std::filesystem::path record_of(std::filesystem::path const& data_dir)
{
    return data_dir / "databases";
}

bool is_there(std::filesystem::path const& file)
{
    std::error_code failed;
    return std::filesystem::exists(file, failed);
}

// Nothing: no word was ever written down.
std::optional<std::set<std::string>> noted(std::filesystem::path const& data_dir)
{
    std::ifstream in(record_of(data_dir));
    if (!in)
        return std::nullopt;
    std::set<std::string> names;
    for (std::string name; std::getline(in, name);)
        if (!name.empty())
            names.insert(name);
    return names;
}

bool holds_a_database(std::filesystem::path const& data_dir)
{
    std::error_code failed;
    for (auto const& each : std::filesystem::directory_iterator(data_dir, failed))
        if (each.path().extension() == ".db" && each.path().filename() != "log.db")
            return true;
    return false;
}

// Under another name first, so that a crash leaves the old words or the new ones.
void write_down(std::filesystem::path const& file, std::string const& text)
{
    std::filesystem::path const draft = file.string() + ".new";
    auto const refuse = [&]
    { throw outage(fmt::format("{}: {}", file.string(), std::strerror(errno))); };
    int const out =
        ::open(draft.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (out < 0)
        refuse();
    bool const durable =
        ::write(out, text.data(), text.size()) == static_cast<ssize_t>(text.size()) &&
        ::fsync(out) == 0;
    ::close(out);
    if (!durable || ::rename(draft.c_str(), file.c_str()) != 0)
        refuse();
}

}  // namespace

std::vector<std::string> lost_databases(std::filesystem::path const& data_dir,
                                        config const& settings,
                                        std::span<service_info const* const> services)
{
    auto const has_file = [&](service_info const* info)
    { return is_there(database_file(data_dir, info->name)); };
    std::optional<std::set<std::string>> const written = noted(data_dir);
    bool const any = holds_a_database(data_dir);
    std::vector<std::string> gone;
    for (service_info const* info : services)
    {
        bool const belongs = written ? written->contains(std::string(info->name)) : any;
        if (belongs && !has_file(info) && !settings.given("DB_HOST", info->name))
            gone.push_back(database_file({}, info->name).string());
    }
    return gone;
}

std::string sentence_about_lost(std::vector<std::string> const& files,
                                std::filesystem::path const& data_dir)
{
    bool const is_one = files.size() == 1;
    return fmt::format("{} {} missing from {}, where other databases refer to {} by number",
                       fmt::join(files, ", "), is_one ? "is" : "are", data_dir.string(),
                       is_one ? "it" : "them");
}

void note_databases(std::filesystem::path const& data_dir,
                    std::span<service_info const* const> known)
{
    std::optional<std::set<std::string>> const before = noted(data_dir);
    std::set<std::string> names = before.value_or(std::set<std::string>{});
    for (service_info const* info : known)
        if (is_there(database_file(data_dir, info->name)))
            names.emplace(info->name);
    if (before && names == *before)
        return;
    std::string text;
    for (std::string const& name : names)
        text += name + "\n";
    write_down(record_of(data_dir), text);
}

bool holds_a_shop(std::filesystem::path const& data_dir)
{
    return is_there(record_of(data_dir)) || is_there(data_dir / "log.db");
}

}  // namespace mc

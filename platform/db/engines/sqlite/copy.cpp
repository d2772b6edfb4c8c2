#include "platform/db/engines/sqlite/copy.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <memory>
#include <string>
#include <vector>

#include <fcntl.h>
#include <fmt/format.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include "platform/core/error.hpp"

namespace mc
{
namespace
{

constexpr int patience_ms = 1000;

using handle = std::unique_ptr<sqlite3, int (*)(sqlite3*)>;

[[noreturn]] void refuse(std::filesystem::path const& file, std::string_view why)
{
    throw outage(fmt::format("{}: {}", file.string(), why));
}

handle opened(std::filesystem::path const& file)
{
    sqlite3* raw = nullptr;
    int const code =
        sqlite3_open_v2(file.c_str(), &raw, SQLITE_OPEN_READWRITE | SQLITE_OPEN_NOMUTEX, nullptr);
    handle made(raw, sqlite3_close_v2);
    if (code != SQLITE_OK)
        refuse(file, sqlite3_errstr(code));
    sqlite3_busy_timeout(raw, patience_ms);
    return made;
}

// The first column of the first row.
std::string asked(sqlite3* on, char const* sql, std::filesystem::path const& file)
{
    sqlite3_stmt* raw = nullptr;
    int code = sqlite3_prepare_v2(on, sql, -1, &raw, nullptr);
    std::unique_ptr<sqlite3_stmt, int (*)(sqlite3_stmt*)> const ends(raw, sqlite3_finalize);
    if (code == SQLITE_OK)
        code = sqlite3_step(raw);
    if (code != SQLITE_ROW)
        refuse(file, sqlite3_errmsg(on));
    unsigned char const* const text = sqlite3_column_text(raw, 0);
    return text == nullptr ? std::string() : reinterpret_cast<char const*>(text);
}

void run(sqlite3* on, char const* sql, std::filesystem::path const& file)
{
    if (sqlite3_exec(on, sql, nullptr, nullptr, nullptr) != SQLITE_OK)
        refuse(file, sqlite3_errmsg(on));
}

// One file: a connection whose transaction is the snapshot that is copied, and one beside it that
// sees whether somebody else has committed meanwhile.
class source
{
public:
    explicit source(std::filesystem::path const& file)
        : file_(file), snapshot_(opened(file)), watch_(opened(file))
    {
        run(snapshot_.get(), "PRAGMA query_only=ON", file_);
        run(watch_.get(), "PRAGMA query_only=ON", file_);
    }

    void note_commits() { seen_ = commits(); }
    // BEGIN alone takes no snapshot; the first look does.
    void take_snapshot()
    {
        run(snapshot_.get(), "BEGIN", file_);
        (void)asked(snapshot_.get(), "SELECT COUNT(*) FROM sqlite_schema", file_);
    }
    bool has_committed() { return commits() != seen_; }
    void drop_snapshot() { run(snapshot_.get(), "ROLLBACK", file_); }

    void copy_to(std::filesystem::path const& to);

private:
    // Moves when another connection has committed.
    std::string commits() { return asked(watch_.get(), "PRAGMA data_version", file_); }

    std::filesystem::path file_;
    handle snapshot_;
    handle watch_;
    std::string seen_;
};

void make_private(std::filesystem::path const& file)
{
    int const made = ::open(file.c_str(), O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, S_IRUSR | S_IWUSR);
    if (made < 0)
        refuse(file, std::strerror(errno));
    ::close(made);
}

void make_durable(std::filesystem::path const& file)
{
    int const out = ::open(file.c_str(), O_RDWR | O_CLOEXEC);
    bool const done = out >= 0 && ::fsync(out) == 0;
    int const why = errno;
    if (out >= 0)
        ::close(out);
    if (!done)
        refuse(file, std::strerror(why));
}

void source::copy_to(std::filesystem::path const& to)
{
    make_private(to);
    {
        handle const into = opened(to);
        // It is durable as a whole or it is no copy: fsync follows.
        run(into.get(), "PRAGMA synchronous=OFF; PRAGMA journal_mode=OFF", to);
        sqlite3_backup* const pages =
            sqlite3_backup_init(into.get(), "main", snapshot_.get(), "main");
        if (pages == nullptr)
            refuse(to, sqlite3_errmsg(into.get()));
        sqlite3_backup_step(pages, -1);
        if (int const code = sqlite3_backup_finish(pages); code != SQLITE_OK)
            refuse(to, sqlite3_errstr(code));
    }
    std::string const said = asked(opened(to).get(), "PRAGMA integrity_check(1)", to);
    if (said != "ok")
        refuse(file_, said);
    make_durable(to);
}

// When nobody has committed between the first look and the last, all snapshots taken between these
// stand at each moment between them.
bool take_snapshots(std::vector<source>& of)
{
    std::ranges::for_each(of, &source::note_commits);
    std::ranges::for_each(of, &source::take_snapshot);
    if (std::ranges::none_of(of, &source::has_committed))
        return true;
    std::ranges::for_each(of, &source::drop_snapshot);
    return false;
}

}  // namespace

void copy_at_one_moment(std::span<file_copy const> files, milliseconds wait_max)
{
    std::vector<source> sources;
    sources.reserve(files.size());
    for (file_copy const& each : files)
        sources.emplace_back(each.from);

    steady_time const until = std::chrono::steady_clock::now() + wait_max;
    while (!take_snapshots(sources))
        if (std::chrono::steady_clock::now() > until)
            throw outage(fmt::format("in {} ms there was no moment in which none of the databases "
                                     "was written; try again when there is less to do",
                                     wait_max.count()));
    for (std::size_t at = 0; at < files.size(); ++at)
        sources[at].copy_to(files[at].to);
}

}  // namespace mc

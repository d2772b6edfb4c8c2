#include "platform/db/data_folder_lock.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <string>

#include <fmt/format.h>

#include "platform/core/error.hpp"

namespace mc
{

namespace
{

std::filesystem::path lock_file(std::filesystem::path const& folder) { return folder / "lock"; }

struct flock whole_file()
{
    struct flock whole{};
    whole.l_type = F_WRLCK;
    whole.l_whence = SEEK_SET;
    return whole;
}

[[noreturn]] void throw_outage(std::string_view doing, std::filesystem::path const& file)
{
    throw outage(fmt::format("{} {}: {}", doing, file.string(), std::strerror(errno)));
}

// 0 when the file does not say.
pid_t written_id(int file)
{
    std::array<char, 32> text{};
    ssize_t const size = ::pread(file, text.data(), text.size(), 0);
    pid_t id = 0;
    if (size > 0)
        std::from_chars(text.data(), text.data() + size, id);
    return id;
}

}  // namespace

std::optional<std::string> fault_of_folder(std::filesystem::path const& folder)
{
    struct stat found{};
    if (::stat(folder.c_str(), &found) != 0 || (found.st_mode & (S_IWGRP | S_IWOTH)) == 0)
        return std::nullopt;
    return fmt::format("the data folder {0} can be written by others than its owner; run `chmod "
                       "go-w {0}`",
                       folder.string());
}

data_folder_lock::data_folder_lock(std::filesystem::path const& folder)
{
    std::error_code failed;
    if (std::filesystem::create_directories(folder, failed))
        std::filesystem::permissions(folder, std::filesystem::perms::owner_all, failed);
    if (std::optional<std::string> const fault = fault_of_folder(folder))
        throw outage(*fault);
    std::filesystem::path const file = lock_file(folder);
    file_ = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file_ < 0)
        throw_outage("cannot open", file);
    struct flock whole = whole_file();
    if (::fcntl(file_, F_OFD_SETLK, &whole) != 0)
    {
        int const why = errno;
        pid_t const id = written_id(file_);
        ::close(file_);
        errno = why;
        if (why != EAGAIN && why != EACCES)
            throw_outage("cannot lock", file);
        throw folder_in_use(fmt::format(
            "the data folder {} is in use by {}; stop it, or choose another DATA_DIR",
            folder.string(), id > 0 ? fmt::format("process {}", id) : "another process"));
    }
    std::string const own = fmt::format("{}\n", ::getpid());
    if (::ftruncate(file_, 0) != 0 ||
        ::pwrite(file_, own.data(), own.size(), 0) != static_cast<ssize_t>(own.size()))
    {
        int const why = errno;
        ::close(file_);
        errno = why;
        throw_outage("cannot write", file);
    }
}

data_folder_lock::~data_folder_lock() { ::close(file_); }

std::optional<pid_t> data_folder_lock::holder(std::filesystem::path const& folder)
{
    int const file = ::open(lock_file(folder).c_str(), O_RDWR | O_CLOEXEC);
    if (file < 0)
        return std::nullopt;
    struct flock whole = whole_file();
    bool const is_free = ::fcntl(file, F_OFD_GETLK, &whole) != 0 || whole.l_type == F_UNLCK;
    pid_t const id = is_free ? 0 : written_id(file);
    ::close(file);
    return is_free ? std::nullopt : std::optional<pid_t>(id);
}

}  // namespace mc

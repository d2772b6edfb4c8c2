#pragma once

#include <sys/types.h>

#include <filesystem>
#include <optional>
#include <stdexcept>
#include <string>

namespace mc
{

// Another process holds the folder; the sentence names folder and process.
class folder_in_use : public std::runtime_error
{
public:
    using std::runtime_error::runtime_error;
};

// What is wrong with who may write into the folder, and how to mend it: whoever can, can put other
// keys, other databases and another control socket in the place of ours. Nothing: only its owner
// can, or it is not there.
std::optional<std::string> fault_of_folder(std::filesystem::path const& folder);

// One process per data folder: an exclusive lock (fcntl(2), F_OFD_SETLK) on `<folder>/lock`, whose
// text is the holder's process id. The kernel lets go when the process ends, however it ends, so a
// file left behind means nothing.
class data_folder_lock
{
public:
    // Makes the folder (mode 0700) when it is missing. Throws folder_in_use, or `outage` when the
    // file system refuses, or lets others in (see fault_of_folder).
    explicit data_folder_lock(std::filesystem::path const& folder);
    ~data_folder_lock();
    data_folder_lock(data_folder_lock const&) = delete;
    data_folder_lock& operator=(data_folder_lock const&) = delete;

    // The process that holds the folder now, if any; looking takes no lock. 0 when it is held but
    // has not yet written its id.
    static std::optional<pid_t> holder(std::filesystem::path const& folder);

private:
    int file_;
};

}  // namespace mc

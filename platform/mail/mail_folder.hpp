#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/core/time.hpp"

namespace mc
{

// The files mail_sender writes when no SMTP server is configured, for `microcommerce mail
// list|show`.
struct filed_mail
{
    std::string name;  // "20261122T192454610Z-12.eml"
    std::string date;
    std::string from;
    std::string to;
    std::string subject;
    std::string text;
};

namespace mail_folder
{

// Newest first, at most `max`; empty when the folder does not exist.
std::vector<filed_mail> list(std::filesystem::path const& folder, std::size_t max);
// By its file name; nothing when there is none, or when the name is more than a file name.
std::optional<filed_mail> find(std::filesystem::path const& folder, std::string_view name);

}  // namespace mail_folder
}  // namespace mc

#pragma once

#include <chrono>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <string_view>
#include <thread>

#include <doctest/doctest.h>
#include <sys/stat.h>

#include "platform/core/random.hpp"
#include "platform/runtime/config.hpp"
#include "platform/runtime/settings.hpp"

namespace mc::runtime_test
{

// A folder of its own for each test, gone afterwards.
class temporary_folder
{
public:
    temporary_folder()
    {
        std::filesystem::create_directories(path_);
        std::filesystem::permissions(path_, std::filesystem::perms::owner_all);  // Any umask.
    }
    ~temporary_folder()
    {
        std::error_code ignored;
        std::filesystem::remove_all(path_, ignored);
    }
    temporary_folder(temporary_folder const&) = delete;
    temporary_folder& operator=(temporary_folder const&) = delete;

    std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
    std::filesystem::path const& path() const noexcept { return path_; }
    // The file's path.
    std::filesystem::path write(std::string_view name, std::string_view text) const
    {
        std::ofstream(path_ / name, std::ios::binary) << text;
        return path_ / name;
    }

private:
    std::filesystem::path path_ =
        std::filesystem::temp_directory_path() / ("mc-runtime-" + random_hex(8));
};

inline std::string text_of(std::filesystem::path const& file)
{
    std::ifstream in(file, std::ios::binary);
    return {std::istreambuf_iterator<char>(in), {}};
}

// 0600
inline unsigned mode_of(std::filesystem::path const& file)
{
    struct stat found{};
    REQUIRE(::stat(file.c_str(), &found) == 0);
    return found.st_mode & 07777U;
}

// What the samples of sample_service.hpp declare.
inline constexpr setting sample_settings[] = {
    {"USER_SERVICE_URL", setting_kind::service_url, "", "Where the one is"},
    {"CART_SERVICE_URL", setting_kind::service_url, "", "Where the other is"},
    {"PUBLIC_URL", setting_kind::url, "", "Where clients are"},
    {"KAFKA_USER_EVENTS_TOPIC", setting_kind::text, "user-events", "What one tells the other"},
};

// The settings of a process with this environment and nothing else.
inline config::inputs inputs_of(std::map<std::string, std::string> environment)
{
    config::inputs from;
    from.environment = std::move(environment);
    from.dot_env = "/nowhere/.env";
    from.services = {"user", "cart"};
    std::span<setting const> const platform = platform_settings();
    from.known.assign(platform.begin(), platform.end());
    from.known.insert(from.known.end(), std::begin(sample_settings), std::end(sample_settings));
    return from;
}

inline std::unique_ptr<config> settings_of(std::map<std::string, std::string> environment)
{
    result<std::unique_ptr<config>> loaded = config::load(inputs_of(std::move(environment)));
    return std::move(loaded.value());
}

// Waits for a fact that another thread brings about; false when it did not come true in a long
// time.
inline bool eventually(std::function<bool()> const& is_true)
{
    steady_time const until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!is_true())
    {
        if (std::chrono::steady_clock::now() > until)
            return false;
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    return true;
}

}  // namespace mc::runtime_test

#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "platform/core/finding.hpp"
#include "platform/db/statement.hpp"
#include "platform/runtime/config.hpp"
#include "platform/runtime/service.hpp"

// What `doctor` looks at, and what it says of it.
namespace mc::app
{

// One line per thing looked at; what is wrong comes with what to do about it.
class examination
{
public:
    void fine(std::string_view what, std::string_view found)
    {
        fmt::print("ok    {:<12} {}\n", what, found);
    }
    void wrong(std::string_view what, std::string_view found, std::string_view mend)
    {
        fmt::print("WRONG {:<12} {}\n      {:<12} → {}\n", what, found, "", mend);
        ++wrongs_;
    }
    void tell(std::string_view what, finding const& of)
    {
        if (of.is_wrong())
            wrong(what, of.found, of.mend);
        else
            fine(what, of.found);
    }
    int wrongs() const noexcept { return wrongs_; }

private:
    int wrongs_ = 0;
};

// The rows of a statement without arguments, each column as text.
using look = std::function<std::vector<std::vector<std::string>>(statement const&)>;

// One shop, as these settings describe it.
struct patient
{
    config const& settings;
    std::filesystem::path folder;
    // Those whose servers and ports are looked at: the ones named, else the ones that run here,
    // else all.
    std::vector<service_info const*> services;
    bool runs_here = false;
    // How to look into the database of each service that has one with everything in it.
    std::map<std::string_view, look> databases = {};
};

// Each service's database: the file, or at the server. Fills patient::databases.
void look_at_databases(examination& of, patient& in);
// The brokers, and what of events is on its way or stuck. After look_at_databases.
void look_at_events(examination& of, patient const& in);

}  // namespace mc::app

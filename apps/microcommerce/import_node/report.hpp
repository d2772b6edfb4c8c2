#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "contracts/imports.hpp"

namespace mc::app::import_node
{

// What became of the rows: counted and, where a file is named, told row by row, as
//     {"rows":[
//     {"kind":"user","id":7,"outcome":"skipped","why":["no_email"]},
//     …
//     ]}
class report
{
public:
    // `failed` when the file cannot be written. Empty: no file.
    explicit report(std::string const& file);
    // A file that was not finished is removed.
    ~report();
    report(report const&) = delete;
    report& operator=(report const&) = delete;

    void take(std::string_view kind, std::vector<mc::imports::verdict> const& verdicts);
    // Forgets what was told of a kind, because its rows are gone through once more.
    void begin_again(std::string_view kind);
    // A sentence that belongs to no row.
    void remark(std::string sentence) { remarks_.push_back(std::move(sentence)); }
    // Completes the file.
    void finish();

    // For people: a line per kind, and under it one per reason with the first numbers.
    std::string text() const;
    std::int64_t read(std::string_view kind) const;
    std::int64_t brought(std::string_view kind) const;

private:
    struct tally
    {
        mc::imports::outcome what;
        std::string_view sentence;
        std::int64_t count = 0;
        std::vector<std::int64_t> first = {};
    };
    struct sums
    {
        std::array<std::int64_t, 4> of_outcome = {};  // By mc::imports::outcome.
        std::map<std::string_view, tally> of_reason;  // By code; a skip's codes are no mend's.
        std::streampos file_begin = 0;
        bool had_rows = false;
    };
    sums& of(std::string_view kind);

    std::map<std::string, sums, std::less<>> kinds_;
    std::vector<std::string> order_;  // In which the kinds came.
    std::vector<std::string> remarks_;
    std::filesystem::path path_;
    std::filesystem::path part_;
    std::ofstream file_;
    bool has_rows_ = false;
};

}  // namespace mc::app::import_node

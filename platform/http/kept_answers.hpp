#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "platform/http/request.hpp"

namespace mc
{
class database;
}  // namespace mc

namespace mc::http
{

// The answers of one route whose answer depends on the target and on what is stored in one
// database, and on nothing else: they are given again until something is committed there, so nobody
// ever gets one that the database would no longer give. Thread-safe.
class kept_answers
{
public:
    // Of targets and bodies, and what an answer costs beside them; then it begins anew.
    static constexpr std::size_t bytes_max = 4 * 1024 * 1024;
    static constexpr std::size_t answer_bytes = 512;

    explicit kept_answers(database const& of) noexcept : of_(of) {}

    // What is stored now, as a number; to be asked for before the handler reads. Nothing when
    // somebody else may write to the database too: then nothing can be kept.
    std::optional<std::int64_t> state() const noexcept;
    // The answer given in that state, or null.
    std::shared_ptr<response const> find(std::int64_t state, std::string_view target) const;
    void keep(std::int64_t state, std::string_view target, response const& given);

private:
    database const& of_;
    mutable std::mutex guard_;
    std::int64_t state_ = -1;  // Of all answers here.
    std::size_t bytes_ = 0;
    std::map<std::string, std::shared_ptr<response const>, std::less<>> answers_;
};

}  // namespace mc::http

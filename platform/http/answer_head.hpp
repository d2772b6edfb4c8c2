#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "platform/http/head.hpp"
#include "platform/http/limiter.hpp"
#include "platform/http/request.hpp"

namespace mc::http
{

// What is known of a request when its answer is written.
struct answer_facts
{
    timestamp now;  // Of sending: for `Date`.
    std::string_view request_id;
    std::string_view origin;               // Empty: none was sent.
    std::string_view asked_headers;        // Access-Control-Request-Headers, of a preflight.
    std::optional<limiter::verdict> rate;  // Nothing: not counted.
    method verb = method::get;
    enum class kind : std::uint8_t
    {
        usual,
        preflight
    } is = kind::usual;
    enum class reuse : std::uint8_t
    {
        close,
        keep
    } connection = reuse::keep;
};

// Writes the head of every answer of one server: status line, `Date`, the fixed headers, CORS,
// limits, and what the answer itself brings.
class answer_head
{
public:
    // std::invalid_argument when an origin is not "scheme://host[:port]", in which `*` and `null`
    // are not either.
    answer_head(std::vector<std::string> const& cors_origins, rate_limit const& rate,
                milliseconds idle_time);

    void write(std::string& out, response const& answer, answer_facts const& facts) const;

private:
    void write_cors(std::string& out, answer_facts const& facts) const;
    void write_rate(std::string& out, limiter::verdict const& rate) const;

    std::vector<std::string> cors_origins_;
    std::string fixed_;  // From the first header to the last that never changes.
    std::string rate_limit_;
    std::string rate_policy_;
    std::string keep_alive_;
};

std::string_view reason_of(int status) noexcept;  // "Not Found"

}  // namespace mc::http

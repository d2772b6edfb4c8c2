#include <chrono>
#include <string>
#include <thread>
#include <vector>

#include <doctest/doctest.h>

#include "platform/json/read.hpp"
#include "platform/observe/call.hpp"
#include "platform/observe/log.hpp"
#include "platform/observe/log_line.hpp"

using namespace mc;

namespace
{

struct logged
{
    std::string time;
    std::string level;
    std::string event;
    std::optional<std::string> service;
    std::optional<std::string> request_id;
    std::optional<std::string> trace_id;
    std::optional<std::string> value;
    std::optional<std::int64_t> count;
};
MC_DESCRIBE(logged, time, level, event, service, request_id, trace_id, value, count)

std::vector<std::string> lines_of(std::string const& text)
{
    std::vector<std::string> lines;
    for (std::size_t at = 0; at < text.size();)
    {
        std::size_t const end = text.find('\n', at);
        lines.push_back(text.substr(at, end - at));
        at = end == std::string::npos ? text.size() : end + 1;
    }
    return lines;
}

// One JSON line with this value, read back.
logged read_back(std::string_view value)
{
    log_recorder const recorder;
    log_info("probe", {{"value", value}});
    std::vector<std::string> const lines = lines_of(recorder.text());
    REQUIRE(lines.size() == 1);
    result<logged> const line = json::parse<logged>(lines[0]);
    REQUIRE_MESSAGE(line, lines[0]);
    return *line;
}

call_context a_call()
{
    return {.service = "order",
            .request_id = small_text<64>{"mws8b9cw-n5g647rr"},
            .traceparent =
                small_text<55>{"00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"},
            .deadline = steady_time::max()};
}

}  // namespace

TEST_CASE("log: a JSON line names time, level, event, facts and the call it belongs to")
{
    log_recorder const recorder({log_format::json, log_level::info});
    call_scope const scope(a_call());
    log_warning("stock_low", {{"value", "mug"}, {"count", 3}});

    result<logged> const line = json::parse<logged>(recorder.text());
    REQUIRE(line);
    CHECK(parse_iso(line->time));
    CHECK(line->level == "warning");
    CHECK(line->event == "stock_low");
    CHECK(line->service == "order");
    CHECK(line->request_id == "mws8b9cw-n5g647rr");
    CHECK(line->trace_id == "0af7651916cd43dd8448eb211c80319c");
    CHECK(line->value == "mug");
    CHECK(line->count == 3);
}

TEST_CASE("log: no value can forge a line or a member, in either form")
{
    std::string const forged =
        "x\"}\r\n{\"level\":\"info\",\"event\":\"forged\"}\n\x1b[2J\x7f\xc2\x85\xe2\x80\xa8";
    SUBCASE("JSON")
    {
        log_recorder const recorder;
        log_info("login_failed", {{"value", forged}});
        CHECK(lines_of(recorder.text()).size() == 1);
        result<logged> const line = json::parse<logged>(recorder.text());
        REQUIRE(line);
        CHECK(line->event == "login_failed");
        CHECK(line->value == forged);
    }
    SUBCASE("text")
    {
        log_recorder const recorder({log_format::text, log_level::info});
        log_info("login_failed", {{"value", forged}});
        CHECK(lines_of(recorder.text()).size() == 1);
    }
    log_recorder const text({log_format::text, log_level::info});
    log_info("login_failed", {{"value", forged}});
    for (char const c : text.text())
        CHECK((static_cast<unsigned char>(c) >= 0x20 || c == '\n'));
    CHECK_FALSE(text.text().contains("\xc2\x85"));
    CHECK_FALSE(text.text().contains("\xe2\x80\xa8"));
}

TEST_CASE("log: values come back as they were, whatever is in them")
{
    for (std::string_view const value :
         {"plain", "", "two words", "\"quoted\"", "back\\slash", "tab\there", "Été – 東京 🛒",
          "a=b", "\x01\x1f", "€uro", "{\"json\":1}"})
    {
        CAPTURE(value);
        CHECK(read_back(value).value == value);
    }
}

TEST_CASE("log: invalid UTF-8 becomes replacement characters, so that the line stays JSON")
{
    CHECK(read_back("a\xff\xfe\"b").value == "a\xef\xbf\xbd\xef\xbf\xbd\"b");
    CHECK(read_back("\xc3").value == "\xef\xbf\xbd");
}

TEST_CASE("log: a value of 2,048 bytes is kept, a longer one cut at a character and marked")
{
    std::string const whole(fact_bytes_max, 'x');
    CHECK(read_back(whole).value == whole);
    CHECK(read_back(whole + "y").value == whole + "…");
    std::string const split = std::string(fact_bytes_max - 1, 'x') + "é";
    CHECK(read_back(split).value == std::string(fact_bytes_max - 1, 'x') + "…");
}

TEST_CASE("log: text for people puts service, event and facts behind time and level")
{
    log_recorder const recorder({log_format::text, log_level::info});
    call_scope const scope(a_call());
    log_info("order_placed", {{"order_id", std::int64_t{5}}, {"note", "two words"}});
    std::string const line = recorder.text();
    CHECK(
        line.contains(" info    order   order_placed order_id=5 note=\"two words\" "
                      "request_id=mws8b9cw-n5g647rr trace_id=0af7651916cd43dd8448eb211c80319c\n"));
}

TEST_CASE("log: a fact named like one of the call's replaces it instead of doubling it")
{
    log_recorder const recorder;
    call_scope const scope(a_call());
    log_info("listening", {{"service", "cart"}, {"requestId", "other"}});
    result<logged> const line = json::parse<logged>(recorder.text());
    REQUIRE_MESSAGE(line, "a repeated member would be refused");
    CHECK(line->service == "cart");
    CHECK(line->request_id == "other");
}

TEST_CASE("log: below its level nothing is written, at it everything")
{
    log_recorder const recorder({log_format::json, log_level::warning});
    CHECK_FALSE(log_wants(log_level::info));
    CHECK(log_wants(log_level::warning));
    log_debug("one");
    log_info("two");
    log_warning("three");
    log_error("four");
    std::string const text = recorder.text();
    CHECK_FALSE(text.contains("one"));
    CHECK_FALSE(text.contains("two"));
    CHECK(text.contains("three"));
    CHECK(text.contains("four"));
}

TEST_CASE("log: unsigned numbers beyond int64 are shown as the greatest, not as negative")
{
    log_recorder const recorder;
    log_info("big", {{"count", std::uint64_t{0xFFFF'FFFF'FFFF'FFFF}}});
    CHECK(recorder.text().contains("9223372036854775807"));
}

TEST_CASE("log: words for level and format are understood in any case, others refused")
{
    CHECK(parse_log_level("DEBUG") == log_level::debug);
    CHECK(parse_log_level("warn") == log_level::warning);
    CHECK(parse_log_level("Error") == log_level::error);
    CHECK_FALSE(parse_log_level("loud"));
    CHECK(parse_log_format("JSON") == log_format::json);
    CHECK_FALSE(parse_log_format("xml"));
}

TEST_CASE("log: four threads' lines stay whole")
{
    log_recorder const recorder;
    std::vector<std::thread> threads;
    for (int number = 0; number < 4; ++number)
        threads.emplace_back(
            [number]
            {
                for (int i = 0; i < 500; ++i)
                    log_info("tick",
                             {{"count", number * 1000 + i}, {"value", std::string(50, 'x')}});
            });
    for (std::thread& each : threads)
        each.join();
    std::vector<std::string> const lines = lines_of(recorder.text());
    CHECK(lines.size() == 2'000);
    for (std::string const& line : lines)
        REQUIRE(json::parse<logged>(line));
}

TEST_CASE("log: what a request's line costs (printed, not judged)")
{
    log_recorder const recorder;
    call_scope const scope(a_call());
    constexpr int runs = 20'000;
    std::chrono::steady_clock::time_point const begin = std::chrono::steady_clock::now();
    for (int i = 0; i < runs; ++i)
        log_info("request", {{"method", "GET"},
                             {"path", "/orders/17?full=true"},
                             {"status", 200},
                             {"us", 431},
                             {"user_id", 1234}});
    std::chrono::nanoseconds const took = std::chrono::steady_clock::now() - begin;
    MESSAGE("one request's JSON line: ", took.count() / runs, " ns");
}

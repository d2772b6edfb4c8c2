#include <string>
#include <string_view>

#include <fmt/format.h>

#include "bench/load.hpp"

namespace mc::bench
{

namespace
{

// Anything but printable ASCII becomes "?": it may be cut out of the middle of an answer.
std::string json_string(std::string_view text)
{
    std::string out = "\"";
    for (char const each : text)
    {
        if (each == '"' || each == '\\')
            out += '\\';
        out += each >= ' ' && each <= '~' ? each : '?';
    }
    return out + '"';
}

std::string latency_of(histogram const& from)
{
    return fmt::format(R"("measured":{},"p50_us":{},"p99_us":{},"p999_us":{},"max_us":{})",
                       from.count(), from.quantile(500), from.quantile(990), from.quantile(999),
                       from.max());
}

}  // namespace

std::string to_json(load_report const& report)
{
    double const rps =
        report.seconds > 0 ? static_cast<double>(report.requests) / report.seconds : 0;
    std::string parts;
    for (load_report::part const& each : report.parts)
        parts += fmt::format("{}{{\"name\":{},\"requests\":{},{}}}", parts.empty() ? "" : ",",
                             json_string(each.name), each.requests, latency_of(each.latency));
    std::string const classes = fmt::format(
        R"("by_class":{{"1xx":{},"2xx":{},"3xx":{},"4xx":{},"5xx":{}}})", report.by_class[1],
        report.by_class[2], report.by_class[3], report.by_class[4], report.by_class[5]);
    std::string const errors = fmt::format(
        R"("errors":{},"unexpected":{},"connection_failures":{},"unanswered":{},"reconnects":{},)"
        R"("first_unexpected":{})",
        report.errors(), report.unexpected, report.connection_failures, report.unanswered,
        report.reconnects, json_string(report.first_unexpected));
    return fmt::format(R"({{"asked":{},"requests":{},"seconds":{:.6f},"rps":{:.1f},{},{},{},)"
                       R"("bytes":{},"own_cpu_seconds":{:.6f},"parts":[{}]}})",
                       report.asked, report.requests, report.seconds, rps,
                       latency_of(report.latency), errors, classes, report.bytes,
                       report.own_cpu_seconds, parts);
}

}  // namespace mc::bench

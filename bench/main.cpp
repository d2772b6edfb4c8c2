#include <cstdio>
#include <exception>
#include <filesystem>
#include <string>

#include <CLI/CLI.hpp>
#include <fmt/format.h>

#include "bench/load.hpp"
#include "bench/machine.hpp"

int main(int argc, char** argv)
{
    CLI::App app{"Load generator and meter of the machine, driven by bench/run.py; every figure is "
                 "one line of JSON."};
    app.require_subcommand(1);

    mc::bench::load_options options;
    std::filesystem::path plan_file;
    CLI::App* const http =
        app.add_subcommand("http", "Ask what a plan file says and measure the answers");
    http->add_option("plan", plan_file, "Plan file, see bench/README.md")
        ->required()
        ->check(CLI::ExistingFile);
    http->add_option("--clients", options.clients, "One request in flight each")
        ->check(CLI::Range(1, 10'000));
    http->add_option("--seconds", options.seconds, "The measured time")
        ->check(CLI::Range(0.01, 86'400.0));
    http->add_option("--warm-up", options.warm_up_seconds, "Seconds before it")
        ->check(CLI::Range(0.0, 3'600.0));
    http->add_option("--drain", options.drain_seconds, "Seconds to wait for late answers")
        ->check(CLI::Range(0.0, 3'600.0));
    http->add_option("--requests", options.requests_max, "Stop after so many");
    http->add_option("--rate", options.rate, "Requests a second, open loop")
        ->check(CLI::Range(0.1, 1e7));

    std::filesystem::path folder;
    double seconds = 1;
    CLI::App* const disk = app.add_subcommand("disk", "fdatasync of 4 KiB appends and overwrites");
    CLI::App* const sqlite =
        app.add_subcommand("sqlite", "Raw SQLite commits, alone and in groups of 64");
    for (CLI::App* const each : {disk, sqlite})
    {
        each->add_option("folder", folder, "Where to write")
            ->required()
            ->check(CLI::ExistingDirectory);
        each->add_option("--seconds", seconds, "Per figure")->check(CLI::Range(0.01, 3'600.0));
    }
    CLI11_PARSE(app, argc, argv);

    try
    {
        std::string line;
        if (http->parsed())
        {
            mc::bench::plan asks = mc::bench::plan::read_from(plan_file);
            line = mc::bench::to_json(mc::bench::run_load(asks, options));
        }
        else if (disk->parsed())
            line = mc::bench::measure_disk(folder, seconds);
        else
            line = mc::bench::measure_sqlite(folder, seconds);
        fmt::print("{}\n", line);
        return 0;
    }
    catch (std::exception const& failed)
    {
        fmt::print(stderr, "bench_load: {}\n", failed.what());
        return 1;
    }
}

#include <cerrno>
#include <chrono>
#include <cstddef>
#include <system_error>
#include <vector>

#include <fcntl.h>
#include <unistd.h>

#include <fmt/format.h>

#include "bench/histogram.hpp"
#include "bench/machine.hpp"

namespace mc::bench
{

namespace
{

constexpr std::size_t block_bytes = 4096;
constexpr off_t overwritten_blocks = 256;

class scratch_file
{
public:
    explicit scratch_file(std::filesystem::path path)
        : path_(std::move(path)),
          descriptor_(::open(path_.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0600))
    {
        if (descriptor_ < 0)
            throw std::system_error(errno, std::generic_category(), path_.string());
    }
    scratch_file(scratch_file const&) = delete;
    ~scratch_file()
    {
        ::close(descriptor_);
        ::unlink(path_.c_str());
    }

    void write_block(off_t block)
    {
        ssize_t const written = ::pwrite(descriptor_, block_.data(), block_bytes,
                                         block * static_cast<off_t>(block_bytes));
        if (written != static_cast<ssize_t>(block_bytes))
            throw std::system_error(errno, std::generic_category(),
                                    "cannot write " + path_.string());
    }

    void sync()
    {
        if (::fdatasync(descriptor_) != 0)
            throw std::system_error(errno, std::generic_category(),
                                    "cannot sync " + path_.string());
    }

private:
    std::filesystem::path path_;
    int descriptor_;
    std::vector<char> block_ = std::vector<char>(block_bytes, 'x');
};

// Writes and syncs block after block; `wrap` blocks are used again and again, 0: never.
histogram timed(scratch_file& file, double seconds, off_t wrap)
{
    using clock = std::chrono::steady_clock;
    histogram taken;
    auto const end = clock::now() + std::chrono::duration<double>(seconds);
    for (off_t i = 0; clock::now() < end; ++i)
    {
        clock::time_point const start = clock::now();
        file.write_block(wrap == 0 ? i : i % wrap);
        file.sync();
        auto const micros =
            std::chrono::duration_cast<std::chrono::microseconds>(clock::now() - start);
        taken.record(static_cast<std::uint64_t>(micros.count()));
    }
    return taken;
}

std::string as_json(histogram const& taken)
{
    return fmt::format(R"({{"count":{},"p50_us":{},"p99_us":{},"max_us":{}}})", taken.count(),
                       taken.quantile(500), taken.quantile(990), taken.max());
}

}  // namespace

std::string measure_disk(std::filesystem::path const& folder, double seconds)
{
    scratch_file appended(folder / "bench-append");
    histogram const append = timed(appended, seconds, 0);

    scratch_file kept(folder / "bench-overwrite");
    for (off_t block = 0; block < overwritten_blocks; ++block)
        kept.write_block(block);
    kept.sync();
    histogram const overwrite = timed(kept, seconds, overwritten_blocks);
    return fmt::format(R"({{"append":{},"overwrite":{}}})", as_json(append), as_json(overwrite));
}

}  // namespace mc::bench

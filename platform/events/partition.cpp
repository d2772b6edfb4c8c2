#include <cstdint>

#include "platform/events/event_log.hpp"

namespace mc
{

namespace
{

std::uint32_t byte_at(std::string_view bytes, std::size_t at)
{
    return static_cast<unsigned char>(bytes[at]);
}

// org.apache.kafka.common.utils.Utils.murmur2: 32 bits, seed 0x9747b28c.
std::uint32_t murmur2(std::string_view bytes)
{
    constexpr std::uint32_t mix = 0x5bd1e995;
    std::uint32_t hash = 0x9747b28c ^ static_cast<std::uint32_t>(bytes.size());
    std::size_t at = 0;
    for (; at + 4 <= bytes.size(); at += 4)
    {
        std::uint32_t word = byte_at(bytes, at) | byte_at(bytes, at + 1) << 8 |
                             byte_at(bytes, at + 2) << 16 | byte_at(bytes, at + 3) << 24;
        word *= mix;
        word ^= word >> 24;
        word *= mix;
        hash *= mix;
        hash ^= word;
    }
    std::size_t const left = bytes.size() - at;
    if (left >= 3)
        hash ^= byte_at(bytes, at + 2) << 16;
    if (left >= 2)
        hash ^= byte_at(bytes, at + 1) << 8;
    if (left >= 1)
    {
        hash ^= byte_at(bytes, at);
        hash *= mix;
    }
    hash ^= hash >> 13;
    hash *= mix;
    hash ^= hash >> 15;
    return hash;
}

}  // namespace

int partition_of(std::string_view key, int partitions) noexcept
{
    return static_cast<int>((murmur2(key) & 0x7fffffffU) % static_cast<std::uint32_t>(partitions));
}

}  // namespace mc

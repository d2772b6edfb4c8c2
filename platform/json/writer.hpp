#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

namespace mc::json
{

// Appends JSON to a text. It writes through a pointer into spare room of `out`; `out` has its right
// size again when the writer is gone, and is nobody else's business until then.
class writer
{
public:
    explicit writer(std::string& out);
    writer(writer const&) = delete;
    writer& operator=(writer const&) = delete;
    ~writer();

    void raw(std::string_view json);  // As it is.
    // Quoted; control characters, quotes and backslashes escaped.
    void text(std::string_view utf8);
    void integer(std::int64_t number);
    void unsigned_integer(std::uint64_t number);
    void iso(std::int64_t epoch_ms);  // Quoted ISO time.
    template <class T>
    void value(T const& of);  // Defined in write.hpp.

    void put(char c)
    {
        *room(1) = c;
        ++at_;
    }
    void small(std::string_view json)  // raw() for a few bytes, inlined.
    {
        char* const to = room(json.size());
        __builtin_memcpy(to, json.data(), json.size());
        at_ += json.size();
    }

    // Of an object or array being written: every element begins with a comma, and the first comma
    // becomes the opening bracket at the end. No element needs to know whether it is the first.
    std::size_t begin() const noexcept { return at_; }
    void end(std::size_t begun, char open, char close)
    {
        if (begun == at_)
            put(open);
        else
            data_[begun] = open;
        put(close);
    }

private:
    char* room(std::size_t bytes)
    {
        if (size_ - at_ < bytes) [[unlikely]]
            grow(bytes);
        return data_ + at_;
    }
    void grow(std::size_t bytes);

    std::string& out_;
    char* data_;      // Of out_, whose size is size_ while this writer lives.
    std::size_t at_;  // Where the next byte goes.
    std::size_t size_;
};

}  // namespace mc::json

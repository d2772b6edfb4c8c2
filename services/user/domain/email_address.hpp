#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace mc::user_service
{

inline constexpr std::size_t email_bytes_max = 255;        // The contract's column.
inline constexpr std::size_t email_local_bytes_max = 64;   // RFC 5321 §4.5.3.1.1
inline constexpr std::size_t domain_label_bytes_max = 63;  // RFC 1035 §2.3.4

// The key under which two addresses are the same account, whatever their case, the blanks around
// them, and the forms of their letters (full-width, an ideographic full stop). Of anything a client
// typed, also of what is no address.
std::string email_key_of(std::string_view typed);

// An address mail can be sent to: the dot-string form of RFC 5321 §4.1.2 (no quoted local part, no
// address literal), with letters of other scripts as RFC 6531 allows, but nothing that cannot be
// seen: it would look like another's. Kept in lower case.
class email_address
{
public:
    // Trims; nothing when it is anything else.
    static std::optional<email_address> from(std::string_view typed);

    std::string const& value() const noexcept { return value_; }
    std::string key() const { return email_key_of(value_); }

private:
    explicit email_address(std::string value) : value_(std::move(value)) {}
    std::string value_;
};

}  // namespace mc::user_service

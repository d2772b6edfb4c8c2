#pragma once

#include <atomic>
#include <memory>
#include <string>
#include <string_view>

#include "platform/mail/mail_sender.hpp"

// The two ways a finished message leaves. Not for services.
namespace mc::mail_delivery
{

struct letter
{
    std::string_view from;  // Addresses of the envelope.
    std::string_view to;
    std::string_view file_name;
    std::string_view message;  // RFC 5322.
};

struct outcome
{
    enum class what
    {
        sent,
        refused,  // Of this mail.
        away      // Of the server or the disk: the next mail would fail as well.
    };

    what is = what::sent;
    std::string reason;  // Never an address or content.
};

class way
{
public:
    virtual ~way() = default;
    virtual outcome deliver(letter const& out) = 0;
    virtual void rest() {}  // Nothing to send for a while: let connections go.
};

// `stopping` cuts a conversation short; then the mail counts as not sent.
std::unique_ptr<way> by_smtp(smtp_options options, std::atomic<bool> const& stopping);
std::unique_ptr<way> into_folder(std::filesystem::path folder);

}  // namespace mc::mail_delivery

#include "services/user/domain/reset_code.hpp"

#include "platform/core/encoding.hpp"

namespace mc::user_service
{

code_verdict judged(reset_code const& newest, std::string const& guess_mac, timestamp now)
{
    if (!equal_in_constant_time(newest.code_mac, guess_mac))
        return code_verdict::wrong;
    if (newest.used_at)
        return code_verdict::used;
    if (now >= newest.expires_at)
        return code_verdict::expired;
    return code_verdict::right;
}

}  // namespace mc::user_service

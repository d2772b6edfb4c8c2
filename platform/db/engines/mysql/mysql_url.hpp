#pragma once

#include <string_view>

#include "platform/core/result.hpp"
#include "platform/db/engines/mysql/mysql_engine.hpp"

namespace mc
{

// mysql://user[:password]@host[:port]/schema[?tls=off|required|verified&tls_ca=FILE]; user,
// password and schema may be percent-escaped, an IPv6 address stands in brackets. `invalid` says
// what is wrong and never repeats the address, which may hold a password.
result<mysql_options> mysql_url(std::string_view address);

}  // namespace mc

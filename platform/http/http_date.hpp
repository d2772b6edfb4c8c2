#pragma once

#include <string>

#include "platform/core/time.hpp"

namespace mc::http
{

// Appends "Date: Sun, 06 Nov 1994 08:49:37 GMT\r\n" (RFC 9110 §5.6.7, §6.6.1), the milliseconds
// cut off. What a thread wrote last it writes again within the same second, so that an answer costs
// a comparison and a copy; an answer that is given twice still carries the time of its sending.
// Years outside of 0000 to 9999 come out as the first or the last moment the form can tell.
void append_date_header(std::string& out, timestamp at);

}  // namespace mc::http

#pragma once

namespace mc::http
{
class router;
}  // namespace mc::http

namespace mc::http::testing
{

// A small service to test with; its handlers are in sample_routes.cpp.
void add_sample_routes(router& to);

}  // namespace mc::http::testing

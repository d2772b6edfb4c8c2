#include "platform/observe/call.hpp"

namespace mc
{

namespace
{

thread_local constinit call_context running{};

}  // namespace

// Not inline on purpose: a coroutine that was resumed on another thread must ask again for the
// address of the thread's variable, and a compiler that sees the body may keep the old one.
[[gnu::noinline]] call_context const& this_call() noexcept { return running; }

[[gnu::noinline]] call_scope::call_scope(call_context const& call) noexcept : before_(running)
{
    running = call;
}

[[gnu::noinline]] call_scope::~call_scope() { running = before_; }

}  // namespace mc

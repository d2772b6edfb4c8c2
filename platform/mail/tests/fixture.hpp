#pragma once

#include <chrono>
#include <functional>
#include <thread>

#include "platform/core/time.hpp"

namespace mc::mail_test
{

// Waits for a fact that another thread brings about; false when it did not come true in a long
// time.
inline bool eventually(std::function<bool()> const& is_true)
{
    steady_time const until = std::chrono::steady_clock::now() + std::chrono::seconds(60);
    while (!is_true())
    {
        if (std::chrono::steady_clock::now() > until)
            return false;
        std::this_thread::sleep_for(std::chrono::microseconds(200));
    }
    return true;
}

}  // namespace mc::mail_test

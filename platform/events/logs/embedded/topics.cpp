#include "platform/events/logs/embedded/topics.hpp"

#include <mutex>
#include <utility>

namespace mc::embedded
{

topic_state* topic_map::find(std::string_view name) const
{
    std::shared_lock const lock(mutex_);
    auto const found = topics_.find(name);
    return found == topics_.end() ? nullptr : found->second.get();
}

void topic_map::add(std::unique_ptr<topic_state> made)
{
    std::lock_guard const lock(mutex_);
    std::string name = made->name;
    topics_.try_emplace(std::move(name), std::move(made));
}

void topic_map::for_each(std::function<void(topic_state&)> const& visit) const
{
    std::shared_lock const lock(mutex_);
    for (auto const& [name, topic] : topics_)
        visit(*topic);
}

}  // namespace mc::embedded

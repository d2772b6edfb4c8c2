#include "apps/microcommerce/import_node/old_schema.hpp"

#include <utility>

#include <fmt/format.h>

#include "apps/microcommerce/commands.hpp"

namespace mc::app::import_node
{

old_schema::old_schema(mysql_options at)
    : place_(fmt::format("{} at {}:{}", at.schema, at.host, at.port)),
      source_(make_mysql_engine(std::move(at))),
      on_(source_->connect(engine::purpose::read))
{}

void old_schema::refuse(std::string const& why) const
{
    throw failed(fmt::format("{} does not look like the Node.js system's schema: {}", place_, why));
}

}  // namespace mc::app::import_node

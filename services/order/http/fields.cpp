#include "services/order/http/fields.hpp"

#include "platform/json/write.hpp"

namespace mc::json
{

using order_service::order_quantity;
using order_service::order_quantity_max;

void codec<order_quantity>::read(reader& from, order_quantity& into)
{
    bounded<1, order_quantity_max> units;
    bool const is_quantity =
        from.quietly(&units, [](reader& value, void* number)
                     { value.read(*static_cast<bounded<1, order_quantity_max>*>(number)); });
    into.units = is_quantity ? units.value() : 0;
}

void codec<order_quantity>::write(writer& to, order_quantity const& value)
{
    to.value(value.units);
}

void codec<order_quantity>::schema(schema_writer& to) { to.integer(1, order_quantity_max); }

}  // namespace mc::json

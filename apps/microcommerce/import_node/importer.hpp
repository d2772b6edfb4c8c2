#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>

#include "apps/microcommerce/import_node/old_schema.hpp"
#include "apps/microcommerce/import_node/options.hpp"
#include "apps/microcommerce/import_node/pages.hpp"
#include "apps/microcommerce/import_node/people.hpp"
#include "apps/microcommerce/import_node/report.hpp"
#include "platform/core/time.hpp"
#include "services/order/imports/old_order.hpp"
#include "services/product/imports/old_catalogue.hpp"

namespace mc::app::import_node
{

// The services' databases that are here, by service. Where one is missing, another process or the
// Node.js system has its rows.
using databases = std::map<std::string, std::unique_ptr<database>, std::less<>>;

// Brings in what the schemas hold, one kind of row after the other: what others refer to first.
class importer
{
public:
    importer(options const& asked, std::map<std::string, old_schema>& from, databases& into,
             report& about, clock const& now);

    void run();

private:
    void users();
    void catalogue();
    // Of products in a rehearsal, what carts would find.
    void note_rehearsed(std::vector<product_service::imports::old_product_with_images> const& rows,
                        std::vector<mc::imports::verdict> const& verdicts);
    void carts();
    void orders();
    void note_open(std::vector<order_service::imports::old_order_with_items> const& rows,
                   std::vector<mc::imports::verdict> const& verdicts);
    void leave_out_numbers();

    old_schema* old(std::string_view service);
    database* here(std::string_view service);

    template <class Row>
    kind_of_row<Row> plan(std::string_view name);
    mc::imports::surroundings around_carts(std::set<std::int64_t> const& owners,
                                           std::set<std::int64_t> const& products);
    void show_progress(std::string_view name);

    options const& asked_;
    std::map<std::string, old_schema>& from_;
    databases& into_;
    report& about_;
    clock const& now_;
    people people_;
    // In a rehearsal the products that would be here.
    std::map<std::int64_t, mc::imports::product_fact> rehearsed_products_;
    steady_time next_progress_ = {};
};

}  // namespace mc::app::import_node

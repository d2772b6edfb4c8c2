#pragma once

#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>

#include "platform/db/engines/mysql/mysql_engine.hpp"
#include "platform/db/snapshot.hpp"

namespace mc::app::import_node
{

// One schema of the Node.js system, read and never written: its sessions are read-only.
class old_schema
{
public:
    // Connects. `outage` when it cannot, with a sentence that names no password.
    explicit old_schema(mysql_options at);

    // Answers from one snapshot of the schema. `outage` when the server goes away, `failed` when
    // the schema is another than that system's.
    template <class R, class... P>
    R read(R (*query)(snapshot&, P...), std::type_identity_t<P>... arguments)
    {
        on_->begin_read();
        try
        {
            snapshot in(*on_);
            R answer = query(in, arguments...);
            on_->commit();
            return answer;
        }
        catch (std::logic_error const& strange)
        {
            on_->rollback();
            refuse(strange.what());
        }
        catch (...)
        {
            on_->rollback();
            throw;
        }
    }

private:
    [[noreturn]] void refuse(std::string const& why) const;

    std::string place_;
    std::unique_ptr<engine::source> source_;
    std::unique_ptr<engine::connection> on_;
};

}  // namespace mc::app::import_node

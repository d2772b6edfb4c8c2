#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "platform/core/bounded.hpp"
#include "platform/core/row_window.hpp"
#include "platform/http/handler.hpp"

namespace mc::http
{

inline constexpr std::int64_t page_max = 100'000;
inline constexpr std::int64_t page_size_max = 100;
inline constexpr std::int64_t page_size_default = 20;

using page_number = bounded<1, page_max>;
using page_length = bounded<1, page_size_max>;

enum class paging
{
    not_asked,  // Neither parameter was given: the contract's shape, at most page_size_max rows.
    asked       // The same shape with page, pageSize, total and totalPages.
};

// The page a list shows.
struct page_window
{
    paging was = paging::not_asked;
    std::int64_t page = 1;
    std::int64_t page_size = page_size_max;

    std::int64_t limit() const noexcept { return page_size; }
    std::int64_t offset() const noexcept { return (page - 1) * page_size; }
    row_window rows() const noexcept { return {.limit = limit(), .offset = offset()}; }
    std::int64_t pages_of(std::int64_t total) const noexcept
    {
        return (total + page_size - 1) / page_size;
    }
};

// For the members `page` and `page_size` of a query struct.
page_window window_of(std::optional<page_number> page,
                      std::optional<page_length> page_size) noexcept;

// Fills the members `page`, `page_size`, `total` and `total_pages` of a list's view when the caller
// asked for a page of it.
template <class View>
void tell_page(View& view, page_window window, std::int64_t total)
{
    if (window.was == paging::not_asked)
        return;
    view.page = window.page;
    view.page_size = window.page_size;
    view.total = total;
    view.total_pages = window.pages_of(total);
}

// X-Total-Count, and Link (RFC 8288) with first, prev, next and last as far as there are such
// pages. The links are the caller's own target with page and pageSize replaced, relative to the
// host.
std::vector<header> list_headers(caller const& from, page_window window, std::int64_t total);

}  // namespace mc::http

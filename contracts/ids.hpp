#pragma once

// The entities whose numbers travel between services. Each is defined by the service that owns it,
// in its domain/; everybody else needs only the tag: id_of<order>.
namespace mc
{
struct user;
struct address;  // NOLINT(bugprone-forward-declaration-namespace): others have one of their own.
struct category;
struct product;
struct product_image;
struct cart;
struct cart_item;
struct order;
struct order_item;
}  // namespace mc

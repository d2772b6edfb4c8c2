#pragma once

#include <string>

#include "platform/core/awaitable.hpp"
#include "platform/core/text.hpp"
#include "platform/http/handler.hpp"
#include "platform/json/describe.hpp"
#include "services/product/deps.hpp"

namespace mc::product_service
{

struct picture_path
{
    text<1, 100> name;  // "stoneware-mug.svg"
};
MC_DESCRIBE(picture_path, name)

// A drawing for a product of the demonstration, so that it shows something without any network. 404
// for every other name.
awaitable<result<http::raw_reply>> get_picture(deps& use, http::path<picture_path> at);

}  // namespace mc::product_service

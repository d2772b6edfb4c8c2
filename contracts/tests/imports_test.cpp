#include "contracts/imports.hpp"

#include <doctest/doctest.h>

namespace mc::imports
{

TEST_CASE("one_line: blanks around it and control characters go, and what is too long")
{
    line const plain = one_line("  Amélie 世界 ", 150);
    CHECK(plain.value == "Amélie 世界");
    CHECK(!plain.is_cleaned);
    CHECK(!plain.is_cut);

    using namespace std::string_view_literals;
    line const dirty = one_line("a\0b\tc\xc2\x85"sv, 150);
    CHECK(dirty.value == "a b c");
    CHECK(dirty.is_cleaned);

    CHECK(one_line("éééé", 4).value == "éééé");
    CHECK(!one_line("éééé", 4).is_cut);
    line const cut = one_line("ééé é", 4);
    CHECK(cut.value == "ééé");
    CHECK(cut.is_cut);
    CHECK(one_line("\n\n", 4).value.empty());
}

TEST_CASE("whole_number: all of the text or nothing")
{
    CHECK(whole_number("0") == 0);
    CHECK(whole_number("-7") == -7);
    CHECK(whole_number("4294967295") == 4'294'967'295);
    for (std::string const no : {"", "1.0", "7 ", "1e3", "NaN", "9223372036854775808"})
        CHECK(!whole_number(no));
    CHECK(!whole_number(std::nullopt));
}

TEST_CASE("moment: what MySQL gives for an impossible date is no moment")
{
    CHECK(moment(1'700'000'000'123) == from_epoch_ms(1'700'000'000'123));
    CHECK(!moment(0));
    CHECK(!moment(-5));
    CHECK(!moment(std::nullopt));
}

TEST_CASE("surroundings: a product is found by its number")
{
    surroundings const around{
        .others = {},
        .unknown = {},
        .facts = {{id_of<product>(3), {}, true}, {id_of<product>(9), {}, false}}};
    CHECK(around.find(3)->is_offered);
    CHECK(!around.find(9)->is_offered);
    CHECK(around.find(4) == nullptr);
    CHECK(around.find(10) == nullptr);
}

}  // namespace mc::imports

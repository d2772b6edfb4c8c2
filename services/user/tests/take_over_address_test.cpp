#include "services/user/imports/take_over_address.hpp"

#include <doctest/doctest.h>

#include <algorithm>
#include <string>

#include "services/user/imports/country_names.hpp"

namespace mc::user_service::imports
{
namespace
{

constexpr timestamp now = from_epoch_ms(1'800'000'000'000);
constexpr std::int64_t made = 1'700'000'000'000;

old_address home()
{
    return {.id = 7,
            .user_id = 3,
            .label = "home",
            .receiver_name = "Carl Doe",
            .phone = "+20 2 1234",
            .country = "Egypt",
            .state = "Cairo",
            .city = "Cairo",
            .postal_code = "11511",
            .address_line1 = "1 Tahrir St",
            .address_line2 = "Floor 3",
            .is_default_shipping = "0",
            .created_at = made,
            .updated_at = made + 1000};
}

bool is_mended(judged_address const& judged, mc::imports::reason why)
{
    return std::ranges::find(judged.mended, why.code, &mc::imports::reason::code) !=
           judged.mended.end();
}

}  // namespace

TEST_CASE("judge: a good address comes as it is, its country as a code")
{
    judged_address const judged = judge(home(), {}, now);
    CHECK(!judged.skip);
    CHECK(judged.mended.empty());
    address const& shown = judged.made;
    CHECK(shown.id.value == 7);
    CHECK(shown.user_id.value == 3);
    CHECK(shown.label == "home");
    CHECK(shown.name == "Carl Doe");
    CHECK(shown.line1 == "1 Tahrir St");
    CHECK(shown.line2 == "Floor 3");
    CHECK(shown.city == "Cairo");
    CHECK(shown.region == "Cairo");
    CHECK(shown.postal_code == "11511");
    CHECK(shown.country == "EG");
    CHECK(shown.phone == "+20 2 1234");
    CHECK(epoch_ms(shown.created_at) == made);
    CHECK(epoch_ms(shown.updated_at) == made + 1000);
    CHECK(shown.chosen_at == timestamp{});
}

TEST_CASE("judge: the default there was chosen when it was last changed")
{
    old_address old = home();
    old.is_default_shipping = "1";
    CHECK(epoch_ms(judge(old, {}, now).made.chosen_at) == made + 1000);
    old.updated_at = std::nullopt;
    CHECK(epoch_ms(judge(old, {}, now).made.chosen_at) == made);
}

TEST_CASE("judge: without street, city or country there is nowhere to send a parcel")
{
    for (auto const member : {&old_address::address_line1, &old_address::city})
        for (std::optional<std::string> const& none :
             {std::optional<std::string>(), std::optional<std::string>(" \n ")})
        {
            old_address old = home();
            old.*member = none;
            judged_address const judged = judge(old, {}, now);
            REQUIRE(judged.skip);
            CHECK(judged.skip->code == street_missing.code);
        }
    old_address old = home();
    old.country = "Atlantis";
    REQUIRE(judge(old, {}, now).skip);
    CHECK(judge(old, {}, now).skip->code == country_unknown.code);
}

TEST_CASE("judge: whose it is decides whether it comes")
{
    mc::imports::surroundings around;
    around.others = {3};
    CHECK(judge(home(), around, now).skip->code == mc::imports::owner_is_another.code);
    around.others = {};
    around.unknown = {3};
    CHECK(judge(home(), around, now).skip->code == owner_unknown.code);
    old_address old = home();
    old.user_id = 0;
    CHECK(judge(old, {}, now).skip->code == owner_missing.code);
    old.id = -1;
    CHECK(judge(old, {}, now).skip->code == mc::imports::number_unusable.code);
}

TEST_CASE("judge: lines are cut and cleaned, and it is said once")
{
    old_address old = home();
    old.address_line1 = std::string(255, 'x');
    old.address_line2 = "a\tb";
    judged_address const judged = judge(old, {}, now);
    CHECK(!judged.skip);
    CHECK(judged.made.line1 == std::string(200, 'x'));
    CHECK(judged.made.line2 == "a b");
    REQUIRE(judged.mended.size() == 1);
    CHECK(is_mended(judged, address_text));
}

TEST_CASE("judge: what is empty there is nothing here, and a parcel without a name says so")
{
    old_address old = home();
    old.label = "";
    old.phone = " ";
    old.state = std::nullopt;
    old.receiver_name = "";
    old.created_at = 0;
    judged_address const judged = judge(old, {}, now);
    CHECK(!judged.skip);
    CHECK(!judged.made.label);
    CHECK(!judged.made.phone);
    CHECK(!judged.made.region);
    CHECK(is_mended(judged, receiver_missing));
    CHECK(is_mended(judged, mc::imports::time_missing));
}

TEST_CASE("countries: codes in either case, names however they are written, nothing else")
{
    for (auto const& [typed, code] :
         std::vector<std::pair<std::string, std::string>>{{"de", "DE"},
                                                          {" EG ", "EG"},
                                                          {"egypt", "EG"},
                                                          {"United States", "US"},
                                                          {"U.S.A.", "US"},
                                                          {"United Kingdom", "GB"},
                                                          {"Côte d'Ivoire", "CI"},
                                                          {"TÜRKIYE", "TR"},
                                                          {"Tanzania", "TZ"},
                                                          {"Republic of Korea", "KR"},
                                                          {"Holy See (Vatican City State)", "VA"},
                                                          {"afghanistan", "AF"},
                                                          {"Zimbabwe", "ZW"}})
    {
        CAPTURE(typed);
        CHECK(country_code_of(typed) == code);
    }
    for (std::string const none : {"", " ", "XX", "E", "land", "gypt", "egyp", "EG=", "DE AT"})
    {
        CAPTURE(none);
        CHECK(!country_code_of(none));
    }
}

TEST_CASE("state_of: when it was written again with nothing new, it is unchanged")
{
    old_address old = home();
    std::string const before = state_of(old);
    old.updated_at = made + 5000;
    CHECK(state_of(old) == before);
    old.is_default_shipping = "1";
    CHECK(state_of(old) != before);
}

}  // namespace mc::user_service::imports

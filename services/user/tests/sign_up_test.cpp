#include <doctest/doctest.h>

#include <algorithm>

#include "contracts/user_events.hpp"
#include "services/user/tests/fixture.hpp"

namespace mc::user_service
{
namespace
{

struct bad_account
{
    std::string_view why;
    std::string_view body;
    std::string_view message;
};

// The first wrong field in the order name, email, password decides.
bad_account const bad_accounts[] = {
    {"nothing", "", "Name is required"},
    {"no members", "{}", "Name is required"},
    {"an array", "[]", "Name is required"},
    {"not JSON", "{", "Invalid JSON body"},
    {"name null", R"({"name":null,"email":"a@example.com","password":"Correct-Horse-7f3a"})",
     "Name is required"},
    {"name blank", R"({"name":" \t","email":"a@example.com","password":"Correct-Horse-7f3a"})",
     "Name is required"},
    {"name a number", R"({"name":7,"email":"a@example.com","password":"Correct-Horse-7f3a"})",
     "Name is required"},
    {"name with a line break",
     R"({"name":"a\nb","email":"a@example.com","password":"Correct-Horse-7f3a"})",
     "Name must not hold control characters"},
    {"no email", R"({"name":"A","password":"Correct-Horse-7f3a"})", "Email is required"},
    {"email blank", R"({"name":"A","email":"  ","password":"Correct-Horse-7f3a"})",
     "Email is required"},
    {"email an array", R"({"name":"A","email":["a@example.com"],"password":"Correct-Horse-7f3a"})",
     "Email is required"},
    {"email without @", R"({"name":"A","email":"a.example.com","password":"Correct-Horse-7f3a"})",
     "Email must be a valid address"},
    {"no password", R"({"name":"A","email":"a@example.com"})",
     "Password must be at least 8 characters"},
    {"password a number", R"({"name":"A","email":"a@example.com","password":12345678})",
     "Password must be at least 8 characters"},
    {"password of seven", R"({"name":"A","email":"a@example.com","password":"Xy7-Zq!"})",
     "Password must be at least 8 characters"},
    {"a common password", R"({"name":"A","email":"a@example.com","password":"Password123"})",
     "Password is too common, please choose another one"},
    {"everything wrong", R"({"name":"","email":"","password":""})", "Name is required"},
    {"email and password wrong", R"({"name":"A","email":"","password":""})", "Email is required"},
    {"a member twice",
     R"({"name":"A","name":"B","email":"a@example.com","password":"Correct-Horse-7f3a"})",
     "name is given more than once"},
};

}  // namespace

TEST_CASE("sign_up: answers exactly the contract's user object")
{
    user_fixture shop;
    auto const made =
        shop.nobody().post("/auth/signup", shop.account_body("  Zoë 张 ", "  Alice@Example.COM "));
    CHECK(made.status == 201);
    CHECK(made.body == R"({"id":1,"name":"Zoë 张","email":"alice@example.com","role":"user",)"
                       R"("accountStatus":"active"})");
}

TEST_CASE("sign_up: ignores what is not the caller's to say")
{
    user_fixture shop;
    auto const made = shop.nobody().post(
        "/auth/signup",
        R"({"name":"A","email":"a@example.com","password":"Correct-Horse-7f3a","role":"admin",)"
        R"("accountStatus":"blocked","id":99})");
    CHECK(made.status == 201);
    CHECK(made.member("id") == "1");
    CHECK(made.member("role") == "\"user\"");
    CHECK(made.member("accountStatus") == "\"active\"");
}

TEST_CASE("sign_up: a bad account is refused in the contract's words and told to nobody")
{
    user_fixture shop;
    person const admin = shop.admin();
    for (bad_account const& row : bad_accounts)
    {
        CAPTURE(row.why);
        auto const open = shop.nobody().post("/auth/signup", std::string(row.body));
        CHECK(open.status == 400);
        CHECK(open.message() == row.message);
        auto const by_admin = shop.as(admin).post("/users", std::string(row.body));
        CHECK(by_admin.status == 400);
        CHECK(by_admin.message() == row.message);
    }
    CHECK(shop.published<contracts::user_created>().size() == 1);  // The admin.
}

TEST_CASE("sign_up: lists every wrong field")
{
    user_fixture shop;
    auto const refused = shop.nobody().post("/auth/signup", R"({"name":"","email":"x"})");
    CHECK(refused.member("errors") ==
          R"([{"field":"name","rule":"required","message":"Name is required"},)"
          R"({"field":"email","rule":"format","message":"Email must be a valid address"},)"
          R"({"field":"password","rule":"required",)"
          R"("message":"Password must be at least 8 characters"}])");
}

TEST_CASE("sign_up: the limits hold on both sides")
{
    user_fixture shop;
    std::string const name_150(150, 'n');
    std::string longest;
    for (int n = 0; n < 128; ++n)
        longest += "𝒜";
    CHECK(shop.nobody().post("/auth/signup", shop.account_body(name_150, "a@example.com")).status ==
          201);
    auto const long_name =
        shop.nobody().post("/auth/signup", shop.account_body(name_150 + "n", "b@example.com"));
    CHECK(long_name.status == 400);
    CHECK(long_name.message() == "Name must be at most 150 characters");

    CHECK(shop.nobody()
              .post("/auth/signup", shop.account_body("A", "c@example.com", longest))
              .status == 201);
    CHECK(shop.log_in("c@example.com", longest).status == 200);
    auto const too_long =
        shop.nobody().post("/auth/signup", shop.account_body("A", "d@example.com", longest + "x"));
    CHECK(too_long.status == 400);
    CHECK(too_long.message() == "Password must be at most 128 characters");
    CHECK(shop.nobody()
              .post("/auth/signup", shop.account_body("A", "e@example.com", "Xy7-Zq!w"))
              .status == 201);

    std::string const domain(60, 'd');
    std::string const email_255 =
        std::string(64, 'l') + "@" + domain + "." + domain + "." + domain + ".abcdefg";
    REQUIRE(email_255.size() == 255);
    CHECK(shop.nobody().post("/auth/signup", shop.account_body("A", email_255)).status == 201);
    auto const long_email =
        shop.nobody().post("/auth/signup", shop.account_body("A", email_255 + "h"));
    CHECK(long_email.status == 400);
    CHECK(long_email.message() == "Email must be at most 255 characters");
}

TEST_CASE("sign_up: an address is taken whatever its case")
{
    user_fixture shop;
    shop.sign_up("alice@example.com");
    for (std::string_view const email :
         {"alice@example.com", "ALICE@EXAMPLE.COM", " Alice@Example.com "})
    {
        auto const refused = shop.nobody().post("/auth/signup", shop.account_body("B", email));
        CHECK(refused.status == 409);
        CHECK(refused.message() == "Email already exists");
        CHECK(refused.code() == "user.email_exists");
    }
    CHECK(shop.published<contracts::user_created>().size() == 1);
}

TEST_CASE("sign_up: of eight at once with one address exactly one wins")
{
    user_fixture shop;
    std::vector<int> const statuses = statuses_of(
        8, [&](int)
        { return shop.nobody().post("/auth/signup", shop.account_body("A", "a@example.com")); });
    CHECK(std::ranges::count(statuses, 201) == 1);
    CHECK(std::ranges::count(statuses, 409) == 7);
    CHECK(shop.published<contracts::user_created>().size() == 1);
}

TEST_CASE("create_user: an admin makes accounts of every role")
{
    user_fixture shop;
    person const admin = shop.admin();
    struct row
    {
        std::string_view role;
        std::string_view becomes;
    };
    int number = 0;
    for (row const& each : {row{R"("user")", "\"user\""}, row{R"("supplier")", "\"supplier\""},
                            row{R"(" ADMIN ")", "\"admin\""}, row{"null", "\"user\""}})
    {
        auto const made = shop.as(admin).post(
            "/users",
            fmt::format(R"({{"name":"S","email":"s{}@example.com",)"
                        R"("password":"Correct-Horse-7f3a","role":{},"accountStatus":"blocked"}})",
                        ++number, each.role));
        CAPTURE(each.role);
        CHECK(made.status == 201);
        CHECK(made.member("role") == each.becomes);
        CHECK(made.member("accountStatus") == "\"active\"");
        CHECK(made.members() == "id,name,email,role,accountStatus");
    }
    for (std::string_view const role : {R"("root")", R"("")", "1", "true", R"(["admin"])"})
    {
        CAPTURE(role);
        auto const refused = shop.as(admin).post(
            "/users", fmt::format(R"({{"name":"S","email":"z@example.com",)"
                                  R"("password":"Correct-Horse-7f3a","role":{}}})",
                                  role));
        CHECK(refused.status == 400);
        CHECK(refused.message() == "Role must be one of: user, admin, supplier");
    }
    CHECK(shop.as(admin).post("/users", shop.account_body("S", "S1@example.com")).message() ==
          "Email already exists");
}

TEST_CASE("create_user: nobody else makes accounts")
{
    user_fixture shop;
    person const alice = shop.user("alice@example.com");
    for (std::string_view const body : {std::string_view("{}"), std::string_view("nonsense")})
    {
        auto const refused = shop.as(alice).post("/users", std::string(body));
        CHECK(refused.status == 403);
        CHECK(refused.message() == "Admins only");
    }
    CHECK(shop.nobody().post("/users", "{}").status == 401);
}

}  // namespace mc::user_service

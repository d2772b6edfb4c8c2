#include "platform/core/look_alikes.hpp"
#include "platform/core/text.hpp"

#include <doctest/doctest.h>

using namespace mc;

TEST_CASE("utf-8: well-formed sequences at the edges of each length")
{
    for (std::string_view const good :
         {"", "a", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
          "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF",
          "plain ascii longer than a word é"})
    {
        INFO(good);
        CHECK(is_valid_utf8(good));
    }
}

TEST_CASE("utf-8: overlong forms, surrogates, too large, cut off and stray bytes are refused")
{
    for (std::string_view const bad :
         {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x41", "\xE0\x9F\xBF", "\xE0\xA0",
          "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
          "\xF5\x80\x80\x80", "\xFF", "\xF0\x90\x80", "plain ascii longer than a word\xFF",
          "\xE2\x82\x41"})
    {
        INFO(bad);
        CHECK_FALSE(is_valid_utf8(bad));
    }
}

TEST_CASE("code_points: counts characters, not bytes")
{
    CHECK(code_points("") == 0);
    CHECK(code_points("eight...") == 8);
    CHECK(code_points("eight...äöü€😀") == 13);
}

TEST_CASE("has_control_characters: C0, DEL and C1, but tab, CR and LF only in lines")
{
    CHECK_FALSE(has_control_characters("plain text, longer than a word: é €", lines::one));
    CHECK(has_control_characters(std::string_view("\0", 1), lines::many));
    CHECK(has_control_characters("\x1F", lines::many));
    CHECK_FALSE(has_control_characters(" ", lines::one));
    CHECK_FALSE(has_control_characters("~", lines::one));
    CHECK(has_control_characters("\x7F", lines::one));
    CHECK(has_control_characters("01234567\x7F", lines::one));
    CHECK(has_control_characters("0123456\x7F", lines::one));
    CHECK(has_control_characters("\xC2\x80", lines::one));
    CHECK(has_control_characters("\xC2\x9F", lines::one));
    CHECK_FALSE(has_control_characters("\xC2\xA0", lines::one));
    CHECK_FALSE(has_control_characters("à", lines::one));  // C3 A0
    CHECK(has_control_characters("a\tb", lines::one));
    CHECK_FALSE(has_control_characters("a\tb\r\nc", lines::many));
}

TEST_CASE("trimmed: takes off what JavaScript's trim() takes off")
{
    CHECK(trimmed(" \t\n\v\f\r mug \u00A0\u1680\u2000\u200A\u2028\u2029\u202F\u205F\u3000\uFEFF") ==
          "mug");
    CHECK(trimmed("\uFEFF\u3000a b") == "a b");
    CHECK(trimmed(" \u00A0 ") == "");
    CHECK(trimmed("\u200Ba\u200B") == "\u200Ba\u200B");  // A zero-width space is none.
    CHECK(trimmed("\x85") == "\x85");
    CHECK(trimmed("Ġ") == "Ġ");  // C4 A0: only its last byte looks like that of U+00A0.
}

TEST_CASE("folded: one key for names that are the same name")
{
    CHECK(folded("  Coffee \t  MUG ") == "coffee mug");
    CHECK(folded("Straße") == folded("STRASSE"));
    CHECK(folded("E\u0301te\u0301") == folded("Été"));
    CHECK(folded("Été\u00A0 2") == "été 2");
    CHECK(folded("ΣΊΣΥΦΟΣ") == folded("σίσυφος"));
    CHECK(folded("C") != folded("C#"));
    CHECK(folded("C#") != folded("C++"));
    CHECK(folded("été") != folded("ete"));
    CHECK(folded(folded("İstanbul ǅ")) == folded("İstanbul ǅ"));
    CHECK(folded("") == "");
}

TEST_CASE("lower_case: in every script, nothing else changed")
{
    CHECK(lower_case("Alice@Example.COM") == "alice@example.com");
    CHECK(lower_case("ÄRGER Ω") == "ärger ω");
    CHECK(lower_case(" A ") == " a ");
    CHECK(lower_case("A\xFF") == "a\xFF");
}

TEST_CASE("trimmed: a line of which nothing can be seen is blank, one with a letter stays whole")
{
    CHECK(trimmed("\u200B\u00AD \u2060\u3164").empty());
    CHECK(trimmed("\U000E0041").empty());
    CHECK(trimmed(" \u200BA\u200D ") == "\u200BA\u200D");
    CHECK(trimmed("\u0301") == "\u0301");
    CHECK(trimmed("\xFF") == "\xFF");
    CHECK(!text<1, 10>::from("\u200B\u200B"));
    CHECK(text<1, 10>::from("\u200Bä"));
}

TEST_CASE("look-alikes: what cannot be seen is found, other forms of a letter are the letter")
{
    for (char const* const hidden :
         {"a\u00ADb", "a\u200Bb", "a\u200Db", "a\u202Eb", "a\uFEFFb", "a\u3164b", "\U000E0061"})
        CHECK(has_invisible_characters(hidden));
    for (char const* const seen : {"", "ab", "äß", "日本", "a\u0301", "\U0001F600"})
        CHECK(!has_invisible_characters(seen));
    CHECK(compatible_form("ｅｘａｍｐｌｅ．ｃｏｍ") == "example.com");
    CHECK(compatible_form("Jo") == "Jo");
    CHECK(compatible_form("a\xFF") == "a\xFF");
}

TEST_CASE("ascii_upper_case: letters of ASCII alone")
{
    CHECK(ascii_upper_case("eur") == "EUR");
    CHECK(ascii_upper_case("product-2`{") == "PRODUCT-2`{");
    CHECK(ascii_upper_case("ä") == "ä");
    CHECK(ascii_upper_case("") == "");
}

TEST_CASE("slug_of: letters and digits of any script, marks stripped, the rest one dash")
{
    CHECK(slug_of("Coffee Mug, 0.3 l!", 140) == "coffee-mug-0-3-l");
    CHECK(slug_of("Été & books!!", 140) == "ete-books");
    CHECK(slug_of("E\u0301te\u0301", 140) == "ete");
    CHECK(slug_of("Straße", 140) == "strasse");
    CHECK(slug_of("Кружка", 140) == "кружка");
    CHECK(slug_of("한국어 머그", 140) == "한국어-머그");
    CHECK(slug_of("茶碗", 140) == "茶碗");
    CHECK(slug_of("ﬁne", 140) == "fine");
    CHECK(slug_of("--a--b--", 140) == "a-b");
    CHECK(slug_of("C#", 140) == "c");
    CHECK(slug_of("!!!", 140) == "");
    CHECK(slug_of("😀", 140) == "");
    CHECK(slug_of("", 140) == "");
}

TEST_CASE("slug_of: is cut at its limit and never ends with a dash")
{
    CHECK(slug_of("abc def", 7) == "abc-def");
    CHECK(slug_of("abc def", 6) == "abc-de");
    CHECK(slug_of("abc def", 5) == "abc-d");
    CHECK(slug_of("abc def", 4) == "abc");
    CHECK(slug_of("abc d e", 4) == "abc");
    CHECK(slug_of("äöüß", 3) == "aou");
    CHECK(slug_of("茶碗茶", 2) == "茶碗");
}

TEST_CASE("text: trims, counts code points and refuses control characters")
{
    CHECK_FALSE(text<2, 3>::from("a").has_value());
    CHECK(text<2, 3>::from(" ab ")->value() == "ab");
    CHECK(text<2, 3>::from("äöü").has_value());
    CHECK_FALSE(text<2, 3>::from("äöüß").has_value());
    CHECK_FALSE(text<1, 9>::from("  ").has_value());
    CHECK_FALSE(text<1, 9>::from("a\nb").has_value());
    CHECK_FALSE(text<1, 9>::from("a\xFF").has_value());
}

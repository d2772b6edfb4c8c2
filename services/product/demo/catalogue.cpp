#include "services/product/demo/catalogue.hpp"

namespace mc::product_service::demo
{
namespace
{

constexpr demo_category category_table[] = {
    {"Kitchen", "For cooking, eating and the coffee before both.",
     R"(<path d="M50 60h80v60a30 30 0 0 1-30 30H80a30 30 0 0 1-30-30z"/>)"
     R"(<path d="M130 72h12a20 20 0 0 1 0 40h-12" fill="none" stroke="currentColor" )"
     R"(stroke-width="10"/>)"},
    {"Home & Light", "Lamps, cloth and quiet things for the living room.",
     R"(<path d="M70 40h60l20 60H50z"/>)"
     R"(<path d="M95 100h10v50H95z"/>)"
     R"(<path d="M70 150h60v10H70z"/>)"},
    {"Books", "Paper, read slowly.",
     R"(<path d="M45 50h50a10 10 0 0 1 10 10v90a10 10 0 0 0-10-10H45z"/>)"
     R"(<path d="M160 50h-45a10 10 0 0 0-10 10v90a10 10 0 0 1 10-10h45z" )"
     R"(opacity=".7"/>)"},
    {"Clothing", "Made to be worn for years.",
     R"(<path d="M70 45l-35 25 15 25 15-8v70h70V87l15 8 15-25-35-25a30 30 0 0 1-60 )"
     R"(0z"/>)"},
    {"Outdoors", "For a day out, or a week.",
     R"(<path d="M100 40l65 115H35z"/>)"
     R"(<path d="M100 95l28 60H72z" fill="#fff" opacity=".5"/>)"},
    {"Sound & Desk", "What stands on a desk and what one hears there.",
     R"(<path d="M45 110a55 55 0 0 1 110 0v10h-12v-10a43 43 0 0 0-86 0v10H45z"/>)"
     R"(<rect x="40" y="115" width="28" height="45" rx="8"/>)"
     R"(<rect x="132" y="115" width="28" height="45" rx="8"/>)"},
};

constexpr demo_item item_table[] = {
    {0, 0, "Stoneware Mug", "14.50", 120,
     "Holds 350 ml and keeps it warm. Glazed inside, bare clay outside."},
    {0, 0, "Cast Iron Pan 26 cm", "59.00", 40,
     "Seasoned with linseed oil; gets better with every egg."},
    {0, 0, "Olive Wood Board", "34.90", 65, "Each one from a single piece, about 40 by 20 cm."},
    {0, 0, "Pour-Over Coffee Set", "42.00", 55, "Glass cone, steel filter and a stand of beech."},
    {0, 0, "Linen Tea Towel", "12.00", 200, "Washed linen, 50 by 70 cm, with a loop."},
    {1, 0, "Paper Floor Lamp", "89.00", 25, "Folded paper on an oak foot; takes an E27 bulb."},
    {1, 0, "Brass Desk Lamp", "119.00", 18, "Turns on its joint without a sound. Cable 2 m."},
    {1, 0, "Wool Throw", "74.50", 48, "Lambswool from one mill, 130 by 180 cm."},
    {1, 0, "Beeswax Candle Pair", "19.80", 140, "Burns about nine hours each and smells of honey."},
    {1, 0, "Terracotta Planter", "27.00", 80, "With saucer, 18 cm across."},
    {2, 1, "The Quiet Harbour", "18.00", 90,
     "A novel about a lighthouse keeper who writes letters to ships."},
    {2, 1, "Bread, Patiently", "29.00", 60, "Forty loaves and the reasons why they rise."},
    {2, 1, "A Field Guide to Clouds", "22.50", 75, "What is up there and what it brings."},
    {2, 1, "Learning Arabic Calligraphy", "31.00", 35,
     "Three scripts, from the first stroke to a page."},
    {2, 1, "Small Gardens", "26.40", 52, "Balconies, yards and window sills through a year."},
    {3, 1, "Merino Crew Neck", "84.00", 70, "Fine merino, four seasons, no itch."},
    {3, 1, "Canvas Work Jacket", "128.00", 30,
     "Waxed cotton with five pockets that are where hands look for them."},
    {3, 1, "Organic Cotton T-Shirt", "24.00", 300, "Heavy jersey, cut straight."},
    {3, 1, "Rain Anorak", "142.00", 22, "Taped seams, 10,000 mm, folds into its own pocket."},
    {3, 1, "Ribbed Socks, Three Pairs", "18.50", 260, "Wool and a little nylon at the heel."},
    {4, 2, "Two-Person Tent", "219.00", 15, "2.1 kg, up in four minutes, also in wind."},
    {4, 2, "Enamel Camp Kettle", "33.00", 58, "1.2 litres, for fire and for stove."},
    {4, 2, "Down Sleeping Bag", "189.00", 20, "Comfortable down to -4 °C, 980 g."},
    {4, 2, "Trail Backpack 28 L", "97.00", 44, "A frame that carries and a back that breathes."},
    {4, 2, "Folding Pocket Knife", "45.00", 85, "Steel blade of 7 cm, handle of walnut."},
    {5, 2, "Walnut Headphones", "169.00", 33,
     "Closed, over the ear, with a cable that can be replaced."},
    {5, 2, "Desktop Speaker Pair", "239.00", 12, "Two by 40 watts from a box the size of a book."},
    {5, 2, "Mechanical Keyboard", "134.00", 27, "Compact, quiet switches, keys that do not fade."},
    {5, 2, "Felt Desk Mat", "29.90", 150, "Wool felt, 80 by 35 cm, 4 mm."},
    {5, 2, "Fountain Pen", "48.00", 60, "A steel nib, medium, and a converter for any ink."},
};

}  // namespace

std::span<demo_category const> categories() { return category_table; }

std::span<demo_item const> items() { return item_table; }

}  // namespace mc::product_service::demo

#include "services/user/domain/address.hpp"

#include <algorithm>

namespace mc::user_service
{
namespace
{

// ISO 3166-1, the officially assigned alpha-2 codes (https://www.iso.org/obp/ui/#search/code/),
// two letters each, in order.
constexpr std::string_view countries =
    "ADAEAFAGAIALAMAOAQARASATAUAWAXAZBABBBDBEBFBGBHBIBJBLBMBNBOBQBRBSBTBVBWBYBZ"
    "CACCCDCFCGCHCICKCLCMCNCOCRCUCVCWCXCYCZDEDJDKDMDODZECEEEGEHERESETFIFJFKFMFOFR"
    "GAGBGDGEGFGGGHGIGLGMGNGPGQGRGSGTGUGWGYHKHMHNHRHTHUIDIEILIMINIOIQIRISITJEJMJOJP"
    "KEKGKHKIKMKNKPKRKWKYKZLALBLCLILKLRLSLTLULVLYMAMCMDMEMFMGMHMKMLMMMNMOMPMQMRMSMTMUMVMWMXMYMZ"
    "NANCNENFNGNINLNONPNRNUNZOMPAPEPFPGPHPKPLPMPNPRPSPTPWPYQARERORSRURW"
    "SASBSCSDSESGSHSISJSKSLSMSNSOSRSSSTSVSXSYSZTCTDTFTGTHTJTKTLTMTNTOTRTTTVTWTZ"
    "UAUGUMUSUYUZVAVCVEVGVIVNVUWFWSYEYTZAZMZW";
static_assert(countries.size() == 2 * 249);

}  // namespace

bool is_country(std::string_view code) noexcept
{
    if (code.size() != 2)
        return false;
    for (std::size_t at = 0; at < countries.size(); at += 2)
        if (countries.substr(at, 2) == code)
            return true;
    return false;
}

std::vector<address> default_first(std::vector<address> addresses)
{
    std::ranges::sort(addresses, {}, &address::id);
    auto const chosen = std::ranges::max_element(addresses, {}, &address::chosen_at);
    if (chosen != addresses.end())
        std::rotate(addresses.begin(), chosen, chosen + 1);
    return addresses;
}

timestamp chosen_among(std::vector<address> const& addresses, timestamp now)
{
    for (address const& each : addresses)
        now = std::max(now, each.chosen_at + milliseconds{1});
    return now;
}

}  // namespace mc::user_service

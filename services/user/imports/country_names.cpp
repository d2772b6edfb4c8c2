#include "services/user/imports/country_names.hpp"

#include "platform/core/text.hpp"
#include "services/user/domain/address.hpp"

namespace mc::user_service::imports
{
namespace
{

// The English short names of ISO 3166-1 as slug_of has them, also with the words the usual way
// round, and names that people write instead.
constexpr std::string_view countries =
    " afghanistan=AF aland-islands=AX albania=AL algeria=DZ america=US american-samoa=AS"
    " andorra=AD angola=AO anguilla=AI antarctica=AQ antigua-and-barbuda=AG"
    " arab-republic-of-egypt=EG argentina=AR armenia=AM aruba=AW australia=AU austria=AT"
    " azerbaijan=AZ bahamas=BS bahrain=BH bangladesh=BD barbados=BB belarus=BY belgium=BE"
    " belize=BZ benin=BJ bermuda=BM bhutan=BT bolivarian-republic-of-venezuela=VE bolivia=BO"
    " bolivia-plurinational-state-of=BO bonaire-sint-eustatius-and-saba=BQ"
    " bosnia-and-herzegovina=BA botswana=BW bouvet-island=BV brasil=BR brazil=BR"
    " british-indian-ocean-territory=IO british-virgin-islands=VG brunei=BN brunei-darussalam=BN"
    " bulgaria=BG burkina-faso=BF burma=MM burundi=BI cabo-verde=CV cambodia=KH cameroon=CM"
    " canada=CA cape-verde=CV cayman-islands=KY central-african-republic=CF chad=TD chile=CL"
    " china=CN christmas-island=CX cocos-islands=CC cocos-keeling-islands=CC colombia=CO"
    " comoros=KM congo=CG congo-the-democratic-republic-of-the=CD cook-islands=CK costa-rica=CR"
    " cote-d-ivoire=CI croatia=HR cuba=CU curacao=CW cyprus=CY czech-republic=CZ czechia=CZ"
    " democratic-people-s-republic-of-korea=KP democratic-republic-of-the-congo=CD denmark=DK"
    " deutschland=DE djibouti=DJ dominica=DM dominican-republic=DO dr-congo=CD east-timor=TL"
    " ecuador=EC egypt=EG el-salvador=SV england=GB equatorial-guinea=GQ eritrea=ER espana=ES"
    " estonia=EE eswatini=SZ ethiopia=ET falkland-islands=FK falkland-islands-malvinas=FK"
    " faroe-islands=FO federated-states-of-micronesia=FM fiji=FJ finland=FI france=FR"
    " french-guiana=GF french-polynesia=PF french-southern-territories=TF gabon=GA gambia=GM"
    " georgia=GE germany=DE ghana=GH gibraltar=GI great-britain=GB greece=GR greenland=GL"
    " grenada=GD guadeloupe=GP guam=GU guatemala=GT guernsey=GG guinea=GN guinea-bissau=GW"
    " guyana=GY haiti=HT heard-island-and-mcdonald-islands=HM holland=NL holy-see=VA"
    " holy-see-vatican-city-state=VA honduras=HN hong-kong=HK hungary=HU iceland=IS india=IN"
    " indonesia=ID iran=IR iran-islamic-republic-of=IR iraq=IQ ireland=IE"
    " islamic-republic-of-iran=IR isle-of-man=IM israel=IL italia=IT italy=IT ivory-coast=CI"
    " jamaica=JM japan=JP jersey=JE jordan=JO kazakhstan=KZ kenya=KE kingdom-of-saudi-arabia=SA"
    " kiribati=KI korea=KR korea-democratic-people-s-republic-of=KP korea-republic-of=KR ksa=SA"
    " kuwait=KW kyrgyzstan=KG lao-people-s-democratic-republic=LA laos=LA latvia=LV lebanon=LB"
    " lesotho=LS liberia=LR libya=LY liechtenstein=LI lithuania=LT luxembourg=LU macao=MO"
    " macau=MO macedonia=MK madagascar=MG malawi=MW malaysia=MY maldives=MV mali=ML malta=MT"
    " marshall-islands=MH martinique=MQ mauritania=MR mauritius=MU mayotte=YT mexico=MX"
    " micronesia=FM micronesia-federated-states-of=FM moldova=MD moldova-republic-of=MD monaco=MC"
    " mongolia=MN montenegro=ME montserrat=MS morocco=MA mozambique=MZ myanmar=MM namibia=NA"
    " nauru=NR nepal=NP netherlands=NL new-caledonia=NC new-zealand=NZ nicaragua=NI niger=NE"
    " nigeria=NG niue=NU norfolk-island=NF north-korea=KP north-macedonia=MK northern-ireland=GB"
    " northern-mariana-islands=MP norway=NO oman=OM osterreich=AT pakistan=PK palau=PW"
    " palestine=PS palestine-state-of=PS panama=PA papua-new-guinea=PG paraguay=PY peru=PE"
    " philippines=PH pitcairn=PN plurinational-state-of-bolivia=BO poland=PL portugal=PT"
    " province-of-china-taiwan=TW puerto-rico=PR qatar=QA republic-of-ireland=IE"
    " republic-of-korea=KR republic-of-moldova=MD republic-of-the-congo=CG reunion=RE romania=RO"
    " russia=RU russian-federation=RU rwanda=RW saint-barthelemy=BL"
    " saint-helena-ascension-and-tristan-da-cunha=SH saint-kitts-and-nevis=KN saint-lucia=LC"
    " saint-martin=MF saint-martin-french-part=MF saint-pierre-and-miquelon=PM"
    " saint-vincent-and-the-grenadines=VC samoa=WS san-marino=SM sao-tome-and-principe=ST"
    " saudi-arabia=SA schweiz=CH scotland=GB senegal=SN serbia=RS seychelles=SC sierra-leone=SL"
    " singapore=SG sint-maarten=SX sint-maarten-dutch-part=SX slovak-republic=SK slovakia=SK"
    " slovenia=SI solomon-islands=SB somalia=SO south-africa=ZA"
    " south-georgia-and-the-south-sandwich-islands=GS south-korea=KR south-sudan=SS spain=ES"
    " sri-lanka=LK state-of-palestine=PS sudan=SD suisse=CH suriname=SR svalbard-and-jan-mayen=SJ"
    " swaziland=SZ sweden=SE switzerland=CH syria=SY syrian-arab-republic=SY taiwan=TW"
    " taiwan-province-of-china=TW tajikistan=TJ tanzania=TZ tanzania-united-republic-of=TZ"
    " thailand=TH the-bahamas=BS the-democratic-republic-of-the-congo=CD the-gambia=GM"
    " the-netherlands=NL timor-leste=TL togo=TG tokelau=TK tonga=TO trinidad-and-tobago=TT"
    " tunisia=TN turkey=TR turkiye=TR turkmenistan=TM turks-and-caicos-islands=TC tuvalu=TV"
    " u-a-e=AE u-k=GB u-s-a=US u-s-virgin-islands=VI uae=AE uganda=UG uk=GB ukraine=UA"
    " united-arab-emirates=AE united-kingdom=GB united-republic-of-tanzania=TZ united-states=US"
    " united-states-minor-outlying-islands=UM united-states-of-america=US uruguay=UY"
    " us-virgin-islands=VI usa=US uzbekistan=UZ vanuatu=VU vatican=VA vatican-city=VA"
    " venezuela=VE venezuela-bolivarian-republic-of=VE viet-nam=VN vietnam=VN"
    " virgin-islands-british=VG virgin-islands-u-s=VI wales=GB wallis-and-futuna=WF"
    " western-sahara=EH yemen=YE zambia=ZM zimbabwe=ZW ";

constexpr std::size_t name_length_max = 60;  // Longer than the longest of these.

}  // namespace

std::optional<std::string> country_code_of(std::string_view typed)
{
    std::string code = ascii_upper_case(trimmed(typed));
    if (is_country(code))
        return code;
    std::string const entry = " " + slug_of(typed, name_length_max) + "=";
    std::size_t const at = countries.find(entry);
    if (at == std::string_view::npos)
        return std::nullopt;
    return std::string(countries.substr(at + entry.size(), 2));
}

}  // namespace mc::user_service::imports

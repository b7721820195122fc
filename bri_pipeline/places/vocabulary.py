"""Words around place names in addresses: what kind of place they announce, or that they announce none."""

from __future__ import annotations


def words(text: str) -> frozenset[str]:
    """The words of a text, as a set."""
    return frozenset(text.split())


_SUFFIXES = {
    "city": "city shi municipality metropolis",
    "district": "district qu dist distric distict distrit disctrict",
    "county": "county xian cnty hsien",
    "prefecture": "prefecture diqu meng league zizhizhou",
    "province": "province prov sheng provice provnice",
    "town": "town zhen township xiang village cun subdistrict jiedao",
}
# Word → kind of the place named before it.
SUFFIXES = {word: kind for kind, listed in _SUFFIXES.items() for word in listed.split()}
# Kinds a suffix may mean.
KINDS_OF_SUFFIX = {
    "city": frozenset({"city", "prefecture"}),
    "district": frozenset({"district"}),
    "county": frozenset({"county"}),
    "prefecture": frozenset({"prefecture"}),
    "town": frozenset({"town"}),
}
# Suffixes that may be glued to a name, the longest first.
GLUED = ("municipality", "prefecture", "province", "district", "county", "sheng", "city", "xian", "shi", "qu")

DIRECTIONS = words("e w n s east west north south middle central dong xi nan bei zhong new old first second")
STREETS = words(
    "road rd street st avenue ave lane boulevard blvd lu jie dajie dadao hutong nong alley highway expressway "
    "bridge roads streets str ln"
)
INSTITUTIONS = words(
    "university univ college institute institutes academy school hospital laboratory lab laboratories company co "
    "ltd inc corp corporation limited group technology technologies electronics research center centre factory "
    "campus bureau branch subsidiary"
)
COUNTRY = words("china cn chn prc pr p r c republic people peoples mainland rpc pro chinese the of")
_ROOMS = words(
    "no number room rm unit building bldg block floor fl suite apartment apt house tower plaza mansion villa garden "
    "gardens flat level po box pobox postal code zip postcode post office care by c/o attn mr mrs ms dr and in at "
    "near hotel store shop department dept division section phase"
)
_ZONES = words(
    "area zone zones park parks development developing economic economy technological technical tech hi high "
    "hightech industrial industry industries science scientific export processing free trade national state "
    "autonomous region special administrative sar international software northeast northwest southeast southwest "
    "gaoxin gaoxinqu jingkai jingkaiqu linkong kaifaqu kaifa jishu jingji"
)
# Words after a name that make it a building's: "Hefei Building" may be anywhere.
BUILDINGS = words(
    "building bldg tower towers plaza mansion mansions house hotel centre center court garden gardens villa villas "
    "estate hall arcade terrace height heights bank restaurant square commercial industrial"
)
_LETTERS = words("a b c d e f g h i j k l m n o p q r s t u v w x y z")
# Words no place name is made of, except a curated one (Suzhou Industrial Park).
NOISE = (
    COUNTRY
    | _ROOMS
    | _ZONES
    | _LETTERS
    | INSTITUTIONS
    | words("east west north south middle central new old first second")
    | (STREETS - words("lu jie nong st str"))
)

# What a city field holds when there is no city.
NO_PLACE = words(
    "na n none null nil unknown deceased late notavailable notapplicable notprovided notgiven nocity xxx xx xxxx x "
    "unkown tba tbd test city province county district same sameasabove asabove legalrepresentative foreign blank "
    "empty nocityprovided notknown undefined nan"
)

"""Countries that a brand may be sold in, by their two letters (ISO 3166-1)."""

_TABLE = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT
BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH
ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT
HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS
LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI
NL NO NP NR NU NZ OM PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG
SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG
UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW
"""

MARKETS = frozenset(_TABLE.split())

LISTED = ("EE", "LV", "PL", "CZ", "SI", "ES", "PT", "IT", "FR", "DE", "GB", "US")
"""Markets whose tragedies rtm ships a list of: ``lexicons/markets.toml``."""

_OFTEN_MEANT = {"UK": "GB", "EN": "GB or US", "CS": "CZ"}


def market_remedy(given: str) -> str:
    """Say what to write in place of what is no market.

    >>> market_remedy("uk"), market_remedy("Estonia")
    ('write GB', "write a country's two letters (ISO 3166): Estonia EE, Poland PL, Czechia CZ")
    """
    code = given.upper()
    if code in _OFTEN_MEANT:
        return f"write {_OFTEN_MEANT[code]}"
    if code in MARKETS:
        return f"write {code}"
    return "write a country's two letters (ISO 3166): Estonia EE, Poland PL, Czechia CZ"

"""Countries: the names that upstream files use, as ISO 3166-1 alpha-2 codes."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from importlib.resources import files

import pycountry

from primacy.errors import UsageError

__all__ = ["alpha2", "continents", "country_code", "country_name"]

_ALIASES = {
    "burma": "MM",
    "cape verde": "CV",
    "hong kong sar": "HK",
    "hong kong, china": "HK",
    "ivory coast": "CI",
    "korea": "KR",
    "korea, south": "KR",
    "kosovo": "XK",
    "macau": "MO",
    "mainland china": "CN",
    "russia": "RU",
    "swaziland": "SZ",
    "turkey": "TR",
    "uae": "AE",
    "uk": "GB",
    "usa": "US",
    "xkx": "XK",
}
"""Names in the upstream files, lower case, that ISO 3166-1 does not know."""


@cache
def alpha2(name: str) -> str | None:
    """Return the ISO 3166-1 alpha-2 code of a country's name or code, None where it names no country.

    What stands in parentheses may be an article, ``Philippines (the)``, or what ISO puts after a comma.

    Examples
    --------
    >>> alpha2("Korea (Republic of)"), alpha2("Philippines (the)"), alpha2("usa"), alpha2("DEU")
    ('KR', 'PH', 'US', 'DE')
    >>> alpha2("Atlantis") is None
    True
    """
    plain = re.sub(r"\s*\((the)\)$", "", " ".join(name.split()), flags=re.IGNORECASE)
    if plain.lower() in _ALIASES:
        return _ALIASES[plain.lower()]
    inverted = re.sub(r"\s*\((.+)\)$", r", \1", plain)
    for form in dict.fromkeys((plain, inverted)):
        try:
            return str(pycountry.countries.lookup(form).alpha_2)
        except LookupError:
            continue
    return None


def country_code(value: str, *, option: str) -> str:
    """Return the alpha-2 code that a user gave as a code or a name.

    Raises
    ------
    UsageError
        It names no country; the text names the option.

    Examples
    --------
    >>> country_code("cn", option="--to")
    'CN'
    """
    code = alpha2(value)
    if code is None:
        raise UsageError(f"{option} {value}: no country has that code; give ISO 3166-1 alpha-2, such as CN")
    return code


def country_name(code: str) -> str:
    """Return the usual English name of an alpha-2 code, the code itself where ISO has none.

    Examples
    --------
    >>> country_name("TW"), country_name("XX")
    ('Taiwan', 'XX')
    """
    found = pycountry.countries.get(alpha_2=code)
    return str(getattr(found, "common_name", found.name)) if found else code


@cache
def continents() -> dict[str, str]:
    """Return the continent of every country: africa, antarctica, asia, europe, north-america, oceania, south-america.

    Examples
    --------
    >>> [continents()[code] for code in ("CN", "GB", "BR", "US")]
    ['asia', 'europe', 'south-america', 'north-america']
    """
    text = files(__package__).joinpath("continents.toml").read_text(encoding="utf-8")
    return {code: name for name, codes in tomllib.loads(text).items() for code in codes}

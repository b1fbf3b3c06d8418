"""From addresses as exports print them to countries, and from authors to their addresses."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from functools import cache

from primacy.sources.exchange.record import Author
from primacy.sources.reference.countries import alpha2

__all__ = ["bracketed", "country_of", "tied"]

_PRINTED = {
    "bosnia & herceg": "BA", "brunei": "BN", "byelarus": "BY", "cent afr republ": "CF", "cote ivoire": "CI",
    "czech republic": "CZ", "dem rep congo": "CD", "dominican rep": "DO", "england": "GB", "macedonia": "MK",
    "north korea": "KP", "north ireland": "GB", "northern ireland": "GB", "papua n guinea": "PG",
    "peoples r china": "CN", "rep congo": "CG", "republic of georgia": "GE", "russian federation": "RU",
    "saudi arabia": "SA", "scotland": "GB", "south korea": "KR", "trinidad tobago": "TT", "u arab emirates": "AE",
    "united states": "US", "usa": "US", "viet nam": "VN", "vietnam": "VN", "wales": "GB",
}  # fmt: skip
"""How Web of Science and Scopus print what ISO calls otherwise."""

_BRACKETS = re.compile(r"\[(?P<names>[^\]]*)\]\s*(?P<address>[^\[]*)")


@cache
def country_of(address: str) -> str | None:
    """Return the country at the end of an address, None where it names none.

    Examples
    --------
    >>> country_of("Tsinghua Univ, Dept Phys, Beijing, Peoples R China.")
    'CN'
    >>> country_of("MIT, Cambridge, MA 02139 USA"), country_of("Univ Oxford, Oxford, England"), country_of("MIT")
    ('US', 'GB', None)
    """
    last = address.strip().rstrip(".;").rpartition(",")[2].strip()
    if last.upper() == "USA" or last.upper().endswith(" USA"):
        return "US"
    plain = last.casefold()
    if plain in _PRINTED:
        return _PRINTED[plain]
    # Two and three letters at the end of an address are states and provinces as often as countries.
    return alpha2(last) if len(last) > 3 else None


def bracketed(text: str) -> list[tuple[list[str], str]]:
    """Return the names and the address of each part of Web of Science's address field.

    Examples
    --------
    >>> bracketed("[Wang, L; Li, X] Tsinghua Univ, Beijing, Peoples R China. [Smith, J] MIT, MA USA.")
    [(['Wang, L', 'Li, X'], 'Tsinghua Univ, Beijing, Peoples R China.'), (['Smith, J'], 'MIT, MA USA.')]
    """
    return [
        ([n.strip() for n in m["names"].split(";") if n.strip()], m["address"].strip().rstrip(";"))
        for m in _BRACKETS.finditer(text)
    ]


def tied(names: Sequence[str], addresses: Iterable[tuple[Sequence[str], str]]) -> tuple[Author, ...]:
    """Return authors with the countries of the addresses that name them."""
    found: dict[str, list[str]] = {name.casefold(): [] for name in names}
    for whose, address in addresses:
        country = country_of(address)
        for name in whose:
            mine = found.get(name.casefold())
            if mine is not None and country is not None and country not in mine:
                mine.append(country)
    return tuple(Author(name, tuple(found[name.casefold()])) for name in names)

"""Names of countries, blocs and regions for readers."""

from __future__ import annotations

from functools import cache

import pycountry

from primacy.sources.reference.blocs import blocs

__all__ = ["country_in_sentence", "country_name"]

_WITH_ARTICLE = {"AE", "CF", "DO", "EU27", "FiveEyes", "GB", "MH", "MV", "NL", "PH", "Quad", "SB", "US", "us"}

REGIONS = {
    "china": "China",
    "europe": "Europe",
    "international": "International",
    "other": "Other countries",
    "unattributed": "Not attributed",
    "us": "United States",
}
"""The regions of the models study; a collective without a seat is international."""


@cache
def _names() -> dict[str, str]:
    names = {c.alpha_2: str(getattr(c, "common_name", c.name)) for c in pycountry.countries}
    names |= {b.id: b.name for b in blocs().values()}
    # As the field writes them, shorter than ISO's own.
    return (
        names
        | {
            "CD": "DR Congo",
            "FM": "Micronesia",
            "GB": "United Kingdom",
            "IR": "Iran",
            "KP": "North Korea",
            "KR": "South Korea",
            "LA": "Laos",
            "PS": "Palestine",
            "RU": "Russia",
            "SY": "Syria",
            "TR": "Türkiye",
        }
        | REGIONS
    )


def country_name(unit: str) -> str:
    """Return the name of a country (ISO 3166-1 alpha-2), bloc or region; the code itself where it has none.

    Examples
    --------
    >>> country_name("CN"), country_name("FiveEyes"), country_name("XX")
    ('China', 'Five Eyes', 'XX')
    """
    return _names().get(unit, unit)


def country_in_sentence(unit: str) -> str:
    """Return the name of a country or bloc as it stands within a sentence, with its article where it has one.

    Examples
    --------
    >>> country_in_sentence("US"), country_in_sentence("CN")
    ('the United States', 'China')
    """
    return f"the {country_name(unit)}" if unit in _WITH_ARTICLE else country_name(unit)

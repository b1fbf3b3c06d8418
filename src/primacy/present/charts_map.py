"""The world, coloured by a number per country."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any

import altair as alt
import pycountry

from primacy.present.charts_theme import INK, PAPER, RULE, finish, inline
from primacy.present.palette import STEPS

__all__ = ["CLASSES", "countries_drawn", "world"]

CLASSES = (0.002, 0.01, 0.02, 0.05, 0.1, 0.25)
"""Where one colour ends and the next begins: shares spread over orders of magnitude."""


@cache
def _borders() -> Mapping[str, Any]:
    text = files("primacy.present").joinpath("data", "world.json").read_text(encoding="utf-8")
    borders: dict[str, Any] = json.loads(text)
    for shape in borders["objects"]["countries"]["geometries"]:
        found = pycountry.countries.get(numeric=shape["id"]) if "id" in shape else None
        shape["id"] = found.alpha_2 if found else ""
    return borders


@cache
def _points() -> Mapping[str, Mapping[str, float]]:
    """Return where the countries are that are too small for the scale, by code."""
    text = files("primacy.present").joinpath("data", "world_points.csv").read_text(encoding="utf-8")
    return {
        row["unit"]: {"longitude": float(row["longitude"]), "latitude": float(row["latitude"])}
        for row in csv.DictReader(text.splitlines())
    }


def countries_drawn() -> frozenset[str]:
    """Return the countries large enough for the map's scale, ISO 3166-1 alpha-2.

    Examples
    --------
    >>> {"CN", "US", "TW"} <= countries_drawn(), "SG" in countries_drawn()
    (True, False)
    """
    return frozenset(g["id"] for g in _borders()["objects"]["countries"]["geometries"] if g["id"])


def world(
    shares: Mapping[str, float],
    *,
    outlined: Sequence[str],
    title: str | list[str],
    subtitle: str,
    simulated: bool,
    width: int = 900,
) -> Any:
    """Return a map of the world, darker for a larger share; light and dark differ, so that no hue need be told apart.

    Countries too small for the scale are dots.

    Parameters
    ----------
    shares
        A share (0 to 1) by country; one that is not there has no papers.
    outlined
        Countries with a line around them: the leaders.
    title, subtitle, simulated
        What stands above.
    width
        Of the plot, in pixels.
    """
    shapes = inline(_borders(), format=alt.TopoDataFormat(type="topojson", feature="countries"))
    rows = [{"id": unit, "class": _class(share)} for unit, share in sorted(shares.items()) if share > 0]
    land = alt.Chart().mark_geoshape(fill=RULE, stroke=PAPER, strokeWidth=0.4)
    names = [_name(place) for place in range(len(STEPS))]
    paint = alt.Color(
        "class:N",
        scale=alt.Scale(domain=names, range=list(STEPS)),
        legend=alt.Legend(
            title=None,
            orient="bottom",
            direction="horizontal",
            columns=len(names) if width > 500 else 3,
            symbolType="square",
            symbolSize=120,
        ),
    )
    filled = (
        alt.Chart()
        .transform_lookup(lookup="id", from_=alt.LookupData(data=inline(rows), key="id", fields=["class"]))
        .transform_filter("isValid(datum['class'])")
        .mark_geoshape(stroke=PAPER, strokeWidth=0.4)
        .encode(color=paint)
    )
    marked = (
        alt.Chart()
        .transform_filter(alt.FieldOneOfPredicate(field="id", oneOf=list(outlined)))
        .mark_geoshape(fill=None, stroke=INK, strokeWidth=1.3)
    )
    small = [{**row, **_points()[row["id"]]} for row in rows if row["id"] in _points()]
    dots = (
        alt.Chart(inline(small))
        .mark_circle(size=30, opacity=1, stroke=PAPER, strokeWidth=0.4)
        .encode(longitude=alt.Longitude("longitude:Q"), latitude=alt.Latitude("latitude:Q"), color=paint)
    )
    layers = [land, filled, *([marked] if outlined else []), *([dots] if small else [])]
    chart = (
        alt.layer(*layers, data=shapes)
        .project(type="equalEarth")
        .properties(width=width, height=round(width * 0.48))
    )
    return finish(chart, title=title, subtitle=subtitle, simulated=simulated)


def _class(share: float) -> str:
    return _name(sum(share >= bound for bound in CLASSES))


def _name(place: int) -> str:
    """Return what a class is called, from the smallest shares on.

    Examples
    --------
    >>> _name(0), _name(3), _name(6)
    ('under 0.2 %', '2–5 %', '25 % and more')
    """
    bounds = [f"{100 * bound:g}" for bound in CLASSES]
    if place == 0:
        return f"under {bounds[0]} %"
    return f"{bounds[-1]} % and more" if place == len(bounds) else f"{bounds[place - 1]}–{bounds[place]} %"

"""Find where the countries and territories are that are too small for the world map of the charts.

Usage: python scripts/world_points.py COUNTRIES-110M.json COUNTRIES-50M.json

Both files are Natural Earth's countries (public domain) as TopoJSON of world-atlas 2. Writes
src/primacy/present/data/world_points.csv.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

import pycountry

TARGET = Path(__file__).resolve().parents[1] / "src" / "primacy" / "present" / "data" / "world_points.csv"


def code(geometry: dict[str, Any]) -> str | None:
    """Return the code of a country; None for territories that ISO does not know."""
    number = geometry.get("id")
    found = pycountry.countries.get(numeric=str(number).zfill(3)) if number is not None else None
    return found.alpha_2 if found else None


def coordinates(world: dict[str, Any], geometry: dict[str, Any]) -> tuple[float, float]:
    """Return longitude and latitude of the middle of a country's largest part."""
    scale, shift = world["transform"]["scale"], world["transform"]["translate"]
    parts = geometry["arcs"] if geometry["type"] == "MultiPolygon" else [geometry["arcs"]]
    rings = []
    for part in parts:
        points = []
        for index in part[0]:
            x = y = 0
            for dx, dy in world["arcs"][index if index >= 0 else ~index]:
                x, y = x + dx, y + dy
                points.append((x * scale[0] + shift[0], y * scale[1] + shift[1]))
        rings.append(points)
    ring = max(rings, key=lambda r: (max(p[0] for p in r) - min(p[0] for p in r)) * len(r))
    xs, ys = [p[0] for p in ring], [p[1] for p in ring]
    return round((min(xs) + max(xs)) / 2, 2), round((min(ys) + max(ys)) / 2, 2)


def main(small: Path, medium: Path) -> None:
    """Write the file."""
    drawn = {code(g) for g in _countries(json.loads(small.read_text(encoding="utf-8")))}
    larger = json.loads(medium.read_text(encoding="utf-8"))
    points = {
        unit: coordinates(larger, g)
        for g in _countries(larger)
        if (unit := code(g)) is not None and unit not in drawn and g.get("arcs")
    }
    with TARGET.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["unit", "longitude", "latitude"])
        writer.writerows([unit, *points[unit]] for unit in sorted(points))


def _countries(world: dict[str, Any]) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = world["objects"]["countries"]["geometries"]
    return found


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))

"""Chips, clusters and tokens restated slowly from the files themselves, in plain Python."""

from __future__ import annotations

import csv
import re
from collections import Counter, defaultdict
from pathlib import Path
from statistics import median

# ------------------------------------------------------------------ reading


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def number(text: str) -> float | None:
    return float(text) if text.strip() else None


# ------------------------------------------------------------------ chips, destination China


def chip_status(row: dict[str, str], on: str) -> str:
    """The status of a chip for China, with no regard to chips that are named one by one."""
    bit_ops = number(row["Total processing performance (bit-OP/s)"])
    die = number(row["Die Size (mm^2)"])
    memory = number(row["Memory bandwidth (byte/s)"])
    link = number(row.get("Intranode bandwidth (byte/s)", ""))
    if bit_ops is None:
        return "unknown"
    tpp = bit_ops / 1e12
    if on < "2022-10-07":
        return "unrestricted"
    if on < "2023-11-17":
        shown_below = link is not None and link / 1e9 < 600
        return "restricted" if tpp >= 4800 and not shown_below else "unrestricted"
    if tpp < 1600:
        return "unrestricted"
    if tpp < 4800:
        if die is None:
            return "unknown"
        if tpp / die < 5.92:
            return "unrestricted"
    if on < "2026-01-15":
        return "restricted"
    if tpp >= 21000:
        return "restricted"
    if memory is None:
        return "unknown"
    return "case_by_case" if memory / 1e9 < 6500 else "restricted"


# ------------------------------------------------------------------ clusters

MEASURES = {"h100e": "H100 equivalents", "flops16": "16-bit OP/s", "megawatts": "Power Capacity (MW)"}


def counted_clusters(table: list[dict[str, str]], on: str, standard: bool) -> list[dict[str, str]]:
    return [
        r
        for r in table
        if r["Status"] != "Planned"
        and "2019-01-01" <= r["First Operational Date"] <= on
        and (not standard or r["Include in Standard Analysis"] == "True")
    ]


def capacity(
    table: list[dict[str, str]], on: str, measure: str, standard: bool
) -> dict[str, tuple[float, float, int]]:
    """Per country's name in the file: capacity, share, number of clusters summed."""
    column = MEASURES[measure]
    known = [r for r in counted_clusters(table, on, standard) if r["Country"] and r[column]]
    sums: dict[str, float] = defaultdict(float)
    count = Counter(r["Country"] for r in known)
    for r in known:
        sums[r["Country"]] += float(r[column])
    whole = sum(sums.values())
    return {c: (s, s / whole, count[c]) for c, s in sums.items()}


def owner_capacity(table: list[dict[str, str]], on: str, measure: str, standard: bool) -> dict[str, float]:
    column = MEASURES[measure]
    sums: dict[str, float] = defaultdict(float)
    for r in counted_clusters(table, on, standard):
        if r["Owner"] and r[column]:
            names = r["Owner"].split(",")
            for name in names:
                sums[name.strip()] += float(r[column]) / len(names)
    return dict(sums)


# ------------------------------------------------------------------ tokens


def blended(row: dict[str, str]) -> float | None:
    first, second = number(row["input"]), number(row["output"])
    return None if first is None or second is None else (3 * first + second) / 4


def median_blended(table: list[dict[str, str]], flag: str) -> float:
    """Flag: "True", "False" or "" for blank."""
    return median(b for r in table if r["open_weights"] == flag and (b := blended(r)) is not None)


def best_configurations(table: list[dict[str, str]], gpu: str) -> dict[str, dict[str, str]]:
    """Per model the text-chat configuration of highest throughput."""
    best: dict[str, dict[str, str]] = {}
    for r in table:
        if r["task"] == "lm-arena-chat" and r["gpu_model"] == gpu:
            now = best.get(r["model_id"])
            speed = "output_throughput_tokens_per_sec"
            if now is None or float(r[speed]) > float(now[speed]):
                best[r["model_id"]] = r
    return best


def self_host_usd(configuration: dict[str, str], gpu_hour: float, utilization: float) -> float:
    per_hour = gpu_hour * int(configuration["num_gpus"])
    tokens_per_hour = float(configuration["output_throughput_tokens_per_sec"]) * 3600 * utilization
    return per_hour / tokens_per_hour * 1e6


def wh_per_million(configuration: dict[str, str]) -> float:
    return float(configuration["energy_per_token_joules"]) * 1e6 / 3600


def key(name: str) -> str:
    """What the ids of one model have in common."""
    plain = re.sub(r"\s*\(.*\)$", "", name.lower().rsplit("/", 1)[-1])
    plain = re.sub(r"(-v[0-9]+)?:[a-z0-9]+$", "", plain)
    while match := re.match(r"[a-z]+\.", plain):
        plain = plain[match.end() :]
    if plain.startswith(("metallama", "meta-llama")):
        plain = plain.replace("meta", "", 1).lstrip("-")
    return "".join(c for c in plain if c.isascii() and c.isalnum())

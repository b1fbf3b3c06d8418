"""The Hub of the simulated world: dumps of its models on a number of days, and a list of its organisations.

The download counters follow a curve of interest for each model (a rise, a decay to a lasting level) and are
whole numbers, so that the shares that `truth` states are exact.
Models of Chinese publishers are scaled so that their downloads of thirty days pass those of American ones
in the course of 2025; by origin the date is another.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from primacy.simulate.files import write_csv
from primacy.simulate.trajectory import Floats

DAYS = tuple(date(2024 + (5 + 3 * n) // 12, (5 + 3 * n) % 12 + 1, 1) for n in range(9))
"""The days of the dumps, every third month from 2024-06-01 to 2026-06-01."""
CROSSING = date(2025, 5, 15)
"""The day on which the thirty-day downloads of Chinese and American publishers are made equal."""

REGIONS = {
    "us": (("US", 14),),
    "china": (("CN", 14),),
    "europe": (("FR", 3), ("DE", 3), ("GB", 2)),
    "other": (("KR", 2), ("JP", 2), ("AE", 1), ("IN", 2), ("CA", 1)),
}
UNATTRIBUTED = "unattributed"

_FLOOR = date(2022, 3, 2)
_LAST_RELEASE = date(2026, 5, 1)
_SIZES = (0.5, 1.5, 3, 7, 8, 14, 32, 70, 235, 671)
_RISE, _DECAY, _LASTING = 10.0, 150.0, 0.3  # days; part of the peak that lasts
_PULL = {"us": 1.6, "china": 1.0, "europe": 0.5, "other": 0.25}
_TREND = {"us": 0.15, "china": 0.95, "europe": 0.3, "other": 0.4}  # growth of interest per year of release
_USERS = 400
_RESTATED = 20  # models whose all-time counter falls once
_RESTATED_ON = DAYS[6]
_KINDS = ("BF16", "F16", "F32")

_SCHEMA = pa.schema(
    [
        ("id", pa.string()),
        ("author", pa.string()),
        ("createdAt", pa.timestamp("us")),
        ("lastModified", pa.timestamp("us")),
        ("downloads", pa.int64()),
        ("downloadsAllTime", pa.int64()),
        ("likes", pa.int64()),
        ("trendingScore", pa.float64()),
        ("tags", pa.list_(pa.string())),
        ("cardData", pa.string()),
        (
            "safetensors",
            pa.struct(
                [("parameters", pa.struct([(kind, pa.int64()) for kind in _KINDS])), ("total", pa.int64())]
            ),
        ),
        ("gguf", pa.string()),
        (
            "baseModels",
            pa.struct(
                [
                    ("relation", pa.string()),
                    ("models", pa.list_(pa.struct([("_id", pa.string()), ("id", pa.string())]))),
                ]
            ),
        ),
        ("pipeline_tag", pa.string()),
        ("library_name", pa.string()),
    ]
)


@dataclass
class Model:
    """One model repository.

    Attributes
    ----------
    id
        ``namespace/name``.
    region
        Region of the publisher, ``unattributed`` for a user.
    released
        When the repository was made.
    size
        Billions of parameters.
    rate
        Downloads a day at the peak of interest.
    task, license, library
        As on the Hub.
    relation, parents
        The declared base models.
    """

    id: str
    region: str
    released: date
    size: float
    rate: float
    task: str = "text-generation"
    license: str = "apache-2.0"
    library: str = "transformers"
    relation: str | None = None
    parents: list[str] = field(default_factory=list)

    @property
    def namespace(self) -> str:
        """The publisher's account."""
        return self.id.partition("/")[0]


@dataclass(frozen=True)
class Hub:
    """The Hub of one world.

    Attributes
    ----------
    organizations
        Namespace, region and country of every organisation whose seat is known.
    models
        The models by release, then by id.
    """

    organizations: tuple[tuple[str, str, str], ...]
    models: tuple[Model, ...]

    def downloads(self, day: date) -> tuple[np.ndarray, np.ndarray]:
        """Return the downloads of the thirty days before a day and of all time, for each model."""
        age = np.array([(day - model.released).days for model in self.models], float)
        rate = np.array([model.rate for model in self.models])
        whole = np.floor(rate * _interest(age)).astype(np.int64)
        recent = whole - np.floor(rate * _interest(age - 30)).astype(np.int64)
        if day == _RESTATED_ON:
            whole[:_RESTATED] = whole[:_RESTATED] * 7 // 10
        return recent, whole

    def there(self, day: date) -> np.ndarray:
        """Return which models exist on a day."""
        return np.array([model.released <= day for model in self.models])

    def origins(self) -> list[dict[str, float]]:
        """Return, for each model, the parts of its downloads that its roots' regions have.

        A model hands its downloads in equal parts to its declared parents, step by step; a parent that is
        not on the Hub stands for its namespace, and a circle is cut where a model would come up again.
        """
        by_id = {model.id: model for model in self.models}
        region = {name: where for name, where, _ in self.organizations}
        found = []
        for model in self.models:
            parts: dict[str, float] = {}
            for root, part in _roots(model.id, by_id, ()):
                where = region.get(root.partition("/")[0], UNATTRIBUTED)
                parts[where] = parts.get(where, 0.0) + part
            found.append(parts)
        return found


def make_hub(seed: int) -> Hub:
    """Make the Hub of a world."""
    rng = np.random.default_rng([seed, 10_000_019])
    organizations = [
        (f"simulated-lab-{code.lower()}-{number:02d}", region, code)
        for region, seats in REGIONS.items()
        for code, count in seats
        for number in range(1, count + 1)
    ]
    models = [model for name, region, _ in organizations for model in _lab(name, region, rng)]
    models += [_encoder(number, rng) for number in range(1, 9)]
    models += list(_derived(models, rng))
    models += _oddities(models)
    _balance(models)
    models.sort(key=lambda model: (model.released, model.id))
    return Hub(tuple(organizations), tuple(models))


def write_hub(directory: Path, truth: Path, hub: Hub) -> None:
    """Write the dumps (``models_YYYY-MM-DD.parquet``), the organisations, and the true shares."""
    directory.mkdir(parents=True, exist_ok=True)
    write_csv(directory / "organizations.csv", ("hf_org", "region", "country"), hub.organizations)
    described = [_described(model) for model in hub.models]
    for day in DAYS:
        table = pa.Table.from_pylist(list(_rows(hub, described, day)), schema=_SCHEMA)
        pq.write_table(table, directory / f"models_{day.isoformat()}.parquet", compression="zstd")
    write_csv(
        truth / "adoption.csv",
        ("snapshot", "by", "measure", "region", "downloads", "share"),
        true_shares(hub),
    )


def true_shares(hub: Hub) -> Iterator[tuple[str, str, str, str, float, float]]:
    """Yield the downloads and the share of each region on each day, by publisher and by origin."""
    attributions = {"publisher": [{model.region: 1.0} for model in hub.models], "origin": hub.origins()}
    for day in DAYS:
        there = hub.there(day)
        recent, whole = hub.downloads(day)
        for by, parts in attributions.items():
            for measure, counts in (("downloads_30d", recent), ("downloads_all", whole)):
                total: dict[str, float] = {}
                for part, count, exists in zip(parts, counts.tolist(), there.tolist(), strict=True):
                    for region, share in part.items():
                        total[region] = total.get(region, 0.0) + share * count * exists
                whole_sum = sum(total.values())
                for region, downloads in sorted(total.items()):
                    yield (
                        day.isoformat(),
                        by,
                        measure,
                        region,
                        round(downloads, 6),
                        round(downloads / whole_sum, 10),
                    )


# ------------------------------------------------------------------ models


def _lab(namespace: str, region: str, rng: np.random.Generator) -> Iterator[Model]:
    """Yield the families of a laboratory: base models of several sizes, each with an instruct model."""
    short = namespace.removeprefix("simulated-lab-").replace("-", "").upper()
    pull = _PULL[region] * np.exp(0.5 * rng.standard_normal())
    families = int(rng.integers(3, 6))
    for family in range(families):
        span = (_LAST_RELEASE - date(2023, 1, 15)).days
        released = date(2023, 1, 15) + timedelta(days=int(span * (family + rng.random()) / families))
        year = (released - date(2024, 7, 1)).days / 365.25
        license_ = "apache-2.0" if rng.random() < (0.8 if region == "china" else 0.45) else "other"
        sizes = sorted(rng.choice(_SIZES, int(rng.integers(2, 6)), replace=False).tolist())
        for size in sizes:
            name = f"{namespace}/Sim-{short}-{chr(65 + family)}-{size:g}B"
            interest = 900 * pull * np.exp(_TREND[region] * year + 0.35 * rng.standard_normal()) / size**0.35
            task = "image-text-to-text" if rng.random() < 0.15 else "text-generation"
            yield Model(name, region, released, size, 0.35 * interest, task, license_)
            yield Model(
                f"{name}-Instruct",
                region,
                released + timedelta(days=int(rng.integers(0, 20))),
                size,
                interest,
                task,
                license_,
                relation="finetune",
                parents=[name],
            )


def _encoder(number: int, rng: np.random.Generator) -> Model:
    """Return an old encoder: few parameters, downloads without end."""
    name = f"simulated-lab-us-{number % 14 + 1:02d}/Sim-Encoder-{number}"
    return Model(name, "us", _FLOOR, 0.11, float(4_000 * rng.lognormal(0, 0.7)), "fill-mask")


def _derived(models: Sequence[Model], rng: np.random.Generator) -> Iterator[Model]:
    """Yield what users make of the models: quantized, finetuned, adapted and merged."""
    bases = [model for model in models if model.task != "fill-mask"]
    by_interest = sorted(bases, key=lambda model: (-model.rate, model.id))
    for rank, base in enumerate(by_interest):
        for copy in range(int(rng.poisson(2.0 + 10.0 / (1 + rank / 8)))):
            relation = str(
                rng.choice(["quantized", "finetune", "adapter", "merge"], p=[0.4, 0.35, 0.18, 0.07])
            )
            user = f"simulated-user-{int(_USERS * rng.random() ** 2):04d}"
            parents = [base.id]
            if relation == "merge":
                other = by_interest[int(rng.integers(0, min(40, len(by_interest))))]
                parents += [other.id] if other.id != base.id else []
            released = max(base.released, *(m.released for m in by_interest if m.id in parents))
            released += timedelta(days=1 + int(rng.exponential(60)))
            if released > _LAST_RELEASE:
                continue
            suffix = {"quantized": "GGUF", "finetune": "FT", "adapter": "LoRA", "merge": "Merge"}[relation]
            yield Model(
                f"{user}/{base.id.partition('/')[2]}-{suffix}-{rank}-{copy}",
                UNATTRIBUTED,
                released,
                base.size,
                float(0.12 * base.rate * rng.lognormal(-1.0, 1.2)),
                base.task,
                base.license if rng.random() < 0.8 else "mit",
                "gguf" if relation == "quantized" else "peft" if relation == "adapter" else "transformers",
                relation,
                parents,
            )


def _oddities(models: Sequence[Model]) -> list[Model]:
    """Return models with a lineage that goes in a circle or leaves the Hub, and one that robots download."""
    day = date(2024, 5, 1)
    first = models[0]
    loop, one, two = (
        "simulated-lab-us-01/Sim-Loop",
        "simulated-lab-cn-01/Sim-A",
        "simulated-lab-cn-01/Sim-B",
    )
    return [
        Model(loop, "us", day, 7, 20.0, relation="finetune", parents=[loop]),
        Model(one, "china", day, 7, 20.0, relation="finetune", parents=[two]),
        Model(two, "china", day, 7, 20.0, relation="finetune", parents=[one]),
        Model(
            "simulated-user-0001/Sim-Orphan",
            UNATTRIBUTED,
            day,
            7,
            30.0,
            relation="quantized",
            parents=["simulated-lab-fr-01/Sim-Withdrawn"],
        ),
        Model(
            "simulated-user-0002/Sim-Stray",
            UNATTRIBUTED,
            day,
            7,
            30.0,
            relation="quantized",
            parents=["simulated-stranger/Sim-Nowhere"],
        ),
        Model("simulated-user-0003/Sim-Robots", UNATTRIBUTED, date(2025, 9, 1), 0.5, 2.0 * first.rate),
    ]


def _balance(models: Sequence[Model]) -> None:
    """Scale the Chinese publishers' models so that their downloads equal the American ones' on `CROSSING`."""
    flow = {"us": 0.0, "china": 0.0}
    for model in models:
        if model.region in flow:
            age = float((CROSSING - model.released).days)
            flow[model.region] += model.rate * float(_interest(age) - _interest(age - 30))
    factor = flow["us"] / flow["china"]
    for model in models:
        if model.region == "china":
            model.rate *= factor


def _interest(age: Floats | float) -> Floats:
    """Return the downloads up to an age in days of a model with a peak of one a day."""
    age = np.maximum(np.asarray(age, float), 0.0)
    both = 1 / (1 / _RISE + 1 / _DECAY)

    def fading(scale: float) -> Floats:
        return np.asarray(scale * (1 - np.exp(-age / scale)))

    lasting = _LASTING * (age - fading(_RISE))
    return np.asarray(lasting + (1 - _LASTING) * (fading(_DECAY) - fading(both)))


def _roots(name: str, by_id: dict[str, Model], above: tuple[str, ...]) -> Iterator[tuple[str, float]]:
    model = by_id.get(name)
    parents = [] if model is None else [p for p in model.parents if p != name and p not in above]
    if not parents:
        yield name, 1.0
        return
    for parent in parents:
        for root, part in _roots(parent, by_id, (*above, name)):
            yield root, part / len(parents)


# ------------------------------------------------------------------ the dump


def _rows(hub: Hub, described: Sequence[dict[str, object]], day: date) -> Iterator[dict[str, object]]:
    recent, whole = hub.downloads(day)
    counters = zip(described, recent.tolist(), whole.tolist(), hub.there(day).tolist(), strict=True)
    for row, month, ever, exists in counters:
        if exists:
            yield row | {"downloads": month, "downloadsAllTime": ever, "likes": int(ever**0.55 / 6)}


def _described(model: Model) -> dict[str, object]:
    """Return what a dump says of a model on every day."""
    count = int(model.size * 1e9)
    packed = model.library in ("gguf", "peft")
    license_ = {"license": model.license}
    if model.license == "other":
        license_ |= {"license_name": "simulated-community-licence"}
    made = datetime(model.released.year, model.released.month, model.released.day, 9, 30)
    return {
        "id": model.id,
        "author": model.namespace,
        "createdAt": made,
        "lastModified": made + timedelta(days=1),
        "trendingScore": 0.0,
        "tags": [
            model.library,
            "simulated",
            f"license:{model.license}",
            *(f"base_model:{model.relation}:{parent}" for parent in model.parents),
            "region:us",
        ],
        "cardData": json.dumps(
            license_ | ({"base_model": model.parents} if model.parents else {}), sort_keys=True
        ),
        "safetensors": None
        if packed
        else {"parameters": {"BF16": count, "F16": None, "F32": None}, "total": count},
        "gguf": json.dumps({"total": count, "architecture": "simulated"})
        if model.library == "gguf"
        else None,
        "baseModels": {
            "relation": model.relation,
            "models": [{"_id": f"simulated-{parent}", "id": parent} for parent in model.parents],
        }
        if model.parents
        else None,
        "pipeline_tag": model.task,
        "library_name": model.library,
    }

"""One record of the Hub, from whatever form it has, to what the lake keeps of it.

A dump's row, a CSV line and an object of the live API carry the same fields in different clothes: nested values
are structures in one and JSON in another, dates are timestamps or text. What is needed is read from any of them;
what cannot be read is counted. Texts from cards are data: nothing is evaluated, and only short labels are kept.
"""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime
from typing import Any

from primacy.sources.hub.sizes import Size, size_of

__all__ = ["COUNTER_LIMIT", "Model", "Parents", "RejectedError", "namespace_of", "read_record"]

COUNTER_LIMIT = 10**12
"""A counter above this is absurd: the whole Hub's all-time downloads are an order of magnitude below it."""

_REPO_ID = re.compile(r"[\w.-]{1,250}(?:/[\w.-]{1,250})?")
_WHOLE = re.compile(r"[+-]?\d{1,30}(?:\.0*)?")
_WRITTEN_ID = re.compile(r"""(?<![\w_])['"]?id['"]?\s*:\s*['"]?([\w.-]+(?:/[\w.-]+)?)""")
_WRITTEN_RELATION = re.compile(r"""['"]?relation['"]?\s*:\s*['"]?(\w+)""")
_LABEL_LENGTH = 100
RELATIONS = frozenset({"finetune", "adapter", "quantized", "merge"})


class RejectedError(Exception):
    """The record cannot be loaded; the text says why."""


@dataclass(frozen=True, slots=True)
class Parents:
    """The models that a record declares as its bases.

    Parameters
    ----------
    ids
        Distinct, in the order of the declaration.
    relation
        ``finetune``, ``adapter``, ``quantized`` or ``merge``; None where nothing says.
    declared_in
        ``hub``: the Hub's own reading of the card (``baseModels``); ``tag``; ``card``.
    invalid, repeated
        How many entries were left out: no repository id, or there already.
    """

    ids: tuple[str, ...] = ()
    relation: str | None = None
    declared_in: str = "hub"
    invalid: int = 0
    repeated: int = 0


@dataclass(frozen=True, slots=True)
class Model:
    """What the lake keeps of one record."""

    model_id: str
    namespace: str
    created: str | None
    last_modified: str | None
    downloads_30d: int
    downloads_all: int | None
    likes: int | None
    task: str | None
    library: str | None
    license: str | None
    size: Size
    parents: Parents
    card_only_parents: int
    unreadable: int


def namespace_of(model_id: str) -> str:
    """Return the account that a repository belongs to; a legacy id without a slash stands for itself.

    Examples
    --------
    >>> namespace_of("Qwen/Qwen3-8B"), namespace_of("gpt2")
    ('Qwen', 'gpt2')
    """
    return model_id.partition("/")[0]


def read_record(raw: Mapping[str, Any]) -> Model:
    """Return what the lake keeps of a record.

    Parameters
    ----------
    raw
        A record under the Hub's field names; ``id`` and ``downloads`` must be there, everything else may be
        missing.

    Raises
    ------
    RejectedError
        The id is none, or a counter is missing where it must be, negative, absurd or no whole number.

    Examples
    --------
    >>> m = read_record({"id": "a/b-7B", "downloads": 5, "tags": ["license:mit", "base_model:finetune:c/d"]})
    >>> m.downloads_30d, m.license, m.parents.ids, m.parents.relation, m.size.parameters
    (5, 'mit', ('c/d',), 'finetune', 7000000000)
    """
    model_id = raw.get("id")
    if not isinstance(model_id, str) or not model_id.strip():
        raise RejectedError("id is missing")
    model_id = model_id.strip()
    if not _REPO_ID.fullmatch(model_id):
        raise RejectedError(f"id is not a repository id: {short(model_id)}")
    downloads = _counter(raw, "downloads")
    if downloads is None:
        raise RejectedError("downloads is missing")
    reader = _Reader(raw)
    tags = reader.listed("tags")
    card = reader.card()
    parents = _declared_parents(reader, tags, card)
    card_only = 0 if parents.ids else len(_ids_of(_card_bases(card)).ids)
    return Model(
        model_id=model_id,
        namespace=namespace_of(model_id),
        created=reader.moment("createdAt", "%Y-%m-%d"),
        last_modified=reader.moment("lastModified", "%Y-%m-%dT%H:%M:%S"),
        downloads_30d=downloads,
        downloads_all=_counter(raw, "downloadsAllTime"),
        likes=_counter(raw, "likes"),
        task=label(raw.get("pipeline_tag")),
        library=label(raw.get("library_name")),
        license=_license(tags or (), card),
        size=size_of(model_id, reader.nested("safetensors"), reader.nested("gguf"), tags or ()),
        parents=parents,
        card_only_parents=card_only,
        unreadable=reader.unreadable,
    )


class _Reader:
    """Reads optional fields of a record and counts those that cannot be read."""

    def __init__(self, raw: Mapping[str, Any]) -> None:
        self.raw = raw
        self.unreadable = 0

    def moment(self, name: str, form: str) -> str | None:
        value = self.raw.get(name)
        if isinstance(value, str) and value.strip():
            try:
                value = datetime.fromisoformat(value.strip())
            except ValueError:
                self.unreadable += 1
                return None
        if isinstance(value, datetime):
            if value.tzinfo is not None:
                value = value.astimezone(UTC)
            return value.strftime(form)
        if isinstance(value, date):
            return datetime(value.year, value.month, value.day).strftime(form)
        return None

    def listed(self, name: str) -> list[str] | None:
        value = self.raw.get(name)
        if isinstance(value, str):
            value = _written_list(value)
        if isinstance(value, list | tuple):
            return [v for v in value if isinstance(v, str)]
        return None

    def nested(self, name: str) -> Mapping[str, Any] | None:
        value = self.raw.get(name)
        if isinstance(value, str) and value.strip():
            value = self._json(value)
        return value if isinstance(value, Mapping) else None

    def card(self) -> Mapping[str, Any]:
        value = self.raw.get("cardData")
        if isinstance(value, str):
            if not ("license" in value or "base_model" in value):
                return {}
            value = self._json(value)
        return value if isinstance(value, Mapping) else {}

    def _json(self, text: str) -> Any:
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            self.unreadable += 1
            return None

    def base_models(self) -> tuple[list[Any], str | None]:
        """Return the entries of ``baseModels`` and the relation; a form that is not known is unreadable."""
        value = self.raw.get("baseModels")
        if isinstance(value, str) and value.strip():
            try:
                value = json.loads(value)
            except (ValueError, RecursionError):
                relation = _WRITTEN_RELATION.search(value)
                entries: list[Any] = _WRITTEN_ID.findall(value) or _written_list(value)
                return entries, relation[1] if relation else None
        if isinstance(value, Mapping):
            models, relation_text = value.get("models"), value.get("relation")
            models = [models] if isinstance(models, str | Mapping) else models
            if models is not None and not isinstance(models, list | tuple):
                self.unreadable += 1
                models = []
            return list(models or ()), relation_text if isinstance(relation_text, str) else None
        if isinstance(value, list | tuple):
            return list(value), None
        if isinstance(value, str) and value.strip():
            return [value], None
        return [], None


def _declared_parents(reader: _Reader, tags: list[str] | None, card: Mapping[str, Any]) -> Parents:
    """Return the declared parents, from the best place that has them.

    The Hub's own reading of the card first, then the tags that it derives from it. The card itself counts only
    where the source has no field for the Hub's reading: with one, what stands in the card alone are names that
    the Hub could not resolve.
    """
    entries, relation = reader.base_models()
    found = _ids_of(entries)
    if found.ids:
        return Parents(found.ids, _relation(relation, found.ids), "hub", found.invalid, found.repeated)
    tagged = _tagged_parents(tags or ())
    if tagged.ids or "baseModels" in reader.raw:
        return replace(tagged, invalid=tagged.invalid + found.invalid)
    found = _ids_of(_card_bases(card))
    said = card.get("base_model_relation")
    relation = _relation(said if isinstance(said, str) else None, found.ids)
    return replace(found, relation=relation, declared_in="card", invalid=found.invalid + tagged.invalid)


def _tagged_parents(tags: Iterable[str]) -> Parents:
    """Read ``base_model:ID`` and ``base_model:RELATION:ID``; the Hub writes both for each parent."""
    ids: list[Any] = []
    relation = None
    for tag in tags:
        if tag.startswith("base_model:"):
            kind, colon, rest = tag.removeprefix("base_model:").partition(":")
            ids.append(rest if colon else kind)
            relation = kind if colon and relation is None else relation
    found = _ids_of(dict.fromkeys(ids))
    return replace(found, relation=_relation(relation, found.ids), declared_in="tag")


def _card_bases(card: Mapping[str, Any]) -> list[Any]:
    bases = card.get("base_model")
    return list(bases) if isinstance(bases, list | tuple) else [] if bases is None else [bases]


def _ids_of(entries: Iterable[Any]) -> Parents:
    ids: dict[str, None] = {}
    invalid = repeated = 0
    for entry in entries:
        value = entry.get("id") if isinstance(entry, Mapping) else entry
        value = value.strip() if isinstance(value, str) else ""
        if not _REPO_ID.fullmatch(value):
            invalid += 1
        elif value in ids:
            repeated += 1
        else:
            ids[value] = None
    return Parents(tuple(ids), invalid=invalid, repeated=repeated)


def _relation(said: str | None, ids: tuple[str, ...]) -> str | None:
    """Return the relation that is said; as on the Hub, several parents that say nothing make a merge."""
    if not ids:
        return None
    if said:
        kind = said.strip().lower()
        return kind if kind in RELATIONS else None
    return "merge" if len(ids) > 1 else None


def _license(tags: Iterable[str], card: Mapping[str, Any]) -> str | None:
    for tag in tags:
        if tag.startswith("license:"):
            return label(tag.removeprefix("license:").lower())
    said = card.get("license")
    said = said[0] if isinstance(said, list) and said else said
    return label(said.lower()) if isinstance(said, str) else None


def _counter(raw: Mapping[str, Any], name: str) -> int | None:
    value = raw.get(name)
    if value is None or (isinstance(value, str) and not value.strip()):
        return None
    number: int | None = None
    if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
        number = int(value.strip().partition(".")[0])
    elif isinstance(value, float):
        if math.isnan(value):
            return None
        number = int(value) if math.isfinite(value) and value == int(value) else None
    elif isinstance(value, int) and not isinstance(value, bool):
        number = value
    if number is None:
        raise RejectedError(f"{name} is not a whole number: {short(value)}")
    if number < 0:
        raise RejectedError(f"{name} is negative: {number}")
    if number > COUNTER_LIMIT:
        raise RejectedError(f"{name} is absurd: {short(number)}, above {COUNTER_LIMIT:.0e}")
    return number


def _written_list(text: str) -> list[str]:
    """Read a list that was written as text: JSON, or the way that DuckDB and Python print lists."""
    try:
        value = json.loads(text)
    except (ValueError, RecursionError):
        inner = text.strip().removeprefix("[").removesuffix("]")
        return [v for part in inner.split(",") if (v := part.strip().strip("'\""))]
    return [v for v in value if isinstance(v, str)] if isinstance(value, list) else [str(value)]


def label(value: object) -> str | None:
    r"""Return a short label from the Hub as plain text: control characters gone, at most 100 characters.

    Examples
    --------
    >>> label(" text-generation "), label("a\x1b[31mb"), label(""), label(3)
    ('text-generation', 'a[31mb', None, None)
    """
    if not isinstance(value, str):
        return None
    clean = "".join(c for c in value if c.isprintable()).strip()[:_LABEL_LENGTH]
    return clean or None


def short(value: object) -> str:
    r"""Return a value for a message: ASCII, quoted, at most 60 characters.

    Examples
    --------
    >>> short("<b>é</b>")
    "'<b>\\xe9</b>'"
    """
    text = ascii(value)
    return text if len(text) <= 60 else text[:57] + "..."

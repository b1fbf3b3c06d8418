"""What the lake must hold after a pull, in plain Python: json and gzip, one record at a time.

Written from the contract ("Pull", "Credit", "Which works") and OpenAlex's own documentation; shares no code
with the package.
"""

from __future__ import annotations

import datetime
import gzip
import json
import re
from fractions import Fraction
from pathlib import Path

TYPES = {
    "journal-article": "article",
    "proceedings-article": "article",
    "posted-content": "preprint",
    "monograph": "book",
    "edited-book": "book",
    "reference-book": "book",
    "book-set": "book",
    "book-part": "book-chapter",
    "book-section": "book-chapter",
    "journal": "paratext",
    "journal-issue": "paratext",
    "journal-volume": "paratext",
    "proceedings": "paratext",
    "proceedings-series": "paratext",
    "book-series": "paratext",
    "report-series": "paratext",
    "component": "paratext",
}


def read(path: Path) -> list[dict]:
    """The records of a file, none of them damaged."""
    data = path.read_bytes()
    if path.suffix == ".gz":
        data = gzip.decompress(data)
    return [json.loads(line) for line in data.decode().split("\n") if line.strip()]


def number(identifier: str | None, letters: str) -> int | None:
    last = (identifier or "").rsplit("/", 1)[-1].upper()
    return int(last[1:]) if last[:1] in list(letters) and last[1:].isdigit() else None


def stamp(text: str) -> str:
    moment = datetime.datetime.fromisoformat(text)
    if moment.tzinfo:
        moment = moment.astimezone(datetime.UTC).replace(tzinfo=None)
    return moment.strftime("%Y-%m-%dT%H:%M:%S.%f").rjust(26, "0")


def country(code: str | None) -> str | None:
    code = (code or "").strip().upper()
    return code if len(code) == 2 and code.isascii() and code.isalpha() else None


def blank(text: str | None) -> str | None:
    return text if text and text.strip() else None


def abstract(record: dict) -> str | None:
    for key in ("abstract_inverted_index", "abstract_inverted_index_v3"):
        index = record.get(key)
        if isinstance(index, str):
            index = json.loads(index)
        if index and isinstance(index.get("InvertedIndex"), dict):
            index = index["InvertedIndex"]
        if index:
            words = sorted((p, w) for w, positions in index.items() for p in positions)
            if words:
                return blank(" ".join(w for _, w in words))
    return blank(record.get("abstract"))


def primary_source(record: dict) -> dict:
    if record.get("primary_location") is not None:
        return record["primary_location"].get("source") or {}
    return record.get("host_venue") or {}


def credit(record: dict) -> dict[tuple, list[Fraction]]:
    """(author_seq, institution, country) -> the two weights."""
    authorships = record["authorships"] or []
    everywhere: dict[int, str | None] = {}
    for a in authorships:
        for i in a.get("institutions") or []:
            key = number(i.get("id"), "I")
            if key is not None:
                everywhere[key] = everywhere.get(key) or country(i.get("country_code"))
    rows: dict[tuple, list[Fraction]] = {}

    def add(which: int, key: tuple, weight: Fraction) -> None:
        rows.setdefault(key, [Fraction(0), Fraction(0)])[which] += weight

    for seq, a in enumerate(authorships):
        share = Fraction(1, len(authorships))
        entries = a.get("institutions") or []
        own: dict[int, str | None] = {}
        for i in entries:
            key = number(i.get("id"), "I")
            if key is not None:
                own[key] = own.get(key) or country(i.get("country_code"))
        places = {
            (i.get("display_name"), country(i.get("country_code")))
            for i in entries
            if country(i.get("country_code"))
        }
        stated = {c for c in map(country, a.get("countries") or []) if c}
        if own:
            plain = list(own.items())
        elif places:
            plain = [(None, c) for _, c in places]
        elif stated:
            plain = [(None, c) for c in stated]
        else:
            plain = [(None, None)]
        for key, c in plain:
            add(0, (seq, key, c), share / len(plain))

        affiliations = a.get("affiliations") or []
        members = [
            {k for k in (number(i, "I") for i in x.get("institution_ids") or []) if k is not None}
            for x in affiliations
        ]
        if not affiliations:
            for key, c in plain:
                add(1, (seq, key, c), share / len(plain))
        elif any(members):
            for ids in members:
                for key in ids:
                    c = own[key] if key in own else everywhere.get(key)
                    add(1, (seq, key, c), share / len(members) / len(ids))
                if not ids:
                    add(1, (seq, None, None), share / len(members))
        elif stated:
            for c in stated:
                add(1, (seq, None, c), share / len(stated))
        else:
            add(1, (seq, None, None), share)
    return rows


def orcid(value: object) -> str | None:
    text = str(value or "")[-19:].upper()
    return text if re.fullmatch(r"[0-9]{4}-[0-9]{4}-[0-9]{4}-[0-9]{3}[0-9X]", text) else None


def newest(said: list[tuple[str, dict]], row) -> tuple[str, dict]:
    """The newest statement; of equally new ones the first by content, nothing last."""
    date = max(d for d, _ in said)
    rows = [(row(x), x) for d, x in said if d == date]
    return date, min(rows, key=lambda r: [(v is None, v if v is not None else "") for v in r[0]])[1]


def _text(value: object) -> object:
    return "" if value is None else str(value)


def tables(records: list[dict], *, partition_dates: dict[int, str] | None = None) -> dict[str, list[tuple]]:
    """The rows of every lake table after a pull of these records, each table sorted."""
    current: dict[int, dict] = {}
    dates: dict[int, str] = {}
    institutions: dict[int, list] = {}
    sources: dict[int, list] = {}
    topics: dict[int, list] = {}
    for r in records:
        key = number(r["id"], "W")
        date = stamp(r.get("updated_date") or (partition_dates or {}).get(id(r)) or "0001-01-01")
        if key not in current or date > dates[key]:
            current[key], dates[key] = r, date
        for a in r["authorships"] or []:
            for i in a.get("institutions") or []:
                if number(i.get("id"), "I") is not None:
                    institutions.setdefault(number(i["id"], "I"), []).append((date, i))
        s = primary_source(r)
        if number(s.get("id"), "SV") is not None:
            sources.setdefault(number(s["id"], "SV"), []).append((date, s))
        for t in [*(r.get("topics") or []), r.get("primary_topic") or {}]:
            if number(t.get("id"), "T") is not None:
                topics.setdefault(number(t["id"], "T"), []).append((date, t))
    out: dict[str, list[tuple]] = {
        n: []
        for n in (
            "works",
            "authorships",
            "author_orcids",
            "work_topics",
            "citations_by_year",
            "references",
            "texts",
            "institutions",
            "sources",
            "topics",
        )
    }
    for key, r in current.items():
        authorships = r["authorships"] or []
        cited = {c for c in (number(x, "W") for x in r.get("referenced_works") or []) if c is not None}
        doi = (r.get("doi") or "").lower().removeprefix("https://doi.org/") or None
        kind = r["type"] and r["type"].lower()
        out["works"].append(
            (
                key,
                dates[key],
                r["publication_year"],
                (r.get("publication_date") or "")[:10] or None,
                TYPES.get(kind, kind),
                r.get("language"),
                doi,
                number(primary_source(r).get("id"), "SV"),
                r["cited_by_count"],
                bool(r.get("is_retracted")),
                bool(r.get("is_paratext")),
                bool(r.get("is_xpac")),
                len(authorships),
                bool(r.get("is_authors_truncated")) or (r.get("authors_count") or 0) > len(authorships),
                len(cited),
            )
        )
        out["references"] += [(key, c) for c in cited]
        out["citations_by_year"] += [
            (key, c["year"], c["cited_by_count"]) for c in r.get("counts_by_year") or []
        ]
        title = r.get("title") if r.get("title") is not None else r.get("display_name")
        out["texts"].append((key, blank(title), abstract(r)))
        primary = number((r.get("primary_topic") or {}).get("id"), "T")
        named = {}
        for t in [*(r.get("topics") or []), r.get("primary_topic") or {}]:
            if number(t.get("id"), "T") is not None:
                named.setdefault(number(t["id"], "T"), t.get("score"))
        out["work_topics"] += [(key, t, score, t == primary) for t, score in named.items()]
        for seq, a in enumerate(authorships):
            author = a.get("author") or {}
            own, stated = orcid(author.get("orcid")), orcid(a.get("raw_orcid"))
            if own or stated:
                out["author_orcids"].append((key, seq, number(author.get("id"), "A"), own, stated))
        for (seq, institution, c), (w, wa) in credit(r).items():
            a = authorships[seq]
            author = number((a.get("author") or {}).get("id"), "A")
            out["authorships"].append(
                (
                    key,
                    seq,
                    author,
                    a.get("author_position"),
                    bool(a.get("is_corresponding")),
                    institution,
                    c,
                    float(w),
                    float(wa),
                )
            )
    for key, said in institutions.items():

        def institution(i: dict) -> tuple:
            ids = [number(x, "I") for x in i["lineage"]] if i.get("lineage") else None
            ror = (i.get("ror") or "").removeprefix("https://ror.org/") or None
            return i.get("display_name"), country(i.get("country_code")), i.get("type"), ror, ids

        date, chosen = newest(said, institution)
        out["institutions"].append((key, *institution(chosen), None, date, True))
    for key, said in sources.items():
        issns = sorted({x for _, o in said for x in [*(o.get("issn") or []), o.get("issn_l")] if x})

        def source(s: dict, issns: list[str] = issns) -> tuple:
            publisher = s.get("host_organization_name") or s.get("publisher")
            return s.get("display_name"), s.get("issn_l"), issns, s.get("type"), publisher

        date, chosen = newest(said, source)
        out["sources"].append((key, *source(chosen), date, True))
    for key, said in topics.items():

        def topic(t: dict) -> tuple:
            levels = [(t.get(x) or {}).get("display_name") for x in ("subfield", "field", "domain")]
            return t.get("display_name"), *levels

        date, chosen = newest(said, topic)
        out["topics"].append((key, *topic(chosen), None, date, True))
    return {name: sorted(rows, key=lambda row: [_text(v) for v in row]) for name, rows in out.items()}

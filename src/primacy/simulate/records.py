"""Works as OpenAlex writes them today: one JSON object per line, with its full set of keys.

What many records share (institutions, sources, topics, a unit's words) is encoded once; a record is then a
template filled with numbers.
"""

from __future__ import annotations

from dataclasses import dataclass

import msgspec
import numpy as np

from primacy.simulate.abstracts import Abstracts
from primacy.simulate.citations import SNAPSHOT_YEAR, SPREAD
from primacy.simulate.design import Design
from primacy.simulate.fragments import keyword_entries, place, source_entry, topic_entries
from primacy.simulate.institutions import institutions
from primacy.simulate.population import COUNTRY_ONLY, RESOLVED, TYPES, Integers, Works
from primacy.simulate.profiles import Profiles
from primacy.simulate.sources import CONFERENCES, JOURNALS, REPOSITORIES, sources, topics
from primacy.simulate.texts import Library, background_title, title_of
from primacy.simulate.trajectory import FIRST_YEAR, YEARS, countries

FIRST_AUTHOR = 9_000_000_000
OUTSIDE = 9_800_000_000
"""Works outside the world that its works cite have ids from here."""

_OUTSIDE_RANGE = 100_000_000
_COUNTED = np.arange(SNAPSHOT_YEAR - 9, SNAPSHOT_YEAR + 1)  # the years that counts_by_year states
_RAW_TYPES = {
    "article": "journal-article",
    "review": "journal-article",
    "conference-paper": "proceedings-article",
    "preprint": "posted-content",
}
_NO_ABSTRACT = 0.03
_CORRECTION = 0.003

_AUTHOR = (
    b'{"author_position":"%b","author":{"id":"https://openalex.org/A%d","display_name":"Simulated Author %d",'
    b'"orcid":%b},"institutions":[%b],"countries":[%b],"is_corresponding":%b,'
    b'"raw_author_name":"Simulated Author %d","raw_affiliation_strings":[%b],"raw_orcid":%b,'
    b'"affiliations":[%b]}'
)
_LOCATION = (
    b'{"id":"doi:10.5555/simulated.w%d","is_oa":%b,"landing_page_url":"https://doi.org/10.5555/simulated.w%d",'
    b'"pdf_url":null,"source":%b,"license":null,"license_id":null,"version":"publishedVersion",'
    b'"is_accepted":true,"is_published":true,"raw_source_name":%b,"raw_type":"%b"}'
)
_RECORD = (
    b'{"id":"https://openalex.org/W%(id)d","doi":"https://doi.org/10.5555/simulated.w%(id)d",'
    b'"title":%(title)b,"display_name":%(title)b,"publication_year":%(year)d,"publication_date":"%(date)b",'
    b'"ids":{"openalex":"https://openalex.org/W%(id)d","doi":"https://doi.org/10.5555/simulated.w%(id)d"},'
    b'"language":"en","primary_location":%(location)b,"type":"%(type)b","indexed_in":["crossref"],'
    b'"open_access":{"is_oa":%(oa)b,"oa_status":"%(status)b","oa_url":null,'
    b'"any_repository_has_fulltext":false},"authorships":[%(authors)b],"institutions":[],'
    b'"countries_distinct_count":%(countries)d,"institutions_distinct_count":%(places)d,'
    b'"corresponding_author_ids":["https://openalex.org/A%(corresponding)d"],'
    b'"corresponding_institution_ids":[],"apc_list":null,"apc_paid":null,"fwci":%(fwci)b,'
    b'"has_fulltext":false,"cited_by_count":%(cited)d,"citation_normalized_percentile":{"value":%(rank)b,'
    b'"is_in_top_1_percent":%(top1)b,"is_in_top_10_percent":%(top10)b},"cited_by_percentile_year":'
    b'{"min":%(low)d,"max":%(high)d},"biblio":{"volume":"%(volume)d","issue":"%(issue)d",'
    b'"first_page":"%(page)d","last_page":"%(page)d"},"is_retracted":%(retracted)b,'
    b'"is_paratext":%(paratext)b,"is_xpac":%(xpac)b,%(topics)b,"keywords":%(keywords)b,"concepts":[],'
    b'"mesh":[],"locations_count":1,"locations":[%(location)b],"best_oa_location":%(best)b,'
    b'"sustainable_development_goals":[],"awards":[],"funders":[],"has_content":{"grobid_xml":false,'
    b'"pdf":false},"content_urls":null,"referenced_works_count":%(references)d,'
    b'"referenced_works":[%(referenced)b],"related_works":[],"abstract_inverted_index":%(abstract)b,'
    b'"counts_by_year":[%(counts)b],"updated_date":"%(updated)b","created_date":"2025-10-10T00:00:00"}\n'
)
_FLAG = (b"false", b"true")


class Writer:
    """Writes the records of blocks of works.

    Parameters
    ----------
    design, library
        The world's probabilities and words.
    """

    def __init__(self, design: Design, library: Library) -> None:
        encode = msgspec.json.encode
        self._abstracts = Abstracts(library)
        self._titles = [unit.title for units in (*library.units, *library.loose) for unit in units]
        self._first_loose = sum(map(len, library.units))
        self._units = np.cumsum([0, *map(len, (*library.units, *library.loose))])
        self._codes = [encode(country.code) for country in countries()]
        self._places = [place(index) for index in range(len(institutions()))]
        self._sources = [(encode(source_entry(s)), encode(s.name)) for s in sources()]
        self._topics = [topic_entries(topics(subject)) for subject in library.subjects]
        self._keywords = [encode(keyword_entries(subject)) for subject in library.subjects]
        self._location = design.location.mean(axis=(1, 2))
        self._counts = _ageing()

    def write(
        self,
        works: Works,
        people: Profiles,
        chosen: Integers,
        start: Integers,
        cited: Integers,
        updated: list[bytes],
        rng: np.random.Generator,
        *,
        factor: float = 1.0,
        shift: int = 0,
    ) -> list[bytes]:
        """Return the records of some works of a slice, a line each.

        Parameters
        ----------
        works, people
            The slice, and how its authors stand in the records.
        chosen
            Indices of the works.
        start, cited
            The references inside the slice, as `graph.references` gives them.
        updated
            The updated_date of each.
        rng
            Source of what has no bearing on any result: sentences, dates, journals.
        factor
            What the citations are multiplied by (an older state of a record has fewer).
        shift
            What is added to the ids of the works (a work that was withdrawn has one of its own).
        """
        number = works.first_id + chosen + shift
        unit = self._choose_units(works, chosen, rng)
        abstract = self._abstracts.write(number, unit, rng)
        count = np.floor(works.citations[chosen] * factor).astype(np.int64)
        detail = _Details.draw(works, chosen, count, self._location, rng)
        by_year = self._by_year(count, works.year[chosen])
        outside = OUTSIDE + rng.integers(0, _OUTSIDE_RANGE, (len(chosen), 24))
        lines = []
        flags = [
            [_FLAG[v] for v in f[chosen].tolist()] for f in (works.retracted, works.paratext, works.xpac)
        ]
        columns = zip(
            chosen.tolist(),
            number.tolist(),
            unit.tolist(),
            works.technology[chosen].tolist(),
            works.year[chosen].tolist(),
            works.kind[chosen].tolist(),
            count.tolist(),
            start[chosen].tolist(),
            start[chosen + 1].tolist(),
            *flags,
            strict=True,
        )
        for row, (index, id_, words, technology, year, kind, times, low, high, *flag) in enumerate(columns):
            authors, first, places, nations = self._authors(works, people, index)
            linked = [works.first_id + other for other in cited[low:high].tolist()]
            linked += outside[row, : detail.outside[row]].tolist()
            source, source_name = self._sources[detail.source[row]]
            title = self._title(id_, words)
            oa, rank = _FLAG[detail.oa[row]], detail.rank[row]
            raw = _RAW_TYPES.get(TYPES[kind], TYPES[kind]).encode()
            location = _LOCATION % (id_, oa, id_, source, source_name, raw)
            lines.append(
                _RECORD
                % {
                    b"id": id_,
                    b"title": msgspec.json.encode(
                        "Correction: " + title if detail.correction[row] else title
                    ),
                    b"year": FIRST_YEAR + year,
                    b"date": detail.date[row],
                    b"location": location,
                    b"type": TYPES[kind].encode(),
                    b"oa": oa,
                    b"status": b"gold" if detail.oa[row] else b"closed",
                    b"authors": authors,
                    b"countries": nations,
                    b"places": places,
                    b"corresponding": first,
                    b"fwci": b"%.4f" % detail.fwci[row],
                    b"cited": times,
                    b"rank": b"%.6f" % rank,
                    b"top1": _FLAG[rank >= 0.99],
                    b"top10": _FLAG[rank >= 0.90],
                    b"low": int(rank * 100),
                    b"high": min(100, int(rank * 100) + 1),
                    b"volume": year + 1,
                    b"issue": detail.issue[row],
                    b"page": detail.page[row],
                    b"retracted": flag[0],
                    b"paratext": flag[1],
                    b"xpac": flag[2],
                    b"topics": self._topics[technology],
                    b"keywords": self._keywords[technology],
                    b"best": location if detail.oa[row] else b"null",
                    b"references": len(linked),
                    b"referenced": b",".join([b'"https://openalex.org/W%d"' % w for w in linked]),
                    b"abstract": b"null" if detail.bare[row] else abstract[row],
                    b"counts": by_year[row],
                    b"updated": updated[row],
                }
            )
        return lines

    def _choose_units(self, works: Works, chosen: Integers, rng: np.random.Generator) -> Integers:
        place = works.technology[chosen] + works.loose[chosen] * (len(self._units) // 2)
        first, last = self._units[place], self._units[place + 1]
        unit = first + (rng.random(len(chosen)) * (last - first)).astype(np.int64)
        nothing = works.background[chosen] & ~works.loose[chosen]
        return np.where(nothing | (first == last), -1, unit)

    def _title(self, number: int, unit: int) -> str:
        if unit < 0:
            return background_title(number)
        return title_of(number, self._titles[unit], loose=unit >= self._first_loose)

    def _authors(self, works: Works, named: Profiles, index: int) -> tuple[bytes, int, int, int]:
        """Return the authorships, the first author, and how many institutions and countries there are."""
        low, high = int(works.start[index]), int(works.start[index + 1])
        people = works.authors
        institution = people.institution[low:high].tolist()
        second = people.second_institution[low:high].tolist()
        state = people.state[low:high].tolist()
        person = named.profile[low:high]
        orcid, stated = named.orcid[low:high], named.stated[low:high]
        parts = []
        places: set[int] = set()
        nations: set[bytes] = set()
        for seq, (own, other, known, author, own_id, its_id) in enumerate(
            zip(institution, second, state, person, orcid, stated, strict=True)
        ):
            position = b"first" if seq == 0 else b"last" if seq == high - low - 1 else b"middle"
            entries = names = affiliations = codes = b""
            if known == RESOLVED:
                place = self._places[own]
                places.add(own)
                nations.add(place.country)
                entries, names, affiliations, codes = (
                    place.entry,
                    place.name,
                    place.affiliation,
                    place.country,
                )
                if other >= 0:
                    more = self._places[other]
                    places.add(other)
                    nations.add(more.country)
                    entries += b"," + more.entry
                    names += b"," + more.name
                    affiliations += b"," + more.affiliation
                    if more.country != place.country:
                        codes += b"," + more.country
            elif known == COUNTRY_ONLY:
                codes = self._places[own].country
                nations.add(codes)
            parts.append(
                _AUTHOR
                % (
                    position,
                    FIRST_AUTHOR + author,
                    author,
                    own_id,
                    entries,
                    codes,
                    _FLAG[seq == 0],
                    author,
                    names,
                    its_id,
                    affiliations,
                )
            )
        return b",".join(parts), FIRST_AUTHOR + person[0], len(places), len(nations)

    def _by_year(self, count: Integers, year: Integers) -> list[bytes]:
        edges = np.floor(count[:, None] * self._counts[year]).astype(np.int64)
        table = np.diff(edges, axis=1)[:, ::-1].tolist()
        stated = _COUNTED[::-1].tolist()
        return [
            b",".join(
                [
                    b'{"year":%d,"cited_by_count":%d}' % pair
                    for pair in zip(stated, row, strict=True)
                    if pair[1]
                ]
            )
            for row in table
        ]


@dataclass(frozen=True)
class _Details:
    """What a record says beside its substance."""

    source: list[int]
    date: list[bytes]
    oa: list[bool]
    rank: list[float]
    fwci: list[float]
    issue: list[int]
    page: list[int]
    outside: list[int]
    bare: list[bool]
    correction: list[bool]

    @classmethod
    def draw(
        cls, works: Works, chosen: Integers, count: Integers, location: Integers, rng: np.random.Generator
    ) -> _Details:
        from scipy.special import ndtr

        size = len(chosen)
        year = works.year[chosen]
        day = (YEARS[year] - 1970).astype("datetime64[Y]").astype("datetime64[D]") + rng.integers(
            0, 365, size
        )
        middle = location[year]
        return cls(
            _sources(works.kind[chosen], rng).tolist(),
            [str(d).encode() for d in day],
            (rng.random(size) < 0.3).tolist(),
            ndtr((np.log(count + 0.5) - middle) / SPREAD).tolist(),
            (count / np.exp(middle + SPREAD**2 / 2)).tolist(),
            rng.integers(1, 13, size).tolist(),
            rng.integers(1, 2000, size).tolist(),
            rng.integers(4, 24, size).tolist(),
            (rng.random(size) < _NO_ABSTRACT).tolist(),
            (rng.random(size) < _CORRECTION).tolist(),
        )


def _sources(kind: Integers, rng: np.random.Generator) -> Integers:
    """Choose journals by Zipf's law for articles and reviews, conferences and repositories for their kinds."""
    rank = np.arange(1, JOURNALS + 1) ** -0.8
    journal = np.searchsorted(np.cumsum(rank) / rank.sum(), rng.random(len(kind)))
    other = rng.random(len(kind))
    conference = JOURNALS + (other * CONFERENCES).astype(np.int64)
    repository = JOURNALS + CONFERENCES + (other * REPOSITORIES).astype(np.int64)
    names = np.array(TYPES)[kind]
    return np.where(
        names == "conference-paper",
        conference,
        np.where(
            np.isin(names, ["article", "review", "book-chapter"]),
            np.minimum(journal, JOURNALS - 1),
            repository,
        ),
    )


def _ageing() -> Integers:
    """Return, for each year of publication, the part of the citations received before each counted year."""
    edges = np.append(_COUNTED, SNAPSHOT_YEAR + 1)
    ages = np.maximum(edges[None, :] - YEARS[:, None], 0.0)
    whole = SNAPSHOT_YEAR + 1 - YEARS[:, None]

    def received(age: np.ndarray) -> np.ndarray:
        return 1 - np.exp(-age / 5.0)

    return received(ages) / received(whole)

"""ORCID's public data file of the simulated world: summaries, an activities file, and what ids stand for.

A record per person with an iD who wrote anything. Most are plain; the oddities of the real file are strewn in at small
rates, by a hash of the person: no dates, reversed dates, several employments, no id of the organisation, no country,
names in other scripts, titles in many languages or none, closed records, broken XML, entity bombs. None depends on
where anybody studied or works, so they thin the sample and leave the truth alone.
"""

from __future__ import annotations

import tarfile
from collections.abc import Iterable, Iterator
from pathlib import Path

import numpy as np

from primacy.simulate.careers import chance, draw_training, orcids
from primacy.simulate.files import GzipFile, write_csv
from primacy.simulate.institutions import Institution, institutions, starts
from primacy.simulate.population import Integers
from primacy.simulate.profiles import FREE_STREAM, OLD, replaced

__all__ = ["RELEASE", "write_orcid"]

RELEASE = "ORCID_2026_10"
BLOCK = 4096
"""Persons that are drawn together."""

_TITLES = {
    "CN": ("学士", "博士"),
    "TW": ("學士", "博士"),
    "JP": ("学士", "博士"),
    "KR": ("학사", "박사"),
    "DE": ("Diplom", "Dr. rer. nat."),
    "FR": ("Licence", "Doctorat"),
    "ES": ("Licenciatura", "Doctorado"),
    "MX": ("Licenciatura", "Doctorado"),
    "BR": ("Bacharelado", "Doutorado"),
    "PT": ("Licenciatura", "Doutoramento"),
    "IT": ("Laurea", "Dottorato di ricerca"),
    "RU": ("Бакалавр", "Кандидат наук"),
    "TR": ("Lisans", "Doktora"),
    "IR": ("کارشناسی", "دکتری"),
    "EG": ("بكالوريوس", "دكتوراه"),
}
_PLAIN = ("BSc", "PhD")
_OTHER_SCRIPT = {"CN": "模拟大学", "JP": "模擬大学", "RU": "Моделируемый университет", "KR": "모의대학교"}

_SILENT, _LOCKED, _GONE, _BROKEN, _BOMB = 0.08, 0.01, 0.005, 0.004, 0.002
_UNDATED, _REVERSED, _VAGUE, _LOST = 0.03, 0.01, 0.05, 0.01
_SEVERAL, _FOREIGN_SCRIPT, _BARE, _APART = 0.05, 0.3, 0.2, 0.02
(
    _KIND,
    _WHEN,
    _TITLE,
    _IDS,
    _SCRIPT,
    _MORE,
    _UNDER_AT,
    _POST_AT,
    _HOW,
) = range(FREE_STREAM + 1, FREE_STREAM + 10)

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_SPACES = "".join(
    f' xmlns:{name}="http://www.orcid.org/ns/{name}"'
    for name in ("record", "common", "history", "activities", "education", "employment")
)
_BOMB_TEXT = (
    '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaaaaaaaa">'
    '<!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;&b;&b;">]><r>&c;</r>'
)


class _TarGz(GzipFile):
    """Writes a gzip tar file."""

    ending = b"\0" * 2 * tarfile.BLOCKSIZE

    def write(self, name: str, text: str) -> None:
        """Append a member."""
        data = text.encode()
        member = tarfile.TarInfo(name)
        member.size = len(data)
        padding = b"\0" * (-len(data) % tarfile.BLOCKSIZE)
        header = member.tobuf(tarfile.USTAR_FORMAT)
        self.append(header + data + padding)


def write_orcid(directory: Path, persons: Iterable[int]) -> None:
    """Write ORCID's files.

    Parameters
    ----------
    directory
        Where.
    persons
        Numbers of the persons with an iD, each once.
    """
    numbers = np.array(sorted(persons), dtype=np.int64)
    with (
        _TarGz(directory / f"{RELEASE}_summaries.tar.gz") as summaries,
        _TarGz(directory / f"{RELEASE}_activities_0.tar.gz") as activities,
    ):
        for start in range(0, len(numbers), BLOCK):
            for person in _drawn(numbers[start : start + BLOCK]):
                person.write(summaries, activities)
    write_csv(directory / "organization_ids.csv", ("scheme", "identifier", "ror"), _organization_ids())


class _Person:
    """One person with all that was drawn."""

    def __init__(
        self, number: int, orcid: str, older: str | None, draws: list[float], places: list[int]
    ) -> None:
        self.number = number
        self.orcid = orcid
        self.older = older
        (self.kind, self.when, self.title, self.ids, self.script, self.more, self.how) = draws
        self.employment, self.post, self.under = places

    def write(self, summaries: _TarGz, activities: _TarGz) -> None:
        """Write the record, and what stands for a closed one."""
        path = f"{RELEASE}_summaries/{{0}}/{{1}}.xml"
        if self.older is not None:
            message = f"301 Moved Permanently: This account is deprecated. Please refer to account: {_uri(self.orcid)}."
            summaries.write(
                path.format(self.older[-3:], self.older), _closed(9007, f"{message} ORCID {_uri(self.older)}")
            )
        name = path.format(self.orcid[-3:], self.orcid)
        bounds = np.cumsum([_SILENT, _LOCKED, _GONE, _BROKEN, _BOMB]).tolist()
        if self.kind < bounds[0]:
            summaries.write(name, self._record([], []))
        elif self.kind < bounds[1]:
            summaries.write(
                name, _closed(9018, "409 Conflict: The ORCID record is locked and cannot be edited.")
            )
        elif self.kind < bounds[2]:
            summaries.write(name, _closed(9044, "409 Conflict: The ORCID record is deactivated."))
        elif self.kind < bounds[3]:
            summaries.write(name, self._record(*self._entries())[:-20])
        elif self.kind < bounds[4]:
            summaries.write(name, _BOMB_TEXT)
        else:
            educations, employments = self._entries()
            if self.kind > 1 - _APART:  # employments that only the activities have
                own = f"{RELEASE}_activities_0/{self.orcid[-3:]}/{self.orcid}/employments/{self.orcid}"
                for code, inner in employments:
                    activities.write(f"{own}_employments_{code}.xml", self._single(code, inner))
                employments = []
            summaries.write(name, self._record(educations, employments))

    def _entries(self) -> tuple[list[tuple[int, str]], list[tuple[int, str]]]:
        """Return educations and employments: put-code and what is inside."""
        own = institutions()
        begun = 1990 + int(self.when * 13)  # before the first window: employment for life
        titles = (
            _TITLES.get(own[self.under].country, _PLAIN)[0],
            _TITLES.get(own[self.post].country, _PLAIN)[1],
        )
        if self.title < _VAGUE:
            titles = "Student", "Researcher in training"
        years = [(begun - 9, begun - 5), (begun - 5, begun)]
        if self.how < _REVERSED:
            years = [(end, start) for start, end in years]
        dated = self.how > _REVERSED + _UNDATED
        when = [(str(a), f"{b}-06") if dated or self.how < _REVERSED else (None, None) for a, b in years]
        educations = [
            (4 * self.number + i, self._inner(own[place], title, *dates))
            for i, (place, title, dates) in enumerate(zip((self.under, self.post), titles, when, strict=True))
        ]
        jobs = [(4 * self.number + 2, self._inner(own[self.employment], "Professor", str(begun), None))]
        if self.more < _SEVERAL:
            jobs.append((4 * self.number + 3, self._inner(own[self.employment], "Director", None, None)))
        return educations, jobs

    def _inner(self, place: Institution, role: str, started: str | None, ended: str | None) -> str:
        name = place.name
        if self.script < _FOREIGN_SCRIPT and place.country in _OTHER_SCRIPT:
            name = f"{_OTHER_SCRIPT[place.country]} {place.country}-{place.id % 10_000:04d}"
        country = "" if self.ids > 1 - _LOST else f"<common:country>{place.country}</common:country>"
        return (
            "<common:last-modified-date>2026-05-01T00:00:00.000Z</common:last-modified-date>"
            f"<common:role-title>{role}</common:role-title>{_date('start', started)}{_date('end', ended)}"
            f"<common:organization><common:name>{name}</common:name><common:address><common:city>Simulated"
            f"</common:city>{country}</common:address>{self._identifier(place)}</common:organization>"
        )

    def _identifier(self, place: Institution) -> str:
        if self.ids < _BARE:
            return ""
        scheme = ("ROR", "GRID", "RINGGOLD", "FUNDREF")[min(3, int(4 * (self.ids - _BARE) / (1 - _BARE)))]
        text = f"https://ror.org/{place.ror}" if scheme == "ROR" else _other_id(scheme, place)
        return (
            "<common:disambiguated-organization><common:disambiguated-organization-identifier>"
            f"{text}</common:disambiguated-organization-identifier><common:disambiguation-source>{scheme}"
            "</common:disambiguation-source></common:disambiguated-organization>"
        )

    def _record(self, educations: list[tuple[int, str]], employments: list[tuple[int, str]]) -> str:
        groups = "".join(
            f"<activities:{kind}s>"
            + "".join(
                f'<activities:affiliation-group><{kind}:{kind}-summary put-code="{code}" visibility="public">{inner}'
                f"</{kind}:{kind}-summary></activities:affiliation-group>"
                for code, inner in entries
            )
            + f"</activities:{kind}s>"
            for kind, entries in (("education", educations), ("employment", employments))
        )
        return (
            f'{_HEAD}<record:record path="/{self.orcid}"{_SPACES}><common:orcid-identifier><common:uri>'
            f"{_uri(self.orcid)}</common:uri><common:path>{self.orcid}</common:path></common:orcid-identifier>"
            "<history:history><common:last-modified-date>2026-06-01T00:00:00.000Z</common:last-modified-date>"
            f"</history:history><activities:activities-summary>{groups}</activities:activities-summary></record:record>"
        )

    def _single(self, code: int, inner: str) -> str:
        return (
            f'{_HEAD}<employment:employment put-code="{code}" path="/{self.orcid}/employment/{code}"{_SPACES}>'
            f"{inner}</employment:employment>"
        )


def _drawn(numbers: Integers) -> Iterator[_Person]:
    """Draw the careers of some persons."""
    place = numbers // 10_000
    country = np.array([each.place for each in institutions()])
    post, under = draw_training(numbers, country[place])
    where = [place, _school(numbers, post, _POST_AT), _school(numbers, under, _UNDER_AT)]
    streams = (_KIND, _WHEN, _TITLE, _IDS, _SCRIPT, _MORE, _HOW)
    draws = np.stack([chance(numbers, stream) for stream in streams], axis=1).tolist()
    places = np.stack(where, axis=1).tolist()
    changed = replaced(numbers).tolist()
    columns = zip(
        numbers.tolist(), orcids(numbers), orcids(numbers + OLD), changed, draws, places, strict=True
    )
    for number, orcid, older, has_older, drawn, own in columns:
        yield _Person(number, orcid, older if has_older else None, drawn, own)


def _school(numbers: Integers, country: Integers, stream: int) -> Integers:
    """Return an institution of a country for each person."""
    first = starts()
    size = first[country + 1] - first[country]
    return np.asarray(first[country] + (chance(numbers, stream) * size).astype(np.int64))


def _uri(orcid: str) -> str:
    return f"https://orcid.org/{orcid}"


def _date(end: str, text: str | None) -> str:
    if text is None:
        return ""
    year, _, month = text.partition("-")
    inner = f"<common:year>{year}</common:year>" + (f"<common:month>{month}</common:month>" if month else "")
    return f"<common:{end}-date>{inner}</common:{end}-date>"


def _closed(code: int, message: str) -> str:
    return (
        f'{_HEAD}<error:error xmlns:error="http://www.orcid.org/ns/error"><error:response-code>{message[:3]}'
        f"</error:response-code><error:developer-message>{message}</error:developer-message>"
        f"<error:error-code>{code}</error:error-code></error:error>"
    )


def _other_id(scheme: str, place: Institution) -> str:
    """Return an id in another scheme, of a form that the scheme does not give out."""
    number = place.id % 10_000
    return {
        "GRID": f"grid.sim{number}",
        "RINGGOLD": f"sim{number}",
        "FUNDREF": f"http://dx.doi.org/10.13039/sim{number}",
    }[scheme]


def _organization_ids() -> Iterator[tuple[str, str, str]]:
    for scheme in ("GRID", "RINGGOLD", "FUNDREF"):
        for place in institutions():
            yield scheme.lower(), _other_id(scheme, place).rpartition("/")[2], place.ror

from __future__ import annotations

import bibtexparser
import pytest
import yaml

from primacy._version import __version__
from primacy.errors import UsageError
from primacy.present.citation import Citation, day
from primacy.present.origin import Origin

REAL = Origin(
    table="leads",
    study="research",
    rows=2,
    sha256="ab" * 32,
    lake_version=7,
    inputs={},
    settings={},
    primacy="0.1.0",
    source="0123456789abcdef",
    simulated=False,
)
SIMULATED = Origin(**{**REAL.__dict__, "simulated": True})


def test_a_citation_names_table_rows_lake_and_code():
    text = Citation([REAL]).text()
    for part in (
        "'leads'",
        "abababababab",
        "lake version 7",
        "primacy 0.1.0",
        "0123456789abcdef",
        "2205.01833",
    ):
        assert part in text
    assert "SIMULATED" not in text


def test_simulated_results_say_so_in_every_style():
    citation = Citation([SIMULATED])
    for style in ("text", "bibtex", "cff"):
        assert "SIMULATED DATA" in citation.render(style)
        assert "OpenAlex" not in citation.render(style)


def test_bibtex_can_be_parsed():
    library = bibtexparser.parse_string(Citation([REAL], published="2026-11-24").bibtex())
    assert not library.failed_blocks
    entry, source = library.entries
    assert entry.key == "primacy_leads_abababababab"
    assert entry["year"] == "2026"
    assert source["title"] == "OpenAlex"


def test_a_hostile_name_breaks_no_style():
    hostile = Citation([Origin(**{**REAL.__dict__, "table": 'a}"b\\: {&%$#_~^\n- x'})])
    library = bibtexparser.parse_string(hostile.bibtex())
    assert not library.failed_blocks
    assert len(library.entries) == 2
    assert yaml.safe_load(hostile.cff())["title"].endswith("- x'")


def test_a_citation_file_has_what_its_schema_requires():
    found = yaml.safe_load(Citation([REAL], published="2026-11-24").cff())
    assert found["cff-version"] == "1.2.0"
    assert {"message", "title", "authors", "version"} <= set(found)
    assert str(found["date-released"]) == "2026-11-24"
    assert found["references"][0]["license"] == "CC0-1.0"


def test_the_program_can_be_cited():
    assert __version__ in Citation().text()
    assert yaml.safe_load(Citation().cff())["type"] == "software"


def test_several_tables_have_a_version_of_their_own():
    other = Origin(**{**REAL.__dict__, "table": "shares", "sha256": "cd" * 32})
    both = Citation([REAL, other])
    assert both.version not in (REAL.version, other.version)
    assert both.version == Citation([REAL, other]).version != Citation([other, REAL]).version


@pytest.mark.parametrize("text", ["today", "2026-13-01", "20261124", "2026-11-24T00:00", ""])
def test_a_date_that_is_none_is_refused(text):
    with pytest.raises(UsageError, match="--published"):
        day(text)

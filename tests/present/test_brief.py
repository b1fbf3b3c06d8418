"""Setting a brief: two pages whatever is in them, texts as they stand, the same bytes."""

from __future__ import annotations

import re
from dataclasses import replace

import altair as alt
import pyarrow as pa
import pypdf
import pytest

from primacy.errors import PrimacyError
from primacy.present import brief as parts
from primacy.present.brief import Brief, Fact
from primacy.present.figure import Figure
from tests.present.pdf import pages

EVIL = '#panic("read as code") *x* $y$ <b> ] } \\u{41} " \x00\x1b \u202e'


def chart(_narrow: bool) -> alt.Chart:
    rows = [{"label": EVIL, "value": 1}]
    return alt.Chart(alt.Data(values=rows)).mark_bar().encode(x="value:Q", y="label:N")


FIGURE = Figure("figures/x/y/z", f"title {EVIL}", f"words {EVIL}", pa.table({"a": [1]}), chart, "shares")
BRIEF = Brief(
    title=f"On {EVIL}",
    kicker="kicker",
    span="2019–2023",
    foot="foot",
    notice="SIMULATED DATA: made up",
    first=[
        parts.Words([EVIL]),
        parts.Quotes([f"{EVIL} wrote 44 % of all."]),
        parts.Facts([Fact("LABEL", EVIL, EVIL)]),
        parts.Figures([(FIGURE, False), (FIGURE, True)]),
    ],
    second=[
        parts.Sheet(
            [parts.Column("name", wide=True), parts.Column("n", number=True)], [[EVIL, "1"]], "Table"
        ),
        parts.Box("Box", [("Term", EVIL)]),
    ],
)


def test_two_pages_that_both_say_what_the_data_are():
    found = pages(BRIEF.pdf())
    assert len(found) == 2
    assert all("SIMULATED DATA: made up" in page for page in found)
    real = pages(replace(BRIEF, notice=None).pdf())
    assert len(real) == 2
    assert not any("SIMULATED" in page for page in real)


def test_texts_are_set_as_they_stand():
    first, second = pages(BRIEF.pdf())
    for page in (first, second):
        assert '#panic("read as code") *x* $y$ <b> ] } \\u{41}' in page
    assert "44\N{NO-BREAK SPACE}%" in first


def test_the_same_brief_is_the_same_bytes_without_a_date():
    content = BRIEF.pdf()
    assert content == BRIEF.pdf() == replace(BRIEF).pdf()
    assert not re.search(rb"/(CreationDate|ModDate)", content)
    assert replace(BRIEF, span="2020–2024").pdf() != content


def test_pictures_have_words_in_their_place(tmp_path):
    (tmp_path / "brief.pdf").write_bytes(BRIEF.pdf())
    root = pypdf.PdfReader(tmp_path / "brief.pdf").trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == "en"
    assert re.search(r"\"?/Alt\"?", repr(_tree(root["/StructTreeRoot"])))


def _tree(node, depth=0):
    node = node.get_object() if hasattr(node, "get_object") else node
    if isinstance(node, dict) and depth < 12:
        return {k: _tree(v, depth + 1) for k, v in node.items() if k in ("/K", "/Alt", "/S")}
    return [_tree(n, depth + 1) for n in node] if isinstance(node, list) and depth < 12 else str(node)


@pytest.mark.parametrize(
    ("blocks", "said"),
    [
        ([parts.Words(["word " * 300] * 12)], "takes 4 pages, not 2"),
        ([parts.Words(["word " * 1300]), parts.Figures([(FIGURE, False)])], "no room is left for the charts"),
    ],
)
def test_what_does_not_fit_is_refused_not_cut(blocks, said):
    with pytest.raises(PrimacyError, match=said):
        replace(BRIEF, first=blocks).pdf()


def test_a_page_as_picture():
    assert [p[:4] for p in BRIEF.png(ppi=20)] == [b"\x89PNG"] * 2


@pytest.mark.parametrize(
    ("title", "own"), [("Łódź, Αθήνα: 20 % – 30 %", True), ("清华大学", False), ("जामिया", False)]
)
def test_the_fonts_of_the_system_are_asked_for_only_where_letters_need_them(title, own, monkeypatch):
    asked = []
    monkeypatch.setattr(parts.typst, "compile", lambda *_, **options: asked.append(options) or b"")
    replace(BRIEF, title=title).png()
    assert [options["ignore_system_fonts"] for options in asked] == [own]

"""Archives as a stream: what the library's writer makes is read, and damage is told from the end."""

from __future__ import annotations

import gzip
import io
import tarfile

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from primacy.sources.orcid.archive import LARGEST, DamagedArchiveError, members
from tests.sources.orcid.builders import archive


def read(data, **options):
    return [(m.number, m.name, m.data) for m in members(io.BytesIO(data), **options)]


FILES = {"a/b.xml": b"one", "c.xml": b"x" * 700, f"{'long/' * 60}d.xml": b"", "é.xml": b"two"}


@pytest.mark.parametrize("format", [tarfile.PAX_FORMAT, tarfile.GNU_FORMAT])
@pytest.mark.parametrize("name", ["x.tar", "x.tar.gz"])
def test_every_format_of_the_library_is_read(format, name, tmp_path):
    data = archive(tmp_path / name, FILES, format=format).read_bytes()
    assert read(data) == [(i, n, d) for i, (n, d) in enumerate(FILES.items(), 1)]


@settings(max_examples=30)
@given(
    st.dictionaries(
        st.text(st.characters(codec="utf-8", exclude_characters="\0/"), min_size=1, max_size=150).map(
            "d/{}".format
        ),
        st.binary(max_size=1200),
        max_size=5,
    ),
    st.integers(0, 5),
)
def test_what_is_written_is_read(files, skip):
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as tar:
        for name, content in files.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    expected = [(i, n, d) for i, (n, d) in enumerate(files.items(), 1)][skip:]
    assert read(data.getvalue(), skip=skip) == expected


def test_only_what_is_wanted_is_held(tmp_path):
    data = archive(tmp_path / "x.tar", FILES).read_bytes()
    found = read(data, wanted=lambda path: path.startswith("a/"))
    assert [d is not None for _, _, d in found] == [True, False, False, False]


def test_directories_and_links_are_no_files():
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w") as tar:
        for kind in (tarfile.DIRTYPE, tarfile.SYMTYPE, tarfile.LNKTYPE):
            member = tarfile.TarInfo("x")
            member.type, member.linkname = kind, "/etc/passwd"
            tar.addfile(member)
    assert read(data.getvalue()) == []


def test_what_is_too_large_is_never_held():
    member = tarfile.TarInfo("big.xml")
    member.size = LARGEST + 1

    pieces = [member.tobuf(), *[b"\0" * 512] * (LARGEST // 512 + 4)]

    class Large:
        """The member's header, and zeros; never more at once than was asked for."""

        def read(self, size=-1):
            assert size <= 1 << 20
            return pieces.pop(0) if pieces else b""

    (found,) = members(Large())
    assert (found.size, found.data) == (LARGEST + 1, None)


@pytest.fixture
def whole(tmp_path):
    return archive(tmp_path / "x.tar", {"a.xml": b"1" * 600, "b.xml": b"2" * 600}).read_bytes()


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda d: b"", "cut off"),
        (lambda d: b"<html>", "cut off"),
        (lambda d: b"<html>" * 200, "not a tar archive"),
        (lambda d: d[:700], "cut off"),
        (lambda d: d[: 3 * 512], "cut off"),
        (lambda d: d[: 3 * 512] + b"#" * 512 + d[4 * 512 :], "a header is damaged"),
        (lambda d: gzip.compress(d)[:-20], "gzip stream is"),
        (lambda d: gzip.compress(d)[:-8] + b"\0" * 8, "gzip stream is damaged"),
        (lambda d: gzip.compress(d)[:40] + b"\xff" * 40 + gzip.compress(d)[80:], "gzip stream is"),
    ],
)
def test_damage_is_told_from_the_end(change, reason, whole):
    with pytest.raises(DamagedArchiveError, match=reason):
        read(change(whole))


def test_a_header_of_a_header_has_bounds():
    member = tarfile.TarInfo("x")
    member.type, member.size = tarfile.XHDTYPE, 1 << 40
    with pytest.raises(DamagedArchiveError, match="no name is so long"):
        read(member.tobuf(tarfile.GNU_FORMAT) + b"\0" * 1024)

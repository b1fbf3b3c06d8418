"""Documents and archives in the format of ORCID's public data file, for the tests."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path
from xml.sax.saxutils import escape

SPACES = "".join(
    f' xmlns:{n}="http://www.orcid.org/ns/{n}"'
    for n in ("record", "common", "activities", "education", "employment", "history", "error", "person")
)
HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'


def iD(number: int) -> str:
    """The ORCID iD of a number, with its check digit."""
    digits = f"{number:015d}"
    total = 0
    for digit in digits:
        total = (total + int(digit)) * 2
    check = (12 - total % 11) % 11
    text = digits + ("X" if check == 10 else str(check))
    return "-".join(text[i : i + 4] for i in range(0, 16, 4))


A, B, C, D = (iD(n) for n in (182_509, 1_694_233, 500, 600))


def day(tag: str, text: str | None) -> str:
    if text is None:
        return ""
    parts = zip(("year", "month", "day"), text.split("-"), strict=False)
    inner = "".join(f"<common:{name}>{value}</common:{name}>" for name, value in parts)
    return f"<common:{tag}>{inner}</common:{tag}>"


def inside(
    role=None,
    start=None,
    end=None,
    name="Universität X",
    country="DE",
    scheme=None,
    identifier=None,
    modified="2024",
) -> str:
    found = f"<common:last-modified-date>{modified}</common:last-modified-date>"
    if role is not None:
        found += f"<common:role-title>{escape(role)}</common:role-title>"
    found += day("start-date", start) + day("end-date", end)
    found += f"<common:organization><common:name>{escape(name)}</common:name><common:address>"
    found += "<common:city>c</common:city>"
    found += f"<common:country>{country}</common:country>" if country else ""
    found += "</common:address>"
    if identifier is not None:
        found += (
            "<common:disambiguated-organization><common:disambiguated-organization-identifier>"
            f"{escape(identifier)}</common:disambiguated-organization-identifier><common:disambiguation-source>"
            f"{scheme}</common:disambiguation-source></common:disambiguated-organization>"
        )
    return found + "</common:organization>"


def summary(kind: str, code: int, **fields) -> str:
    return (
        f'<activities:affiliation-group><{kind}:{kind}-summary put-code="{code}" visibility="public">'
        f"{inside(**fields)}</{kind}:{kind}-summary></activities:affiliation-group>"
    )


def record(orcid: str, *summaries: str, history: str = "", modified: str = "2024-01-01T00:00:00Z") -> bytes:
    educations = "".join(s for s in summaries if "education:" in s)
    employments = "".join(s for s in summaries if "employment:" in s)
    return (
        f'{HEAD}<record:record path="/{orcid}"{SPACES}><common:orcid-identifier><common:uri>'
        f"https://orcid.org/{orcid}</common:uri><common:path>{orcid}</common:path></common:orcid-identifier>"
        f"<history:history><common:last-modified-date>{modified}</common:last-modified-date>{history}"
        "</history:history><activities:activities-summary>"
        f"<activities:educations>{educations}</activities:educations>"
        f"<activities:employments>{employments}</activities:employments>"
        "</activities:activities-summary></record:record>"
    ).encode()


def single(kind: str, orcid: str, code: int, **fields) -> bytes:
    return (
        f'{HEAD}<{kind}:{kind} put-code="{code}" path="/{orcid}/{kind}/{code}"{SPACES}>'
        f"{inside(**fields)}</{kind}:{kind}>"
    ).encode()


def closed(code: int, message: str = "") -> bytes:
    return (
        f"{HEAD}<error:error{SPACES}><error:response-code>409</error:response-code>"
        f"<error:developer-message>{message}</error:developer-message>"
        f"<error:error-code>{code}</error:error-code></error:error>"
    ).encode()


def where(orcid: str) -> str:
    """Where the record of an iD lies in the summaries."""
    return f"ORCID_2024_10_summaries/{orcid[-3:]}/{orcid}.xml"


def entry(kind: str, orcid: str, code: int) -> str:
    """Where a single entry lies in the activities."""
    return f"ORCID_2024_10_activities_0/{orcid[-3:]}/{orcid}/{kind}s/{orcid}_{kind}s_{code}.xml"


def archive(path: Path, documents: dict[str, bytes], *, format: int = tarfile.PAX_FORMAT) -> Path:
    """Write a tar file, gzip where its name says so; the same bytes each time."""
    data = io.BytesIO()
    with tarfile.open(fileobj=data, mode="w", format=format) as tar:
        for name, content in documents.items():
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    made = data.getvalue()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(made, mtime=0) if path.suffix in (".gz", ".tgz") else made)
    return path

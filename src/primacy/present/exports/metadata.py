"""What describes a data package to programs: Frictionless' ``datapackage.json`` and MLCommons' ``croissant.json``.

Both are written from the declarations of the columns and from the files' bytes; neither needs the network.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa

from primacy.present.exports.selection import Exported, Selection
from primacy.present.terminal import SIMULATED

__all__ = ["File", "croissant", "data_package"]

HOME = "https://spdx.org/licenses/"


@dataclass(frozen=True)
class File:
    """A file of the package: where it lies, what it is, how long it is, its digest, and the table it holds."""

    path: str
    mediatype: str
    size: int
    sha256: str
    table: Exported

    @property
    def format(self) -> str:
        """Its ending."""
        return self.path.rpartition(".")[2]


def data_package(selection: Selection, files: Sequence[File]) -> dict[str, Any]:
    """Return a Data Package, version 2: a resource per file, every column typed, described and with its unit.

    References
    ----------
    https://datapackage.org/standard/data-package/
    """
    whole: dict[str, Any] = {
        "$schema": "https://datapackage.org/profiles/2.0/datapackage.json",
        "name": "primacy-results",
        "title": selection.citation.title,
        "description": _description(selection),
        "version": selection.citation.semantic_version,
        "licenses": [_licence(name) for name in _licences(selection)],
        "sources": [{"title": s.title, "path": s.url} for s in selection.citation.sources],
        "contributors": [{"title": "primacy contributors", "roles": ["creator"]}],
        "keywords": ["critical technologies", "research evaluation"],
        "simulated": selection.simulated,
        "resources": [_resource(f) for f in files],
    }
    if selection.citation.published:
        whole["created"] = f"{selection.citation.published}T00:00:00Z"
    return {k: v for k, v in whole.items() if v not in ([], None)}


def _resource(file: File) -> dict[str, Any]:
    fields = [_field(file.table, f) for f in file.table.rows.schema]
    schema: dict[str, Any] = {"fields": fields}
    if file.table.key:
        schema["primaryKey"] = list(file.table.key)
    resource: dict[str, Any] = {
        "name": file.table.name if file.format == "csv" else f"{file.table.name}-{file.format}",
        "title": file.table.meaning,
        "path": file.path,
        "format": file.format,
        "mediatype": file.mediatype,
        "bytes": file.size,
        "hash": f"sha256:{file.sha256}",
        "schema": schema,
    }
    if file.format == "csv":
        resource |= {"type": "table", "encoding": "utf-8"}
        schema["missingValues"] = [""]
    return resource


def _field(table: Exported, field: pa.Field) -> dict[str, Any]:
    column = table.column(field.name)
    described: dict[str, Any] = {"name": field.name, **_frictionless_type(field.type)}
    if column is not None:
        described["description"] = column.meaning
        if column.unit:
            described["unit"] = column.unit
        if not column.nullable:
            described["constraints"] = {"required": True}
    return described


def _frictionless_type(kind: pa.DataType) -> dict[str, str]:
    if pa.types.is_list(kind):
        return {"type": "list", "delimiter": ";", "itemType": _frictionless_type(kind.value_type)["type"]}
    if pa.types.is_boolean(kind):
        return {"type": "boolean"}
    if pa.types.is_integer(kind):
        return {"type": "integer"}
    return {"type": "number" if pa.types.is_floating(kind) else "string"}


CONTEXT = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}
"""The vocabulary of Croissant 1.0, as its specification gives it."""

_ENCODING = {"parquet": "application/x-parquet"}
"""Croissant's own names of formats, where they are not the registered ones."""


def croissant(selection: Selection, files: Sequence[File]) -> dict[str, Any]:
    """Return a Croissant 1.0 description: a file object per file, a record set per table, read from its Parquet file.

    References
    ----------
    https://docs.mlcommons.org/croissant/docs/croissant-spec.html
    """
    whole: Mapping[str, Any] = {
        "@context": CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "primacy-results",
        "alternateName": selection.citation.title,
        "description": _description(selection),
        "version": selection.citation.semantic_version,
        "license": [_licence(n).get("path", n) for n in _licences(selection)],
        "url": "./datapackage.json",
        "citeAs": selection.citation.bibtex(),
        "creator": {"@type": "sc:Organization", "name": "primacy contributors"},
        "datePublished": selection.citation.published,
        "isBasedOn": [s.url for s in selection.citation.sources],
        "distribution": [
            {
                "@type": "cr:FileObject",
                "@id": f.path,
                "name": f.path,
                "contentUrl": f.path,
                "contentSize": f"{f.size} B",
                "encodingFormat": _ENCODING.get(f.format, f.mediatype),
                "sha256": f.sha256,
            }
            for f in files
        ],
        "recordSet": [_record_set(f) for f in files if f.format == "parquet"],
    }
    return {k: v for k, v in whole.items() if v not in ([], None)}


def _record_set(file: File) -> dict[str, Any]:
    table = file.table
    fields = []
    for field in table.rows.schema:
        column = table.column(field.name)
        unit = f" [{column.unit}]" if column and column.unit else ""
        described = {
            "@type": "cr:Field",
            "@id": f"{table.name}/{field.name}",
            "name": field.name,
            "description": f"{column.meaning}{unit}" if column else "",
            "dataType": _croissant_type(field.type),
            "repeated": pa.types.is_list(field.type) or None,
            "source": {"fileObject": {"@id": file.path}, "extract": {"column": field.name}},
        }
        fields.append({k: v for k, v in described.items() if v not in ("", None)})
    whole: dict[str, Any] = {
        "@type": "cr:RecordSet",
        "@id": table.name,
        "name": table.name,
        "description": table.meaning,
        "key": [{"@id": f"{table.name}/{k}"} for k in table.key],
        "field": fields,
    }
    return {k: v for k, v in whole.items() if v not in ("", [])}


def _croissant_type(kind: pa.DataType) -> str:
    if pa.types.is_list(kind):
        return _croissant_type(kind.value_type)
    if pa.types.is_boolean(kind):
        return "sc:Boolean"
    if pa.types.is_integer(kind):
        return "sc:Integer"
    return "sc:Float" if pa.types.is_floating(kind) else "sc:Text"


def _description(selection: Selection) -> str:
    about = f"{SIMULATED}. " if selection.simulated else ""
    tables = "; ".join(f"{t.name}: {t.meaning}" for t in selection.tables)
    return f"{about}Who leads critical technologies, with intervals and evidence. One row of each table: {tables}."


def _licences(selection: Selection) -> list[str]:
    if selection.simulated:
        return ["CC0-1.0"]
    return sorted({s.licence or f"the terms of {s.title}" for s in selection.citation.sources})


def _licence(name: str) -> dict[str, str]:
    return {"title": name} if " " in name else {"name": name, "path": f"{HOME}{name}.html"}

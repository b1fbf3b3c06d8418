"""OpenAlex where it is published: ``s3://openalex/data``, or a copy of it on any server that speaks S3.

A release is what its manifests list. Nothing else in the bucket is read: OpenAlex writes a release over the one
before it, part by part, and its manifests last. What tells a part's content from any other is its ETag and
length, so a part that was pulled is known without fetching it again.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from primacy.errors import InputError, UsageError
from primacy.sources.openalex.layout import FOLDERS, IGNORED
from primacy.sources.openalex.s3_bucket import Bucket, DeniedError, MissingError, Object, has_credentials
from primacy.sources.openalex.s3_reading import SparseCopy, Stream
from primacy.sources.openalex.storage import Parquet, Reading, Storage, Traffic

SCHEME = "s3://"

_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL")


@dataclass(frozen=True)
class S3Storage(Storage):
    """Objects below a prefix of a bucket; see :class:`Storage`.

    Parameters
    ----------
    bucket
        The bucket.
    listed
        The objects by their name below the root, as they were when the source was looked at.
    """

    bucket: Bucket = field(default_factory=lambda: Bucket(""))
    listed: Mapping[str, Object] = field(default_factory=dict, repr=False)

    remote = True
    readings = 2

    def sizes(self) -> dict[str, int]:
        """Return the objects under the root, by their name below it, with their sizes in bytes."""
        return {name: of.size for name, of in self.listed.items()}

    def exists_above(self, name: str, levels: int) -> bool:
        """Return whether an object lies so many levels above the root."""
        path = PurePosixPath(self.root)
        if len(path.parts) <= levels:
            return False
        key = str(PurePosixPath(*(path, *path.parents)[levels].parts[1:]) / name)
        try:
            return self.bucket.head(key, self.traffic) is not None
        except DeniedError:  # so S3 says that there is none, where the bucket may not be listed
            return False

    def identity(self, name: str) -> str | None:
        """Return the ETag and length of an object; None where the server states no ETag."""
        return self.listed[name].identity

    def open(self, name: str) -> Reading:
        """Open an object to read its bytes."""
        return Reading(name, Stream(self.bucket, self.listed[name], self.traffic))

    @contextmanager
    def parquet(self, name: str, directory: Path) -> Iterator[Parquet]:
        """Open a Parquet file of which only the columns that are needed are fetched, to a file in a directory."""
        with SparseCopy(self.bucket, self.listed[name], self.traffic, directory) as copy:
            yield copy


def locate(
    source: str, *, endpoint: str | None = None, signed: bool = False
) -> tuple[S3Storage, dict[str, int]]:
    """Return the storage of a source on S3, and its objects with their sizes.

    Parameters
    ----------
    source
        ``s3://bucket/prefix``, or one object.
    endpoint
        The server's address; by default that in ``AWS_ENDPOINT_URL_S3`` or ``AWS_ENDPOINT_URL``, else AWS.
    signed
        Sign requests with the credentials in the environment. By default none are signed, unless the bucket is
        closed to the public and the environment holds credentials.

    Raises
    ------
    InputError
        There is no such bucket or prefix, access is denied, or the server cannot be reached.
    UsageError
        The address has no bucket, the endpoint is no address; or credentials are asked for and there are none.
    """
    name, _, path = source.removeprefix(SCHEME).partition("/")
    path = path.strip("/")
    endpoint = endpoint or next(filter(None, map(os.environ.get, _ENDPOINTS)), None)
    if not name:
        raise UsageError(f"{source}: names no bucket; write it as s3://openalex/data")
    if endpoint is not None and not endpoint.startswith(("http://", "https://")):
        raise UsageError(f"--s3-endpoint {endpoint}: takes an address such as https://s3.example.org")
    if signed and not has_credentials():
        raise UsageError(
            "--s3-signed: the environment has no AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY to sign with"
        )
    bucket = Bucket(name, endpoint.rstrip("/") if endpoint else None, signed)
    traffic = Traffic()
    try:
        return _look(source, bucket, path, traffic)
    except DeniedError:
        if signed or not has_credentials():
            raise
        return _look(source, Bucket(name, bucket.endpoint, signed=True), path, traffic)


def _look(source: str, bucket: Bucket, path: str, traffic: Traffic) -> tuple[S3Storage, dict[str, int]]:
    try:
        listed = {of.key[len(path) :].lstrip("/"): of for of in _below(bucket, path, traffic)}
    except MissingError:
        raise InputError(f"{source}: there is no bucket '{bucket.name}'{_at(bucket)}") from None
    if listed:
        first = next((of for of in listed.values() if of.size), None)
        if first is not None:
            bucket.read(first, 0, 1, traffic)  # a bucket may show its list and deny its objects
        return _storage(bucket, f"{bucket.name}/{path}".rstrip("/"), listed, traffic, single=False)
    single = bucket.head(path, traffic) if path else None
    if single is None:
        raise InputError(f"{source}: there is nothing below this prefix in the bucket{_at(bucket)}")
    parent, _, name = path.rpartition("/")
    return _storage(bucket, f"{bucket.name}/{parent}".rstrip("/"), {name: single}, traffic, single=True)


def _storage(
    bucket: Bucket, root: str, listed: Mapping[str, Object], traffic: Traffic, *, single: bool
) -> tuple[S3Storage, dict[str, int]]:
    storage = S3Storage("s3", root, single=single, traffic=traffic, bucket=bucket, listed=listed)
    return storage, storage.sizes()


def _below(bucket: Bucket, prefix: str, traffic: Traffic) -> list[Object]:
    """Return the objects below a prefix, without descending into entities that are never read."""
    if "=" in prefix or PurePosixPath(prefix).name in FOLDERS:
        return bucket.objects(prefix, traffic)
    directories, found = bucket.level(prefix, traffic)
    for directory in directories:
        if PurePosixPath(directory).name not in IGNORED:
            found += _below(bucket, directory, traffic)
    return found


def _at(bucket: Bucket) -> str:
    return f" at {bucket.endpoint}" if bucket.endpoint else ""

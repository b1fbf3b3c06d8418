"""A bucket of objects on S3 or any server that speaks its protocol: lists, lengths, and ranges of bytes.

Every request that fails in passing (a dropped connection, a 5xx, fewer bytes than were asked for) is made again
after a wait, and counted. A range is asked for on the condition that the object is still the one that was
listed, so that no file is ever put together from two.
"""

from __future__ import annotations

import os
import re
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, TypeVar

import obstore
from obstore.exceptions import (
    BaseError,
    PermissionDeniedError,
    PreconditionError,
    UnauthenticatedError,
)
from obstore.store import S3Store

from primacy._version import __version__
from primacy.errors import InputError
from primacy.sources.backoff import waits
from primacy.sources.openalex.storage import SourceChangedError, Traffic

if TYPE_CHECKING:
    from obstore.store import S3Config

T = TypeVar("T")
REGION = "us-east-1"
"""Where OpenAlex's bucket is; ``AWS_REGION`` says otherwise."""

_STATUS = re.compile(r"status code: (\d{3})")
_RETRIED = frozenset({408, 425, 429})
"""Statuses below 500 that pass."""


class DeniedError(InputError):
    """The server refuses to show a bucket or an object."""


class MissingError(InputError):
    """There is no such bucket or object."""


@dataclass(frozen=True)
class Object:
    """An object as it was listed.

    Parameters
    ----------
    key
        Its name in the bucket.
    size
        In bytes.
    etag
        What the server calls this content, None where it does not say.
    """

    key: str
    size: int
    etag: str | None

    @property
    def identity(self) -> str | None:
        """What tells this content from any other; None where the server does not say."""
        if self.etag is None:
            return None
        tag = self.etag.removeprefix("W/").strip('"')
        return f"etag:{tag}:{self.size}"


@dataclass(frozen=True)
class Bucket:
    """A bucket.

    Parameters
    ----------
    name
        Of the bucket.
    endpoint
        The server's address; AWS where None.
    signed
        Sign requests with the credentials in ``AWS_ACCESS_KEY_ID`` and ``AWS_SECRET_ACCESS_KEY``.
    """

    name: str
    endpoint: str | None = None
    signed: bool = False

    @property
    def address(self) -> str:
        """What it is called in messages."""
        return f"s3://{self.name}" + (f" at {self.endpoint}" if self.endpoint else "")

    def objects(self, prefix: str, traffic: Traffic) -> list[Object]:
        """Return all objects below a prefix, by key."""

        def listed() -> list[Object]:
            pages = obstore.list(_store(self), prefix=prefix or None)
            return [Object(o["path"], o["size"], o["e_tag"]) for page in pages for o in page]

        return sorted(self._patiently(listed, prefix, traffic), key=lambda o: o.key)

    def level(self, prefix: str, traffic: Traffic) -> tuple[list[str], list[Object]]:
        """Return the directories and the objects right below a prefix."""

        def listed() -> tuple[list[str], list[Object]]:
            found = obstore.list_with_delimiter(_store(self), prefix=prefix or None)
            objects = [Object(o["path"], o["size"], o["e_tag"]) for o in found["objects"]]
            return sorted(found["common_prefixes"]), sorted(objects, key=lambda o: o.key)

        return self._patiently(listed, prefix, traffic)

    def head(self, key: str, traffic: Traffic) -> Object | None:
        """Return an object, None where there is none."""

        def asked() -> Object:
            found = obstore.head(_store(self), key)
            return Object(found["path"], found["size"], found["e_tag"])

        try:
            return self._patiently(asked, key, traffic)
        except MissingError:
            return None

    def read(
        self,
        of: Object,
        start: int,
        end: int,
        traffic: Traffic,
        *,
        sleep: Callable[[float], object] = time.sleep,
    ) -> bytes:
        """Return the bytes of an object from ``start`` up to ``end``.

        Parameters
        ----------
        of, start, end
            Which bytes.
        traffic
            Is told what was fetched.
        sleep
            Waits before a retry; may raise what ends the request.

        Raises
        ------
        SourceChangedError
            The object is no longer the one that was listed.
        InputError
            It cannot be read.
        """
        if start == end:
            return b""

        def part() -> bytes:
            found = obstore.get(_store(self), of.key, options={"range": (start, end), "if_match": of.etag})
            data = bytes(found.bytes())
            if len(data) != end - start:
                raise _CutError(f"{len(data)} bytes came in place of {end - start}")
            return data

        try:
            data = self._patiently(part, of.key, traffic, sleep)
        except MissingError:
            raise SourceChangedError(
                f"{self.address}/{of.key}: was removed while it was being read"
            ) from None
        traffic.bytes += len(data)
        return data

    def _patiently(
        self,
        request: Callable[[], T],
        key: str,
        traffic: Traffic,
        sleep: Callable[[float], object] = time.sleep,
    ) -> T:
        """Make a request, again where it fails in passing."""
        pauses = waits()
        while True:
            traffic.requests += 1
            try:
                return request()
            except (BaseError, OSError, _CutError) as error:
                pause = next(pauses, None) if _passes(error) else None
                if pause is None:
                    raise self._refused(error, key) from error
            traffic.retries += 1
            sleep(pause)

    def _refused(self, error: Exception, key: str) -> InputError:
        """Return what a failure that does not pass means."""
        what = f"{self.address}/{key}".rstrip("/")
        if isinstance(error, PreconditionError):
            return SourceChangedError(f"{what}: was replaced while it was being read")
        status = _status(error)
        if isinstance(error, FileNotFoundError) or status == 404:
            return MissingError(f"{what}: there is no such bucket or object")
        if isinstance(error, PermissionDeniedError | UnauthenticatedError):
            return DeniedError(
                f"{what}: access is denied {'with these credentials' if self.signed else 'without credentials'}; "
                "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY name others"
            )
        if status is None:
            return InputError(
                f"{what}: cannot be reached ({_reason(error)}); is there a network? Pull again to go on from here"
            )
        return InputError(f"{what}: the server answered {status}; pull again to go on from here")


class _CutError(Exception):
    """Fewer bytes came than were asked for."""


def _passes(error: Exception) -> bool:
    """Whether a failure may be gone the next time."""
    if isinstance(
        error, FileNotFoundError | PreconditionError | PermissionDeniedError | UnauthenticatedError
    ):
        return False
    status = _status(error)
    return status is None or status >= 500 or status in _RETRIED


def _status(error: Exception) -> int | None:
    """Return the status that the server answered, None where it did not."""
    found = _STATUS.search(str(error))
    return int(found[1]) if found else None


def _reason(error: Exception) -> str:
    """Return the first line of what the library says, without the address."""
    return str(error).splitlines()[0].rpartition(" - ")[2][:120]


def has_credentials() -> bool:
    """Whether the environment holds credentials."""
    return bool(os.environ.get("AWS_ACCESS_KEY_ID") and os.environ.get("AWS_SECRET_ACCESS_KEY"))


@cache
def _store(bucket: Bucket) -> S3Store:
    """Return the client of a bucket; one per process."""
    environment = os.environ
    settings: S3Config = {
        "region": environment.get("AWS_REGION") or environment.get("AWS_DEFAULT_REGION") or REGION,
        "virtual_hosted_style_request": False,
        "skip_signature": not bucket.signed,
    }
    if bucket.endpoint:
        settings["endpoint"] = bucket.endpoint
    if bucket.signed:
        settings["access_key_id"] = environment["AWS_ACCESS_KEY_ID"]
        settings["secret_access_key"] = environment["AWS_SECRET_ACCESS_KEY"]
        if token := environment.get("AWS_SESSION_TOKEN"):
            settings["session_token"] = token
    return S3Store(
        bucket.name,
        config=settings,
        client_options={
            "allow_http": bool(bucket.endpoint and bucket.endpoint.startswith("http://")),
            "connect_timeout": "10s",
            "read_timeout": "30s",
            "timeout": "5m",
            "user_agent": f"primacy/{__version__}",
        },
        retry_config={"max_retries": 0},  # retries are made and counted here
    )

"""What a pull reads: the files of a source, looked at again while they may change where they lie."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from primacy.sources.openalex import deletions
from primacy.sources.openalex.layout import Layout, SourceFile, discover
from primacy.sources.openalex.storage import SourceChangedError, Storage, Traffic, locate

_Content = tuple[str, str | None]


class Source:
    """A source as it was when it was last looked at.

    Parameters
    ----------
    address, options
        As in :func:`primacy.sources.openalex.pull`.
    """

    def __init__(self, address: str, options: Mapping[str, Any] | None) -> None:
        self.address = address
        self.options = options
        self.traffic = Traffic()
        self.storage, self.layout = self._look()
        self.deletions = deletions.read(self.storage, self.layout.deleted)
        self.notes = list(self.layout.notes)
        self._done: set[_Content] = set()

    def _look(self) -> tuple[Storage, Layout]:
        storage, sizes = locate(self.address, self.options)
        layout = discover(self.address, storage, sizes)
        self.traffic.add(storage.traffic)
        return replace(storage, traffic=self.traffic), layout

    def _content(self, file: SourceFile) -> _Content:
        return file.name, self.storage.identity(file.name)

    def left(self) -> list[SourceFile]:
        """Return the files that are not done."""
        return [f for f in self.layout.files if self._content(f) not in self._done]

    def done(self, files: Iterable[SourceFile]) -> None:
        """Note that files are in the lake as they are now."""
        self._done.update(map(self._content, files))

    def settled(self, changed: SourceChangedError | None) -> bool:
        """Whether the source is as it was when it was last looked at; if not, take it as it is now.

        Parameters
        ----------
        changed
            What happened while files were read.

        Raises
        ------
        SourceChangedError
            A file that is new does not fit its manifest: the release is not complete.
        """
        if not self.storage.remote:
            return True
        before, listed = set(map(self._content, self.layout.files)), self.layout
        self.storage, self.layout = self._look()
        if changed is None and self.layout == listed and before == set(map(self._content, self.layout.files)):
            return True
        for file in self.layout.files:
            if file.stated_size not in (None, file.size) and self._content(file) not in before:
                raise changed or SourceChangedError(
                    f"{self.address}: {file.name} was replaced and is not what the manifest describes; pull again "
                    "when the release is complete"
                )
        self.deletions = deletions.read(self.storage, self.layout.deleted)
        self.notes.append("the source was changed while it was being read; what had changed was read anew")
        return False

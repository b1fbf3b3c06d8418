"""What the benchmarks of one size work on: a world in both formats, and a workspace with its lake."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from primacy.simulate.openalex import Copy
from primacy.simulate.portions import portions, write_portion
from primacy.sources import openalex
from primacy.workspace import Workspace
from primacy.workspace.settings import FILE

__all__ = ["Ground"]


@dataclass(frozen=True)
class Ground:
    """A directory for one size; a benchmark's process gets it and finds everything below.

    Attributes
    ----------
    root
        The directory.
    works
        The size.
    """

    root: Path
    works: int

    @property
    def world(self) -> Path:
        """The snapshot of the simulated world."""
        return self.root / "world"

    @property
    def workspace(self) -> Path:
        """A workspace into which the world was pulled and matched."""
        return self.root / "workspace"

    def snapshot(self, copy: Copy) -> Path:
        """Return the directory of a copy of the snapshot."""
        return self.world / "data" / copy

    def parts(self, copy: Copy) -> list[Path]:
        """Return the files of the works of a copy."""
        return sorted(self.snapshot(copy).glob("works/*/part_*"))

    def megabytes(self, copy: Copy) -> float:
        """Return the size of the works of a copy, in units of 10^6 bytes."""
        return sum(part.stat().st_size for part in self.parts(copy)) / 1e6

    def prepare_world(self) -> None:
        """Write the world, once."""
        if not self.world.exists():
            (whole,) = portions(self.works, self.works)
            write_portion(self.world, whole, copies=("jsonl", "parquet"))

    def init(self) -> Workspace:
        """Make the workspace: its studies are run without intervals."""
        self.workspace.mkdir(parents=True, exist_ok=True)
        (self.workspace / FILE).write_text("[method]\nreplicates = 0\n")
        return Workspace.init(self.workspace)

    def prepare_lake(self) -> None:
        """Pull the world and match it, once."""
        self.prepare_world()
        if not self.workspace.exists():
            workspace = self.init()
            openalex.pull(workspace.lake, self.snapshot("parquet"))
            workspace.refresh()
            workspace.match(full=True)

    @contextmanager
    def scratch(self) -> Iterator[Path]:
        """Yield a new directory beside the world, which goes at the end."""
        place = Path(tempfile.mkdtemp(dir=self.root))
        try:
            yield place
        finally:
            shutil.rmtree(place)

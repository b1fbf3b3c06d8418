"""Charts for people: what a report, a slide or a notebook shows, from the results of a workspace.

Every function takes a workspace and returns an Altair chart, which a notebook shows and
:func:`primacy.present.save.save` writes; ``primacy chart KIND`` is the same on the command line. A chart says
in its title what it shows, has intervals where there are any, names its source with the version, and says where its
data are simulated.
"""

from __future__ import annotations

from primacy.present.charts.geography import world_map
from primacy.present.charts.people import flows
from primacy.present.charts.ranks import bump, slope
from primacy.present.charts.shares import heatmap, share, spec_curve

__all__ = ["bump", "flows", "heatmap", "share", "slope", "spec_curve", "world_map"]

"""Composite indicators with the full OECD/JRC practice; usable on its own.

An index is declared (:class:`Definition`, :class:`Values`, :class:`Method`), computed by ``Index.run`` and
re-run with any step changed by ``Index.change``; or read from a file with :func:`load_index`. Every step is a
module and can be used alone: screening, imputation, treatment, normalisation, weighting, aggregation; the
audit, the uncertainty of ranks, the sensitivity to choices; comparisons of indices and profiles of units.
"""

from __future__ import annotations

from primacy.composite.aggregation import aggregate
from primacy.composite.audit import Finding, audit
from primacy.composite.comparison import Comparison, Move, compare
from primacy.composite.definition import Definition, Group, Indicator
from primacy.composite.denomination import denominate
from primacy.composite.editing import Removal, leave_one_out, with_indicator, with_units, without
from primacy.composite.importance import correlation_ratio, linear_importance
from primacy.composite.imputation import impute
from primacy.composite.index import Index, Result
from primacy.composite.method import Method
from primacy.composite.multivariate import (
    correlation,
    correlation_matrix,
    cronbach_alpha,
    principal_components,
    redundant_pairs,
)
from primacy.composite.normalisation import normalise
from primacy.composite.outranking import copeland, dominance, outranking
from primacy.composite.profile import Profile, Standing, profile
from primacy.composite.ranking import ranks
from primacy.composite.reader import IndexSpec, load_index
from primacy.composite.screening import availability, screen
from primacy.composite.sensitivity import Effect, Sensitivity, sensitivity, usual_alternatives
from primacy.composite.spread import RankSpread, rank_spread
from primacy.composite.tables import audit_table, groups_table, scores_table, sensitivity_table
from primacy.composite.treatment import kurtosis, skewness, treat
from primacy.composite.trends import compound_growth, yearly_change
from primacy.composite.uncertainty import Uncertainty
from primacy.composite.values import Values, values_from_rows
from primacy.composite.weighting import (
    budget_allocation,
    effective_weights,
    entropy_weights,
    group_weights,
    pca_weights,
)

__all__ = [
    "Comparison",
    "Definition",
    "Effect",
    "Finding",
    "Group",
    "Index",
    "IndexSpec",
    "Indicator",
    "Method",
    "Move",
    "Profile",
    "RankSpread",
    "Removal",
    "Result",
    "Sensitivity",
    "Standing",
    "Uncertainty",
    "Values",
    "aggregate",
    "audit",
    "audit_table",
    "availability",
    "budget_allocation",
    "compare",
    "compound_growth",
    "copeland",
    "correlation",
    "correlation_matrix",
    "correlation_ratio",
    "cronbach_alpha",
    "denominate",
    "dominance",
    "effective_weights",
    "entropy_weights",
    "group_weights",
    "groups_table",
    "impute",
    "kurtosis",
    "leave_one_out",
    "linear_importance",
    "load_index",
    "normalise",
    "outranking",
    "pca_weights",
    "principal_components",
    "profile",
    "rank_spread",
    "ranks",
    "redundant_pairs",
    "scores_table",
    "screen",
    "sensitivity",
    "sensitivity_table",
    "skewness",
    "treat",
    "usual_alternatives",
    "values_from_rows",
    "with_indicator",
    "with_units",
    "without",
    "yearly_change",
]

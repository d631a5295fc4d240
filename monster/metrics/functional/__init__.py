"""Retrieval metrics as pure functions of numpy arrays. Imports numpy alone.

Scores and relevance are matrices (queries, targets); ranks are (queries,) and count from 0, so that rank < k is a hit
at k; every share is in percent. The edge cases are the same everywhere: ties cost, NaN and empty input raise
InputError, and a query without a relevant target raises InputError.
"""

from monster.metrics.functional.bootstrap import bootstrap, interval
from monster.metrics.functional.expected_hits import Counts, expected_hits
from monster.metrics.functional.first_relevant_ranks import first_relevant_ranks
from monster.metrics.functional.hits_at_k import CUTOFFS, hits_at_k
from monster.metrics.functional.least_similar import least_similar
from monster.metrics.functional.mean_recall import mean_recall
from monster.metrics.functional.median_rank import median_rank
from monster.metrics.functional.pools import consecutive_pools, random_pools
from monster.metrics.functional.recall_at_k import recall_at_k
from monster.metrics.functional.recalls import Recalls, recalls

__all__ = [
    "CUTOFFS",
    "Counts",
    "Recalls",
    "bootstrap",
    "consecutive_pools",
    "expected_hits",
    "first_relevant_ranks",
    "hits_at_k",
    "interval",
    "least_similar",
    "mean_recall",
    "median_rank",
    "random_pools",
    "recall_at_k",
    "recalls",
]

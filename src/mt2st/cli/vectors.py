"""``mt2st vectors``."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from mt2st.cli.options import Quiet, check_folder
from mt2st.errors import ConfigError

if TYPE_CHECKING:
    from mt2st.embeddings import WordVectors
    from mt2st.training.vectors.settings import VectorSettings


class Method(StrEnum):
    """Methods by name."""

    skipgram = "skipgram"
    cbow = "cbow"
    glove = "glove"


# Options that the settings of the vectors do not include.
CONDUCT = ("workers", "checkpoint_every", "resume", "development", "patience", "every", "update_vocabulary")
SETTINGS, SPEED, MORE = "Settings", "Run", "Continuing"


def vectors_command(
    corpus: Annotated[
        list[str],
        typer.Argument(
            metavar="CORPUS...",
            help="Text files or quoted patterns, plain or compressed: one sentence per line, words separated by "
            "spaces. Or the folder of an encoded corpus.",
        ),
    ],
    out: Annotated[Path, typer.Option(metavar="FILE", help="File to write: .safetensors, .txt, .bin, .vec or .npz.")],
    method: Annotated[
        Method | None,
        typer.Option(help="Training method.", show_default="skipgram", rich_help_panel=SETTINGS),
    ] = None,
    subwords: Annotated[
        bool | None,
        typer.Option("--subwords", help="Use character n-grams too, as fastText does.", rich_help_panel=SETTINGS),
    ] = None,
    vector_size: Annotated[
        int | None, typer.Option(help="Dimensions of the vectors.", show_default="100", rich_help_panel=SETTINGS)
    ] = None,
    window: Annotated[
        int | None,
        typer.Option(help="Context words on either side.", show_default="5, GloVe 10", rich_help_panel=SETTINGS),
    ] = None,
    min_count: Annotated[int, typer.Option(help="Ignore words that occur less often.", rich_help_panel=SETTINGS)] = 5,
    negative: Annotated[
        int | None, typer.Option(help="Negative samples per word.", show_default="5", rich_help_panel=SETTINGS)
    ] = None,
    sample: Annotated[
        float | None,
        typer.Option(
            help="Downsample words whose share of the text is larger.", show_default="0.001", rich_help_panel=SETTINGS
        ),
    ] = None,
    epochs: Annotated[int, typer.Option(help="Passes over the text.", rich_help_panel=SETTINGS)] = 5,
    alpha: Annotated[
        float | None,
        typer.Option(help="Initial learning rate.", show_default="0.025, GloVe 0.05", rich_help_panel=SETTINGS),
    ] = None,
    min_alpha: Annotated[
        float | None,
        typer.Option(help="Final learning rate.", show_default="0.0001, GloVe alpha", rich_help_panel=SETTINGS),
    ] = None,
    seed: Annotated[int, typer.Option(help="Random seed.", rich_help_panel=SETTINGS)] = 1,
    min_n: Annotated[
        int | None, typer.Option(help="Shortest n-gram.", show_default="3", rich_help_panel=SETTINGS)
    ] = None,
    max_n: Annotated[
        int | None, typer.Option(help="Longest n-gram.", show_default="6", rich_help_panel=SETTINGS)
    ] = None,
    bucket: Annotated[
        int | None, typer.Option(help="Hash buckets of n-grams.", show_default="2000000", rich_help_panel=SETTINGS)
    ] = None,
    max_vocabulary: Annotated[
        int | None, typer.Option(help="Most words held while counting.", rich_help_panel=SETTINGS)
    ] = None,
    lower: Annotated[bool | None, typer.Option(help="Lower-case the text.", rich_help_panel=SETTINGS)] = None,
    x_max: Annotated[
        float | None,
        typer.Option(
            help="GloVe: co-occurrences from which a pair has full weight.",
            show_default="100",
            rich_help_panel=SETTINGS,
        ),
    ] = None,
    workers: Annotated[int, typer.Option(help="Threads; 1 is reproducible bit for bit.", rich_help_panel=SPEED)] = 1,
    checkpoint_every: Annotated[float, typer.Option(help="Seconds between checkpoints.", rich_help_panel=SPEED)] = 60.0,
    resume: Annotated[
        bool, typer.Option(help="Resume an unfinished run with the same settings.", rich_help_panel=SPEED)
    ] = True,
    development: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE", help="Scored word pairs; stop when Spearman's rho stops rising.", rich_help_panel=SPEED
        ),
    ] = None,
    patience: Annotated[int, typer.Option(help="Scores in a row that may fail to rise.", rich_help_panel=SPEED)] = 3,
    every: Annotated[float, typer.Option(help="Share of an epoch between scores.", rich_help_panel=SPEED)] = 1.0,
    start: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="Continue training from these vectors. Their size, subwords, method, window, negative, sample and "
            "lower, as far as the file keeps them, are the defaults then.",
            rich_help_panel=MORE,
        ),
    ] = None,
    update_vocabulary: Annotated[
        bool, typer.Option("--update-vocabulary", help="Add the new words of the text to them.", rich_help_panel=MORE)
    ] = False,
    file_format: Annotated[
        str | None, typer.Option("--format", metavar="FORMAT", help="As of convert --to. Default: by the file name.")
    ] = None,
    quiet: Quiet = False,
) -> None:
    """Train word vectors on text, e.g. mt2st vectors wiki.txt --out vectors.safetensors --workers 2.

    Ctrl-C saves the work done, and the same command resumes it. Until it ends, the folder FILE.work holds the encoded
    text.
    """
    given = dict(locals())
    check_folder(out)
    file_settings = {name: given.pop(name) for name in ("corpus", "out", "file_format", "start", "quiet")}
    conduct = {name: given.pop(name) for name in CONDUCT}
    _train(**file_settings, given=given, conduct=conduct)


def _train(
    corpus: list[str],
    out: Path,
    file_format: str | None,
    start: Path | None,
    quiet: bool,
    given: dict[str, Any],
    conduct: dict[str, Any],
) -> None:
    from mt2st.cli.resume_hint import resume_hint
    from mt2st.cli.vectors_display import make_display
    from mt2st.embeddings.formats import load_vectors
    from mt2st.training.stopping import StopRequest
    from mt2st.training.vectors.conduct import Conduct
    from mt2st.training.vectors.folder import work_folder
    from mt2st.training.vectors.run import run_vectors

    earlier = None if start is None else load_vectors(start)
    settings = _settings(given, earlier)
    text = corpus[0] if len(corpus) == 1 else corpus  # a folder of encoded text is one
    _check_target(out, file_format, text, subwords=settings.subwords)
    work = out.with_name(f"{out.name}.work")

    def save(vectors: WordVectors) -> None:
        vectors.save(out, format=file_format)

    # Encoding that was interrupted is resumed too.
    with resume_hint(work), work_folder(work) as place, make_display(quiet=quiet) as display:
        asked = Conduct(**conduct, start=earlier, on_progress=display.show, save=save)
        result = run_vectors(text, settings, place, asked, stop := StopRequest())
        if result.vectors is None:
            sys.exit(128 + int(stop.signal or 0))
        place.remove()
    if not quiet:
        from mt2st.cli.vectors_result import print_vectors

        print_vectors(result, result.vectors, settings, out)


def _settings(given: dict[str, Any], start: WordVectors | None) -> VectorSettings:
    from mt2st.training.vectors.settings import VectorSettings

    method = given.pop("method")
    return VectorSettings.of(start, method=method and str(method), **given)


def _check_target(out: Path, name: str | None, text: str | list[str], *, subwords: bool) -> None:
    """Raise `ConfigError`, before the work, if the file cannot or must not be written; warn of what it cannot store."""
    from mt2st.embeddings.formats.registry import target_format
    from mt2st.text.encoding.sources import sources_of
    from mt2st.training.vectors.text import is_encoded

    target_format(out, name, subwords=subwords)
    if out.exists() and not is_encoded(text) and any(out.samefile(path) for path in sources_of(text)):
        raise ConfigError(f"cannot write {out}: it is the text to train on; give another path")

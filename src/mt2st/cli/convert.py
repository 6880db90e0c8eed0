"""``mt2st convert``."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mt2st.errors import counted

FORMAT_HELP = (
    "word2vec-text, word2vec-binary, glove, fasttext, fasttext-text, safetensors or numpy. Default: by the file."
)


def convert_command(
    source: Annotated[Path, typer.Argument(metavar="IN", help="File to read.")],
    target: Annotated[Path, typer.Argument(metavar="OUT", help="File to write, replaced if it exists.")],
    source_format: Annotated[str | None, typer.Option("--from", metavar="FORMAT", help=FORMAT_HELP)] = None,
    target_format: Annotated[
        str | None, typer.Option("--to", metavar="FORMAT", help="As for --from. Default: by the file name.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, metavar="N", help="Keep the first N words only.")] = None,
) -> None:
    """Write word vectors in another format, e.g. mt2st convert glove.6B.50d.txt vectors.safetensors."""
    from mt2st.embeddings.formats import load_vectors, save_vectors

    vectors = load_vectors(source, format=source_format, limit=limit)
    save_vectors(vectors, target, format=target_format)
    words, size = vectors.vectors.shape
    typer.echo(
        f"wrote {target}: {counted(words, 'word')} of {counted(size, 'value')}, {target.stat().st_size / 1e6:.1f} MB"
    )

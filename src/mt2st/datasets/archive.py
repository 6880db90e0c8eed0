"""Read single members out of verified archives; nothing is ever extracted to a path that an archive names."""

from __future__ import annotations

import io
import tarfile
import zlib
from typing import TYPE_CHECKING

from mt2st.datasets.hashes import check_bytes
from mt2st.errors import FetchError

if TYPE_CHECKING:
    from mt2st.datasets.registry import PinnedFile, SourceDistribution


def unpack(source: SourceDistribution, sdist: bytes) -> dict[str, bytes]:
    """Return the data files of a source distribution by name, each checked before a byte of it is used.

    Raises
    ------
    FetchError
        Where the source distribution, the archive in it or a file in that is not the pinned one.
    """
    check_bytes(sdist, source.sdist, what=source.sdist.name)
    archive = read_member(sdist, source.archive.name, source.archive)
    return {file.name: read_member(archive, f"{source.folder}/{file.name}", file) for file in source.files}


def read_member(archive: bytes, member: str, pinned: PinnedFile) -> bytes:
    """Return one member of a gzip-compressed tar archive, checked against its pinned size and SHA-256.

    Raises
    ------
    FetchError
        Where the member is missing, no plain file, of another size or of other content.
    """
    try:
        with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as tar:
            data = _plain_file(tar, member, pinned)
    except (KeyError, EOFError, OSError, tarfile.TarError, zlib.error) as error:
        raise FetchError(f"the archive has no readable member {member}: {error}") from error
    return check_bytes(data, pinned, what=member)


def _plain_file(tar: tarfile.TarFile, member: str, pinned: PinnedFile) -> bytes:
    info = tar.getmember(member)
    # A link would be followed to another member, and a wrong size may be a bomb: neither is read.
    stream = tar.extractfile(info) if info.isfile() and info.size == pinned.bytes else None
    if stream is None:
        raise FetchError(f"the archive's member {member} is not the plain file of {pinned.bytes} bytes that mt2st pins")
    return stream.read()

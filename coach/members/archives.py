"""A ZIP file that a host sends: its cards, events, scenes or templates, put into a folder and nowhere else.

Knows what kinds of files those are and how large they may be together; does not know what stands in them.
"""

from __future__ import annotations

import lzma
import zlib
from io import BytesIO
from pathlib import Path, PurePosixPath
from zipfile import BadZipFile, ZipFile, ZipInfo

from coach.errors import BadInput

MOST_FILES, MOST_BYTES = 500, 5_000_000
_KINDS = {".md", ".yaml", ".yml"}

_NO_ZIP = "This is no ZIP file that can be read. Pack the folder anew, without a password."
_EMPTY = "There is no card or template in that file: nothing ends in .md or .yaml."
_TOO_MUCH = f"That is too much: {MOST_FILES} files at most, {MOST_BYTES // 1_000_000} MB unpacked."


def unpack(archive: bytes, folder: Path) -> None:
    """Put an archive's files into a folder that is made for them. Raises BadInput, and then some may be there.

    A single folder around all of them is left away.
    """
    try:
        with ZipFile(BytesIO(archive)) as file:
            wanted = {_place(each): each for each in file.infolist() if _is_wanted(each)}
            if not wanted:
                raise BadInput(_EMPTY)
            if len(wanted) > MOST_FILES or sum(each.file_size for each in wanted.values()) > MOST_BYTES:
                raise BadInput(_TOO_MUCH)
            tops = {place.parts[0] for place in wanted}
            around = len(tops) == 1 and all(len(place.parts) > 1 for place in wanted)
            for place, each in wanted.items():
                goal = folder.joinpath(*place.parts[around:])
                goal.parent.mkdir(parents=True, exist_ok=True)
                goal.write_bytes(file.read(each))
    except (BadZipFile, zlib.error, lzma.LZMAError, RuntimeError, EOFError, ValueError, OSError):
        raise BadInput(_NO_ZIP) from None


def _is_wanted(each: ZipInfo) -> bool:
    path = PurePosixPath(each.filename)
    return not each.is_dir() and path.suffix.lower() in _KINDS and not path.parts[0].startswith(("__", "."))


def _place(each: ZipInfo) -> PurePosixPath:
    """Return where a file belongs. Raises BadInput for one that would go elsewhere."""
    path = PurePosixPath(each.filename.replace("\\", "/"))
    if path.is_absolute() or ".." in path.parts or ":" in path.parts[0]:
        raise BadInput(_NO_ZIP)
    return path

"""A gzip file as its reader sees it; few captures are one, and its library is not loaded for the others."""

from __future__ import annotations

import gzip
from typing import IO


class Inflated(gzip.GzipFile):
    """A gzip file that closes the file it reads from."""

    def __init__(self, raw: IO[bytes]) -> None:
        super().__init__(fileobj=raw, mode="rb")
        self._raw_file = raw

    def close(self) -> None:
        """Close both."""
        super().close()
        self._raw_file.close()

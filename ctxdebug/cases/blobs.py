"""Long texts by the hash of their bytes, so that a case stays short and an edit of one is never silent."""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from ctxdebug.cases.yaml_form import keys_fit
from ctxdebug.errors import LoadError
from ctxdebug.records import field, record

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

LONGEST_INLINE = 2048
"""Bytes of UTF-8 up to which a text stands in the case itself."""
_LARGEST = 64_000_000
_DEEPEST = 30
_BLOB, _JSON, _VALUE = "$blob", "$json", "$value"
_MARKS = (_BLOB, _JSON, _VALUE)


def digest(data: bytes) -> str:
    """Return the reference of a text: `sha256:` and 64 hex digits."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


def file_name(reference: str) -> str:
    """Return the name of the file that holds a text; made from the hash alone, never from content."""
    return f"{reference.removeprefix('sha256:')[:16]}.txt"


@record(slots=True)
class Blobs:
    """The texts of one case that stand outside it, as bytes by reference."""

    texts: dict[str, bytes] = field(default_factory=dict)

    def keep(self, text: str) -> str:
        """Keep a text and return its reference."""
        data = text.encode("utf-8", "surrogatepass")
        reference = digest(data)
        self.texts[reference] = data
        return reference

    def shortened(self, text: str) -> str | dict[str, str]:
        """Return a text of our own as it is, or as `{blob: …}` when it is long."""
        return {"blob": self.keep(text)} if _too_long(text) else text

    def packed(self, value: Any, depth: int = 0) -> Any:
        """Return a captured JSON value with its long texts replaced; `unpacked` gives back the very same value."""
        if isinstance(value, str):
            return {_BLOB: self.keep(value)} if _too_long(value) else value
        if isinstance(value, dict | list) and value and (depth >= _DEEPEST or not keys_fit(value)):
            return {_JSON: self.keep(_json(value))}
        if isinstance(value, dict):
            packed = {key: self.packed(item, depth + 1) for key, item in value.items()}
            return {_VALUE: packed} if len(packed) == 1 and next(iter(value)) in _MARKS else packed
        if isinstance(value, list):
            return [self.packed(item, depth + 1) for item in value]
        return value

    def packed_whole(self, value: Any) -> Any:
        """Return a JSON value packed; as one text when it is long, because nobody reviews it."""
        if len(_json(value)) > LONGEST_INLINE:
            return {_JSON: self.keep(_json(value))}
        return self.packed(value)


def unpacked(value: Any, read: Callable[[str], str]) -> Any:
    """Return a value with its texts put back; `read` gives the text of a reference."""
    if isinstance(value, list):
        return [unpacked(item, read) for item in value]
    if not isinstance(value, dict):
        return value
    if len(value) == 1:
        mark, inner = next(iter(value.items()))
        if mark in (_BLOB, _JSON):
            if not isinstance(inner, str):
                raise LoadError(f"{mark} names a text by `sha256:` and 64 hex digits")
            text = read(inner)
            return text if mark == _BLOB else _parsed(text)
        if mark == _VALUE and isinstance(inner, dict):
            return {key: unpacked(item, read) for key, item in inner.items()}
    return {key: unpacked(item, read) for key, item in value.items()}


def reader(folder: Path, known: Mapping[str, bytes] | None = None) -> Callable[[str], str]:
    """Return a function that reads texts from `folder` (or from `known`) and proves their hash."""

    def read(reference: str) -> str:
        data = (known or {}).get(reference)
        if data is None:
            data = _file(folder, reference)
        if digest(data) != reference:
            raise LoadError(f"the text {file_name(reference)} was changed: its hash is not {reference}")
        return data.decode("utf-8", "surrogatepass")

    return read


def _file(folder: Path, reference: str) -> bytes:
    name = reference.removeprefix("sha256:")
    if len(name) != 64 or not set(name) <= set("0123456789abcdef"):
        raise LoadError("a text is named by `sha256:` and 64 hex digits")
    path = folder / file_name(reference)
    try:
        if not path.is_file():
            raise LoadError(f"the text {folder.name}/{path.name} is missing")
        if path.stat().st_size > _LARGEST:
            raise LoadError(f"the text {path.name} has more than {_LARGEST:,} bytes")
        return path.read_bytes()
    except OSError as error:
        raise LoadError(f"the text {path.name} cannot be read: {error.strerror}") from None


def _too_long(text: str) -> bool:
    if len(text) > LONGEST_INLINE:
        return True
    if text.isascii():
        return False
    try:
        return len(text.encode()) > LONGEST_INLINE
    except UnicodeEncodeError:
        return True  # a lone surrogate, which YAML cannot hold


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=True, separators=(",", ":"), allow_nan=False)


def _parsed(text: str) -> Any:
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        raise LoadError("a text that should be JSON is not") from None

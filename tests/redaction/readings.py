"""What somebody who wants a secret can get out of an output: markup removed, escapes undone, lines joined, encodings decoded."""

from __future__ import annotations

import base64
import html
import re
import urllib.parse

WINDOW = 9
"""Characters of a secret in a row that count as shown."""
_TAG = re.compile(r"<[^<>]{1,400}>")
_ESCAPED = re.compile(r"\\(?:u([0-9a-fA-F]{4})|x([0-9a-fA-F]{2})|(.))")
_GAP = re.compile(
    "[\\s\"'`+|│\u00ad\u200b-\u200f\u2060\ufeff]+|\\\\\\r?\\n|\\\\[nrt]|\\\\u(?:200b|00ad)|\\\\xad|\x1b\\[[0-9;]*m"
)
_RUN = re.compile(r"[A-Za-z0-9+/_-]{16,}={0,2}")
_HEX = re.compile(r"(?:[0-9A-Fa-f]{2}[ :]?){12,}")


def readings(text: str) -> list[str]:
    """Return the text in every form in which a secret can be read from it."""
    plain = _unescaped(text)
    marked = [html.unescape(_TAG.sub("", form)) for form in (text, plain)]
    forms = [text, plain, *marked, *map(_unescaped, marked), urllib.parse.unquote(plain)]
    forms += [_GAP.sub("", form) for form in dict.fromkeys(forms)]
    distinct = list(dict.fromkeys(forms))
    return list(dict.fromkeys([*distinct, *(decoded for form in distinct for decoded in _decoded(form, 2))]))


def shown(forms: list[str], core: str) -> str:
    """Return a stretch of the secret that one of the readings shows; empty when none does."""
    width = min(WINDOW, max(6, len(core) * 2 // 3))
    pieces = [core[at : at + width] for at in range(len(core) - width + 1)]
    for form in forms:
        for piece in pieces:
            if piece in form:
                return piece
    return ""


def _unescaped(text: str) -> str:
    def character(match: re.Match[str]) -> str:
        code = match[1] or match[2]
        return chr(int(code, 16)) if code else {"n": "\n", "t": "\t", "r": "\r"}.get(match[3], match[3])

    return _ESCAPED.sub(character, text)


def _decoded(text: str, depth: int) -> list[str]:
    found = []
    for match in _RUN.finditer(text):
        run = match.group().rstrip("=").replace("-", "+").replace("_", "/")
        try:
            found.append(base64.b64decode(run + "=" * (-len(run) % 4)).decode("latin-1").replace("\0", ""))
        except ValueError:
            continue
    for match in _HEX.finditer(text):
        try:
            found.append(bytes.fromhex(re.sub(r"[ :]", "", match.group())).decode("latin-1"))
        except ValueError:
            continue
    joined = "\n".join(found)
    return [joined, *(_decoded(joined, depth - 1) if depth > 1 and joined else [])]

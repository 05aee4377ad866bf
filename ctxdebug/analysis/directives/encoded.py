"""Text written so that filters miss it and a model still reads it: decoded here, at most twice, to be scanned again."""

from __future__ import annotations

import base64
import binascii
import codecs
import re
from collections.abc import Callable, Iterator
from enum import Enum
from functools import cache
from pathlib import Path
from urllib.parse import unquote

from ctxdebug.analysis.directives.words import CHUNKS, ByChunk, TextWords
from ctxdebug.records import record
from ctxdebug.text.entities import unescaped
from ctxdebug.text.patterns import lazy
from ctxdebug.text.stored import digest_of, stored

DEPTH = 2
"""How many layers are taken off."""
SHORTEST = 8
"""Decoded characters below which nothing can be an instruction."""


@record(frozen=True, slots=True)
class Encoded:
    """Characters `start` to `end`, how they are written (`base64`, `rot13`, or `base64, then url`), and what they say."""

    start: int
    end: int
    scheme: str
    decoded: str


class Sign(Enum):
    """What a text has in which a scheme may be used."""

    BASE64 = "a long run of letters, digits and few signs"
    BASE32 = "a long run of capitals and digits"
    DIGITS = "a run of digits"
    LETTERS = "letters that stand alone"


_WORD = lazy(r"[a-z0-9@$!|]{4,}")
_BASE64 = lazy(
    r"(?<![A-Za-z0-9+/_=-])(?:[A-Za-z0-9+/_-]{4}){5,}(?:\r?\n(?:[A-Za-z0-9+/_-]{4})+)*[A-Za-z0-9+/_-]{0,3}={0,2}(?![A-Za-z0-9+/_])"
)
_BASE32 = lazy(r"(?<![A-Z0-9])[A-Z2-7]{24,}={0,6}(?![A-Z0-9])")
_HEX = lazy(
    r"(?<![0-9A-Za-z])(?:0x)?[0-9a-fA-F]{2}(?:[ :,]{0,2}(?:0x|\\x)?[0-9a-fA-F]{2}){11,}(?![0-9A-Za-z])"
    r"|(?:\\x[0-9a-fA-F]{2}){8,}"
)
_DIGITS = lazy(r"[0-9][0-9a-fA-F :,x\\]{22}")
"""Letters in hex begin with a digit each: without such a run there is none, nor any in bits or decimal codes."""
_RUN64 = lazy(r"[A-Za-z0-9+/_-]{20}")
_ALONE = lazy(r"[ ._*|-][A-Za-z][ ._*|-]{1,3}[A-Za-z][ ._*|-]{1,3}[A-Za-z][ ._*|-]")
"""Letters that stand alone: spaced words have ten in a row."""
_RUN32 = lazy(r"[A-Z2-7]{24}")
_BINARY = lazy(r"(?<![01])[01]{8}(?:[ ,]?[01]{8}){5,}(?![01])")
_DECIMAL = lazy(r"(?<!\d)(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6])(?:[ ,]{1,2}(?:3[2-9]|[4-9]\d|1[01]\d|12[0-6])){9,}(?!\d)")
_URL = lazy(r"%[0-9A-Fa-f]{2}[A-Za-z0-9._~+!*'(),-]{0,40}(?:%[0-9A-Fa-f]{2}[A-Za-z0-9._~+!*'(),-]{0,40}){2,}")
_ENTITY = lazy(r"(?:&#(?:x[0-9a-fA-F]{2,6}|\d{2,7});[ \w]?){6,}")
_ESCAPE = lazy(r"(?:\\u(?:\{)?[0-9a-fA-F]{4,6}\}?){6,}")
_SPACED = lazy(r"(?<![A-Za-z0-9])[A-Za-z](?:[ ._*|-]{1,3}[A-Za-z]){9,}(?![A-Za-z0-9])")
_MORSE = lazy(r"(?<![.\-])[.\-]{1,5}(?:[ ]{1,2}[.\-]{1,5}|[ ]{0,2}/[ ]{0,2}[.\-]{1,5}){9,}")
_LONG = 20
"""Characters without a blank, the least that a run in letters and digits has."""
_LETTERS = 5
"""Different letters that stand alone, the least that spaced words have."""
_ALPHABET = frozenset("abcdefghijklmnopqrstuvwxyz")
_JOINTS = frozenset("'’.-")
"""Signs that join single letters to one token, with them between every two letters."""
_SWAPPED = lazy(r"[013457@$!|89](?<=[a-z].)[a-z0-9@$!]")
"""A sign for a letter inside a word in lower case; two words in leetspeak have one."""
_LEET = str.maketrans("013457@$!|89", "oieastasiibg")
_MORSE_LETTERS = dict(zip((".- -... -.-. -.. . ..-. --. .... .. .--- -.- .-.. -- -. --- .--. --.- .-. ... - ..- ...- .-- -..- -.-- --.. "
                           "----- .---- ..--- ...-- ....- ..... -.... --... ---.. ----. .-.-.- --..-- ..--..").split(),
                          "abcdefghijklmnopqrstuvwxyz0123456789.,?", strict=True))  # fmt: skip
_KEYS = tuple(
    """
    ignore disregard forget override previous prior instructions instruction system prompt reveal password
    passwords secret assistant user send email forward transfer delete execute command commands follow following
    rules print output your everything above conversation message credentials unrestricted bypass private account
    money visit download respond answer never please refund order approve approved merge paste upload reply report without
    asking telling nobody anybody anyone mark ticket agent agents language model reader note before after every from with this that
    """.split()
)
_KEY_SET = frozenset(_KEYS)
_LONG_KEYS = lazy("|".join(sorted((key for key in _KEYS if len(key) > 4), key=len, reverse=True)))


def encoded(text: str, instructs: Callable[[str], bool], read: TextWords | None = None) -> Iterator[Encoded]:
    """Stretches that decode to text which `instructs` takes for an instruction; a decoded text is decoded once more.

    `read` are the words of the text, where they are known.
    """
    yield from _layers(text, instructs, DEPTH, read)


def _layers(
    text: str, instructs: Callable[[str], bool], depth: int, read: TextWords | None = None
) -> Iterator[Encoded]:
    for found in _decoded(text, read or TextWords(text)):
        if len(found.decoded) < SHORTEST:
            continue
        if instructs(found.decoded):
            yield found
        elif depth > 1:
            for inner in _layers(found.decoded, instructs, depth - 1):
                yield Encoded(found.start, found.end, f"{found.scheme}, then {inner.scheme}", inner.decoded)


def _decoded(text: str, read: TextWords) -> Iterator[Encoded]:
    words = frozenset().union(*map(_telling().__getitem__, read.chunks))
    signs = _signs(text, read.chunks, words)
    for scheme, sign, pattern, decode in _SCHEMES:
        if not (sign in signs if isinstance(sign, Sign) else sign in text):
            continue
        for match in _runs(text) if sign is Sign.BASE64 else pattern.finditer(text):
            start = _word_start(text, match.start()) if scheme == "url encoding" else match.start()
            plain = decode(text[start : match.end()])
            if plain and _readable(plain):
                yield Encoded(start, match.end(), scheme, plain)
    yield from _by_words(text, words)


def _signs(text: str, chunks: frozenset[str], words: frozenset[str]) -> frozenset[Sign]:
    """Return what a cheap look at a text says may be in it."""
    found = set()
    if max(map(len, chunks), default=0) >= _LONG:
        found.add(Sign.BASE64)
        if any(map(_RUN32.search, _long_pieces(text))):
            found.add(Sign.BASE32)
    if _DIGITS.search(text):
        found.add(Sign.DIGITS)
    if (len(_ALPHABET & words) >= _LETTERS and _ALONE.search(text)) or any(map(_jointed, words)):
        found.add(Sign.LETTERS)
    return frozenset(found)


def _runs(text: str) -> Iterator[re.Match[str]]:
    """Yield the runs of letters and digits that may be base64: next to none has letters of one case only."""
    at = end = 0
    for piece in _long_pieces(text):
        at = text.index(piece, at)
        for found in _BASE64.finditer(piece) if _RUN64.search(piece) else ():
            if at + found.start() >= end and (match := _BASE64.match(text, at + found.start())):
                end = match.end()
                yield match
        at += len(piece)


def _long_pieces(text: str) -> list[str]:
    return [piece for piece in text.split() if len(piece) >= _LONG and not piece.islower()]


def _jointed(word: str) -> bool:
    """Whether a token is letters with a sign between every two of them."""
    return word[3:4] in _JOINTS and word[1] in _JOINTS


@cache
def _telling() -> ByChunk[tuple[str, ...]]:
    """Return the tokens of chunks that a scheme which rewrites letters or words may have left; for most there are none."""
    table = _disguised_keys()

    def telling(chunk: str) -> tuple[str, ...]:
        words = CHUNKS[chunk]
        rewritten = tuple([word for word in words if len(word) == 1 or word in table or _jointed(word)])
        return rewritten if chunk.isalpha() else (*rewritten, *filter(_is_leet, _WORD.findall(chunk)))

    return ByChunk(telling)


def _word_start(text: str, position: int) -> int:
    while position and text[position - 1].isalnum():
        position -= 1
    return position


def _readable(text: str) -> bool:
    sample = text[:400]
    return sum(c.isprintable() or c in "\n\t" for c in sample) > 0.97 * len(sample) and any(c.isalpha() for c in sample)


def _text(data: bytes) -> str | None:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _base64(run: str) -> str | None:
    run = re.sub(r"\s", "", run).rstrip("=").replace("-", "+").replace("_", "/")
    try:
        return _text(base64.b64decode(run + "=" * (-len(run) % 4)))
    except binascii.Error:
        return None


def _base32(run: str) -> str | None:
    run = run.rstrip("=")
    try:
        return _text(base64.b32decode(run + "=" * (-len(run) % 8)))
    except binascii.Error:
        return None


def _hex(run: str) -> str | None:
    digits = re.sub(r"0x|\\x|[ :,]", "", run)
    return _text(bytes.fromhex(digits[: len(digits) // 2 * 2]))


def _binary(run: str) -> str | None:
    bits = re.sub(r"[ ,]", "", run)
    return _text(bytes(int(bits[i : i + 8], 2) for i in range(0, len(bits) - 7, 8)))


def _decimal(run: str) -> str | None:
    return "".join(chr(int(code)) for code in re.findall(r"\d+", run))


def _url(run: str) -> str | None:
    return unquote(run.replace("+", " "))


def _escapes(run: str) -> str | None:
    points = [int(code, 16) for code in re.findall(r"[0-9a-fA-F]{4,6}", run)]
    return "".join(chr(point) for point in points if point < 0x110000 and not 0xD800 <= point < 0xE000)


def _spaced(run: str) -> str | None:
    words = re.split(r"[ ._*|-]{2,3}", run)
    if len(words) == 1:
        joined = re.sub(r"[ ._*|-]", "", run)
        return _parted(joined.lower())
    return " ".join(re.sub(r"[ ._*|-]", "", word) for word in words)


def _parted(letters: str) -> str:
    """Letters without blanks, with blanks put around the words that we know."""
    return re.sub(r"\s+", " ", _LONG_KEYS.sub(r" \g<0> ", letters)).strip()


def _morse(run: str) -> str | None:
    words = re.split(r"\s*/\s*|\s{2,}", run)
    return " ".join("".join(_MORSE_LETTERS.get(sign, "") for sign in word.split()) for word in words)


_SCHEMES: tuple[tuple[str, str | Sign, re.Pattern[str], Callable[[str], str | None]], ...] = (
    ("base64", Sign.BASE64, _BASE64, _base64),
    ("base32", Sign.BASE32, _BASE32, _base32),
    ("hex", Sign.DIGITS, _HEX, _hex),
    ("binary", Sign.DIGITS, _BINARY, _binary),
    ("character codes", Sign.DIGITS, _DECIMAL, _decimal),
    ("url encoding", "%", _URL, _url),
    ("html entities", "&#", _ENTITY, unescaped),
    ("unicode escapes", "\\u", _ESCAPE, _escapes),
    ("spaced letters", Sign.LETTERS, _SPACED, _spaced),
    ("morse", ".-", _MORSE, _morse),
)
"""Name, a sign without which the scheme cannot occur, where to look, how to decode."""


@cache
def _disguised_keys() -> dict[str, str]:
    """Words of instructions as they look under each word-by-word scheme, with the scheme."""
    made: dict[str, str] = stored("disguised words", digest_of(Path(__file__)), _disguised)
    return made


def _disguised() -> dict[str, str]:
    table: dict[str, str] = {}
    letters = "abcdefghijklmnopqrstuvwxyz"
    mirrored = str.maketrans(letters, letters[::-1])
    turned = {f"rot{by}": str.maketrans(letters, letters[by:] + letters[:by]) for by in range(1, 26)}
    for key in (key for key in _KEYS if len(key) > 4):
        table[key[::-1]] = "reversed"
        table[key.translate(mirrored)] = "atbash"
        for scheme, turning in turned.items():
            table[key.translate(turning)] = scheme
        head = re.match(r"[^aeiou]*", key)
        cut = head.end() if head else 0
        for tail in ("ay", "way", "yay") if cut == 0 else ("ay",):
            table[key[cut:] + key[:cut] + tail] = "pig latin"
    return {word: scheme for word, scheme in table.items() if word not in _KEYS}


def _shifted(word: str, shift: int) -> str:
    return "".join(chr((ord(c) - 97 + shift) % 26 + 97) if "a" <= c <= "z" else c for c in word)


def _by_words(text: str, words: frozenset[str]) -> Iterator[Encoded]:
    table = _disguised_keys()
    if not table.keys().isdisjoint(words):
        yield from _rewritten(text, text.lower(), {table[word] for word in words & table.keys()})
    if any(map(_is_leet, words)) and _SWAPPED.search(lowered := text.lower()):
        for start, end in _lines(text):
            line = lowered[start:end]
            if sum(map(_is_leet, _WORD.findall(line))) >= 2:
                yield Encoded(start, end, "leetspeak", line.translate(_LEET))


def _is_leet(word: str) -> bool:
    return not word.isalpha() and not word.isdigit() and word.translate(_LEET) in _KEY_SET


def _rewritten(text: str, lowered: str, schemes: set[str]) -> Iterator[Encoded]:
    table = _disguised_keys()
    for start, end in _lines(text):
        found = [table[word] for word in _WORD.findall(lowered[start:end]) if word in table]
        for scheme in schemes.intersection(found):
            if found.count(scheme) >= 2:
                for plain in _undone(text[start:end], scheme):
                    yield Encoded(start, end, scheme, plain)


def _undone(line: str, scheme: str) -> tuple[str, ...]:
    """Return what a line may say: letters reversed can mean the whole line, or each word by itself."""
    if scheme == "reversed":
        return line[::-1], " ".join(word[::-1] for word in line.split())
    if scheme == "rot13":
        return (codecs.decode(line, "rot13"),)
    if scheme == "atbash":
        return (line.lower().translate(str.maketrans("abcdefghijklmnopqrstuvwxyz", "zyxwvutsrqponmlkjihgfedcba")),)
    if scheme == "pig latin":
        return (" ".join(_from_pig_latin(word) for word in line.split()),)
    return (_shifted(line.lower(), 26 - int(scheme[3:])),)


def _from_pig_latin(word: str) -> str:
    match = re.fullmatch(r"(\w+?)([^aeiou\W]*?)(?:[wy]?ay)(\W*)", word, re.IGNORECASE)
    if not match:
        return word
    stem = match[1] + match[2]
    options = [match[2] + match[1], stem, *(stem[i:] + stem[:i] for i in range(-3, 0))]
    return next((option for option in options if option.lower() in _KEYS), options[0]) + match[3]


def _lines(text: str) -> Iterator[tuple[int, int]]:
    """Lines, cut where they are longer than 600 characters."""
    start = 0
    while start < len(text):
        end = text.find("\n", start, start + 600)
        end = end if end >= 0 else min(len(text), start + 600)
        yield start, end
        start = end + (1 if text[end : end + 1] == "\n" else 0)

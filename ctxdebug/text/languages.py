"""Which language a text is in: by script first, then by function words.

Small and deterministic on purpose. The word lists (`function_words.json`) are the commonest articles,
pronouns and particles of each language, written for this project. No answer is given where two
languages are too close or the text is too short.
"""

from __future__ import annotations

import functools
import json
from collections import Counter
from pathlib import Path

from ctxdebug.text.patterns import lazy

_SCRIPTS: tuple[tuple[str, str, str], ...] = (
    ("latin", r"A-Za-zÀ-ɏḀ-ỿ", ""),
    ("cyrillic", r"Ѐ-ӿ", ""),
    ("arabic", r"؀-ۿݐ-ݿ", ""),
    ("devanagari", r"ऀ-ॿ", ""),
    ("kana", r"぀-ヿ", "ja"),
    ("han", r"一-鿿", "zh"),
    ("hangul", r"가-힯ᄀ-ᇿ", "ko"),
    ("bengali", r"ঀ-৿", "bn"),
    ("gurmukhi", r"਀-੿", "pa"),
    ("gujarati", r"઀-૿", "gu"),
    ("tamil", r"஀-௿", "ta"),
    ("telugu", r"ఀ-౿", "te"),
    ("kannada", r"ಀ-೿", "kn"),
    ("malayalam", r"ഀ-ൿ", "ml"),
    ("sinhala", r"඀-෿", "si"),
    ("thai", r"฀-๿", "th"),
    ("lao", r"຀-໿", "lo"),
    ("burmese", r"က-႟", "my"),
    ("khmer", r"ក-៿", "km"),
    ("hebrew", r"֐-׿", "he"),
    ("greek", r"Ͱ-Ͽἀ-῿", "el"),
    ("georgian", r"Ⴀ-ჿ", "ka"),
    ("armenian", r"԰-֏", "hy"),
    ("ethiopic", r"ሀ-፿", "am"),
)
_SCRIPT = lazy("|".join(f"(?P<{name}>[{chars}]+)" for name, chars, _ in _SCRIPTS))
_LANGUAGE = {name: code for name, _, code in _SCRIPTS if code}
_BY_SCRIPT = {
    "cyrillic": ("ru", "uk", "bg", "sr", "mk"),
    "arabic": ("ar", "fa", "ur"),
    "devanagari": ("hi", "mr", "ne"),
}
_LETTERS = {
    "uk": "іїєґ",
    "ru": "ыэё",
    "sr": "ђћјљњџ",
    "mk": "ѓќѕ",
    "ur": "ٹڈڑںےھہ",
    "fa": "پچژگ",
    "vi": "ăđơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ",
    "pl": "łąęśźż",
    "cs": "řěů",
    "hu": "őű",
    "tr": "ığş",
    "ro": "țșă",
    "de": "ß",
    "es": "ñ¿¡",
    "pt": "ãõ",
    "lt": "ėųį",
    "lv": "ļķņģ",
    "mr": "ळ",
}
_WORD = lazy(r"[^\s\d!-&(-/:-@\[-`{-~।॥،؟؛۔«»“”„…–—¿¡]+")
_SIMILAR = (
    frozenset({"da", "no"}),
    frozenset({"cs", "sk"}),
    frozenset({"hr", "sl", "sr"}),
    frozenset({"id", "ms"}),
    frozenset({"bg", "mk"}),
)
_LONGEST = 20_000


@functools.cache
def _words() -> dict[str, frozenset[str]]:
    path = Path(__file__).with_name("function_words.json")
    return {code: frozenset(words) for code, words in json.loads(path.read_text(encoding="utf-8")).items()}


@functools.cache
def _languages_of() -> dict[str, tuple[str, ...]]:
    """The languages that have a word among their commonest."""
    found: dict[str, tuple[str, ...]] = {}
    for code, words in _words().items():
        for word in words:
            found[word] = (*found.get(word, ()), code)
    return found


@functools.cache
def _latin() -> tuple[str, ...]:
    """The languages that share no script of their own."""
    shared = {code for codes in _BY_SCRIPT.values() for code in codes}
    return tuple(code for code in _words() if code not in shared)


def known() -> frozenset[str]:
    """The languages that can be told, as ISO 639-1 codes."""
    return frozenset(_words()) | frozenset(_NATIVE)


def languages(text: str) -> tuple[str, ...]:
    """Name the languages that a text may be in, likeliest first; empty when it cannot be told.

    More than one only between close relatives (Danish and Norwegian).
    Codes are ISO 639-1. Case, digits and markup are ignored; only the first 20,000 characters are read.
    """
    return _languages(text[:_LONGEST])


@functools.lru_cache(maxsize=256)
def _languages(text: str) -> tuple[str, ...]:
    if text.isascii():
        return _among(text.lower(), ()) if text.lower() != text.upper() else ()
    scripts: Counter[str] = Counter()
    for match in _SCRIPT.finditer(text):
        scripts[match.lastgroup or ""] += len(match[0])
    if not scripts:
        return ()
    if scripts["kana"] * 12 > scripts["han"] and scripts["kana"] + scripts["han"] > scripts.total() / 2:
        return ("ja",)
    script, size = scripts.most_common(1)[0]
    if size < scripts.total() * 0.55:
        return ()
    if script in _LANGUAGE:
        return (_LANGUAGE[script],)
    return _among(text.lower(), _BY_SCRIPT.get(script, ()))


def _among(text: str, candidates: tuple[str, ...]) -> tuple[str, ...]:
    """Tell the language of a text in a shared script by function words and tell-tale letters."""
    tokens = Counter[str]()
    for word, count in Counter(_WORD.findall(text)).items():
        tokens[word.replace("’", "'").strip("'")] += count
    total = tokens.total()
    if total < 2:
        return ()
    pool = candidates or _latin()
    hits = Counter[str]()
    known = _languages_of()
    for word, count in tokens.items():
        for code in known.get(word, ()):
            hits[code] += min(count, 8)
    letters = Counter() if text.isascii() else Counter(text)
    scores: dict[str, float] = {}
    for code in pool:
        marks = sum(letters[letter] for letter in _LETTERS.get(code, "")) if letters else 0
        scores[code] = hits[code] / total + min(marks / total, 1.0) * 0.6
    ranked = sorted(scores, key=lambda code: (-scores[code], code))
    best = ranked[0]
    if scores[best] < (0.04 if total > 30 else 0.1):
        return ()
    near = [code for code in ranked[1:] if scores[code] > scores[best] * 0.92]
    if any(not _related(best, code) for code in near) and total < 12:
        return ()
    return (best, *(code for code in near if _related(best, code)))


def _related(one: str, other: str) -> bool:
    return any({one, other} <= group for group in _SIMILAR)


_NATIVE = {code: script for script, codes in _BY_SCRIPT.items() for code in codes} | {
    code: name for name, code in _LANGUAGE.items()
}


def _script(text: str) -> str | None:
    """Name the script of most letters of a text, where four of five are in one."""
    scripts: Counter[str] = Counter()
    for match in _SCRIPT.finditer(text[:_LONGEST]):
        scripts[match.lastgroup or ""] += len(match[0])
    if not scripts:
        return None
    name, size = scripts.most_common(1)[0]
    return name if size > scripts.total() * 0.8 else None


def is_language(text: str, code: str) -> bool | None:
    """Whether a text is in a language, or None when that cannot be told."""
    found = languages(text)
    script = _script(text)
    native = _NATIVE.get(code, "latin")
    if (
        script is not None
        and script != native
        and {script, native} != {"kana", "han"}
        and not (code == "sr" and script == "latin")
    ):
        return False
    if not found:
        return None
    if code in {"ms", "id"} and found[0] == "id":
        return True
    supported = code in _words() or code in _LANGUAGE.values()
    if not supported:
        return None if found[0] != "en" else False
    return code in found

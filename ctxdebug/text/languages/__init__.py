"""Which language a text is in: by script first, then by function words.

Small and deterministic on purpose. What is known of a language is one file, `<code>.txt`: its script, letters that only it
has, its commonest articles, pronouns and particles (written for this project), its relatives, its abbreviations and its stop
words. No answer is given where two languages are too close or the text is too short.
"""

from __future__ import annotations

import functools
from collections import Counter
from pathlib import Path

from ctxdebug.records import record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_text

_SCRIPTS: tuple[tuple[str, str], ...] = (
    ("latin", r"A-Za-zÀ-ɏḀ-ỿ"),
    ("cyrillic", r"Ѐ-ӿ"),
    ("arabic", r"؀-ۿݐ-ݿ"),
    ("devanagari", r"ऀ-ॿ"),
    ("kana", r"぀-ヿ"),
    ("han", r"一-鿿"),
    ("hangul", r"가-힯ᄀ-ᇿ"),
    ("bengali", r"ঀ-৿"),
    ("gurmukhi", r"਀-੿"),
    ("gujarati", r"઀-૿"),
    ("tamil", r"஀-௿"),
    ("telugu", r"ఀ-౿"),
    ("kannada", r"ಀ-೿"),
    ("malayalam", r"ഀ-ൿ"),
    ("sinhala", r"඀-෿"),
    ("thai", r"฀-๿"),
    ("lao", r"຀-໿"),
    ("burmese", r"က-႟"),
    ("khmer", r"ក-៿"),
    ("hebrew", r"֐-׿"),
    ("greek", r"Ͱ-Ͽἀ-῿"),
    ("georgian", r"Ⴀ-ჿ"),
    ("armenian", r"԰-֏"),
    ("ethiopic", r"ሀ-፿"),
)
_SCRIPT = lazy("|".join(f"(?P<{name}>[{chars}]+)" for name, chars in _SCRIPTS))
_WORD = lazy(r"[^\s\d!-&(-/:-@\[-`{-~।॥،؟؛۔«»“”„…–—¿¡]+")
_LONGEST = 20_000


@record(frozen=True, slots=True)
class Language:
    """What `<code>.txt` says of a language; a key that it leaves out is empty."""

    code: str
    """ISO 639-1."""
    name: str
    script: str
    near: frozenset[str]
    """Codes of relatives that a text may be taken for."""
    letters: str
    """Letters that among the languages of its script only this one has."""
    stemmer: str
    """The Snowball stemmer, or nothing where there is none."""
    spaces: bool
    """Whether words are parted by spaces."""
    abbreviations: frozenset[str]
    """Words whose full stop ends no sentence, in lower case, without the last stop."""
    function_words: frozenset[str]
    stop_words: frozenset[str]
    """Words that carry no subject: those listed as such, else the function words."""


def fields(path: Path) -> dict[str, str]:
    """Return the `key: value` lines of a language's file."""
    rows = (row.partition(": ") for row in path.read_text(encoding="utf-8").splitlines())
    return {key: value for key, _, value in rows}


@functools.cache
def all_languages() -> dict[str, Language]:
    """Return every language that is known, by code."""
    return {path.stem: _language(path) for path in sorted(Path(__file__).parent.glob("*.txt"))}


def _language(path: Path) -> Language:
    row = fields(path)
    words = frozenset(row.get("function words", "").split())
    return Language(
        code=path.stem,
        name=row["name"],
        script=row["script"],
        near=frozenset(row.get("near", "").split()),
        letters="".join(row.get("letters", "").split()),
        stemmer=row.get("stemmer", ""),
        spaces=row.get("spaces") != "no",
        abbreviations=frozenset(row.get("abbreviations", "").split()),
        function_words=words,
        stop_words=frozenset(row.get("stop words", "").split()) or words,
    )


@functools.cache
def _languages_of() -> dict[str, tuple[str, ...]]:
    """Return the languages that have a word among their commonest."""
    found: dict[str, tuple[str, ...]] = {}
    for code, language in all_languages().items():
        for word in language.function_words:
            found[word] = (*found.get(word, ()), code)
    return found


@functools.cache
def _told_by_words() -> dict[str, tuple[str, ...]]:
    """Return the languages with function words, by script: where one script has several, words decide."""
    found: dict[str, tuple[str, ...]] = {}
    for code, language in all_languages().items():
        if language.function_words:
            found[language.script] = (*found.get(language.script, ()), code)
    return found


@functools.cache
def _only() -> dict[str, str]:
    """Return the scripts that one language alone writes, and which."""
    return {one.script: code for code, one in all_languages().items() if not one.function_words}


def known() -> frozenset[str]:
    """Return the languages that can be told, as ISO 639-1 codes."""
    return frozenset(all_languages())


def languages(text: str) -> tuple[str, ...]:
    """Name the languages that a text may be in, likeliest first; empty when it cannot be told.

    More than one only between close relatives (Danish and Norwegian).
    Codes are ISO 639-1. Case, digits and markup are ignored; only the first 20,000 characters are read.
    """
    return _languages(text[:_LONGEST])


@by_text
def _languages(text: str) -> tuple[str, ...]:
    if text.isascii():
        return _among(text.lower(), "latin") if text.lower() != text.upper() else ()
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
    if script in _only():
        return (_only()[script],)
    return _among(text.lower(), script)


def _among(text: str, script: str) -> tuple[str, ...]:
    """Tell the language of a text in a shared script by function words and tell-tale letters."""
    tokens = Counter[str]()
    for word, count in Counter(_WORD.findall(text)).items():
        tokens[word.replace("’", "'").strip("'")] += count
    total = tokens.total()
    if total < 2:
        return ()
    hits = Counter[str]()
    speaking = _languages_of()
    for word, count in tokens.items():
        for code in speaking.get(word, ()):
            hits[code] += min(count, 8)
    letters = Counter() if text.isascii() else Counter(text)
    scores: dict[str, float] = {}
    for code in _told_by_words()[script]:
        marks = sum(letters[letter] for letter in all_languages()[code].letters) if letters else 0
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
    return other in all_languages()[one].near


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
    language = all_languages().get(code)
    native = language.script if language else "latin"
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
    if language is None:
        return None if found[0] != "en" else False
    return code in found

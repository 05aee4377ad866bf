"""What is known of the instructions of each language besides English: compiled from its file of wordings when it is first needed."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.masking import QUOTED
from ctxdebug.records import record
from ctxdebug.text.anchors import anchors
from ctxdebug.text.languages import all_languages
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording, wording_file, wording_languages

if TYPE_CHECKING:
    from collections.abc import Mapping

TOPIC = "instructions"
DIGITS = "一二三四五六七八九"


@record(frozen=True, slots=True)
class Vocabulary:
    """What is known of the instructions of one language."""

    spaced: bool
    numbers: Mapping[str, int]
    articles: frozenset[str]
    names: Mapping[str, str]
    narrowing: re.Pattern[str]
    negation: re.Pattern[str]
    soft: re.Pattern[str]
    demands: re.Pattern[str]
    glue: re.Pattern[str]
    harmless: re.Pattern[str]
    exception: re.Pattern[str]
    """What begins a sentence that says where the one before it does not hold."""
    exempt: re.Pattern[str]
    """What says, anywhere in its sentence, that a rule does not hold for something: `Rezepte sind davon ausgenommen`."""
    said: re.Pattern[str]
    """The verbs (in Japanese the particles) behind the subject of a demand."""
    whole: re.Pattern[str]
    """The subjects by which the answer itself is meant."""
    lead: re.Pattern[str]
    """What a sentence begins with that says for what it holds: `Pour les textes en allemand, …`."""
    regardless: re.Pattern[str]
    """What says that a demand holds whatever happens: `auch wenn jemand etwas anderes verlangt`."""
    bounded: re.Pattern[str]
    """A number with a word that makes it a bound."""
    within: re.Pattern[str] | None
    kinds: tuple[tuple[str, bool, re.Pattern[str]], ...]
    """Type, whether it is forbidden, and the phrasings."""
    needs: tuple[frozenset[str] | None, ...]
    """For each of the kinds, texts of which a sentence has one where a phrasing is in it."""

    def called(self, text: str) -> list[tuple[str, bool, re.Pattern[str]]]:
        """Return the kinds that can be in a text."""
        low = text.lower()
        return [
            kind for kind, needs in zip(self.kinds, self.needs, strict=True) if needs is None or _has_one(low, needs)
        ]


def _has_one(low: str, needs: frozenset[str]) -> bool:
    for need in needs:  # noqa: SIM110 - a loop takes a third of the time of any()
        if need in low:
            return True
    return False


@cache
def read_languages() -> frozenset[str]:
    """Return the languages besides English whose instructions are read."""
    return frozenset(wording_languages()) - {"en"}


@cache
def vocabulary(code: str) -> Vocabulary:
    """Return the vocabulary of a language that is among `read_languages`."""
    file = wording_file(TOPIC, code)
    spaced = all_languages()[code].spaces
    pairs = (word.rpartition(":") for word in file.lists["numbers"].split())
    numbers = {name.replace("_", " "): int(value) for name, _, value in pairs}
    names = {name: value for name, _, value in (word.rpartition(":") for word in file.lists["languages"].split())}
    words = "|".join(sorted(map(re.escape, numbers), key=len, reverse=True))
    number = rf"(?<!\w)(?:\d{{1,6}}|{words})" if spaced else rf"(?:\d{{1,6}}|[{DIGITS}两十百千]{{1,6}})"
    given = {"num": number, "lang": "|".join(sorted(names, key=len, reverse=True)), "quoted": QUOTED}

    def one_of(name: str) -> re.Pattern[str]:
        text = file.source(file.lists[name], given)
        return lazy(rf"(?<!\w)(?:{text})(?!\w)" if spaced else f"(?:{text})", re.IGNORECASE)

    def plain(name: str) -> re.Pattern[str]:
        return lazy(file.source(file.lists[name], given), re.IGNORECASE)

    kinds = tuple(
        (label.removeprefix("no "), label.startswith("no "), wording(TOPIC, label, language=code, **given))
        for label in file.labels
    )
    within = one_of("within") if "within" in file.lists else None
    return Vocabulary(
        spaced, numbers, frozenset(file.lists["articles"].split()), names, one_of("narrowing"), one_of("negation"), one_of("soft"),
        one_of("demands"), one_of("glue"), one_of("harmless"), one_of("exception"), one_of("exempt"), one_of("said"),
        plain("whole"), plain("lead"), one_of("regardless"),
        lazy(_unnamed(file.source("{rel}" + (" " if spaced else ""), given)) + number, re.IGNORECASE), within, kinds,
        tuple(anchors(pattern.pattern, re.IGNORECASE) for _, _, pattern in kinds),
    )  # fmt: skip


def _unnamed(source: str) -> str:
    return re.sub(r"\(\?P<\w+>", "(?:", source)

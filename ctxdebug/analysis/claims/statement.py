"""A sentence with what can be compared in it, each part worked out when it is first asked for."""

from __future__ import annotations

import re
from functools import cached_property

from ctxdebug.analysis.claims.units import MONTHS
from ctxdebug.analysis.claims.values import Value, values
from ctxdebug.analysis.claims.words import GENERIC, NEGATIONS, STEM, STOP, WEIGHT, groups, lexicon
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

TOKEN = lazy(r"[^\W_]+(?:[.,'’][^\W_]+)*|[%$€£]")
"""A word or number as written."""
_CAPITALS = lazy(r"[A-Z][\w’'&]*(?:[.-][\w’'&]+)*|/[A-Za-z][\w./{}-]+|[a-z]+[A-Z]\w+|\w+_\w+")
_INDEFINITE = frozenset("monday tuesday wednesday thursday friday saturday sunday mr mrs ms dr".split()) | set(MONTHS)
_BOILERPLATE = frozenset(str(lexicon()["boilerplate"]).split())
_LIMITING = lazy(
    r"\b(?:not|no|never) (?:be )?(?:more|less|fewer|later|longer|earlier|exceed|over|only|greater|older|smaller|larger)\b|\bnot exceed\b"
)
_METADATA = lazy(
    r"[\s\"'(\[*#>{-]*(?:last[ _-])?(?:updated|modified|revised|reviewed|published|effective|created|issued|date|"
    r"version|revision|author|authors|page|id|status|valid from|as of)\b",
    re.IGNORECASE,
)
_NEXT_CAPITAL = lazy(r" ([A-Z][a-z]+)\b")
_OPENERS = frozenset("/[$€£")
_RECORD = lazy(r"[\"']\s?:\s|\w=[\"'\w]|\d\.\d{6,}|\{|\}|\bscore:|\\n")
_ALONE = lazy(r"(?:\bis|\bat|\bto|\bfrom|URL:?|:)\s?<?https?://\S+|\(https?://\S+\)")
_FIELD = lazy(r"[\s*•-]*[A-Z][\w /()'’-]{2,60}:\s\S.{0,80}$")
_VERBS = frozenset(str(lexicon()["verbs"]).split())
_POLICY = frozenset(str(lexicon()["policy"]).split())
_FOLLOWED = lazy(r"^[\s\"'(\[^*#>-]*([A-Za-z©]+)(?: (?:on|from|by|at|under|in))?\b")


@record(frozen=True)
class Statement:
    """One sentence of a source or an answer; `start` counts characters of its reading."""

    text: str
    source: int
    start: int
    stems: frozenset[str]

    @property
    def end(self) -> int:
        """Where it ends in its reading."""
        return self.start + len(self.text)

    @cached_property
    def values(self) -> tuple[Value, ...]:
        """The typed values, in order."""
        return values(self.text)

    @cached_property
    def subject(self) -> frozenset[str]:
        """Content stems without the words inside values."""
        if not self.values:
            return self.stems
        return frozenset(map(STEM.__getitem__, re.findall(r"[^\W\d_]+", self.outside))) - {""}

    @cached_property
    def outside(self) -> str:
        """The text with its values blanked, quoted names apart."""
        text = self.text
        for value in self.values:
            text = text[: value.start] + " " * (value.end - value.start) + text[value.end :]
        return text

    @cached_property
    def tokens(self) -> tuple[str, ...]:
        """Words and numbers as written."""
        return tuple(TOKEN.findall(self.text))

    @cached_property
    def names(self) -> dict[str, tuple[int, int]]:
        """Capitalised words and paths, in lower case, with the span of each."""
        found: dict[str, tuple[int, int]] = {}
        first = len(self.text) - len(self.text.lstrip(" \"'([“*#-"))
        for match in _CAPITALS.finditer(self.text):
            word = match.group()
            low = word.lower().removesuffix("'s").removesuffix("’s")
            if low in STOP or low in _INDEFINITE or len(low) < 2:
                continue
            if match.start() <= first and not (_surely_name(word) or _begins_name(self.text, match.end(), word)):
                continue
            found.setdefault(low, match.span())
        return found

    @cached_property
    def negations(self) -> tuple[str, ...]:
        """Words that turn the statement round."""
        low = _LIMITING.sub(" ", self.text.lower())
        found = [word for word in re.findall(r"[a-z]+", low) if word in NEGATIONS and len(word) > 1 and word != "nt"]
        return (*found, *re.findall(r"n['’]t\b", low))

    @cached_property
    def boilerplate(self) -> bool:
        """`Retrieved 23 July 2015`: no subject, so nothing that could conflict."""
        match = _FOLLOWED.match(self.text)
        first = match.group(1).lower() if match else ""
        return (
            first in _BOILERPLATE
            or self.text.lstrip().startswith("©")
            or (len(self.stems) <= 4 and bool(_METADATA.match(self.text)))
        )

    @cached_property
    def asserted(self) -> bool:
        """Whether it says something whole in prose: no heading, title, list of links, record, table row or cut sentence."""
        text = self.text.rstrip()
        if (
            _RECORD.search(text)
            or text.count("|") > 1
            or text.endswith(("...", "…", ",", ";"))
            or "://" in _ALONE.sub("", text)
        ):
            return False
        words = re.findall(r"[A-Za-z][\w'’]*", text)
        opening = text.lstrip(" \"'“‘*•-(#>")
        if _FIELD.match(text) and words:
            return True
        if len(words) < 3 or not (opening[:1].isupper() or opening[:1].isdigit() or opening[:1] in _OPENERS):
            return False
        verb = any(word.lower() in _VERBS for word in words[1:]) or words[0].lower() in _POLICY
        if text[-1] in ".!?\"”')":
            small = sum(word[0].islower() for word in words)
            return 3 * small >= len(words) and (
                verb or any(word.endswith(("s", "ed")) and word[0].islower() for word in words)
            )
        return len(text) < 200 and (
            (verb and 2 * sum(word[0].islower() for word in words) >= len(words)) or bool(_FIELD.match(text))
        )

    @cached_property
    def policy(self) -> bool:
        """Whether it sets a rule (`must`, `limited`, `eligible`), so that a bound is a limit and not an observation."""
        return not _POLICY.isdisjoint(self.text.lower().split())

    @cached_property
    def order(self) -> tuple[str, ...]:
        """Content stems in order, values left out."""
        return tuple(stem for word in re.findall(r"[^\W\d_]+", self.outside) if (stem := STEM[word]) in self.subject)


def _begins_name(text: str, end: int, word: str) -> bool:
    """`Robert Asa Bloomer was`: a first word with another capitalised word right after it."""
    following = _NEXT_CAPITAL.match(text, end)
    return bool(following) and STEM[word] != "" and following is not None and following.group(1).lower() not in STOP


def _surely_name(word: str) -> bool:
    """Return a sentence's first word is a name if it has more capitals, a digit, or is unknown as a common word."""
    if not word[1:].islower():
        return (len(word) > 1 and not word.isupper()) or (word.isupper() and len(word) <= 5)
    stem = STEM[word]
    return bool(stem) and WEIGHT[stem] >= 1.0 and not groups(stem) and stem not in GENERIC


def statement(text: str, source: int = 0, start: int = 0) -> Statement:
    """Return a statement of plain text."""
    return Statement(text, source, start, frozenset(map(STEM.__getitem__, re.findall(r"[^\W\d_]+", text))) - {""})

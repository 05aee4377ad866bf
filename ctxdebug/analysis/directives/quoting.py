"""Why a passage that reads like an instruction may be something else: quoted, fenced, discussed, or meant for people.

These reasons downgrade; they never hide. An attacker can write a fence as well as anybody.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cached_property
from itertools import pairwise

from ctxdebug.analysis.directives.cues import PLAIN_INSTRUCTION, Frame
from ctxdebug.analysis.directives.layout import Layout, Shape
from ctxdebug.analysis.directives.pretended import OPEN_TURN
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording, wording_languages, wording_topics

_ABOUT = wording("injection_quoting", "about")
_INTRODUCED = wording("injection_quoting", "introduced")
_LONG_WORD = lazy(r"[^\W\d_]{4,}")
_EXAMPLE = lazy(
    r"\b(?:e\.g\.|for example|for instance|such as|examples?|like|strings?|phrases?|sentences?|payloads?|attack(?:er)?s?|prompts?)[^\n]{0,40}$",
    re.IGNORECASE,
)
_ASSIGNED = lazy(r"[^\W\d]\w{0,60}\s{0,2}(?:[=(\[]|\+=|:=)\s{0,2}$|[(\[][^()\[\]\n]{0,200},\s{0,2}$")
_SAID = lazy(
    r"\b(?:e\.g\.|for example|for instance|such as|examples?|like|strings?|phrases?|sentences?|payloads?|attack(?:er)?s?|prompts?|told"
    r"|called|named)[^\n]{0,60}$",
    re.IGNORECASE,
)
_REPORTED = wording("injection_quoting", "reported")
_NARRATED = wording("injection_quoting", "narrated")
_TRIED = tuple(
    wording("injection_quoting", "tried", language=language)
    for language in wording_languages()
    if "injection_quoting" in wording_topics(language)
)
_CLAUSE = lazy(r"\bThe ([A-Z][a-z]{2,20}) (?:shall|undertakes to|agrees to|covenants to)\b")
"""How a contract binds a party that it has defined."""
_PARTY = lazy(r"[a-z,] (?:the|by|of) ([A-Z][a-z]{2,20})\b")
_OPENERS = {'"': '"', "“": "”", "«": "»", "„": "“", "`": "`", "‘": "’", "'": "'"}
_AGENT_FILE = wording("injection_quoting", "agent file")
_TO_AGENTS = lazy(
    r"\b(?:claude code|github copilot|codex|cursor|coding agents?|agents (?:must|should|working|that work))\b",
    re.IGNORECASE,
)
_DEVELOPER = lazy(
    r"^#{1,4} .{0,60}\b(?:build|test|lint|commands?|code style|conventions|setup|architecture|commits?"
    r"|pull requests?|development|project|repo\w*|workflow)\b",
    re.IGNORECASE | re.MULTILINE,
)
_PROMPT_PAGE = lazy(
    r"\b(?:system[_ ]prompts?|prompt[_ ](?:templates?|engineering|library)|few-shot|instructions="
    r"|system_prompt=|\"role\": ?\"system\")",
    re.IGNORECASE,
)
ANSWER = 300
"""Characters in which an answer to a question begins."""
_COMMENT = lazy(r"[ \t]{0,40}(?:#|//|/?\*|--|%|;)")
_WEAK = frozenset({Frame.OVERRIDE, Frame.URGENCY, Frame.STEERING, Frame.INSERTION})
_SPEAKER = lazy(r"^[ \t]{0,4}(?:\*\*|\[|#{1,4} )?(User|Human|Customer|Client|Me|You|Assistant|AI|Agent|Bot|ChatGPT|Claude|Model"
                r"|Support|Operator)(?:\*\*|\])?: ?(?:\*\*)?", re.MULTILINE)  # fmt: skip
_TURNS = 3
"""Turns from which on a text is a conversation."""
_HEAD = 200
"""Characters in which a conversation begins."""
_QUOTATION = lazy(
    r"""(?<!\w)'[^'\n]{3,400}'(?!\w)|"[^"\n]{3,400}"|“[^”\n]{3,400}”|„[^“”\n]{3,400}[“”]|«[^»\n]{3,400}»|`[^`\n]{3,400}`|‘[^’\n]{3,400}’"""
)
_OWN_WORDS = wording("injection_quoting", "own words")
_LOGGED = wording("injection_quoting", "logged")
_RAW = wording("injection_quoting", "raw")
_SPEAKS = lazy(
    r"[,.!?][\"”»]\s{1,3}(?:[a-z]{2,12}\s){0,3}?(?:said|asked|replied|answered|whispered|shouted|cried|muttered|murmured"
    r"|told|ordered|commanded|hissed|growled|snapped|begged|called|laughed"
    r"|sagte|fragte|rief|dijo|preguntó|dit|demanda|répondit|disse|chiese|zei|vroeg|сказал|спросил|powiedział)\b"
)
"""Words that give a quotation to a speaker."""
_SENTENCE_END = lazy(r"[.!?:](?=\s)")
_GOES_ON = lazy(r"\s{0,2}(?:[,;]|[^\W\d_A-Z][^\W\d_]*\b)")
"""How a sentence goes on behind a quotation in it: with a comma, or with a word in small letters."""
_SPAN = 500
"""Characters to either side in which a quotation mark is looked for."""
MENTIONS = 2
"""How many different words of the trade make a quotation one of an attack."""
_NO_SENTENCE = 4
"""Words before a quotation in a record up to which it is a value, and not quoted by anybody."""
SUBJECT = 4
"""How many make attacks the subject of the whole text."""


class Quoting:
    """The quotation marks, fences and subject of one text."""

    def __init__(self, text: str, page: Layout) -> None:
        self._text = text
        self._page = page

    @cached_property
    def mentions(self) -> int:
        """How many different words of the trade of attacks on models the text uses."""
        return len({match[0].lower().rstrip("s") for match in _ABOUT.finditer(self._text)})

    @cached_property
    def agent_file(self) -> bool:
        """Whether the text is a file of instructions to coding agents."""
        head = self._text[:1500]
        return bool(_AGENT_FILE.search(head)) or (
            bool(_TO_AGENTS.search(head[:600])) and len(_DEVELOPER.findall(self._text)) >= 3
        )

    @cached_property
    def transcript(self) -> bool:
        """Whether the whole text is a conversation, speaker by speaker, from its beginning on."""
        turns = [(match.start(), match[1].lower()) for match in _SPEAKER.finditer(self._text)]
        if len(turns) < _TURNS or turns[0][0] > _HEAD:
            return False
        if self._text[: turns[0][0]].strip() and OPEN_TURN.search(self._text[-60:]):  # a model is to go on with it
            return False
        changes = sum(name != following for (_, name), (_, following) in pairwise(turns))
        return bool(changes >= 0.7 * (len(turns) - 1))

    def reason(self, start: int, end: int) -> str | None:
        """Why the characters `start` to `end` may be no order after all, in plain words; None if nothing says so."""
        if aside := self._set_aside(start, end):
            return aside
        quoted = self._quoted(start, end)
        plain = PLAIN_INSTRUCTION.search(self._text, start, end)
        inside = plain is not None and self._inside_quotation(plain.start())
        if self.mentions >= MENTIONS and (quoted or inside or self._page.fenced(start) or self._introduced(start)):
            return "quoted in a text about attacks"
        if plain and (inside or self._quoted(plain.start(), plain.end())) and self._introduced(plain.start(), _EXAMPLE):
            return "quoted as an example"
        if plain and inside and self._reported(plain.start()):
            return "reported speech"
        if self.mentions >= SUBJECT:
            return "part of a text about attacks"
        if self._page.fenced(start) and self._page.shape is not Shape.JSON:
            return "inside a code fence"
        if quoted and self._introduced(start, _EXAMPLE):
            return "quoted as an example"
        if self.agent_file:
            return "part of an instruction file for agents"
        if self.transcript and not plain:
            return "part of a conversation between others"
        return None

    def reason_at(self, start: int, end: int) -> str | None:
        """Why words known as an injected instruction may be none here; `start` and `end` are those of the words."""
        if aside := self._set_aside(start, end):
            return aside
        inside = self._inside_quotation(start)
        about = self.mentions >= MENTIONS and (inside or self._page.fenced(start) or self._introduced(start))
        if about:
            return "quoted in a text about attacks"
        if inside and (code := self._text_before_quotation(start)) and _ASSIGNED.search(code):
            return "a string in code"
        if inside and self._introduced(start, _SAID):
            return "quoted as an example"
        if inside and self._reported(start):
            return "reported speech"
        if inside and self._page.shape is Shape.PROSE and (said := self._told_in_prose(start)):
            return said
        return self.reason(start, end)

    def _set_aside(self, start: int, end: int) -> str | None:
        """Why the words are none to the model, by who says them to whom: to be tried, in a story, or in a contract."""
        within = start + 1 if self._text[start : start + 1] in _OPENERS else start
        if self._inside_quotation(within):
            if self._tried(within):
                return "quoted for people to try"
            left = max(self._text.rfind("\n", 0, start), start - _SPAN, 0)
            right = self._text.find("\n", end)
            right = min(right if right >= 0 else len(self._text), end + _SPAN)
            told = _SPEAKS.search(self._text, left, right) or self._among_dialogue(start, end)
            if self._page.shape is Shape.PROSE and told:
                return "dialogue of a story"
        if _OWN_WORDS.match(self._text, start):
            return "about what its author said before"
        if _RAW.match(self._text, within):
            return "about the raw form of a result"
        if self._is_logged(start):
            return "a line of a log that says what a program does"
        return "a contract's clause on one of its parties" if self._bound_party(start, end) else None

    def _is_logged(self, start: int) -> bool:
        """Whether the words are what a program says that it is doing: `WARN cache: ignoring previous entries`."""
        line = self._text.rfind("\n", 0, start) + 1
        found = _LOGGED.match(self._text, line)
        return found is not None and start <= found.end()

    def _among_dialogue(self, start: int, end: int) -> bool:
        """Whether lines around are dialogue too: one with who speaks, and another that is a quotation."""
        left, right = max(0, start - 2 * _SPAN), min(len(self._text), end + 2 * _SPAN)
        quotes = sum(self._text.startswith(tuple(_OPENERS), at + 1) for at in _line_ends(self._text, left, right))
        return quotes > 1 and _SPEAKS.search(self._text, left, right) is not None

    def _tried(self, start: int) -> bool:
        """Whether people are told to type or say what is quoted, to see what comes of it."""
        before = self._text_before_quotation(start)[-_HEAD:]
        return any(one.search(before) for one in _TRIED)

    def _bound_party(self, start: int, end: int) -> bool:
        """Whether the sentence binds a party of a contract that names another party as well."""
        left = max(self._text.rfind(edge, 0, start) for edge in (". ", "\n")) + 1
        clause = _CLAUSE.search(self._text, max(left, start - _SPAN), end)
        around = _PARTY.finditer(self._text, max(0, start - 2 * _SPAN), end + _SPAN)
        return clause is not None and any(match[1] != clause[1] for match in around)

    def _told_in_prose(self, position: int) -> str | None:
        """Whether a quotation is what a figure of a story says, or a part of somebody else's sentence."""
        quotation = self._quotation(position)
        if quotation is None:
            return None
        around = (
            self._text[max(0, quotation[0] - _SPAN) : quotation[0]],
            self._text[quotation[1] : quotation[1] + _SPAN],
        )
        if any(_SPEAKS.search(piece) for piece in around):
            return "dialogue of a story"
        line = around[0].rpartition("\n")[2]
        sentence = _SENTENCE_END.split(line)[-1]
        goes_on = _GOES_ON.match(around[1]) is not None
        return "quoted inside a sentence" if goes_on and len(_LONG_WORD.findall(sentence)) > 1 else None

    def _quotation(self, position: int) -> tuple[int, int] | None:
        """Return the borders of the quotation that a position is in, its marks included."""
        left = max(self._text.rfind("\n", 0, position) + 1, position - _SPAN)
        found = _QUOTATION.finditer(self._text, left, min(len(self._text), position + _SPAN))
        return next((match.span() for match in found if match.start() < position < match.end()), None)

    def _reported(self, start: int) -> bool:
        """Whether a quotation is introduced as what somebody else said or wrote."""
        return _REPORTED.search(self._text_before_quotation(start)[-120:].rstrip("\"'`“«„‘*_ ")) is not None

    def _text_before_quotation(self, position: int) -> str:
        left = max(self._text.rfind("\n", 0, position) + 1, position - _SPAN)
        quotes = [match.start() for match in _QUOTATION.finditer(self._text, left, position + _SPAN)]
        at = max((start for start in quotes if start < position), default=left)
        return self._text[left:at]

    def plain(self, start: int, end: int) -> bool:
        """Whether an instruction that needs no weighing stands there."""
        return PLAIN_INSTRUCTION.search(self._text, start, end) is not None

    def harmless(self, start: int, end: int, frames: tuple[Frame, ...]) -> str | None:
        """Why a passage with weak frames is likely nothing: code, or a question with its answer."""
        if frames == (Frame.EXFILTRATION,) and _NARRATED.search(self._text, start, end):
            return "told as what happened"
        if not _WEAK.issuperset(frames) or PLAIN_INSTRUCTION.search(self._text, start, end):
            return None
        if self._page.shape is Shape.CODE and _COMMENT.match(self._text, self._text.rfind("\n", 0, start) + 1):
            return "a comment in code"
        if Frame.OVERRIDE not in frames and self._answered(start, end):
            return "a question that the text goes on to answer"
        return None

    def example(self, start: int, end: int) -> str | None:
        """Why an address that would carry data away is shown there as an example; None if nothing says so."""
        if reason := self.reason(start, end):
            return reason
        if self.mentions and (self._quoted(start, end) or self._inside_quotation(start)):
            return "quoted in a text about attacks"
        return None

    def _answered(self, start: int, end: int) -> bool:
        """Whether a question's own words come again in what follows it."""
        if self._text[end - 1 : end] != "?":
            return False
        asked = set(_LONG_WORD.findall(self._text[start:end].lower()))
        following = set(_LONG_WORD.findall(self._text[end : end + ANSWER].lower()))
        return bool(asked) and len(asked & following) >= 0.5 * len(asked)

    def _quoted(self, start: int, end: int) -> bool:
        if self._page.shape in (Shape.JSON, Shape.RECORD):
            return False
        before, after = self._text[max(0, start - 3) : start + 1], self._text[max(start, end - 2) : end + 3]
        if any(opener in before and closer in after for opener, closer in _OPENERS.items()):
            return True
        line = self._text[self._text.rfind("\n", max(0, start - 400), start) + 1 : start]
        if line.lstrip()[:1] == ">" or self._text[start : start + 1] == ">":
            return True
        return any(
            line.count(opener) % 2 == 1 and closer in self._text[start : end + 200]
            for opener, closer in _OPENERS.items()
            if opener not in "'‘" and opener == closer
        )

    def _inside_quotation(self, position: int) -> bool:
        """Whether a position lies between two quotation marks of its own line; in a record, only inside running text."""
        if self._page.shape is Shape.JSON:
            return False
        if self._page.shape is Shape.RECORD and len(self._text_before_quotation(position).split()) <= _NO_SENTENCE:
            return False
        left = max(self._text.rfind("\n", 0, position) + 1, position - _SPAN)
        right = self._text.find("\n", position, position + _SPAN)
        right = right if right >= 0 else min(len(self._text), position + _SPAN)
        return any(match.start() < position < match.end() for match in _QUOTATION.finditer(self._text, left, right))

    def _introduced(self, start: int, how: re.Pattern[str] = _INTRODUCED) -> bool:
        line = self._text[max(0, start - 120) : start].rstrip("\"'`“«„‘*_ \n:-")
        return bool(how.search(line))


def _line_ends(text: str, left: int, right: int) -> Iterator[int]:
    at = text.find("\n", left, right)
    while at >= 0:
        yield at
        at = text.find("\n", at + 1, right)

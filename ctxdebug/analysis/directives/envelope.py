"""Text that closes the envelope it stands in, or imitates the role tags of a chat template.

A tag is a breakout only against what is really used around the text: the delimiters of this request, or the
control tokens of a chat template, which no honest data ends with.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from itertools import islice

from ctxdebug.analysis.directives.harness import harness
from ctxdebug.model import Message, Segment, Snapshot
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording


@record(frozen=True, slots=True)
class Breakout:
    """Characters `start` to `end`, and what they imitate; `real` when the delimiter stands around this very text."""

    start: int
    end: int
    imitates: str
    real: bool
    certain: bool
    block: int = 0
    """Where the inside of a whole imitated block begins; it ends with the breakout."""
    turn: bool = False
    """Whether it is a speaker's name at the start of a line."""


_TOKENS = lazy(
    r"""
      <\|(?:im_start|im_end|system|user|assistant|endoftext|end_of_turn|eot_id|eom_id|start_header_id
        |end_header_id|begin_of_text|end_of_text|endofprompt|channel|message|start|end|return|call
        |python_tag|START_OF_TURN_TOKEN|END_OF_TURN_TOKEN|SYSTEM_TOKEN|USER_TOKEN|CHATBOT_TOKEN)\|>
    | <(?:start_of_turn|end_of_turn|bos|eos)>
    | </?s>\s?\[/?INST\]
    | \[/?INST\]
    | <</?SYS>>
    | \[/?(?:AVAILABLE_TOOLS|TOOL_RESULTS|TOOL_CALLS|SYSTEM_PROMPT)\]
    | <｜(?:User|Assistant|System|begin▁of▁sentence|end▁of▁sentence)｜>
    """,
    re.IGNORECASE | re.VERBOSE,
)
_TOKEN_PARTS = (
    "<|",
    "_of_turn>",
    "<bos>",
    "<eos>",
    "inst]",
    "sys>>",
    "available_tools]",
    "tool_results]",
    "tool_calls]",
    "system_prompt]",
    "<｜",
)
"""In lower case; a token of a chat template has one of them."""
_ROLE_ENDS = ("<system", "assistant>", "developer>", "user>", "human>", "system_prompt>", "instructions>", "/system>")
_ROLES = ("system", "admin", "developer")
_BEFORE_ROLE = 14
"""Characters before a role's name in which its bracket or its sign is."""
_EDGES = ("end ", "end_", "begin ", "begin_", "start ", "start_")
_SIGNS = frozenset("-=<[(#*")
_TURN = lazy(r"(?:System|Human|Assistant|User|Developer)(?: (?:message|prompt|instructions?))?(?:\*\*|\])?: ?(?=\S)")
_TURN_BEGINS = lazy(r"(?:^|\n|\\n)[ \t]{0,8}(?:#{1,6} ?|\*\*|\[)?$")
"""What stands before a speaker's name at the start of a line."""
_BEFORE_TURN = 20
_ROLE_JSON = lazy(r"[\"']role[\"']\s{0,4}:\s{0,4}[\"'](system|developer|assistant|user)[\"']")
_ROLE_TAG = wording("injection_envelope", "role tag")
_END = wording("injection_envelope", "end")  # fmt: skip
_HARNESS = lazy(r"<([A-Za-z]+(?:[-_][a-z]+){1,4})>")
_BLOCK = 2000
"""Characters of an imitated block that are read."""
_NEAR = 400
"""Characters on each side of a segment in which its envelope opens and closes."""
_OPENING_TURNS = 20_000
"""Characters of a message in which its turns show, if it has any."""
_HUMAN_TURN = lazy(r"(?:^|\n)(?:Human|User): ")
_MODEL_TURN = lazy(r"\n(?:Assistant|AI): ?")
_CLOSING = lazy(r"</([A-Za-z][\w:-]{1,40})\s?>")
_OPENING = lazy(r"<([A-Za-z][\w:-]{1,40})(?:\s[^<>]{0,200})?>\s*$")
_ANY_TAG = lazy(r"<(/?)([A-Za-z][\w:-]{1,40})(?:\s[^<>]{0,200})?>")
_RULER = lazy(r"^(`{3,}|~{3,}|={3,}|-{5,}|\"{3}|'{3}|<{2,}|>{2,}|#{3,}|\${2,}|\*{5,})[^\n]{0,60}$", re.MULTILINE)


def delimiters(before: str, after: str) -> tuple[str, ...]:
    """Return what closes the envelope around a text: the tag that opens right before it, or the ruler line above and below it."""
    found: list[str] = []
    if match := _OPENING.search(before[-300:]):
        name = match[1]
        if re.match(rf"\s*</{re.escape(name)}\s?>", after[:300]):
            found.append(f"</{name}>")
    lines = before.rstrip().rsplit("\n", 1)
    ruler = _RULER.match(lines[-1]) if lines else None
    if ruler and after.lstrip()[: len(ruler[1])] == {"<": ">", ">": "<"}.get(ruler[1][0], ruler[1][0]) * len(ruler[1]):
        found.append({"<": ">", ">": "<"}.get(ruler[1][0], ruler[1][0]) * len(ruler[1]))
    return tuple(found)


class Envelopes:
    """What is around the segments of a request; each message is read once, however many segments it has."""

    def __init__(self, snapshot: Snapshot) -> None:
        self._messages = snapshot.messages
        self._turns: dict[int, bool] = {}

    def around(self, segment: Segment) -> tuple[tuple[str, ...], bool]:
        """Return what would close the envelope around a segment, and whether its message is laid out as turns in one text."""
        message, place = self._place(segment)
        if message is None:
            return (), False
        before = _joined((one.text for one in reversed(message.segments[:place])), _NEAR, backwards=True)
        after = _joined((one.text for one in islice(message.segments, place + 1, None)), _NEAR)
        return delimiters(before, after), len(message.segments) > 1 and self._in_turns(message)

    def _place(self, segment: Segment) -> tuple[Message | None, int]:
        """Return the message of a segment and its place there, as its id says (`m3.s0`); none for another's segment."""
        kind, number, place = segment.id[:1], *map(_number, segment.id[1:].partition(".s")[::2])
        if kind != "m" or not 0 <= number < len(self._messages):
            return None, 0
        message = self._messages[number]
        found = 0 <= place < len(message.segments) and message.segments[place] is segment
        return (message, place) if found else (None, 0)

    def _in_turns(self, message: Message) -> bool:
        """Whether a message is itself laid out as a conversation."""
        if id(message) not in self._turns:
            text = _joined((one.text for one in message.segments), _OPENING_TURNS)
            self._turns[id(message)] = bool(_HUMAN_TURN.search(text)) and bool(_MODEL_TURN.search(text))
        return self._turns[id(message)]


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and text.isascii() else -1


def _joined(texts: Iterable[str], limit: int, *, backwards: bool = False) -> str:
    """Return the first `limit` characters of texts, or the last ones where the texts come backwards; no more of them are read."""
    held: list[str] = []
    size = 0
    for text in texts:
        held.append(text)
        size += len(text)
        if size >= limit:
            break
    return "".join(reversed(held))[-limit:] if backwards else "".join(held)[:limit]


def strays(text: str) -> Iterator[tuple[int, int, str]]:
    """Closing tags too many: from the tag that closed the envelope first to the one that should have, and its name."""
    first: dict[str, int] = {}
    depth: dict[str, int] = {}
    for match in _ANY_TAG.finditer(text):
        name = match[2]
        if not match[1]:
            depth[name] = depth.get(name, 0) + 1
        elif depth.get(name, 0) > 1:
            depth[name] -= 1
        elif depth.get(name) == 1:
            depth[name] = 0
            first[name] = match.start()
        elif name in first:
            yield first.pop(name), match.end(), name


def breakouts(text: str, closing: tuple[str, ...] = (), turns: bool = False) -> Iterator[Breakout]:
    """Places where a text closes one of `closing` or imitates a role.

    `turns`: the request is laid out as `Human: … Assistant: …`, so such a line at the start of a line is an imitation.
    """
    for delimiter in closing:
        yield from _closings(text, delimiter)
    lowered = text.lower()
    odd = "\u017f" in text  # a long s, which is an s to patterns that take any case
    if odd or any(part in lowered for part in _TOKEN_PARTS):
        for match in _TOKENS.finditer(text):
            yield Breakout(match.start(), match.end(), f"the template token {match[0]}", real=False, certain=True)
    for pattern, what, may_be in (
        (_ROLE_TAG, "a role tag", odd or _may_have_role(lowered)),
        (_END, "an end mark", odd or _may_have_end(lowered)),
        (_ROLE_JSON, "a chat message", "role" in text),
    ):
        for match in pattern.finditer(text) if may_be else ():
            yield Breakout(match.start(), match.end(), f"{what}: {match[0].strip()[:60]}", real=False, certain=False)
    for match in _HARNESS.finditer(text) if "</" in text else ():
        if match[1].lower() in harness().tags:
            ends = text.find(f"</{match[1]}>", match.end(), match.end() + _BLOCK)
            end = ends if ends >= 0 else min(len(text), match.end() + _BLOCK)
            yield Breakout(
                match.start(),
                end,
                f"a block of the agent harness: {match[0]}",
                real=False,
                certain=False,
                block=match.end(),
            )
    for match in _TURN.finditer(text):
        before = text[max(0, match.start() - _BEFORE_TURN) : match.start()]
        if _TURN_BEGINS.search(before if match.start() <= _BEFORE_TURN else f" {before}"):
            name = re.match(r"\w+", match[0])
            assert name is not None
            yield Breakout(
                match.start(), match.end(), f"a turn of the {name[0].lower()}", real=turns, certain=False, turn=True
            )


def _may_have_role(lowered: str) -> bool:
    """Whether a cheap look at a text in lower case leaves room for a role tag."""
    return any(end in lowered for end in _ROLE_ENDS) or any(
        "[" in before or "#" in before for word in _ROLES for before in _before(lowered, word, _BEFORE_ROLE)
    )


def _may_have_end(lowered: str) -> bool:
    """Whether a cheap look at a text in lower case leaves room for an end mark: its first word, a sign before it."""
    return any(
        before[-2:].strip()[-1:] in _SIGNS and before.strip() for word in _EDGES for before in _before(lowered, word, 3)
    )


def _before(text: str, word: str, reach: int) -> Iterator[str]:
    """Yield what stands right before each place of a word."""
    at = text.find(word)
    while at >= 0:
        yield text[max(0, at - reach) : at]
        at = text.find(word, at + len(word))


def _closings(text: str, delimiter: str) -> Iterator[Breakout]:
    name = delimiter.strip("</>")
    if name and not name.isspace() and delimiter.startswith("</"):
        opened = 0
        for match in re.finditer(rf"<(/?){re.escape(name)}(?:\s[^<>]{{0,200}})?\s?>", text):
            if match[1] and not opened:
                yield Breakout(
                    match.start(),
                    match.end(),
                    f"the closing {match[0]} of the envelope around it",
                    real=True,
                    certain=True,
                )
            opened = max(0, opened + (-1 if match[1] else 1))
        return
    for match in re.finditer(rf"^{re.escape(delimiter)}\s*$", text, re.MULTILINE):
        yield Breakout(
            match.start(), match.end(), f"the ruler {delimiter} of the envelope around it", real=True, certain=True
        )

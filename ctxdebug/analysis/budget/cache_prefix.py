"""The stable prefix of a request: what a provider could have cached, and the character at which it breaks."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.model import Confidence, Kind, Role, Segment
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from ctxdebug.analysis import Analysis
    from ctxdebug.model import Message, Pointer, Snapshot

_VOLATILE = lazy(
    r"""
      (?P<time>\b\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:\.\d+)?(?:Z|[+-]\d{2}:?\d{2})?
        |\b(?:current|today(?:'s)?|now|local)[^\n]{0,24}?\b(?:date|time)[^\n]{0,12}?\b\d{1,2}:\d{2}\b
        |\b(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?
        |sun)(?:day)?,?[ ][^\n]{0,24}?\b\d{1,2}:\d{2}(?::\d{2})?\b)
    | (?P<id>\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b|\b(?:request|session
        |trace|correlation|run|conversation|message)[ _-]?id\s{0,2}[:=]\s{0,2}[\w-]{6,64})
    | (?P<epoch>\b(?:timestamp|epoch|unix[ ]time|now)\s{0,2}[:=]\s{0,2}1[5-9]\d{8}(?:\d{3})?\b)
    """,
    re.IGNORECASE | re.VERBOSE,
)
_CUE = lazy(
    r"\b(?:now|currently?|today(?:'s)?|date|time|datetime|timestamp|as of|clock|started"
    r"|(?:request|session|trace|correlation|run|conversation|message|thread|chat|task)[ _-]?(?:id)?)\b",
    re.IGNORECASE,
)
"""What says that a value is of this call, in front of it or in it; other times and ids are data."""
_FIXED = lazy(
    r"\b(?:e\.?g|i\.?e|examples?|format(?:ted)?|such as|like|between|before|after"
    r"|since|until|from|updated|modified|created|published|released?|version|open|hours|cutoff|deadline)\b",
    re.IGNORECASE,
)
_ROUND = lazy(r"(?:^|\D)\d{1,2}:00(?::00)?(?:\D|$)")
_RULES = frozenset({Role.SYSTEM, Role.DEVELOPER})
_NAMED = 3
"""Tools that are named."""
_BEFORE = 60
"""Characters in front of a value that say what it is."""
_AROUND = 30
"""Characters on each side of the first difference that are shown."""
_ADVICE = {
    "order": "give the tools in a fixed order, sorted by name",
    "set": "declare the same tools at every turn, and let an instruction say which may be used; or change them only where the cache is cold",
    "tool": "keep the declaration of {} the same, and put what changes into a message at the end",
    "rules": "move what changes out of the instructions, behind them or into the last user message",
    "history": "append to the history and do not rewrite it; summarise rarely, and at once",
}
_WORDS = {"time": "a time of day", "id": "an id that changes", "epoch": "a timestamp"}


@record(frozen=True, slots=True)
class Volatile:
    """A value near the front that changes from call to call. `before` and `after` are tokens of the prompt."""

    segment: Segment
    start: int
    end: int
    what: str
    before: int
    after: int
    confidence: Confidence = Confidence.MEDIUM


def volatile(analysis: Analysis) -> Volatile | None:
    """Return the first changing value in text that is meant to stay the same, and how much text behind it could have been cached.

    Meant to stay the same are the rules at the head of the prompt, and whatever stands in front of a cache mark.
    """
    prompt = analysis.prompt
    marked = [segment for segment in analysis.segments if segment.cache_mark]
    end = prompt.starts[marked[-1].id] if marked else -1
    head = True
    for message in analysis.snapshot.messages:
        head = head and message.role in _RULES
        for segment in message.segments:
            if not head and prompt.starts[segment.id] > end:
                return None
            if segment.kind is not Kind.TEXT or message.role is Role.ASSISTANT:
                continue
            found, confidence = _changing(analysis, segment.text)
            if found is None:
                continue
            size = prompt.segments[segment.id].value
            within = size * found.start() // max(1, len(segment.text))
            before = prompt.starts[segment.id] - prompt.tools.value + within
            after = max(0, _stable_until(analysis, message) - prompt.tools.value - before)
            return Volatile(
                segment, found.start(), found.end(), _WORDS[str(found.lastgroup)], before, after, confidence
            )
    return None


def _stable_until(analysis: Analysis, message: Message) -> int:
    """Tokens from the start of the prompt up to where text stays the same.

    That is the end of the rules (which may come in several messages), the last cache mark, or the last text of the turn before
    that comes again: a document in front of the question counts where an earlier turn had it, too.
    """
    prompt = analysis.prompt
    ends = [message.segments[-1]]
    for later in analysis.snapshot.messages[message.index + 1 :]:
        if later.role not in _RULES:
            break
        ends += later.segments[-1:]
    ends += [segment for segment in analysis.segments if segment.cache_mark]
    if analysis.earlier:
        before = {segment.text for segment in analysis.earlier[-1].segments}
        for segment in analysis.segments:
            if prompt.starts[segment.id] > prompt.starts[ends[0].id] and segment.text not in before:
                break
            ends.append(segment)
    return max(prompt.starts[last.id] + prompt.segments[last.id].value for last in ends)


def _changing(analysis: Analysis, text: str) -> tuple[re.Match[str] | None, Confidence]:
    """Return the first value that is said to be of this call. The turn before can prove it; a full hour may be part of a template."""
    before = analysis.earlier[-1] if analysis.earlier else None
    rules = "\n".join(segment.text for segment in before.segments if segment.role in _RULES) if before else ""
    for found in _VOLATILE.finditer(text):
        if not _of_this_call(text, found) or found.group() in rules:
            continue
        if rules:
            return found, Confidence.HIGH
        return found, Confidence.LOW if _ROUND.search(found.group()) else Confidence.MEDIUM
    return None, Confidence.LOW


def _of_this_call(text: str, found: re.Match[str]) -> bool:
    line = text.rfind("\n", 0, found.start()) + 1
    said = text[max(line, found.start() - _BEFORE) : found.start()]
    if text[found.start() - 1 : found.start()] in {'"', "'", "`"} or _FIXED.search(said):
        return False
    return _CUE.search(said) is not None or (_CUE.search(found.group()) is not None)


@record(frozen=True, slots=True)
class Break:
    """Where two requests of a session part: `tokens` are the same in front of it."""

    where: str
    segment: Segment | None
    at: int
    tokens: int
    old: str
    new: str
    pointer: Pointer | None = None
    """Where the changed declaration stands, for a change of one tool."""
    advice: str = ""


def prefix_break(before: Analysis, after: Analysis) -> Break | None:
    """Return the first thing that differs from the last request; None when that is a prefix of this one."""
    if _tools(before.snapshot) != _tools(after.snapshot):
        return _tools_break(before.snapshot, after.snapshot)
    old, new = list(before.segments), list(after.segments)
    for index, segment in enumerate(old):
        if index >= len(new):
            return None
        if segment.text != new[index].text:
            at = next((n for n, (a, b) in enumerate(zip(segment.text, new[index].text, strict=False)) if a != b),
                      min(len(segment.text), len(new[index].text)))  # fmt: skip
            share = after.prompt.segments[new[index].id].value * at // max(1, len(new[index].text))
            tokens = after.prompt.starts[new[index].id] + share
            return Break(
                f"the {new[index].role.value} message ({new[index].id})",
                new[index],
                at,
                tokens,
                segment.text[at : at + 40],
                new[index].text[at : at + 40],
                advice=_ADVICE["rules" if new[index].role in _RULES else "history"],
            )
    return None


def _tools_break(before: Snapshot, after: Snapshot) -> Break:
    """Return what became of the tools, with the first differing characters where the text of one changed."""
    where = _tool_change(before, after)
    if sorted(_tools(before)) == sorted(_tools(after)):
        was, now = (", ".join(_tools_names(one)) for one in (before, after))
        return Break(where, None, 0, 0, was, now, advice=_ADVICE["order"])
    old = {tool.name: tool for tool in before.tools}
    changed = next((tool for tool in after.tools if tool.name in old and old[tool.name].text != tool.text), None)
    if changed is None:
        was, now = (", ".join(_tools_names(one)) for one in (before, after))
        return Break(where, None, 0, 0, was, now, advice=_ADVICE["set"])
    texts = old[changed.name].text, changed.text
    at = next((n for n, (a, b) in enumerate(zip(*texts, strict=False)) if a != b), min(map(len, texts)))
    was, now = (text[max(0, at - _AROUND) : at + _AROUND] for text in texts)
    return Break(where, None, at, 0, was, now, pointer=changed.pointer, advice=_ADVICE["tool"].format(changed.name))


def _tool_change(before: Snapshot, after: Snapshot) -> str:
    """Return what became of the tool declarations: their order, their text, one more or one less."""
    old, new = ({tool.name: tool.text for tool in snapshot.tools} for snapshot in (before, after))
    if sorted(_tools(before)) == sorted(_tools(after)):
        return f"the order of the tools (the same {len(after.tools)})"
    added, gone = ([name for name in one if name not in other] for one, other in ((new, old), (old, new)))
    changed = [name for name in new if name in old and new[name] != old[name]]
    told = [
        f"{word} {', '.join(names[:_NAMED])}{' and others' if len(names) > _NAMED else ''}"
        for word, names in (("added", added), ("removed", gone), ("another text of", changed))
        if names
    ]
    return f"the tool declarations ({'; '.join(told)})"


def _tools(snapshot: Snapshot) -> list[str]:
    return [tool.text for tool in snapshot.tools]


def _tools_names(snapshot: Snapshot) -> list[str]:
    return [tool.name for tool in snapshot.tools]

"""Strict shapes of an answer: separators, edges of lines, marked lists, a bare choice, keys and no others, questions."""

from __future__ import annotations

import json
import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.constraints.checks.size import within
from ctxdebug.analysis.constraints.compliance_outcome import (
    Answer,
    Compliance,
    Outcome,
    failed,
    passed,
    unchecked,
)
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from ctxdebug.analysis.constraints.constraint import Constraint

_OTHERS = (",", ";", "|", "/", "\n")
_EMPHASIS = " \t*_`\"'“”‘’"
_ITEM = lazy(r"^(?P<indent>[ \t]*)(?:(?P<bullet>[-*+•])|(?P<number>\d{1,3}[.)]))[ \t]+\S")
_FENCED = lazy(r"```(?:json)?[ \t]*\n(.*?)\n[ \t]*```", re.DOTALL | re.IGNORECASE)
_DECLINES = wording("constraint_shapes", "declines")
_TO_USER = wording("constraint_shapes", "to the user")
_TEXT_ASKED = wording("constraint_shapes", "text asked for")
_STOP = lazy(r"[.!?。！？]+[\"'”’)*_]*(?=\s|$)")
_GIVEN = lazy(r"\b(?:numbers?|ids?|codes?|names?|customer|user|ticket|order|case)\b", re.IGNORECASE)
_SHORT, _SHORTEST = 6, 3
"""Words of an item, where the instruction says how many items there are, and where it does not."""
_LONGEST_JSON = 200_000


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _separator(constraint: Constraint, answer: Answer) -> Compliance:
    marks, n = str(constraint.params["mark"]), constraint.params.get("n")
    if n is not None and n < 2:
        return unchecked("one item needs no separator")
    text = answer.stripped
    held = len(_lines(text)) - 1 if marks == "\n" else sum(text.count(mark) for mark in marks)
    if held >= (n - 1 if n else 1):
        return passed(f"{held} separators", held)
    if held or "```" in text:
        return unchecked("fewer separators than items, and which are items is not certain")
    wanted = "line breaks" if marks == "\n" else repr(marks[0])
    for other in _OTHERS:
        if other not in marks and _lists(text, other, n):
            name = "line breaks" if other == "\n" else repr(other)
            start, end = answer.whole
            return failed(f"the items are separated by {name}, and {wanted} was asked for", name, start=start, end=end)
    return unchecked("no list was found in the answer")


def _lists(text: str, mark: str, n: int | None) -> bool:
    """Whether a text is a list of short items parted by a mark, and no prose in which the mark occurs."""
    items = [item for item in text.split(mark) if item.strip()]
    longest = _SHORT if n else _SHORTEST
    return len(items) >= (n or 3) and all(len(item.split()) <= longest for item in items)


def _edge(constraint: Constraint, answer: Answer) -> Compliance:
    mark, at_end = str(constraint.params["mark"]), constraint.params["edge"] == "end"
    wanted = (mark,) if constraint.params.get("quoted") else tuple(mark)
    blocks = [block for part in re.split(r"\n[ \t]*\n", answer.text) if (block := _lines(part))]
    verses = [block for block in blocks if len(block) > 1]
    if "```" in answer.text or (len(blocks) > 1 and not verses):
        return unchecked("which lines of the answer are meant is not certain")
    for block in verses or blocks:
        for number, line in enumerate(block):
            bare = line.rstrip(_EMPHASIS) if at_end else line
            if (
                bare.endswith(wanted)
                if at_end
                else (bare.startswith(wanted) or bare.lstrip(_EMPHASIS).startswith(wanted))
            ):
                continue
            if line.startswith("#") or (number == 0 and (line.endswith(":") or line.strip("*_") != line)):
                return unchecked("whether a heading counts as a line is not said")
            start = answer.text.find(line)
            where = "end" if at_end else "begin"
            return failed(
                f"a line does not {where} with {mark[0] if len(wanted) > 1 else mark!r}",
                line[-60:],
                start=start,
                end=start + len(line),
            )
    if len(verses) < len(blocks) and verses:
        return unchecked("whether the lines around the text count is not said")
    return passed("every line has the mark")


def _marked(constraint: Constraint, answer: Answer) -> Compliance:
    mark = str(constraint.params["mark"])
    wanted = (mark,) if len(mark) > 1 and mark[0].isalnum() else tuple(mark)
    lines = [line for line in answer.text.splitlines() if line.strip()]
    if any(line[0] in " \t" and line.strip().startswith(wanted) for line in lines) or "```" in answer.text:
        return unchecked("which lines are items is not certain, as some are indented")
    start, end = answer.whole
    found = sum(line.startswith(wanted) for line in lines)
    return within(constraint, found, f"lines that begin with {mark[0]!r}", start=start, end=end)


def only_choice(constraint: Constraint, answer: Answer) -> Compliance:
    """Judge an answer that is to be one of several choices and nothing else."""
    options = [str(option).casefold() for option in constraint.params["options"]]
    text = answer.stripped.strip(_EMPHASIS + ".!\n").casefold()
    if text in options:
        return passed("the answer is one of the choices")
    if text.startswith(("{", "[", "<")):
        return unchecked("the choice stands in markup, and whether that counts is not said")
    words = [word for word in re.findall(r"\w+", text) if not word.isdigit()]
    if len(words) > 1 and all(word in options for word in words):
        return unchecked("several choices, and how many questions there were is not certain")
    if all(len(option) == 1 for option in options) and words[:1] and words[0] in options and len(words) <= _SHORT:
        return unchecked("the letter stands with what it stands for")
    start, end = answer.whole
    if any(re.search(rf"(?<!\w){re.escape(option)}(?!\w)", text) for option in options):
        if constraint.params.get("loose"):
            return unchecked("a choice is in the answer, and whether it must stand alone is not said")
        return failed("more than the choice is in the answer", answer.stripped[:60], start=start, end=end)
    return failed(f"none of the {len(options)} choices is in the answer", start=start, end=end)


def _objects(text: str) -> list[dict[str, Any]] | None:
    fenced = _FENCED.search(text)
    body = (fenced[1] if fenced else text).strip()
    if len(body) > _LONGEST_JSON:
        return None
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return None
    rows = found if isinstance(found, list) else [found]
    return [row for row in rows if isinstance(row, dict)] if rows and all(isinstance(r, dict) for r in rows) else None


def _keys(constraint: Constraint, answer: Answer) -> Compliance:
    objects = _objects(answer.stripped)
    if objects is None:
        return unchecked("the answer is no JSON object")
    wanted = list(constraint.params["keys"])
    extra = next((key for row in objects for key in row if key not in wanted), None)
    if extra is not None:
        start = max(answer.text.find(f'"{extra}"'), 0)
        return failed(
            f"the key {extra!r} is not one of those asked for", extra, start=start, end=start + len(extra) + 2
        )
    if any(key not in row for row in objects for key in wanted):
        return unchecked("a key is missing, and whether each is required is not said")
    return passed("the keys are those asked for")


def names(constraint: Constraint, answer: Answer) -> Compliance:
    """Judge an answer by names that it must not say: as they are written, and not where it declines to speak of them."""
    for name in constraint.params["words"]:
        found = re.search(rf"(?<![\w-]){re.escape(name)}(?:['’]s)?(?![\w-])", answer.prose)
        if found is None:
            continue
        if constraint.params["names"] == "topic" and name in answer.question:
            return unchecked(f"{name} is the user's word, and whether the answer speaks of it is not certain")
        if any(_DECLINES.search(sentence) for sentence in _around(answer.prose, name)):
            return unchecked(f"{name} is named where the answer declines to speak of it")
        return failed(f"{name} is named", name, start=found.start(), end=found.end())
    return passed("none of the names is in the answer")


def _around(text: str, name: str) -> list[str]:
    return [part for part in _STOP.split(text) if name in part]


def _questions(_: Constraint, answer: Answer) -> Compliance:
    if "?" not in answer.prose and "？" not in answer.prose:
        return passed("no question is in the answer")
    last = _lines(answer.text)[-1] if answer.stripped else ""
    asked = last.rstrip(_EMPHASIS).endswith(("?", "？")) and not _ITEM.match(last) and not last.startswith((">", "#"))
    sentence = _STOP.split(last.rstrip("?？ "))[-1]
    quoted = not _TO_USER.search(sentence) or last.endswith(('"', "”", "'", "’", "`"))
    if not asked or quoted or _TEXT_ASKED.search(answer.question):
        return unchecked("whether the question in the answer is put to the user is not certain")
    start = answer.text.rfind(last)
    return failed("the answer ends with a question to the user", last[-80:], start=start, end=start + len(last))


def _list_kind(constraint: Constraint, answer: Answer) -> Compliance:
    wrong, right = ("number", "bullet") if constraint.params["kind"] == "bullets" else ("bullet", "number")
    lines = [(line, _ITEM.match(line)) for line in answer.prose.splitlines() if line.strip()]
    items = [(line, item) for line, item in lines if item and not item["indent"]]
    for (line, item), (after, other) in pairwise(lines):
        if item and other and not item["indent"] and item[wrong] and other[wrong]:
            if re.search(rf"\b{wrong}", answer.question, re.IGNORECASE):
                return unchecked("the user asked for the other kind of list")
            start = answer.text.find(line)
            end = answer.text.find(after, max(start, 0)) + len(after)
            return failed(
                f"a list with {wrong}s, {constraint.params['kind']} were asked for", wrong, start=max(start, 0), end=end
            )
    if not items:
        return Compliance(Outcome.NOT_APPLICABLE, "there is no list in the answer")
    return (
        passed("every list is of the kind")
        if all(item[right] for _, item in items)
        else unchecked("lists of both kinds")
    )


def _bracket(constraint: Constraint, answer: Answer) -> Compliance:
    marks, what = str(constraint.params["mark"]), str(constraint.params["what"])
    text = answer.stripped.lstrip("*_`# ")
    if text[:1] and text[0] in marks:
        return passed("the answer begins with a bracket", text[:20])
    if _GIVEN.search(what) and not any(c.isdigit() for c in answer.question):
        return unchecked(f"whether {what!r} was known is not certain")
    return failed(
        f"the answer does not begin with {what} in brackets", text[:40], start=0, end=min(len(answer.text), 40)
    )


CHECKS = {
    "list.separator": _separator,
    "lines.edge": _edge,
    "list.marked": _marked,
    "format.keys": _keys,
    "questions.none": _questions,
    "lists.every": _list_kind,
    "position.bracket": _bracket,
}

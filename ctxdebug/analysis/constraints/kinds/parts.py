"""Properties of every paragraph, line and list item: their length, their edges, their indentation."""

# ruff: noqa: E501 - an example and a list of words are read as one line

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.constraints.checks.size import within
from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, Outcome, failed, passed, unchecked
from ctxdebug.analysis.constraints.kinds.kind import Found, Kind, limits
from ctxdebug.analysis.constraints.kinds.readings import agreed, by_sentences, sentence_readings, words
from ctxdebug.analysis.constraints.numbers import number
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ctxdebug.analysis.constraints.constraint import Constraint

_TOPIC = "kinds_sentences"
_ITEM = lazy(r"^[ \t]*(?:[-*+•–]|\d{1,3}[.)])[ \t]+(?P<said>\S[^\n]*)", re.MULTILINE)
_FRAME = lazy(r"#{1,6}[ \t][^\n]*|\*\*[^*\n]{1,80}\*\*:?|[^\n.!?]{1,60}:|[-*_=]{3,}")


def _each_read(found: Found) -> Mapping[str, Any]:
    bounds = limits(found, default="le" if "no" in found or "cap" in found else "eq")
    low = found.get("cap").lower()
    if low.startswith(("under", "fewer")) and bounds["hi"] is not None:
        bounds["hi"] -= 1
    unit = found.get("unit").lower().split()[0]
    return {**bounds, "unit": {"list": "item", "answer": "item"}.get(unit, unit), "what": found.get("what").lower()}


def _each(constraint: Constraint, answer: Answer) -> Compliance:
    unit, what = str(constraint.params["unit"]), str(constraint.params["what"])
    if unit == "sentence":
        if what == "sentences":
            return unchecked("a sentence has no sentences")
        return by_sentences(answer.text, lambda found: _all(constraint, answer, found, unit))
    if unit in {"bullet", "item"}:
        found = [match["said"] for match in _ITEM.finditer(answer.prose)]
        return (
            _all(constraint, answer, found, unit)
            if found
            else Compliance(Outcome.NOT_APPLICABLE, "there is no list in the answer")
        )
    if unit == "line":
        return _all(constraint, answer, [line for line in answer.text.splitlines() if words(line)], unit)
    parts = [part.strip() for part in answer.paragraphs]
    body = [part for part in parts if not _FRAME.fullmatch(part) and not _ITEM.match(part)]
    if not body:
        return unchecked(f"which parts of the answer are {unit}s is not certain")
    return agreed(
        [_all(constraint, answer, found, unit) for found in ({tuple(parts), tuple(body)})],
        "whether headings and lists count is not said",
    )


def _all(constraint: Constraint, answer: Answer, found: list[str] | tuple[str, ...], unit: str) -> Compliance:
    what = str(constraint.params["what"])
    for part in found:
        counts = _sizes(part, what)
        judged = [within(constraint, count, f"{what} in a {unit}") for count in counts]
        if all(one.outcome is Outcome.FAIL for one in judged):
            at = max(answer.text.find(part[:40]), 0)
            return failed(
                judged[0].reason,
                counts[0],
                start=at,
                end=min(len(answer.text), at + len(part)),
                deviation=judged[0].deviation,
            )
        if any(one.outcome is Outcome.FAIL for one in judged):
            return unchecked(f"how many {what} a {unit} has can be counted in two ways")
    return passed(f"each {unit} has so many {what}", len(found))


def _sizes(part: str, what: str) -> list[int]:
    if what == "words":
        return sorted({len(words(part)), len(re.findall(r"\w+", part)), len(part.split())})
    if what == "characters":
        return [len(part.strip())]
    return sorted({len(reading) for reading in sentence_readings(part)}) or [0]


def _first_last(_: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole

    def judge(found: list[str]) -> Compliance:
        parts = [[w.lower() for w in words(part)] for part in found if words(part)]
        broken = next((p for p in parts if p[0] != p[-1]), None)
        if broken is None:
            return passed("each paragraph ends with its first word")
        return failed(
            f"a paragraph begins with {broken[0]!r} and ends with {broken[-1]!r}", broken[-1], start=start, end=end
        )

    return agreed(
        [judge(answer.text.splitlines()), judge(answer.paragraphs)], "whether each line is a paragraph is not said"
    )


def _one_word(_: Constraint, answer: Answer) -> Compliance:
    wrong = next((line for line in answer.text.splitlines() if len(line.split()) > 1), None)
    if wrong is None:
        return passed("one word a line")
    at = answer.text.find(wrong)
    return failed("a line of several words", wrong[:60], start=at, end=at + len(wrong))


def _stairs(_: Constraint, answer: Answer) -> Compliance:
    lines = [
        line.expandtabs()
        for line in answer.text.strip("\n").splitlines()
        if line.strip() and not line.lstrip().startswith("```")
    ]
    if len(lines) < 2:
        return unchecked("there is only one line")
    depth = [len(line) - len(line.lstrip()) for line in lines]
    wrong = next((n for n, (a, b) in enumerate(pairwise(depth), 1) if b <= a), None)
    if wrong is None:
        return passed("each line is indented more than the one before")
    at = max(answer.text.find(lines[wrong].strip()), 0)
    return failed(
        "a line is not indented more than the one before",
        lines[wrong].strip()[:60],
        start=at,
        end=at + len(lines[wrong].strip()),
    )


def _no_space(_: Constraint, answer: Answer) -> Compliance:
    found = re.search(r"\s", answer.stripped)
    if found is None:
        return passed("no whitespace")
    at = answer.text.find(answer.stripped) + found.start()
    return failed("whitespace is in the answer", found[0], start=at, end=at + 1)


def _indented_read(found: Found) -> Mapping[str, Any]:
    return {"n": number(found.get("n")), "but": "rest" in found}


def _indented(constraint: Constraint, answer: Answer) -> Compliance:
    n = int(constraint.params["n"])
    lines = [line.expandtabs() for line in answer.text.splitlines() if line.strip()][
        1 if constraint.params["but"] else 0 :
    ]
    if not lines or "```" in answer.text:
        return unchecked("which lines are meant is not certain")
    wrong = next((line for line in lines if len(line) - len(line.lstrip()) < n), None)
    if wrong is None:
        return passed(f"each line is indented by {n} blanks or more")
    at = max(answer.text.find(wrong.strip()), 0)
    return failed(
        f"a line is indented by {len(wrong) - len(wrong.lstrip())} blanks, {n} asked for",
        wrong.strip()[:60],
        start=at,
        end=at + len(wrong.strip()),
    )


def _turns_read(found: Found) -> Mapping[str, Any]:
    return {
        "upper_first": (found.get("start") or found.get("first")).lower().startswith(("upper", "capital")),
        "sure": "start" in found,
    }


def _turns(constraint: Constraint, answer: Answer) -> Compliance:
    said = [w for w in answer.text.split() if any(map(str.isalpha, w))]
    upper = [w.isupper() for w in said]
    if any(not (w.isupper() or w.islower()) for w in said):
        wrong = next(w for w in said if not (w.isupper() or w.islower()))
        at = answer.text.find(wrong)
        return failed(f"{wrong!r} is neither in capitals nor in small letters", wrong, start=at, end=at + len(wrong))
    same = next((f"{a} {b}" for (a, x), (b, y) in pairwise(zip(said, upper, strict=True)) if x is y), None)
    if same is not None:
        at = max(answer.text.find(same.split()[0]), 0)
        return failed(f"{same!r}: two words of the same case follow each other", same, start=at, end=at + len(same))
    if upper and upper[0] is not constraint.params["upper_first"] and constraint.params["sure"]:
        return failed(f"the first word is {said[0]!r}", said[0], start=0, end=len(said[0]))
    return passed("capitals and small letters take turns")


def _of(
    kind: str,
    cue: str,
    check: Callable[[Constraint, Answer], Compliance],
    asks: str,
    kept: str,
    broken: str,
    still: str = "",
) -> Kind:
    return Kind(kind, _TOPIC, cue, check, asks, kept=(kept,), broken=(broken,), open=(still,) if still else ())


KINDS = (
    Kind(
        "each.length", _TOPIC, "sentence paragraph bullet line item stanza verse", _each, "No sentence may be longer than 4 words.", _each_read,
        kept=("The tide turns. Come.",), broken=("The tide turns at nine.",), open=("The tide is well-known.",),
    ),
    _of("paragraphs.first_last", "paragraph", _first_last, "Each paragraph of your response must end with the same word it started with.",
        "Boats drift past boats.", "Boats drift past."),
    _of("lines.words", "word", _one_word, "Write each word on a new line.", "Boats\ndrift", "Boats drift"),
    _of("lines.stairs", "indent indenting", _stairs, "Create stairs by incrementally indenting each new line.", "Boats\n  drift\n    past", "Boats\ndrift", "Boats"),
    _of("text.no_space", "whitespace whitespaces spaces space white", _no_space, "The output should not contain any whitespace.", "Boatsdrift", "Boats drift"),
    Kind(
        "lines.indented", _TOPIC, "indent", _indented, "Indent every line after the first by four spaces.", _indented_read,
        kept=("Boats\n    drift\n    past",), broken=("Boats\n    drift\n  past",), open=("Boats",),
    ),
    Kind(
        "words.case_turns", _TOPIC, "alternate", _turns, "Alternate between UPPERCASE and lowercase words, starting with uppercase.", _turns_read,
        kept=("BOATS drift PAST piers",), broken=("BOATS drift past", "Boats drift", "boats DRIFT"),
    ),
)  # fmt: skip

"""Properties of every sentence: longer than the one before, an emoji at its end, its first word the last of the one before."""

# ruff: noqa: E501 - an example and a list of words are read as one line

from __future__ import annotations

import re
from itertools import groupby, pairwise
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, failed, passed, unchecked
from ctxdebug.analysis.constraints.kinds.kind import Found, Kind
from ctxdebug.analysis.constraints.kinds.readings import by_sentences, words
from ctxdebug.analysis.constraints.numbers import number
from ctxdebug.text import counts as counting

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ctxdebug.analysis.constraints.constraint import Constraint
    from ctxdebug.analysis.constraints.kinds.kind import Check

_TOPIC = "kinds_sentences"
_MARKS = {"declarative": ".", "interrogative": "?", "exclamatory": "!"}


def _neighbours(judge: Callable[[Constraint, str, str], str | None], good: str) -> Check:
    """Return a check of each two sentences that follow each other: `judge` says what is wrong with a pair."""

    def check(constraint: Constraint, answer: Answer) -> Compliance:
        start, end = answer.whole

        def of(found: list[str]) -> Compliance:
            if len(found) < 2:
                return unchecked("there is only one sentence")
            wrong = next((why for a, b in pairwise(found) if (why := judge(constraint, a, b))), None)
            return passed(good) if wrong is None else failed(wrong, wrong, start=start, end=end)

        return by_sentences(answer.text, of)

    return check


def _step_read(found: Found) -> Mapping[str, Any]:
    return {"step": None if "longer" in found else number(found.get("n"))}


def _step(constraint: Constraint, before: str, after: str) -> str | None:
    step = constraint.params["step"]
    counts = [(len(words(s)), len(s.split())) for s in (before, after)]
    more = {counts[1][0] - counts[0][0], counts[1][1] - counts[0][1]}
    if step is None:
        return None if max(more) > 0 or len(after) > len(before) else "a sentence is no longer than the one before"
    return None if step in more else f"a sentence has {max(more)} words more than the one before, {step} asked for"


def _run(sentence: str) -> int:
    return max((len(list(group)) for _, group in groupby(w[0].lower() for w in words(sentence))), default=0)


def _alliteration(_: Constraint, before: str, after: str) -> str | None:
    one, other = _run(before), _run(after)
    return None if other > one else f"a run of {other} alliterative words after one of {one}"


def _chain(_: Constraint, before: str, after: str) -> str | None:
    last, first = words(before)[-1], words(after)[0]
    return (
        None
        if last.lower() == first.lower()
        else f"a sentence begins with {first!r} and not with {last!r}, the last word of the one before"
    )


def _emoji(_: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole

    def judge(found: list[str]) -> Compliance:
        # an emoji behind the full stop begins the next piece of text
        pieces = [*found[1:], answer.text.rstrip()[-8:]]
        for sentence, behind in zip(found, pieces, strict=True):
            ends = counting.emojis(sentence.strip().rstrip(".!?\"'”’*_ ")[-3:])
            begins = (
                counting.emojis(behind.lstrip("\"'”’*_ ")[:3]) if behind is not pieces[-1] else counting.emojis(behind)
            )
            if not ends and not begins:
                return failed("a sentence without an emoji at its end", sentence[-40:], start=start, end=end)
        return passed("an emoji ends each sentence")

    return by_sentences(answer.text, judge)


def _same_read(found: Found) -> Mapping[str, Any]:
    return {"n": number(found.get("n")), "unit": found.get("unit").lower(), "different": "different" in found}


def _same_length(constraint: Constraint, answer: Answer) -> Compliance:
    n, unit = constraint.params["n"], constraint.params["unit"]
    start, end = answer.whole

    def judge(found: list[str]) -> Compliance:
        if len(found) != n:
            return failed(f"{len(found)} sentences, {n} asked for", len(found), start=start, end=end)
        lengths = [
            len(words(s)) if unit == "words" else sum(map(str.isalpha, s)) if unit == "letters" else len(s.strip())
            for s in found
        ]
        if len(set(lengths)) > 1:
            return failed(
                f"sentences of {', '.join(map(str, lengths))} {unit}, the same asked for", lengths, start=start, end=end
            )
        said = [w.lower() for s in found for w in set(map(str.lower, words(s)))]
        if constraint.params["different"] and len(said) != len(set(said)):
            return failed("two sentences share a word", None, start=start, end=end)
        return passed(f"{n} sentences of {lengths[0]} {unit}")

    return by_sentences(answer.text, judge)


def _kinds_of(found: list[str]) -> dict[str, int]:
    ends = [s.rstrip("\"'”’)*_ ")[-1:] for s in found]
    return {name: ends.count(mark) for name, mark in _MARKS.items()}


def _balance(_: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole

    def judge(found: list[str]) -> Compliance:
        counts = _kinds_of(found)
        apart = max(counts.values()) - min(counts.values())
        told = ", ".join(f"{n} {name}" for name, n in counts.items())
        if apart == 0:
            return passed(told)
        return (
            failed(f"{told}: not balanced", counts, start=start, end=end)
            if apart > 1 or sum(counts.values()) < 3
            else unchecked(f"{told}: nearly balanced")
        )

    return by_sentences(answer.text, judge)


_SAID_AS = {"statements": "declarative", "questions": "interrogative", "exclamations": "exclamatory"}


def _ratio_read(found: Found) -> Mapping[str, Any] | None:
    one, two = (_SAID_AS.get(word, word) for word in (found.get("one").lower(), found.get("two").lower()))
    return None if one == two else {"one": one, "two": two, "a": int(found.get("a")), "b": int(found.get("b"))}


def _ratio(constraint: Constraint, answer: Answer) -> Compliance:
    p = constraint.params
    start, end = answer.whole

    def judge(found: list[str]) -> Compliance:
        counts = _kinds_of(found)
        one, two = counts[p["one"]], counts[p["two"]]
        told = f"{one} {p['one']} and {two} {p['two']} sentences, {p['a']}:{p['b']} asked for"
        off = abs(one * p["b"] - two * p["a"])
        if off == 0 and one:
            return passed(told)
        return (
            failed(told, (one, two), start=start, end=end)
            if off > max(p["a"], p["b"]) or not (one and two)
            else unchecked(f"{told}: nearly so")
        )

    return by_sentences(answer.text, judge)


def _alphabet(_: Constraint, answer: Answer) -> Compliance:
    start, end = answer.whole

    def judge(found: list[str]) -> Compliance:
        letters = "".join(words(s)[0][0].lower() for s in found)
        good = letters == "abcdefghijklmnopqrstuvwxyz"
        return (
            passed("the sentences begin with a to z")
            if good
            else failed(f"the sentences begin with {letters[:30]!r}", letters, start=start, end=end)
        )

    return by_sentences(answer.text, judge)


def _cited_read(found: Found) -> Mapping[str, Any]:
    return {"open": found.get("form")[0]}


def _cited(constraint: Constraint, answer: Answer) -> Compliance:
    mark = r"\[[^\[\]\n]{1,40}\]" if constraint.params["open"] == "[" else r"\([^()\n]{1,40}\)"
    pattern = re.compile(rf"(?:{mark}[ ,;]*)+$")
    start, end = answer.whole
    # a citation behind the full stop belongs to the sentence before it
    text = re.sub(rf"([.!?])((?:[ \t]*{mark})+)(?=\s|$)", r"\2\1", answer.text)

    def judge(found: list[str]) -> Compliance:
        bare = next((s for s in found if not pattern.search(s.rstrip(".!?\"'”’ "))), None)
        if bare is None:
            return passed("every sentence ends with a source")
        return failed("a sentence does not end with its source in the form asked for", bare[-60:], start=start, end=end)

    return by_sentences(text, judge)


_NTH = {"other": 2, "second": 2, "third": 3, "fourth": 4, "fifth": 5}


def _nth_end_read(found: Found) -> Mapping[str, Any]:
    return {
        "nth": _NTH[found.get("nth").lower()],
        "mark": "?" if found.get("mark").lower().startswith("question") else "!",
    }


def _nth_end(constraint: Constraint, answer: Answer) -> Compliance:
    nth, mark = int(constraint.params["nth"]), str(constraint.params["mark"])
    start, end = answer.whole

    def judge(found: list[str]) -> Compliance:
        if len(found) < nth:
            return unchecked(f"there are fewer than {nth} sentences")
        ends = [mark in s[-4:] for s in found]
        if all(ends[nth - 1 :: nth]):
            return passed(f"every sentence number {nth} ends with {mark!r}")
        if nth == 2 and all(ends[::2]) and any(ends):
            return unchecked("which sentence is the first to count is not said")
        return failed(f"a sentence number {nth} does not end with {mark!r}", None, start=start, end=end)

    return by_sentences(answer.text, judge)


KINDS = (
    Kind(
        "sentences.increment", _TOPIC, "sentence", _neighbours(_step, "each sentence is so much longer"),
        "Each sentence must contain exactly 3 more words than the previous one.", _step_read,
        kept=("Boats come. Boats come to the pier.",), broken=("Boats come. Boats go.",), open=("Boats come.",),
    ),
    Kind(
        "sentences.alliteration", _TOPIC, "sentence", _neighbours(_alliteration, "each run of alliterative words is longer"),
        "Each sentence must have a longer sequence of consecutive alliterative words than the previous one.",
        kept=("Boats come. Big boats come.",), broken=("Big boats come. Boats come.",), open=("Big boats come.",),
    ),
    Kind(
        "sentences.chain", _TOPIC, "sentence", _neighbours(_chain, "each sentence begins with the last word of the one before"),
        "The last word of each sentence must become the first word of the next sentence.",
        kept=("I see boats. Boats drift.",), broken=("I see boats. They drift.",), open=("I see boats.",),
    ),
    Kind(
        "sentences.emoji", _TOPIC, "emoji emojis", _emoji, "Please use an emoji at the end of every sentence.",
        kept=("All calm 🌊. Come 🙂.", "All calm! 🌊 Come. 🙂"), broken=("All calm. Come 🙂.", "All calm! 🌊 The tide turns. Come. 🙂"),
    ),
    Kind(
        "sentences.same_length", _TOPIC, "sentences", _same_length,
        "Respond with three sentences, all containing the same number of characters but using all different words.", _same_read,
        kept=("Tides go. Boats we. Seas are.",), broken=("Tides go. Boats we.", "Tides go. Boats went. Seas are.", "Tides go. Tides we. Seas are."),
    ),
    Kind(
        "sentences.balance", _TOPIC, "ratio", _balance, "Ensure that the ratio of sentence types (declarative, interrogative, exclamatory) in your response is balanced.",
        kept=("It is open. Is it? It is!",), broken=("It is open. It is near. Come along. Is it? It is!",), open=("It is open. It is near. Is it? It is!",),
    ),
    Kind(
        "sentences.ratio", _TOPIC, "ratio", _ratio, "Maintain a 2:1 ratio of declarative to interrogative sentences in your response.", _ratio_read,
        kept=("It is open. It is near. Is it?",), broken=("It is open. It is near.", "Is it? Is it? It is."), open=("It is. It is. It is. Is it?",),
    ),
    Kind(
        "sentences.alphabet", _TOPIC, "sentence", _alphabet,
        "Tell me a 26-sentence story where each sentence's first word starts with the letters of the alphabet in order.",
        kept=(" ".join(f"{chr(65 + n)}nd so." for n in range(26)),), broken=("And so. But no.",),
    ),
    Kind(
        "sentences.cited", _TOPIC, "source citation reference sources citations", _cited, "Every sentence ends with its source in the form [S1], [S2] and so on.", _cited_read,
        kept=("The tide turns at nine [S1]. Boats leave then. [S2]",), broken=("The tide turns at nine. Boats leave then (Source 2).", "The tide turns [S1]. Boats leave."),
    ),
    Kind(
        "sentences.nth_end", _TOPIC, "sentence", _nth_end, "Every second sentence must end with an exclamation mark.", _nth_end_read,
        kept=("It is open. Come! It is near. Run!",), broken=("It is open. Come. It is near. Run!",), open=("It is open.", "Come! It is open. Run! It is near."),
    ),
)  # fmt: skip

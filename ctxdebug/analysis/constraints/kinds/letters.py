"""Letters read down the lines, properties of every number, and a question at the end."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, Outcome, failed, passed, unchecked
from ctxdebug.analysis.constraints.kinds.kind import Found, Kind
from ctxdebug.analysis.constraints.kinds.readings import agreed, by_sentences, sentence_readings, words
from ctxdebug.analysis.constraints.numbers import number
from ctxdebug.text.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ctxdebug.analysis.constraints.constraint import Constraint

_NUMBER = lazy(r"(?<![\w.,])\d{1,12}(?![\w]|[.,]\d)")
_LIST_MARK = lazy(r"^[ \t]*\d{1,3}[.)][ \t]+(?=\S)", re.MULTILINE)
_DENSE = 0.5
"""Share of words that are numbers, from which an answer is a list of these."""


def _acrostic_read(found: Found) -> Mapping[str, Any] | None:
    word = found.get("word") or re.sub(r"\W", "", found.raw("quoted") if "quoted" in found else "")
    return {"word": word.upper(), "unit": found.get("unit", "line").lower()} if word else None


def _acrostic(constraint: Constraint, answer: Answer) -> Compliance:
    wanted, unit = str(constraint.params["word"]), str(constraint.params["unit"])
    lines = [line for line in answer.text.splitlines() if words(line)]
    ways = {
        "sentence": list(sentence_readings(answer.text)),
        "paragraph": [answer.paragraphs],
    }.get(unit, [lines, lines[1:], lines[:-1], lines[1:-1]])
    spelled = ["".join(words(part)[0][0] for part in way if words(part)).upper() for way in ways]
    if wanted in spelled:
        return passed(f"the first letters spell {wanted}")
    if not lines or (unit in {"line", "verse"} and len(lines) < 2):
        return unchecked("the answer is one line")
    start, end = answer.whole
    return failed(
        f"the first letters spell {spelled[0][:30]!r}, {wanted!r} asked for", spelled[0][:30], start=start, end=end
    )


def _prime(n: int) -> bool:
    return n > 1 and all(n % d for d in range(2, min(int(n**0.5), 100_000) + 1))


def _all_read(found: Found) -> Mapping[str, Any]:
    what = found.get("property").lower()
    return (
        {"what": "multiple", "n": number(found.get("n"))}
        if "n" in found
        else {"what": what.split()[0].removesuffix("s")}
    )


def _all(constraint: Constraint, answer: Answer) -> Compliance:
    n = int(constraint.params.get("n") or 2)
    tests: dict[str, Callable[[int], bool]] = {
        "prime": _prime, "even": lambda x: x % 2 == 0, "odd": lambda x: x % 2 == 1, "multiple": lambda x: n > 0 and x % n == 0,
    }  # fmt: skip
    what = str(constraint.params["what"])
    body = _LIST_MARK.sub("", answer.text)
    found = list(_NUMBER.finditer(body))
    wrong = next((match for match in found if not tests[what](int(match[0]))), None)
    if not found:
        return unchecked("there is no number in the answer")
    if wrong is None:
        return passed(f"all numbers are {what}", len(found))
    if len(found) < _DENSE * len(re.findall(r"\w+", body)):
        return unchecked("which numbers are meant is not certain")
    at = max(answer.text.find(wrong[0]), 0)
    return failed(
        f"{wrong[0]} is not {what if what != 'multiple' else f'a multiple of {n}'}",
        wrong[0],
        start=at,
        end=at + len(wrong[0]),
    )


_FRACTIONS = {"half": 1 / 2, "third": 1 / 3, "two thirds": 2 / 3, "quarter": 1 / 4, "three quarters": 3 / 4}


def _share_read(found: Found) -> Mapping[str, Any]:
    named = re.sub(r"^(?:an?|one) ", "", found.get("fraction").lower())
    share = int(found.get("percent")) / 100 if "percent" in found else _FRACTIONS[named]
    rel = found.get("rel").lower()
    least = rel in {"at least", "no fewer than", "no less than", "more than"}
    most = rel in {"at most", "no more than", "fewer than", "less than"}
    return {
        "least": None if most else share,
        "most": None if least else share,
        "mark": "?" if found.get("what").lower().startswith("q") else "!",
    }


def _share(constraint: Constraint, answer: Answer) -> Compliance:
    least, most, mark = (constraint.params[key] for key in ("least", "most", "mark"))
    start, end = answer.whole

    def judge(found: list[str]) -> Compliance:
        share = sum(mark in one[-4:] for one in found) / len(found)
        told = f"{share:.0%} of the sentences end with {mark!r}"
        slack = 0.5 / len(found) if least == most else 0
        if (least is not None and share < least - slack) or (most is not None and share > most + slack):
            return failed(told, round(share, 2), start=start, end=end)
        return passed(told)

    return by_sentences(answer.text, judge)


def _question(_: Constraint, answer: Answer) -> Compliance:
    text = answer.stripped.rstrip("\"'”’»*_)` \n")
    if text.endswith(("?", "？", "؟")):
        return passed("the answer ends with a question")
    start = max(0, len(text) - 80)
    last = [way[-1] for way in sentence_readings(answer.text)]
    outcome = [
        Compliance(
            Outcome.FAIL if "?" not in one else Outcome.UNCHECKED, "the answer does not end with a question", one[-60:]
        )
        for one in last
    ]
    found = agreed(outcome, "where its last sentence begins is not certain")
    return (
        failed(found.reason, found.measured, start=start, end=len(text))
        if found.outcome is Outcome.FAIL
        else unchecked(found.reason)
    )


def _palindromes(_: Constraint, answer: Answer) -> Compliance:
    lines = [line.strip(" \t-*•.,;:0123456789)") for line in answer.text.splitlines() if words(line)]
    plain = [line.lower() for line in lines]
    wrong = next((one for one in plain if not one.isalpha() or one != one[::-1]), None)
    if wrong is None:
        return passed("every word is a palindrome") if plain else unchecked("there is no word in the answer")
    if not wrong.isalpha():
        return unchecked("which words are meant is not certain")
    at = max(answer.text.lower().find(wrong), 0)
    return failed(f"{wrong!r} is no palindrome", wrong, start=at, end=at + len(wrong))


KINDS = (
    Kind(
        "lines.acrostic", "kinds_words", "letter letters acrostic", _acrostic, "The first letters of the lines spell BOAT.", _acrostic_read,
        kept=("Bring a coat.\nOars are here.\nAll aboard.\nTide turns.",), broken=("Bring a coat.\nOars are here.\nTide turns.",), open=("Boats.",),
    ),
    Kind(
        "numbers.all", "kinds_words", "numbers number primes", _all, "All numbers must be primes.", _all_read,
        kept=("23, 29, 37",), broken=("23, 29, 51",), open=("The ferry of 1702 is berth 4 of the old pier, and nobody knows why.",),
    ),
    Kind(
        "sentences.share", "kinds_sentences", "sentences", _share, "At least half of your sentences are questions.", _share_read,
        kept=("Who built it? Nobody knows.",), broken=("It burned. It was rebuilt. Who built it?",),
    ),
    Kind(
        "position.question", "kinds_sentences", "question", _question, "Always end with a question.",
        kept=("It is open. Will you come?",), broken=("Will you come? It is open.",),
    ),
    Kind(
        "words.palindromes", "kinds_words", "palindrome palindromes", _palindromes, "Every word on the list must be a palindrome.",
        kept=("level\nradar", "1. level\n2. civic"), broken=("level\nplanet",), open=("Here are two words:\nlevel\nradar",),
    ),
)  # fmt: skip

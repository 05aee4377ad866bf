"""Properties that every word of an answer must have: prime lengths, other initials than the neighbour, clusters, vowels, repeats."""

# ruff: noqa: E501 - an example and a list of words are read as one line

from __future__ import annotations

import re
from collections import Counter
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.constraints.compliance_outcome import Answer, Compliance, failed, passed, unchecked
from ctxdebug.analysis.constraints.grammar import IMPERATIVES
from ctxdebug.analysis.constraints.kinds.kind import Found, Kind
from ctxdebug.analysis.constraints.kinds.readings import by_words, words
from ctxdebug.analysis.constraints.numbers import number

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from ctxdebug.analysis.constraints.constraint import Constraint
    from ctxdebug.analysis.constraints.kinds.kind import Check

_TOPIC = "kinds_words"
_MONOSYLLABLES = frozenset(
    """
    the of to and in a is it you that he was for on are with as his they be at one have this from or had by hot but some what there we can out all your
    when up use how said an each she which do their time if will way then them write would like so these her long make thing see him two has look
    more day could go come did no most my than first who may down side been now find
    """.split()
)
"""Common words of one syllable beyond doubt."""
_NO_VERB = frozenset(
    """
    the a an this that these those i you he she it we they my your his her its our their in on at of to for from with by as if when while although because since
    and or but nor so yet yes no there here what which who whom whose why how where not all some any each every both many much few most several
    """.split()
)
"""Words that no sentence uses as a verb at its beginning."""
_AMBIGUOUS = frozenset(
    "name state note list label number only please open sign type let's frame support order end".split()
)


def _each(name: str, wrong: Callable[[list[str]], str | None]) -> Check:
    """Return a check of all words: `wrong` returns the first word, or pair of words, that lacks the property."""

    def check(_: Constraint, answer: Answer) -> Compliance:
        def judge(found: list[str]) -> Compliance:
            bad = wrong(found)
            if bad is None:
                return passed(f"every word: {name}", len(found))
            at = max(answer.text.find(bad.split()[0]), 0)
            return failed(
                f"{bad!r} does not fit what was asked of every word: {name}",
                bad,
                start=at,
                end=at + len(bad.split()[0]),
            )

        return by_words(answer.text, judge)

    return check


def _not_prime(found: list[str]) -> str | None:
    return next(
        (w for w in found if not (len(w) > 1 and all(len(w) % d for d in range(2, int(len(w) ** 0.5) + 1)))), None
    )


def _same_initial(found: list[str]) -> str | None:
    return next((f"{a} {b}" for a, b in pairwise(found) if a[0].lower() == b[0].lower()), None)


def _out_of_order(found: list[str]) -> str | None:
    return next(
        (f"{a} {b}" for a, b in pairwise(found) if (ord(a[0].lower()) - 96) % 26 + 97 != ord(b[0].lower())), None
    )


def _no_cluster(found: list[str]) -> str | None:
    return next((w for w in found if not re.search(r"[bcdfghjklmnpqrstvwxyz]{2}", w.lower()) and not w.isdigit()), None)


def _two_alike(found: list[str]) -> str | None:
    """Return two neighbours that both have one syllable beyond doubt, so that odd and even do not alternate."""
    return next(
        (f"{a} {b}" for a, b in pairwise(found) if a.lower() in _MONOSYLLABLES and b.lower() in _MONOSYLLABLES), None
    )


def _syllables(constraint: Constraint, answer: Answer) -> Compliance:
    found = _each("odd and even numbers of syllables in turn", _two_alike)(constraint, answer)
    return found if found.outcome.value == "fail" else unchecked("how many syllables a word has is not certain")


def _vowels(constraint: Constraint, answer: Answer) -> Compliance:
    most = int(constraint.params["n"])
    found = sorted(set(answer.text.lower()) & set("aeiou"))
    start, end = answer.whole
    if len(found) > most:
        return failed(f"{len(found)} different vowels, {most} asked for", len(found), start=start, end=end)
    return (
        passed(f"{len(found)} different vowels", len(found))
        if len(found) == most
        else unchecked("fewer vowels than asked for, and whether these are enough is not said")
    )


def _most(found: Found) -> Mapping[str, Any]:
    given = found.get("n").lower()
    n = {"once": 1, "twice": 2, "thrice": 3}.get(given) or (number(given) if given else 1)
    return {"most": 1 if "more" not in found else n, "repeat": "repeat" in found.match[0].lower() and n > 1}


def _repeats(constraint: Constraint, answer: Answer) -> Compliance:
    most = int(constraint.params["most"])

    def judge(found: list[str]) -> Compliance:
        word, times = Counter(w.lower() for w in found).most_common(1)[0] if found else ("", 0)
        if times <= most:
            return passed(f"no word more than {most} times", times)
        if constraint.params["repeat"] and times == most + 1:
            return unchecked(f"{word!r} is there {times} times, and whether its first use is a repetition is not said")
        at = max(answer.text.lower().find(word), 0)
        return failed(f"{word!r} is there {times} times, at most {most} asked for", times, start=at, end=at + len(word))

    return by_words(answer.text, judge)


def _verb_first(_: Constraint, answer: Answer) -> Compliance:
    first = next(iter(words(answer.text)), "")
    low = first.lower()
    if low in IMPERATIVES - _AMBIGUOUS:
        return passed("the answer begins with a verb", first)
    if low in _NO_VERB:
        at = answer.text.find(first)
        return failed(f"the answer begins with {first!r}, which is no verb", first, start=at, end=at + len(first))
    return unchecked(f"whether {first!r} is a verb is not certain")


def _n(found: Found) -> Mapping[str, Any]:
    return {"n": number(found.get("n"))}


KINDS = (
    Kind(
        "words.prime", _TOPIC, "words word", _each("a prime length", _not_prime), "Use only words with lengths that are prime numbers.",
        kept=("The pilot sat by the dam and saw red fog",), broken=("A pilot sat there",), open=("The to-day sat",),
    ),
    Kind(
        "words.initials", _TOPIC, "words word", _each("another first letter than the word before", _same_initial),
        "No two consecutive words can share the same first letter.", kept=("The pilot saw boats",), broken=("The tide turns",),
    ),
    Kind(
        "words.alphabet", _TOPIC, "word words", _each("the next letter of the alphabet", _out_of_order),
        "Each word in your response must start with the next letter of the alphabet.", kept=("Any boat can drift", "You zigzag across"), broken=("Any can boat",),
    ),
    Kind(
        "words.clusters", _TOPIC, "word", _each("a consonant cluster", _no_cluster), "Ensure each word in your response has at least one consonant cluster.",
        kept=("Ships drift past",), broken=("Ships are here",),
    ),
    Kind(
        "words.vowels", _TOPIC, "vowels vowel", _vowels, "Write a paragraph using words that contain only three types of vowels.", _n,
        kept=("The tide can set in.",), broken=("A boat under the pier is gone.",), open=("A dark harbar.",),
    ),
    Kind(
        "words.syllables", _TOPIC, "syllables", _syllables, "Alternate between words with odd and even numbers of syllables.",
        broken=("It is the harbour.",), open=("Harbour lights waver.",),
    ),
    Kind(
        "words.repeats", _TOPIC, "word words", _repeats, "No word may appear more than twice.", _most,
        kept=("The tide and the boat",), broken=("The tide, the boat, the pier",),
    ),
    Kind(
        "words.verb_first", _TOPIC, "verb", _verb_first, "The response must start with a verb.",
        kept=("Describe the tide first.",), broken=("The tide turns.",), open=("Tides turn.", "Note that it turns."),
    ),
)  # fmt: skip

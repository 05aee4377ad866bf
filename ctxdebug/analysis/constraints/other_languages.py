"""Read the commonest instructions in languages besides English: what is not read to the end is listed as not checkable.

A language is a file of wordings, `text/wordings/<code>/instructions.txt`: a label for each kind, and lists of its numbers, of the words
that narrow or negate a demand, and of those that make a sentence a demand. A demand is checked only where nothing else in its
sentence narrows it and nothing behind it in its clause is left unread.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.constraints.clauses import Sentence, sentences
from ctxdebug.analysis.constraints.constraint import Constraint, Scope, Strength
from ctxdebug.analysis.constraints.families.keywords import TEMPLATE
from ctxdebug.analysis.constraints.masking import QUOTED
from ctxdebug.analysis.constraints.numbers import bound
from ctxdebug.analysis.constraints.vocabularies import DIGITS, Vocabulary, read_languages, vocabulary
from ctxdebug.records import record, replace
from ctxdebug.text.languages import languages
from ctxdebug.text.patterns import lazy
from ctxdebug.text.recall import by_text
from ctxdebug.text.whole_numbers import whole_number
from ctxdebug.text.wordings import base_name

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_RELATIONS = ("ge", "gt", "le", "lt", "eq", "ap")
_LENGTHS = frozenset({"length.words", "length.chars", "length.sentences", "length.paragraphs"})
_APPROX = frozenset({"length.words", "length.chars"})
"""Units of which a bare number is only about so many."""
_OPTIONS = lazy(r"\s+(?:oder|ou|o|of)\s+|或者|或|または|か(?=い|「|『|\ue000)")
_BREAK = lazy(r"[,;:，、；：?？!！]")
_QUESTION = lazy(r"[?？]\W*$")
_BEGINNING = 24
"""Characters of a sentence in which the word stands that makes it an exception."""
_LEAD = lazy(r"^[\s\-*•+>#]*(?:\d{1,3}[.)]\s)?")
"""A list mark before the sentence."""


@by_text
def language_of(text: str) -> str | None:
    """Return the language besides English that a text's instructions are to be read in; None for English or an unknown one."""
    spoken = languages(text)
    if not spoken or "en" in spoken:
        return None
    known = next((code for code in spoken if code in read_languages()), None)
    if len(text) > SHORT or (known and _typed(instructions_in(text, known, standing=False))):
        return known
    return _likely(text) or known


SHORT = 400
"""Characters up to which a text may be taken for a relative of its language, or its language cannot be told."""


@by_text
def _likely(text: str) -> str | None:
    """Return the language in which a short text has an instruction of a known kind; few words are easily taken for a relative's."""
    able = [code for code in sorted(read_languages()) if vocabulary(code).called(text)]
    found = {code: _typed(instructions_in(text, code, standing=False)) for code in able}
    best = max(found, key=lambda code: found[code], default="")
    return best if found.get(best) else None


def _typed(found: list[Constraint]) -> int:
    return sum(one.type != "untyped" for one in found)


def instructions_in(text: str, code: str, *, standing: bool) -> list[Constraint]:
    """Return the instructions of a text in a language, in order of place."""
    words = vocabulary(code)
    found: list[Constraint] = []
    for sentence in sentences(text):
        exception = words.exception.search(_LEAD.sub("", sentence.text)[:_BEGINNING]) or words.exempt.search(
            sentence.text
        )
        if exception is not None:
            found = [
                replace(one, qualifier=one.qualifier or exception[0]) if one.sentence == sentence.index - 1 else one
                for one in found
            ]
        found += _of_sentence(sentence, words, standing=standing)
    return found


def in_any_language(text: str, *, standing: bool) -> list[Constraint]:
    """Return the instructions of a short text whose language cannot be told, in the language that knows most of them."""
    code = _likely(text)
    return [] if code is None else instructions_in(text, code, standing=standing)


@record(frozen=True, slots=True)
class _Seen:
    kind: str
    negative: bool
    match: re.Match[str]
    groups: Mapping[str, str]

    def raw(self, sentence: Sentence, group: str) -> str:
        spans = (self.match.span(n) for n in self.match.re.groupindex if base_name(n) == group and self.match[n])
        return sentence.quoted(*next(spans))


def _of_sentence(sentence: Sentence, words: Vocabulary, *, standing: bool) -> Iterator[Constraint]:
    text = sentence.text
    if _QUESTION.search(text):
        return
    found = [(one, params) for one in _seen(text, words) if (params := _params(one, sentence, words)) is not None]
    demanded = words.demands.search(text) is not None
    scope = Scope.CONVERSATION if standing else Scope.TURN
    strength = Strength.MAY if words.soft.search(_without(text, found)) else Strength.MUST
    if not found and demanded:
        yield Constraint(
            "untyped",
            {},
            sentence.raw,
            sentence.offset,
            sentence.end,
            strength=strength,
            scope=scope,
            sentence=sentence.index,
        )
    left = words.regardless.sub(lambda match: " " * len(match[0]), _without(text, found))
    around = _narrowed(left, sentence, words)
    for one, params in found:
        low, high = one.match.span()
        qualifier = around or _unread(left, low, high, words) or _of_another(text, low, high, words)
        yield Constraint(
            one.kind, params, sentence.raw, sentence.offset + low, sentence.offset + high, one.negative or one.kind == "keywords.forbid",
            strength, scope=scope, qualifier=qualifier, sentence=sentence.index,
        )  # fmt: skip


def _seen(text: str, words: Vocabulary) -> list[_Seen]:
    """Return the phrasings of a sentence, the longest where two share words, in order of place."""
    found = [
        _Seen(kind, negative, match, {base_name(name): held for name, held in match.groupdict().items() if held})
        for kind, negative, pattern in words.called(text)
        if (match := pattern.search(text)) is not None
    ]
    kept: list[_Seen] = []
    for one in sorted(found, key=lambda seen: (-len(seen.match[0]), not seen.negative, seen.match.start())):
        if all(one.match.end() <= k.match.start() or one.match.start() >= k.match.end() for k in kept):
            kept.append(one)
    return sorted(kept, key=lambda seen: seen.match.start())


def _without(text: str, found: list[tuple[_Seen, Mapping[str, Any]]]) -> str:
    """Return a sentence without its demands; what stands in their gaps stays."""
    for one, _ in found:
        low, high = one.match.span()
        gap = next(
            (one.match.span(n) for n in one.match.re.groupindex if base_name(n) == "gap" and one.match[n]), (high, high)
        )
        text = text[:low] + " " * (gap[0] - low) + text[gap[0] : gap[1]] + " " * (high - gap[1]) + text[high:]
    return _LEAD.sub(lambda mark: " " * len(mark[0]), text)


def _narrowed(left: str, sentence: Sentence, words: Vocabulary) -> str | None:
    """Return what narrows the demands of a sentence: a word of the language's list, a bound that nobody read, its heading."""
    narrowing = (one for one in words.narrowing.finditer(left) if not _names_the_answer(left, one, words))
    found = next(narrowing, None) or words.exempt.search(left)
    if found is not None:
        return found[0]
    bounded = words.bounded.search(left)
    if bounded is not None:
        return bounded[0]
    for above in (sentence.header, sentence.section):
        if above and (words.narrowing.search(above) or words.negation.search(above)):
            return above.strip(" #*:-")
    return "the list under it" if sentence.listed else None


def _names_the_answer(text: str, found: re.Match[str], words: Vocabulary) -> bool:
    """Whether a word like `every` only stands before the answer: `jede Antwort`, `chaque réponse`."""
    answer = words.whole.match(text, found.start())
    return answer is not None and answer.end() > found.end() and not text[answer.end() : answer.end() + 1].isalpha()


def _unread(left: str, low: int, high: int, words: Vocabulary) -> str | None:
    """Return what stands unread beside a demand in its clause: a negation before it, any word behind it."""
    before = left[:low]
    starts = [found.end() for pattern in (_BREAK, words.glue) for found in pattern.finditer(before)]
    gap = left[low:high]
    denied = words.negation.search(before[max(starts, default=0) :]) or words.negation.search(gap)
    if denied is not None:
        return denied[0]
    rest = left[high:]
    rest = words.harmless.sub(" ", rest)
    ends = [found.start() for pattern in (_BREAK, words.glue) for found in pattern.finditer(rest)]
    behind = re.sub(r"[\W_]+", " ", rest[: min(ends, default=len(rest))]).strip()
    return behind or None


_MOST_SUBJECT = 60
"""Characters of a subject."""


def _of_another(text: str, low: int, high: int, words: Vocabulary) -> str | None:
    """Return the subject of a demand, or what it is said for, where that is not the answer: `Der Brief muss …`."""
    mark = _LEAD.match(text)
    offset = mark.end() if mark else 0
    lead = words.lead.match(text, offset)
    if lead is not None and lead.end() <= low:
        return lead[0].strip(" ,、，")
    starts = [found.end() for pattern in (_BREAK, words.glue) for found in pattern.finditer(text, offset, low)]
    start = max(starts, default=offset)
    verb = words.said.search(text, start + 1, high)
    end = low if verb is None else min(verb.start(), low)
    subject = "" if verb is None and words.spaced else re.sub(r"[\W_]+", " ", text[start:end]).strip()
    if not subject or len(subject) > _MOST_SUBJECT or words.whole.fullmatch(subject):
        return None
    return None if words.demands.search(subject) or words.negation.search(subject) else subject


def _params(one: _Seen, sentence: Sentence, words: Vocabulary) -> Mapping[str, Any] | None:
    """Return the parameters of a phrasing; None where it says nothing that can be held against an answer."""
    kind, groups = one.kind, one.groups
    if kind == "language":
        return {"language": words.names[groups["name"].lower()]}
    if kind.startswith("keywords."):
        listed = [sentence.quoted(*span) for span in _quotations(one)]
        return {"words": listed} if listed and not any(map(TEMPLATE.search, listed)) else None
    if kind in {"position.start", "position.end", "format.exact"}:
        text = one.raw(sentence, "text").strip()
        return None if not text or TEMPLATE.search(text) else {"text" if kind == "format.exact" else "phrase": text}
    if kind == "format.choice":
        options = [part.strip("\"“”„«»'`「」『』 .") for part in _OPTIONS.split(one.raw(sentence, "options"))]
        return {"options": options, "only": True} if len(options) > 1 and all(options) else None
    if kind == "emoji" or (kind == "format.bullets" and one.negative):
        return {"lo": None, "hi": 0}
    if "n" in groups:
        return _counted(one, sentence, words)
    fixed: dict[str, dict[str, Any]] = {"format.bullets": {"lo": 1, "hi": None}, "format.title": {"wrap": "<<>>"}}
    return fixed.get(kind, {})


def _quotations(one: _Seen) -> list[tuple[int, int]]:
    span = next(one.match.span(n) for n in one.match.re.groupindex if base_name(n) == "words" and one.match[n])
    return [found.span() for found in re.compile(QUOTED).finditer(one.match.string, *span)]


def _counted(one: _Seen, sentence: Sentence, words: Vocabulary) -> Mapping[str, Any] | None:
    groups, kind = one.groups, one.kind
    n = _number(groups["n"], words)
    relation = next((name for name in _RELATIONS if name in groups), None)
    if n is None or (relation is None and "m" not in groups and not _is_demanded(one, sentence, words)):
        return None
    if "m" in groups:
        m = _number(groups["m"], words)
        params: dict[str, Any] = {"lo": n if relation is None else None, "hi": m}
    else:
        relation = relation or ("ap" if kind in _APPROX else "eq")
        found = bound(relation, n)
        assert found is not None
        params = {"lo": found.lo, "hi": found.hi}
        if found.approx:
            params["approx"] = True
    if kind == "count.items":
        params |= {"noun": groups["noun"].lower(), "numbered": "numbered" in groups}
    if "marks" in {base_name(name) for name in one.match.re.groupindex} and kind == "length.chars" and not words.spaced:
        params["marks"] = "in doubt"
    return params


def _is_demanded(one: _Seen, sentence: Sentence, words: Vocabulary) -> bool:
    """Whether a bare number is a demand: `in two sentences`, and not `these two sentences`."""
    before = sentence.text[: one.match.start()].rstrip()
    if words.within is None:
        return False
    last = None
    for found in words.within.finditer(before):
        last = found
    return last is not None and last.end() == len(before)


def _number(text: str, words: Vocabulary) -> int | None:
    """Return the value of a number in digits, in words, or in Chinese numerals below ten thousand."""
    low = " ".join(text.lower().split())
    if low.isdecimal():
        return whole_number(low)
    if low in words.numbers:
        return words.numbers[low]
    total = value = 0
    for char in low:
        if char in DIGITS or char == "两":
            value = 2 if char == "两" else DIGITS.index(char) + 1
        elif char in "十百千":
            total += (value or 1) * {"十": 10, "百": 100, "千": 1000}[char]
            value = 0
        else:
            return None
    return total + value

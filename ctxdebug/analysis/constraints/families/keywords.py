"""Words that must or must not occur."""

# ruff: noqa: E501 - a pattern is read as one line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.clauses import Sentence
from ctxdebug.analysis.constraints.constraint import Draft
from ctxdebug.analysis.constraints.families.counts import counted_near
from ctxdebug.analysis.constraints.families.wordlist import words_of
from ctxdebug.analysis.constraints.masking import INSIDE, QUOTED
from ctxdebug.analysis.constraints.numbers import spaced
from ctxdebug.analysis.constraints.pattern import Pattern, cues
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOUN = r"(?:key-?words?|words?|terms?|names?|phrases?|strings?|expressions?|vocabulary|buzzwords|hashtags?|jargon)"
_LIST = wording("constraint_keywords", "list", quoted=QUOTED, noun=_NOUN)
_BARE = wording("constraint_keywords", "bare")
_DIRECT = wording("constraint_keywords", "direct", quoted=QUOTED)
_SUBJECT = wording("constraint_keywords", "subject", quoted=QUOTED, noun=_NOUN)
_NOT_LISTED = wording("constraint_keywords", "not listed")


_BANNED_LIST = wording("constraint_keywords", "banned list", noun=_NOUN)


_SUCH = wording("constraint_keywords", "such", quoted=QUOTED)


_FORBIDDEN_NOUNS = spaced(
    rf"(?:^|, |: )(?P<list>[\w'’-]+(?:, [\w'’-]+){{0,8}}(?:,? (?:and|or) [\w'’-]+)) are (?:strictly )?(?:forbidden|banned|prohibited) (?:{_NOUN})\b"
)
_NOUNS = cues(
    "keyword keywords key word words term terms name names phrase phrases string strings expression expressions vocabulary buzzwords hashtags jargon following"
)
_BUSIEST = 60
"""Clauses in one sentence; more than that is no sentence."""


def _mentions(sentence: Sentence) -> Iterator[Draft]:
    taken: list[tuple[int, int]] = []
    if not (sentence.words & _NOUNS or INSIDE in sentence.text) or len(sentence.breaks) > _BUSIEST:
        return
    for pattern in (_BANNED_LIST, _LIST, _BARE, _DIRECT):
        for match in pattern.finditer(sentence.text):
            start, end = match.start("list"), match.end("list")
            if any(low <= start < high for low, high in taken) or counted_near(sentence, match.start(), end):
                continue
            draft = _mention(sentence, match, start, pattern)
            if draft:
                taken.append((match.start(), draft.end - sentence.offset))
                yield draft
    for match in _FORBIDDEN_NOUNS.finditer(sentence.text):
        listed = [word for word in re.split(r",?\s+(?:and|or)\s+|,\s+", match["list"]) if word]
        yield _words(sentence, match.start("list"), match.end(), listed, negative=True)
    for match in _SUCH.finditer(sentence.text):
        start = match.start("list")
        words = words_of(sentence.tail(start), bare_phrases=False)
        if (
            words
            and not any(low <= start < high for low, high in taken)
            and not _NOT_LISTED.search(match[0][: start - match.start()])
        ):
            taken.append((match.start(), start + 1))
            yield _words(sentence, match.start(), match.end(), words, negative=True)
    for match in _SUBJECT.finditer(sentence.text):
        if any(low <= match.start() < high for low, high in taken) or counted_near(
            sentence, match.start(), match.end()
        ):
            continue
        words = [sentence.quoted(*span) for span in _quotes(sentence, match.start("list"), match.end("more"))]
        negative = (
            re.search(
                r"not|never|\w+n['’]t|forbid|forbidden|banned|prohibited|avoided|exclu|omit|disallow|off",
                match["neg"],
                re.IGNORECASE,
            )
            is not None
        ) or sentence.negated(match.start())
        if not _NOT_LISTED.search(sentence.text[max(0, match.start() - 60) : match.start()]):
            yield _words(sentence, match.start(), match.end(), words, negative=negative)


def _quotes(sentence: Sentence, start: int, end: int) -> list[tuple[int, int]]:
    return [match.span() for match in re.compile(QUOTED).finditer(sentence.text, start, end)]


_ONE_WORD = spaced(r"\b(?:one|an?|single) (?:word|term|name|phrase) ?:?$")
"""`Respond with one word: the name of the city`: what it is to be, and no list of words."""


def _mention(sentence: Sentence, match: re.Match[str], start: int, pattern: re.Pattern[str]) -> Draft | None:
    if pattern is _LIST and _ONE_WORD.search(match[0].rstrip(" \"“'`\ue000")):
        return None
    if _NOT_LISTED.search(sentence.text[max(0, match.start() - 60) : start]) or sentence.words & {
        "choose",
        "placeholder",
        "placeholders",
    }:
        return None
    groups = match.groupdict()
    text = sentence.tail(start)
    if match["list"] in {":", ""} or text.startswith(":"):
        text = text.lstrip(": \t")
        words = words_of(text.lstrip("\n") if text.startswith("\n") else text, bare_phrases=True)
    else:
        words = words_of(text, bare_phrases=False)
    if not words or (INSIDE not in match["list"] and len(max(words, key=len)) > 60):
        return None
    if (
        "noun" in groups
        and groups["noun"]
        and groups["noun"].lower().startswith("name")
        and INSIDE not in match["list"]
        and not words[0][0].isupper()
    ):
        return None
    verb = match["verb"].lower()
    words = [word for word in words if not TEMPLATE.search(word)]
    if not words or (pattern is _DIRECT and not _literal(sentence, match, verb)):
        return None
    if pattern is _BANNED_LIST:
        return _words(sentence, match.start(), match.end(), words, negative=_denying(match[0]))
    negative = verb in _LEAVING_OUT | {
        "banned",
        "forbidden",
        "prohibited",
        "skip",
        "no",
        "leave out",
        "leaving out",
        "ban",
        "steer clear of",
        "stay away from",
        "do without",
        "ditch",
        "never",
    } or sentence.negated(match.start(), None)
    negative = negative or _denied_after(sentence, start)
    end = (
        min(start + text.find(words[-1]) + len(words[-1]), len(sentence.text))
        if words[-1] in sentence.raw
        else len(sentence.text)
    )
    if groups.get("noun") == "following" and not _LISTED_QUOTES.match(sentence.tail(start, 24)):
        return None
    if (
        verb in {"any", "no", "see", "find", "call", "allowed", "with", "need", "want", "needs"}
        and INSIDE not in match["list"]
        and ":" not in sentence.text[start - 2 : start + 2]
    ):
        return None
    if verb in {"the", "call"} and not negative and not _REQUIRED.match(sentence.text[max(end, match.end()) :]):
        return None
    return _words(sentence, match.start(), max(end, match.end()), words, negative=negative)


_LEAVING_OUT = frozenset({"without", "avoid", "avoiding", "exclude", "excluding", "omit"})
TEMPLATE = lazy(r"\$[A-Za-z{]|\{\w+\}|<[\w ]+>|\[[\w .]+\]|_{3,}|\.\.\.|…|\bX{2,}\b|\\[A-Z]+\b")
"""A blank to be filled: such words are a pattern, and no words to look for."""
_WORD_NAMED = spaced(r"\b(?:words?|phrases?|key-?words?|terms?|names?|expressions?|sentence|quote)\b")
_THING_AFTER = wording("constraint_keywords", "thing after")


def _literal(sentence: Sentence, match: re.Match[str], verb: str) -> bool:
    """Whether a verb with a quotation asks for these very words: `include "tide"`, not `use the "search" tool`."""
    if _WORD_NAMED.search(match[0]):
        return not (verb in {"add", "insert", "write", "print", "type", "put"} and "line" in match[0].lower())
    if _THING_AFTER.match(sentence.text[match.end() :]):
        return False
    if verb in _LEAVING_OUT | {
        "include",
        "includes",
        "including",
        "mention",
        "mentions",
        "mentioning",
        "contain",
        "contains",
        "containing",
        "incorporate",
        "incorporating",
        "say",
        "saying",
        "ever say",
        "utter",
        "feature",
        "have",
        "has",
        "see",
    }:
        return True
    return sentence.negated(match.start()) or _SOMEWHERE.match(sentence.text[match.end() :]) is not None


_SOMEWHERE = spaced(
    r"^ ?(?:somewhere|anywhere|(?:at least|in|throughout) (?:once|your|the (?:answer|response|text|reply|poem|story|essay|letter)))"
)


def _denying(words: str) -> bool:
    return (
        re.search(
            r"\b(?:not|never|cannot|banned|forbidden|prohibited|disallowed|off|avoided|excluded)\b|can['’]t",
            words,
            re.IGNORECASE,
        )
        is not None
    )


_REQUIRED = spaced(
    r"^[^.;!?\n]{0,40}?\b(?:must|should|appears?|has to|have to|needs? to|(?:is|are) (?:required|mandatory)|shall|will)\b"
)


_LISTED_QUOTES = lazy(r"\s*:?\s*(?:[-*•]\s*)?[\"“‘'`\[]")


def _denied_after(sentence: Sentence, start: int) -> bool:
    _, high = sentence.clause(start)
    rest = sentence.text[start:high] if ":" not in sentence.text[start : start + 2] else sentence.text[start:]
    return _DENIED_AFTER.search(rest) is not None


_DENIED_AFTER = wording("constraint_keywords", "denied after")


def _words(sentence: Sentence, start: int, end: int, words: list[str], *, negative: bool) -> Draft:
    kind = "keywords.forbid" if negative else "keywords.include"
    return Draft(kind, sentence.offset + start, sentence.offset + end, {"words": words}, negative)


PATTERNS = (
    Pattern(
        "keywords.include",
        cues(
            "keyword keywords key word words term terms name names phrase phrases string expression expressions include includes including mention mentions mentioning use uses using contain contains incorporate say saying without avoid add feature exclude omit insert reference write type utter print banned forbidden repeat put have has buzzwords jargon incorporating featuring avoiding excluding see find appear appears occur leave leaving forbidden"
        ),
        _mentions,
        "Include the keywords 'tide' and 'harbour'.",
    ),
)

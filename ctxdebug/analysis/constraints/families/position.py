"""Where words stand: how the answer begins and ends, postscripts, quotation marks around it, the request repeated."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.clauses import Sentence
from ctxdebug.analysis.constraints.constraint import Draft
from ctxdebug.analysis.constraints.families.keywords import TEMPLATE
from ctxdebug.analysis.constraints.masking import INSIDE, QUOTED
from ctxdebug.analysis.constraints.numbers import spaced
from ctxdebug.analysis.constraints.pattern import Pattern, cues
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import wording

if TYPE_CHECKING:
    from collections.abc import Iterator

_END = wording("constraint_position", "end", quoted=QUOTED)
_END_BARE = wording("constraint_position", "end bare")
_SUBJECT_END = wording("constraint_position", "subject end", quoted=QUOTED)
_START = wording("constraint_position", "start", quoted=QUOTED)
_POSTSCRIPT = wording("constraint_position", "postscript", quoted=QUOTED)
_POSTSCRIPT_BARE = spaced(
    r"\b(?:add|include|with|append|write|contain|put|have|without|no|a) (?:\w+ ){0,4}?post[\s-]?scripts?\b"
)
_NOTE = wording("constraint_position", "note")
_QUOTES = wording("constraint_position", "quotes")
_QUOTES_AROUND = wording("constraint_position", "quotes around")
_WHOLE = wording("constraint_position", "whole")
_NOT_WHOLE = wording("constraint_position", "not whole")
_FIRST_WORD = wording("constraint_position", "first word", quoted=QUOTED)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_REPEAT = wording("constraint_position", "repeat")
_REPEAT_FIRST = wording("constraint_position", "repeat first")
_PART = wording("constraint_position", "part")


_ELSEWHERE = wording("constraint_position", "elsewhere")
"""The end of something that is not the answer: `the last word before the second chorus`."""


def _edge(name: str, pattern: re.Pattern[str], sentence: Sentence) -> Iterator[Draft]:
    for match in pattern.finditer(sentence.text):
        mid = match["mid"] or ""
        span = match.span("phrase")
        low, _ = sentence.clause(match.start())
        if (
            _PART.search(_EVERY_ANSWER.sub(" ", mid))
            or _PART.search(_EVERY_ANSWER.sub(" ", sentence.text[max(low, match.start() - 22) : match.start()]))
            or "postscript" in mid
            or _ELSEWHERE.search(mid)
            or "<<" in mid
        ):
            continue
        text = sentence.quoted(*span) if INSIDE in match["phrase"] else sentence.raw[span[0] : span[1]].strip()
        if TEMPLATE.search(text) or (pattern is _COLON and not text[:1].isupper() and not _NAMED.search(mid)):
            continue
        negative = sentence.negated(match.start())
        if (
            len(text) > 1
            and not re.fullmatch(r"(?:P\.?\s?)?P\.?\s?S\.?:?", text, re.IGNORECASE)
            and not (
                name == "position.start"
                and re.search(
                    r"\b(?:section|paragraph|postscript)",
                    mid + sentence.text[max(0, match.start() - 30) : match.start()],
                    re.IGNORECASE,
                )
            )
        ):
            yield Draft(
                name, sentence.offset + match.start(), sentence.offset + match.end(), {"phrase": text}, negative
            )
            return


_END_LINES = wording("constraint_position", "end lines", quoted=QUOTED)
_EACH_QUOTED = lazy(QUOTED)


def _ends(sentence: Sentence) -> Iterator[Draft]:
    lines = _END_LINES.search(sentence.text)
    if lines is not None and not sentence.negated(lines.start()):
        held = _EACH_QUOTED.finditer(sentence.text, *lines.span("phrases"))
        phrase = "\n".join(sentence.quoted(*match.span()) for match in held)
        yield Draft("position.end", sentence.offset + lines.start(), sentence.offset + lines.end(), {"phrase": phrase})
        return
    found = False
    for pattern in (_END, _AT_END, _SUBJECT_END, _END_BARE, _READS, _COLON):
        for draft in () if found else _edge("position.end", pattern, sentence):
            found = True
            yield draft
    match = None if found else _NEXT_LINE.search(sentence.text)
    line = sentence.tail(len(sentence.raw), 200).strip().partition("\n")[0].strip("\"“”'` ") if match else ""
    if match and 3 <= len(line) <= 150:
        yield Draft("position.end", sentence.offset + match.start(), sentence.offset + match.end(), {"phrase": line})


_EVERY_ANSWER = spaced(
    r"\b(?:each|every|all)(?: of)?(?: your| the)? (?:answers?|responses?|repl(?:y|ies)|messages?|outputs?)\b"
)
_AT_END = wording("constraint_position", "at end", quoted=QUOTED)
_COLON = wording("constraint_position", "colon")
_NAMED = spaced(r"\b(?:exact(?:ly)?|phrase|sentence|words?|line|question|statement|text|this|following)\b")
_NEXT_LINE = wording("constraint_position", "next line")
_READS = wording("constraint_position", "reads")


def _starts(sentence: Sentence) -> Iterator[Draft]:
    if "paragraph" in sentence.words and _FIRST_WORD.search(sentence.text):
        return
    if (
        sentence.words & {"section", "sections", "marked", "bullet", "bullets", "postscript", "scripts", "ps"}
        or "post script" in sentence.text.lower()
    ):
        return
    yield from _edge("position.start", _START, sentence)


def _postscripts(sentence: Sentence) -> Iterator[Draft]:
    match = _POSTSCRIPT.search(sentence.text)
    if match:
        group = next(name for name in ("mark", "mark2", "mark3") if match[name])
        span = match.span(group)
        marker = sentence.quoted(*span) if INSIDE in match[group] else sentence.raw[span[0] : span[1]].strip()
        letters = re.sub(r"[\s.]", "", marker).upper()
        marker = {"PPS": "P.P.S", "PS": "P.S."}.get(letters, marker)
        yield _postscript(sentence, match, marker, match.start())
    elif match := _NOTE.search(sentence.raw):
        yield _postscript(sentence, match, "P.P.S" if "P" in match[1][1:].upper() else "P.S.", match.start())
    elif match := _POSTSCRIPT_BARE.search(sentence.text):
        yield _postscript(sentence, match, "P.S.", match.end() - 1)


def _postscript(sentence: Sentence, match: re.Match[str], marker: str, negated_at: int) -> Draft:
    start, end = sentence.offset + match.start(), sentence.offset + match.end()
    return Draft("position.postscript", start, end, {"marker": marker}, sentence.negated(negated_at))


def _quotes(sentence: Sentence) -> Iterator[Draft]:
    around = _QUOTES_AROUND.search(sentence.text)
    if around:
        mark = "'" if "single" in around[0].lower() else '"'
        yield Draft(
            "position.quotes",
            sentence.offset + around.start(),
            sentence.offset + around.end(),
            {"mark": mark},
            sentence.negated(around.start()),
        )
        return
    match = _QUOTES.search(sentence.text)
    if not match:
        return
    low, high = sentence.clause(match.start())
    area = sentence.text[low : max(high, match.end())]
    verb = re.match(
        r"(?:wrap|enclos|surround|encase|put|start and|begin and|place|inside|within|frame|contain|add|use|in\b|be|set)",
        match[0],
        re.IGNORECASE,
    )
    if verb is None or _NOT_WHOLE.search(area) or not _WHOLE.search(area):
        return
    if (
        match[0].lower().startswith(("in ", "use", "be", "contain", "add"))
        and match["kind"] is None
        and "marks" not in match[0].lower()
    ):
        return
    mark = "'" if (match["kind"] or "").lower() == "single" else '"'
    yield Draft(
        "position.quotes",
        sentence.offset + match.start(),
        sentence.offset + match.end(),
        {"mark": mark},
        sentence.negated(match.start()),
    )


def _first_words(sentence: Sentence) -> Iterator[Draft]:
    for match in _FIRST_WORD.finditer(sentence.text):
        groups = match.groupdict()
        nth = next(
            (groups[name] for name in groups if name.startswith(("nth", "num")) and groups[name]), "first"
        ).lower()
        group = next(name for name in ("word", "word2", "word3", "word4") if groups[name])
        word = sentence.quoted(match.start(group), match.end(group)).rstrip(".,!?")
        yield Draft(
            "position.first_word",
            sentence.offset + match.start(),
            sentence.offset + match.end(),
            {"paragraph": _ordinal(nth), "word": word},
            sentence.negated(match.start()),
        )


def _ordinal(nth: str) -> int:
    if nth in {"last", "final"}:
        return -1
    if nth in _ORDINALS:
        return _ORDINALS.index(nth) + 1
    small = ("one", "two", "three", "four", "five", "six")
    return small.index(nth) + 1 if nth in small else int(re.sub(r"\D", "", nth))


def _repeats(sentence: Sentence) -> Iterator[Draft]:
    match = _REPEAT.search(sentence.text)
    denied = match is not None and sentence.negated(match.start()) and "this" not in sentence.words
    if (
        not match
        or not (denied or _REPEAT_FIRST.search(sentence.text))
        or sentence.words & {"summarize", "keyword", "keywords"}
    ):
        return
    if _NOT_REQUEST.search(sentence.text, match.start()):
        return
    low, _ = sentence.clause(match.start())
    before = sentence.text[low : match.start()].lower()
    if re.search(r"\b(?:before|after|until|when) (?:you )?$", before) or re.search(
        r"\b(?:you|to) need to $|need to $", before
    ):
        return
    below = "below" in sentence.words or "following" in sentence.words
    params: dict[str, object] = {
        "text": _request(sentence, below=below),
        "exact": not sentence.words & {"line", "part", "first"} or "above" in sentence.words,
    }
    yield Draft(
        "position.repeat",
        sentence.offset + match.start(),
        sentence.offset + match.end(),
        params,
        sentence.negated(match.start()),
    )


_NOT_REQUEST = spaced(
    r"\b(?:format|process|steps?|cycle|pattern|loop|structure|template|actions?)\b|\b(?:till|until|as many times|n times)\b"
)
"""`Keep repeating the above format until …`: a procedure is repeated, no words are."""


def _request(sentence: Sentence, *, below: bool) -> str:
    if below:
        after = sentence.whole[sentence.end :]
        return after.split("\n\n", 1)[-1].strip() if "\n\n" in after else after.strip()
    return sentence.whole[: sentence.offset].strip()


PATTERNS = (
    Pattern(
        "position.end",
        cues(
            "end ends ending ended finish finishes finishing conclude concludes close closing last final sign terminate concluding wrap round"
        ),
        _ends,
        "End your reply with 'Stay dry.'",
    ),
    Pattern(
        "position.start",
        cues("start starts starting begin begins beginning open opens opening first preface prefix prepend"),
        _starts,
        "Begin your answer with 'Dear crew'.",
    ),
    Pattern(
        "position.postscript",
        cues("postscript post postscripts ps s note line remark something"),
        _postscripts,
        "Add a postscript starting with P.S.",
    ),
    Pattern(
        "position.quotes",
        cues("quotation quotations quote quotes"),
        _quotes,
        "Wrap your entire response in double quotation marks.",
    ),
    Pattern(
        "position.first_word", cues("paragraph"), _first_words, "The second paragraph must start with the word tide."
    ),
    Pattern(
        "position.repeat",
        cues("repeat repeating restate restating copying copy echo echoing reiterate rewrite reproduce say write"),
        _repeats,
        "First repeat the request word for word, then give your answer.",
    ),
)

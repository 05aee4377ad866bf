"""Where words stand: how the answer begins and ends, postscripts, quotation marks around it, the request repeated."""

# ruff: noqa: E501 - a pattern is read as one line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.clauses import INSIDE, QUOTED, Sentence
from ctxdebug.analysis.constraints.constraint import Draft
from ctxdebug.analysis.constraints.families.keywords import TEMPLATE
from ctxdebug.analysis.constraints.numbers import spaced
from ctxdebug.analysis.constraints.pattern import Pattern, cues

if TYPE_CHECKING:
    from collections.abc import Iterator

_PHRASE = r"(?:(?:the|this|these|exact|exactly|following|phrases?|words?|sentence|line|closing|text|quote|question|statement|string|disclaimer|greeting|sign-?off|token|literal|same|a|message|of|that|says|saying|marker|with|reads?|like|only|just)\b ?)*"
_END = spaced(
    rf"\b(?P<verb>end(?:s|ed|ing)?|finish(?:es|ed|ing)?|conclude[sd]?|concluding|clos(?:e|es|ing)|sign off|(?:wrap|round|finish|top) (?:it )?(?:up|off)|terminate|last (?:words?|sentence|phrase|line)[^.;!?\n\"“”]{{0,40}}?|final (?:words?|sentence|phrase|line)[^.;!?\n\"“”]{{0,40}}?|very end[^.;!?\n\"“”]{{0,40}}?|(?:at|to) the (?:very )?end[^.;!?\n\"“”]{{0,60}}?(?:say|add|write|include|put|with|append|state))"
    rf"(?P<mid>[^.;!?\n\"“”`]{{0,70}}?) ?(?:with|by (?:saying|asking|writing|stating|adding|using)|by|on|in|using|must be|should be|be|is|are|:|say|,|as|to) {_PHRASE}[:,]? ?(?P<phrase>{QUOTED})"
)
_END_BARE = spaced(
    rf"\b(?P<verb>(?i:ends?|finish|conclude|close|sign off)) (?P<mid>(?:(?:it|your|the|this|every|each|all|with) ?)(?:[^.;!?\n\"“”`,]{{0,40}}? )?)?(?:with|by saying) {_PHRASE}[:,]? ?(?P<phrase>(?![\"“”'`])[A-Z][^\n\ue000]{{3,120}}?[?!]?)(?=\.?\s*$|\n|[.!?] (?:No|Do not|Don't|There|Nothing)\b)",
    0,
)
_SUBJECT_END = spaced(
    rf"(?P<phrase>{QUOTED}) (?P<mid>[^.;!?\n]{{0,30}}?)(?:must|should|has to|needs to|at|as|is|be|to|the|your) (?:be |come |appear |at |as |the |your )*(?P<verb>very end|end|last (?=line|sentence|word|thing|phrase)|final (?=line|sentence|word|thing|phrase)|closing (?=line|sentence|word|phrase))(?: (?:of|words?|sentence|phrase|line|thing))?"
)
_START = spaced(
    rf"\b(?P<verb>start(?:s|ing|ed)?(?! points?)|begin(?:s|ning)?|open(?:s|ing)?|preface[sd]?|prefix(?:ed)?|prepend|first (?:words?|sentence|phrase|line)[^.;!?\n\"“”]{{0,40}}?)(?P<mid>[^.;!?\n\"“”`]{{0,60}}?) ?(?:with|by saying|by|must be|should be|be|is|are|:|say|,|as) {_PHRASE}[:,]? ?(?P<phrase>{QUOTED})"
)
_POSTSCRIPT = spaced(
    rf"\bpost[\s-]?scripts?\b[^\n!?\"“”]{{0,90}}?(?:(?:start|begin|open|mark|denot|indicat|prefix|lead|preced|label)\w*(?: it)?|using|with|by|like|as|:|\() ?(?:with|by|off with|marker|the|word|letters|using|as|\(|:|,|a|an|phrase|marked)* ?(?:the |word |letters )*(?P<mark>{QUOTED}|P\.? ?P\.? ?S\.?|P\.? ?S\.?)"
    rf"|(?P<mark2>{QUOTED}|\bP\.? ?P\.? ?S\.?|\bP\.S\.?|\bPS\b) [^.!?\n]{{0,30}}\bpost[\s-]?script|\b(?:end|add|include|with|finish|conclude|a|append|put|attach)\b[^.!?\n]{{0,50}}?(?P<mark3>\bP\.? ?P\.? ?S\b\.?|\bP\.S\b\.?|(?-i:\bPS\b))"
)
_POSTSCRIPT_BARE = spaced(
    r"\b(?:add|include|with|append|write|contain|put|have|without|no|a) (?:\w+ ){0,4}?post[\s-]?scripts?\b"
)
_NOTE = spaced(
    r"\b(?:note|line|paragraph|message|remark|section|something)\b[^.!?\n]{0,40}?\b(?:start|begin|mark|label|open|prefix)\w* (?:with|by|as) [\"“'‘]?((?:P\.? ?)?P\.? ?S)\b"
)
_QUOTES = spaced(
    r"\b(?:wrap(?:ped|ping)?|enclosed?|enclosing|surround(?:ed|ing)?|put|place[ds]?|quote|encased?|contained|inside|within|use|using|start and end|begin and end|in|add|set|frame[ds]?|be)\b[^.!?\n]{0,90}?\b(?P<kind>double|single)?[\s-]?(?P<noun>quotation|quotes?|quote)(?:[\s-](?:marks?|symbols?|signs?))?(?P<kind2> \"| \(\")?"
)
_QUOTES_AROUND = spaced(
    r"\b(?P<kind>double|single)? ?(?:quotation marks?|quotes|quote marks)\b[^.!?\n]{0,60}?\b(?:around|surround(?:ing)?|enclos\w+|wrap\w*|at the (?:beginning|start) and)\b[^.!?\n]{0,40}?\b(?:response|answer|reply|output|everything|it|text|message)\b|\b(?:response|answer|reply|output|text)\b[^.!?\n]{0,40}\b(?:start|begin)s? and ends? with (?:a )?(?P<kind2>double|single)? ?(?:quotation|quote)"
)
_WHOLE = spaced(
    r"\b(?:entire|whole|everything|all of|responses?|answers?|reply|output|it all|message|full|your (?:letter|essay|story|poem|email|song|limerick|text|review|ad|resume|post|itinerary|summary|article|speech|rubric|riddle)|the (?:letter|essay|story|poem|email|song|limerick|text|review|ad|resume|post|itinerary|summary|article|speech|rubric|riddle))\b"
)
_NOT_WHOLE = spaced(
    r"\b(?:direct|exact|from (?:the|each)|sources?|title|the (?:word|name|phrase|keyword|title)s?|each (?:item|option|name|sentence|line)|keys?|strings?|block ?quotes?|values?|famous|include (?:a |\w+ )?quotes?|relevant)\b"
)
_NTH = r"(?P<nth>first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth|last|final|\d+(?:st|nd|rd|th))"
_FIRST_WORD = spaced(
    rf"\b(?:{_NTH} paragraph|paragraph (?:number |no\. ?)?(?P<num>\d+|one|two|three|four|five|six))\b[^.;!?\n]{{0,40}}?\b(?:start|begin|open|kick off|commence)\w*\b(?: off)?[^.;!?\n]{{0,15}}? (?:with|by) (?:the |exact |single |word |:)*(?P<word>{QUOTED}|[\w'’-]+)"
    rf"|\b(?:start|begin|open)(?:ing|s)? (?:off )?(?:the |your |of )*(?:very )?(?:{_NTH.replace('nth', 'nth2')} paragraph|paragraph (?P<num2>\d+|one|two|three|four|five|six))[^.;!?\n]{{0,30}}? (?:with|using|by) (?:the |exact |single |word |:)*(?P<word2>{QUOTED}|[\w'’-]+)"
    rf"|\bfirst word (?:of|in) (?:the )?(?:{_NTH.replace('nth', 'nth3')} paragraph|paragraph (?P<num3>\d+|one|two|three|four|five|six))[^.;!?\n]{{0,30}}? (?:be|is|:) (?:the |exact |single |word )*(?P<word3>{QUOTED}|[\w'’-]+)"
    rf"|\bword (?P<word4>{QUOTED}|[\w'’-]+) (?:\w+ ){{0,4}}?(?:starts?|begins?|opens?|starting|beginning|first word) (?:\w+ ){{0,3}}?(?:{_NTH.replace('nth', 'nth4')} paragraph|paragraph (?P<num4>\d+|one|two|three|four|five|six))"
)
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_REPEAT = spaced(
    r"\b(?:repeat(?:ing)?|restat(?:e|ing)|copy(?:ing)?|echo(?:ing)?|reiterate|rewrite|reproduce|quote|say|write)\b[^.;!?\n]{0,60}?\b(?:request|prompt|question|sentence|instructions?|query|(?:above|below)|entire (?:text|message)|it at the|word[\s-]for[\s-]word|verbatim|message)\b"
)
_REPEAT_FIRST = spaced(
    r"\b(?:first|before|then|verbatim|word[\s-]for[\s-]word|exactly|without (?:any )?chang\w+|above|start by|begin by|exact|as it is|as is|unchanged|very (?:beginning|start)|at the (?:beginning|start|top)|prior to)\b"
)
_PART = spaced(
    r"\b(?:each|every|sentences?|paragraphs?|lines?|stanzas?|items?|bullets?|sections?|verses?|titles?|names?|words?|headings?|calls?|messages? to|tweets?)\b"
)


_ELSEWHERE = spaced(
    r"\b(?:before|after|preceding|following)\b|\bof (?:the|each|every|your) (?!(?:very |whole |entire )?(?:answers?|responses?|repl(?:y|ies)|messages?|outputs?|e-?mail|letter|essay|story|poem|text|post|article|speech|review|song|conversation|description|summary|riddle|blog|ad|joke)\b)"
)
"""The end of something that is not the answer: `the last word before the second chorus`."""


def _edge(name: str, pattern: re.Pattern[str], sentence: Sentence) -> Iterator[Draft]:
    for match in pattern.finditer(sentence.text):
        mid = match["mid"] or ""
        span = match.span("phrase")
        if (
            _PART.search(_EVERY_ANSWER.sub(" ", mid))
            or _PART.search(_EVERY_ANSWER.sub(" ", sentence.text[max(0, match.start() - 22) : match.start()]))
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


def _ends(sentence: Sentence) -> Iterator[Draft]:
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
_AT_END = spaced(
    rf"\b(?P<verb>(?:at|to) the (?:very )?(?:end|bottom)|as the (?:last|final|closing) (?:line|sentence|words?))\b(?P<mid>[^.;!?\n\"“”]{{0,60}}?)(?:say|add|write|include|put|append|state|place|print) {_PHRASE}[:,]? ?(?P<phrase>{QUOTED})"
)
_COLON = spaced(
    r"\b(?P<verb>(?:end(?:s|ing)?|finish(?:es)?|conclude[sd]?|close)(?! up\b)|last (?:words?|sentence|line|thing)|final (?:words?|sentence|line))\b(?P<mid>[^.;!?\n:]{0,80}?): ?(?P<phrase>(?![\"“'‘`\-*])[^\n\ue000]{3,120})$"
)
_NAMED = spaced(r"\b(?:exact(?:ly)?|phrase|sentence|words?|line|question|statement|text|this|following)\b")
_NEXT_LINE = spaced(
    r"\b(?:end(?:s|ing)?|finish(?:es)?|conclude[sd]?|close) [^.;!?\n:]{0,60}?(?:phrase|sentence|words?|line|text|question|statement|with)\b[^.;!?\n:]{0,30}:$"
)
_READS = spaced(
    r"\b(?P<verb>very end|last (?:words?|sentence|line|thing)|final (?:words?|sentence|line))\b(?P<mid>[^.;!?\n:]{0,60}?)(?:read|be|say|is)\b[^.;!?\n:]{0,30}: ?(?P<phrase>[^\n\ue000]{3,120})$"
)


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

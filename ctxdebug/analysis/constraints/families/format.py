"""The answer's form: JSON, markup, bullets, sections, titles, highlights, placeholders, choices, several answers."""

# ruff: noqa: E501 - a pattern is read as one line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.constraint import Draft
from ctxdebug.analysis.constraints.numbers import NUMBER, number, spaced
from ctxdebug.analysis.constraints.pattern import Pattern, cues
from ctxdebug.analysis.constraints.reading import INSIDE, QUOTED, Quantity, Sentence
from ctxdebug.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = {
    "json": "json", "xml": "xml", "html": "html", "csv": "csv", "yaml": "yaml", "yml": "yaml", "latex": "latex",
}  # fmt: skip
_VERB = r"(?:output|return|respond|reply|answer|format|formatted|produce|print|give|provide|write|written|wrap|wrapped|enclose|put|present|generate|emit|deliver|structure|structured|encode|encoded|render|express|be|is|use|using|create|make|convert|serialize|send|response|responses|contain|include|text|strictly|only|as|in|valid|it|want|need|represent|supply|submit|list|design|show|outline|describe|rewrite|explain)"
_MARKUP = spaced(
    rf"\b{_VERB}\b[^.;!?\n]{{0,70}}?\b(?P<name>json|xml|html|csv|ya?ml|latex)\b(?! ?(?:mode|schema validation|parser|path|web token|api|file named|library|lines file|body|payload|arguments?|argument|input|files?\b(?! ?format)|config|page source|tutorial|course))"
)
_MARKUP_BARE = spaced(
    r"^\W*(?:(?:strict|valid|raw|pure|only|output|format|response format|output format|answer format|return|response|in|the following)[ :=]{1,3}){0,4}(?P<name>json|xml|html|csv|ya?ml|latex)\b(?: (?:only|format|object|output))?\W*$"
)
_OUTSIDE = spaced(r"^[^.;!?\n]{0,30}\b(?:outside|before|after|other than|except|besides|around|beyond|apart from)\b")
_ABSTAIN = spaced(
    r"\b(?:outside|before|after|other than|except|besides|around|beyond|apart from|nothing but|anything but|else than|in addition to)\b[^.;!?\n]{0,40}$"
)


def _markup(sentence: Sentence) -> Iterator[Draft]:
    for pattern in (_MARKUP, _MARKUP_BARE):
        for match in pattern.finditer(sentence.text):
            name = _WORDS[match["name"].lower()]
            at = match.start("name")
            negative = sentence.negated(at, match.end()) and not _ABSTAIN.search(sentence.text[:at])
            if _TAGGED.search(sentence.text[:at]) or _TAGS.match(sentence.tail(match.end(), 12)):
                continue
            if _mention(sentence, at, match.end()) or (negative and _OUTSIDE.search(sentence.text[match.end() :])):
                continue
            yield Draft(f"format.{name}", sentence.offset + match.start(), sentence.offset + match.end(), {}, negative)
            return


_TAGGED = lazy(r">\s*$")
_TAGS = lazy(r"[\s-]*(?:tags?|elements?|node|attributes?|comments?|delimiters?)\b", re.IGNORECASE)
_MENTIONED = spaced(
    r"\b(?:is|are|what is|about|the (?:following|provided|given|input|attached)|parse|this|these|convert (?:the |this )?|from|keywords?[^.]{0,40}|the words?|example|invalid) (?:\w+ )?$"
)


def _mention(sentence: Sentence, start: int, end: int) -> bool:
    after = sentence.text[end : end + 30].lower()
    return bool(re.match(r"[\s\W]*(?:is a|are |was |stands for|which is|provided above|below describes)", after)) or (
        _MENTIONED.search(sentence.text[:start]) is not None
        and "output" not in sentence.words
        and "format" not in sentence.words
    )


_PLAIN = spaced(
    r"\b(?:in |as |use |using |only |output |return |write )(?:only )?plain[\s-]?text\b|^\W*plain[\s-]text\b|\bplain[\s-]text (?:only|format|response|output)\b|\b(?:no|any|without(?: any)?|avoid|not use(?: any)?|\w+n['’]t use(?: any)?|never use(?: any)?|not include(?: any)?) (?:markdown|markup|formatting|rich text)\b(?! (?:tables?|links?|headers?|headings?|code|lists?|bullets?|bold|images?))"
)
_MARKDOWN = spaced(
    r"\b(?:use|using|in|as|with|format(?:ted)?|write|written|respond|output|return|render|github[\s-]flavored|valid|via) (?:\w+ ){0,4}?(?:markdown|md)\b(?! (?:tables?|links?|headers?|headings?|code|lists?|bullets?|bold|images?|file|ticks|divider|separator|section|highlight|titles?|link|such as|title|horizontal|bullet))"
)
_TABLE = spaced(
    r"\b(?:present|format|show|list|display|answer|respond|reply|output|put|organi[sz]e|give|render|return|summari[sz]e|structure|provide|compare|lay|write)\b[^.;!?\n]{0,50}? (?:in|as|into|using|within) (?:an? |the )?(?:\w+ )?tables?\b"
    r"|\b(?:use|using|include|add|provide|draw|contain|insert|construct|create|build|make) (?:an? |the |any )?(?:markdown |comparison |html |ascii |summary )?tables?\b"
    r"|\bmarkdown tables?\b|\btabular (?:form|format)\b|\b(?:no|avoid|without) (?:any |using |markdown )*tables?\b"
)
_DATABASE = frozenset(
    "sql database databases column columns alias schema join joins query queries rows insert tables_ dbo postgres mysql sqlite".split()
)
_HEADINGS = spaced(
    r"\b(?:use|using|with|include|add|no|avoid|without|never|any|contain|has|have) (?:\w+ ){0,4}?(?:markdown |section |sub)?(?:headings|headers)\b(?! (?:file|field|row))"
)
_CODE = spaced(
    r"\b(?:in|inside|within|into|as|use|with|no|without|avoid|any|using) (?:an? |the |any |single |one |markdown |fenced )*code[\s-]?(?:blocks?|fences?)\b|\btriple backticks\b"
)


def _plain(sentence: Sentence) -> Iterator[Draft]:
    match = _PLAIN.search(sentence.text)
    if match and "wrap" not in sentence.text[: match.start()].lower():
        yield Draft("format.plain", sentence.offset + match.start(), sentence.offset + match.end())
        return
    match = _MARKDOWN.search(sentence.text)
    if (
        match
        and not (
            {"highlight", "highlighted", "divider", "ticks", "separator", "bullet", "bullets", "asterisk", "asterisks"}
            & sentence.words
        )
        and "***" not in sentence.text
    ):
        negative = sentence.negated(match.start(), match.end())
        yield Draft(
            "format.plain" if negative else "format.markdown",
            sentence.offset + match.start(),
            sentence.offset + match.end(),
        )


_WHOLE_ANSWER = spaced(
    r"^\W*(?:wrap|enclose|put|return|output)\b|\b(?:answer|response|reply|output|result|everything)\b"
)


def _simple(name: str, pattern: re.Pattern[str]) -> Pattern:
    words = {"table": "table tables", "headings": "heading headings headers", "code": "code backticks"}[name]
    phrasing = {
        "table": "Present the results in a table.",
        "headings": "Do not use any headings.",
        "code": "Put it in a code block.",
    }[name]

    def find(sentence: Sentence) -> Iterator[Draft]:
        match = None if name == "table" and sentence.words & _DATABASE else pattern.search(sentence.text)
        if match:
            negative = sentence.negated(match.end() - 1, match.end()) or (
                re.match(r"(?:no|any|avoid|never|without)\b", match[0], re.IGNORECASE) is not None
                and sentence.negated(match.end() - 1)
            )
            if name == "code" and not negative and not _WHOLE_ANSWER.search(sentence.text):
                return
            if not _ABSTAIN.search(sentence.text[: match.start() + 8]):
                yield Draft(
                    f"format.{name}", sentence.offset + match.start(), sentence.offset + match.end(), {}, negative
                )

    return Pattern(f"format.{name}", cues(words), find, phrasing)


_BULLETS = spaced(
    r"\b(?:use|using|in|as|with|into|format(?:ted)?|include|contain|no|avoid|without|never|any|via|present|make|put|write|provide|list(?:ed)?|of|organi[sz]e) (?:\w+ ){0,5}?(?:bullet(?:ed)?[\s-](?:points?|lists?|items?|form(?:at)?)|bullets|bulletpoints?)\b"
)
_LISTS = spaced(
    r"\b(?:no|avoid|without|never use|not use|\w+n['’]t use) (?:any |using |numbered |bulleted |bullet |or |ordered )*lists\b"
)
_LIST_ITEMS = spaced(
    rf"\b(?:list|give|provide|name|write|suggest) (?:me )?(?:exactly |only |at least )?(?P<n>{NUMBER}) "
)


def _bullets(sentence: Sentence) -> Iterator[Draft]:
    found = False
    for quantity in sentence.quantities:
        if quantity.unit == "bullets" and not re.search(
            r"\bexample\b", sentence.text[quantity.start : quantity.end], re.IGNORECASE
        ):
            found = True
            yield _counted("format.bullets", sentence, quantity)
    if found:
        return
    match = _BULLETS.search(sentence.text) or _LISTS.search(sentence.text)
    if not match:
        return
    negative = sentence.negated(match.end() - 1, match.end())
    if re.search(r"\b(?:example|sample)\b", match[0], re.IGNORECASE):
        return
    counted = None if negative else _LIST_ITEMS.search(sentence.whole[max(0, sentence.offset - 160) : sentence.end])
    params = (
        {"lo": number(counted["n"]), "hi": number(counted["n"])}
        if counted
        else {"lo": None if negative else 1, "hi": 0 if negative else None}
    )
    yield Draft("format.bullets", sentence.offset + match.start(), sentence.offset + match.end(), params, negative)


_MARKDOWN_BULLET = lazy(r"\bmarkdown\b|^[ \t]*\*[ \t]+\S|[\"“'‘]\*[ \t]?[\"”'’]", re.IGNORECASE | re.MULTILINE)


def _counted(kind: str, sentence: Sentence, quantity: Quantity) -> Draft:
    lo, hi = quantity.bounds.lo, quantity.bounds.hi
    params: dict[str, object] = {"lo": lo, "hi": hi}
    if quantity.each:
        params["each"] = quantity.each
    if kind == "format.bullets" and _MARKDOWN_BULLET.search(sentence.text + sentence.tail(len(sentence.text), 200)):
        params["markdown"] = True
    return Draft(kind, sentence.offset + quantity.start, sentence.offset + quantity.end, params)


_MARKER = spaced(
    rf"\b(?:mark(?:ed)?|label(?:l?ed)?|start(?:s|ing)?|begin(?:s|ning)?|noted|denoted?|titled|indicated|named|prefixed|header|headed|signified|separated?|call(?:ed)?|identified|numbered|write|preceded|headings?|each|distinguished|split|such|designated?|word)\b(?:[^.;!?\n]|\.(?! [A-Z]))"
    rf"{{0,90}}?(?P<mark>{QUOTED}|(?-i:\b[A-Z][A-Za-z]{{2,}}) (?:X|[0-9]|\#|I\b|N\b|One|A\b))"
)
THREE_STARS = lazy(r"(?<!\*)\*\s?\*\s?\*(?!\s?\*)|(?:three|3)\s+ast?erisk", re.IGNORECASE)
_SECTION_WORD = lazy(r"[A-Za-z]+(?=\s*(?:X|N|\d|#|:|\.|\[|i\b|$))")
_LOOSE_SECTION = spaced(
    r"(?-i:\b(?P<mark>SECTION|Section|PARAGRAPH|Paragraph|PART|Part|CHAPTER|Chapter|DAY|Day|STEP|Step|ROUND|Scene|SCENE|SESSION|Session|AUDIENCE|Audience|VERSE|Verse|STANZA|Stanza|TOPIC|Topic|ITEM|QUESTION|Question|POINT|Idea|IDEA|SLIDE|Slide|WEEK|Week) (?:X|1|I|N|\#)(?!\d))"
)


_LABELLED = spaced(
    r"\b(?:mark|label|note|start|begin|head|title|indicat|denot|prefix|number|preced)\w*\b[^.!?\n]{0,60}?\b(?:with|as|by) (?:the |a )?(?-i:(?P<mark>[A-Z][A-Za-z]{2,}) (?:X|N|1|\#)(?!\d))(?:(?:,? (?:and|through|to|-) |, )(?-i:(?P=mark)) (?P<last>\d))?"
)


def _marker(sentence: Sentence, start: int) -> str | None:
    near = sentence.text
    match = _MARKER.search(near, start)
    raw = None
    if match:
        raw = sentence.quoted(match.start("mark"), match.end("mark")) if INSIDE in match["mark"] else match["mark"]
    else:
        loose = _LOOSE_SECTION.search(sentence.tail(0, len(sentence.raw) + 260))
        raw = loose["mark"] if loose else None
    if raw is None:
        return None
    word = _SECTION_WORD.match(raw.strip("[]<>*# "))
    return word[0] if word and len(raw) < 30 else None


def _sections(sentence: Sentence) -> Iterator[Draft]:
    if sentence.words & {
        "highlight",
        "highlighted",
        "italicize",
        "italicized",
        "italic",
        "bold",
        "bolded",
        "italics",
        "highlights",
        "italicise",
    }:
        return
    for quantity in sentence.quantities:
        if quantity.unit not in {"sections", "paragraphs"} or THREE_STARS.search(sentence.tail(quantity.end, 120)):
            continue
        marker = _marker(sentence, quantity.start)
        if marker is None and quantity.unit == "paragraphs":
            continue
        if quantity.unit == "paragraphs" and marker and marker.lower() not in {"paragraph", "section", "part"}:
            continue
        if (
            marker is None
            and quantity.bare
            and not sentence.words
            & {"must", "should", "have", "contain", "include", "divide", "split", "into", "with", "organize"}
        ):
            continue
        lo = quantity.bounds.lo
        params: dict[str, object] = {"marker": marker, "lo": lo, "hi": quantity.bounds.hi}
        yield Draft("format.sections", sentence.offset + quantity.start, sentence.offset + quantity.end, params)
        return
    match = _LABELLED.search(sentence.text)
    if match:
        last = match["last"] or "X"
        yield Draft(
            "format.sections",
            sentence.offset + match.start(),
            sentence.offset + match.end(),
            {"marker": match["mark"], "lo": int(last) if last.isdigit() else None, "hi": None},
        )


_TITLE = spaced(
    r"\b(?P<thing>titles?|names?|answers?|headline|heading|headings|header|subject|it|phrase|wrapped|wrap|enclosed?|placed?|put|surround(?:ed)?|inside|in|within|with|using|use|represented|marked|be)\b[^.!?\n]{0,80}?"
    r"(?:double (?:angular|angle|angled|pointed|chevron)[\s-]?(?:brackets?|marks|quotes)?|double angle|<<[^<>\n]{0,80}>>)"
)
_TITLE_SINGLE = spaced(
    r"\b(?P<thing>titles?)\b[^.!?\n]{0,60}?(?P<wrap>single (?:angular|angle) brackets|square brackets|double asterisks|(?<!<)<[\w ]{1,30}>(?!>))"
)
_TITLE_ANY = spaced(
    r"\b(?:give|have|has|include|contain|add|start with|begin with|needs?|with|without|provide|no|come up with) (?:it |your \w+ |the \w+ )?(?:also )?(?:an? |any |the )?(?:\w+ )?title\b(?! (?:page|case))"
)


def _title(sentence: Sentence) -> Iterator[Draft]:
    match = _TITLE.search(sentence.text)
    if match:
        yield Draft(
            "format.title",
            sentence.offset + match.start(),
            sentence.offset + match.end(),
            {"wrap": "<<>>"},
            sentence.negated(match.start(), match.end()),
        )
        return
    match = _TITLE_SINGLE.search(sentence.text)
    if match:
        wrap = {"sq": "[]", "do": "****"}.get(match["wrap"].lower()[:2], "<>")
        yield Draft(
            "format.title",
            sentence.offset + match.start(),
            sentence.offset + match.end(),
            {"wrap": wrap},
            sentence.negated(match.start()),
        )


_HIGHLIGHT = spaced(
    rf"\bhighlight(?:ed|ing|s)?\b[^.!?\n]{{0,60}}?(?P<rel>at least|at most|exactly|no more than|no less than|more than|minimum(?: of)?|only|up to)? ?\b(?P<n>{NUMBER})\b(?P<more> or more|\+)?(?! (?:sentences?|paragraphs?|bullet|words? (?:or|per)|times|lines))"
)
_HIGHLIGHT_AFTER = spaced(
    rf"(?P<rel>at least|at most|exactly|no more than|no less than|more than|minimum(?: of)?|only|up to)? ?\b(?P<n>{NUMBER})\b(?P<more> or more|\+)? (?:\w+ ){{0,6}}?(?:(?:are|is|be|that|which|should be|must be|of|to) ){{0,3}}(?:highlighted|highlights|italici[sz]ed|bolded|emphasi[sz]ed|in italics|in bold)\b"
)
_HIGHLIGHT_VERB = spaced(
    rf"\b(?:italici[sz]e|bold|emphasi[sz]e) (?P<rel>at least|exactly|no more than|at most|only)? ?(?P<n>{NUMBER})\b(?P<more> or more|\+)? "
)
_HIGHLIGHT_BARE = spaced(
    r"\bhighlight (?:some|any|key|important|the)\b[^.!?\n]{0,60}\bmarkdown|\bhighlight\w* (?:\w+ ){0,5}(?:with|in|using) (?:markdown|asterisks?|\*)"
)


EMPHASIS = spaced(r"\b(?:highlight\w*|italici[sz]e\w*|italics?|bold(?:ed|face)?|emphasi[sz]e\w*|underlin\w*)\b")
_IN_CAPITALS = spaced(r"\b(?:all[\s-]?caps|caps|capitals?|capital letters|upper-?case)\b")
_EMPHASISED = frozenset({"words", "sentences", "sections", "phrases", "lines"})


def _highlights(sentence: Sentence) -> Iterator[Draft]:
    for quantity in sentence.quantities:
        low, high = sentence.clause(quantity.start)
        if quantity.unit == "highlights" or (
            quantity.unit in _EMPHASISED
            and EMPHASIS.search(sentence.text[low:high])
            and not _IN_CAPITALS.search(sentence.text[low:high])
        ):
            yield _relaxed("format.highlights", sentence, quantity)
            return
    for pattern in (_HIGHLIGHT_VERB, _HIGHLIGHT, _HIGHLIGHT_AFTER):
        match = pattern.search(sentence.text)
        if match:
            lo, hi = _simple_bounds(match)
            negative = sentence.negated(match.start())
            yield Draft(
                "format.highlights",
                sentence.offset + match.start(),
                sentence.offset + match.end(),
                {"lo": lo, "hi": hi},
                negative,
            )
            return
    match = _HIGHLIGHT_BARE.search(sentence.text)
    if match:
        yield Draft(
            "format.highlights",
            sentence.offset + match.start(),
            sentence.offset + match.end(),
            {"lo": 1, "hi": None},
            sentence.negated(match.start()),
        )


def _simple_bounds(match: re.Match[str]) -> tuple[int | None, int | None]:
    n = number(match["n"])
    rel = (match["rel"] or "").lower()
    if rel in {"at most", "no more than", "up to"}:
        return None, n
    if rel in {"exactly", "only"}:
        return n, n
    if rel == "more than":
        return n + 1, None
    if rel or match["more"]:
        return n, None
    return n, n


def _relaxed(kind: str, sentence: Sentence, quantity: Quantity) -> Draft:
    return _counted(kind, sentence, quantity)


_PLACEHOLDER = spaced(
    r"\bplace-?holders?\b[^.!?\n]{0,80}?(?:square brackets?|brackets|\[)|(?:square brackets?|bracketed)[^.!?\n]{0,60}?\bplace-?holders?\b|\b(?:use|include|insert|leave|contain|no|with|without) (?:\w+ ){0,3}?place-?holders?\b"
)


def _placeholders(sentence: Sentence) -> Iterator[Draft]:
    for quantity in sentence.quantities:
        if quantity.unit == "placeholders":
            yield _counted("format.placeholders", sentence, quantity)
            return
    match = _PLACEHOLDER.search(sentence.text)
    if match:
        negative = sentence.negated(match.end() - 1, match.end())
        yield Draft(
            "format.placeholders",
            sentence.offset + match.start(),
            sentence.offset + match.end(),
            {"lo": None if negative else 1, "hi": 0 if negative else None},
            negative,
        )


_CHOICE = spaced(
    r"\b(?:choose|pick|select|answer|respond|reply|output|return|say|contain|include|use|options?|choices?|be|with|from|state|classify|one of|phrases?|print|using|give)\b[^.!?\n]{0,90}?"
    r"\b(?:one of|from|either|exactly one|among|between|only|options|choices|the following|with|phrases|one or the other|single)\b"
)
_STARTS = spaced(
    r"\b(?:answer|respond|reply|say|output|return|choose|pick|select|state|print|give) (?:me )?(?:with |by saying |by |using |only |either |just |exactly |strictly |in |simply |the |from |between |one of |one |word |a |single |option |phrase |phrases )*:? ?(?=[\"“”'‘`(\[])"
)
_OPTION = lazy(r"[\"“”'‘`]([^\"“”‘`\n]{1,60}?)[.,]?[\"“”’'`](?=[\s.,;)\]]|$)")
_BARE_OPTIONS = spaced(
    r"\b(?:answer|respond|reply|output|return|say|classify[^.!?\n]{0,40}as|choose|print|give me) (?:only |just |simply |strictly |exactly |me )*(?:with |as |from |between |either |by |a |in |one of |of )*(?:only |just |simply |exactly |either |a )*(?P<opts>(?-i:[A-Z][\w-]{0,20}(?:, [A-Z][\w-]{0,20}){0,8},? or [A-Z][\w-]{0,20})|yes(?:/| or |, )no(?:(?:/|,? or )(?:maybe|unknown|unsure))?|true(?:/| or )false)(?= ?(?:[.,;!)]|$|only|as|and nothing|without|with no))"
)
_LINE_OPTION = lazy(r"^[ \t]*(?:[-*•]|\(?[a-zA-Z0-9][.)])?[ \t]*([^\n]{1,60}?)[ \t]*$", re.MULTILINE)


def _choice(sentence: Sentence) -> Iterator[Draft]:
    text = sentence.text
    bare = _BARE_OPTIONS.search(text)
    if bare and not sentence.negated(bare.start()):
        options = [o for o in re.split(r",\s+or\s+|\s+or\s+|,\s+|/", bare["opts"]) if o]
        yield Draft("format.choice", sentence.offset + bare.start(), sentence.offset + bare.end(), {"options": options})
        return
    match = _CHOICE.search(text) or _STARTS.search(text)
    if not match or sentence.negated(match.start()) or not _offers(sentence):
        return
    options = _options(sentence, match.end())
    if 2 <= len(options) <= 12:
        yield Draft("format.choice", sentence.offset + match.start(), sentence.end, {"options": options})


_OFFERS = spaced(
    r"\b(?:one of|choose|pick|select|option|options|choices|either|or|the following (?:phrases|options|answers|responses)|answer with|respond with|reply with|exactly one|phrases)\b"
)
_NOT_OFFERS = spaced(
    r"\b(?:keywords?|words?|letters?|include the|title|postscript|mention|end(?:s|ing)? with|starts? with|begin(?:s|ning)? with|separated?|wrap(?:ped)?|placeholders?)\b"
)


_MENU = spaced(
    r"\b(?:a few|several|some|more|different|many|other) (?:\w+ )?(?:options|choices)\b|\b(?:give|offer|show|present|suggest|provide)(?:s|ing)? (?:the |them |him |her |each |users? |me |us )"
)
"""Options offered to the user, and not to the model."""


def _offers(sentence: Sentence) -> bool:
    if _MENU.search(sentence.text) and "one of" not in sentence.text.lower():
        return False
    return _OFFERS.search(sentence.text) is not None and not (
        _NOT_OFFERS.search(sentence.text) and "one of" not in sentence.text.lower() and "choose" not in sentence.words
    )


def _options(sentence: Sentence, end: int) -> list[str]:
    tail = sentence.tail(end, 420)
    first = tail.split("\n\n")[0]
    quoted = [m[1].strip() for m in _OPTION.finditer(first)]
    mine = (
        " or " in sentence.text[end:].lower()
        or "one of" in sentence.text.lower()
        or "following" in sentence.words
        or "choose" in sentence.words
        or "pick" in sentence.words
    )
    if len(quoted) >= 2 and mine:
        return quoted
    inline = re.match(r"[^:\n]{0,60}:[ \t]*(?P<all>[A-Z][^\n]{4,160})", sentence.tail(max(end - 12, 0), 260))
    if inline and not quoted:
        parts = [part.strip() for part in re.split(r"(?<=[.])\s+|,\s+(?=[A-Z])", inline["all"])]
        if 2 <= len(parts) <= 6 and len({part.split()[0] for part in parts if part}) == 1:
            return [part.rstrip(".") for part in parts]
    if sentence.raw.rstrip().endswith(":") or sentence.text[end:].strip(" :") == "":
        after = sentence.whole[sentence.end :].lstrip()[:420]
        block = after.split("\n\n")[0]
        lines = [m[1].strip("\"'“”` ") for m in _LINE_OPTION.finditer(block)]
        if 2 <= len(lines) <= 12 and all(len(line) < 60 for line in lines):
            return lines
    return []


_RESPONSES = spaced(
    r"\b(?:(?P<n>two|2|three|3|four|4) (?:\w+ ){0,3}?(?:responses|answers|versions|alternatives|critiques|replies|variants|options|haikus?|jokes|poems|cover letters|jingles|slogans|rewrites|different \w+|cover \w+|\w+)\b)[^.!?]{0,140}?"
    r"(?:(?:6|six) ast?erisks?(?: symbols?)?|\*{6})"
)
_SEPARATED = spaced(
    r"\b(?:separat\w+|divid\w+|split|delimit\w*|partition\w*|put|insert|set apart)[^.!?]{0,140}?(?:(?:6|six) ast?erisks?(?: symbols?)?|\*{6})"
)


def _responses(sentence: Sentence) -> Iterator[Draft]:
    match = _RESPONSES.search(sentence.text) or _SEPARATED.search(sentence.text)
    if (
        not match
        and re.search(r"(?:like|below|follow\w*|this|example|format)\W*$", sentence.text)
        and "******" in sentence.tail(len(sentence.text), 80)
    ):
        match = re.compile(r"\b(?:separat\w+|divid\w+)", re.IGNORECASE).search(sentence.text)
    if match:
        n = number(match["n"]) if "n" in match.re.groupindex and match["n"] else 2
        yield Draft(
            "format.responses",
            sentence.offset + match.start(),
            sentence.offset + match.end(),
            {"n": n, "separator": "******"},
            sentence.negated(match.start()),
        )


PATTERNS = (
    Pattern("format.json", cues("json xml html csv yaml yml latex"), _markup, "Return the result as JSON."),
    Pattern("format.plain", cues("plain markdown markup formatting rich md"), _plain, "Use plain text only."),
    _simple("table", _TABLE),
    _simple("headings", _HEADINGS),
    _simple("code", _CODE),
    Pattern(
        "format.bullets",
        cues("bullet bullets bulleted bulletpoint bulletpoints lists items item"),
        _bullets,
        "Use exactly three bullet points.",
    ),
    Pattern(
        "format.sections",
        cues(
            "section sections paragraph paragraphs part parts chapter chapters mark marked label labeled labelled noted"
        ),
        _sections,
        "It must have 4 sections, each marked with SECTION X.",
    ),
    Pattern(
        "format.title",
        cues("title titles angular angle angled name names answer chevron headline heading wrapped brackets"),
        _title,
        "Add a title wrapped in double angular brackets, such as <<title>>.",
    ),
    Pattern(
        "format.highlights",
        cues(
            "highlight highlights highlighted highlighting italicize italicized italic italics bold bolded emphasize emphasized emphasise italicise italicised"
        ),
        _highlights,
        "Highlight at least 3 sections with markdown.",
    ),
    Pattern(
        "format.placeholders",
        cues("placeholder placeholders placeholder holders holder"),
        _placeholders,
        "Include at least 5 placeholders in square brackets.",
    ),
    Pattern(
        "format.choice",
        cues("choose pick select answer respond reply output return one options either classify following say"),
        _choice,
        "Answer with 'yes' or 'no'.",
    ),
    Pattern(
        "format.responses",
        cues("asterisk asterisks aterisk separate separated separating separator divide divided split two delimited"),
        _responses,
        "Give two different answers separated by six asterisks: ******.",
    ),
)

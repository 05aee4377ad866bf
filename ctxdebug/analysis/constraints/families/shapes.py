"""Strict shapes, each read to the end of its sentence: separators, edges of lines, marked lists, a bare choice, keys and no others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.constraint import Draft, Strength
from ctxdebug.analysis.constraints.marks import characters, named
from ctxdebug.analysis.constraints.masking import INSIDE, QUOTED
from ctxdebug.analysis.constraints.numbers import NUMBER, number
from ctxdebug.analysis.constraints.pattern import Pattern, cues
from ctxdebug.analysis.constraints.qualifiers import speaks_of_form
from ctxdebug.records import replace
from ctxdebug.text.patterns import lazy
from ctxdebug.text.wordings import base_name, wording

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from ctxdebug.analysis.constraints.clauses import Sentence

_GIVEN = {"quoted": QUOTED, "named": named(), "number": NUMBER}


def _wording(label: str) -> re.Pattern[str]:
    return wording("constraint_shapes", label, **_GIVEN)


_SEPARATED = tuple(map(_wording, ("separated", "separate", "separated list", "one a line")))
_LINES = tuple(map(_wording, ("lines", "edge of lines")))
_MARKED = _wording("marked list")
_CHOICES = tuple(map(_wording, ("only choice", "choice only", "just choice")))
_ONE_OF = _wording("one of listed")
_KEYS = _wording("only keys")
_ALLOWED = _wording("allowed keys")
_NAMES = _wording("names")
_NO_QUESTIONS = _wording("no questions")
_LISTS = (("bullets", _wording("bulleted lists")), ("numbers", _wording("numbered lists")))
_BRACKETED = tuple(map(_wording, ("bracketed", "begins bracketed")))

_LONG_PARTS = frozenset(
    "paragraph paragraphs section sections sentence sentences stanza stanzas version versions answer answers response responses poem poems".split()
)
"""Things that are parted by a divider, and whose own text holds commas and lines."""
_COUNT = lazy(rf"(?:exactly\s+|only\s+)?(?P<n>{NUMBER})\b", re.IGNORECASE)
_PARTS = lazy(r"[,;]\s*(?:or\s+|and\s+)?|\s+(?:or|and)\s+|\s*/\s*")
_ONLY = lazy(r"\b(?:only|exactly|just|alone|nothing|no)\b", re.IGNORECASE)
_KEY = lazy(r"[\w$.-]+")
_BRACKETS = {"square": "[", "round": "(", "parentheses": "(", "curly": "{"}


def _draft(kind: str, sentence: Sentence, match: re.Match[str], params: Mapping[str, object]) -> Draft:
    return Draft(kind, sentence.offset + match.start(), sentence.offset + match.end(), params)


def _narrowed(sentence: Sentence, what: str) -> bool:
    """Whether the name of what is to be listed holds a qualifier: `countries in alphabetical order`."""
    count = _COUNT.match(what.strip())
    rest = what.strip()[count.end() :] if count else what
    return len(rest.split()) > 1 and speaks_of_form(replace(sentence, text=rest, raw=rest))


def _held(sentence: Sentence, match: re.Match[str], group: str) -> str:
    low, high = match.span(group)
    return sentence.quoted(low, high) if INSIDE in match[group] else sentence.raw[low:high].strip()


def _first(patterns: tuple[re.Pattern[str], ...], text: str) -> re.Match[str] | None:
    return next((match for pattern in patterns if (match := pattern.search(text))), None)


def _separators(sentence: Sentence) -> Iterator[Draft]:
    match = None if _MARKED.search(sentence.text) else _first(_SEPARATED, sentence.text)
    if match is None:
        return
    groups = match.groupdict()
    what = str(groups.get("what") or "")
    if set(re.findall(r"[a-z]+", what.lower())) & _LONG_PARTS or _narrowed(sentence, what):
        return
    mark = characters(_held(sentence, match, "mark")) if "mark" in groups else "\n"
    count = _COUNT.match(what.strip())
    if 1 <= len(mark) <= 3:
        params = {"mark": mark, "n": number(count["n"]) if count else None}
        yield _draft("list.separator", sentence, match, params)


def _lines(sentence: Sentence) -> Iterator[Draft]:
    match = _first(_LINES, sentence.text)
    mark = characters(_held(sentence, match, "mark")) if match else ""
    if match and mark and mark != "\n":
        edge = "end" if match["edge"].lower().startswith(("end", "finish")) else "start"
        yield _draft("lines.edge", sentence, match, {"edge": edge, "mark": mark, "quoted": INSIDE in match["mark"]})


def _marked(sentence: Sentence) -> Iterator[Draft]:
    match = _MARKED.search(sentence.text)
    if match and not _narrowed(sentence, match["what"]):
        n, how = number(match["n"]), (match["rel"] or "").strip().lower()
        params = {
            "lo": None if how in {"at most", "no more than"} else n,
            "hi": None if how == "at least" else n,
            "mark": characters(_held(sentence, match, "mark")),
        }
        yield _draft("list.marked", sentence, match, params)


def _choices(sentence: Sentence) -> Iterator[Draft]:
    match = _first(_CHOICES, sentence.text)
    said = match or _ONE_OF.search(sentence.text)
    if said is None:
        return
    found = {base_name(name): text for name, text in said.groupdict().items() if text}
    raw = sentence.raw[slice(*_span(said, "options"))]
    options = [part.strip("\"“”'‘’`.) ") for part in _PARTS.split(raw)]
    offset, params = sentence.offset, {"options": options, "only": True}
    if match is not None:
        end = len(sentence.text) if match["after"] == ":" else match.end()
        yield Draft("format.choice", offset + match.start(), offset + end, params)
    elif "after" in found or "only" in found or _MARKED_OPTIONS.search(raw):
        params["loose"] = "only" not in found
        yield Draft("format.choice", offset + said.start(), offset + said.end(), params)


def _span(match: re.Match[str], group: str) -> tuple[int, int]:
    return next(
        match.span(name) for name in match.re.groupindex if base_name(name) == group and match[name] is not None
    )


_MARKED_OPTIONS = lazy(r"[/\"“'`]")
"""What sets options off from other words, where no colon does."""


def _keys(sentence: Sentence) -> Iterator[Draft]:
    match = _KEYS.search(sentence.text)
    if match and not _ONLY.search((match["before"] or "") + (match["tail"] or "")):
        return
    match = match or _ALLOWED.search(sentence.text)
    if match is None or match["keys"] is None or sentence.negated(match.start()):
        return
    low, high = match.span("keys")
    keys = [m[0] for part in _PARTS.split(sentence.raw[low:high]) for m in _KEY.finditer(part)]
    listed = "lead" not in match.re.groupindex
    start, strength = (match.start(), Strength.MUST) if listed else (match.end("lead"), None)
    yield Draft(
        "format.keys", sentence.offset + start, sentence.offset + match.end(), {"keys": keys}, strength=strength
    )


def _names(sentence: Sentence) -> Iterator[Draft]:
    match = _NAMES.search(sentence.text)
    low, high = _span(match, "names") if match else (0, 0)
    if match is None or INSIDE in sentence.text[low:high]:
        return
    items = [part.strip("\"“”'‘’`. ") for part in _PARTS.split(sentence.raw[low:high].rstrip())]
    names = [item for item in items if item and all(word[:1].isupper() for word in item.split())]
    plain = [item for item in items if item and item not in names]
    if names and all(len(item.split()) <= 2 and item == item.lower() for item in plain):
        yield Draft(
            "keywords.forbid",
            sentence.offset + match.start(),
            sentence.offset + match.end(),
            {"words": names, "names": "topic" if match["topic"] else "mention"},
            negative=True,
        )


def _questions(sentence: Sentence) -> Iterator[Draft]:
    match = _NO_QUESTIONS.search(sentence.text)
    if match:
        yield _draft("questions.none", sentence, match, {})


def _list_kinds(sentence: Sentence) -> Iterator[Draft]:
    for kind, pattern in _LISTS:
        match = pattern.search(sentence.text)
        if match:
            yield _draft("lists.every", sentence, match, {"kind": kind})


def _brackets(sentence: Sentence) -> Iterator[Draft]:
    match = _first(_BRACKETED, sentence.text)
    if match is None:
        return
    kind = match["kind"].lower().split()[0]
    shown = (
        re.search(r"[\[({]", sentence.raw[match.start("like") : match.end("like")].lstrip(" ,("))
        if match["like"]
        else None
    )
    mark = shown[0] if shown else _BRACKETS.get(kind, "[(")
    yield _draft("position.bracket", sentence, match, {"mark": mark, "what": match["what"]})


PATTERNS = (
    Pattern(
        "list.separator",
        cues("separated delimited divided separate delimit line"),
        _separators,
        "List five fruits separated by semicolons.",
    ),
    Pattern("lines.edge", cues("line lines"), _lines, "Every line must end with a comma."),
    Pattern(
        "list.marked", cues("line"), _marked, 'Give exactly three suggestions, each on its own line starting with "-".'
    ),
    Pattern(
        "format.choice",
        cues("only just nothing strictly alone exactly one more"),
        _choices,
        "Answer with yes or no only.",
    ),
    Pattern(
        "format.keys", cues("keys key fields properties"), _keys, 'Return JSON with the keys "name" and "age" only.'
    ),
    Pattern(
        "keywords.forbid",
        cues("such like including e example instance mention name refer bring mentioning naming"),
        _names,
        "Never mention competitors such as Acme or Birdco.",
    ),
    Pattern("questions.none", cues("question questions"), _questions, "Never ask the user questions.", bare=False),
    Pattern(
        "lists.every",
        cues("list lists bullets bullet numbered numbers"),
        _list_kinds,
        "Use bullet points for every list.",
    ),
    Pattern(
        "position.bracket",
        cues("brackets bracket parentheses braces"),
        _brackets,
        "Start every answer with the order number in brackets, like [4411].",
    ),
)

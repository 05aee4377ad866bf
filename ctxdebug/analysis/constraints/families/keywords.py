"""Words that must or must not occur, and how often; letters and marks counted."""

# ruff: noqa: E501 - a pattern is read as one line

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.constraint import Draft
from ctxdebug.analysis.constraints.grammar import IMPERATIVES
from ctxdebug.analysis.constraints.numbers import NUMBER, RELATION, Bounds, bounds, relation, spaced
from ctxdebug.analysis.constraints.pattern import Pattern, cues
from ctxdebug.analysis.constraints.reading import INSIDE, QUOTED, Sentence
from ctxdebug.patterns import lazy

if TYPE_CHECKING:
    from collections.abc import Iterator

_NOUN = r"(?:key-?words?|words?|terms?|names?|phrases?|strings?|expressions?|vocabulary|buzzwords|hashtags?|jargon)"
_VERB = (
    r"(?:include|includes|including|use|uses|using|used|mention|mentions|mentioning|contain|contains|containing|incorporate|incorporating|add|adding|say|saying|write|type|with|without|avoid|avoiding|has|have|having"
    r"|feature|featuring|insert|put|work in|weave in|make use of|repeat|reference|employ|utter|print|drop|output|omit|exclude|excluding|banned|forbidden|prohibited|skip|refer to|bring up|slip in|sprinkle in|leave out|leaving out|keep out|ban|see|find|allowed|steer clear of|stay away from|do without|reuse|appear|no|the|any|call|need|needs|want|touch on|ditch|drop in|require|requires|required|mandatory|never|speak of|work)"
)
_LIST = spaced(
    rf"\b(?P<verb>{_VERB}) (?:(?:(?!(?:for|about|regarding|on|from|than|with|but|do|not|never|use|using|avoid|include|including|mention|say|contain|without|don['’]t)\b)[\w'’/-]+,? ){{0,7}}?)??(?:the |these |those |any of the |all of the |both |either |this |of the |any |exact |a |an |following |two |three |four |some |specific |certain |single |special )*(?P<noun>{_NOUN}|following(?= ?:))\b(?P<gap>(?: (?:in|within|throughout|anywhere|into|at all|somewhere|below|as part of|inside)\b(?: (?!(?:and|or)\b)[\w'’-]+){{0,4}})?)"
    rf" ?(?:[:=]|,? (?:such as|like|namely|including|are|is)|:)? ?(?P<list>[\[(]|{QUOTED}|(?=:)|:)"
)
_BARE = spaced(
    rf"\b(?P<verb>{_VERB}) (?:the |these |those |any of the |all of the |both |two |three |exact |single |key )*(?P<noun>key-?words?|words?|names?|terms?) (?P<list>(?!(?:of|in|with|from|that|which|who|on|for|to|at|is|are|or|and|only|limit|count|than|used|below|above|as|by|per|each|exactly|more|less|should|must|can|will|used|such|when|letters?|it|you|your|problem|problems|document|processor|phrases?|game|games|times|like|order|choice|choices|long|maximum|minimum|max|into|out|here|there|about|not|may|cannot|do|does|so|but|if|unless|because)\b)[\w'’-]+)"
)
_DIRECT = spaced(
    rf"\b(?P<verb>include|includes|including|use|uses|using|mention|mentions|mentioning|contain|contains|containing|incorporate|incorporating|add|say|saying|without|avoid|avoiding|feature|featuring|insert|repeat|reference|exclude|excluding|omit|have|has|write|print|type|put|quote|utter|see|find|work in|ever say|ever write) "
    rf"(?:(?:the|both|either|a|an|any|of|exact|exactly|only|it|at least|once|just|also|all|always|phrase|word|reference to|line|sentence|quote|text|string|keywords?|words|phrases|terms) ){{0,4}}(?P<list>{QUOTED})(?! ?(?:once|twice|thrice|\d|one time|two times)[^,;]*)"
)
_SUBJECT = spaced(
    rf"(?P<list>{QUOTED})(?P<more>(?:,? (?:and |or |nor )?(?:the )?(?:{_NOUN} )?{QUOTED}){{0,12}}) (?P<neg>(?:(?:is|are|should|must|may|can|shall|will|do|does|has to|have to|need to|needs to|also|both|all) ?(?:be |not |never |\w+n['’]t |to |be )*(?:included|used|mentioned|appear|contained|present|incorporated|allowed|forbidden|banned|prohibited|avoided|excluded|show up|in (?:the|your)|omitted|required|mandatory|off|disallowed)|cannot (?:be (?:used|mentioned|included)|appear)|can['’]t (?:be (?:used|mentioned|included)|appear)|should be (?:excluded|omitted|avoided)|must appear|may not appear))"
)
_ITEM = lazy(
    r"\s*(?:[-*•]\s+|\d+[.)]\s+)?(?:and\s+|or\s+|nor\s+)?(?:the\s+)?(?:(?:key)?words?\s+|name\s+|term\s+|phrase\s+)?(?:[\"“”'‘`]([^\"“”`\n]{1,60}?)[\"“”'’`](?!\w)|([\w$€#@&+][\w’'.&+#@/-]*(?:[ -][\w’'&+#/-]+){0,3}?)(?=\s*(?:[,;.!?\])\n]|$|\s(?:and|or|nor)\s|\s\())|)",
    re.IGNORECASE,
)
_TOKEN = lazy(
    r"\s*(?:and\s+|or\s+|nor\s+)?(?:the\s+)?(?:(?:key)?words?\s+|name\s+|term\s+|phrase\s+)?(?:[\"“”'‘`]([^\"“”`\n]{1,60}?)[\"“”'’`](?!\w)|([\w$€#@&+][\w’'&+#@/-]*(?:\.\w+)*)|)",
    re.IGNORECASE,
)
_SEPARATOR = lazy(r"\s*(?:,\s*(?:and|or|nor)\b|,|;|\band\b|\bor\b|\bnor\b|/|&|\n\s*(?=[-*•\d]))\s*", re.IGNORECASE)
_STOP = frozenset(
    "nothing anything everything else just only not no but however yet although so because".split()
) | frozenset(
    [
        "in",
        "your",
        "at",
        "least",
        "the",
        "response",
        "answer",
        "output",
        "it",
        "this",
        "that",
        "to",
        "for",
        "when",
        "if",
        "please",
        "more",
        "exactly",
        "with",
        "letter",
        "letters",
        "only",
        "once",
        "twice",
        "throughout",
        "anywhere",
        "somewhere",
        "within",
    ]
)
_NOT_LISTED = spaced(
    r"\b(?:start(?:s|ing)?|begin(?:s|ning)?|end(?:s|ing)?|finish(?:es|ing)?|conclude[sd]?|first|last|titled?|labell?ed|marked|called|named|postscript|repeat|replac\w+|after|before|follow(?:s|ing)|wrap\w*|surround\w*|separat\w*|divid\w*|prefix\w*) (?:\w+ ){0,8}$"
)


_BANNED_LIST = spaced(
    rf"\b(?:following|these|those|below) (?:[\w-]+ )?{_NOUN} (?:(?:is|are|must|should|may|can|cannot|can['’]t|shall|will|has|have|to|be|not|never|strictly|all|also|always) ){{0,5}}?(?P<verb>banned|forbidden|prohibited|disallowed|off[\s-]limits|allowed|permitted|avoided|excluded|used|appear|included|required|mandatory|mentioned|present)\b[^.;!?\n:]{{0,40}}(?P<list>:)"
)


_SUCH = spaced(
    rf"(?:\b(?:not|never|avoid|without|refrain from|no|cannot)|n['’]t) (?:[\w'’-]+ ){{1,8}}?(?:such as|like|including|e\.g\.,?|for example,?|namely|\() ?(?P<list>{QUOTED})"
)


_FORBIDDEN_NOUNS = spaced(
    rf"(?:^|, |: )(?P<list>[\w'’-]+(?:, [\w'’-]+){{0,8}}(?:,? (?:and|or) [\w'’-]+)) are (?:strictly )?(?:forbidden|banned|prohibited) (?:{_NOUN})\b"
)
_BUSIEST = 60
"""Clauses in one sentence; more than that is no sentence."""


def words_of(text: str, *, bare_phrases: bool) -> list[str]:
    """Read the items of a word list at the start of a text: quoted, or bare between commas and `and`."""
    items: list[str] = []
    at = 0
    closing = {"[": "]", "(": ")"}.get(text[:1])
    if closing:
        stop = text.find(closing)
        text = text[1 : stop if stop > 0 else None]
        bare_phrases = True
    while at < len(text) and len(items) < 40:
        match = (_ITEM if bare_phrases else _TOKEN).match(text, at)
        if match is None or match.end() == at or not (match[1] or match[2]):
            break
        word = (match[1] or match[2]).strip(" .,:;*")
        bare = match[2] is not None
        if bare and (
            (not bare_phrases and " " in word)
            or word.lower().split()[0] in _STOP
            or (not bare_phrases and items and word.lower() in IMPERATIVES)
        ):
            first = word.split()[0]
            if first.lower() not in _STOP and first.lower() not in IMPERATIVES:
                items.append(first)
            break
        if word:
            items.append(word)
        at = match.end()
        parted = _SEPARATOR.match(text, at)
        if parted is None:
            break
        at = parted.end()
    return [item for item in items if item and item.lower() not in {"etc", "e.g", "i.e"}]


def _mentions(sentence: Sentence) -> Iterator[Draft]:
    taken: list[tuple[int, int]] = []
    if len(sentence.breaks) > _BUSIEST:
        return
    for pattern in (_BANNED_LIST, _LIST, _BARE, _DIRECT):
        for match in pattern.finditer(sentence.text):
            start, end = match.start("list"), match.end("list")
            if any(low <= start < high for low, high in taken) or _counted_near(sentence, match.start(), end):
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
        if any(low <= match.start() < high for low, high in taken) or _counted_near(
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


def _mention(sentence: Sentence, match: re.Match[str], start: int, pattern: re.Pattern[str]) -> Draft | None:
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
    negative = verb in {
        "without",
        "avoid",
        "avoiding",
        "exclude",
        "excluding",
        "omit",
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


TEMPLATE = lazy(r"\$[A-Za-z{]|\{\w+\}|<[\w ]+>|\[[\w .]+\]|_{3,}|\.\.\.|…|\bX{2,}\b|\\[A-Z]+\b")
"""A blank to be filled: such words are a pattern, and no words to look for."""
_WORD_NAMED = spaced(r"\b(?:words?|phrases?|key-?words?|terms?|names?|expressions?|sentence|quote)\b")
_THING_AFTER = spaced(
    r"^ ?(?:tools?|functions?|parameters?|fields?|formats?|keys?|commands?|options?|flags?|methods?|class|files?|tags?|styles?|modes?|endpoints?|columns?|attributes?|modules?|buttons?|api)\b"
)


def _literal(sentence: Sentence, match: re.Match[str], verb: str) -> bool:
    """Whether a verb with a quotation asks for these very words: `include "tide"`, not `use the "search" tool`."""
    if _WORD_NAMED.search(match[0]):
        return not (verb in {"add", "insert", "write", "print", "type", "put"} and "line" in match[0].lower())
    if _THING_AFTER.match(sentence.text[match.end() :]):
        return False
    if verb in {
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
        "without",
        "avoid",
        "avoiding",
        "exclude",
        "excluding",
        "omit",
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
    return (
        re.search(
            r"\b(?:(?:is|are|should|must|may|can|shall|do|does)(?: not|n['’]t)\b|cannot|can['’]t|forbidden|prohibited|banned|not allowed|(?:is|are) (?:to be )?avoid|should be avoided|must be avoided|never|out of (?:your|the|it))",
            rest,
            re.IGNORECASE,
        )
        is not None
    )


def _words(sentence: Sentence, start: int, end: int, words: list[str], *, negative: bool) -> Draft:
    kind = "keywords.forbid" if negative else "keywords.include"
    return Draft(kind, sentence.offset + start, sentence.offset + end, {"words": words}, negative)


_TIMES = spaced(
    rf"(?:(?:{RELATION}) ?)?(?<![\w.,$])(?:(?P<n>{NUMBER})(?:(?: (?:to|and|or|-) |\s?[-–—]\s?)(?P<m>{NUMBER}))?(?P<plus>\+)?(?P<mid> (?:or|and) (?:more|less|fewer|above))? (?:(?:separate|different|distinct|or more|total) )?(?:times?|occurrences?|instances?|mentions?)\b|(?P<once>once|twice|thrice)\b)(?P<more> (?:or|and) more| at (?:the )?(?:least|minimum)| minimum)?(?P<less> (?:or|and) (?:less|fewer)| at (?:the )?most| max(?:imum)?)?(?P<so> or so)?"
)
_WORD = spaced(
    rf"\b(?:key-?words?|words?|terms?|names?|phrases?|strings?) (?:of |like |such as |: ?)?(?P<w>{QUOTED}|\[[\w -]+\]|(?!(?:is|are|should|must|in|that|to|at|of|for|appears?|less|more|exactly|no|only|used|once|twice|limit|count|with|and|or|using|written|on|from|multiple|several|a|an|the|any|about|per|which|all|each|than|counts?|long|total)\b)[\w'’-]+)"
)
_LETTER = spaced(
    rf"\b(?:letters?|characters?|vowels?|consonants?|symbols?|digits?|alphabets?) (?:of |: )?(?P<w>{QUOTED}|(?-i:[a-zA-Z#!?&])\b|[#!?&$%*])"
)
_QUOTE = lazy(QUOTED)
_VERB_WORD = spaced(
    r"\b(?:mention|use|include|say|repeat|write|mentioning|using|including|refer to|referencing) (?P<w>(?-i:[A-Z])[\w'’-]+|[\w'’-]+)(?= (?:at least|at most|exactly|only|once|twice|no more|less than|more than|fewer|\d))"
)


def _frequency(sentence: Sentence) -> Iterator[Draft]:
    last = 0
    subject: tuple[str, str] | None = None
    for match in _TIMES.finditer(sentence.text):
        if not match["n"] and not match["once"]:
            continue
        subject = _subject(sentence, last, match) or subject
        if subject is None:
            continue
        if subject[1] == "*":
            continue
        limits = _frequency_bounds(sentence, match)
        last = match.end()
        if limits is None:
            continue
        kind, word = subject
        params: dict[str, object] = {"lo": limits.lo, "hi": limits.hi}
        params["char" if kind == "count.char" else "word"] = word
        yield Draft(kind, sentence.offset + match.start(), sentence.offset + match.end(), params)


def _subject(sentence: Sentence, last: int, match: re.Match[str]) -> tuple[str, str] | None:
    """What is counted: the nearest word, letter or quotation before the number, or else after it."""
    found = list(_counted_things(sentence, last, match.start()))
    if not found:
        return next(
            ((kind, text) for _, kind, text in sorted(_counted_things(sentence, match.end(), match.end() + 60))), None
        )
    _, kind, text = max(found)
    if len(text) == 1 and not text.isalpha():
        kind = "count.char"
    return kind, text.rstrip(".,") if len(text) > 1 else text


def _counted_things(sentence: Sentence, start: int, end: int) -> Iterator[tuple[int, str, str]]:
    taken: set[int] = set()
    for kind, pattern in (("count.char", _LETTER), ("keywords.freq", _WORD), ("keywords.freq", _VERB_WORD)):
        for word in pattern.finditer(sentence.text, start, end):
            taken.add(word.start("w"))
            yield word.start("w"), kind, sentence.quoted(word.start("w"), word.end("w")).strip("[]")
    for word in _QUOTE.finditer(sentence.text, start, end):
        named = _COUNTED_VERB.search(sentence.text[max(0, word.start() - 80) : end + 40])
        if word.start() not in taken and named and not _SUCH_AS.search(sentence.text[: word.start()]):
            yield word.start(), "keywords.freq", sentence.quoted(word.start(), word.end())


_COUNTED_VERB = spaced(
    r"\b(?:use[ds]?|using|mention\w*|include[ds]?|including|say|said|repeat\w*|write|written|contain\w*|appears?|appearing|occurs?|occurring|words?|phrases?|show up|shows up|put|have|has)\b"
)
_SUCH_AS = lazy(r"(?:such as|like|e\.g\.,?|for example,?)\s*$")


def _frequency_bounds(sentence: Sentence, match: re.Match[str]) -> Bounds | None:
    rel = relation(match)
    low, _ = sentence.clause(match.start())
    negated = sentence.negated(match.start()) and not re.match(r"(?:not|never|no)\b", match[0], re.IGNORECASE)
    _ = low
    if match["once"]:
        n = {"once": 1, "twice": 2, "thrice": 3}[match["once"].lower()]
        table = {
            "ge": Bounds(n, None),
            "gt": Bounds(n + 1, None),
            "le": Bounds(None, n),
            "lt": Bounds(None, n - 1),
            "eq": Bounds(n, n),
        }
        if negated:
            return {"gt": Bounds(None, n), "ge": Bounds(None, n - 1)}.get(rel or "")
        return table.get(rel or "", Bounds(n, None if sentence.words & {"least"} else n))
    found = bounds(match, rel, negated=negated)
    return Bounds(found.lo, found.hi) if found else None


_CHARS = {"exclamation": "!", "question": "?", "commas": ","}
_LETTER_COUNT = spaced(
    rf"(?:(?:{RELATION}) ?)(?<![\w.,$])(?P<n>{NUMBER})(?P<m>(?!))?(?P<plus>\+)? (?:or more |or less )?(?:(?:of |instances? of |occurrences? of )?(?:the )?(?:letters?|characters?) ?(?P<w>{QUOTED}|(?-i:[a-zA-Z#!?])(?:['’]?s)?\b|[#!?])|(?P<w2>{QUOTED}|(?-i:[a-zA-Z])(?=['’]s\b|s\b| letters?))['’]?s?)"
    r"(?P<more> or more)?(?P<less> or less)?(?P<so>(?!))?(?P<mid>(?!))?"
)
_NO_LETTER = spaced(rf"\b(?:letters?|characters?|symbols?) (?P<w>{QUOTED}|(?-i:[a-zA-Z#!?&])\b|[#!?&])")


def _letters(sentence: Sentence) -> Iterator[Draft]:
    for quantity in sentence.quantities:
        if "separate" in sentence.words:
            break
        if quantity.bare and not sentence.words & {
            "use",
            "include",
            "contain",
            "with",
            "have",
            "put",
            "add",
            "exactly",
            "only",
        }:
            continue
        if quantity.unit in _CHARS and not (quantity.unit == "commas" and quantity.bounds.hi == 0):
            yield Draft(
                "count.char",
                sentence.offset + quantity.start,
                sentence.offset + quantity.end,
                {"char": _CHARS[quantity.unit], "lo": quantity.bounds.lo, "hi": quantity.bounds.hi},
            )
    seen = False
    for match in _LETTER_COUNT.finditer(sentence.text):
        found = bounds(
            match,
            relation(match),
            negated=sentence.negated(match.start()) and not re.match(r"no|not|never", match[0], re.IGNORECASE),
        )
        group = "w" if match["w"] else "w2"
        char = sentence.quoted(match.start(group), match.end(group))[:1]
        if (
            found
            and char
            and char != "*"
            and len(sentence.quoted(match.start(group), match.end(group)).removesuffix("s").rstrip("'’")) == 1
        ):
            seen = True
            yield Draft(
                "count.char",
                sentence.offset + match.start(),
                sentence.offset + match.end(),
                {"char": char, "lo": found.lo, "hi": found.hi},
            )
    if seen or (sentence.words & _COUNTING and _counts(sentence.text)):
        return
    for match in _NO_LETTER.finditer(sentence.text):
        char = sentence.quoted(match.start("w"), match.end("w"))
        low, _ = sentence.clause(match.start())
        if re.search(r"\bwho\b", sentence.text[low : match.start()]):
            continue
        if len(char) == 1 and sentence.negated(match.start(), match.end()):
            yield Draft(
                "count.char",
                sentence.offset + match.start(),
                sentence.offset + match.end(),
                {"char": char, "lo": None, "hi": 0},
                negative=True,
            )


_COUNTING = cues("times time once twice thrice occurrences occurrence instances instance mentions")


def _counted_near(sentence: Sentence, start: int, end: int) -> bool:
    """Whether a frequency stands in the same clause, so that a mention is not also `include`."""
    if not sentence.words & _COUNTING:
        return False
    low, high = sentence.clause(start)
    return any(low <= at < max(high, end) + 40 for at in _counts(sentence.text))


@functools.lru_cache(maxsize=32)
def _counts(text: str) -> tuple[int, ...]:
    return tuple(match.start() for match in _TIMES.finditer(text) if match["n"] or match["once"])


PATTERNS = (
    Pattern(
        "keywords.include",
        cues(
            "keyword keywords key word words term terms name names phrase phrases string expression expressions include includes including mention mentions mentioning use uses using contain contains incorporate say saying without avoid add feature exclude omit insert reference write type utter print banned forbidden repeat put have has buzzwords jargon incorporating featuring avoiding excluding see find appear appears occur leave leaving forbidden"
        ),
        _mentions,
        "Include the keywords 'tide' and 'harbour'.",
    ),
    Pattern(
        "keywords.freq",
        cues("times time once twice thrice occurrences instances mentions occurrence"),
        _frequency,
        "Use the word 'tide' at least three times.",
    ),
    Pattern(
        "count.char",
        cues("letter letters character characters exclamation question commas symbol symbols"),
        _letters,
        "Use the letter q at most 4 times, with fewer than 3 exclamation marks.",
    ),
)

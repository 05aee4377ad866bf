"""Which tools to call, which not, in what order, how often, and what to confirm first."""

# ruff: noqa: E501 - a pattern is read as one line

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.clauses import INSIDE, QUOTED, Sentence
from ctxdebug.analysis.constraints.constraint import Draft
from ctxdebug.analysis.constraints.numbers import NUMBER, number, spaced
from ctxdebug.analysis.constraints.pattern import Pattern, cues

if TYPE_CHECKING:
    from collections.abc import Iterator

_NAME = rf"(?P<name>{QUOTED}|(?-i:[a-zA-Z]+(?:[_.][a-zA-Z0-9]+)+|[a-z]+[A-Z]\w+|[a-zA-Z]\w*(?=\(\))))"
_CALL = spaced(
    rf"\b(?:call|calls|calling|use|uses|using|invoke|invoking|run|running|execute|executing|consult|trigger|rely on|query) (?:the |your |any |a |both |only |to |tool |function )*{_NAME}(?:\(\))?(?P<kind> (?:tool|function|action|command|api|endpoint))?"
)
_GENERIC = spaced(
    r"\b(?:call|use|using|invoke|run|execute) (?:the |your |any |a |one of the |at least one |available |of the |provided )*(?P<name>(?:(?!(?:the|any|a|your|one|of|only|at|no|this|that|same|right|correct|appropriate|available|provided|other|new|these|those|all|each|right)\b)[a-z][\w-]* )?)(?:tools?|functions?)\b(?! (?:argument|parameter|definition|description|schema|belt|box|result|output))"
)
_ORDER = spaced(
    rf"\b(?:call|use|run|invoke|execute) (?:the )?{_NAME.replace('name', 'first')}(?:\(\))?[^.;!?\n]{{0,40}}?\b(?:before|prior to|and then|then|first,? then) (?:you )?(?:call |use |run |invoke |execute |calling |using |running |invoking |any )?(?:the )?{_NAME.replace('name', 'then')}"
)
_ORDER_AFTER = spaced(
    rf"\b(?:call|use|run|invoke|execute) (?:the )?{_NAME.replace('name', 'then')}(?:\(\))?[^.;!?\n]{{0,20}}?\b(?:only )?after (?:calling |using |running |you (?:have )?(?:called|used|run) |invoking )?(?:the )?{_NAME.replace('name', 'first')}"
)
_MAX = spaced(
    rf"\b(?P<rel>at most|no more than|not more than|up to|(?:a )?max(?:imum)?(?: of)?|only|exactly|more than|exceed) (?P<n>{NUMBER}) (?:\w+ ){{0,2}}?(?:tool|function|search|api|web)[\s-]?(?:calls?|uses?|invocations|quer(?:y|ies)|requests|searches)\b|\b(?:one|a single) tool (?:call )?(?P<single>at a time|per (?:turn|step|message|response))"
)
_MAX_TIMES = spaced(
    rf"\b(?:call|use|run|invoke|search) [^.;!?\n]{{0,40}}?\b(?:at most|no more than|up to|a maximum of|maximum|more than) (?:(?P<n>{NUMBER}) times|(?P<once>once|twice))\b"
)
_CONFIRM = spaced(
    r"\b(?:ask|confirm|confirmation|check with|get (?:explicit )?(?:approval|permission|consent|confirmation)|request (?:approval|permission|confirmation)|seek (?:approval|permission))\b[^.;!?\n]{0,60}?\bbefore (?P<action>[a-z]+ing\b[^.;!?\n]{0,50}|any [^.;!?\n]{0,50}|you [^.;!?\n]{0,50})|\b(?:never|do not|don['’]t|must not) (?P<action2>[^.;!?\n]{3,60}?) (?:without|unless|until) (?:[\w'’]+ ){0,6}?(?:confirm\w*|approv\w*|permission|consent|asking)\b"
)
_BEFORE_ANSWER = spaced(r"\b(?:before|prior to) (?:you )?(?:answer|respond|reply)\w*")


def _name(sentence: Sentence, match: re.Match[str], group: str) -> str:
    span = match.span(group)
    return sentence.quoted(*span) if INSIDE in match[group] else sentence.raw[span[0] : span[1]].strip()


def _calls(sentence: Sentence) -> Iterator[Draft]:
    for pattern in (_ORDER, _ORDER_AFTER):
        match = pattern.search(sentence.text)
        if match and not sentence.negated(match.start()):
            yield Draft(
                "tools.order",
                sentence.offset + match.start(),
                sentence.offset + match.end(),
                {"first": _name(sentence, match, "first"), "then": _name(sentence, match, "then")},
            )
            return
    for match in _CALL.finditer(sentence.text):
        quoted = INSIDE in match["name"]
        if (
            quoted
            and not match["kind"]
            and sentence.raw[match.start("name")] != "`"
            and not sentence.words & {"tool", "function", "call", "invoke"}
        ):
            continue
        if not match["kind"] and "." in match["name"] and "_" not in match["name"]:
            continue
        if quoted and re.search(r"[\s]", _name(sentence, match, "name")):
            continue
        yield _use(sentence, match, _name(sentence, match, "name"))
        return
    match = _GENERIC.search(sentence.text)
    if match and not (match["name"].strip() == "" and _QUALIFIED.match(sentence.text[match.end() :])):
        yield _use(sentence, match, match["name"].strip() or None)


_PURPOSE = spaced(
    r"^\W*(?:(?:tools?|functions?)\W+)?(?:before (?:answering|responding to|handling) (?:any |the |every )?[\w ]{0,30}?(?:questions?|requests?|queries) (?:about|related|on|regarding|concerning|that|of)|to|for|when|whenever|if|in order|as|on|once|after|with|where|instead|until)\b[^.;!?\n]{0,120}"
)
_EXCEPT = spaced(
    r"^\W*(?:(?:tools?|functions?)\W+)?(?:twice|more than|again|unless|until|without|with|for|to|if|when|in parallel|before|after|directly|alone|on (?:its|their) own|unnecessarily|except|other than|from|on|repeatedly)\b[^.;!?\n]{0,120}"
)
_UNCONDITIONAL = spaced(
    r"\b(?:always|must|every|each|never answer without|before (?:you )?(?:answer|respond|reply)\w*|first|required)\b"
)


_QUALIFIED = spaced(r"^ ?(?:that|which|whose|with|without|unless|other|not|outside|more|twice)\b|^ calls?\b")


_AT_ALL = spaced(
    r"^\W*(?:(?:tools?|functions?|commands?)\b\W*)?(?:$|[.;:!(]|(?:and|or|but|then)\b|,|instead|itself|directly|again|first|at (?:all|any)|ever|in (?:this|the) (?:conversation|chat|task|turn|session)"
    r"|(?:before|prior to) (?:you )?(?:answer|respond|reply)\w*(?: (?:to )?(?:any|the|every|each)? ?(?:questions?|requests?|user)?)?\W*$|(?:for|on) (?:every|each|all|any) (?:questions?|requests?|quer(?:y|ies)|turn)|(?:every|each) (?:time|turn))"
)
"""What may stand behind a tool without narrowing when it is to be called."""


def _use(sentence: Sentence, match: re.Match[str], name: str | None) -> Draft:
    negative = sentence.negated(match.start(), match.end())
    kind = "tools.forbid" if negative else "tools.require"
    _, high = sentence.clause(match.end() - 1)
    rest = sentence.text[match.end() : high]
    purpose = (_EXCEPT if negative else _PURPOSE).match(sentence.text[match.end() :])
    when = sentence.raw[match.end() : match.end() + purpose.end()].strip(" ,") if purpose else None
    if when is None and not _AT_ALL.match(rest):
        when = sentence.raw[match.end() : high].strip(" ,") or None
    if not negative and when is None and not _UNCONDITIONAL.search(sentence.text):
        when = "where the task calls for it"
    return Draft(
        kind, sentence.offset + match.start(), sentence.offset + match.end(), {"tool": name}, negative, condition=when
    )


_STEP = spaced(
    r"^ ?(?:at a time|per (?:turn|step|message|response)|in (?:each|every|a single|one) (?:turn|step|message|response))"
)


def _limits(sentence: Sentence) -> Iterator[Draft]:
    match = _MAX.search(sentence.text)
    if match:
        if match["single"]:
            yield Draft(
                "tools.max_calls",
                sentence.offset + match.start(),
                sentence.offset + match.end(),
                {"hi": 1, "per": "step"},
            )
        elif match["rel"].lower() not in {"more than", "exceed"} or sentence.negated(match.start()):
            yield Draft(
                "tools.max_calls",
                sentence.offset + match.start(),
                sentence.offset + match.end(),
                {"hi": number(match["n"]), "per": "step" if _STEP.match(sentence.text[match.end() :]) else "turn"},
            )
        return
    match = _MAX_TIMES.search(sentence.text)
    if (
        match
        and sentence.words & {"tool", "tools", "function", "search", "call", "invoke"}
        and not sentence.words & {"word", "letter", "keyword", "phrase"}
    ):
        n = number(match["n"]) if match["n"] else {"once": 1, "twice": 2}[match["once"].lower()]
        yield Draft(
            "tools.max_calls", sentence.offset + match.start(), sentence.offset + match.end(), {"hi": n, "per": "turn"}
        )


def _confirms(sentence: Sentence) -> Iterator[Draft]:
    match = _CONFIRM.search(sentence.text)
    if match:
        yield Draft(
            "tools.confirm",
            sentence.offset + match.start(),
            sentence.offset + match.end(),
            {"action": (match["action"] or match["action2"]).strip()},
        )


PATTERNS = (
    Pattern(
        "tools.require",
        cues(
            "call calls calling use uses using invoke run execute consult trigger invoking running executing query tool tools function functions"
        ),
        _calls,
        "You must call the `lookup_order` tool before answering.",
    ),
    Pattern(
        "tools.max_calls",
        cues("tool tools function search call calls invoke api"),
        _limits,
        "Make at most 3 tool calls.",
    ),
    Pattern(
        "tools.confirm",
        cues("ask confirm confirmation approval permission consent check approved approve asking confirming"),
        _confirms,
        "Ask the user for confirmation before deleting anything.",
    ),
)

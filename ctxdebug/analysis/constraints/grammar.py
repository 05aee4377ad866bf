"""The closed word lists of instructions: what obliges, what negates, what makes it conditional."""

# ruff: noqa: E501 - a pattern is read as one line

from __future__ import annotations

import re

from ctxdebug.analysis.constraints.numbers import spaced
from ctxdebug.text.patterns import lazy

IMPERATIVES = frozenset(
    [
        "add",
        "adhere",
        "adopt",
        "disregard",
        "forget",
        "summarize",
        "speak",
        "introduce",
        "greet",
        "escape",
        "capitalise",
        "highlight",
        "leave",
        "carry",
        "aim",
        "analyze",
        "analyse",
        "answer",
        "append",
        "apply",
        "ask",
        "assume",
        "avoid",
        "base",
        "be",
        "begin",
        "break",
        "bring",
        "call",
        "capitalize",
        "capitalise",
        "change",
        "check",
        "choose",
        "cite",
        "close",
        "complete",
        "compose",
        "compress",
        "condense",
        "confine",
        "confirm",
        "consult",
        "contain",
        "continue",
        "convert",
        "cover",
        "craft",
        "create",
        "cut",
        "deliver",
        "describe",
        "design",
        "discuss",
        "do",
        "don't",
        "dont",
        "draft",
        "elaborate",
        "emphasize",
        "end",
        "enclose",
        "enforce",
        "ensure",
        "escape",
        "exclude",
        "explain",
        "express",
        "fill",
        "finish",
        "focus",
        "follow",
        "format",
        "frame",
        "generate",
        "get",
        "give",
        "guess",
        "have",
        "highlight",
        "identify",
        "ignore",
        "include",
        "incorporate",
        "indent",
        "insert",
        "invent",
        "italicize",
        "keep",
        "label",
        "leave",
        "let",
        "let's",
        "limit",
        "link",
        "list",
        "maintain",
        "make",
        "mark",
        "mention",
        "modify",
        "name",
        "never",
        "note",
        "number",
        "obey",
        "offer",
        "omit",
        "open",
        "only",
        "organize",
        "output",
        "paraphrase",
        "pick",
        "place",
        "phrase",
        "pitch",
        "please",
        "prefer",
        "prefix",
        "prepare",
        "present",
        "prevent",
        "print",
        "produce",
        "propose",
        "provide",
        "put",
        "quote",
        "refer",
        "refrain",
        "refuse",
        "reject",
        "remain",
        "remember",
        "remove",
        "repeat",
        "rephrase",
        "reply",
        "respond",
        "restate",
        "restrict",
        "return",
        "reveal",
        "review",
        "rewrite",
        "say",
        "search",
        "select",
        "send",
        "separate",
        "show",
        "sign",
        "skip",
        "speak",
        "split",
        "start",
        "state",
        "stay",
        "stick",
        "stop",
        "structure",
        "submit",
        "suggest",
        "summarize",
        "summarise",
        "support",
        "surround",
        "take",
        "talk",
        "tell",
        "think",
        "throw",
        "translate",
        "treat",
        "try",
        "type",
        "uncapitalize",
        "use",
        "utilize",
        "wrap",
        "write",
        "retrieve",
        "run",
        "alternate",
        "classify",
        "correct",
        "detect",
        "extract",
        "proofread",
        "solve",
        "transcribe",
        "arrange",
        "bold",
        "conclude",
        "copy",
        "count",
        "cycle",
        "decrease",
        "indicate",
        "increase",
        "interleave",
        "loop",
        "mix",
        "nest",
        "order",
        "reverse",
        "rotate",
        "sort",
        "underline",
        "vary",
        "invoke",
        "execute",
    ]
)
_VERB = "|".join(
    sorted(
        IMPERATIVES - {"only", "please", "number", "name", "state", "note", "list", "label", "let's", "don't"},
        key=len,
        reverse=True,
    )
)

DEONTIC = spaced(
    r"\b(?:must(?:n['’]t)?|shall|should(?:n['’]t)?|has to|have to|need(?:s)? to|ought to|required? to|is required|are required|requires?|mandatory|necessary|compulsory"
    r"|never|always|do not|does not|don['’]t|dont|doesn['’]t|cannot|can['’]?t|can not|may not|not (?:be )?(?:allowed|permitted)|no longer|won['’]t|will not|make sure|be sure|ensure|be certain|only|avoid|refrain|without"
    r"|forbidden|prohibited|banned|disallowed|under no circumstances|at all times|important|essential|i want|i need|i['’]d like|i would like|we need|we want"
    r"|(?:is|are) to be|exclusively|strictly|entirely|remember to|expected to|supposed to|obliged|no \w+|don['’]t forget|limit(?:ed)?|restrict(?:ed)?|at least|at most|exactly)\b"
)
OBLIGATION = spaced(
    r"\b(?:must(?:n['’]t)?|shall|should(?:n['’]t)?|has to|have to|need to|required to|is required|are required|mandatory|never|always|do not|does not|don['’]t|dont|doesn['’]t"
    r"|(?:you|assistant|model|bot|ai|claude|it) (?:cannot|can['’]t|can not|may not)|not (?:be )?(?:allowed|permitted)|make sure|be sure|ensure|avoid|refrain|forbidden|prohibited|under no circumstances|at all times)\b"
)
REQUEST = spaced(
    r"\b(?:can|could|would|will) you\b|\bplease\b|\bhelp me\b|\bi (?:want|need|expect|require|prefer|ask|would like|['’]d like|would love|wish)\b|\blet['’]?s\b"
)
SUBJECT = spaced(
    r"\b(?:your|the|this|each|every|all(?: of)?(?: your| the)?|entire|whole) (?:\w+ ){0,3}?(?:responses?|answers?|repl(?:y|ies)|outputs?|essay|letter|poem|story|article|text|email|post|summary|blog post|song|resume|limerick|rubric|script|speech|paragraphs?|sentences?|messages?|conversation|writing|reviews?|documents?|ad|words|letters?)\b"
    r"|\bin (?:all |only )?(?:lower|upper)"
)
DESCRIPTIVE = spaced(
    r"\b(?:you|the (?:assistant|model|ai|bot|agent|chatbot|system|response|answer|reply|output)|claude|gemini|grok|gpt|copilot|chatgpt|it|we) (?:will |only |always |also |then |strictly )?"
    r"(?:never|always|only|do(?:es)? not|don['’]t|doesn['’]t|must|should|will|avoids?|uses?|answers?|responds?|repl(?:y|ies)|speaks?|writes?|keeps?|returns?|outputs?|provides?|includes?|cites?|are to|is to|refuses?|asks?|may not|cannot|can['’]t)\b"
)
PERMISSION = spaced(
    r"(?:^|, )(?:i|we) (?:can|may|could|might)\b|\b(?:you (?:can|may|could|might)|feel free|(?:is|are|it['’]s) (?:ok|okay|fine|acceptable)(?: to)?|(?<!not\s)(?:is|are) (?:allowed|permitted) to|optionally|if you (?:like|want|wish|prefer)|you are (?:free|welcome|able) to|you have access)\b"
)
PERMITTED = spaced(
    rf"{PERMISSION.pattern}|\b(?:may|might|can be)\b(?! not)|(?<!not\s)(?<!only\s)(?<!no\s)\b(?:allowed|permitted|optional|acceptable|okay|fine)\b"
)
"""A permission in the clause of a demand: `more detail allowed (up to 15 lines)`, `may run past two sentences`."""
DEFAULT = spaced(
    r"\b(?:by default|defaults?(?: to)?|unless (?:otherwise|asked|told|instructed|requested|specified)|normally|ordinarily)\b"
)
BOUND = spaced(
    r"\b(?:at most|no more than|not more than|only|maximum|never more than|no longer than|no (?:[a-z]+ ){1,3}(?:is |are )?(?:allowed|permitted|acceptable))\b"
)
"""Words that make a permission a limit or take it back: `you may use at most 3`, `no other language is allowed`."""
NEGATION = spaced(
    r"\b(?:not(?! only)|[a-z]+n['’]t|never|dont|cannot|without|avoid(?:s|ing)?|refrain(?:s|ing)?|none|neither|nor|exclud(?:e|es|ing)|omit(?:s|ting)?|skip|prohibit(?:s|ed)?"
    r"|forbid(?:s|den)?|forbidden|ban(?:s|ned)?|disallow(?:s|ed)?|stop|leave out|leaving out|rather than|instead of|free (?:of|from)|devoid of|stay away from|steer clear|no(?! (?:less|fewer|more|longer|later|matter|other|doubt|problem|shorter|greater)\b)"
    r"|abstain|eliminate|remove|drop the|resist|eschew|keep out|minus|zero|violation|violates?|off[\s-]limits|banish|ditch|dispense with)\b"
)
_FALSE_NEGATION = spaced(
    r"\b(?:(?:do not|don['’]?t|never|not) (?:forget|fail|hesitate|neglect|omit|skip)|not (?:only|just)|(?:do not|don['’]?t|not|never|nor)(?= (?:exceed|go over|surpass|use more|use fewer|be (?:longer|more)|write more|less|fewer|more)\b)"
    r"|no (?:less|fewer|more|longer|matter|other|doubt) than|can['’]t (?:wait|believe|help|afford|find|figure|decide)|(?:does|do|did|have|has|had|am|is|are|was|were|would|could)(?:n['’]t)(?= (?:know|get|sure|understand|work|been|going|able|go)\b)|not sure|i (?:do not|don['’]t) (?:know|understand))\b"
)
NEGATED_AFTER = spaced(
    r"^[^.;!?\n]{0,60}?\b(?:(?:is|are|be|should|must|shall|will|may|can|do|does)(?:\s?not|n['’]t) (?:be )?(?:allowed|permitted|used|included|appear|contain|present|mentioned|acceptable|accepted|ok|okay|exist|occur|show up|written|ever|wanted|tolerated|put|needed|welcome)"
    r"|cannot (?:appear|be (?:used|included|mentioned))|can['’]t (?:appear|be (?:used|included|mentioned))|(?:is|are) (?:strictly |absolutely |also |all |both )?(?:forbidden|prohibited|banned|disallowed|off[\s-]limits|unacceptable|a violation|taboo|out)|not allowed|not permitted|forbidden\b|prohibited\b|should never|must never|may never|never appears?|should not|must not|may not|shall not|shouldn['’]t|mustn['’]t|(?:is|are) to be (?:avoided|left out|omitted)|should be (?:avoided|left out|omitted|excluded)|must be (?:avoided|left out|omitted|excluded))"
)
CLAUSE_BREAK = spaced(
    rf"[;:!?\n(]|\.(?= )|(?:,|^)? (?:but|yet|however|instead|then|although|though|while|whereas|so)\b(?! (?:long|far))|,? and (?=(?:also |then |please |make |at the end )?(?:{_VERB}|your|the (?:response|answer|word|letter|entire|whole)|it|you|there|cannot|can['’]t|must|should|may|do|does|don['’]t|will|is|has|no|not|never)\b)"
    rf"|, (?=(?:and |also |please )?(?:{_VERB})\b)|, (?=(?:with|using|in which|where|which|your|and)\b)| [-–—] |,? and with "
)
CONDITION = spaced(
    r"(?:^|(?<=[,;:(—–-])|(?<=\bthen)|(?<=\bbut)|(?<=\band)) ?(?P<lead>(?:only |except |even )?(?:if|when(?!ever possible)|whenever|unless|in case|in the event|should the user|once (?:the|you|a)|until|as soon as|provided that|where (?:applicable|possible|appropriate|relevant|necessary)|depending on"
    r"|for (?:chit-?chat|casual|simple|complex|coding|technical|questions|requests|queries|tasks|code|long|longer|short|math|creative|example questions)\b|in (?:casual|informal|some|such|those|these|that) (?:conversations?|chats?|cases?|situations?)|during|after (?:each|every|the|you|a|calling|using)|before (?:calling|using|you (?!answer|respond|reply|say|give|start|begin|write|provide|generate|do)|each|running|making|executing)|on (?:error|failure))\b[^.;:!?]{0,160}?)(?=[,;:.!?]|$| then\b)"
)
TRAILING_CONDITION = spaced(
    r"(?<!ask)(?<!see)(?<!know)(?<!check)(?<!decide)(?<!determine)(?<!sure)(?<!as) (?P<lead>(?:only |except |even )?(?:\bif\b|\bwhen\b(?! (?:possible|writing|answering|responding))|whenever|unless|in case|where applicable|where relevant|when relevant|when possible|if possible|where possible|as needed|if needed|if necessary|as appropriate|when appropriate|where appropriate) ?[^.;!?]{0,160})"
)
WEAK = spaced(
    r"\b(?:should|prefer(?:ably|red)?|try to|ideally|aim (?:to|for)|recommended?|where possible|when possible|if possible|generally|usually|typically|tend to|encouraged|better to|good to|would be (?:nice|great|good)|strive)\b"
)
STANDING = spaced(
    r"\b(?:always|never|every (?:response|answer|reply|message|turn|time)|each (?:response|answer|reply|message|turn)|all (?:of )?(?:your |the )?(?:responses|answers|replies|messages|interactions|conversations?)|any (?:of your )?(?:responses?|answers?|repl(?:y|ies)|messages?)|throughout|from now on|per (?:answer|response|reply|message|turn)|for the (?:whole|entire|rest of the|rest of this|remainder of the) \w+|at all times|ever|going forward|at any (?:time|point))\b"
)


COMMA_IMPERATIVE = spaced(rf", (?:please |also |then |just |always )?(?:{_VERB})\b(?! (?:of|to|by|in))")


def negated(before: str) -> bool:
    """Whether the words of a clause before a phrase negate it: `never use`, `without`; not `don't forget to`."""
    cleaned = _FALSE_NEGATION.sub(" ", before)
    return NEGATION.search(cleaned) is not None


def negated_after(after: str) -> bool:
    """Whether the words after a phrase negate it: `… are not allowed`."""
    return NEGATED_AFTER.search(after) is not None


def first_word_is_imperative(words: str) -> bool:
    """Whether the text begins with an imperative, after list marks and `please`/`then`/`also`."""
    match = _FIRST.match(words)
    return match is not None and match[1].lower() in IMPERATIVES


_FIRST = lazy(
    r"[\W\d_]*(?:(?:please|also|then|first|finally|next|lastly|additionally|and|but|so|now|kindly|just|instead|simply|furthermore|moreover|in addition|try to|remember to|carefully|strictly|briefly|again),?\s+){0,3}([a-z]+(?:['’]t)?)",
    re.IGNORECASE,
)

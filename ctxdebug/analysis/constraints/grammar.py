"""The closed word lists of instructions: what obliges, what negates, what makes it conditional."""

from __future__ import annotations

from ctxdebug.analysis.constraints.numbers import spaced
from ctxdebug.text.wordings import wording

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
        key=lambda verb: (-len(verb), verb),
    )
)

DEONTIC = wording("constraint_grammar", "deontic")
OBLIGATION = wording("constraint_grammar", "obligation")
REQUEST = wording("constraint_grammar", "request")
SUBJECT = wording("constraint_grammar", "subject")
DESCRIPTIVE = wording("constraint_grammar", "descriptive")
PERMISSION = wording("constraint_grammar", "permission")
PERMITTED = wording("constraint_grammar", "permitted")
"""A permission in the clause of a demand: `more detail allowed (up to 15 lines)`, `may run past two sentences`."""
DEFAULT = wording("constraint_grammar", "default")
BOUND = wording("constraint_grammar", "bound")
"""Words that make a permission a limit or take it back: `you may use at most 3`, `no other language is allowed`."""
NOTHING_MAY = wording("constraint_grammar", "nothing may")
"""What nothing is allowed to do is forbidden, and no permission."""
NEGATION = wording("constraint_grammar", "negation")
_FALSE_NEGATION = wording("constraint_grammar", "false negation")
NEGATED_AFTER = wording("constraint_grammar", "negated after")
CLAUSE_BREAK = wording("constraint_grammar", "clause break", verb=_VERB)
CONDITION = wording("constraint_grammar", "condition")
TRAILING_CONDITION = wording("constraint_grammar", "trailing condition")
WEAK = wording("constraint_grammar", "weak")
WISH = wording("constraint_grammar", "wish")
EXCEPTION = wording("constraint_grammar", "exception")
"""A sentence that says where the one before it does not hold: `The one exception is a shopping list.`"""
EMPHATIC = wording("constraint_grammar", "emphatic")
"""Words that take back an exception before it is made, and so narrow nothing: `not even at the start of a sentence`."""
CONCESSION = wording("constraint_grammar", "concession")
"""A case that is named because the demand holds in it too, and so asks for nothing: `even if the guest writes in English`."""
STANDING = wording("constraint_grammar", "standing")


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


_FIRST = wording("constraint_grammar", "first")

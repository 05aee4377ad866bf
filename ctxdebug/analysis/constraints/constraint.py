"""The nouns of the constraint register: a constraint, its draft, and the sentence-independent words for them."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Any

from ctxdebug.records import field, record
from ctxdebug.text.printable import excerpt

if TYPE_CHECKING:
    from collections.abc import Mapping

    from ctxdebug.analysis.constraints.conditions import Condition
    from ctxdebug.analysis.constraints.selection.part import Part


class Strength(StrEnum):
    """How binding the author made it."""

    MUST = "must"
    SHOULD = "should"
    WISH = "wish"
    """What is preferred and not demanded: `ideally under 20 words`."""
    DEFAULT = "default"
    """What holds until something else is asked for."""
    MAY = "may"


class Target(StrEnum):
    """What the instruction is about. Only `RESPONSE` can be checked against the answer's text."""

    RESPONSE = "response"
    TOOL_ARGUMENTS = "tool arguments"
    REASONING = "reasoning"
    MEMORY = "memory"
    CODE = "code"
    COMMIT = "commit message"
    PROGRESS = "progress updates"
    ARTIFACT = "artifact"
    QUOTATION = "quotation"
    OTHER = "part that it names"


class Scope(StrEnum):
    """How long it holds."""

    TURN = "turn"
    CONVERSATION = "conversation"


SHAPES = frozenset(
    """
    list.separator lines.edge list.marked format.keys questions.none lists.every position.bracket
    """.split()
)
"""Types whose pattern reads its sentence to the end, so that no qualifier of it is lost."""
KINDS = frozenset(
    """
    format.exact count.items list.mark list.nested list.after words.prime words.initials words.alphabet words.clusters words.vowels
    words.syllables words.repeats words.verb_first words.nth words.at sentences.keyword count.unique count.palindromes count.numbers
    count.conjunctions count.pronouns count.names count.marks sentences.increment sentences.alliteration sentences.chain sentences.emoji
    sentences.same_length sentences.balance sentences.ratio sentences.alphabet each.length paragraphs.first_last lines.words lines.stairs
    text.no_space ratio.stop_words ratio.overlap format.template nest.brackets nest.quotes quotes.explained sections.italic case.titled
    dates.form words.nth_language count.multiples text.reversed repeat.changed repeat.span sentences.cited sentences.nth_end lines.indented
    words.case_turns csv.columns csv.rows csv.shape html.element
    lines.acrostic numbers.all sentences.share position.question words.palindromes list.subs html.sequence
    """.split()
)
"""The kinds of `kinds/`: each phrasing of theirs reads its sentence to the end."""
CHECKED_TYPES = (
    SHAPES
    | KINDS
    | frozenset(
        {
            "format.json",
            "format.xml",
            "format.html",
            "format.yaml",
            "format.plain",
            "format.markdown",
            "format.numbered",
            "format.divider",
            "format.table",
            "format.bullets",
            "format.sections",
            "format.title",
            "format.highlights",
            "format.placeholders",
            "format.choice",
            "format.responses",
            "format.code",
            "format.headings",
            "length.words",
            "length.sentences",
            "length.paragraphs",
            "length.lines",
            "length.chars",
            "language",
            "keywords.include",
            "keywords.forbid",
            "keywords.freq",
            "count.char",
            "case.upper",
            "case.lower",
            "case.capwords",
            "punctuation.none",
            "emoji",
            "things.count",
            "position.start",
            "position.end",
            "position.postscript",
            "position.quotes",
            "position.first_word",
            "position.repeat",
            "grounding.cite",
            "tools.require",
            "tools.forbid",
            "tools.order",
            "tools.max_calls",
            "acts.path",
            "acts.command",
            "acts.commit",
            "acts.before",
            "acts.commit_size",
        }
    )
)
"""Types whose fulfilment is counted, not judged."""


@record(frozen=True, slots=True)
class Draft:
    """What a pattern saw in one sentence; offsets count from the start of the text."""

    type: str
    start: int
    end: int
    params: Mapping[str, Any] = field(default_factory=dict)
    negative: bool = False
    target: Target | None = None
    """Where the pattern itself knows it; otherwise read from the clause."""
    condition: str | None = None
    """Where the pattern itself knows it: what a tool is to be used for."""

    strength: Strength | None = None
    """Where the pattern itself knows it: `allowed keys` is no permission."""

    @property
    def read_whole(self) -> bool:
        """Whether its pattern read the sentence to the end; another that saw a part of the same words saw less."""
        return self.type in SHAPES or self.type in KINDS or bool(self.params.get("only") or self.params.get("names"))


@record(frozen=True, slots=True)
class Constraint:
    """One instruction of a text.

    `start` and `end` count characters of the text; `negative` is the polarity ("never …"). Bounds in
    `params` (`lo`, `hi`) are inclusive, None is open; `approx` marks a bare number ("a 200-word essay").
    """

    type: str
    params: Mapping[str, Any]
    text: str
    start: int
    end: int
    negative: bool = False
    strength: Strength = Strength.MUST
    condition: str | None = None
    target: Target = Target.RESPONSE
    scope: Scope = Scope.TURN
    qualifier: str | None = None
    """Words of the sentence that narrow it and that no reader understood; it is then not checkable, never weaker."""
    sentence: int = 0
    """Which sentence of the text it stands in; two constraints of one sentence never conflict."""
    parts: tuple[Part, ...] = ()
    """The parts of the answer that it is about, the outermost first; none for the whole answer."""

    @property
    def family(self) -> str:
        """The part of the type before the dot."""
        return self.type.partition(".")[0]

    when: Condition | None = None
    """Its condition, where the user's message shows whether it holds."""

    @property
    def partial(self) -> bool:
        """Whether it is about a part of the answer, and says nothing of the whole."""
        return bool(self.parts or self.params.get("each"))

    @property
    def of_calls(self) -> bool:
        """Whether the tool calls keep or break it, and not the words of the answer."""
        return self.family in {"tools", "acts"}

    @property
    def verifiable(self) -> bool:
        """Whether an answer may be called a violation of it."""
        return self.unchecked is None

    @property
    def unchecked(self) -> str | None:
        """Why it is listed and not checked, or None when it is checked."""
        if self.type not in CHECKED_TYPES:
            return "no deterministic check exists for this kind of instruction"
        if self.condition is not None:
            return f"whether it applies here is not known: “{excerpt(self.condition, 80)}”"
        if self.target is not Target.RESPONSE and not self.of_calls:
            return f"it is about the {self.target.value}, not the whole response"
        if self.strength is Strength.MAY:
            return "it permits something and demands nothing"
        if self.strength is Strength.WISH:
            return "it states a wish and demands nothing"
        if self.strength is Strength.DEFAULT:
            return "it is a default, and something else may have been asked for"
        if self.qualifier is not None:
            return f"its qualifier was not understood: “{excerpt(self.qualifier, 80)}”"
        if self.params.get("each") and not self.of_calls:
            return f"it applies to each {self.params['each']}, not the whole response"
        return None

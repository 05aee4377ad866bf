"""Rules in TOML: a page and one demand, for what needs no program."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Annotated, Any

import msgspec

from ctxdebug.errors import UsageError
from ctxdebug.model import Confidence, Severity
from ctxdebug.own_rules.checks import Check, Checked, Cites, Condition, Forbids, Requires, TokenLimits, ToolNames
from ctxdebug.own_rules.places import PLACES
from ctxdebug.own_rules.wanted import Wanted
from ctxdebug.questions import Question, Scope
from ctxdebug.redaction.bounded_regex import search
from ctxdebug.rules import OWN, Rule, RuleData
from ctxdebug.rules.page import Example, Page
from ctxdebug.text.nearest import choices, did_you_mean

Text = Annotated[str, msgspec.Meta(min_length=1, max_length=20_000)]
Texts = Annotated[list[Text], msgspec.Meta(min_length=1, max_length=200)]
Tokens = Annotated[int, msgspec.Meta(ge=0)]
DEMANDS = ("require", "forbid", "max-tokens", "must-cite", "tools-allowed", "tools-forbidden")
"""What a rule can demand; each has one of these."""
_MOST_PATTERN = 1_000
"""Characters of the longest pattern that is taken."""


class Pattern(msgspec.Struct, forbid_unknown_fields=True, frozen=True):
    """`{ regex = "…" }`: a Python regular expression."""

    regex: Text


Sought = Text | Pattern
SoughtList = Annotated[list[Sought], msgspec.Meta(min_length=1, max_length=200)]


class When(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename={"place": "in"}):
    """`when = { … }`: where a rule applies."""

    place: str = "question"
    contains: Text | None = None
    regex: Text | None = None
    model: Text | Texts = msgspec.field(default_factory=list)


class TomlRule(msgspec.Struct, forbid_unknown_fields=True, frozen=True, rename="kebab"):
    """A table `[[rule]]`, as it is written."""

    code: str
    name: str
    title: Text
    why: Text
    fix: Text
    severity: str = "warning"
    question: str | None = None
    when: When = When()
    place: str | None = msgspec.field(default=None, name="in")
    require: Sought | SoughtList | None = None
    forbid: Sought | SoughtList | None = None
    max_tokens: Mapping[str, Tokens] | None = None
    must_cite: bool = False
    tools_allowed: list[Text] | None = None
    tools_forbidden: Texts | None = None
    bad: list[Text] = []
    good: list[Text] = []


def toml_rules(path: Path, source: str) -> Iterator[Rule]:
    """Yield the rules of a file; raises `UsageError` naming the file, the rule and the key on the first that is broken."""
    try:
        document = tomllib.loads(source)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        raise UsageError(f"{path}: is not TOML: {error}") from None
    tables = document.get("rule")
    if not isinstance(tables, list) or len(document) != 1:
        raise UsageError(f"{path}: a file of rules has tables [[rule]], and nothing else")
    for number, table in enumerate(tables, 1):
        yield _rule(table, f"{path}: {_named(table, number)}")


def needs_examples(rule: Rule) -> bool:
    """Whether a rule's page must show what it finds; an example that is over a limit of tokens is too long for one."""
    return not (isinstance(rule.looks, Checked) and isinstance(rule.looks.check, TokenLimits))


def _named(table: Any, number: int) -> str:
    code = table.get("code") if isinstance(table, dict) else None
    return code if isinstance(code, str) and code.isalnum() and len(code) < 20 else f"rule {number}"


def _rule(table: Any, where: str) -> Rule:
    known = [field.encode_name for field in msgspec.structs.fields(TomlRule)]
    for key in table if isinstance(table, dict) else ():
        if key not in known:
            raise UsageError(f"{where}: unknown key {key!r}{did_you_mean(key, known, show=repr)}")
    try:
        told = msgspec.convert(table, TomlRule)
    except (msgspec.ValidationError, RecursionError) as error:
        raise UsageError(f"{where}: {_in_words(str(error))}") from None
    checked = Checked(_check(told, where), _condition(told.when, where))
    page = Page(
        told.title.strip(), told.why.strip(), told.fix.strip(),
        tuple(Example(_text(text), bad) for bad, texts in ((True, told.bad), (False, told.good)) for text in texts), (),
    )  # fmt: skip
    about = RuleData(
        _question(told.question, where), _severity(told.severity, where), Scope.EXCHANGE, Confidence.HIGH, None, (),
        tuple(sorted(checked.needs)), 0,
    )  # fmt: skip
    return Rule(told.code, told.name, about, checked, family=OWN, page=page)


def _text(example: str) -> str:
    return example.strip("\n") + "\n"


def _in_words(error: str) -> str:
    """Return what msgspec says of a value, with the key first: `$.max-tokens` is `max-tokens`."""
    said, _, at = error.partition(" - at `$")
    key = at.rstrip("`").lstrip(".")
    return f"{key + ': ' if key else ''}{said[:1].lower()}{said[1:]}"


def _severity(word: str, where: str) -> Severity:
    known = {severity.word: severity for severity in Severity}
    if word not in known:
        raise UsageError(f"{where}: severity: unknown value {word!r}; {choices(word, known)}")
    return known[word]


def _question(word: str | None, where: str) -> Question | None:
    known = {question.value: question for question in Question}
    if word is None or word in known:
        return None if word is None else known[word]
    raise UsageError(f"{where}: question: unknown value {word!r}; {choices(word, known)}")


def _condition(when: When, where: str) -> Condition:
    if when.contains is not None and when.regex is not None:
        raise UsageError(f"{where}: when: give contains or regex, not both")
    sought: Sought | None = Pattern(when.regex) if when.regex is not None else when.contains
    models = (when.model,) if isinstance(when.model, str) else tuple(when.model)
    wanted = None if sought is None else _wanted(sought, f"{where}: when")
    return Condition(models, _place(when.place, f"{where}: when"), wanted)


def _place(word: str, where: str) -> str:
    if word not in PLACES:
        raise UsageError(f"{where}: in: unknown value {word!r}; {choices(word, PLACES)}")
    return word


def _check(told: TomlRule, where: str) -> Check:
    given = [name for name in DEMANDS if getattr(told, name.replace("-", "_")) not in (None, False)]
    if len(given) != 1:
        raise UsageError(
            f"{where}: give one of {', '.join(DEMANDS)}{'' if not given else ', not ' + ' and '.join(given)}"
        )
    (kind,) = given
    if told.place is not None and kind not in {"require", "forbid"}:
        raise UsageError(f"{where}: in: {kind} has no place; it is for require and forbid")
    place = _place(told.place or "answer", where)
    if kind == "require":
        return Requires(place, _all_wanted(told.require, f"{where}: require"))
    if kind == "forbid":
        return Forbids(place, _all_wanted(told.forbid, f"{where}: forbid"))
    if kind == "max-tokens":
        return TokenLimits(_limits(told.max_tokens or {}, where))
    if kind == "must-cite":
        return Cites()
    if kind == "tools-allowed":
        return ToolNames(tuple(told.tools_allowed or ()))
    return ToolNames(None, tuple(told.tools_forbidden or ()))


def _limits(limits: Mapping[str, int], where: str) -> Mapping[str, int]:
    known = ("prompt", "tools", "answer", "system", "user", "assistant", "tool", "documents")
    if not limits:
        raise UsageError(f"{where}: max-tokens: name a part and its limit, as {{ system = 2000 }}")
    for part in limits:
        if part not in known:
            raise UsageError(f"{where}: max-tokens: unknown part {part!r}; {choices(part, known)}")
    return limits


def _all_wanted(sought: Any, where: str) -> tuple[Wanted, ...]:
    return tuple(_wanted(one, where) for one in (sought if isinstance(sought, list) else [sought]))


def _wanted(sought: Sought, where: str) -> Wanted:
    """Return what to look for; raises `UsageError` on a pattern that cannot be read, or that is found in every text."""
    if isinstance(sought, str):
        if not sought.strip():
            raise UsageError(f"{where}: only spaces, which every text has")
        return Wanted(sought.strip())
    pattern = sought.regex
    if len(pattern) > _MOST_PATTERN:
        raise UsageError(f"{where}: the pattern has {len(pattern):,} characters; at most {_MOST_PATTERN:,} are taken")
    try:
        empty = search(pattern, "")
    except UsageError as error:
        raise UsageError(f"{where}: {error}") from None
    if empty is not None:
        raise UsageError(f"{where}: the pattern {pattern!r} matches the empty text, which is everywhere")
    return Wanted(pattern, regex=True)

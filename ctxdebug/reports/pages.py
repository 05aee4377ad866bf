"""The rules' own pages, as text, Markdown and JSON; nothing is said twice."""

from __future__ import annotations

import json
from collections.abc import Sequence

from ctxdebug.questions import Scope
from ctxdebug.rules import Rule, family_row


def text(rules: Sequence[Rule]) -> str:
    """Pages for a terminal."""
    return "\n".join(_text(rule) for rule in rules)


def _text(rule: Rule) -> str:
    page = rule.page
    lines = [
        f"{rule.code} {rule.name}",
        page.title,
        "",
        f"  family      {family_row(rule)}",
        f"  step        {rule.step.value} {rule.step.title.lower()}",
        f"  question    {_question(rule)}",
        f"  severity    {rule.severity.word}, confidence {rule.confidence.word}",
        f"  tags        {', '.join(rule.tags) or '-'}",
    ]
    if rule.needs:
        lines.append(f"  needs       {', '.join(sorted(need.value for need in rule.needs))}")
    lines += ["", page.why, ""]
    for example in page.examples:
        lines += [
            "Bad:" if example.bad else "Good:",
            "",
            *(f"    {line}" for line in example.text.rstrip().split("\n")),
            "",
        ]
    lines += ["Fix:", "", page.fix, ""]
    for heading, body in page.more:
        lines += [f"{heading}:", "", body, ""]
    return "\n".join(lines)


def _question(rule: Rule) -> str:
    if rule.question is not None:
        return rule.question.statement
    whole = rule.scope is Scope.SUITE
    return f"none: {'the rule looks at a whole suite of cases' if whole else 'what the project itself demands'}"


def markdown(rules: Sequence[Rule]) -> str:
    """Pages for a website or a wiki."""
    return "\n".join(_markdown(rule) for rule in rules)


def _markdown(rule: Rule) -> str:
    page = rule.page
    lines = [
        f"## {rule.code} {rule.name}",
        "",
        f"**{page.title}**",
        "",
        page.why,
        "",
        f"{family_row(rule)} · step {rule.step.value} · {rule.severity.word} · {', '.join(rule.tags)}",
        "",
    ]
    for example in page.examples:
        lines += ["Bad:" if example.bad else "Good:", "", "```text", example.text.rstrip(), "```", ""]
    lines += ["Fix:", "", page.fix, ""]
    for heading, body in page.more:
        lines += [f"### {heading}", "", body, ""]
    return "\n".join(lines)


def values(rules: Sequence[Rule]) -> str:
    """Pages as JSON."""
    return json.dumps([_value(rule) for rule in rules], ensure_ascii=False, indent=1) + "\n"


def _value(rule: Rule) -> dict[str, object]:
    page = rule.page
    return {
        "code": rule.code,
        "name": rule.name,
        "family": rule.family,
        "step": int(rule.step),
        "question": rule.question.value if rule.question is not None else None,
        "scope": rule.scope.value,
        "fallback": rule.fallback.name.lower() if rule.fallback is not None else None,
        "severity": rule.severity.word,
        "confidence": rule.confidence.word,
        "tags": list(rule.tags),
        "needs": sorted(need.value for need in rule.needs),
        "title": page.title,
        "why": page.why,
        "bad": [example.text for example in page.examples if example.bad],
        "good": [example.text for example in page.examples if not example.bad],
        "fix": page.fix,
        "more": dict(page.more),
    }


PAGE_FORMATS = {"text": text, "markdown": markdown, "json": values}

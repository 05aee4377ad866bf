"""What a run may never do: paths not to be changed, commands not to be run, lines not to be in commits."""

# ruff: noqa: E501 - a pattern is read as one line

from __future__ import annotations

from typing import TYPE_CHECKING

from ctxdebug.analysis.constraints.clauses import Sentence
from ctxdebug.analysis.constraints.constraint import Draft, Target
from ctxdebug.analysis.constraints.masking import INSIDE, QUOTED
from ctxdebug.analysis.constraints.numbers import spaced
from ctxdebug.analysis.constraints.pattern import Pattern, cues
from ctxdebug.text.wordings import base_name, wording

if TYPE_CHECKING:
    import re
    from collections.abc import Iterator

_PATH = rf"(?P<path>{QUOTED}|(?-i:\.?[\w.-]+/[\w./*-]*|[\w-]+\.(?:py|js|ts|tsx|json|toml|ya?ml|lock|md|sql|go|rs|java|cfg|ini|env|txt)\b|\.env\b))"
_CHANGE = spaced(
    rf"\b(?:touch|modify|edit|change|alter|delete|remove|overwrite|rename|move|write to|commit to|update) (?:any(?:thing)? |the |files? |code |directory |folder |in |under |inside |within |of |existing )*{_PATH}"
)
_RUN = spaced(rf"\b(?:run|execute|use|call|invoke|type) (?:the |any )?(?:command |commands )?(?P<command>`{INSIDE}+`)")
_TRAILER = spaced(
    rf"\b(?:no|any|without|add|include|use|put|append) (?:any |an? |the )?(?P<line>{QUOTED}|(?-i:[A-Z][a-z]+(?:-[A-Za-z]+)+)(?: ?:)?)(?: (?:lines?|trailers?|footers?))?"
)
_SHELL = spaced(r"[ /]|^(?:git|npm|pip|make|rm|sudo|docker|kubectl|curl|wget|pytest|yarn|cargo)\b")


def _text(sentence: Sentence, match: re.Match[str], group: str) -> str:
    low, high = match.span(group)
    return sentence.quoted(low, high) if INSIDE in match[group] else sentence.raw[low:high].strip()


def _denied(sentence: Sentence, match: re.Match[str], group: str) -> bool:
    """Whether the act is forbidden; `remove it` is an act, and no denial of one."""
    return match[0].lower().startswith(("no ", "any ", "without ")) or sentence.negated(match.start(), match.end(group))


def _acts(sentence: Sentence) -> Iterator[Draft]:
    for kind, pattern, group in (
        ("acts.path", _CHANGE, "path"),
        ("acts.command", _RUN, "command"),
        ("acts.commit", _TRAILER, "line"),
    ):
        match = pattern.search(sentence.text)
        if match is None or not _denied(sentence, match, group):
            continue
        name = _text(sentence, match, group).rstrip(".,: ")
        plain = kind == "acts.path" and "/" not in name and "." not in name
        if len(name) < 3 or plain or (kind == "acts.command" and not _SHELL.search(name)):
            continue
        if kind == "acts.commit" and not (
            "-" in name and sentence.words & {"commit", "commits", "trailer", "trailers", "line", "lines"}
        ):
            continue
        yield Draft(
            kind,
            sentence.offset + match.start(),
            sentence.offset + match.end(),
            {"name": name},
            negative=True,
            condition=_exempt(sentence, match),
        )
        return


_UNLESS = spaced(
    r"\b(?:unless|except|without (?:asking|permission|approval|confirmation)|until|before|if|when|other than|directly|by hand|manually)\b[^.;!?\n]{0,80}"
)


def _exempt(sentence: Sentence, match: re.Match[str]) -> str | None:
    """Return what lifts it: `unless asked`, `without asking`, `by hand`."""
    found = _UNLESS.search(sentence.text, match.start())
    return sentence.raw[found.start() : found.end()].strip() if found else None


_BEFORE = wording("constraint_acts", "before")
_SIZE = wording("constraint_acts", "commit size")


def _orders(sentence: Sentence) -> Iterator[Draft]:
    """Find what a run is to do before something else, and how long its commit messages may be."""
    match = _BEFORE.search(sentence.text)
    if match:
        found = {base_name(name): text.lower() for name, text in match.groupdict().items() if text}
        first = "lint" if "lint" in found["first"] else "types" if "type" in found["first"] else "tests"
        then = next((act for act in ("commit", "push") if found["then"].startswith(act)), "report")
        yield Draft(
            "acts.before",
            sentence.offset + match.start(),
            sentence.offset + match.end(),
            {"first": first, "then": then},
        )
    match = _SIZE.search(sentence.text)
    if match:
        found = {base_name(name): text.lower() for name, text in match.groupdict().items() if text}
        most = int(found["n"]) - (
            found.get("rel", "").split()[-1:] in (["under"], ["below"], ["than"]) and "more" not in found.get("rel", "")
        )
        yield Draft(
            "acts.commit_size",
            sentence.offset + match.start(),
            sentence.offset + match.end(),
            {"lo": None, "hi": most},
            target=Target.COMMIT,
        )


PATTERNS = (
    Pattern(
        "acts.before",
        cues("tests test linter linters lint type commit"),
        _orders,
        "Always run the tests before committing.",
        bare=False,
    ),
    Pattern(
        "acts.path",
        cues(
            "touch modify edit change alter delete remove overwrite rename move write commit update run execute use call invoke type no any without add include put append"
        ),
        _acts,
        "Never touch `migrations/`.",
        bare=False,
    ),
)

"""How one model is written: prefixes, regions, dates and tags around the name that a catalogue lists.

The same model is `gpt-4o-mini`, `openai/gpt-4o-mini`, `us.anthropic.claude-…-v1:0` or `models/gemini-…`,
depending on who is asked. Each step takes one thing off, and is told in the answer as the rule that matched.
"""

from __future__ import annotations

from functools import cache, lru_cache
from typing import Any

from ctxdebug.models.data_files import read
from ctxdebug.records import record
from ctxdebug.text.patterns import lazy

DATE = lazy(r"[-@](20\d{2})-?(\d{2})-?(\d{2})$")
VERSION = lazy(r"-v?\d{1,2}:\d{1,2}(?::[0-9a-z]{1,6})?$")
BARE_VERSION = lazy(r"-v\d$")
VERTEX_VERSION = lazy(r"@(?:default|latest|\d{3,8})$")
ARN = lazy(r"arn:[^/]{1,200}:(?:inference-profile|foundation-model)/(.+)$")
PUBLISHER = lazy(r"projects/[^/]{1,100}/locations/[^/]{1,100}/(publishers/.+)$")
DATED_PART = lazy(r"(.{2,80}?-20\d\d-?\d\d-?\d\d)[-_+ ].+$")
FINE_TUNED = lazy(r"(ft:[^:]{1,100}):.*$")
DIGIT_DOT = lazy(r"(?<=\d)\.(?=\d)")
INEXACT = frozenset({"undated", "latest", "fine-tuned"})
"""Rules after which the name is the model's family rather than this very snapshot."""


@record(frozen=True, slots=True)
class Spelling:
    """A way to write a name, and the rules that led to it from what was sent."""

    text: str
    rules: tuple[str, ...] = ()

    def step(self, rule: str, text: str) -> Spelling:
        """Take one more rule."""
        return Spelling(text, self.rules if rule in self.rules else (*self.rules, rule))

    @property
    def same_model(self) -> bool:
        """Whether it still names the very model that was sent."""
        return INEXACT.isdisjoint(self.rules)


@cache
def _host_names() -> dict[str, str]:
    names: dict[str, str] = {}
    for host, facts in read("hosts")["hosts"].items():
        for name in (host, *facts["also"]):
            names[name] = host
    return names


def canonical_host(provider: str | None) -> str | None:
    """Give the host by the name the data files use; None for one that no file knows."""
    if not provider:
        return None
    lowered = provider.strip().lower()
    names = _host_names()
    if lowered in names:
        return names[lowered]
    if lowered.startswith("huggingface"):
        return "huggingface"
    return names.get(lowered.replace("_", "-"))


@cache
def _prefixes() -> list[tuple[str, str]]:
    """(prefix, host), the longest first."""
    pairs = [(prefix, host) for host, facts in read("hosts")["hosts"].items() for prefix in facts["prefix"]]
    return sorted(pairs, key=lambda pair: -len(pair[0]))


def implied_host(name: str) -> str | None:
    """Give the host that a name's own prefix tells (`groq/…`, `bedrock/…`), where it tells one."""
    lowered = name.strip().lower()
    host = next((host for prefix, host in _prefixes() if lowered.startswith(prefix)), None)
    if host is None and (lowered.startswith("arn:aws") or VERSION.search(lowered)):
        return "bedrock"
    return host


def _without_prefix(text: str) -> list[tuple[str, str]]:
    """Every way to take one prefix off, with the rule that does."""
    names: dict[str, Any] = read("names")
    found: list[tuple[str, str]] = []
    if whole := ARN.match(text) or PUBLISHER.match(text):
        found.append(("path", whole[1]))
    for prefix, _ in _prefixes():
        if text.startswith(prefix):
            found.append(("prefix", text[len(prefix) :]))
            break
    for rule, prefixes in (
        ("path", names["paths"]),
        ("region", names["regions"]),
        ("vendor", names["vendor_prefixes"]),
    ):
        found += [(rule, text[len(prefix) :]) for prefix in prefixes if text.startswith(prefix)]
    organisation, slash, rest = text.partition("/")
    if slash and organisation in names["organisations"]:
        found.append(("organisation", rest))
    return found


def _without_suffix(text: str) -> list[tuple[str, str]]:
    """Every way to write the end differently, with the rule that does."""
    names: dict[str, Any] = read("names")
    found = [("tag", text.removesuffix(tag)) for tag in names["variants"] if text.endswith(tag)]
    for rule, pattern in (("version", VERSION), ("version", BARE_VERSION), ("vertex version", VERTEX_VERSION)):
        if match := pattern.search(text):
            found.append((rule, text[: match.start()]))
    if "@" in text:
        found.append(("vertex version", text.replace("@", "-", 1)))
    if match := FINE_TUNED.match(text):
        found.append(("fine-tuned", match[1]))
    if match := DATED_PART.match(text):
        found.append(("snapshot in the name", match[1]))
    spelled = (text.replace(row["from"], row["to"], 1) for row in names["spellings"] if row["from"] in text)
    return [*found, *(("spelling", other) for other in spelled)]


def _respelled(text: str) -> list[tuple[str, str]]:
    """Other words for the same family: without its date, with or without `latest`, dots as hyphens."""
    found: list[tuple[str, str]] = []
    if match := DATE.search(text):
        found.append(("undated", text[: match.start()]))
    if text.endswith("-latest"):
        found.append(("latest", text.removesuffix("-latest")))
    elif not DATE.search(text):
        found.append(("latest", f"{text}-latest"))
    if "claude" in text:
        dashed = DIGIT_DOT.sub("-", text)
        found.append(("spelling", dashed))
        found.append(("spelling", f"{dashed}-0"))
    return [(rule, other) for rule, other in found if other != text]


@lru_cache(maxsize=2048)
def spellings(name: str) -> tuple[Spelling, ...]:
    """Give a name and every simpler way to write it, those nearest to what was sent first; all in lower case."""
    first = Spelling(name.strip().lower())
    found: dict[str, Spelling] = {first.text: first}
    for rewrite in (_without_prefix, _without_suffix, _respelled):
        queue = list(found.values())
        while queue:
            spelling = queue.pop(0)
            for rule, text in rewrite(spelling.text):
                if text and text not in found and len(found) < 64:
                    found[text] = spelling.step(rule, text)
                    if rewrite is not _respelled or rule != "latest":
                        queue.append(found[text])
    return tuple(sorted(found.values(), key=lambda spelling: (not spelling.same_model, len(spelling.rules))))


def plain_names(name: str) -> tuple[str, ...]:
    """Give the name without host, path, region and vendor, the shortest first: what name patterns are written for."""
    plain = [
        s.text for s in spellings(name) if {"path", "prefix", "region", "vendor", "organisation"}.issuperset(s.rules)
    ]
    return tuple(sorted({text.rsplit("/", 1)[-1] for text in plain}, key=len))

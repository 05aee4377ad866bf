"""The rules' places in other people's taxonomies, and in the translation table, as SARIF components."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

from ctxdebug.records import record
from ctxdebug.rules import FAMILIES, Rule

TRANSLATION = "translation-table"


@record(frozen=True, slots=True)
class Component:
    """A taxonomy and those of its entries that the rules name. `taxa` are (id, name, text)."""

    name: str
    title: str
    organization: str
    version: str
    taxa: tuple[tuple[str, str, str], ...]

    def of(self, rule: Rule) -> list[str]:
        """Return the ids of the entries that a rule belongs to."""
        if self.name == TRANSLATION:
            return [rule.code[:3]] if rule.code[:3] in FAMILIES else []
        return [tag.partition(":")[2] for tag in rule.tags if tag.startswith(f"{self.name}:")]

    def index(self, taxon: str) -> int:
        """Where an entry stands."""
        return next(number for number, (found, _, _) in enumerate(self.taxa) if found == taxon)

    def value(self) -> dict[str, Any]:
        """Return the component as SARIF has it."""
        value: dict[str, Any] = {
            "name": self.name,
            "organization": self.organization,
            "shortDescription": {"text": self.title},
            "isComprehensive": False,
            "taxa": [
                {
                    "id": taxon,
                    "name": _name(name),
                    "shortDescription": {"text": name},
                    "fullDescription": {"text": text},
                }
                for taxon, name, text in self.taxa
            ],
        }
        if self.version:
            value["version"] = self.version
        return value


def _name(words: str) -> str:
    return re.sub(r"[^A-Za-z0-9]", "", words.title()) or "Entry"


def components(rules: Sequence[Rule]) -> list[Component]:
    """Return the translation table first, then every taxonomy that a tag names."""
    table = Component(
        TRANSLATION, "from the problems of the RNN era to those of LLM products", "ctxdebug", "",
        tuple(
            (family.prefix, family.problem, f"{family.manifestation}; what helps: {family.answer}")
            for family in FAMILIES.values()
        ),
    )  # fmt: skip
    entries: dict[str, dict[str, None]] = {}
    for rule in rules:
        for tag in rule.tags:
            taxonomy, _, taxon = tag.partition(":")
            entries.setdefault(taxonomy, {})[taxon] = None
    return [table, *(_component(name, sorted(taxa)) for name, taxa in sorted(entries.items()))]


def _component(name: str, taxa: Sequence[str]) -> Component:
    known = _catalogue().get(name, {})
    names = known.get("entries", {})
    titled = tuple((taxon, names.get(taxon, taxon), names.get(taxon, taxon)) for taxon in taxa)
    return Component(name, known.get("title", name), known.get("organization", name), known.get("version", ""), titled)


@lru_cache(maxsize=1)
def _catalogue() -> dict[str, Any]:
    import tomllib

    return tomllib.loads((Path(__file__).parent / "taxonomies.toml").read_text(encoding="utf-8"))

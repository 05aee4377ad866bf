"""Which of OpenAI's rules hold for a model and a host; the constants and their evidence are in `openai.json`."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any


@cache
def constants() -> Any:
    """Everything that `openai.json` holds."""
    return json.loads(Path(__file__).with_name("openai.json").read_bytes())


@cache
def is_own_host(provider: str | None, url: str | None) -> bool:
    """Whether OpenAI (or Azure) itself answered; taken for granted where nothing else is told."""
    told = [text for text in (provider, url) if text]
    return not told or any(re.search(constants()["own_hosts"], text) for text in told)


@cache
def rules_of(model: str) -> dict[str, Any] | None:
    """Return the constants of a model, by its bare name; None when it is none of OpenAI's."""
    data = constants()
    name = next((row["rules"] for row in data["models"] if re.match(row["pattern"], model)), None)
    return {**_merged(name, data["rules"]), "named": name} if name else None


def at_host(provider: str | None, url: str | None, named: str, api: str) -> dict[str, Any]:
    """Return the constants that differ at another host of the same models; none where it was not seen to differ."""
    told = f"{provider or ''} {url or ''}"
    for row in constants()["at_hosts"]:
        if row["host"] in told and (row["rules"], row["api"]) == (named, api):
            changed: dict[str, Any] = row["set"]
            return changed
    return {}


def _merged(name: str, table: Mapping[str, Any]) -> dict[str, Any]:
    own = table[name]
    parent: dict[str, Any] = _merged(own["like"], table) if "like" in own else {"chat": {}, "responses": {}}
    apis = {api: {**parent[api], **own.get(api, {})} for api in ("chat", "responses")}
    return {**parent, **own, **apis}

"""Secrets of many kinds, in every place of a capture, in every output: none can be read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.redaction.kinds import SECRETS, Secret
from tests.redaction.outputs import PLACES, capture, live_outputs, outputs
from tests.redaction.readings import readings, shown

CHIEF = (
    "anthropic-key", "github-token", "jwt", "private key", "basic", "cookie", "password in prose", "password with signs", "curl -u", "xml",
    "query", "wrapped", "added strings", "zero width", "hex", "base64", "percent signs", "entities",
)  # fmt: skip


def everywhere(text: str) -> dict[str, Any]:
    return capture(system=text, user=text, tool=text, arguments=text, answer=text, metadata=text, tools=text)


def leaks(folder: Path, document: Mapping[str, Any], secrets: Mapping[str, Secret]) -> list[str]:
    return shown_in(outputs(folder, document), secrets)


def shown_in(made: Iterable[tuple[str, str]], secrets: Mapping[str, Secret]) -> list[str]:
    found = []
    for name, text in made:
        forms = readings(text)
        found += [
            f"{name} shows {piece!r} of {kind}" for kind, one in secrets.items() if (piece := shown(forms, one.core))
        ]
    return found


def text_of(secrets: Mapping[str, Secret]) -> str:
    return " \n\n".join(secret.text for secret in secrets.values())


def test_no_output_shows_the_chief_secrets(tmp_path: Path) -> None:
    secrets = {name: SECRETS[name] for name in CHIEF}
    assert leaks(tmp_path, everywhere(text_of(secrets)), secrets) == []


@pytest.mark.slow
@pytest.mark.parametrize("place", PLACES)
def test_no_output_shows_a_secret_of_any_kind(tmp_path: Path, place: str) -> None:
    assert leaks(tmp_path, PLACES[place](text_of(SECRETS)), SECRETS) == []


@pytest.mark.slow
def test_neither_a_recording_nor_watching_shows_a_secret_of_any_kind(tmp_path: Path) -> None:
    headers = [secret.text for secret in SECRETS.values() if secret.text.isascii() and "\n" not in secret.text]
    assert shown_in(live_outputs(tmp_path, everywhere(text_of(SECRETS)), headers), SECRETS) == []


@pytest.mark.slow
@pytest.mark.parametrize("kind", SECRETS)
def test_no_output_shows_a_secret_alone(tmp_path: Path, kind: str) -> None:
    assert leaks(tmp_path, everywhere(SECRETS[kind].text), {kind: SECRETS[kind]}) == []


def test_the_readings_find_what_is_there() -> None:
    """The oracle itself: every secret can be read from its own text, so that a masked one proves something."""
    for kind, secret in SECRETS.items():
        assert shown(readings(f"as it is: {secret.text} and so on"), secret.core), kind

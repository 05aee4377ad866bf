"""A model that fails at odds which the texts of a request add up to, and gives the log-probabilities of what it says."""

from __future__ import annotations

import math
import random
from collections.abc import Mapping
from typing import Any

from tests.evals.model_stub import Stub, Told, chat
from tests.proof.planted import words

WRONG, RIGHT = "100", "120"


def rate(text: str, base: float, weights: Mapping[str, float]) -> float:
    """Return how likely the wrong number is: the logistic of a base and of what each text that is there adds."""
    return 1 / (1 + math.exp(-base - sum(weight for part, weight in weights.items() if part in text)))


def token(text: str, likely: float, *others: tuple[str, float]) -> dict[str, Any]:
    """Return one token of an OpenAI reply with its alternatives."""
    listed = [{"token": name, "logprob": math.log(value)} for name, value in ((text, likely), *others)]
    return {"token": text, "logprob": math.log(likely), "top_logprobs": listed}


def tokens(wrong: float) -> list[dict[str, Any]]:
    """Return the tokens of the likelier answer, where the wrong number has this probability."""
    likely, said, other = (wrong, WRONG, RIGHT) if wrong > 0.5 else (1 - wrong, RIGHT, WRONG)
    number = token(f" {said}", likely * 0.99, (f" {other}", (1 - likely) * 0.99))
    return [token("It", 0.9, ("The", 0.1)), token(" is", 0.95), number, token(" EUR", 0.98), token(".", 0.9)]


def answers_with_logprobs(stub: Stub, base: float, weights: Mapping[str, float], *, has_logprobs: bool = True) -> None:
    """Let the model answer so; with `temperature` 0 it says what is likelier. Each answer is one of its own."""
    generator, counter = random.Random(7), iter(range(1_000_000))

    def reply(request: dict[str, Any]) -> Told:
        wrong = rate(words(request), base, weights)
        fails = wrong > 0.5 if request.get("temperature") == 0 else generator.random() < wrong
        told = {**chat(f"It is {WRONG if fails else RIGHT} EUR."), "id": f"r{next(counter)}"}
        if request.get("logprobs") and has_logprobs:
            told["choices"][0]["logprobs"] = {"content": tokens(wrong)}
        return Told(told)

    stub.reply = reply

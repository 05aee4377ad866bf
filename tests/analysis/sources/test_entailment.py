"""An entailment model that the user supplies: what it decides, what it leaves, and what is said where it does not fit."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from ctxdebug.analysis.sources import entailment as room
from ctxdebug.analysis.sources.claim import Claim, ClaimVerdict
from ctxdebug.analysis.sources.entailment import Entailment, Judgement, decided
from ctxdebug.analysis.sources.examination import Examination
from ctxdebug.analysis.sources.source import Source
from ctxdebug.api.calls import inspect
from ctxdebug.errors import UsageError

HOUSE = "Dogs and cats must stay outside the building. Breakfast is served from seven to ten."
BARKS, FED, PAID = "Your dog can sleep in the hall.", "Guests are fed in the early hours.", "Wi-Fi costs 4 euros a day."


class Told(Entailment):
    """A model that says what it is told to say of a claim."""

    def __init__(self, says: dict[str, Judgement]) -> None:
        self.name, self.says, self.asked = "told", says, list[str]()

    def judge(self, premise: str, claim: str) -> Judgement:
        assert premise
        self.asked.append(claim)
        return self.says.get(claim, Judgement(0.1, 0.1))


def claims(answer: str, model: Entailment) -> dict[str, Claim]:
    """Return the claims of an answer to a question about the house, decided."""
    found = Examination([Source("house", HOUSE)], "What are the rules of the house?", answer)
    return {one.text: one for one in decided(found.claims, found, model, 0.9)}


def test_it_decides_what_words_leave_open() -> None:
    """An entailed claim is supported, a contradicted one is told with the sentence; of the rest nothing changes."""
    told = Told({BARKS: Judgement(0.02, 0.97), FED: Judgement(0.96, 0.01)})
    found = claims(f"{BARKS} {FED} Cats are quiet in the building.", told)
    assert found[BARKS].verdict is ClaimVerdict.CONTRADICTED
    assert found[BARKS].differences[0].kind == "meaning"
    assert found[BARKS].differences[0].stated in HOUSE
    assert found[FED].verdict is ClaimVerdict.SUPPORTED
    assert "told" in found[FED].why
    assert found["Cats are quiet in the building."].verdict is ClaimVerdict.NOT_EXAMINED


def test_it_disputes_nothing_that_a_source_says() -> None:
    """A supported claim is not asked about."""
    told = Told({})
    found = claims("Breakfast is served from seven to ten.", told)
    assert [one.verdict for one in found.values()] == [ClaimVerdict.SUPPORTED]
    assert told.asked == []


@pytest.mark.parametrize(("entails", "verdict"), [(0.95, ClaimVerdict.SUPPORTED), (0.5, ClaimVerdict.UNSUPPORTED)])
def test_it_may_vouch_for_what_is_in_no_source_in_these_words(entails: float, verdict: ClaimVerdict) -> None:
    """Where it leans to the claim and does not reach the threshold, the words decide."""
    answer = "Breakfast is served from seven to ten in the Marble Saloon."
    found = claims(answer, Told({answer: Judgement(entails, 0.99)}))
    assert found[answer].verdict is verdict


def test_a_sentence_that_speaks_for_a_claim_outweighs_one_that_speaks_against_it() -> None:
    """A contradiction is told only where nothing near leans the other way."""
    found = claims(BARKS, Told({BARKS: Judgement(0.6, 0.97)}))
    assert found[BARKS].verdict is ClaimVerdict.NOT_EXAMINED


@pytest.mark.parametrize(
    ("config", "reason"),
    [(None, "which is not there"), ("{}", "does not name the classes"), ("[", "does not name"), ('{"id2label": {"0": "toxic"}}', "no class `entailment`")],
)  # fmt: skip
def test_what_does_not_fit_is_said(tmp_path: Path, config: str | None, reason: str) -> None:
    """In one line, with the file."""
    for name in ("model.onnx", "tokenizer.json"):
        (tmp_path / name).write_text("x", "utf-8")
    if config is not None:
        (tmp_path / "config.json").write_text(config, "utf-8")
    with pytest.raises(UsageError, match=reason):
        Entailment(tmp_path / "model.onnx")


def test_the_configuration_names_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`[sources] nli`, with its threshold; MEM410 shows what it found."""
    asked: list[str] = []
    told = Told({BARKS: Judgement(0.02, 0.97)})

    def loaded(path: str) -> Entailment:
        asked.append(path)
        return told

    monkeypatch.setattr(room, "entailment", loaded)
    config = tmp_path / "ctxdebug.toml"
    config.write_text('[sources]\nnli = "models/nli.onnx"\nnli-threshold = 0.95\n', "utf-8")
    messages = [
        {"role": "system", "content": "Answer only from the documents. If they do not hold the answer, say so."},
        {"role": "user", "content": f'<document id="house">{HOUSE}</document>\nWhere can my dog sleep?'},
    ]
    response = {"choices": [{"message": {"role": "assistant", "content": BARKS}, "finish_reason": "stop"}]}
    exchange: dict[str, Any] = {"request": {"model": "gpt-4o-mini", "messages": messages}, "response": response}
    assert "MEM410" not in {one.code for one in inspect(exchange).findings}
    (finding,) = (one for one in inspect(exchange, config=config).findings if one.code == "MEM410")
    assert "(meaning)" in finding.message
    assert set(asked) == {"models/nli.onnx"}


@pytest.fixture
def model(tmp_path: Path) -> Path:
    """A model that finds an entailment where "zebra" is in the pair, and a contradiction where "quokka" is: it adds up three logits a token."""
    onnx = pytest.importorskip("onnx")
    pytest.importorskip("onnxruntime")
    tokenizers = pytest.importorskip("tokenizers")
    import numpy as np

    table = np.array([[0, 0, 0], [0, 9, -9], [9, 0, -9]], dtype=np.float32)
    helper, kinds = onnx.helper, onnx.TensorProto
    nodes = [
        helper.make_node("Gather", ["table", "input_ids"], ["rows"]),
        helper.make_node("ReduceSum", ["rows", "axis"], ["sums"], keepdims=0),
        helper.make_node("Add", ["sums", "start"], ["logits"]),
    ]
    start = np.array([[0, 0, 2]], dtype=np.float32)
    held = {"table": table, "start": start, "axis": np.array([1], dtype=np.int64)}
    graph = helper.make_graph(
        nodes,
        "nli",
        [helper.make_tensor_value_info("input_ids", kinds.INT64, ["batch", "tokens"])],
        [helper.make_tensor_value_info("logits", kinds.FLOAT, ["batch", 3])],
        [onnx.numpy_helper.from_array(value, name) for name, value in held.items()],
    )
    path = tmp_path / "zebra-nli" / "model.onnx"
    path.parent.mkdir()
    onnx.save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 17)], ir_version=8), str(path))
    words = tokenizers.Tokenizer(tokenizers.models.WordLevel({"[UNK]": 0, "zebra": 1, "quokka": 2}, unk_token="[UNK]"))
    words.pre_tokenizer = tokenizers.pre_tokenizers.Whitespace()
    words.save(str(path.parent / "tokenizer.json"))
    labels = {"0": "contradiction", "1": "ENTAILMENT", "2": "neutral"}
    (path.parent / "config.json").write_text(json.dumps({"id2label": labels}), "utf-8")
    return path


def test_a_real_model_is_run(model: Path) -> None:
    """The classes are read by their names, whatever their order."""
    read = Entailment(model)
    assert read.name == "zebra-nli"
    assert read.judge("a zebra came", "it came").entails > 0.9
    assert read.judge("a quiet day", "a quokka came").contradicts > 0.9
    quiet = read.judge("a quiet day", "it was quiet")
    assert max(quiet.entails, quiet.contradicts) < 0.2

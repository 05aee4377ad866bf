import re
from pathlib import Path

import pytest

from ctxdebug.text.languages import all_languages
from ctxdebug.text.phrases import faults, phrases, read_file, topics
from ctxdebug.text.phrases.notation import PhraseError, translate

LANGUAGES = sorted((Path(__file__).parents[2] / "ctxdebug/text/languages").glob("*.txt"))


@pytest.mark.parametrize("topic", topics())
def test_every_phrase_finds_its_examples_and_no_phrase_their_neighbours(topic: str) -> None:
    assert list(faults(topic)) == []


@pytest.mark.parametrize("topic", topics())
def test_files_are_named_after_languages(topic: str) -> None:
    assert {phrase.language for phrase in phrases(topic).all} <= set(all_languages())


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("i (do not|don't) know", "I don’t  know", "I don’t  know"),
        ("i (do not|don't) know", "Hawaii don't know", None),
        ("i [really] know", "i really know", "i really know"),
        ("i [really] know", "i know", "i know"),
        ("know [it]", "know", "know"),
        ("know …2 now", "know it all now", "know it all now"),
        ("know …2 now", "know it. All now", None),
        ("know …1 now", "know it all now", None),
        ("inform*", "Information", "Information"),
        ("^yes$", "No. Yes!", "Yes"),
        ("^yes$", "Say yes now", None),
        ("e-mail", "E‑mail", "E‑mail"),
        ("1.5 (m|km)", "1x5 m", None),
    ],
)  # fmt: skip
def test_notation(phrase: str, text: str, found: str | None) -> None:
    made = translate(phrase, {})
    match = re.search(made.pattern, text, re.IGNORECASE)
    assert (match[0].strip() if match else None) == found
    assert found is None or any(literal in text.lower().replace("‑", "-") for literal in made.literals)


@pytest.mark.parametrize("phrase", ["(open", "[open", "closed)", "{nowhere}", "…", "[a] [b]", "{"])
def test_what_is_no_phrase_is_an_error(phrase: str) -> None:
    with pytest.raises(PhraseError):
        translate(phrase, {})


def test_lists_may_hold_lists() -> None:
    made = translate("{a} stone", {"a": "(red|{b})", "b": "(blue|green)"})
    assert re.search(made.pattern, "a green stone") is not None


def test_a_language_without_spaces_needs_none() -> None:
    made = translate("没有…3 (信息|资料)", {}, spaces=False)
    assert re.search(made.pattern, "这里没有关于停车的信息") is not None


def test_an_example_without_a_phrase_is_an_error(tmp_path: Path) -> None:
    (tmp_path / "en.txt").write_text("+ an example\n", encoding="utf-8")
    with pytest.raises(PhraseError, match="without a phrase"):
        list(read_file(tmp_path / "en.txt"))


def test_labels_choose_phrases() -> None:
    known = phrases("clarification")
    assert known.first("which one?", {"statement"}) is None
    assert known.first("which one?", {"question"}) is not None


@pytest.mark.parametrize("path", LANGUAGES, ids=lambda path: path.stem)
def test_relatives_and_stemmers_exist(path: Path) -> None:
    import Stemmer

    language = all_languages()[path.stem]
    assert language.near <= set(all_languages()) | {"ms"}
    assert not language.stemmer or language.stemmer in Stemmer.algorithms()


@pytest.mark.parametrize("topic", topics())
def test_every_repetition_has_a_limit(topic: str) -> None:
    """Which is what keeps a search linear; `{0,4}` has one, `*` and `+` have none."""
    for phrase in phrases(topic).all:
        bare = re.sub(r"\\.|\[[^\]]*\]", "", phrase.pattern.pattern)
        assert not re.search(r"[*+]|\{\d+,\}", bare), phrase.at

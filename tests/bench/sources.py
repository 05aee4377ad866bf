"""Measure the sources pass: `python tests/bench/sources.py FOLDER [SECTION…]`, FOLDER with the development sets of sources.md.

Learned scores are refitted here on the training side of each split; nothing of what is scored has been seen.
"""

from __future__ import annotations

import argparse
import importlib.util
import json
import random
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from ctxdebug.analysis import Analysis
from ctxdebug.analysis.claims.opposition import THRESHOLD, oppose
from ctxdebug.analysis.claims.statement import statement
from ctxdebug.analysis.claims.values import NUMERIC, Value, values
from ctxdebug.analysis.sources.answer_part import Grounding
from ctxdebug.analysis.sources.conflict import Basis
from ctxdebug.analysis.sources.corpus import Corpus
from ctxdebug.analysis.sources.examination import Examination
from ctxdebug.analysis.sources.localisation import localise
from ctxdebug.analysis.sources.quotations import holds
from ctxdebug.analysis.sources.source import Source
from ctxdebug.analysis.sources.value_search import says
from ctxdebug.decoding.source import Source as Captured
from ctxdebug.loading.load import LoadOptions, load
from ctxdebug.model import Problem

ROOT = Path(__file__).resolve().parents[2]
Array = NDArray[np.float64]


def _training() -> Any:
    """The training script as a module: it owns the rows and the fit, and is no part of the package."""
    spec = importlib.util.spec_from_file_location("train_sources", ROOT / "scripts" / "train_sources.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["train_sources"] = module
    spec.loader.exec_module(module)
    return module


training = _training()


def say(name: str, **figures: object) -> None:
    """Print one line of figures."""
    shown = "  ".join(
        f"{key} {value:.3f}" if isinstance(value, float) else f"{key} {value}" for key, value in figures.items()
    )
    sys.stdout.write(f"{name:<34} {shown}\n")
    sys.stdout.flush()


def auroc(y: Array, scores: Array) -> float:
    """Area under the curve, ties at half."""
    _, place, count = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(count) - (count - 1) / 2)[place]
    faults = y.sum()
    return float((ranks[y == 1].sum() - faults * (faults + 1) / 2) / (faults * (len(y) - faults)))


def recall_at_5(y: Array, scores: Array) -> float:
    """Recall where 5 % of the negatives are flagged."""
    negatives = np.sort(scores[y == 0])[::-1]
    return float((scores[y == 1] > negatives[int(0.05 * len(negatives))]).mean())


def typed(_: Path) -> None:
    """The self-written pairs by rule: the tuning part, the held-out third, and a last part written after the rules were done."""
    rows = [json.loads(line) for line in (ROOT / "fixtures/conflicts/pairs.jsonl").read_text("utf-8").splitlines()]
    for split in ("tuning", "held-out", "last"):
        count: Counter[str] = Counter()
        kinds: Counter[str] = Counter()
        for row in rows:
            if row["split"] != split:
                continue
            found = oppose(statement(row["a"]), statement(row["b"]))
            flagged = bool(found and found.score >= THRESHOLD)
            truth = row["label"] == "conflict"
            count["tp" if flagged and truth else "fp" if flagged else "fn" if truth else "tn"] += 1
            if flagged != truth:
                kinds[f"{row['type']}/{row['kind']}"] += 1
        precision, recall = count["tp"] / (count["tp"] + count["fp"]), count["tp"] / (count["tp"] + count["fn"])
        say(f"typed pairs, {split}", n=sum(count.values()), precision=precision, recall=recall, wrong=dict(kinds))


def ramdocs(folder: Path) -> None:
    """Question-conditioned: rows 0-249 train, 250-499 score; and five folds of questions."""
    rows = training.rival_rows(folder)
    few = np.array([not tag.endswith("+") for tag in rows.tags])
    late = np.array([int(group) >= 250 for group in rows.groups])
    split = training.scores(training.fit(rows, ~late, **training.SHAPES["rival"]), rows.x)
    for name, chosen in ((f"{training.MOST_PER_KIND} pairs a kind and question", late & few), ("all pairs", late)):
        y, s = rows.y[chosen], split[chosen]
        say(f"ramdocs 250-499, {name}", n=int(chosen.sum()), auroc=auroc(y, s), r5=recall_at_5(y, s))
    crossed = training.out_of_fold(rows, "rival")
    say(
        "ramdocs, 5 folds",
        n=int(few.sum()),
        auroc=auroc(rows.y[few], crossed[few]),
        r5=recall_at_5(rows.y[few], crossed[few]),
    )


def summedits(folder: Path) -> None:
    """Edit against paraphrase, one domain left out."""
    rows = training.revision_rows(folder)
    crossed = training.out_of_fold(rows, "revision", by_group=True)
    say(
        "summedits edits, domain left out", n=len(rows.y), auroc=auroc(rows.y, crossed), r5=recall_at_5(rows.y, crossed)
    )
    domains, tags = np.array(rows.groups), np.array(rows.tags)
    say(
        "  by domain",
        **{d.split("_", 1)[1]: auroc(rows.y[domains == d], crossed[domains == d]) for d in sorted(set(rows.groups))},
    )
    say(
        "  by edit",
        **{
            t: auroc(rows.y[(tags == t) | (rows.y == 0)], crossed[(tags == t) | (rows.y == 0)])
            for t in sorted(set(rows.tags))
            if t != "-"
        },
    )


def fever(folder: Path) -> None:
    """Fever-symmetric, folds that share no sentence."""
    rows = training.claim_rows(folder)
    crossed = training.out_of_fold(rows, "claim")
    say("fever-symmetric, 5 folds", n=len(rows.y), auroc=auroc(rows.y, crossed), r5=recall_at_5(rows.y, crossed))


def grounding(folder: Path) -> None:
    """Document to summary by document; WiCE by claim."""
    rows = training.contradicted_rows(folder)
    crossed = training.out_of_fold(rows, "contradicted")
    say("summedits document to summary", n=len(rows.y), auroc=auroc(rows.y, crossed), r5=recall_at_5(rows.y, crossed))
    rows = training.unsupported_rows(folder)
    crossed = training.out_of_fold(rows, "unsupported")
    chosen = np.array([tag != "partially_supported" for tag in rows.tags])
    say(
        "wice, 5 folds",
        n=len(rows.y),
        auroc=auroc(rows.y, crossed),
        not_against_supported=auroc(rows.y[chosen], crossed[chosen]),
    )


# --- constructed cases -----------------------------------------------------------------------


def texts(folder: Path) -> list[str]:
    """Real texts: news, calls, web pages, and the documents and tool results of captures if they lie beside."""
    found = [row["text"] for row in training.lines(folder / "summedits_docs.jsonl")]
    found += [
        source["text"] for row in list(training.lines(folder / "ramdocs.jsonl"))[:120] for source in row["sources"]
    ]
    captures = folder.parent / "captures"
    for path in sorted(captures.glob("*.jsonl")) if captures.is_dir() else ():
        found += list(_tool_texts(path))[:25]
    return found


def _tool_texts(path: Path) -> Iterator[str]:
    with path.open(encoding="utf-8") as file:
        for line in file:
            for match in re.finditer(
                r'"(?:role": ?"tool"|type": ?"tool_result")[^{}]{0,200}?"content": ?("(?:[^"\\]|\\.){80,4000}")',
                line[:400_000],
            ):
                yield json.loads(match.group(1), strict=False)


def numbers(folder: Path) -> None:
    """A source sentence as the answer: its numbers are supported; with one number changed, that one is absent."""
    chance = random.Random(7)
    pool = texts(folder)
    count: Counter[str] = Counter()
    misses: list[str] = []
    for at, text in enumerate(pool):
        sources = [text, *(pool[(at * 7 + step) % len(pool)] for step in (1, 2))]
        corpus = Corpus([Source(str(n), one) for n, one in enumerate(sources)])
        sentences = [
            one
            for one in corpus.of(0)
            if any(value.kind in NUMERIC for value in one.values) and 30 < len(one.text) < 400
        ]
        for one in chance.sample(sentences, min(3, len(sentences))):
            _judge(one.text, None, sources, count, misses)
            altered = _altered(one.text, corpus, chance)
            if altered:
                _judge(*altered, sources, count, misses)
    say(
        "numbers absent",
        absent=count["absent"],
        present=count["present"],
        recall=count["hit"] / count["absent"],
        precision=count["hit"] / (count["hit"] + count["false"]),
    )
    for miss in misses[: 12 if "--misses" in sys.argv else 0]:
        sys.stdout.write(f"    {miss}\n")


def _altered(text: str, corpus: Corpus, chance: random.Random) -> tuple[str, tuple[int, int]] | None:
    spans = [
        match.span()
        for match in re.finditer(
            r"(?<![\w.,/:\[-])\d{1,3}(?:,\d{3})+(?![\w,])|(?<![\w.,/:\[-])(?<!\[ )\d{2,}(?:\.\d+)?(?![\w,:/-])", text
        )
    ]
    if not spans:
        return None
    start, end = chance.choice(spans)
    for _ in range(20):
        new = "".join(str(chance.randint(1, 9)) if char.isdigit() else char for char in text[start:end])
        changed = text[:start] + new + text[end:]
        value = next((one for one in values(changed) if one.start <= start < one.end), None)
        if (
            value
            and _alters(value)
            and not any(says(value, other) for one in corpus.statements for other in one.values)
        ):
            return changed, (start, start + len(new))
    return None


def _alters(value: Value) -> bool:
    return value.kind in NUMERIC or value.kind.value == "date"


def _judge(
    answer: str, altered: tuple[int, int] | None, sources: list[str], count: Counter[str], misses: list[str]
) -> None:
    """Count numeric parts: the altered one must be absent or contradicted, every other one supported."""
    examined = Examination([Source(str(n), text) for n, text in enumerate(sources)], "", answer)
    flagged = False
    for support in examined.supports:
        for part in support.parts:
            if part.kind in {"URL", "e-mail address", "identifier", "name", "version"}:
                continue
            wrong = altered is not None and part.start < altered[1] and altered[0] < part.end
            bad = part.verdict in {Grounding.ABSENT, Grounding.CONTRADICTED}
            flagged = flagged or (wrong and bad)
            if not wrong:
                count["present"] += 1
                if bad:
                    count["false"] += 1
                    misses.append(f"false: {part.text!r} in {answer[:160]!r}")
    if altered is not None:
        count["absent"] += 1
        count["hit"] += flagged
        if not flagged:
            misses.append(
                f"missed: {answer[slice(*altered)]!r} in {answer[:160]!r} {[(p.text, p.how) for s in examined.supports for p in s.parts]}"
            )


def quotes(folder: Path) -> None:
    """Source sentences as quotations: exact with changed typography; and with one word changed."""
    chance = random.Random(3)
    pool = texts(folder)
    kept = exact = accepted = forged = 0
    vocabulary = sorted({word for text in pool[:80] for word in re.findall(r"[a-z]{4,}", text)})
    for text in pool:
        corpus = Corpus([Source("s", text)])
        sentences = [
            one.text
            for one in corpus.of(0)
            if 40 < len(one.text) < 300
            and '"' not in one.text
            and "“" not in one.text
            and "..." not in one.text
            and "[" not in one.text
        ]
        for sentence in chance.sample(sentences, min(2, len(sentences))):
            original = corpus.words(corpus.passage(next(one for one in corpus.of(0) if one.text == sentence)))
            exact += 1
            kept += holds(_retyped(original, chance), corpus.folds[0])
            words = original.split()
            places = [n for n, word in enumerate(words) if word.isalpha() and len(word) > 2]
            if not places:
                continue
            place = chance.choice(places)
            words[place] = chance.choice(
                [word for word in chance.sample(vocabulary, 5) if word != words[place].lower()]
            )
            forged += 1
            accepted += holds(" ".join(words), corpus.folds[0])
    say("quotes", exact=exact, kept=kept / exact, forged=forged, forgeries_accepted=accepted)


def _retyped(text: str, chance: random.Random) -> str:
    text = (
        text.replace("'", "’")
        .replace("-", chance.choice("-–—‑"))
        .replace(" ", chance.choice([" ", "  ", "\u00a0", "\n"]))
    )
    return text.replace("fi", "ﬁ") if chance.random() < 0.5 else text.upper() if chance.random() < 0.2 else text


def cited(folder: Path) -> None:
    """A source's sentence as the answer, citing that source, another source of the question, and none."""
    chance = random.Random(5)
    count: Counter[str] = Counter()
    for row in list(training.lines(folder / "ramdocs.jsonl"))[:300]:
        sources = [Source(source["id"], source["text"]) for source in row["sources"]]
        right = chance.randrange(len(sources))
        sentences = [
            one.text.rstrip(".")
            for one in Corpus(sources).of(right)
            if 50 < len(one.text) < 250 and len(one.stems) > 5 and "[" not in one.text
        ]
        others = [number for number in range(len(sources)) if number != right]
        if len(sources) < 3 or not sentences:
            continue
        words = chance.choice(sentences)
        wrong = chance.choice(others)
        count["right"] += 1
        count["right told"] += _told(sources, words, sources[right].id)
        if words.lower()[:60] not in sources[wrong].text.lower():
            count["wrong"] += 1
            count["wrong told"] += _told(sources, words, sources[wrong].id)
            count["unknown told"] += _told(sources, words, "d99")
    say(
        "citations",
        right=count["right"],
        told_all_the_same=count["right told"],
        wrong=count["wrong"],
        wrong_told=count["wrong told"] / count["wrong"],
        unknown_told=count["unknown told"] / count["wrong"],
    )


def _told(sources: list[Source], words: str, label: str) -> bool:
    found = Examination(sources, "", f"{words} [{label}].").citations
    return any(one.source is None or (one.better and one.share < 0.35) for one in found)


def localisation(folder: Path) -> None:
    """NQ: the answer in its paragraph among nineteen others, and without it."""
    rows = list(training.lines(folder / "nq_oracle.jsonl"))[:600]
    found = right = gone = 0
    for at, row in enumerate(rows):
        others = [rows[(at + 31 * step) % len(rows)]["sources"][0]["text"] for step in range(1, 20)]
        place = at % 20
        sources = [*others[:place], row["sources"][0]["text"], *others[place:]]
        answer = max(row["answer"], key=lambda one: one.lower() in row["sources"][0]["text"].lower())
        verdict = localise(answer, Corpus([Source(str(n), text) for n, text in enumerate(sources)]))
        found += verdict.passage is not None
        right += verdict.passage is not None and answer.lower() in sources[verdict.passage.source].lower()
        without = localise(answer, Corpus([Source("x", text) for text in others if answer.lower() not in text.lower()]))
        gone += without.place.value == "never retrieved"
    say(
        "localisation, nq",
        n=len(rows),
        found=found / len(rows),
        right_source=right / len(rows),
        called_never_retrieved=gone / len(rows),
    )


def unrelated(folder: Path) -> None:
    """800 documents of 183 questions, no question given: pairs of one question against pairs of unrelated questions."""
    sources: list[Source] = []
    groups: list[int] = []
    for number, row in enumerate(training.lines(folder / "ramdocs.jsonl")):
        for source in row["sources"]:
            if len(sources) < 800:
                sources.append(Source(f"{number}-{source['id']}", source["text"]))
                groups.append(number)
    found = Examination(sources).conflicts
    for basis in (Basis.TYPED, Basis.WORDING):
        some = [one for one in found if one.basis is basis]
        same = sum(groups[one.left.source] == groups[one.right.source] for one in some)
        say(f"800 documents, {basis.name.lower()}", same_question=same, unrelated=len(some) - same)


def speed(folder: Path) -> None:
    """The whole pass in CPU time, against exact counting of the same tokens."""
    from ctxdebug.tokens.vocabulary import encoding

    every = [
        Source(f"d{n}", source["text"])
        for n, source in enumerate(
            source for row in training.lines(folder / "ramdocs.jsonl") for source in row["sources"]
        )
    ]
    _through_the_tool(every[:800])
    encoder = encoding("o200k_base")
    for size in (20, 100, 400, 800, 1600):
        sources = every[:size]
        texts_only = [source.text for source in sources]
        tokens = min(_timed(partial(_encode, encoder, texts_only)) for _ in range(3))
        count = _encode(encoder, texts_only)
        whole = min(_timed(partial(_everything, sources)) for _ in range(2))
        say(
            f"speed, {size} sources",
            tokens=count,
            seconds=whole,
            tokens_per_second=int(count / whole),
            tokenizing_seconds=tokens,
            ratio=whole / tokens,
        )


def _through_the_tool(sources: list[Source]) -> None:
    """One context as a run of the tool meets it: the vocabulary is read, every segment counted, and then the pass."""
    documents = "\n".join(f'<document id="{one.id}">{one.text.replace("<", "(")}</document>' for one in sources)
    text = f"user: What is the population of Broken Bow?\ntool[search_docs]: {documents}\nassistant: It is 3,559 people [d0].\n"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "context.txt"
        path.write_text(text, "utf-8")
        snapshot = next(iter(load(Captured(str(path)), LoadOptions())))
    assert not isinstance(snapshot, Problem)
    analysis = Analysis(snapshot)
    counting = _timed(lambda: analysis.prompt)
    passing = _timed(lambda: _facts(analysis.sourced.examination))
    say(
        "through the tool, cold",
        sources=len(analysis.sourced.sources),
        tokens=analysis.prompt.total.value,
        counting_seconds=counting,
        pass_seconds=passing,
        ratio=passing / counting,
    )


def _encode(encoder: Any, texts_only: list[str]) -> int:
    return sum(len(encoder.encode_ordinary(text)) for text in texts_only)


def _timed(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _everything(sources: list[Source]) -> object:
    words = sources[0].text[:200]
    answer = f'The population was 3,559 people at the 2010 census [d0]. It opened on 5 January 1884 with 4,321 seats. It says "{words[:90]}".'
    return _facts(Examination(sources, "What is the population of Broken Bow?", answer))


def _facts(one: Examination) -> object:
    return (
        *(one.conflicts, one.superseded, one.supports, one.quotations),
        *(one.citations, one.waste, one.used, one.not_checked),
    )


ADVERSARIAL: dict[str, Callable[[int], str]] = {
    "digits": lambda n: "1" * n, "commas": lambda n: "1," * (n // 2), "dots": lambda n: "1." * (n // 2), "full stops": lambda n: "." * n,
    "at signs": lambda n: "a@" * (n // 2), "quotes": lambda n: '"a' * (n // 2), "capitals": lambda n: "Aa " * (n // 3), "brackets": lambda n: "[1" * (n // 2),
    "one word": lambda n: "x" * n, "newlines": lambda n: "a\n" * (n // 2), "same sentence": lambda n: "The fee is 5 dollars in 2020. " * (n // 30), "urls": lambda n: "http://a" * (n // 8),
}  # fmt: skip


def adversarial(_: Path) -> None:
    """Time at 20, 40 and 80 thousand characters: the factor from each to the next is about two."""
    for name, make in ADVERSARIAL.items():
        taken = []
        for size in (20_000, 40_000, 80_000):
            text = make(size)
            one = Examination([Source("a", text), Source("b", text[::-1])], "What is the fee?", text[: size // 4])
            taken.append(_timed(partial(_facts, one)))
        say(f"adversarial, {name}", seconds=taken[-1], growth=taken[-1] / max(taken[0], 1e-3))


SECTIONS: dict[str, Callable[[Path], None]] = {
    section.__name__: section
    for section in (
        typed,
        ramdocs,
        summedits,
        fever,
        grounding,
        numbers,
        quotes,
        cited,
        localisation,
        unrelated,
        speed,
        adversarial,
    )
}

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("sections", nargs="*", help=f"of {', '.join(SECTIONS)}; all by default")
    parser.add_argument("--misses", action="store_true")
    given: Any = parser.parse_args()
    for section in given.sections or SECTIONS:
        SECTIONS[section](given.folder)

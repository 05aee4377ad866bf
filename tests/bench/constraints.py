"""Measure the constraint ledger against a data folder: `python tests/bench/constraints.py FOLDER [--tune] [--misses]`.

The even half of IFEval is for tuning, the odd half is reported; `--tune` shows the even half.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ctxdebug.analysis.constraints import Constraint, Outcome, conflicts, extract, infeasible, verify

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

TYPES = {
    "change_case:capital_word_frequency": "case.capwords",
    "change_case:english_capital": "case.upper",
    "change_case:english_lowercase": "case.lower",
    "combination:repeat_prompt": "position.repeat",
    "combination:two_responses": "format.responses",
    "detectable_content:number_placeholders": "format.placeholders",
    "detectable_content:postscript": "position.postscript",
    "detectable_format:constrained_response": "format.choice",
    "detectable_format:json_format": "format.json",
    "detectable_format:multiple_sections": "format.sections",
    "detectable_format:number_bullet_lists": "format.bullets",
    "detectable_format:number_highlighted_sections": "format.highlights",
    "detectable_format:title": "format.title",
    "keywords:existence": "keywords.include",
    "keywords:forbidden_words": "keywords.forbid",
    "keywords:frequency": "keywords.freq",
    "keywords:letter_frequency": "count.char",
    "language:response_language": "language",
    "length_constraints:nth_paragraph_first_word": "position.first_word",
    "length_constraints:number_paragraphs": "length.paragraphs",
    "length_constraints:number_sentences": "length.sentences",
    "length_constraints:number_words": "length.words",
    "punctuation:no_comma": "punctuation.none",
    "startend:end_checker": "position.end",
    "startend:quotation": "position.quotes",
}
"""IFEval instruction id to constraint type."""
_MEASURED = frozenset(TYPES.values())


def _range(kwargs: Mapping[str, Any], relation: str, count: str) -> tuple[int | None, int | None]:
    n = kwargs[count]
    return (n, None) if kwargs[relation] == "at least" else (None, n - 1)


def expected(label: str, kwargs: Mapping[str, Any]) -> dict[str, Any]:
    """The parameters that a label asks for, in the ledger's words."""
    name = label.partition(":")[2]
    ranged = {
        "number_words": ("relation", "num_words"),
        "number_sentences": ("relation", "num_sentences"),
        "capital_word_frequency": ("capital_relation", "capital_frequency"),
    }
    if name in ranged:
        lo, hi = _range(kwargs, *ranged[name])
        return {"lo": lo, "hi": hi}
    if name == "frequency":
        lo, hi = _range(kwargs, "relation", "frequency")
        return {"word": kwargs["keyword"], "lo": lo, "hi": hi}
    if name == "letter_frequency":
        lo, hi = _range(kwargs, "let_relation", "let_frequency")
        return {"char": kwargs["letter"], "lo": lo, "hi": hi}
    simple: dict[str, dict[str, Any]] = {
        "number_placeholders": {"lo": kwargs.get("num_placeholders")},
        "postscript": {"marker": kwargs.get("postscript_marker")},
        "multiple_sections": {"marker": kwargs.get("section_spliter"), "lo": kwargs.get("num_sections")},
        "number_bullet_lists": {"lo": kwargs.get("num_bullets"), "hi": kwargs.get("num_bullets")},
        "number_highlighted_sections": {"lo": kwargs.get("num_highlights")},
        "existence": {"words": kwargs.get("keywords")},
        "forbidden_words": {"words": kwargs.get("forbidden_words")},
        "response_language": {"language": kwargs.get("language")},
        "nth_paragraph_first_word": {"word": kwargs.get("first_word"), "paragraph": kwargs.get("nth_paragraph")},
        "number_paragraphs": {"lo": kwargs.get("num_paragraphs"), "hi": kwargs.get("num_paragraphs")},
        "end_checker": {"phrase": kwargs.get("end_phrase")},
    }
    return simple.get(name, {})


def _joined(labels: list[tuple[str, dict[str, Any]]]) -> list[tuple[str, dict[str, Any]]]:
    """Two labels that bound one thing from below and above are one; frequency 0 is a forbidden word."""
    joined: list[tuple[str, dict[str, Any]]] = []
    for kind, params in labels:
        if kind == "keywords.freq" and params["hi"] == 0:
            joined.append(("keywords.forbid", {"words": [params["word"]]}))
            continue
        twin = next(
            (
                p
                for k, p in joined
                if k == kind
                and "lo" in p
                and "hi" in p
                and p.get("word") == params.get("word")
                and p.get("char") == params.get("char")
                and {p["lo"], params.get("lo")} >= {None}
                and {p["hi"], params.get("hi")} >= {None}
            ),
            None,
        )
        if twin is not None:
            twin["lo"], twin["hi"] = twin["lo"] or params["lo"], twin["hi"] or params["hi"]
        else:
            joined.append((kind, dict(params)))
    return joined


def _same(want: Any, got: Any) -> bool:
    if isinstance(want, list):
        return isinstance(got, list) and {str(w).lower() for w in want} == {str(g).lower() for g in got}
    if isinstance(want, str):
        return isinstance(got, str) and want.strip(" .").lower() == got.strip(" .").lower()
    return bool(want == got)


def right(constraint: Constraint, params: Mapping[str, Any]) -> bool:
    """Whether a constraint's parameters are those that a label asks for."""
    return all(_same(want, constraint.params.get(key)) for key, want in params.items())


class Extraction:
    """Counts of one set: recall, precision and parameters by type."""

    def __init__(self) -> None:
        self.labels: Counter[str] = Counter()
        self.hits: Counter[str] = Counter()
        self.params: Counter[str] = Counter()
        self.false: Counter[str] = Counter()
        self.bare = 0
        self.perfect = 0
        self.prompts = 0
        self.misses: list[str] = []

    def add(
        self, text: str, labels: Iterable[str], kwargs: Iterable[Mapping[str, Any]], found: list[Constraint]
    ) -> None:
        """Match one prompt's labels with what was found in it."""
        left = [
            c
            for c in found
            if c.type in _MEASURED
            and not (c.negative and c.type not in {"keywords.forbid", "punctuation.none", "count.char"})
        ]
        whole = True
        wanted = _joined([(TYPES[label], expected(label, kw)) for label, kw in zip(labels, kwargs, strict=True)])
        for kind, params in wanted:
            self.labels[kind] += 1
            same = [c for c in left if c.type == kind]
            best = next((c for c in same if right(c, params)), same[0] if same else None)
            if best is None:
                whole = False
                self.misses.append(f"MISS {kind} {params} | {text[-600:]!r}")
                continue
            left.remove(best)
            self.hits[kind] += 1
            if right(best, params):
                self.params[kind] += 1
            else:
                whole = False
                self.misses.append(f"PARAMS {kind} {params} got {dict(best.params)} | {text[-600:]!r}")
        covered = {kind for kind, _ in wanted}
        for c in left:
            if any(c.type == kind and right(c, params) for kind, params in wanted):
                continue
            if c.type == "length.paragraphs" and covered & {
                "position.first_word",
                "format.sections",
                "length.paragraphs",
            }:
                continue
            if c.type == "language" and c.params.get("language") == "en" and covered & {"case.upper", "case.lower"}:
                continue
            if c.params.get("approx"):
                self.bare += 1
                continue
            whole = False
            self.false[c.type] += 1
            self.misses.append(f"FALSE {c.type} {dict(c.params)} | {c.text[:300]!r}")
        self.prompts += 1
        self.perfect += whole

    def show(self, name: str) -> None:
        """Print the figures."""
        labels, hits, false = self.labels.total(), self.hits.total(), self.false.total()
        print(
            f"{name}: type recall {hits / labels:.3f} · precision {hits / (hits + false):.3f} (with bare numbers {hits / (hits + false + self.bare):.3f})"
            f" · parameters {self.params.total() / hits:.3f} · prompts fully right {self.perfect / self.prompts:.3f} · n={labels}"
        )
        for kind in sorted(self.labels):
            r, p = self.hits[kind] / self.labels[kind], self.hits[kind] / max(1, self.hits[kind] + self.false[kind])
            k = self.params[kind] / max(1, self.hits[kind])
            if min(r, p, k) < 0.97:
                print(f"    {kind:24} R {r:.2f}  P {p:.2f}  params {k:.2f}  n={self.labels[kind]}")


def rows(path: Path) -> list[dict[str, Any]]:
    """The rows of a JSONL file."""
    return [json.loads(line) for line in path.read_text().splitlines() if line.strip()]


def ifeval(folder: Path, half: int) -> Extraction:
    """Extraction on half of IFEval."""
    counts = Extraction()
    for row in rows(folder / "ifeval" / "input_data.jsonl")[half::2]:
        counts.add(row["prompt"], row["instruction_id_list"], row["kwargs"], extract(row["prompt"]))
    return counts


def sys_ifeval(folder: Path, half: int) -> Extraction:
    """Extraction from the system messages of half of sys_ifeval."""
    counts = Extraction()
    for row in rows(folder / "realguardrails" / "sys_ifeval.jsonl")[half::2]:
        text = "\n".join(m["content"] for m in row["messages"] if m["role"] == "system")
        counts.add(text, row["instruction_id_list"], row["kwargs"], extract(text, standing=True))
    return counts


def oracle(label: str, kwargs: Mapping[str, Any]) -> list[Constraint]:
    """The constraints that a label with its own parameters stands for."""
    kind, params = TYPES[label], dict(expected(label, kwargs))
    name = label.partition(":")[2]
    if name == "constrained_response":
        params = {"options": ["My answer is yes.", "My answer is no.", "My answer is maybe."]}
    elif name == "two_responses":
        params = {"n": 2, "separator": "******"}
    elif name == "repeat_prompt":
        params = {"text": kwargs["prompt_to_repeat"], "exact": True}
    elif name == "number_paragraphs":
        params["separator"] = "***"
    elif name == "number_bullet_lists":
        params["markdown"] = True
    elif name == "no_comma":
        params = {"char": ","}
    made = [Constraint(kind, params, "", 0, 0, negative=name in {"no_comma", "forbidden_words"})]
    if name == "nth_paragraph_first_word":
        made.append(
            Constraint("length.paragraphs", {"lo": kwargs["num_paragraphs"], "hi": kwargs["num_paragraphs"]}, "", 0, 0)
        )
    if name in {"english_capital", "english_lowercase"}:
        made.append(Constraint("language", {"language": "en"}, "", 0, 0))
    return made


def outputs(folder: Path) -> list[tuple[str, dict[str, Any], dict[str, Any]]]:
    """Every published response: model, its row, and the IFEval row."""
    prompts = {row["key"]: row for row in rows(folder / "ifeval" / "input_data.jsonl")}
    found = []
    for path in sorted((folder / "mifeval_en_even").glob("*.jsonl")):
        found += [(path.stem, row, prompts[row["key"]]) for row in rows(path) if row.get("response") is not None]
    return found


def verifiers(folder: Path, *, misses: bool) -> None:
    """Agreement of the verifiers with the strict labels, with oracle parameters."""
    total: Counter[str] = Counter()
    same: Counter[str] = Counter()
    for model, row, prompt in outputs(folder):
        for label, kwargs, strict in zip(
            prompt["instruction_id_list"], prompt["kwargs"], row["follow_instruction_list"], strict=True
        ):
            verdicts = [verify(made, row["response"]) for made in oracle(label, kwargs)]
            good = all(v.outcome is not Outcome.FAIL for v in verdicts)
            total[label] += 1
            same[label] += good == strict
            if good != strict and misses:
                print(
                    f"  {label} label={strict} {kwargs} {[v.reason for v in verdicts]} {model[:12]} | {row['response'][:150]!r} … {row['response'][-100:]!r}"
                )
    print(f"verifiers, oracle parameters: agreement {same.total() / total.total():.4f} n={total.total()}")
    for label in sorted(total):
        if same[label] / total[label] < 0.99:
            print(f"    {label:48} {same[label] / total[label]:.3f} n={total[label]}")


def end_to_end(folder: Path, *, misses: bool) -> None:
    """Prompt text to verdict, without oracle: does a response violate something?"""
    counts: Counter[str] = Counter()
    false: Counter[str] = Counter()
    cache: dict[int, list[Constraint]] = {}
    for _, row, prompt in outputs(folder):
        found = cache.setdefault(row["key"], extract(prompt["prompt"]))
        broken = [(c, v) for c in found if (v := verify(c, row["response"])).outcome is Outcome.FAIL]
        bad = not row["follow_all_instructions"]
        counts[
            {(True, True): "tp", (True, False): "fp", (False, True): "fn", (False, False): "tn"}[bool(broken), bad]
        ] += 1
        if broken and not bad:
            false.update(c.type for c, _ in broken)
            if misses:
                print(
                    f"  FALSE ALARM {[(c.type, dict(c.params), v.reason) for c, v in broken]} | {prompt['prompt'][-200:]!r}"
                )
        if bad and not broken and misses:
            labels = [
                i for i, ok in zip(row["instruction_id_list"], row["follow_instruction_list"], strict=True) if not ok
            ]
            print(
                f"  MISSED {labels} {[(c.type, dict(c.params), verify(c, row['response']).reason) for c in found]} | {prompt['prompt'][-200:]!r}"
            )
    p, r = counts["tp"] / (counts["tp"] + counts["fp"]), counts["tp"] / (counts["tp"] + counts["fn"])
    print(
        f"end to end, even half: violated something P {p:.3f} R {r:.3f} {dict(counts)} false by type {dict(false.most_common(8))}"
    )


def hard_negatives(folder: Path, half: int) -> None:
    """Conflicts and impossibilities seen in prompts whose constraints go together by construction."""
    many = [r for r in rows(folder / "ifeval" / "input_data.jsonl")[half::2] if len(r["instruction_id_list"]) > 1]
    bad = [r for r in many if conflicts(found := extract(r["prompt"])) or infeasible(found)]
    print(f"hard negatives: {len(bad)}/{len(many)} prompts with two or more constraints flagged")


def own() -> None:
    """The phrasings and pairs written for this project: tuned and held-out half."""
    from tests.analysis.constraints.constraint_phrasings import clash, found_right, pairs, phrasings

    for tuned in (True, False):
        lines = [p for p in phrasings() if p.tuned is tuned]
        typed = [p for p in lines if p.type != "none"]
        quiet = [p for p in lines if p.type == "none"]
        extra = sum(len(found_right(p)[1]) for p in typed if found_right(p)[0])
        print(
            f"own phrasings, {'tuned' if tuned else 'held out'}: {sum(found_right(p)[0] for p in typed)}/{len(typed)} found,"
            f" {extra} besides, {sum(found_right(p)[0] for p in quiet)}/{len(quiet)} others silent"
        )
    marks = [(bad, clash(higher, lower)) for bad, higher, lower in pairs()]
    print(
        f"own pairs (tuned): {sum(seen for bad, seen in marks if bad)}/{sum(bad for bad, _ in marks)} conflicts seen,"
        f" {sum(seen for bad, seen in marks if not bad)}/{sum(not bad for bad, _ in marks)} compatible pairs flagged"
    )


def captures(folder: Path) -> None:
    """Findings of the constraint rules over real captures: code, number, and the exchanges looked at."""
    from ctxdebug.analysis import Analysis
    from ctxdebug.decoding.source import Source
    from ctxdebug.loading.load import LoadOptions, load
    from ctxdebug.model import Hit, Need, Problem
    from ctxdebug.rules import RULES

    rules = [rule for code, rule in RULES.all().items() if code.startswith(("LRC2", "LRC4", "LRC5"))]
    found: Counter[str] = Counter()
    exchanges = 0
    for path in sorted(folder.glob("*.jsonl")):
        for snapshot in load(Source(str(path)), LoadOptions()):
            if isinstance(snapshot, Problem):
                continue
            exchanges += 1
            analysis = Analysis(snapshot)
            usable = [rule for rule in rules if snapshot.has_response or Need.RESPONSE not in rule.needs]
            found.update(rule.code for rule in usable for hit in rule.check(analysis) if isinstance(hit, Hit))
    print(f"real captures: {exchanges} exchanges, findings {dict(sorted(found.items()))}")


def speed(folder: Path) -> None:
    """Kilobytes a second on one core."""
    texts = {
        "model spec (prose)": (folder / "model_spec" / "model_spec.md").read_text(),
        "14 system prompts": (folder / "realguardrails" / "prompts.yaml").read_text(),
        "IFEval prompts": "\n".join(r["prompt"] for r in rows(folder / "ifeval" / "input_data.jsonl")),
    }
    for name, text in texts.items():
        start = time.process_time()
        found = extract(text, standing=True)
        print(
            f"speed: {name} {len(text.encode()) / 1000 / (time.process_time() - start):.0f} KB/s ({len(found)} found)"
        )


def main() -> None:
    """Run every measurement."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--tune", action="store_true")
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--captures", type=Path, help="a folder of captures to run the constraint rules over")
    args = parser.parse_args()
    half = 0 if args.tune else 1
    for name, run in (("IFEval", ifeval), ("sys_ifeval", sys_ifeval)):
        counts = run(args.folder, half)
        counts.show(f"{name} {'even' if args.tune else 'odd'} half")
        if args.misses and args.tune:
            print("\n".join(sorted(counts.misses)))
    verifiers(args.folder, misses=args.misses)
    end_to_end(args.folder, misses=args.misses)
    hard_negatives(args.folder, half)
    own()
    speed(args.folder)
    if args.captures:
        captures(args.captures)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parents[1] / "analysis"))
    main()

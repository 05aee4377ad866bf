"""Refresh the model catalogue from public MIT packages: windows, output limits, prices, retirement dates.

    python scripts/models.py --litellm 1.109.1 --litellm 1.90.0 --litellm 1.80.0 --litellm 1.60.0 --genai 0.2.3

The first litellm is today's; the older ones only add models that have since been taken out of the
package, because captures outlive models. Nothing here runs when ctxdebug runs.
"""

from __future__ import annotations

import argparse
import datetime as dt
import json
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any

from genai_prices_source import genai_rows

DATA = Path(__file__).parent.parent / "ctxdebug" / "models" / "data"
CATALOGUE = DATA / "catalogue"
LITELLM_FILE = "litellm/model_prices_and_context_window_backup.json"
MODES = {"chat", "completion", "responses", None}
FIELDS = (
    "window",
    "max_input",
    "max_output",
    "input",
    "output",
    "cache_read",
    "cache_write",
    "cache_write_long",
    "reasoning_output",
    "retires",
    "supports",
    "cache_minimum",
    "long",
    "source",
)
FLAGS = {
    "supports_vision": "v",
    "supports_reasoning": "r",
    "supports_response_schema": "s",
    "supports_prompt_caching": "c",
    "supports_function_calling": "t",
    "supports_parallel_function_calling": "p",
    "supports_assistant_prefill": "f",
    "supports_mid_conversation_system": "m",
    "supports_pdf_input": "d",
    "supports_audio_input": "a",
}
"""One letter a feature; a capital letter where the source says that the model has it not."""

LONG_PROMPT = (128_000, 200_000, 256_000, 272_000, 100_000)
"""Prompt sizes above which some providers charge another price, as litellm spells them in its keys."""

INPUT_PLUS_OUTPUT = {(272_000, 128_000): 400_000, (922_000, 128_000): 1_050_000, (272_000, 272_000): 400_000}
"""(input limit, output limit) -> the window OpenAI publishes, where litellm gives the input limit only."""

DEAREST = 1_000
"""USD per million tokens above which a price is a slip of the source (litellm lists some per million as per token)."""

NOT_CHAT = (
    "embed",
    "rerank",
    "-tts",
    "whisper",
    "-image",
    "veo-",
    "imagen",
    "lyria",
    "realtime",
    "transcribe",
    "moderation",
)

Row = dict[str, Any]


def fetch(requirement: str, folder: Path) -> Path:
    """Download one wheel with pip and give its path."""
    target = folder / requirement
    command = [sys.executable, "-m", "pip", "download", "--no-deps", "--quiet", "--dest", str(target), requirement]
    subprocess.run(command, check=True)  # noqa: S603 - a fixed command of this repository
    return next(target.glob("*.whl"))


def per_million(value: object) -> float | None:
    """Give a price per token as a price per million tokens; None where the source has none."""
    return float(f"{float(value) * 1e6:.6g}") if isinstance(value, int | float) else None


def whole(value: object) -> int | None:
    """Give a limit as an int; None for absent, zero or a wish written as text."""
    if isinstance(value, str) and value.isdigit():
        value = int(value)
    return int(value) if isinstance(value, int | float) and value > 0 else None


def litellm_row(entry: Row) -> Row:
    """One row of litellm's table in our fields."""
    limit, output = whole(entry.get("max_input_tokens")), whole(entry.get("max_output_tokens"))
    if limit is None and "max_tokens" in entry and entry.get("max_tokens") != output:
        limit = whole(entry["max_tokens"])
    window = INPUT_PLUS_OUTPUT.get((limit or 0, output or 0))
    row: Row = {
        "window": window or limit,
        "max_input": limit if window else None,
        "max_output": output,
        "input": per_million(entry.get("input_cost_per_token")),
        "output": per_million(entry.get("output_cost_per_token")),
        "cache_read": per_million(entry.get("cache_read_input_token_cost")),
        "cache_write": per_million(entry.get("cache_creation_input_token_cost")),
        "cache_write_long": per_million(entry.get("cache_creation_input_token_cost_above_1hr")),
        "reasoning_output": per_million(entry.get("output_cost_per_reasoning_token")),
        "retires": entry.get("deprecation_date"),
        "supports": "".join(
            letter if entry[key] else letter.upper()
            for key, letter in FLAGS.items()
            if isinstance(entry.get(key), bool)
        )
        or None,
        "cache_minimum": whole(entry.get("prompt_cache_min_tokens")),
    }
    if row["reasoning_output"] == row["output"]:
        row["reasoning_output"] = None
    if max(row["input"] or 0, row["output"] or 0) > DEAREST:
        row |= dict.fromkeys(("input", "output", "cache_read", "cache_write"))
    for size in LONG_PROMPT:
        suffix = f"_above_{size // 1000}k_tokens"
        if f"input_cost_per_token{suffix}" in entry:
            keys = ("input_cost_per_token", "output_cost_per_token", "cache_read_input_token_cost")
            prices = [per_million(entry.get(key + suffix)) for key in (*keys, "cache_creation_input_token_cost")]
            row["long"] = [size, *prices]
    return row


def bare(name: str, prefixes: list[str]) -> str:
    """Give a model's name at its host, without the prefix that the package files it under."""
    lowered = name.lower()
    for prefix in sorted(prefixes, key=len, reverse=True):
        if lowered.startswith(prefix):
            return lowered[len(prefix) :]
    return lowered


def wanted(name: str) -> bool:
    """Whether somebody would send this name: not a region's commitment price, not an embedding or image model."""
    return "commitment" not in name and not any(word in name for word in NOT_CHAT)


def merge(table: dict[str, Row], name: str, row: Row, letter: str, *, complete: bool = True) -> None:
    """Enter a row; a row that is there already is at most completed, and keeps its own source first.

    An old package (`complete=False`) says nothing of a model that a newer one still lists.
    """
    known = table.setdefault(name, {"source": ""})
    if letter in known["source"] or ("a" in known["source"] and not complete):
        return
    if known["source"] == "g" and abs(known.get("window", 0) - (row.get("window") or 0)) < 0.08 * (
        row.get("window") or 0
    ):
        known["window"] = row["window"]  # genai-prices rounds 1,048,576 to 1,000,000
    added = False
    for field, value in row.items():
        prices_split = field in {"cache_read", "cache_write", "cache_write_long", "output", "long"} and "input" in known
        if value is not None and field not in known and not (prices_split and known["input"] != row.get("input")):
            known[field], added = value, True
    if added:
        known["source"] += letter


def packed(row: Row) -> list[Any]:
    """Give a row as a list: its sources' letters, then FIELDS in order, with the empty tail cut off."""
    values = [row.get(field) for field in FIELDS[:-1]]
    while values and values[-1] is None:
        values.pop()
    return [row["source"], *values]


def build(args: argparse.Namespace, folder: Path) -> dict[str, Any]:
    """Build the catalogue as it is written."""
    hosts = json.loads((DATA / "hosts.json").read_text())["hosts"]
    by_litellm = {section: host for host, facts in hosts.items() for section in facts["litellm"]}
    order = {section: place for facts in hosts.values() for place, section in enumerate(facts["litellm"])}
    by_genai = {section: host for host, facts in hosts.items() for section in facts["genai"]}
    tables: dict[str, dict[str, Row]] = {host: {} for host in hosts}
    sources: dict[str, Any] = {}
    today = dt.date.fromisoformat(args.date)

    def read_litellm(version: str, letter: str, *, complete: bool) -> None:
        with zipfile.ZipFile(fetch(f"litellm=={version}", folder)) as wheel:
            entries = json.loads(wheel.read(LITELLM_FILE))
        sources[letter] = {"package": "litellm", "version": version, "licence": "MIT", "file": LITELLM_FILE}
        for name, entry in sorted(entries.items(), key=lambda item: order.get(item[1].get("litellm_provider"), 0)):
            host = by_litellm.get(entry.get("litellm_provider"))
            if host is None or name == "sample_spec" or entry.get("mode") not in MODES:
                continue
            row, own = litellm_row(entry), bare(name, hosts[host]["prefix"])
            if (row["window"] or row["input"]) and wanted(own):
                merge(tables[host], own, row, letter, complete=complete)

    read_litellm(args.litellm[0], "a", complete=True)
    with zipfile.ZipFile(fetch(f"genai-prices=={args.genai}", folder)) as wheel:
        module = wheel.read("genai_prices/data.py").decode()
    sources["g"] = {"package": "genai-prices", "version": args.genai, "licence": "MIT", "file": "genai_prices/data.py"}
    for section, name, row in genai_rows(module, today):
        if (host := by_genai.get(section)) and wanted(name):
            merge(tables[host], bare(name, hosts[host]["prefix"]), row, "g")
    for letter, version in zip("bcdef", args.litellm[1:], strict=False):
        read_litellm(version, letter, complete=False)
    sources["h"] = {"package": "ctxdebug", "version": "corrections.json", "licence": "MIT", "file": "corrections.json"}
    return {"date": args.date, "sources": sources, "tables": {host: table for host, table in tables.items() if table}}


def elsewhere(tables: dict[str, dict[str, Row]], vendors: set[str]) -> dict[str, int]:
    """Find the largest window any host gives a model that no vendor's own table lists, by the last part of its name."""
    own = {name for vendor in vendors for name in tables.get(vendor, {})}
    windows: dict[str, int] = {}
    for table in tables.values():
        for name, row in table.items():
            last = name.rsplit("/", 1)[-1].split(":", 1)[0].removesuffix("-maas")
            if last not in own and row.get("window"):
                windows[last] = max(windows.get(last, 0), row["window"])
    return dict(sorted(windows.items()))


def lines(table: dict[str, Any]) -> str:
    """Write a JSON object with one key on a line, so that a refresh can be read as a diff."""
    rows = (f"{json.dumps(name)}:{json.dumps(row, separators=(',', ':'))}" for name, row in table.items())
    return "{\n" + ",\n".join(rows) + "\n}\n"


def write(catalogue: dict[str, Any], vendors: set[str]) -> None:
    """One file a host, so that a run reads only what it asks for; one for what is known of open models elsewhere."""
    tables = catalogue["tables"]
    CATALOGUE.mkdir(exist_ok=True)
    for old in CATALOGUE.glob("*.json"):
        old.unlink()
    for host, table in tables.items():
        (CATALOGUE / f"{host}.json").write_text(lines({name: packed(row) for name, row in sorted(table.items())}))
    (DATA / "elsewhere.json").write_text(lines(elsewhere(tables, vendors)))
    about = (
        "Made by scripts/models.py; do not edit. A row: its sources' letters, then `fields`, the empty tail cut off."
    )
    head = {"about": about, "date": catalogue["date"], "sources": catalogue["sources"], "fields": FIELDS[:-1]}
    (DATA / "snapshot.json").write_text(lines(head))


def main() -> None:
    """Fetch, merge, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--litellm", action="append", required=True, help="versions, the newest first")
    parser.add_argument("--genai", required=True, help="version of genai-prices")
    parser.add_argument("--date", default=dt.datetime.now(tz=dt.UTC).date().isoformat())
    args = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        catalogue = build(args, Path(folder))
    hosts = json.loads((DATA / "hosts.json").read_text())["hosts"]
    write(catalogue, {host for host, facts in hosts.items() if facts["kind"] == "vendor"})
    for host, table in catalogue["tables"].items():
        print(f"{host:18} {len(table)}")


if __name__ == "__main__":
    main()

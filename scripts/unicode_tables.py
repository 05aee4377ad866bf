"""Write the Unicode tables of `ctxdebug/text`: `python -m scripts.unicode_tables CONFUSABLES DATE`.

The classes Default_Ignorable_Code_Point and Bidi_Control are read from the `regex` package, the look-alikes from
`confusables.json` of the package `confusable-homoglyphs` (both carry the Unicode Consortium's data files). CONFUSABLES is
the path of that file, DATE the day on which the packages were read.
"""

from __future__ import annotations

import argparse
import json
import unicodedata
from importlib import import_module
from pathlib import Path

TARGET = Path(__file__).parent.parent / "ctxdebug" / "text" / "unicode_tables.json"
BLANK = ((0x2800, 0x2800),)
"""Characters that are drawn as nothing although no class says so: the Braille cell without dots."""


def ranges(name: str) -> list[list[int]]:
    """Return the first and the last code points of a property's runs."""
    pattern = import_module("regex").compile(rf"\p{{{name}}}")
    found: list[list[int]] = []
    for code in range(0x110000):
        if not 0xD800 <= code < 0xE000 and pattern.match(chr(code)):
            if found and found[-1][1] == code - 1:
                found[-1][1] = code
            else:
                found.append([code, code])
    return found


def lookalikes(path: Path) -> dict[str, str]:
    """Return letters of other alphabets that look like a Latin letter; styled Latin ones are left to normalisation."""
    table: dict[str, str] = {}
    for letter, others in json.loads(path.read_text("utf-8")).items():
        if len(letter) != 1 or letter.isascii() or not letter.isalpha():
            continue
        latin = [one["c"] for one in others if len(one["c"]) == 1 and one["c"].isascii() and one["c"].isalpha()]
        if latin and not unicodedata.normalize("NFKC", letter).isascii():
            table[letter] = latin[0]
    return dict(sorted(table.items()))


def main() -> None:
    """Write the file."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("confusables", type=Path)
    parser.add_argument("date")
    options = parser.parse_args()
    tables = {
        "source": "Unicode Character Database and confusables.txt (Unicode License v3), by way of regex and confusable-homoglyphs",
        "read": options.date,
        "default_ignorable": ranges("Default_Ignorable_Code_Point"),
        "bidi_control": ranges("Bidi_Control"),
        "blank": [list(pair) for pair in BLANK],
        "lookalikes": lookalikes(options.confusables),
    }
    lines = ",\n".join(f" {json.dumps(key)}: {json.dumps(value, ensure_ascii=True)}" for key, value in tables.items())
    TARGET.write_text("{\n" + lines + "\n}\n", "utf-8")


if __name__ == "__main__":
    main()

"""How often an instruction with a qualifier is decided: `python -m tests.bench.qualified [--misses]`.

Known qualifiers name parts of an answer, and the answers here keep every instruction in every part, so that each pair should be
*kept*; unknown ones say something that no answer can be held against, so that no pair may be. All figures are dev figures.
"""

from __future__ import annotations

import argparse
from collections import Counter

from ctxdebug.analysis.constraints import Outcome, extract, verify

BASES = (
    "Use at least 5 words",
    "Use at most 60 words",
    "Include the word 'tide'",
    "Include the words 'coat' and 'lamp'",
    "Use the word 'coat' at least once",
    "Do not use the word 'storm'",
    "Do not use exclamation marks",
    "Never use emojis",
    "Use no digits",
    "Use the letter q at most 3 times",
    "Write at most 2 sentences",
    "Never use bullet points",
)
"""Instructions that every part of the answers keeps."""
PROSE = (
    "The tide takes a coat and a lamp. Mind the tide with your coat and lamp.\n\n"
    "A coat and a lamp fear the tide. No tide spares a coat or a lamp."
)
HEADED = "# The tide takes coat and lamp\n\n" + PROSE
LISTED = "- the tide takes a coat and a lamp\n- mind the tide with coat and lamp"
FENCED = PROSE + "\n\n```\nstorm! q q q q 12\n```"
KNOWN = (
    ("in the first sentence", PROSE), ("in the last sentence", PROSE), ("in every sentence", PROSE), ("in each paragraph", PROSE),
    ("in the second paragraph", PROSE), ("per paragraph", PROSE), ("in every line", PROSE), ("in the last line", PROSE),
    ("in the first two sentences", PROSE), ("in every other sentence", PROSE), ("in the second sentence of the second paragraph", PROSE),
    ("in every paragraph of your answer", PROSE), ("in the title", HEADED), ("in headings", HEADED), ("in each bullet point", LISTED),
    ("in every list item", LISTED), ("in the first bullet point", LISTED), ("except in code blocks", FENCED), ("outside of code blocks", FENCED),
    ("except in the title", HEADED),
)  # fmt: skip
"""Qualifiers that name parts, with an answer that has them."""
UNKNOWN = tuple(
    """near the end|in the sign-off|right before the conclusion|in the first half|on its own line|on page two|in pairs|by turns|in the plural|between dashes
    |on weekdays|after noon|as often as possible|more often than 'sea'|compared with before|depending on the length|as long as it is short|where it helps
    |at random places|directly before 'lamp'|next to 'boots'|not counting 'coat'|with the list excluded|minus the list|but only in lists|and only there
    |in footnotes|inside quotations|in alphabetical order|of three syllables|in each paragraph about ships|in the second paragraph unless it is short
    |between the first and the second paragraph|only in the title|in random order|in that order|while the ferry is late|in link texts|by the second line
    |until the last paragraph|in answers to children""".replace("\n    ", "").split("|")
)
_NO_SENSE = {
    "Write at most 2 sentences": ("sentence", "except", "outside"),
    "Never use bullet points": ("bullet", "list", "sentence", "line", "title", "headings"),
}
_DEMANDS = ("Include", "Use at least", "Use the word")


def _sensible(base: str, qualifier: str) -> bool:
    outside = qualifier.startswith(("except", "outside")) and base.startswith(_DEMANDS)
    return not outside and not any(word in qualifier for word in _NO_SENSE.get(base, ()))


def outcomes(text: str, answer: str) -> set[Outcome]:
    """What came of the instructions of a text."""
    return {verify(one, answer, question=text).outcome for one in extract(text)}


def main() -> None:
    """Print the share of known qualifiers that end as kept, and of unknown ones that do."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--misses", action="store_true")
    args = parser.parse_args()
    seen = Counter[str]()
    for base in BASES:
        for qualifier, answer in KNOWN:
            if not _sensible(base, qualifier):
                continue
            for text in (
                f"{base} {qualifier}.",
                f"{qualifier[0].upper()}{qualifier[1:]}, {base[0].lower()}{base[1:]}.",
            ):
                found = outcomes(text, answer)
                told = "kept" if found == {Outcome.PASS} else "broken" if Outcome.FAIL in found else "open"
                seen[told] += 1
                if args.misses and told != "kept":
                    print(f"{told}: {text}")
    print(
        f"known qualifiers: {seen['kept']} of {seen.total()} kept ({seen['kept'] / seen.total():.3f}), broken {seen['broken']}"
    )
    wrong = []
    for base in BASES:
        for qualifier in UNKNOWN:
            for text in (
                f"{base} {qualifier}.",
                f"{qualifier[0].upper()}{qualifier[1:]}, {base[0].lower()}{base[1:]}.",
            ):
                wrong += [text] if outcomes(text, PROSE) == {Outcome.PASS} else []
    if args.misses:
        print("\n".join(f"kept, and should not be: {text}" for text in wrong))
    print(f"unknown qualifiers: {len(wrong)} of {2 * len(BASES) * len(UNKNOWN)} kept")


if __name__ == "__main__":
    main()

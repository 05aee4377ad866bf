"""Make secrets of every kind from the examples of the rows; none is anybody's, and none is in the repository."""

from __future__ import annotations

import random
import re
import string

HEX = "0123456789abcdef"
BASE32 = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"
SMALL = string.ascii_lowercase + string.digits
LETTERS = string.ascii_letters + string.digits
_ALPHABETS = {"w": LETTERS, "x": LETTERS + "-_", "h": HEX, "l": SMALL, "u": BASE32, "d": string.digits}


def made(length: int, alphabet: str = LETTERS, seed: int = 1) -> str:
    generator = random.Random(f"{length}{alphabet}{seed}")
    body = "".join(generator.choice(alphabet) for _ in range(length))
    if "a" in alphabet and "B" in alphabet:
        return "a1B" + body[3:-1] + body[3] if length > 4 else "a1B9"[:length]
    return body


def example(row: str, seed: int = 1) -> str:
    """The example of a row with its `{w20}` filled in."""
    filled = re.sub(
        r"\{([wxhlud])([0-9]+)\}", lambda match: made(int(match[2]), _ALPHABETS[match[1]], seed + match.start()), row
    )
    return filled.replace("\\n", "\n")

"""BLAKE2 and the comparison of digests, without the library of ciphers that `hashlib` and `hmac` load with them.

That library costs a start as much as thirty modules. Both are the standard library's own, found where it takes them from;
where a Python has them elsewhere, they come by their usual names.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from hashlib import blake2b
    from hmac import compare_digest
else:
    try:
        from _blake2 import blake2b
    except ImportError:
        from hashlib import blake2b
    try:
        from _operator import _compare_digest as compare_digest
    except ImportError:
        from hmac import compare_digest

__all__ = ["blake2b", "compare_digest"]

"""From where a run repeats itself too often; each figure with the measurement that set it.

Measured on 102 runs that no one complained of: an agent session of 441 calls, 21 SWE-agent, 40 tau-bench and 40 AgentDyn runs.
"""

from __future__ import annotations

REREAD = 3
"""Times that one call brought the same text. The most in the 102 runs is 2 (five of 780 calls)."""
REREAD_CHARACTERS = 400
"""A shorter result costs nothing to read again; the same length from which MEM203 counts a copy."""
LOOP = 3
"""Times that one call had the same result while nothing new was learnt. None of the 102 runs has 2."""
REPLAY_TOKENS = 1_000_000
"""Tokens sent again at full price. The most in the runs without a cache is 159,000."""
REPLAY_FACTOR = 10.0
"""Times that each token was sent, on average; a run of 20 calls reaches it. Both must be passed."""

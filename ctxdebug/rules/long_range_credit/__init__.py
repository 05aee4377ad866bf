"""Weak long-range credit: whether earlier constraints could be, and were, obeyed.

Prefix: LRC
Old problem: weak long-range credit
Now: the model ignores earlier constraints
What helps: strong system prompts + structure + tool constraints + verification

Gradients vanished over long sequences, so a network could not learn what an early symbol had to do with a late one. An
early instruction has the same trouble with a late answer: it must be in the window, clear, uncontradicted, and with authority,
and somebody must check that it was kept. LRC1xx: role order and message shape. LRC2xx: constraints. LRC3xx: orders in
untrusted content. LRC4xx: degrees of freedom. LRC5xx: fallback.
"""

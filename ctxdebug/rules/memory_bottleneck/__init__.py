"""Memory bottleneck: what the context window holds, loses and overlooks.

Prefix: MEM
Old problem: memory bottleneck
Now: context-window limits, recency effects
What helps: retrieval + context budgeting + summarization discipline

A recurrent network squeezed the whole past into one vector, and the recent drove out the rest. A context window
is larger and fails in the same way: what does not fit is cut, what is in the middle is overlooked, and what was
never retrieved cannot be remembered. MEM1xx: truncation. MEM2xx: the token budget. MEM3xx: position and recency.
MEM4xx: sources, whether retrieved, conflicting, supported, cited.
"""

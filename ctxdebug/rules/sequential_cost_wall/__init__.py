"""Sequential cost wall: what the tokens cost, in money and in time.

Prefix: CST
Old problem: sequential cost wall
Now: token cost + latency budgets
What helps: streaming, caching, smaller models, routing policies

One step had to wait for the one before, so long sequences were slow whatever the hardware. A long context is paid for at every
call, and waited for. CST1xx: caching, schemas, streaming, answers that nobody reads.
"""

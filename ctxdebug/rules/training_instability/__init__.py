"""Training instability: whether the behaviour stays the same across versions and runs.

Prefix: INS
Old problem: training instability
Now: unstable behaviour across versions
What helps: evals + canary rollouts + regression suites

Exploding gradients made training a matter of luck. Today the weights change under an alias, sampling is random, and a tool's
schema drifts; what worked yesterday has to be proved again. INS1xx: what is not pinned. INS2xx: what is not covered by a
case.
"""

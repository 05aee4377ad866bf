"""Looks good on dataset: whether what was tested is what happens live.

Prefix: DEM
Old problem: “looks good on dataset”
Now: “worked in a demo” but fails live
What helps: realistic eval sets + adversarial prompts + telemetry

Test sets rewarded local heuristics, and coreference or a late turn broke the model. A demo does the same for a product: the
questions are short, nobody attacks, the answer is always there. DEM1xx: what a suite of cases leaves out.
"""

"""Whether sources were retrieved, conflict, carry the answer, and are quoted and cited as they are.

`examination.Examination` is the pass over plain texts; the rules MEM401 to MEM407 read it through `Analysis.sourced`.
"""

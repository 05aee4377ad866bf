"""The parts of an answer that an instruction is about: `in the second paragraph`, `no line`, `lower case, except in the title`.

`phrases` finds such words in a sentence and reads the rest as if it were about the whole answer; `cutting` cuts an answer into
parts, in every way that a person might mean; `judging` holds each selected part against what the rest asks.
"""

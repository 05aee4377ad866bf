"""Claims: sentences, the typed values in them, and whether two of them say the same.

Pure text, English only, no model: what the sources pass stands on.
"""

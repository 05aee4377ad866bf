"""Results of earlier calls of `check`: the same command over the same bytes is answered without examining them again."""

"""Which part of a context makes an answer fail: each suspect is taken out, replaced, moved and put back, and the answers are counted."""

"""Attribution by ablation: how much each part of a context raises the odds of the failing words, from log-probabilities."""

"""The data side of training the injection scorer: rows, folds, own sentences, and the fit."""

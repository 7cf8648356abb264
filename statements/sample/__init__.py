"""Invented content for measuring: plausible, in several scripts, the same for the same seed.

`words` has the vocabulary, `wording` makes texts of it, `records` and `drawing` decide what one
batch holds, `writing` stores batches, and `rows` is how they are stored.
"""

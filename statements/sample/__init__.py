"""Invented content for measuring: plausible, in several scripts, the same for the same seed.

`words` has the vocabulary, `drawing` decides what one batch holds, `writing` stores it.
"""

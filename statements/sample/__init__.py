"""Invented content for measuring: plausible, in several scripts, the same for the same seed.

`words` has what can be said in each language, `vocabulary` puts names into it, `wording` makes
texts of that, `records` and `drawing` decide what one batch holds, `writing` stores batches, and
`rows` is how they are stored.
"""

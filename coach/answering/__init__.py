"""The one call of a language model: what it is given, what it returns, and what becomes of each part.

Knows ports and the pure core; names no vendor and knows nothing of servers or names that are made up.

Checking parts, and making an account and a plan of them, is pure and stands in ``planning``.
"""

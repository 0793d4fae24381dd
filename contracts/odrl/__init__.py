"""
Policies in ODRL 2.2: read, evaluate, write. Pure; docs/odrl.md says which subset.

A policy that contains a term nobody evaluates is refused with the term and its place; nothing of
it is dropped in silence.
"""

"""Composition root: settings, addresses, processes and the embedded database. Nobody imports it."""

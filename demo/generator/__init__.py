"""
Synthetic rows for the fifteen sample datasets: seeded, repeatable, about nobody.

Every dataset draws from its own stream of random numbers, so that one can change without moving
the others. Company codes carry valid check characters over a body that is never assigned ("0000").
"""

from demo.generator.write import CODES, SEED, Written, write_all, write_one

__all__ = ["CODES", "SEED", "Written", "write_all", "write_one"]

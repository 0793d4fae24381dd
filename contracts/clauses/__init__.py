"""The Chinese clauses of the agreement, each a pure function of the terms and the parties."""

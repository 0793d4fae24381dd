"""What is wrong with a policy, a request or a world; for machines and those who run them. Pure."""

from __future__ import annotations


class OdrlError(Exception):
    """A document that is not evaluated; nothing of it was."""


class Unreadable(OdrlError):
    """Not a document of the kind that was asked for; ``path`` says where it stops making sense."""

    def __init__(self, why: str, *, path: str = "") -> None:
        super().__init__(f"{path or 'the document'}: {why}")
        self.path, self.why = path, why


class Refused(OdrlError):
    """A term that is not evaluated here; ``path`` leads to it from the root of the policy."""

    def __init__(self, term: str, *, path: str, why: str) -> None:
        super().__init__(f"{path}: {term}: {why}")
        self.term, self.path, self.why = term, path, why

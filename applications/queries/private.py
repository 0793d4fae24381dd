"""What a person who is only asked for an opinion does not read of a case."""

from __future__ import annotations

from dataclasses import replace

from applications import form
from applications.queries.rows import CasePage


def without_private(page: CasePage) -> CasePage:
    """
    Return a case page without what is private.

    Certificate, contact for incidents and signer are of the applicant, and the evidence of the
    checks repeats some of it; what offices, panel and security officer have found so far should not
    sway an opinion that is asked for.
    """
    incident = str(form.SECURITY_TOPICS["incident"])
    return replace(
        page,
        protection_certificate="",
        checks=page.checks.without_evidence(),
        signer="",
        security_plan=tuple(row for row in page.security_plan if row[0] != incident),
        assessment=None,
        conclusion=None,
        branches=(),
        documents=(),
        further=tuple(
            replace(section, rows=tuple(row for row in section.rows if not row.private))
            for section in page.further
        ),
    )

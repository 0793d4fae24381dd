"""The interface for machines: /api/v1, OpenAPI 3.1, closed unless said otherwise."""

from __future__ import annotations

from ninja import NinjaAPI
from ninja.security import django_auth

from api import agreements, own, problems, public

api = NinjaAPI(
    title="Datadeed",
    version="1",
    description=(
        "Catalog and license verification for everyone; work list, applications, licenses,"
        " statements and policies of agreements of the person signed in. Errors are problem+json"
        " (RFC 9457)."
    ),
    auth=django_auth,
    # The page that draws the description would load its script from another host.
    docs_url=None,
    urls_namespace="api",
)
problems.install(api)
api.add_router("", public.router)
api.add_router("/my", own.router)
api.add_router("/agreements", agreements.router)

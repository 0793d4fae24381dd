"""Addresses of companies: the company's own, the authority's, the invitation's."""

from django.urls import path

from portal.parties import company, desk, register, seats

VERSION = "company/versions/<uuid:pk>/"
ORGANIZATION = "organizations/<uuid:pk>/"

urlpatterns = [
    path("companies/register/", register.Register.as_view(), name="company_register"),
    path("invitations/", register.Accept.as_view(), name="invitation_accept"),
    path("company/", company.Company.as_view(), name="company"),
    path("company/begin/", company.Begin.as_view(), name="company_begin"),
    path(VERSION, company.Version.as_view(), name="company_version"),
    path(f"{VERSION}submit/", company.Submit.as_view(), name="company_submit"),
    path(f"{VERSION}evidence/", company.AddEvidence.as_view(), name="company_evidence_add"),
    path(
        f"{VERSION}evidence/<int:number>/remove/",
        company.RemoveEvidence.as_view(),
        name="company_evidence_remove",
    ),
    path(f"{VERSION}affiliates/", company.AddAffiliate.as_view(), name="company_affiliate_add"),
    path(
        f"{VERSION}affiliates/<int:number>/remove/",
        company.RemoveAffiliate.as_view(),
        name="company_affiliate_remove",
    ),
    path("company/evidence/<int:number>/", company.Evidence.as_view(), name="company_evidence"),
    path("company/seats/", seats.Seats.as_view(), name="company_seats"),
    path("company/seats/invite/", seats.Invite.as_view(), name="company_invite"),
    path("company/seats/<int:number>/end/", seats.End.as_view(), name="company_seat_end"),
    path(
        "company/invitations/<uuid:pk>/revoke/",
        seats.Revoke.as_view(),
        name="company_invitation_revoke",
    ),
    path("desk/companies/", desk.Queue.as_view(), name="profile_queue"),
    path("desk/companies/<uuid:pk>/", desk.Review.as_view(), name="profile_review"),
    path("desk/companies/<uuid:pk>/approve/", desk.Approve.as_view(), name="profile_approve"),
    path("desk/companies/<uuid:pk>/return/", desk.Return.as_view(), name="profile_return"),
    path("desk/handover/", desk.OwnHandOver.as_view(), name="handover"),
    path(ORGANIZATION, desk.Organization.as_view(), name="organization"),
    path(f"{ORGANIZATION}hand-over/", desk.HandOver.as_view(), name="organization_handover"),
    path(f"{ORGANIZATION}agent/", desk.Appoint.as_view(), name="organization_agent"),
]

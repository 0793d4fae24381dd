"""Addresses of licenses, client applications and credentials."""

from django.urls import path

from portal.licensing import clients, credentials, issuing, licenses

LICENSE = "licenses/<uuid:pk>/"
CLIENT = "clients/<uuid:pk>/"
CREDENTIAL = "credentials/<uuid:pk>/"

urlpatterns = [
    path("licenses/", licenses.Licenses.as_view(), name="licenses"),
    path("licenses/issuing/", issuing.Issuing.as_view(), name="issuing"),
    path("licenses/issuing/<uuid:pk>/", issuing.IssuingOfBatch.as_view(), name="issuing_batch"),
    path("licenses/issuing/<int:pk>/again/", issuing.Again.as_view(), name="issuing_again"),
    path(LICENSE, licenses.Card.as_view(), name="license"),
    path(
        f"{LICENSE}certificate/<str:kind>/",
        licenses.Certificate.as_view(),
        name="license_certificate",
    ),
    path(f"{LICENSE}suspend/", licenses.Suspend.as_view(), name="license_suspend"),
    path(f"{LICENSE}resume/", licenses.Resume.as_view(), name="license_resume"),
    path(f"{LICENSE}restrict/", licenses.Restrict.as_view(), name="license_restrict"),
    path(f"{LICENSE}lift/", licenses.Lift.as_view(), name="license_lift"),
    path(f"{LICENSE}reissue/", licenses.Reissue.as_view(), name="license_reissue"),
    path(f"{LICENSE}revoke/", licenses.Revoke.as_view(), name="license_revoke"),
    path(f"{LICENSE}surrender/", licenses.Surrender.as_view(), name="license_surrender"),
    path(f"{LICENSE}clients/new/", clients.New.as_view(), name="client_new"),
    path("clients/", clients.Queue.as_view(), name="clients"),
    path(CLIENT, clients.Client.as_view(), name="client"),
    path(f"{CLIENT}approve/", clients.Approve.as_view(), name="client_approve"),
    path(f"{CLIENT}reject/", clients.Reject.as_view(), name="client_reject"),
    path(f"{CLIENT}request/", clients.RequestKey.as_view(), name="credential_request"),
    path(CREDENTIAL, credentials.Credential.as_view(), name="credential"),
    path(f"{CREDENTIAL}issue/", credentials.Issue.as_view(), name="credential_issue"),
    path(f"{CREDENTIAL}rotate/", credentials.Rotate.as_view(), name="credential_rotate"),
    path(f"{CREDENTIAL}suspend/", credentials.Suspend.as_view(), name="credential_suspend"),
    path(f"{CREDENTIAL}resume/", credentials.Resume.as_view(), name="credential_resume"),
    path(f"{CREDENTIAL}revoke/", credentials.Revoke.as_view(), name="credential_revoke"),
]

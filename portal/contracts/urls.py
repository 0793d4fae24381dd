"""Pages of agreements and term profiles."""

from django.urls import path

from portal.contracts import agreement, library, life, negotiation, profiles, signing

_ONE = "agreements/<uuid:pk>/"
_CHANGE = "agreements/changes/<uuid:pk>/"
_PROFILE = "term-profiles/<uuid:pk>/"
_TEMPLATE = "library/templates/<uuid:pk>/"
_CLAUSE = "library/clauses/<uuid:pk>/"

urlpatterns: list[object] = [
    path("agreements/", agreement.Agreements.as_view(), name="agreements"),
    path(_ONE, agreement.AgreementCase.as_view(), name="agreement"),
    path("agreements/papers/<int:pk>/", agreement.Paper.as_view(), name="agreement_paper"),
    path(f"{_ONE}open/", negotiation.Open.as_view(), name="agreement_open"),
    path(f"{_ONE}propose/", negotiation.Propose.as_view(), name="agreement_propose"),
    path(f"{_ONE}finalize/", negotiation.Finalize.as_view(), name="agreement_finalize"),
    path(f"{_ONE}reopen/", negotiation.Reopen.as_view(), name="agreement_reopen"),
    path(_CHANGE, negotiation.Change.as_view(), name="agreement_change"),
    path(f"{_CHANGE}accept/", negotiation.Accept.as_view(), name="agreement_change_accept"),
    path(f"{_CHANGE}decline/", negotiation.Decline.as_view(), name="agreement_change_decline"),
    path(f"{_ONE}sign/", signing.Sign.as_view(), name="agreement_sign"),
    path(f"{_ONE}sign/decline/", signing.DeclineToSign.as_view(), name="agreement_decline"),
    path(f"{_ONE}suspend/", life.Suspend.as_view(), name="agreement_suspend"),
    path(f"{_ONE}resume/", life.Resume.as_view(), name="agreement_resume"),
    path(f"{_ONE}terminate/", life.Terminate.as_view(), name="agreement_terminate"),
    path("term-profiles/", profiles.Profiles.as_view(), name="term_profiles"),
    path(_PROFILE, profiles.Profile.as_view(), name="term_profile"),
    path(
        "term-profiles/for/<uuid:pk>/", profiles.New.as_view(), name="term_profile_new"
    ),
    path(f"{_PROFILE}edit/", profiles.Edit.as_view(), name="term_profile_edit"),
    path(f"{_PROFILE}propose/", profiles.Propose.as_view(), name="term_profile_propose"),
    path(f"{_PROFILE}agree/", profiles.Agree.as_view(), name="term_profile_agree"),
    path(f"{_PROFILE}comment/", profiles.Comment.as_view(), name="term_profile_comment"),
    path(f"{_PROFILE}send-back/", profiles.SendBack.as_view(), name="term_profile_send_back"),
    path(f"{_PROFILE}withdraw/", profiles.Withdraw.as_view(), name="term_profile_withdraw"),
    path("library/", library.Library.as_view(), name="library"),
    path(_TEMPLATE, library.Template.as_view(), name="base_template"),
    path(
        f"{_TEMPLATE}publish/", library.PublishTemplate.as_view(), name="base_template_publish"
    ),
    path(_CLAUSE, library.Clause.as_view(), name="clause"),
    path(f"{_CLAUSE}next/", library.NextClause.as_view(), name="clause_next"),
    path(f"{_CLAUSE}publish/", library.PublishClause.as_view(), name="clause_publish"),
    path(f"{_PROFILE}next/", profiles.Next.as_view(), name="term_profile_next"),
    path(f"{_PROFILE}publish/", profiles.Publish.as_view(), name="term_profile_publish"),
]

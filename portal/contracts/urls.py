"""Pages of agreements and term profiles."""

from django.urls import path

from portal.contracts import (
    agreement,
    amending,
    ending,
    letters,
    library,
    life,
    negotiation,
    profiles,
    proposals,
    signing,
    signing_rules,
    undrafted,
)

_ONE = "agreements/<uuid:pk>/"
_CHANGE = "agreements/changes/<uuid:pk>/"
_THREAD = "agreements/threads/<uuid:pk>/"
_LETTER = "agreements/letters/<uuid:pk>/"
_ENDING = "agreements/endings/<uuid:pk>/"
_AMENDMENT = "agreements/amendments/<uuid:pk>/"
_PROFILE = "term-profiles/<uuid:pk>/"
_TEMPLATE = "library/templates/<uuid:pk>/"
_CLAUSE = "library/clauses/<uuid:pk>/"

urlpatterns: list[object] = [
    path("agreements/", agreement.Agreements.as_view(), name="agreements"),
    path("agreements/undrafted/", undrafted.Undrafted.as_view(), name="undrafted"),
    path(
        "agreements/undrafted/<uuid:pk>/", undrafted.Draft.as_view(), name="agreement_draft"
    ),
    path(_ONE, agreement.AgreementCase.as_view(), name="agreement"),
    path("agreements/papers/<int:pk>/", agreement.Paper.as_view(), name="agreement_paper"),
    path(f"{_ONE}open/", negotiation.Open.as_view(), name="agreement_open"),
    path(f"{_ONE}propose/", negotiation.Propose.as_view(), name="agreement_propose"),
    path(f"{_ONE}finalize/", negotiation.Finalize.as_view(), name="agreement_finalize"),
    path(f"{_ONE}reopen/", negotiation.Reopen.as_view(), name="agreement_reopen"),
    path(f"{_ONE}negotiation/", negotiation.Negotiation.as_view(), name="agreement_negotiation"),
    path(f"{_ONE}versions/", negotiation.Versions.as_view(), name="agreement_versions"),
    path(f"{_ONE}comment/", negotiation.Comment.as_view(), name="agreement_comment"),
    path(f"{_THREAD}reply/", negotiation.Reply.as_view(), name="agreement_thread_reply"),
    path(f"{_THREAD}resolve/", negotiation.Resolve.as_view(), name="agreement_thread_resolve"),
    path(_CHANGE, proposals.Change.as_view(), name="agreement_change"),
    path(f"{_CHANGE}accept/", proposals.Accept.as_view(), name="agreement_change_accept"),
    path(f"{_CHANGE}decline/", proposals.Decline.as_view(), name="agreement_change_decline"),
    path(f"{_CHANGE}counter/", proposals.Counter.as_view(), name="agreement_change_counter"),
    path(f"{_CHANGE}withdraw/", proposals.Withdraw.as_view(), name="agreement_change_withdraw"),
    path(f"{_ONE}sign/", signing.Sign.as_view(), name="agreement_sign"),
    path(f"{_ONE}sign/decline/", signing.DeclineToSign.as_view(), name="agreement_decline"),
    path(f"{_ONE}sign/upload/", signing.Upload.as_view(), name="agreement_upload"),
    path(f"{_ONE}sign/copy/", agreement.CopyToSign.as_view(), name="agreement_copy"),
    path("agreements/to-sign/", agreement.ToSign.as_view(), name="agreements_to_sign"),
    path(f"{_ONE}letter/", letters.File.as_view(), name="mandate_new"),
    path(_LETTER, letters.Letter.as_view(), name="mandate"),
    path(f"{_LETTER}file/", letters.LetterFile.as_view(), name="mandate_file"),
    path(f"{_LETTER}accept/", letters.Accept.as_view(), name="mandate_accept"),
    path(f"{_LETTER}refuse/", letters.Refuse.as_view(), name="mandate_refuse"),
    path(f"{_LETTER}revoke/", letters.Revoke.as_view(), name="mandate_revoke"),
    path(f"{_ONE}suspend/", life.Suspend.as_view(), name="agreement_suspend"),
    path(f"{_ONE}resume/", life.Resume.as_view(), name="agreement_resume"),
    path(f"{_ONE}terminate/", ending.Terminate.as_view(), name="agreement_terminate"),
    path(_ENDING, ending.Ending.as_view(), name="ending"),
    path(f"{_ENDING}consent/", ending.Consent.as_view(), name="ending_consent"),
    path(f"{_ENDING}refuse/", ending.Refuse.as_view(), name="ending_refuse"),
    path(f"{_ENDING}withdraw/", ending.Withdraw.as_view(), name="ending_withdraw"),
    path(f"{_ONE}amend/", amending.Amend.as_view(), name="agreement_amend"),
    path(_AMENDMENT, amending.Amendment.as_view(), name="amendment"),
    path(f"{_AMENDMENT}sign/", amending.Sign.as_view(), name="amendment_sign"),
    path(f"{_AMENDMENT}decline/", amending.Decline.as_view(), name="amendment_decline"),
    path(f"{_AMENDMENT}withdraw/", amending.Withdraw.as_view(), name="amendment_withdraw"),
    path("signing-rules/", signing_rules.Rules.as_view(), name="signing_rules"),
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

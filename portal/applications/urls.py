"""Addresses of applications: the applicant's, the desks', the committee's."""

from django.urls import path

from portal.applications import case, children, committee, decision, desk, drafting, review

CASE = "applications/<uuid:pk>/"

urlpatterns = [
    path("applications/", drafting.Mine.as_view(), name="applications"),
    path("applications/new/", drafting.New.as_view(), name="application_new"),
    path(CASE, case.Case.as_view(), name="application"),
    path(f"{CASE}tasks/", drafting.Tasks.as_view(), name="application_tasks"),
    path(f"{CASE}fill/<slug:section>/", drafting.Fill.as_view(), name="application_fill"),
    path(f"{CASE}check/", drafting.Check.as_view(), name="application_check"),
    path(f"{CASE}sent/", case.Sent.as_view(), name="application_sent"),
    path(f"{CASE}correct/", drafting.Correct.as_view(), name="application_correct"),
    path(f"{CASE}withdraw/", case.Withdraw.as_view(), name="application_withdraw"),
    path(f"{CASE}copy/", case.Copy.as_view(), name="application_copy"),
    path(f"{CASE}child/", children.Begin.as_view(), name="application_child"),
    path(f"{CASE}accept/", desk.Accept.as_view(), name="application_accept"),
    path(f"{CASE}return/", desk.Return.as_view(), name="application_return"),
    path(f"{CASE}refuse/", desk.Refuse.as_view(), name="application_refuse"),
    path(f"{CASE}clock/", desk.StopClock.as_view(), name="application_clock"),
    path(f"{CASE}clock/resume/", desk.ResumeClock.as_view(), name="application_clock_resume"),
    path(f"{CASE}extend/", desk.Extend.as_view(), name="application_extend"),
    path(f"{CASE}security/", review.Security.as_view(), name="application_security"),
    path(
        f"{CASE}security/renew/",
        review.RenewSecurity.as_view(),
        name="application_security_renew",
    ),
    path(f"{CASE}panel/", committee.Panel.as_view(), name="application_panel"),
    path(f"{CASE}substitute/", committee.Substitute.as_view(), name="application_substitute"),
    path(f"{CASE}interest/", committee.Interest.as_view(), name="application_interest"),
    path(f"{CASE}vote/", committee.Vote.as_view(), name="application_vote"),
    path(f"{CASE}conclude/", committee.Conclude.as_view(), name="application_conclude"),
    path(f"{CASE}decide/", decision.Decide.as_view(), name="application_decide"),
    path(f"{CASE}object/", decision.Object.as_view(), name="application_object"),
    path(f"{CASE}answer/", decision.Answer.as_view(), name="application_answer"),
    path(
        "applications/documents/<int:pk>/", case.Document.as_view(), name="application_document"
    ),
    path("desk/applications/", desk.Queue.as_view(), name="application_desk"),
    path("desk/reviews/", review.Branches.as_view(), name="application_branches"),
    path("desk/reviews/<uuid:pk>/", review.Branch.as_view(), name="application_branch"),
    path(
        "desk/reviews/<uuid:pk>/confirm/",
        review.ConfirmBranch.as_view(),
        name="application_branch_confirm",
    ),
    path(
        "desk/reviews/<uuid:pk>/delegate/",
        review.DelegateBranch.as_view(),
        name="application_branch_delegate",
    ),
    path("desk/security/", review.SecurityQueue.as_view(), name="application_security_queue"),
    path("desk/committee/", committee.Agenda.as_view(), name="application_agenda"),
    path("desk/decisions/", decision.Queue.as_view(), name="application_decisions"),
]

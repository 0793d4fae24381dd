"""Addresses of applications: the applicant's, the desks', the committee's."""

from django.urls import path

from portal.applications import (
    case,
    casework,
    committee,
    decision,
    desk,
    drafting,
    review,
    talks,
)

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
    path(f"{CASE}accept/", desk.Accept.as_view(), name="application_accept"),
    path(f"{CASE}return/", casework.Return.as_view(), name="application_return"),
    path(f"{CASE}refuse/", desk.Refuse.as_view(), name="application_refuse"),
    path(f"{CASE}clock/", desk.StopClock.as_view(), name="application_clock"),
    path(f"{CASE}clock/resume/", desk.ResumeClock.as_view(), name="application_clock_resume"),
    path(f"{CASE}extend/", desk.Extend.as_view(), name="application_extend"),
    path(f"{CASE}security/", review.Security.as_view(), name="application_security"),
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
    path("desk/security/", review.SecurityQueue.as_view(), name="application_security_queue"),
    path("desk/committee/", committee.Agenda.as_view(), name="application_agenda"),
    path("desk/decisions/", decision.Queue.as_view(), name="application_decisions"),
    path(f"{CASE}take/", casework.TakeOver.as_view(), name="application_take"),
    path(f"{CASE}assign/", casework.Assign.as_view(), name="application_assign"),
    path(f"{CASE}hand-back/", casework.HandBack.as_view(), name="application_hand_back"),
    path(f"{CASE}comment/", casework.Comment.as_view(), name="application_comment"),
    path(f"{CASE}mark/", casework.Mark.as_view(), name="application_mark"),
    path(f"{CASE}words/", casework.KeepWords.as_view(), name="application_words"),
    path(f"{CASE}remark/", talks.Remark.as_view(), name="application_remark"),
    path(f"{CASE}ask/", talks.Ask.as_view(), name="application_ask"),
    path(f"{CASE}consult/", talks.Consult.as_view(), name="application_consult"),
    path(f"{CASE}reference/", talks.Reference.as_view(), name="application_reference"),
    path("comments/<int:pk>/reply/", casework.Reply.as_view(), name="application_reply"),
    path("comments/<int:pk>/resolve/", casework.Resolve.as_view(), name="application_resolve"),
    path("questions/<uuid:pk>/", talks.Clarify.as_view(), name="application_clarify"),
    path(
        "questions/<uuid:pk>/recall/",
        talks.RecallQuestion.as_view(),
        name="application_clarify_recall",
    ),
    path("opinions/<uuid:pk>/", talks.Advise.as_view(), name="application_advise"),
    path(
        "opinions/<uuid:pk>/recall/",
        talks.RecallOpinion.as_view(),
        name="application_advise_recall",
    ),
    path(
        "applications/attachments/<int:pk>/",
        talks.Attachment.as_view(),
        name="application_attachment",
    ),
    path("desk/leave/", casework.Leave.as_view(), name="application_leave"),
    path("desk/leave/<int:pk>/end/", casework.EndLeave.as_view(), name="application_leave_end"),
]

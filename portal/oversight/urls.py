"""Addresses of supervision."""

from django.urls import path

from portal.oversight import alerts, board, cases, decisions, evaluations, exits, switches

urlpatterns = [
    path("supervision/", board.Supervision.as_view(), name="supervision"),
    path("supervision/switches/", switches.Switches.as_view(), name="switches"),
    path("supervision/switches/new/", switches.NewSwitch.as_view(), name="switch_new"),
    path(
        "supervision/switches/<uuid:pk>/settle/",
        switches.SettleSwitch.as_view(),
        name="switch_settle",
    ),
    path("supervision/switches/<uuid:pk>/end/", switches.EndSwitch.as_view(), name="switch_end"),
    path("obligations/", board.Obligations.as_view(), name="obligations"),
    path("alerts/new/", alerts.NewAlert.as_view(), name="alert_new"),
    path("alerts/<uuid:pk>/", alerts.AlertPage.as_view(), name="alert"),
    path("alerts/<uuid:pk>/own/", alerts.Acknowledge.as_view(), name="alert_acknowledge"),
    path("alerts/<uuid:pk>/close/", alerts.Close.as_view(), name="alert_close"),
    path("alerts/<uuid:pk>/restrict/", alerts.Restrict.as_view(), name="alert_restrict"),
    path("alerts/<uuid:pk>/case/", alerts.Report.as_view(), name="alert_report"),
    path("cases/new/", cases.NewCase.as_view(), name="case_new"),
    path("cases/<uuid:pk>/", cases.CasePage.as_view(), name="case"),
    path("cases/<uuid:pk>/evidence/", cases.AddEvidence.as_view(), name="case_evidence"),
    path("cases/evidence/<int:number>/", cases.EvidenceFile.as_view(), name="evidence_file"),
    path("cases/document/<int:number>/", cases.Document.as_view(), name="oversight_document"),
    path("cases/<uuid:pk>/file/", cases.FileCase.as_view(), name="case_file"),
    path("cases/<uuid:pk>/begin/", cases.Begin.as_view(), name="case_begin"),
    path("cases/<uuid:pk>/interim/", cases.Interim.as_view(), name="case_interim"),
    path("cases/<uuid:pk>/hearing/", cases.Hearing.as_view(), name="case_hearing"),
    path("cases/<uuid:pk>/statement/", cases.Statement.as_view(), name="case_statement"),
    path("cases/<uuid:pk>/waive/", cases.Waive.as_view(), name="case_waive"),
    path("cases/<uuid:pk>/decide/", decisions.Decide.as_view(), name="case_decide"),
    path("cases/<uuid:pk>/clear/", decisions.Clear.as_view(), name="case_clear"),
    path("cases/<uuid:pk>/dismiss/", decisions.Dismiss.as_view(), name="case_dismiss"),
    path("cases/<uuid:pk>/publish/", decisions.Publish.as_view(), name="case_publish"),
    path("cases/<uuid:pk>/object/", decisions.Object.as_view(), name="case_object"),
    path("cases/<uuid:pk>/answer/", decisions.Answer.as_view(), name="case_answer"),
    path("cases/<uuid:pk>/repair/", decisions.Repair.as_view(), name="case_repair"),
    path("cases/<uuid:pk>/close/", decisions.Close.as_view(), name="case_close"),
    path("evaluations/<uuid:pk>/", evaluations.EvaluationPage.as_view(), name="evaluation"),
    path("evaluations/<uuid:pk>/open/", evaluations.Open.as_view(), name="evaluation_open"),
    path("evaluations/<uuid:pk>/report/", evaluations.Report.as_view(), name="evaluation_report"),
    path("evaluations/<uuid:pk>/verify/", evaluations.Verify.as_view(), name="evaluation_verify"),
    path("evaluations/<uuid:pk>/return/", evaluations.Return.as_view(), name="evaluation_return"),
    path("evaluations/<uuid:pk>/score/", evaluations.Score.as_view(), name="evaluation_score"),
    path(
        "evaluations/<uuid:pk>/rectify/", evaluations.Rectify.as_view(), name="evaluation_rectify"
    ),
    path("exits/<uuid:pk>/", exits.ExitPage.as_view(), name="exit"),
    path("exits/<uuid:pk>/certificate/", exits.Certificate.as_view(), name="exit_certificate"),
    path("exits/<uuid:pk>/verify/", exits.Verify.as_view(), name="exit_verify"),
    path("exits/<uuid:pk>/reject/", exits.Reject.as_view(), name="exit_reject"),
    path("exits/<uuid:pk>/settle/", exits.Settle.as_view(), name="exit_settle"),
    path("exits/<uuid:pk>/archive/", exits.Archive.as_view(), name="exit_archive"),
]

"""Addresses of statements and prices."""

from django.urls import path

from portal.settlement import prices, statements, steps

STATEMENT = "statements/<uuid:pk>/"

urlpatterns = [
    path("statements/", statements.Statements.as_view(), name="statements"),
    path("statements/draft/", steps.Draft.as_view(), name="statement_draft"),
    path(STATEMENT, statements.Statement.as_view(), name="statement"),
    path(
        f"{STATEMENT}documents/<str:kind>/",
        statements.Document.as_view(),
        name="statement_document",
    ),
    path(f"{STATEMENT}issue/", steps.Issue.as_view(), name="statement_issue"),
    path(f"{STATEMENT}discard/", steps.Discard.as_view(), name="statement_discard"),
    path(f"{STATEMENT}confirm/", steps.Confirm.as_view(), name="statement_confirm"),
    path(f"{STATEMENT}post/", steps.Post.as_view(), name="statement_post"),
    path(f"{STATEMENT}release/", steps.Release.as_view(), name="statement_release"),
    path(f"{STATEMENT}payment/", steps.Payment.as_view(), name="statement_payment"),
    path(
        f"{STATEMENT}lines/<int:line>/dispute/", steps.Dispute.as_view(), name="statement_dispute"
    ),
    path(
        f"{STATEMENT}disputes/<int:dispute>/", steps.Answer.as_view(), name="dispute_answer"
    ),
    path("prices/", prices.Prices.as_view(), name="prices"),
    path("prices/desk/", prices.Desk.as_view(), name="price_desk"),
    path("prices/new/", prices.New.as_view(), name="price_new"),
    path("prices/<uuid:pk>/publish/", prices.Publish.as_view(), name="price_publish"),
]

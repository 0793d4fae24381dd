"""The audit trail, dead letters, the books."""

from django.urls import path

from portal.audit import books, views

urlpatterns = [
    path("audit/", views.Trail.as_view(), name="audit"),
    path("audit/export.csv", views.Export.as_view(), name="audit_export"),
    path("audit/verify/", views.VerifyTrail.as_view(), name="audit_verify"),
    path("audit/dead-letters/", views.DeadLetters.as_view(), name="dead_letters"),
    path("audit/dead-letters/<int:pk>/", views.Redrive.as_view(), name="redrive"),
    path("audit/books/", books.Journals.as_view(), name="journals"),
    path("audit/books/balance/", books.TrialBalance.as_view(), name="trial_balance"),
]

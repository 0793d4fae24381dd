"""Addresses of usage and of the gates."""

from django.urls import path

from portal.usage import views

urlpatterns = [
    path("licenses/<uuid:pk>/usage/", views.Usage.as_view(), name="usage"),
    path("gates/", views.Gates.as_view(), name="gates"),
]

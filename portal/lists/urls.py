"""Addresses around lists: files made of them, views kept of them, acts on several, the search."""

from django.urls import path

from portal.lists import bulk, exports, search, views

urlpatterns = [
    path("exports/", exports.Centre.as_view(), name="exports"),
    path("exports/new/", exports.New.as_view(), name="exports_new"),
    path("exports/<int:pk>/file/", exports.File.as_view(), name="export_file"),
    path("exports/<int:pk>/cancel/", exports.Cancel.as_view(), name="export_cancel"),
    path("exports/<int:pk>/again/", exports.Again.as_view(), name="export_again"),
    path("views/new/", views.New.as_view(), name="saved_views_new"),
    path("views/", views.Views.as_view(), name="saved_views"),
    path("views/<int:pk>/change/", views.Change.as_view(), name="saved_view_change"),
    path("views/<int:pk>/drop/", views.Drop.as_view(), name="saved_view_drop"),
    path("desk/several/", bulk.Several.as_view(), name="several"),
    path("desk/several/results/", bulk.Results.as_view(), name="several_results"),
    path("search/", search.Search.as_view(), name="search"),
]

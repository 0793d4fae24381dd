"""Signing in and out, the workbench, messages, the profile."""

from django.urls import path

from portal.home import account, second_factor, views, ways

urlpatterns = [
    path("home/", views.Workbench.as_view(), name="home"),
    path("inbox/", views.Inbox.as_view(), name="inbox"),
    path("inbox/read/", views.ReadAll.as_view(), name="inbox_read_all"),
    path("inbox/<int:pk>/open/", views.OpenMessage.as_view(), name="message_open"),
    path("sign-in/", account.SignIn.as_view(), name="sign_in"),
    path("sign-in/demo/", account.DemoSignIn.as_view(), name="demo_sign_in"),
    path("sign-out/", account.SignOut.as_view(), name="sign_out"),
    path("look/", account.ChooseLook.as_view(), name="look"),
    path("profile/", account.Profile.as_view(), name="profile"),
    path("profile/messages/", ways.MyWays.as_view(), name="my_ways"),
    path("message-rules/", ways.HouseWays.as_view(), name="house_ways"),
    path("profile/second-factor/", second_factor.Begin.as_view(), name="second_factor"),
    path(
        "profile/second-factor/confirm/",
        second_factor.Confirm.as_view(),
        name="second_factor_confirm",
    ),
    path(
        "profile/second-factor/codes/", second_factor.Renew.as_view(), name="second_factor_renew"
    ),
    path("second-factors/reset/", second_factor.Reset.as_view(), name="second_factor_reset"),
    path("profile/password/", account.Password.as_view(), name="password"),
]

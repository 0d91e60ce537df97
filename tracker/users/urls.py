"""Addresses of the door and of one's own account."""

from django.urls import path

from tracker.users import views

urlpatterns = [
    path("sign-in/", views.SignIn.as_view(), name="sign-in"),
    path("sign-out/", views.SignOut.as_view(), name="sign-out"),
    path("account/", views.account, name="account"),
    path("account/password/", views.password, name="password"),
    path("account/theme/", views.theme, name="theme"),
]

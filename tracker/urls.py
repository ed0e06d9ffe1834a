"""Every address of the site, in the order of the navigation."""

from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from tracker.views import home, overdue

handler400 = "tracker.views.errors.bad_request"
handler403 = "tracker.views.errors.forbidden"
handler404 = "tracker.views.errors.not_found"
handler500 = "tracker.views.errors.server_error"

urlpatterns = [
    path("", home.home, name="home"),
    path("language/", login_not_required(set_language), name="set_language"),
    path("signin/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("signout/", auth.LogoutView.as_view(), name="logout"),
    path("password/", auth.PasswordChangeView.as_view(), name="password_change"),
    path("password/done/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
    # Overdue
    path("overdue/", overdue.Overdue.as_view(), name="overdue"),
]

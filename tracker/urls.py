"""Every address of the site, in the order of the navigation."""

from django.contrib.auth import views as auth
from django.urls import include, path

from tracker.views import home, overdue

handler400 = "tracker.views.errors.bad_request"
handler403 = "tracker.views.errors.forbidden"
handler404 = "tracker.views.errors.not_found"
handler500 = "tracker.views.errors.server_error"

urlpatterns = [
    path("", home.home, name="home"),
    path("i18n/", include("django.conf.urls.i18n")),
    path("signin/", auth.LoginView.as_view(redirect_authenticated_user=True), name="login"),
    path("signout/", auth.LogoutView.as_view(), name="logout"),
    path("password/", auth.PasswordChangeView.as_view(), name="password_change"),
    path("password/done/", auth.PasswordChangeDoneView.as_view(), name="password_change_done"),
    # Overdue
    path("overdue/", overdue.Overdue.as_view(), name="overdue"),
]

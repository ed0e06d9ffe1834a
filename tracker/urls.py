"""Every address of the site, in the order of the navigation."""

from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from tracker import api
from tracker.views import (
    assignments,
    calendar,
    commitments,
    departments,
    home,
    notices,
    overdue,
    reports,
    search,
    tokens,
)

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
    # Ledger
    path("commitments/", commitments.Ledger.as_view(), name="commitments"),
    path("commitments/new/", commitments.new, name="commitment_new"),
    path("commitments/<str:number>/", commitments.commitment, name="commitment"),
    path("commitments/<str:number>/edit/", commitments.edit, name="commitment_edit"),
    # Overdue
    path("overdue/", overdue.Overdue.as_view(), name="overdue"),
    # Calendar
    path("calendar/", calendar.month, name="calendar"),
    path("calendar/timeline/", calendar.timeline, name="calendar_timeline"),
    path("calendar/subscribe/", calendar.feeds, name="calendar_feeds"),
    path("calendar/subscribe/renew/", calendar.feed_renew, name="calendar_feed_renew"),
    path("calendar/subscribe/<int:pk>/revoke/", calendar.feed_revoke, name="calendar_feed_revoke"),
    path("calendar/feed/<str:secret>.ics", calendar.feed, name="calendar_feed"),
    # Search
    path("search/", search.results, name="search"),
    # Follow-through: steps, evidence, history
    path("assignments/<int:pk>/<slug:action>/", assignments.step, name="step"),
    path("evidence/<int:pk>/", assignments.evidence_file, name="evidence"),
    path("commitments/<str:number>/history/", assignments.history, name="history"),
    # Departments
    path("departments/", departments.departments, name="departments"),
    path("departments/<int:pk>/", departments.Department.as_view(), name="department"),
    # API
    path("api/tokens/", tokens.tokens, name="tokens"),
    path("api/tokens/<int:pk>/revoke/", tokens.token_revoke, name="token_revoke"),
    path("api/", api.urls),
    path("commitments/<str:number>/", assignments.history, name="commitment"),
    # Papers
    path("reports/", reports.reports, name="reports"),
    path("reports/breakdown/", reports.breakdown_paper, name="report_breakdown"),
    path("reports/ledger/", reports.ledger_paper, name="report_ledger"),
    path("reports/notices/", notices.supervision_notices, name="notices"),
    path("reports/notices/<int:pk>/", notices.supervision_notice, name="notice"),
    path("reports/templates/", reports.paper_templates, name="paper_templates"),
    path("reports/templates/<slug:name>/", reports.paper_template, name="paper_template"),
    path("reports/templates/<slug:name>/file/", reports.paper_template_file, name="paper_template_file"),
    path("reports/templates/<slug:name>/restore/", reports.paper_template_restore, name="paper_template_restore"),
]

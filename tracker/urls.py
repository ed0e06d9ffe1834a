"""Every address of the site, in the order of the navigation."""

from django.contrib.auth import views as auth
from django.contrib.auth.decorators import login_not_required
from django.urls import path
from django.views.i18n import set_language

from tracker import api
from tracker.views import (
    assignments,
    bulletins,
    calendar,
    commitments,
    delegations,
    departments,
    home,
    imports,
    inbox,
    items,
    notices,
    overdue,
    reports,
    review,
    scoring,
    search,
    speeches,
    tokens,
    units,
    upload,
    users,
)

handler400 = "tracker.views.errors.bad_request"
handler403 = "tracker.views.errors.forbidden"
handler404 = "tracker.views.errors.not_found"
handler500 = "tracker.views.errors.server_error"

urlpatterns = [
    path("", home.home, name="home"),
    path("lights/", home.lights, name="home_lights"),
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
    # Speeches: the list, from a file to speeches, the reading view
    path("speeches/", speeches.Speeches.as_view(), name="speeches"),
    path("speeches/accuracy/", speeches.accuracy, name="accuracy"),
    path("speeches/upload/", upload.upload_speeches, name="upload"),
    path("speeches/upload/<int:pk>/", upload.upload_preview, name="upload_preview"),
    path("speeches/upload/<int:pk>/cutting/", upload.upload_cutting, name="upload_cutting"),
    path("speeches/upload/<int:pk>/text/<int:number>/", upload.upload_paragraphs, name="upload_paragraphs"),
    path("speeches/upload/<int:pk>/discard/", upload.upload_discard, name="upload_discard"),
    path("speeches/failed/<int:pk>/original/", upload.failed_original, name="failed_original"),
    path("speeches/failed/<int:pk>/retry/", upload.failed_retry, name="failed_retry"),
    path("speeches/failed/<int:pk>/delete/", upload.failed_delete, name="failed_delete"),
    path("speeches/<int:pk>/", speeches.speech, name="speech"),
    path("speeches/<int:pk>/edit/", speeches.speech_edit, name="speech_edit"),
    path("speeches/<int:pk>/original/", speeches.speech_original, name="speech_original"),
    # The review desk
    path("speeches/<int:pk>/review/", review.desk_page, name="review"),
    path("speeches/<int:pk>/review/changes/", review.changes, name="review_changes"),
    path("speeches/<int:pk>/review/decide/", review.decide, name="review_decide"),
    path("speeches/<int:pk>/review/confirm-above/", review.confirm_above, name="review_confirm_above"),
    path("speeches/<int:pk>/review/undo/", review.undo, name="review_undo"),
    path("speeches/<int:pk>/review/add/", review.add, name="review_add"),
    path("speeches/<int:pk>/review/read/", review.read, name="review_read"),
    path("speeches/<int:pk>/review/unit/", review.new_unit, name="review_unit"),
    path("speeches/<int:pk>/review/<int:finding_pk>/edit/", review.edit, name="review_edit"),
    path("speeches/<int:pk>/review/<int:finding_pk>/merge/", review.merge, name="review_merge"),
    path("speeches/<int:pk>/review/<int:finding_pk>/split/", review.split, name="review_split"),
    # Overdue
    path("overdue/", overdue.Overdue.as_view(), name="overdue"),
    path("overdue/remind/", overdue.remind, name="overdue_remind"),
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
    # Inbox and reminders
    path("inbox/", inbox.inbox, name="inbox"),
    path("inbox/<int:pk>/", inbox.inbox_open, name="inbox_open"),
    path("inbox/read/", inbox.inbox_read, name="inbox_read"),
    path("inbox/settings/", inbox.settings, name="inbox_settings"),
    path("inbox/settings/test/", inbox.test, name="inbox_test"),
    path("reminders/settings/", inbox.office, name="reminder_settings"),
    path("reminders/failures/", inbox.failures, name="reminder_failures"),
    # Departments
    path("departments/", departments.departments, name="departments"),
    path("departments/<int:pk>/", departments.Department.as_view(), name="department"),
    # API
    path("api/tokens/", tokens.tokens, name="tokens"),
    path("api/tokens/<int:pk>/revoke/", tokens.token_revoke, name="token_revoke"),
    path("api/", api.urls),
    path("commitments/<str:number>/history/<slug:format>/", items.history_file, name="history_file"),
    path("commitments/<str:number>/assign/", items.assign, name="assign"),
    path("commitments/<str:number>/instruct/", items.instruct, name="instruct"),
    path("commitments/<str:number>/remove/", items.remove, name="remove"),
    path("commitments/<str:number>/restore/", items.restore, name="restore"),
    path("removed/", items.removed, name="removed"),
    # Who stands in for whom; users and units
    path("away/", delegations.delegations, name="delegations"),
    path("away/<int:pk>/end/", delegations.delegation_end, name="delegation_end"),
    path("users/", users.users, name="users"),
    path("users/new/", users.user_new, name="user_new"),
    path("users/<int:pk>/", users.user, name="user"),
    path("users/<int:pk>/role/", users.user_role, name="user_role"),
    path("users/<int:pk>/role/<int:membership_pk>/end/", users.user_role_end, name="user_role_end"),
    path("users/<int:pk>/password/", users.user_password, name="user_password"),
    path("units/", units.units, name="units"),
    path("units/new/", units.unit, name="unit_new"),
    path("units/<int:pk>/", units.unit, name="unit"),
    # Papers
    path("reports/", reports.reports, name="reports"),
    path("reports/breakdown/", reports.breakdown_paper, name="report_breakdown"),
    path("reports/ledger/", reports.ledger_paper, name="report_ledger"),
    path("reports/pledge/", reports.pledge_paper, name="report_pledge"),
    path("reports/bulletins/", bulletins.bulletin_list, name="bulletins"),
    path("reports/bulletins/new/", bulletins.prepare, name="bulletin_prepare"),
    path("reports/bulletins/draft/", bulletins.draft, name="bulletin_draft"),
    path("reports/bulletins/<int:pk>/", bulletins.bulletin, name="bulletin"),
    path("reports/bulletins/<int:pk>/file/", bulletins.bulletin_file, name="bulletin_file"),
    path("reports/notices/", notices.supervision_notices, name="notices"),
    path("reports/notices/<int:pk>/", notices.supervision_notice, name="notice"),
    path("scores/", scoring.scores, name="scores"),
    path("scores/rule/", scoring.scoring_rule, name="scoring_rule"),
    path("scores/<int:pk>/", scoring.score, name="score"),
    path("imports/", imports.ledger_imports, name="imports"),
    path("imports/<int:pk>/", imports.ledger_import, name="ledger_import"),
    path("imports/<int:pk>/rows/", imports.ledger_import_rows, name="ledger_import_rows"),
    path("imports/<int:pk>/enter/", imports.ledger_import_enter, name="ledger_import_enter"),
    path("reports/templates/", reports.paper_templates, name="paper_templates"),
    path("reports/templates/<slug:name>/", reports.paper_template, name="paper_template"),
    path("reports/templates/<slug:name>/file/", reports.paper_template_file, name="paper_template_file"),
    path("reports/templates/<slug:name>/restore/", reports.paper_template_restore, name="paper_template_restore"),
]

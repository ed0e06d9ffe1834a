"""Every address of the site for every kind of visitor: who is let in, who is refused, for whom it does not exist.

The addresses are discovered: one that stands in ``tracker.urls`` and not in ``EXPECTED`` fails this test.
All objects concern 县交通运输局; 县教育局 is the foreign unit.
"""

import datetime as dt
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.db import transaction
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from speeches import upload
from speeches.readers import ReadError
from tests import make
from tracker import evidence, ledger, progress, workflow
from tracker.forms.steps import FORMS
from tracker.models import Delegation

# letter: who. Nobody has no role at all; the foreign ones hold theirs for 县教育局 only.
VISITORS = {
    "c": "coordinator",
    "l": "leader",
    "o": "observer",
    "a": "administrator",
    "i": "liaison",
    "f": "foreign liaison",
    "x": "foreign coordinator",
    "n": "nobody",
}
ALL = "".join(VISITORS)
# Without signing in.
PUBLIC = {"set_language", "login"}
# Let in, whatever came of it: shown, done, told what is wrong with the form, told that nothing has changed.
LET_IN = {200, 204, 302, 400, 409, 422}

ITEM, SPEECH, NONE = (lambda w: [w.item.number]), (lambda w: [w.speech.pk]), (lambda w: [])
FINDING = lambda w: [w.speech.pk, w.finding.pk]  # noqa: E731
UNIT, USER = (lambda w: [w.county.transport.pk]), (lambda w: [w.county.liaison.pk])


def absent(*kept: int):
    """The address of something that is not there: whoever may look is told so, whoever may not is refused first."""
    return lambda w: kept


# name: (method, who is let in, who is refused with 403, what stands in the address). For all others it is not there.
EXPECTED = {
    # Everybody's own
    "home": ("get", ALL, "", NONE),
    "logout": ("post", ALL, "", NONE),
    "password_change": ("get", ALL, "", NONE),
    "password_change_done": ("get", ALL, "", NONE),
    "tokens": ("get", ALL, "", NONE),
    "token_revoke": ("post", ALL, "", absent(9999)),
    "search": ("get", ALL, "", NONE),
    "inbox": ("get", ALL, "", NONE),
    "inbox_open": ("get", "", "", absent(9999)),
    "inbox_read": ("post", ALL, "", NONE),
    "inbox_settings": ("get", ALL, "", NONE),
    "inbox_test": ("post", ALL, "", NONE),
    "calendar": ("get", ALL, "", NONE),
    "calendar_timeline": ("get", ALL, "", NONE),
    "calendar_feeds": ("get", ALL, "", NONE),
    "calendar_feed_renew": ("post", ALL, "", NONE),
    "calendar_feed_revoke": ("post", ALL, "", absent(9999)),
    "calendar_feed": ("get", "", "", lambda w: ["x" * 43]),
    "delegations": ("get", ALL, "", NONE),
    "delegation_end": ("post", "ia", "", lambda w: [w.away.pk]),
    # Lists, each with what one may see
    "commitments": ("get", ALL, "", NONE),
    "overdue": ("get", ALL, "", NONE),
    "overdue_remind": ("post", ALL, "", NONE),
    "departments": ("get", ALL, "", NONE),
    "department": ("get", "cloi", "", UNIT),
    # An item and its assignment
    "commitment_new": ("get", "cx", "loaifn", NONE),
    "commitment": ("get", "cloi", "", ITEM),
    "commitment_edit": ("get", "c", "loi", ITEM),
    "history": ("get", "cloi", "", ITEM),
    "history_file": ("get", "cloi", "", lambda w: [w.item.number, "csv"]),
    "assign": ("get", "c", "loi", ITEM),
    "instruct": ("get", "l", "coi", ITEM),
    "remove": ("get", "c", "loi", ITEM),
    "removed": ("get", "cx", "loaifn", NONE),
    "restore": ("post", "c", "loaifn", lambda w: [w.gone.number]),
    "evidence": ("get", "cloi", "", lambda w: [w.evidence.pk]),
    "home_lights": ("get", ALL, "", NONE),
    "commitments_columns": ("post", ALL, "", NONE),
    "commitments_bulk": ("post", ALL, "", NONE),
    "commitments_view_save": ("post", ALL, "", NONE),
    "commitments_view": ("get", "", "", absent(9999)),
    "commitments_view_delete": ("post", "", "", absent(9999)),
    # Speeches and their review
    "speeches": ("get", "cloifx", "an", NONE),
    "accuracy": ("get", "clox", "aifn", NONE),
    "speech": ("get", "cloix", "", SPEECH),
    "speech_original": ("get", "", "", SPEECH),
    "speech_edit": ("get", "cx", "loaifn", SPEECH),
    "upload": ("get", "cx", "loaifn", NONE),
    "upload_preview": ("get", "cx", "loaifn", absent(9999)),
    "upload_cutting": ("post", "", "loaifn", absent(9999)),
    "upload_paragraphs": ("get", "", "loaifn", absent(9999, 1)),
    "upload_discard": ("post", "", "loaifn", absent(9999)),
    "failed_original": ("get", "cx", "loaifn", lambda w: [w.failed.pk]),
    "failed_retry": ("post", "cx", "loaifn", lambda w: [w.failed.pk]),
    "failed_delete": ("post", "cx", "loaifn", lambda w: [w.failed.pk]),
    "review": ("get", "cx", "loaifn", SPEECH),
    "review_changes": ("get", "cx", "loaifn", SPEECH),
    "review_decide": ("post", "", "loaifn", SPEECH),
    "review_confirm_above": ("post", "cx", "loaifn", SPEECH),
    "review_undo": ("post", "cx", "loaifn", SPEECH),
    "review_add": ("get", "cx", "loaifn", SPEECH),
    "review_read": ("post", "cx", "loaifn", SPEECH),
    "review_unit": ("post", "cx", "loaifn", SPEECH),
    "review_edit": ("get", "cx", "loaifn", FINDING),
    "review_merge": ("get", "cx", "loaifn", FINDING),
    "review_split": ("get", "cx", "loaifn", FINDING),
    # Papers
    "reports": ("get", "clox", "aifn", NONE),
    "report_breakdown": ("get", "clox", "aifn", NONE),
    "report_ledger": ("get", "clox", "aifn", NONE),
    "report_pledge": ("get", "clox", "aifn", NONE),
    "bulletins": ("get", "clox", "aifn", NONE),
    "bulletin_prepare": ("get", "cx", "loaifn", NONE),
    "bulletin_draft": ("get", "cx", "loaifn", NONE),
    "bulletin": ("get", "", "aifn", absent(9999)),
    "bulletin_file": ("get", "", "aifn", absent(9999)),
    "notices": ("get", "clox", "aifn", NONE),
    "notice": ("get", "", "aifn", absent(9999)),
    "paper_templates": ("get", "aclox", "ifn", NONE),
    "paper_template": ("get", "aclox", "ifn", lambda w: ["notice"]),
    "paper_template_file": ("get", "aclox", "ifn", lambda w: ["notice"]),
    "paper_template_restore": ("post", "ca", "loifxn", lambda w: ["notice"]),
    "imports": ("get", "cx", "loaifn", NONE),
    "ledger_import": ("get", "", "loaifn", absent(9999)),
    "ledger_import_rows": ("get", "", "loaifn", absent(9999)),
    "ledger_import_enter": ("post", "", "loaifn", absent(9999)),
    "scores": ("get", "clox", "aifn", NONE),
    "score": ("get", "clo", "aifn", UNIT),
    "scoring_rule": ("get", "c", "loaifxn", NONE),
    # What the administrator keeps
    "users": ("get", "a", "cloifxn", NONE),
    "user_new": ("get", "a", "cloifxn", NONE),
    "user": ("get", "a", "cloifxn", USER),
    "user_role": ("post", "a", "cloifxn", USER),
    "user_role_end": ("post", "a", "cloifxn", lambda w: [w.county.liaison.pk, w.membership.pk]),
    "user_password": ("post", "a", "cloifxn", USER),
    "units": ("get", "cax", "loifn", NONE),
    "unit_new": ("get", "cax", "loifn", NONE),
    "unit": ("get", "ca", "loifn", UNIT),
    "office_settings": ("get", "a", "cloifxn", NONE),
    "reminder_failures": ("get", "cax", "loifn", NONE),
}
# step: who is let in, who is refused; it is not there for whom the assignment is not.
OFFICE = ("accept", "send_back", "suspend", "resume", "withdraw", "reopen", "send_again")
STEPS = dict.fromkeys(OFFICE, ("c", "loi"))
STEPS |= dict.fromkeys(("receive", "report", "submit", "ask_extension", "hand_on"), ("i", "clo"))
STEPS |= {"amend": ("c", "loi"), "decide_extension": ("c", "loi"), "plan": ("ci", "lo")}


def addresses(patterns=None, prefix: str = "") -> Iterator[str]:
    """The name of every address outside of the API, whose own tests walk it."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = f"{prefix}{pattern.pattern}"
        if isinstance(pattern, URLResolver):
            if pattern.namespace != "api":
                yield from addresses(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield pattern.name or route


@pytest.fixture
def world(county):
    """One of everything that an address can name, all of 县交通运输局, and a visitor for each letter."""
    speech = make.speech("县交通局要在6月底前完成县道改造87公里。")
    row = make.commitment(lead=county.transport, deadline=timezone.localdate(), speech=speech).assignments.get()
    workflow.receive(row, by=county.liaison)
    paper = evidence.check("合同.pdf", b"%PDF-1.4 %%EOF")
    update = progress.report(row, by=county.liaison, text="完成一半", files=[paper])
    gone = make.commitment(lead=county.transport)
    ledger.remove(gone, by=county.coordinator, reason="误立", version=gone.version)
    later = timezone.localdate() + dt.timedelta(days=100)
    away = Delegation.objects.create(absent=county.liaison, substitute=county.leader, starts_on=later, ends_on=later)
    visitors = {
        "c": county.coordinator, "l": county.leader, "o": county.observer, "a": county.administrator,
        "i": county.liaison, "f": county.other_liaison,
        "x": make.user("jiaoyu-duban", "教育督办", coordinator=county.education), "n": make.user("wuren", "无角色"),
    }  # fmt: skip
    return SimpleNamespace(
        county=county, visitors=visitors, speech=speech, row=row, item=row.commitment, gone=gone,
        finding=speech.findings.first(),
        evidence=update.evidence.get(), away=away, membership=county.liaison.memberships.get(),
        failed=upload.record_failure(b"?", name="坏.doc", error=ReadError("damaged")),
    )  # fmt: skip


def answer(client, method: str, address: str) -> str:
    """in, refused, or not there; whatever the request did is undone."""
    with transaction.atomic():
        status = getattr(client, method)(address).status_code
        transaction.set_rollback(True)
    return {403: "refused", 404: "not there"}.get(status, "in" if status in LET_IN else str(status))


def must(visitor: str, let_in: str, refused: str) -> str:
    return "in" if visitor in let_in else "refused" if visitor in refused else "not there"


def test_every_address_has_an_expectation():
    missing = set(addresses()) - set(EXPECTED) - PUBLIC - {"step"}
    assert not missing, f"say in EXPECTED who gets what at {missing}"
    assert set(FORMS) == set(STEPS)


@pytest.mark.parametrize("visitor", VISITORS, ids=list(VISITORS.values()))
def test_each_address_lets_in_whom_it_must_and_nobody_else(client, world, visitor):
    client.force_login(world.visitors[visitor])
    got, wanted = {}, {}
    for name, (method, let_in, refused, args) in EXPECTED.items():
        if name == "logout":
            continue
        got[name] = answer(client, method, reverse(name, args=args(world)))
        wanted[name] = must(visitor, let_in, refused)
    for action, (let_in, refused) in STEPS.items():
        for method in ("get", "post"):
            got[f"{action} {method}"] = answer(client, method, reverse("step", args=[world.row.pk, action]))
            wanted[f"{action} {method}"] = must(visitor, let_in, refused)
    assert got == wanted


def test_who_has_not_signed_in_is_asked_to(client, world):
    signin = reverse("login")
    for name, (method, _in, _refused, args) in EXPECTED.items():
        if name in {"calendar_feed", "logout"}:
            continue
        response = getattr(client, method)(reverse(name, args=args(world)))
        assert response.status_code == 302, name
        assert response["Location"].startswith(signin), name

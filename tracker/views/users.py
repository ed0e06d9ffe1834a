"""The administrator's pages for users: who there is, what they are to which unit, whether they may sign in."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db import transaction
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from tracker import people
from tracker.export import printable
from tracker.forms.people import PasswordForm, RoleForm, UserForm
from tracker.models import Membership, User
from tracker.workflow import Refused

PAGE = 50


def _administrator(request: HttpRequest) -> User:
    if not request.user.has_perm("tracker.change_user"):
        raise PermissionDenied
    return request.user


def _user(request: HttpRequest, pk: int) -> User:
    return get_object_or_404(people.manageable_users(_administrator(request)), pk=pk)


@require_GET
def users(request: HttpRequest) -> HttpResponse:
    """The users that the administrator keeps, with their roles."""
    rows = people.manageable_users(_administrator(request)).prefetch_related("memberships__unit")
    sought = printable(request.GET.get("q", "")).strip()[:60]
    if sought:
        rows = rows.filter(
            Q(username__icontains=sought) | Q(name__icontains=sought) | Q(memberships__unit__name__icontains=sought)
        ).distinct()
    page = Paginator(rows.order_by("-is_active", "username"), PAGE).get_page(request.GET.get("page"))
    return render(request, "tracker/users.html", {"page_obj": page, "q": sought})


@require_http_methods(["GET", "POST"])
def user_new(request: HttpRequest) -> HttpResponse:
    """A new user: the data, a first password and a first role on one page."""
    by = _administrator(request)
    sent = request.POST if request.method == "POST" else None
    form = UserForm(sent, initial={"is_active": True})
    password, role = PasswordForm(sent, whom=form.instance), RoleForm(sent, by=by)
    if sent is not None and all([form.is_valid(), password.is_valid(), role.is_valid()]):
        given, made = role.cleaned_data, form.instance
        made.set_password(password.cleaned_data["password"])
        try:
            with transaction.atomic():
                people.save_user(made, by=by, is_active=form.cleaned_data["is_active"])
                people.give_role(made, by=by, unit=given["unit"], role=given["role"], is_head=given["is_head"])
        except Refused as error:
            form.add_error(error.field, error)
        else:
            messages.success(request, _("%(user)s can sign in now.") % {"user": made})
            return redirect("user", made.pk)
    return render(request, "tracker/user_new.html", {"forms": [form, password, role]})


@require_http_methods(["GET", "POST"])
def user(request: HttpRequest, pk: int) -> HttpResponse:
    """One user: data, roles, password."""
    whom = _user(request, pk)
    form = UserForm(request.POST if request.method == "POST" else None, instance=whom)
    if form.is_bound and form.is_valid():
        try:
            people.save_user(form.instance, by=request.user, is_active=form.cleaned_data["is_active"])
        except Refused as error:
            form.add_error(error.field, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("user", pk)
    return _page(request, pk, form=form)


def _page(request: HttpRequest, pk: int, **forms: object) -> HttpResponse:
    """A user's page, with the form that was sent in place of a fresh one."""
    whom = User.objects.prefetch_related("memberships__unit").get(pk=pk)
    fresh = {
        "form": UserForm(instance=whom),
        "role": RoleForm(by=request.user),
        "password": PasswordForm(whom=whom),
    }
    return render(request, "tracker/user.html", {"whom": whom, **fresh, **forms})


@require_POST
def user_role(request: HttpRequest, pk: int) -> HttpResponse:
    """Give a role."""
    whom = _user(request, pk)
    form = RoleForm(request.POST, by=request.user)
    if not form.is_valid():
        return _page(request, pk, role=form)
    given = form.cleaned_data
    people.give_role(whom, by=request.user, unit=given["unit"], role=given["role"], is_head=given["is_head"])
    messages.success(request, _("Saved."))
    return redirect("user", pk)


@require_POST
def user_role_end(request: HttpRequest, pk: int, membership_pk: int) -> HttpResponse:
    """Take a role away."""
    membership = get_object_or_404(Membership, pk=membership_pk, user=_user(request, pk))
    try:
        people.take_role(membership, by=request.user)
    except Refused as error:
        messages.error(request, " ".join(error.messages))
    return redirect("user", pk)


@require_POST
def user_password(request: HttpRequest, pk: int) -> HttpResponse:
    """Set a new password; whoever was signed in with the old one is signed out."""
    whom = _user(request, pk)
    form = PasswordForm(request.POST, whom=whom)
    if not form.is_valid():
        return _page(request, pk, password=form)
    whom.set_password(form.cleaned_data["password"])
    whom.save(update_fields=["password"])
    messages.success(request, _("The new password holds from now on."))
    return redirect("user", pk)

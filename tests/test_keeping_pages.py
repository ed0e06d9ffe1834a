"""The administrator's pages: users and units, with every mistake told at its field."""

import pytest
from django.urls import reverse

from tests import make
from tracker.models import Membership, Unit, User


def post(client, user, name, /, *args, **data):
    client.force_login(user)
    return client.post(reverse(name, args=args), data)


def unit_data(unit: Unit, **changed) -> dict:
    data = {
        "name": unit.name, "short_name": unit.short_name, "kind": unit.kind, "parent": unit.parent_id or "",
        "position": unit.position, "is_active": "on", "version": unit.version,
        "aliases": "\n".join(unit.aliases.values_list("name", flat=True)),
        "members": list(unit.members.values_list("pk", flat=True)),
    }  # fmt: skip
    return data | changed


def errors(response) -> dict:
    assert response.status_code == 200
    return response.context["form"].errors


def test_a_new_user_can_sign_in_with_a_role(client, county):
    data = {
        "username": "shuili", "name": "联络员庚", "is_active": "on", "password": "qinghe-2026-shui",
        "unit": county.east.pk, "role": "liaison",
    }  # fmt: skip
    post(client, county.administrator, "user_new", **data)

    made = User.objects.get(username="shuili")
    assert made.check_password("qinghe-2026-shui")
    assert made.memberships.get().unit == county.east


@pytest.mark.parametrize(
    ("changed", "field"),
    [({"username": "jiaotong"}, "username"), ({"password": "12345678"}, "password"), ({"role": "boss"}, "role")],
)
def test_a_new_user_with_a_mistake_is_not_made(client, county, changed, field):
    data = {
        "username": "shuili", "name": "联络员庚", "is_active": "on", "password": "qinghe-2026-shui",
        "unit": county.east.pk, "role": "liaison",
    }  # fmt: skip
    response = post(client, county.administrator, "user_new", **data | changed)

    assert any(field in form.errors for form in response.context["forms"])
    assert not User.objects.filter(username="shuili").exists()


def test_who_is_switched_off_is_out_at_once_and_their_deeds_stay(client, county):
    data = {"username": "jiaotong", "name": "联络员丙"}
    post(client, county.administrator, "user", county.liaison.pk, **data)
    client.force_login(county.liaison)
    assert client.get(reverse("overdue")).status_code == 302

    assert errors(post(client, county.administrator, "user", county.administrator.pk, username="guanli", name="己"))


def test_a_new_password_ends_the_old_session(client, county):
    client.force_login(county.liaison)
    session = client.cookies["sessionid"].value
    post(client, county.administrator, "user_password", county.liaison.pk, password="xin-mima-2026-lc")
    client.cookies["sessionid"] = session

    county.liaison.refresh_from_db()
    assert county.liaison.check_password("xin-mima-2026-lc")
    assert client.get(reverse("overdue")).status_code == 302


def test_roles_are_given_and_taken_but_not_the_last_administrators_own(client, county):
    post(client, county.administrator, "user_role", county.liaison.pk, unit=county.east.pk, role="observer")
    role = county.liaison.memberships.get(role="observer")
    post(client, county.administrator, "user_role_end", county.liaison.pk, role.pk)
    assert not county.liaison.memberships.filter(role="observer").exists()

    own = county.administrator.memberships.get()
    post(client, county.administrator, "user_role_end", county.administrator.pk, own.pk)
    assert Membership.objects.filter(pk=own.pk).exists()


def test_an_administrator_of_a_department_keeps_only_its_users(client, county):
    small = make.user("xiaoguan", "科室管理员", administrator=county.transport)
    client.force_login(small)
    assert client.get(reverse("user", args=[county.liaison.pk])).status_code == 200
    assert client.get(reverse("user", args=[county.leader.pk])).status_code == 404

    forged = post(client, small, "user_role", county.liaison.pk, unit=county.root.pk, role="leader")
    assert forged.context["role"].errors["unit"]
    assert county.liaison.memberships.count() == 1


def test_a_unit_is_not_moved_under_its_own_child(client, county):
    child = make.unit("公路养护中心", county.transport)
    response = post(
        client, county.administrator, "unit", county.transport.pk, **unit_data(county.transport, parent=child.pk)
    )

    assert errors(response)["parent"]
    county.transport.refresh_from_db()
    assert county.transport.parent == county.root


def test_a_group_does_not_contain_itself_not_even_through_another(client, county):
    inner = make.group("沿河各镇", [county.towns])
    for member in (county.towns, inner):
        data = unit_data(county.towns, members=[county.east.pk, member.pk])
        assert errors(post(client, county.administrator, "unit", county.towns.pk, **data))["members"]
    assert set(county.towns.members.all()) == {county.east, county.west}


def test_only_a_group_has_members(client, county):
    data = unit_data(county.transport, members=[county.east.pk])
    assert errors(post(client, county.administrator, "unit", county.transport.pk, **data))["members"]


@pytest.mark.parametrize(("field", "value"), [("name", "县教育局"), ("name", "交通部门"), ("aliases", "县教育局")])
def test_a_name_means_one_unit_only(client, county, field, value):
    response = post(client, county.administrator, "unit", county.east.pk, **unit_data(county.east, **{field: value}))
    assert errors(response)[field]


def test_a_unit_is_renamed_and_gets_new_aliases_and_its_history_keeps_the_old(client, county):
    data = unit_data(county.east, name="东塘街道", aliases="东塘镇\n东塘街道办")
    assert post(client, county.administrator, "unit", county.east.pk, **data).status_code == 302

    county.east.refresh_from_db()
    assert set(county.east.aliases.values_list("name", flat=True)) == {"东塘镇", "东塘街道办"}
    assert county.east.history.earliest().name == "东塘镇"


def test_a_unit_saved_over_a_newer_version_shows_both(client, county):
    old = unit_data(county.east)
    post(client, county.administrator, "unit", county.east.pk, **old | {"short_name": "东塘"})
    response = post(client, county.administrator, "unit", county.east.pk, **old | {"name": "东塘新镇"})

    assert response.status_code == 409
    page = response.content.decode()
    assert "东塘新镇" in page
    assert Unit.objects.get(pk=county.east.pk).name == "东塘镇"


def test_a_new_unit_needs_a_unit_above_it_in_ones_own_charge(client, county):
    data = {"name": "县水利局", "kind": "department", "position": 9, "is_active": "on"}
    assert errors(post(client, county.administrator, "unit_new", **data))["parent"]
    assert post(client, county.administrator, "unit_new", **data, parent=county.root.pk).status_code == 302
    assert Unit.objects.get(name="县水利局").parent == county.root


@pytest.fixture
def taken_meanwhile(monkeypatch):
    """Make the check of a name pass, as it does for two who send theirs at the same moment."""
    return lambda model: (
        monkeypatch.setattr(model, "validate_constraints", lambda *args, **kwargs: None)
        or (monkeypatch.setattr(model, "validate_unique", lambda *args, **kwargs: None))
    )


def test_a_user_name_that_somebody_takes_at_the_same_moment_is_told_at_its_field(client, county, taken_meanwhile):
    taken_meanwhile(User)
    data = {
        "username": county.liaison.username, "name": "联络员庚", "is_active": "on", "password": "qinghe-2026-shui",
        "unit": county.east.pk, "role": "liaison",
    }  # fmt: skip
    page = post(client, county.administrator, "user_new", **data)

    assert page.context["forms"][0].errors["username"]


def test_a_name_that_somebody_gives_to_another_unit_at_the_same_moment_is_told_at_its_field(
    client, county, taken_meanwhile
):
    taken_meanwhile(Unit)
    data = unit_data(county.east, name="西岭乡")

    assert errors(post(client, county.administrator, "unit", county.east.pk, **data))["name"]

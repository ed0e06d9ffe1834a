"""What tests stand on: a small county with a user for each role."""

import datetime as dt
import os
from pathlib import Path
from types import SimpleNamespace

import pytest

# Playwright's event loop and Django's test database live in one process.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "1")

SHARED = Path(__file__).resolve().parents[2] / "shared"


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of real speeches and annotations beside the project; tests that need it skip without it."""
    if not SHARED.is_dir():
        pytest.skip("../shared with the real speeches is not here")
    return SHARED


@pytest.fixture(autouse=True)
def _files_in_a_temporary_folder(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "files"


@pytest.fixture
def county(db):
    """县政府 over 交通局, 教育局 and two towns, which form the group 各乡镇; and a user for each role.

    county.transport, .education, .east, .west, .towns (group), .root are units; county.coordinator, .leader,
    .liaison (of transport), .other_liaison (of education), .observer, .administrator are users.
    """
    from tests.make import group, unit, user

    root = unit("临川县人民政府", kind="government", short_name="县政府")
    transport = unit("县交通运输局", root, short_name="交通局", aliases=["县交通局", "交通部门"])
    education = unit("县教育局", root, short_name="教育局")
    east = unit("东塘镇", root, kind="township")
    west = unit("西岭乡", root, kind="township")
    towns = group("各乡镇", [east, west], aliases=["各镇", "各乡镇街道"])
    return SimpleNamespace(
        root=root,
        transport=transport,
        education=education,
        east=east,
        west=west,
        towns=towns,
        coordinator=user("duchayuan", "督查员甲", coordinator=root),
        leader=user("xianzhang", "县长乙", leader=root),
        liaison=user("jiaotong", "联络员丙", liaison=transport),
        other_liaison=user("jiaoyu", "联络员丁", liaison=education),
        observer=user("guancha", "观察员戊", observer=root),
        administrator=user("guanli", "管理员己", administrator=root),
    )


@pytest.fixture
def delivered_on() -> dt.date:
    return dt.date(2026, 3, 10)

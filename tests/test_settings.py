"""Settings come from the environment only, and production is refused where it would not be safe."""

import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
PRODUCTION = {
    "LUOSHI_SECRET_KEY": "x7Q-9fLw2_tZr8Vb" * 4,
    "LUOSHI_ALLOWED_HOSTS": "luoshi.example",
}


@pytest.fixture
def manage(tmp_path):
    """Run manage.py with nothing but the given environment; returns the finished process."""

    def run(*args: str, **environment: str) -> subprocess.CompletedProcess:
        env = {"PATH": "/usr/bin:/bin", "LUOSHI_DATA_DIR": str(tmp_path), "LANG": "C.UTF-8", **environment}
        return subprocess.run(
            [sys.executable, "manage.py", *args], cwd=ROOT, env=env, capture_output=True, text=True, timeout=120
        )

    return run


def test_deployment_checks_are_clean_under_production_variables(manage):
    done = manage("check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)

    assert done.returncode == 0, done.stderr
    assert "no issues" in done.stdout


@pytest.mark.parametrize("secret", ["", "short", "only-for-development-and-tests"])
def test_production_does_not_start_without_a_secret_of_its_own(manage, secret):
    done = manage("check", **{**PRODUCTION, "LUOSHI_SECRET_KEY": secret})

    assert done.returncode != 0
    assert "LUOSHI_SECRET_KEY must be set" in done.stderr


def test_a_wrong_database_address_is_named(manage):
    done = manage("check", **PRODUCTION, DATABASE_URL="nonsense")

    assert done.returncode != 0
    assert "DATABASE_URL" in done.stderr


def test_a_switch_that_is_no_yes_or_no_is_named(manage):
    done = manage("check", **PRODUCTION, LUOSHI_DEBUG="maybe")

    assert done.returncode != 0
    assert "LUOSHI_DEBUG" in done.stderr

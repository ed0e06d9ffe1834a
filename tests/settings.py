"""The project's own settings, with what differs only under test."""

import os
import tempfile

_data = tempfile.TemporaryDirectory(prefix="luoshi-tests-")  # gone when the tests end

os.environ["LUOSHI_DEBUG"] = "1"
os.environ["LUOSHI_DATA_DIR"] = _data.name
os.environ["CELERY_BROKER_URL"] = ""  # tests that need a broker say so themselves

from tracker.settings import *  # noqa: E402, F403

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
AXES_ENABLED = False
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
if DATABASES["default"]["ENGINE"].endswith("postgresql"):  # noqa: F405
    # What the tests end or kill is a process of ours, never the database itself: it need not wait for the disk.
    DATABASES["default"]["OPTIONS"]["options"] += " -c synchronous_commit=off"  # noqa: F405
else:
    # In a file, as in an office. In memory all threads of a server would share one connection, and two of them may
    # then wait for each other without end: one in SQLite for Python's lock, the other the other way round.
    DATABASES["default"]["TEST"] = {"NAME": os.path.join(_data.name, "tests.sqlite3")}  # noqa: F405
    DATABASES["default"]["OPTIONS"]["init_command"] += " PRAGMA synchronous=OFF;"  # noqa: F405

"""The settings that ``manage.py demo`` runs with where nobody set any."""

from collections.abc import MutableMapping
from pathlib import Path


def prepare(environ: MutableMapping[str, str]) -> None:
    """Make local settings out of an environment that says nothing; what it says is kept.

    The demo gets a database and files of its own in ``data/demo``, apart from an office's real data.
    To be called before Django reads its settings.
    """
    if "LUOSHI_SECRET_KEY" not in environ:
        environ.setdefault("LUOSHI_DEBUG", "1")
    if "DATABASE_URL" not in environ:
        root = Path(__file__).resolve().parents[2]
        environ.setdefault("LUOSHI_DATA_DIR", str(root / "data" / "demo"))

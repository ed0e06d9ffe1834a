"""Text that the database holds sealed: keys to somebody's chat, which whoever copies the database must not have.

Sealed with a key that follows from ``SECRET_KEY``; what was sealed under one of ``SECRET_KEY_FALLBACKS`` can still be
opened. Where no key fits, the value read is an ``Unreadable``: nothing fails, whoever needs the text says so plainly,
and what is stored stays as it is, so that the right key brings it back.
"""

import base64
from functools import lru_cache
from typing import Any

from cryptography.fernet import Fernet, InvalidToken, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.db import models


class Unreadable(str):
    """What is stored and cannot be opened, as it is stored. True like any text: there is something."""

    __slots__ = ()


def seal(text: str) -> str:
    """``text`` as it may be stored; the same text is sealed differently each time. Empty stays empty."""
    if not text or isinstance(text, Unreadable):
        return str(text)
    return _seals(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).encrypt(text.encode()).decode()


def unseal(stored: str) -> str:
    """What was sealed, or an ``Unreadable``."""
    if not stored:
        return stored
    try:
        return _seals(settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS).decrypt(stored.encode()).decode()
    except InvalidToken:
        return Unreadable(stored)


@lru_cache(maxsize=4)
def _seals(*secrets: str) -> MultiFernet:
    return MultiFernet(
        Fernet(base64.urlsafe_b64encode(HKDF(SHA256(), 32, salt=None, info=b"luoshi sealed text").derive(key.encode())))
        for key in secrets
    )


class SealedField(models.TextField):
    """Text that is sealed in the database and open in Python. It cannot be searched for."""

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        return value if value is None else seal(value)

    def from_db_value(self, value: str | None, expression: Any, connection: Any) -> str | None:
        return value if value is None else unseal(value)

    def get_lookup(self, lookup_name: str) -> Any:
        return super().get_lookup(lookup_name) if lookup_name == "isnull" else None

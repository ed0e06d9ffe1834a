"""How users are known."""

from typing import Any

from django.contrib.auth.backends import ModelBackend


class PasswordBackend(ModelBackend):
    """Signs in by password. What a user may do, ``tracker.rules`` alone says: no permission is kept in the database."""

    def _get_permissions(self, user_obj: Any, obj: Any, from_name: str) -> set[str]:
        return set()

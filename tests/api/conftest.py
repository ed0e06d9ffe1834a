import json
from typing import Any

import pytest

from tracker.models import ApiToken


@pytest.fixture
def call(client, county):
    """Call the API as a user with a token of the given scope; returns (status, body)."""

    def call(method: str, path: str, user: Any, body: Any = None, *, scope: str = "write", **headers: str):
        _token, secret = ApiToken.make(user=user, name=f"test {ApiToken.objects.count()}", scope=scope)
        answer = client.generic(
            method, f"/api{path}", json.dumps(body) if body is not None else "",
            content_type="application/json", headers={"Authorization": f"Bearer {secret}", **headers},
        )  # fmt: skip
        return answer.status_code, json.loads(answer.content) if answer.content else None

    return call

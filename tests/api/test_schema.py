"""Every operation answers every value that its schema allows, and many that it does not, without a server error."""

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from tests import make
from tracker.api import api
from tracker.models import ApiToken
from tracker.wsgi import application

schema = schemathesis.openapi.from_dict(dict(api.get_openapi_schema()))
schema.app = application
OPERATIONS = [found.ok() for found in schema.get_all_operations()]


@pytest.fixture(autouse=True)
def _keep_the_connection():
    """A request through WSGI ends by closing the connection, and with it the test's own transaction."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def secret(county) -> str:
    """A coordinator's token, in a county with something in it."""
    make.assignment(county.transport)
    make.speech("县交通局要在6月底前建成云台山旅游公路。")
    return ApiToken.make(user=county.coordinator, name="schema", scope="write")[1]


@pytest.mark.parametrize("operation", OPERATIONS, ids=[operation.label for operation in OPERATIONS])
@pytest.mark.parametrize("mode", list(GenerationMode), ids=lambda mode: mode.value)
def test_no_operation_breaks(operation, mode, secret):
    @settings(
        max_examples=10,
        deadline=None,
        derandomize=True,
        database=None,
        phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(st.data())
    def check(data: st.DataObject) -> None:
        case = data.draw(operation.as_strategy(generation_mode=mode))
        case.call_and_validate(
            headers={"Authorization": f"Bearer {secret}"},
            checks=[not_a_server_error, response_schema_conformance, status_code_conformance],
        )

    check()

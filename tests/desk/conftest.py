"""A speech with three findings, whatever the extractor would make of it; a coordinator's browser; an upload."""

import datetime as dt

import pytest

from speeches import preview
from speeches.extraction import resolve_value
from speeches.models import Finding, PendingUpload, Speech
from tests import make
from tests.desk import uploading

DAY = dt.date(2026, 3, 10)
TEXT = """同志们：
县交通局要确保云台山旅游公路5月1日前全面竣工。
县教育局6月底前完成校舍改造，新增学位300个。
各乡镇9月底前完成沟渠清淤20公里。
大家要高度重视，抓好落实。
"""


@pytest.fixture
def speech(county) -> Speech:
    """Three findings, whatever the extractor would make of the text: the tests are about what people do with them."""
    made = make.speech("同志们，大家好。\n", DAY)
    Speech.objects.filter(pk=made.pk).update(text=TEXT)
    made.refresh_from_db()
    made.findings.all().delete()
    finding(made, "县交通局要确保云台山旅游公路5月1日前全面竣工", "5月1日前", "XXXX-05-01 before", 0.95)
    finding(made, "县教育局6月底前完成校舍改造，新增学位300个", "6月底前", "XXXX-06", 0.8, number=300, of="个")
    finding(made, "各乡镇9月底前完成沟渠清淤20公里", "9月底前", "XXXX-09", 0.5, number=20, of="公里")
    return made


def finding(speech, quote: str, words: str, value: str, confidence: float, *, number: int = 0, of: str = "") -> Finding:
    start = speech.text.index(quote)
    return Finding.objects.create(
        speech=speech,
        number=speech.findings.count() + 1,
        start=start,
        end=start + len(quote),
        quote=quote,
        tier="hard",
        deadline_text=words,
        deadline_value=value,
        last_day=resolve_value(value, delivered_on=speech.delivered_on),
        responsible=[quote[:3] if quote.startswith("各") else quote[:4]],
        targets=[{"text": f"{number}{of}", "op": ">=", "value": number, "unit": of}] if number else [],
        confidence=confidence,
        reasons=["deadline"],
    )


@pytest.fixture
def road(speech) -> Finding:
    return speech.findings.get(number=1)


@pytest.fixture
def school(speech) -> Finding:
    return speech.findings.get(number=2)


@pytest.fixture
def desk(client, county):
    client.force_login(county.coordinator)
    return client


@pytest.fixture
def pending(desk, county) -> PendingUpload:
    """Two speeches in one text, as ``split`` would have it or not: the tests cut by themselves."""
    return preview.receive_text(uploading.TEXT + "散会。\n", by=county.coordinator)

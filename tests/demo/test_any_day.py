"""The demo never goes stale: on whatever day it runs, its lights are what the story says."""

import pytest

from tests.demo.days import DAYS_TOLD
from tests.demo.telling import telling
from tracker.demo import story
from tracker.lights import Light, light
from tracker.models import Assignment


def rows_of(told, promise: story.Promise, work: story.Work) -> list[Assignment]:
    commitment = told.replay.commitments[promise.speech, promise.phrase]
    return list(commitment.assignments.filter(unit__name=work.unit))


def everything() -> list[tuple[story.Promise, story.Work]]:
    found = [promise for speech in story.DELIVERED_DAYS_AGO for promise in story.promises(speech)]
    return [(promise, work) for promise in found for work in promise.works]


@pytest.mark.django_db
@pytest.mark.parametrize("day", DAYS_TOLD, ids=str)
def test_on_any_day_every_light_is_there_and_where_the_story_says(day):
    with telling(day) as told:
        shown = {row.pk: light(row, day, progress=row.progress) for row in Assignment.objects.all()}
        wrong = [
            (promise.phrase, work.unit, work.light, shown[row.pk])
            for promise, work in everything()
            for row in rows_of(told, promise, work)
            if work.light and shown[row.pk] != work.light
        ]
        assert wrong == []
        assert set(shown.values()) == set(Light)

"""What reviewers decide beyond confirm and dismiss: merge, split, add, many at once, and taking it back."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from tests import make
from tracker import intake, redating, review, units, workflow
from tracker.models import Commitment, Review, Unit

DAY = dt.date(2026, 3, 10)


def test_all_above_a_confidence_are_confirmed_at_once(county, speech):
    confirmed = review.confirm_above(speech, 0.8, by=county.coordinator)

    assert [each.number for each in confirmed] == [1, 2]
    assert Commitment.objects.count() == 2
    assert [each.number for each in review.undecided(speech)] == [3]


def test_confirming_many_leaves_alone_what_is_decided_already(county, speech, road):
    intake.dismiss(road, by=county.coordinator)
    review.confirm_above(speech, 0, by=county.coordinator)

    assert road.reviews.get().decision == Review.Decision.DISMISSED
    assert Commitment.objects.count() == 2


def test_a_merged_commitment_runs_from_the_first_word_to_the_last_and_has_all_units(county, road, school):
    commitment = review.merge([road, school], by=county.coordinator)

    assert commitment.quote.startswith("县交通局")
    assert commitment.quote.endswith("300个")
    assert commitment.deadline == dt.date(2026, 6, 30)
    assert [str(target) for target in commitment.targets.all()] == ["300个"]
    assert {row.unit for row in commitment.assignments.all()} == {county.transport, county.education}
    assert {each.decision for each in Review.objects.all()} == {Review.Decision.MERGED}


def test_what_is_decided_cannot_be_merged_and_nothing_is_half_done(county, road, school):
    intake.dismiss(school, by=county.coordinator)
    with pytest.raises(workflow.Stale):
        review.merge([road, school], by=county.coordinator)

    assert not Commitment.objects.exists()
    assert not road.reviews.exists()


def test_merging_needs_two(county, road):
    with pytest.raises(workflow.Refused):
        review.merge([road], by=county.coordinator)


def test_taking_back_a_merge_opens_all_that_belong_to_it(county, speech, road, school):
    review.merge([road, school], by=county.coordinator)
    opened = review.undo(road.reviews.get(), by=county.coordinator)

    assert {each.pk for each in opened} == {road.pk, school.pk}
    assert review.undecided(speech).count() == 3
    assert not Commitment.objects.filter(deleted_at=None).exists()


def test_a_finding_is_split_at_its_commas(school):
    assert [school.speech.text[start:end] for start, end in review.clauses(school)] == [
        "县教育局6月底前完成校舍改造，",
        "新增学位300个",
    ]


def test_each_part_of_a_split_finding_is_read_by_itself_and_keeps_what_governs_all(county, school):
    cut = review.clauses(school)[1][0]
    first, second = review.split_drafts(school, [cut])

    assert (first.title, second.title) == ("县教育局6月底前完成校舍改造", "新增学位300个")
    assert first.deadline == second.deadline == dt.date(2026, 6, 30)
    assert second.lead == (county.education,)
    assert [target["value"] for target in second.targets] == [300]
    assert first.targets == ()


def test_splitting_enters_one_commitment_for_each_part(county, school):
    drafts = review.split_drafts(school, [review.clauses(school)[1][0]])
    made = review.split(school, drafts, by=county.coordinator)

    assert len(made) == 2
    assert set(school.reviews.get().commitments.all()) == set(made)
    for each in made:
        assert school.speech.text[each.start : each.end] == each.quote


def test_a_split_needs_a_place(county, school):
    with pytest.raises(workflow.Refused):
        review.split(school, review.split_drafts(school, []), by=county.coordinator)


def test_what_was_missed_is_read_out_of_just_the_selected_words(county, speech):
    start = speech.text.index("各乡镇9月")
    end = speech.text.index("20公里") + 4
    draft = review.stretch_draft(speech, start, end)

    assert draft.deadline == dt.date(2026, 9, 30)
    assert draft.lead == (county.towns,)
    assert speech.text[draft.start : draft.end] == draft.quote


def test_words_without_date_or_unit_can_be_added_too(county, speech):
    start = speech.text.index("抓好落实")
    commitment = review.add(review.stretch_draft(speech, start, start + 4), by=county.coordinator)

    assert (commitment.title, commitment.deadline) == ("抓好落实", None)
    assert commitment.reviews.get().decision == Review.Decision.ADDED


def test_the_same_words_are_not_added_twice(county, speech):
    start = speech.text.index("抓好落实")
    draft = review.stretch_draft(speech, start, start + 4)
    review.add(draft, by=county.coordinator)

    with pytest.raises(workflow.Stale, match="督查员甲"):
        review.add(draft, by=county.coordinator)


def test_words_that_were_added_and_taken_back_can_be_added_again(county, speech):
    start = speech.text.index("抓好落实")
    draft = review.stretch_draft(speech, start, start + 4)
    review.undo(review.add(draft, by=county.coordinator).reviews.get(), by=county.coordinator)
    review.add(draft, by=county.coordinator)

    assert Commitment.objects.filter(deleted_at=None).count() == 1


@pytest.mark.parametrize(("start", "end"), [(0, 0), (5, 2), (-1, 4), (0, 10**9), (4, 5)])
def test_a_selection_that_makes_no_sense_is_refused(speech, start, end):
    with pytest.raises(workflow.Refused):
        review.stretch_draft(speech, start, end)


def test_a_selection_of_half_the_speech_is_refused(county):
    long = make.speech("很长的一段话，" * 300, DAY)
    with pytest.raises(workflow.Refused, match="1000"):
        review.stretch_draft(long, 0, len(long.text))


def test_the_last_decision_of_ones_own_is_the_one_to_take_back(county, speech, road, school):
    other = make.user("duchayuan2", "督查员庚", coordinator=county.root)
    mine = intake.dismiss(road, by=county.coordinator)
    intake.dismiss(school, by=other)

    assert review.last_of(speech, county.coordinator) == mine


def test_a_decision_is_taken_back_once(county, road):
    decision = intake.dismiss(road, by=county.coordinator)
    review.undo(decision, by=county.coordinator)

    with pytest.raises(workflow.Stale):
        review.undo(decision, by=county.coordinator)


def test_what_a_unit_has_signed_for_is_not_taken_back(county, road):
    commitment = intake.confirm(road, by=county.coordinator)
    workflow.receive(commitment.assignments.get(), by=county.liaison)

    with pytest.raises(workflow.Refused):
        review.undo(road.reviews.get(), by=county.coordinator)
    assert road.reviews.get().undone_at is None


@pytest.mark.parametrize("who", ["leader", "liaison", "observer", "administrator"])
def test_only_the_office_reviews(county, speech, road, school, who):
    user = getattr(county, who)
    start = speech.text.index("抓好落实")
    for step in (
        lambda: review.confirm_above(speech, 0, by=user),
        lambda: review.merge([road, school], by=user),
        lambda: review.split(school, review.split_drafts(school, [review.clauses(school)[1][0]]), by=user),
        lambda: review.add(review.stretch_draft(speech, start, start + 4), by=user),
    ):
        with pytest.raises(PermissionDenied):
            step()
    assert not Review.objects.exists()


# A corrected date


def test_a_corrected_date_moves_every_unconfirmed_deadline_at_once(county, speech):
    findings, commitments = redating.correct(
        speech, by=county.coordinator, version=speech.version, delivered_on=dt.date(2025, 3, 10)
    )

    assert (findings, commitments) == (3, 0)
    assert list(speech.findings.values_list("last_day", flat=True)) == [
        dt.date(2025, 4, 30), dt.date(2025, 6, 30), dt.date(2025, 9, 30),
    ]  # fmt: skip


def test_confirmed_deadlines_are_listed_and_stay_unless_chosen(county, speech, road, school):
    item, other = (intake.confirm(each, by=county.coordinator) for each in (road, school))
    moving = redating.shifts(speech, dt.date(2025, 3, 10))
    assert [(each.commitment, each.new) for each in moving] == [
        (item, dt.date(2025, 4, 30)),
        (other, dt.date(2025, 6, 30)),
    ]

    redating.correct(
        speech, by=county.coordinator, version=speech.version, delivered_on=dt.date(2025, 3, 10), move=[item.pk]
    )
    item.refresh_from_db()
    other.refresh_from_db()
    assert (item.deadline, item.begins_on) == (dt.date(2025, 4, 30), dt.date(2025, 3, 10))
    assert item.assignments.get().deadline == dt.date(2025, 4, 30)
    assert other.deadline == dt.date(2026, 6, 30)
    assert item.history.count() > 1


def test_a_day_that_a_person_set_by_hand_is_not_moved(county, speech, road):
    from dataclasses import replace

    draft = replace(intake.draft(road), deadline=dt.date(2026, 4, 20), deadline_value="")
    intake.confirm(road, by=county.coordinator, as_draft=draft)

    assert redating.shifts(speech, dt.date(2025, 3, 10)) == []


def test_two_corrections_at_once_do_not_overwrite_each_other(county, speech):
    seen = speech.version
    redating.correct(speech, by=county.coordinator, version=seen, title="甲改的")

    with pytest.raises(workflow.Stale):
        redating.correct(speech, by=county.coordinator, version=seen, title="乙改的")
    speech.refresh_from_db()
    assert speech.title == "甲改的"


# Names that the tree does not know


def test_an_unknown_name_becomes_a_unit_or_an_alias(county):
    made = units.create("县林业局", kind=Unit.Kind.DEPARTMENT, by=county.coordinator)
    units.add_alias(made, "林业部门", by=county.coordinator)

    assert made.parent == county.root
    assert units.Directory().find("林业部门") == made


@pytest.mark.parametrize("name", ["", "  ", "县教育局", "交通部门", "长" * 101])
def test_a_name_that_is_taken_or_none_is_refused(county, name):
    with pytest.raises(ValidationError):
        units.create(name, kind=Unit.Kind.DEPARTMENT, by=county.coordinator)
    with pytest.raises(ValidationError):
        units.add_alias(county.education, name, by=county.coordinator)


def test_a_liaison_does_not_change_the_tree(county):
    with pytest.raises(PermissionDenied):
        units.create("县林业局", kind=Unit.Kind.DEPARTMENT, by=county.liaison)

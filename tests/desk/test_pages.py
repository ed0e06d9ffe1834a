"""The pages of speeches and of the review desk: what they show to whom, what they answer, and what it costs."""

import datetime as dt
import json

import pytest
from django.urls import reverse

from speeches import upload
from speeches.highlight import Mark, marked, windows
from speeches.models import Finding, Speech
from tests import make
from tracker import intake, review
from tracker.models import Commitment, Review, Unit

HTMX = {"HX-Request": "true"}


@pytest.fixture
def desk(client, county):
    client.force_login(county.coordinator)
    return client


def post(desk, to: str, *args, **data):
    return desk.post(reverse(to, args=args), data, headers=HTMX)


# The list and the reading view


def test_the_list_is_filtered_by_words_day_and_state(desk, speech):
    other = make.speech("同志们，大家辛苦了。\n", dt.date(2025, 1, 2), title="春节团拜会讲话")
    address = reverse("speeches")

    def titles(**query):
        return {row.record.title for row in desk.get(address, query).context["table"].rows}

    assert titles() == {speech.title, other.title}
    assert titles(words="团拜") == {other.title}
    assert titles(words="云台山 竣工") == {speech.title}
    assert titles(since="2026-01-01") == {speech.title}
    assert titles(until="2025-12-31") == {other.title}
    assert titles(state="open") == {speech.title}
    assert titles(state="none") == {other.title}
    assert titles(state="done") == set()
    assert titles(since="2026-02-31") == {speech.title, other.title}


def test_a_reviewed_speech_is_listed_as_reviewed(desk, county, speech):
    review.confirm_above(speech, 0, by=county.coordinator)
    page = desk.get(reverse("speeches"), {"state": "done"})

    assert speech.title in page.text
    assert "已审核" in page.text


def test_the_reading_view_marks_each_finding_in_place_and_shows_its_fields(desk, speech, road):
    page = desk.get(reverse("speech", args=[speech.pk])).text

    assert f'id="in-f{road.pk}" class="finding tier-hard"' in page
    assert "2026年4月30日 周四" in page


def test_a_liaison_reads_only_what_charges_their_own_unit(client, county, speech, road, school):
    address = reverse("speech", args=[speech.pk])
    client.force_login(county.liaison)
    assert client.get(address).status_code == 404

    for each in (road, school):
        intake.confirm(each, by=county.coordinator)
    page = client.get(address)
    assert [card.quote for card in page.context["cards"]] == [road.quote]
    assert reverse("review", args=[speech.pk]) not in page.text


@pytest.mark.parametrize("who", ["leader", "liaison", "observer", "administrator"])
def test_only_the_office_sits_at_the_desk(client, county, speech, road, who):
    client.force_login(getattr(county, who))

    assert client.get(reverse("review", args=[speech.pk])).status_code == 403
    assert client.get(reverse("speech_edit", args=[speech.pk])).status_code == 403
    answer = post(client, "review_decide", speech.pk, finding=road.pk, decision="confirm")
    assert answer.status_code == 403
    assert not Review.objects.exists()


def test_markup_in_a_speech_is_only_text(desk):
    evil = make.speech("<script>alert(1)</script>县交通局6月底前完成<b>县道</b>改造。\n", title="<img src=x>")

    for name in ("speech", "review"):
        page = desk.get(reverse(name, args=[evil.pk])).text
        assert "<script>alert" not in page
        assert "<img src=x>" not in page


def test_the_text_shown_is_the_text_stored_character_for_character():
    import html
    import re

    text = "一、标题\n\n  前面有空格，<b>&amp; 和 𠮷 字。\n末行"
    shown = marked(text, [Mark(8, 14, "f1", "hard"), Mark(10, 20, "f2", "named")])
    for start, inner in re.findall(r'<p id="at-\d+" class="\w*" data-start="(\d+)">(.*?)</p>', shown):
        plain = html.unescape(re.sub(r"</?mark[^>]*>", "", inner))
        assert text[int(start) : int(start) + len(plain)] == plain


def test_a_long_speech_is_shown_in_pages_that_miss_nothing():
    text = "这是一行不长不短的讲话。\n" * 30_000
    pages = windows(text, list(range(0, len(text), 50)))

    assert "".join(text[start:end] for start, end in pages) == text
    assert max(end - start for start, end in pages) <= 60_100


# Deciding


def test_confirming_answers_with_the_changed_card_only(desk, speech, road):
    answer = post(desk, "review_decide", speech.pk, finding=road.pk, decision="confirm")

    assert f'id="f{road.pk}"' in answer.text
    assert answer.text.count("data-card") == 1
    assert "<html" not in answer.text
    assert Commitment.objects.get().deadline == dt.date(2026, 4, 30)


def test_who_comes_second_is_told_and_sees_the_card_as_it_is(desk, county, speech, road):
    other = make.user("duchayuan2", "督查员庚", coordinator=county.root)
    intake.dismiss(road, by=other)
    answer = post(desk, "review_decide", speech.pk, finding=road.pk, decision="confirm")

    assert "督查员庚" in answer.text
    assert 'data-state="dismissed"' in answer.text
    assert not Commitment.objects.exists()


def test_a_decision_on_deadlines_that_moved_in_the_meantime_is_refused(desk, speech, road):
    answer = post(desk, "review_decide", speech.pk, finding=road.pk, decision="confirm", version=speech.version + 1)

    assert "刷新页面" in answer.text
    assert not Review.objects.exists()


@pytest.mark.parametrize("data", [{}, {"finding": "x"}, {"finding": "99999", "decision": "confirm"}])
def test_a_decision_on_nothing_is_not_found(desk, speech, data):
    assert post(desk, "review_decide", speech.pk, **data).status_code == 404


def test_a_finding_of_another_speech_is_not_decided_here(desk, road):
    other = make.speech("大家好。\n", title="另一篇")

    assert post(desk, "review_decide", other.pk, finding=road.pk, decision="dismiss").status_code == 404


def test_asking_for_changes_brings_what_others_decided_and_nothing_where_all_is_as_it_was(desk, county, speech, road):
    address = reverse("review_changes", args=[speech.pk])
    assert desk.get(address, {"since": ""}).status_code == 204

    other = make.user("duchayuan2", "督查员庚", coordinator=county.root)
    intake.dismiss(road, by=other)
    answer = desk.get(address, {"since": ""})
    assert f'id="f{road.pk}"' in answer.text

    since = review.moment(speech).isoformat()
    assert desk.get(address, {"since": since}).status_code == 204
    assert f'id="f{road.pk}"' in desk.get(address, {"since": "gestern"}).text


@pytest.mark.parametrize("above", ["", "x", "-1", "101", "9" * 30])
def test_a_confidence_that_is_none_confirms_nothing(desk, speech, above):
    answer = post(desk, "review_confirm_above", speech.pk, above=above)

    assert "0 到 100" in answer.text
    assert not Review.objects.exists()


# The editor


def test_what_the_page_shows_as_ninety_is_confirmed_from_ninety_on(desk, speech, road):
    Finding.objects.filter(pk=road.pk).update(confidence=0.897)
    assert "90% ·" in desk.get(reverse("review", args=[speech.pk])).text
    post(desk, "review_confirm_above", speech.pk, above="90")

    assert [each.finding for each in Review.objects.all()] == [road]


def test_many_are_confirmed_some_at_a_time_until_none_is_left(desk, speech, monkeypatch):
    monkeypatch.setattr("tracker.views.review.MOST_AT_ONCE", 2)
    first = post(desk, "review_confirm_above", speech.pk, above="0", done="0")
    assert json.loads(first["HX-Trigger-After-Settle"]) == {"more": {"done": 2}}
    assert Review.objects.count() == 2

    last = post(desk, "review_confirm_above", speech.pk, above="0", done="2")
    assert "HX-Trigger-After-Settle" not in last
    assert "已确认 3 条" in last.text


def test_the_desk_leads_through_the_speeches_of_one_file(desk, county):
    one = "县交通局6月底前修好村道。\n"
    drafts = [upload.SpeechDraft(title=f"讲话{n}", text=one, delivered_on=dt.date(2026, 3, 10)) for n in (1, 2, 3)]
    first, second, third = upload.save(drafts, data=b"three", name="三篇.txt")
    assert reverse("review", args=[third.pk]) in desk.get(reverse("review", args=[first.pk])).text

    def following(speech):
        answer = post(desk, "review_decide", speech.pk, finding=speech.findings.get().pk, decision="dismiss")
        return answer.context["following"]

    assert following(second) == third
    assert following(third) == first
    assert following(first) is None


def test_what_was_edited_is_kept_beside_what_was_found(desk, speech, road):
    answer = post(
        desk, "review_edit", speech.pk, road.pk,
        title="云台山旅游公路竣工", deadline_text="6月底前", deadline="", targets="不少于12公里",
        lead="县教育局、各乡镇", people="李明",
    )  # fmt: skip

    assert answer.status_code == 200
    item = Commitment.objects.get()
    assert (item.title, item.deadline, item.deadline_text) == ("云台山旅游公路竣工", dt.date(2026, 6, 30), "6月底前")
    assert {str(row.unit) for row in item.assignments.all()} == {"县教育局", "东塘镇", "西岭乡"}
    changes = road.reviews.get().changes
    assert changes["deadline"] == ["2026-04-30", "2026-06-30"]
    assert road.reviews.get().decision == Review.Decision.EDITED


def test_saving_without_a_change_is_a_plain_confirmation(desk, speech, road):
    page = desk.get(reverse("review_edit", args=[speech.pk, road.pk]), headers=HTMX)
    form = page.context["forms"][0]
    post(desk, "review_edit", speech.pk, road.pk, **{name: form.value(name) for name in form.fields})

    assert road.reviews.get().decision == Review.Decision.CONFIRMED


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "invalid-feedback"),
        ({"deadline": "2026-02-31"}, "invalid-feedback"),
        ({"deadline": "1949-01-01"}, "1949"),
        ({"targets": "很多"}, "不少于22条"),
        ({"recurrence_text": "有空的时候"}, "每月一次"),
    ],
)
def test_wrong_input_comes_back_with_a_sentence_and_enters_nothing(desk, speech, road, wrong, sentence):
    answer = post(desk, "review_edit", speech.pk, road.pk, **{"title": "题目", **wrong})

    assert sentence in answer.text
    assert answer["HX-Retarget"] == "#editor"
    assert not Review.objects.exists()


def test_typed_words_are_read_at_once(desk, speech):
    answer = post(
        desk,
        "review_read",
        speech.pk,
        typing="deadline_text",
        title="x",
        deadline_text="9月底前",
        targets="22条",
        lead="各乡镇、无名局",
    )

    assert "2026年9月30日 周三" in answer.text
    assert 'value="2026-09-30"' in answer.text
    assert "≥ 22 条" in answer.text
    assert "东塘镇、西岭乡" in answer.text
    assert "无名局" in answer.text


def test_a_frequency_is_shown_by_its_first_last_days(desk, speech):
    answer = post(desk, "review_read", speech.pk, typing="recurrence_text", title="x", recurrence_text="每月一次")

    assert "2026年3月31日 周二、2026年4月30日 周四、2026年5月31日 周日" in answer.text


def test_names_are_completed_from_the_tree_and_its_aliases(desk, speech):
    answer = post(desk, "review_read", speech.pk, typing="lead", title="x", lead="县教育局、县交")

    assert 'data-complete="县交通局"' in answer.text
    # Each unit is offered once, by the name that fits best, with its full name beside it.
    assert "<small>县交通运输局</small>" in answer.text
    assert answer.text.count("data-complete") == 1


def test_an_alias_given_at_the_desk_is_known_from_then_on(desk, county, speech):
    post(desk, "review_unit", speech.pk, typing="lead", lead="学校管理处", name="学校管理处", alias_of="县教育局")

    assert county.education.aliases.filter(name="学校管理处").exists()


def test_a_unit_entered_at_the_desk_gets_the_kind_and_the_place_that_were_chosen(desk, county, speech):
    chosen = {"kind": "company", "below": "县教育局"}
    post(desk, "review_unit", speech.pk, typing="lead", lead="校车公司", name="校车公司", **chosen)

    made = Unit.objects.get(name="校车公司")
    assert (made.kind, made.parent) == ("company", county.education)


def test_what_a_name_says_of_the_kind_is_chosen_beforehand(desk, speech):
    answer = post(desk, "review_read", speech.pk, typing="lead", title="x", lead="东岭镇")

    assert '<option value="township" selected>' in answer.text


def test_a_unit_below_nothing_is_refused_with_a_sentence(desk, speech):
    chosen = {"kind": "department", "below": "没有的局"}
    answer = post(desk, "review_unit", speech.pk, typing="lead", lead="某处", name="某处", **chosen)

    assert "没有的局" in answer.text
    assert not Unit.objects.filter(name="某处").exists()


def test_an_alias_of_nothing_is_refused_with_a_sentence(desk, speech):
    answer = post(desk, "review_unit", speech.pk, typing="lead", lead="某处", name="某处", alias_of="没有的局")

    assert "没有的局" in answer.text


@pytest.mark.parametrize(
    "query", [{}, {"start": "x", "end": "y"}, {"start": "5", "end": "5"}, {"start": "0", "end": "9" * 20}]
)
def test_adding_nothing_is_refused_with_a_sentence(desk, speech, query):
    answer = desk.get(reverse("review_add", args=[speech.pk]), query, headers=HTMX)

    assert "选取" in answer.text


# The day of the speech


def test_a_corrected_day_first_asks_which_confirmed_deadlines_follow(desk, county, speech, road):
    item = intake.confirm(road, by=county.coordinator)
    data = {"title": speech.title, "delivered_on": "2025-03-10", "version": speech.version}
    address = reverse("speech_edit", args=[speech.pk])
    page = desk.post(address, data)
    assert item.number in page.text
    assert Speech.objects.get().delivered_on == dt.date(2026, 3, 10)

    desk.post(address, data | {"decided": "2025-03-10", "move": [item.pk]})
    item.refresh_from_db()
    assert item.deadline == dt.date(2025, 4, 30)
    assert speech.findings.get(number=2).last_day == dt.date(2025, 6, 30)


def test_who_corrects_second_is_told(desk, speech):
    data = {"title": "甲改的", "delivered_on": "2026-03-10", "version": speech.version}
    desk.post(reverse("speech_edit", args=[speech.pk]), data)
    answer = desk.post(reverse("speech_edit", args=[speech.pk]), data | {"title": "乙改的"}, follow=True)

    assert "alert-danger" in answer.text
    assert Speech.objects.get().title == "甲改的"


# What it costs


def many(speech: Speech, count: int) -> None:
    line = "县交通局要在6月底前完成第九号路段改造。\n"
    Speech.objects.filter(pk=speech.pk).update(text=line * count)
    speech.findings.all().delete()
    Finding.objects.bulk_create(
        Finding(
            speech=speech, number=n, start=n * len(line), end=n * len(line) + 10, quote=line[:10], tier="hard",
            confidence=0.9, responsible=["县交通局", "各乡镇"], reasons=["deadline"], last_day=dt.date(2026, 6, 30),
        )
        for n in range(count)
    )  # fmt: skip


@pytest.mark.parametrize("name", ["review", "speech", "speeches"])
def test_a_page_takes_at_most_twelve_queries_however_many_findings(desk, speech, name, django_assert_max_num_queries):
    many(speech, 300)
    with django_assert_max_num_queries(12):
        page = desk.get(reverse(name, args=[] if name == "speeches" else [speech.pk]))
    assert speech.title in page.text

"""How a file falls into its speeches, and how whoever looks it over corrects that."""

import datetime as dt

import pytest
from django.urls import reverse

from speeches import preview
from speeches.models import PendingUpload, SourceFile, Speech
from tests.desk.uploading import file, nothing_stored, send, store


def cutting(desk, pending, **fields):
    shape = ",".join(f"{row['start']}-{row['end']}" for row in pending.parts)
    data = {"part-TOTAL_FORMS": len(pending.parts), "part-INITIAL_FORMS": len(pending.parts), "shape": shape}
    for number, row in enumerate(pending.parts):
        data |= {f"part-{number}-{name}": value for name, value in row["values"].items()}
    answer = desk.post(reverse("upload_cutting", args=[pending.pk]), data | fields, headers={"HX-Request": "true"})
    pending.refresh_from_db()
    return answer


def test_a_speech_is_cut_in_two_at_a_paragraph_and_merged_again(desk, pending):
    at = pending.text.index("县教育局")
    cutting(desk, pending, cut=f"0-{at}")
    assert [pending.text[row["start"] :][:4] for row in pending.parts] == ["在全县交", "县教育局"]

    cutting(desk, pending, merge="0")
    assert len(pending.parts) == 1


@pytest.mark.parametrize("cut", ["9" * 5000 + "-1", "0-" + "9" * 5000, "²-1", "-"])
def test_nonsense_instead_of_a_place_cuts_nothing_and_what_was_typed_is_kept_without_nul(desk, pending, cut):
    cutting(desk, pending, cut=cut, **{"part-0-title": "讲\x00话"})

    pending.refresh_from_db()
    assert len(pending.parts) == 1
    assert pending.parts[0]["values"]["title"] == "讲话"


def test_cutting_counts_the_findings_of_each_part_anew(desk, pending):
    cutting(desk, pending, cut=f"0-{pending.text.index('县教育局')}")

    assert sum(pending.parts[1]["found"].values()) == 1


def test_cutting_keeps_what_was_typed(desk, pending):
    cutting(desk, pending, cut=f"0-{pending.text.index('县教育局')}", **{"part-0-title": "改过的标题"})

    assert pending.parts[0]["values"]["title"] == "改过的标题"


@pytest.mark.parametrize(
    "fields", [{"cut": "0-1"}, {"cut": "0-99999"}, {"cut": "9-5"}, {"merge": "0"}, {"merge": "x"}, {"cut": ""}]
)
def test_a_cut_that_makes_no_sense_changes_nothing(desk, pending, fields):
    before = pending.parts
    answer = cutting(desk, pending, **fields)

    assert answer.status_code == 200
    assert pending.parts == before


def test_a_page_left_open_in_another_window_does_not_fill_the_wrong_forms(desk, pending):
    stale = PendingUpload.objects.get(pk=pending.pk)
    cutting(desk, pending, cut=f"0-{pending.text.index('县教育局')}")
    answer = store(desk, stale)

    assert answer.status_code == 302
    assert nothing_stored()


def test_the_parts_are_stored_as_cut_each_with_its_own_day(desk, pending):
    cutting(desk, pending, cut=f"0-{pending.text.index('县教育局')}")
    store(desk, pending, **{"part-1-delivered_on": "2026-03-11"})

    assert list(Speech.objects.order_by("pk").values_list("delivered_on", flat=True)) == [
        dt.date(2026, 3, 10),
        dt.date(2026, 3, 11),
    ]


def test_the_paragraphs_of_a_part_are_fetched_by_themselves(desk, pending):
    page = desk.get(reverse("upload_paragraphs", args=[pending.pk, 0]))

    assert "县教育局6月底前完成校舍改造。" in page.text
    assert desk.get(reverse("upload_paragraphs", args=[pending.pk, 7])).status_code == 404


def test_real_files_fall_into_the_speeches_they_hold(desk, shared):
    for name in ("seed-000.txt", "seed-004.txt"):
        send(desk, file((shared / "corpus" / name).read_bytes(), name))

    parts = [len(pending.parts) for pending in PendingUpload.objects.order_by("pk")]
    assert parts == [3, 5]


def test_a_file_of_more_speeches_than_a_page_can_show_is_refused_with_what_to_do(desk, monkeypatch):
    monkeypatch.setattr(preview, "MOST_PARTS", 2)
    one = "在全县会议上的讲话\n（2026年3月%d日）\n同志们：\n" + "大家都要把手里的事情往前赶一赶，" * 20 + "。\n"
    answer = send(desk, file("".join(one % number for number in (1, 2, 3))))

    assert "最多能核对 2 篇" in answer.text
    assert SourceFile.objects.get().error_code == "too_many_speeches"
    assert not PendingUpload.objects.exists()

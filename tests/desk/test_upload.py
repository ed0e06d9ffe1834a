"""From the upload form over the preview to stored speeches: what goes in, what is refused, and who may."""

import datetime as dt
from pathlib import Path

import pytest
from django.urls import reverse
from django.utils import timezone

from speeches import preview, upload
from speeches.models import PendingUpload, SourceFile, Speech
from speeches.readers import Limits
from tests import make
from tests.desk.uploading import TEXT, UNDATED, file, nothing_stored, send, store

PICTURE = b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20


def test_a_file_is_looked_over_before_anything_is_stored(desk):
    answer = send(desk, file())

    pending = PendingUpload.objects.get()
    assert answer.url == reverse("upload_preview", args=[pending.pk])
    assert nothing_stored()
    assert not SourceFile.objects.exists()


def test_the_preview_is_prefilled_with_what_the_text_states_and_shows_the_words(desk):
    send(desk, file())
    page = desk.get(reverse("upload_preview", args=[PendingUpload.objects.get().pk]))

    assert 'value="2026-03-10"' in page.text
    assert "据原文“2026年3月10日”" in page.text
    assert "全县交通工作会议" in page.text


def test_the_preview_tells_what_cleaning_took_out(desk):
    send(desk, file(f"第 3 页 共 8 页\n{TEXT}本文来自某某范文网，更多文章请下载。\n"))
    page = desk.get(reverse("upload_preview", args=[PendingUpload.objects.get().pk]))

    assert "读取时改动了什么" in page.text
    assert "<li>第 3 页 共 8 页</li>" in page.text
    assert "<li>本文来自某某范文网，更多文章请下载。</li>" in page.text


def test_the_preview_says_nothing_of_cleaning_where_nothing_was_changed(desk):
    send(desk, file())
    page = desk.get(reverse("upload_preview", args=[PendingUpload.objects.get().pk]))

    assert "读取时改动了什么" not in page.text


def test_storing_it_leads_to_the_review_and_takes_the_upload_away(desk, django_capture_on_commit_callbacks):
    send(desk, file())
    pending = PendingUpload.objects.get()
    waiting = pending.file.name
    with django_capture_on_commit_callbacks(execute=True):
        answer = store(desk, pending)

    speech = Speech.objects.get()
    assert answer.url == reverse("review", args=[speech.pk])
    assert (speech.title, speech.delivered_on) == ("在全县交通工作会议上的讲话", dt.date(2026, 3, 10))
    assert speech.findings.filter(last_day=dt.date(2026, 4, 30)).exists()
    assert not PendingUpload.objects.exists()
    assert not pending.file.storage.exists(waiting)


def test_pasted_text_goes_the_same_way(desk):
    answer = desk.post(reverse("upload"), {"text": TEXT})
    assert answer.status_code == 302
    store(desk, PendingUpload.objects.get())

    assert Speech.objects.get().source is None


def test_files_for_which_there_is_no_time_are_named_and_the_others_wait_to_be_looked_over(desk, monkeypatch):
    monkeypatch.setattr("tracker.views.upload.SECONDS_FOR_ALL", 0)
    answer = send(desk, file(TEXT, "先到.txt"), file(TEXT + "完。", "后到.txt"))

    assert "后到.txt：前面的文件用完了时间" in answer.text
    assert PendingUpload.objects.get().name == "先到.txt"


def test_more_files_than_are_taken_at_once_are_refused_with_the_number(desk):
    answer = send(desk, *(file(TEXT, f"{number}.txt") for number in range(101)))

    assert answer.status_code == 400
    assert "一次最多上传 100 个文件" in answer.text


def test_text_that_is_too_long_to_paste_is_refused_with_a_sentence(desk):
    longer = desk.post(reverse("upload"), {"text": "好" * 1_000_001})
    assert longer.status_code == 422
    assert "文件" in longer.context["form"].errors["text"][0]

    far_longer = desk.post(reverse("upload"), {"text": "好" * 4_000_000})
    assert far_longer.status_code == 400
    assert "请保存为文件后上传" in far_longer.text


def test_the_day_that_is_given_is_for_texts_that_state_none(desk):
    send(desk, file(UNDATED), delivered_on="2026-02-01")

    assert PendingUpload.objects.get().parts[0]["values"]["delivered_on"] == "2026-02-01"


def test_without_a_day_it_is_not_stored_and_the_page_says_so(desk):
    send(desk, file(UNDATED))
    answer = store(desk, PendingUpload.objects.get())

    assert answer.status_code == 422
    assert nothing_stored()


@pytest.mark.parametrize(
    ("day", "sentence"),
    [("1949-09-30", "1949年10月1日"), ("2999-01-01", "日期在今天之后"), ("2026-02-31", ""), ("昨天", "")],
)
def test_an_impossible_day_is_refused_with_a_sentence(desk, day, sentence):
    send(desk, file())
    answer = store(desk, PendingUpload.objects.get(), **{"part-0-delivered_on": day})

    assert answer.status_code == 422
    assert "invalid-feedback" in answer.text
    assert sentence in answer.text
    assert nothing_stored()


def test_what_was_typed_is_still_there_after_a_refusal(desk):
    send(desk, file())
    pending = PendingUpload.objects.get()
    store(desk, pending, **{"part-0-title": "改过的标题", "part-0-delivered_on": "2999-01-01"})

    page = desk.get(reverse("upload_preview", args=[pending.pk]))
    assert "改过的标题" in page.text


def test_a_text_without_any_commitment_is_stored_only_deliberately(desk):
    send(desk, file("同志们：\n大家辛苦了，谢谢大家。\n"), delivered_on="2026-02-01")
    pending = PendingUpload.objects.get()
    page = desk.get(reverse("upload_preview", args=[pending.pk]))
    assert 'name="store_anyway"' in page.text

    store(desk, pending)
    assert nothing_stored()
    store(desk, pending, store_anyway="1")
    assert Speech.objects.get().findings.count() == 0


def test_the_same_file_twice_offers_the_speeches_that_are_there(desk):
    send(desk, file())
    store(desk, PendingUpload.objects.get())
    page = send(desk, file(name="改了名.txt"))

    assert reverse("speech", args=[Speech.objects.get().pk]) in page.text
    assert not PendingUpload.objects.exists()
    assert Speech.objects.count() == 1


def test_two_who_look_over_the_same_file_store_it_once(desk, client, county):
    send(desk, file())
    send(desk, file())
    first, second = PendingUpload.objects.order_by("pk")
    store(desk, first)
    answer = store(desk, second)

    assert Speech.objects.count() == 1
    assert answer.url == reverse("speech", args=[Speech.objects.get().pk])


def test_sent_twice_by_a_double_click_it_is_stored_once(desk):
    send(desk, file())
    pending = PendingUpload.objects.get()
    store(desk, pending)
    answer = store(desk, pending)

    assert answer.status_code == 302
    assert Speech.objects.count() == 1


def test_a_form_without_anything_in_it_leaves_no_row(desk):
    answer = send(desk)

    assert answer.status_code == 422
    assert "请选择文件或粘贴正文" in answer.text
    assert not SourceFile.objects.exists()


@pytest.mark.parametrize(("data", "sentence"), [(b"", "文件是空的"), (b"x" * (1024 * 1024 + 1), "最多接收 1.0 MB")])
def test_a_file_that_is_refused_unread_is_listed_and_can_be_chosen_again(desk, settings, data, sentence):
    settings.UPLOAD_LIMIT_MB = 1
    answer = send(desk, file(data, "不行.docx"), file(TEXT, "可以.txt"))

    assert answer.status_code == 422
    assert sentence in answer.text
    refused = SourceFile.objects.get()
    assert (refused.name, refused.size, refused.is_kept) == ("不行.docx", len(data), False)
    assert "重新选择" in answer.text
    assert desk.get(reverse("failed_original", args=[refused.pk])).status_code == 404
    # What came with it goes on all the same.
    assert PendingUpload.objects.get().name == "可以.txt"


def test_a_file_that_was_too_large_is_stored_whole_once_the_limit_allows_it(desk, settings):
    settings.UPLOAD_LIMIT_MB = 0
    send(desk, file())
    settings.UPLOAD_LIMIT_MB = 50
    send(desk, file())
    store(desk, PendingUpload.objects.get())

    source = SourceFile.objects.get()
    assert (source.state, source.is_kept) == ("read", True)
    with source.file.open() as kept:
        assert kept.read() == TEXT.encode()


@pytest.mark.parametrize(
    "data",
    [PICTURE, b"\xff\xd8\xff\xe0" + bytes(range(256)) * 40, bytes(range(128, 256)) * 50],
    ids=["png", "jpeg", "noise"],
)
def test_a_file_that_fails_reading_is_listed_with_its_reason_and_no_speech_is_made(desk, data):
    answer = send(desk, file(data, "通知.txt"))

    source = SourceFile.objects.get()
    assert source.state == SourceFile.State.FAILED
    assert source.reason in answer.text
    assert reverse("failed_retry", args=[source.pk]) in answer.text
    assert nothing_stored()


def test_a_failed_file_can_be_tried_again_and_goes_through_once_it_can_be_read(desk, monkeypatch):
    from speeches.readers import ReadError

    def fail(*args, **kwargs):
        raise ReadError("too_slow", seconds=25)

    with monkeypatch.context() as patch:
        patch.setattr(preview, "read_guarded", fail)
        send(desk, file())
    source = SourceFile.objects.get()
    answer = desk.post(reverse("failed_retry", args=[source.pk]))
    store(desk, PendingUpload.objects.get())

    assert "preview" in answer.url or "upload" in answer.url
    source.refresh_from_db()
    assert (source.state, source.error_code) == (SourceFile.State.READ, "")
    assert Speech.objects.get().source == source


def test_a_failed_file_that_fails_again_stays_listed(desk):
    send(desk, file(PICTURE))
    source = SourceFile.objects.get()
    desk.post(reverse("failed_retry", args=[source.pk]))

    assert SourceFile.objects.get().state == SourceFile.State.FAILED


def test_a_failed_file_can_be_deleted_with_its_bytes(desk, django_capture_on_commit_callbacks):
    send(desk, file(PICTURE))
    source = SourceFile.objects.get()
    with django_capture_on_commit_callbacks(execute=True):
        desk.post(reverse("failed_delete", args=[source.pk]))

    assert not SourceFile.objects.exists()
    assert not source.file.storage.exists(source.file.name)


def test_several_files_at_once_wait_each_for_itself(desk):
    send(desk, file(), file(UNDATED, "二.txt"), file(PICTURE, "三.txt"))

    assert PendingUpload.objects.count() == 2
    assert SourceFile.objects.get().name == "三.txt"


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "..\\..\\boot.ini",
        "长" * 300 + ".txt",
        "a\x00b.txt",
        "<script>.txt",
        "讲话\r\nX-Evil: 1.txt",
    ],
)
def test_a_name_is_only_a_name(desk, name, settings):
    """Whatever a file is called, its bytes lie under their hash, and the download bears a harmless name."""
    send(desk, file(TEXT, name))
    store(desk, PendingUpload.objects.get())

    source = SourceFile.objects.get()
    assert source.file.name == f"originals/{source.sha256[:2]}/{source.sha256}"
    answer = desk.get(reverse("speech_original", args=[Speech.objects.get().pk]))
    assert "/" not in source.download_name
    assert "\n" not in answer["Content-Disposition"]


def test_the_original_comes_back_byte_for_byte_and_is_never_shown_in_the_browser(desk):
    data = TEXT.encode("gb18030")
    send(desk, file(data, "讲话.html"))
    store(desk, PendingUpload.objects.get())
    answer = desk.get(reverse("speech_original", args=[Speech.objects.get().pk]))

    assert b"".join(answer.streaming_content) == data
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Type"] == "application/octet-stream"


# Whose it is


def test_an_upload_belongs_to_whoever_made_it(client, county, pending):
    other = make.user("duchayuan2", "督查员庚", coordinator=county.root)
    client.force_login(other)

    for name, args in [("upload_cutting", [pending.pk]), ("upload_discard", [pending.pk])]:
        assert client.post(reverse(name, args=args)).status_code == 404
    assert client.get(reverse("upload_paragraphs", args=[pending.pk, 0])).status_code == 404
    assert client.get(reverse("upload_preview", args=[pending.pk])).status_code == 302
    assert PendingUpload.objects.filter(pk=pending.pk).exists()


@pytest.mark.parametrize("who", ["leader", "liaison", "observer", "administrator"])
def test_only_the_office_uploads(client, county, who):
    client.force_login(getattr(county, who))

    assert client.get(reverse("upload")).status_code == 403
    assert client.post(reverse("upload"), {"text": TEXT}).status_code == 403
    assert not PendingUpload.objects.exists()


def test_nobody_uploads_without_signing_in(client, county):
    assert client.post(reverse("upload"), {"text": TEXT}).url.startswith(reverse("login"))


def test_a_form_from_elsewhere_is_refused(county):
    from django.test import Client

    stranger = Client(enforce_csrf_checks=True)
    stranger.force_login(county.coordinator)
    assert stranger.post(reverse("upload"), {"text": TEXT}).status_code == 403


def test_what_is_discarded_leaves_nothing(desk, pending):
    desk.post(reverse("upload_discard", args=[pending.pk]))

    assert not PendingUpload.objects.exists()
    assert nothing_stored()


def test_what_was_forgotten_for_a_day_is_discarded_with_the_next_upload(
    county, pending, django_capture_on_commit_callbacks
):
    old = preview.receive_file(TEXT.encode(), name="旧.txt", by=county.coordinator, limits=Limits())
    PendingUpload.objects.filter(pk=old.pk).update(at=timezone.now() - dt.timedelta(days=1, minutes=1))
    with django_capture_on_commit_callbacks(execute=True):
        preview.receive_text(TEXT, by=county.coordinator)

    assert not PendingUpload.objects.filter(pk=old.pk).exists()
    assert not old.file.storage.exists(old.file.name)
    assert PendingUpload.objects.filter(pk=pending.pk).exists()


def test_more_findings_than_anybody_could_review_are_refused(desk, monkeypatch):
    monkeypatch.setattr(upload, "MOST_FINDINGS", 1)
    answer = send(desk, file())

    assert SourceFile.objects.get().error_code == "too_many_findings"
    assert "找到的事项超过 1 项" in answer.text


def test_counting_findings_stops_at_the_limit_however_long_the_text(county, monkeypatch):
    monkeypatch.setattr(upload, "MOST_FINDINGS", 50)
    monkeypatch.setattr(upload, "STRETCH", 1000)
    counted = upload.count("县教育局6月底前完成校舍改造。\n" * 10_000, upload.lexicon())

    assert 50 < counted.total() < 200


def test_bytes_that_a_killed_process_left_behind_are_used_and_not_stored_beside(county):
    data = TEXT.encode()
    left = upload.receive(data, name="讲话.txt")
    place = left.file.name
    SourceFile.objects.all().delete()  # the row was never committed
    again = upload.receive(data, name="讲话.txt")

    assert again.file.name == place
    with again.file.open() as file:
        assert file.read() == data


def test_bytes_that_were_left_half_written_are_written_anew(county):
    left = upload.receive(TEXT.encode(), name="讲话.txt")
    place = Path(left.file.path)
    SourceFile.objects.all().delete()
    place.write_bytes(TEXT.encode()[:9])
    again = upload.receive(TEXT.encode(), name="讲话.txt")

    assert (Path(again.file.path), place.read_bytes()) == (place, TEXT.encode())


def test_bytes_that_got_lost_come_back_with_the_same_file(county):
    kept = upload.receive(TEXT.encode(), name="讲话.txt")
    Path(kept.file.path).unlink()
    again = upload.receive(TEXT.encode(), name="讲话.txt")

    assert again == kept
    assert Path(again.file.path).read_bytes() == TEXT.encode()


def test_a_failed_file_whose_bytes_got_lost_is_asked_for_again(desk):
    send(desk, file(PICTURE, "图片.docx"))
    failed = SourceFile.objects.get()
    Path(failed.file.path).unlink()

    assert desk.get(reverse("failed_original", args=[failed.pk])).status_code == 404
    answer = desk.post(reverse("failed_retry", args=[failed.pk]), follow=True)
    assert "请重新上传" in answer.text
    assert not SourceFile.objects.exists()


def test_a_title_that_fits_any_speech_gives_way_to_the_occasion(desk):
    send(desk, file("工作会议讲话稿\n（2026年3月10日）\n同志们：\n今天召开全县水利工作会议，" + UNDATED[4:]))
    row = PendingUpload.objects.get().parts[0]

    assert row["values"]["title"] == "在全县水利工作会议上的讲话"
    assert row["evidence"]["title"] == "全县水利工作会议"


def test_a_preview_that_is_not_complete_says_how_much_is_missing(desk):
    send(desk, file(UNDATED))
    answer = store(desk, PendingUpload.objects.get())

    assert answer.status_code == 422
    assert "尚未入库：有 1 处" in answer.text
    assert "请填写讲话日期" in answer.text

"""Command ``ingest``: files and folders into the ledger, whatever is among them."""

import datetime as dt
import io

import pytest
from celery.exceptions import TimeoutError
from django.core.management import CommandError, call_command

from speeches.models import SourceFile, Speech
from tracker import ingest, ingest_workers
from tracker.lights import overdue_q
from tracker.models import Assignment, Commitment

TEXT = "同志们：\n县交通局要确保云台山旅游公路5月1日前全面竣工。\n"
DAY = dt.date(2026, 1, 8)


def run(*paths, **options) -> str:
    out = io.StringIO()
    call_command("ingest", *map(str, paths), stdout=out, **options)
    return out.getvalue()


def write(folder, name: str, text: str | bytes):
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def test_a_file_becomes_a_speech_with_its_findings(county, tmp_path):
    out = run(write(tmp_path, "讲话.txt", TEXT), delivered_on=DAY)

    speech = Speech.objects.get()
    assert (speech.delivered_on, speech.source.name) == (DAY, "讲话.txt")
    assert speech.findings.get().last_day == dt.date(2026, 4, 30)
    assert "1 files: 1 stored" in out or "1 个文件" in out


def test_nothing_is_confirmed_unless_asked(county, tmp_path):
    run(write(tmp_path, "讲话.txt", TEXT), delivered_on=DAY)

    assert not Commitment.objects.exists()


def test_confirm_hard_charges_the_unit(county, tmp_path):
    run(write(tmp_path, "讲话.txt", TEXT), delivered_on=DAY, confirm="hard")

    assert Assignment.objects.filter(overdue_q(dt.date(2026, 5, 1))).get().unit == county.transport


def test_run_again_it_doubles_nothing(county, tmp_path):
    path = write(tmp_path, "讲话.txt", TEXT)
    run(path, delivered_on=DAY, confirm="all")
    run(path, delivered_on=DAY, confirm="all")

    assert (Speech.objects.count(), Commitment.objects.count()) == (1, 1)


def test_run_again_after_an_interruption_it_confirms_the_rest(county, tmp_path):
    path = write(tmp_path, "讲话.txt", TEXT)
    run(path, delivered_on=DAY)
    run(path, delivered_on=DAY, confirm="all")

    assert Commitment.objects.count() == 1


def test_what_a_person_dismissed_is_not_confirmed_by_a_second_run(county, tmp_path):
    from tracker import intake

    path = write(tmp_path, "讲话.txt", TEXT)
    run(path, delivered_on=DAY)
    review = intake.dismiss(Speech.objects.get().findings.get(), by=county.coordinator)
    intake.undo(review, by=county.coordinator)
    run(path, delivered_on=DAY, confirm="all")

    assert not Commitment.objects.exists()


def test_the_day_that_a_speech_states_counts_before_the_one_given(county, tmp_path):
    run(write(tmp_path, "讲话.txt", f"在全县交通会议上的讲话\n（2025年3月4日）\n{TEXT}"), delivered_on=DAY)

    assert Speech.objects.get().delivered_on == dt.date(2025, 3, 4)


def test_a_speech_without_any_day_is_named_and_leaves_nothing(county, tmp_path):
    out = run(write(tmp_path, "讲话.txt", TEXT))

    assert "--delivered-on" in out
    assert not Speech.objects.exists()
    assert not SourceFile.objects.exists()


@pytest.mark.parametrize("day", [dt.date(1949, 9, 30), dt.date(2999, 1, 1)])
def test_an_impossible_day_is_refused_at_once(county, tmp_path, day):
    with pytest.raises(CommandError):
        run(write(tmp_path, "讲话.txt", TEXT), delivered_on=day)


def test_a_folder_is_read_with_what_lies_below_and_without_hidden_files(county, tmp_path):
    write(tmp_path, "a.txt", TEXT)
    write(tmp_path, "下级/b.txt", TEXT + "另外，县教育局6月底前完成校舍改造。\n")
    write(tmp_path, ".DS_Store", b"\0\1\2")
    write(tmp_path, "~$a.docx", b"\0\1\2")
    run(tmp_path, delivered_on=DAY)

    assert sorted(Speech.objects.values_list("source__name", flat=True)) == ["a.txt", "b.txt"]


def test_a_bad_file_does_not_stop_the_others(county, tmp_path):
    write(tmp_path, "1-图片.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    write(tmp_path, "2-空.txt", "")
    write(tmp_path, "3-讲话.txt", TEXT)
    out = run(tmp_path, delivered_on=DAY)

    assert Speech.objects.get().source.name == "3-讲话.txt"
    assert "1-图片.txt" in out
    assert "2-空.txt" in out
    # Both stand in the list of the upload page; the one that has something in it can be tried again from there.
    failed = {source.name: source.is_kept for source in SourceFile.objects.filter(state="failed")}
    assert failed == {"1-图片.txt": True, "2-空.txt": False}


def test_a_named_path_that_does_not_exist_is_said(county, tmp_path):
    with pytest.raises(CommandError, match=r"没有\.txt"):
        run(tmp_path / "没有.txt")


def test_the_size_limit_of_the_office_holds(county, tmp_path, settings):
    settings.UPLOAD_LIMIT_MB = 0
    out = run(write(tmp_path, "讲话.txt", TEXT), delivered_on=DAY)

    assert "0" in out
    assert not SourceFile.objects.get().is_kept


def test_one_unforeseen_error_is_reported_and_the_others_go_on(county, tmp_path, monkeypatch):
    def read(data, *, name, limits):
        if name == "1.txt":
            raise RuntimeError("boom")
        return original(data, name=name, limits=limits)

    original = ingest.read_guarded
    monkeypatch.setattr(ingest, "read_guarded", read)
    write(tmp_path, "1.txt", TEXT)
    write(tmp_path, "2.txt", TEXT + "完")
    out = run(tmp_path, delivered_on=DAY)

    assert "boom" in out
    assert Speech.objects.get().source.name == "2.txt"


@pytest.fixture
def workers(settings, monkeypatch):
    """Tasks run in this process here, but the bytes go the workers' way: through the storage, by id."""
    settings.CELERY_BROKER_URL = "memory://"
    monkeypatch.setattr(ingest_workers, "answer", lambda: True)


def test_workers_come_to_the_same_result(county, tmp_path, workers):
    write(tmp_path, "1.txt", TEXT)
    write(tmp_path, "2.txt", "")
    write(tmp_path, "3.txt", b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 20)
    out = run(tmp_path, delivered_on=DAY, confirm="all")

    assert Commitment.objects.count() == 1
    assert "2.txt" in out
    assert set(SourceFile.objects.filter(state="failed").values_list("name", flat=True)) == {"2.txt", "3.txt"}


def test_where_no_worker_answers_the_files_are_read_all_the_same(county, tmp_path, settings, monkeypatch):
    settings.CELERY_BROKER_URL = "memory://"
    monkeypatch.setattr(ingest_workers, "answer", lambda: False)
    run(write(tmp_path, "讲话.txt", TEXT), delivered_on=DAY, stderr=io.StringIO())

    assert Speech.objects.count() == 1


def test_files_whose_workers_died_are_read_here(county, tmp_path, settings, monkeypatch):
    class Silent:
        def get(self, timeout):
            raise TimeoutError

    answers = iter([True, True, False])  # at the start, after the first look, and then no more
    settings.CELERY_BROKER_URL = "memory://"
    monkeypatch.setattr(ingest_workers, "answer", lambda: next(answers))
    monkeypatch.setattr(ingest_workers.ingest_file, "delay", lambda *_order: Silent())
    errors = io.StringIO()
    write(tmp_path, "1.txt", TEXT)
    write(tmp_path, "2.txt", TEXT + "完")
    run(tmp_path, delivered_on=DAY, confirm="all", stderr=errors)

    assert (Speech.objects.count(), Commitment.objects.count()) == (2, 2)
    assert set(SourceFile.objects.values_list("state", flat=True)) == {"read"}
    assert len(errors.getvalue().splitlines()) == 1  # said once, not for every file


def test_a_file_that_an_earlier_run_took_away_meanwhile_is_reported_like_any_other(
    county, tmp_path, workers, monkeypatch
):
    def delay(source, *order):
        SourceFile.objects.filter(pk=source).delete()  # the earlier run's task came first, and refused it
        return original(source, *order)

    original = ingest_workers.ingest_file.delay
    monkeypatch.setattr(ingest_workers.ingest_file, "delay", delay)
    out = run(write(tmp_path, "讲话.txt", TEXT))

    assert "--delivered-on" in out
    assert not SourceFile.objects.exists()


def test_a_run_that_is_interrupted_says_how_far_it_came(county, tmp_path, monkeypatch):
    def read(path, **options):
        if path.name == "2.txt":
            raise KeyboardInterrupt
        return original(path, **options)

    original = ingest.ingest_path
    monkeypatch.setattr(ingest, "ingest_path", read)
    write(tmp_path, "1.txt", TEXT)
    write(tmp_path, "2.txt", TEXT + "完")
    with pytest.raises(CommandError, match=r"共 2 个文件，已处理 1 个"):
        run(tmp_path, delivered_on=DAY)

    assert Speech.objects.count() == 1


def test_what_somebody_decides_while_it_runs_is_left_to_them(county, tmp_path, monkeypatch):
    from tracker import intake

    def confirm(finding, **options):
        intake.dismiss(finding, by=county.coordinator)
        return original(finding, **options)

    original = intake.confirm
    path = write(tmp_path, "讲话.txt", TEXT)
    run(path, delivered_on=DAY)
    monkeypatch.setattr(ingest.intake, "confirm", confirm)
    out = run(path, delivered_on=DAY, confirm="all")

    assert not Commitment.objects.exists()
    assert "讲话.txt" not in out


def test_workers_leave_nothing_of_a_speech_without_a_day(county, tmp_path, workers):
    out = run(write(tmp_path, "讲话.txt", TEXT))

    assert "--delivered-on" in out
    assert not SourceFile.objects.exists()


def test_every_file_of_the_corpus_is_taken(county, shared):
    out = run(shared / "corpus", delivered_on=dt.date(2010, 1, 8))

    assert SourceFile.objects.filter(state="read").count() == len(list((shared / "corpus").iterdir())), out


def test_the_mountain_path_is_overdue_the_day_after_its_last_day(county, shared):
    run(shared / "corpus" / "seed-000.txt", delivered_on=dt.date(2010, 1, 8), confirm="all")

    item = Commitment.objects.get(quote__contains="人行步道建设，确保5月1日前全面竣工")
    assert item.deadline == dt.date(2010, 4, 30)
    late = Assignment.objects.filter(commitment=item)
    assert late.filter(overdue_q(dt.date(2010, 5, 1))).exists()
    assert not late.filter(overdue_q(dt.date(2010, 4, 30))).exists()

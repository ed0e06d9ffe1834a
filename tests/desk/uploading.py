"""What tests of uploads have in common: a text, its file, the form that takes it and the preview that stores it."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from speeches.models import Finding, PendingUpload, Speech
from tracker.models import Commitment

UNDATED = "同志们：\n县交通局要确保云台山旅游公路5月1日前全面竣工。\n县教育局6月底前完成校舍改造。\n"
TEXT = f"在全县交通工作会议上的讲话\n（2026年3月10日）\n{UNDATED}"


def file(data: str | bytes = TEXT, name: str = "讲话.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, data.encode() if isinstance(data, str) else data)


def send(desk, *files, **fields):
    return desk.post(reverse("upload"), {"files": list(files), **fields})


def store(desk, pending: PendingUpload, **changes):
    """Submit the preview as it stands, but for ``changes`` (field name of the form → value)."""
    data = {"part-TOTAL_FORMS": len(pending.parts), "part-INITIAL_FORMS": len(pending.parts)}
    for number, row in enumerate(pending.parts):
        data |= {f"part-{number}-{name}": value for name, value in row["values"].items()}
    data["shape"] = ",".join(f"{row['start']}-{row['end']}" for row in pending.parts)
    return desk.post(reverse("upload_preview", args=[pending.pk]), data | changes)


def nothing_stored() -> bool:
    return not Speech.objects.exists() and not Finding.objects.exists() and not Commitment.objects.exists()

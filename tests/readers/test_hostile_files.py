"""Files that are broken, protected or meant to do harm are refused with a reason, quickly and in bounded memory."""

import io
import zipfile

import olefile
import pytest

from speeches.readers import Limits, ReadError, read, read_guarded

from .samples import BODY
from .writing import OFD, XML, W, compound, doc, docx, docx_of, html, mhtml, odt_of, ofd, pdf, rtf, zipped

PARAGRAPH = "<w:p><w:r><w:t>各乡镇9月底前完成。</w:t></w:r></w:p>"


def code_of(data: bytes, limits: Limits | None = None) -> str:
    with pytest.raises(ReadError) as refused:
        read(data, limits=limits or Limits())
    return refused.value.code


def test_every_code_has_a_sentence_and_every_sentence_its_figures() -> None:
    figures = dict.fromkeys(["size_mb", "limit_mb", "limit", "pages", "count", "seconds", "format"], 1)
    assert all(str(ReadError(code, **figures)) for code in ReadError.CODES)


def test_a_document_that_unpacks_to_a_hundred_times_its_size_is_refused() -> None:
    assert code_of(docx_of(PARAGRAPH + "<w:p/>" * 1_000_000)) == "zip_bomb"


def test_a_package_that_claims_more_than_may_be_unpacked_is_refused() -> None:
    assert code_of(docx(BODY * 50), Limits(max_unpacked=10_000)) == "zip_bomb"


def test_a_package_with_too_many_members_is_refused() -> None:
    assert code_of(docx_of(PARAGRAPH, **{f"a{n}_xml": "x" for n in range(50)}), Limits(max_members=20)) == "zip_bomb"


def test_a_member_that_lies_about_its_size_is_damaged() -> None:
    data = bytearray(docx(BODY * 50))
    at = data.rindex(b"PK\x01\x02")
    data[at + 24 : at + 28] = (10).to_bytes(4, "little")
    assert code_of(bytes(data)) == "damaged"


def test_entities_are_neither_expanded_nor_fetched(tmp_path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("不可外传", encoding="utf-8")
    doctype = f'<!DOCTYPE w:document [<!ENTITY a SYSTEM "{secret.as_uri()}"><!ENTITY b "乙乙">]>'
    body = "<w:p><w:r><w:t>甲&a;&b;丙，各乡镇9月底前完成。</w:t></w:r></w:p>"
    document = f"{XML}{doctype}<w:document {W}><w:body>{body}</w:body></w:document>"
    text = read(zipped({"word/document.xml": document})).text
    assert "不可外传" not in text
    assert "乙乙" not in text


def test_a_billion_laughs_are_not_laughed() -> None:
    entities = '<!ENTITY a0 "哈哈哈哈哈哈哈哈哈哈">' + "".join(
        f'<!ENTITY a{n} "{f"&a{n - 1};" * 10}">' for n in range(1, 10)
    )
    body = "<w:p><w:r><w:t>&a9;各乡镇9月底前完成。</w:t></w:r></w:p>"
    document = f"{XML}<!DOCTYPE x [{entities}]><w:document {W}><w:body>{body}</w:body></w:document>"
    assert code_of(zipped({"word/document.xml": document})) == "damaged"


@pytest.mark.parametrize(
    "data",
    [
        docx_of("<w:sdt>" * 5000 + PARAGRAPH + "</w:sdt>" * 5000),
        odt_of("<text:section>" * 5000 + "<text:p>完。</text:p>" + "</text:section>" * 5000),
        html("x").replace(b"<p>", b"<div>" * 50_000),
    ],
    ids=["docx", "odt", "html"],
)
def test_what_is_nested_without_end_is_refused(data: bytes) -> None:
    assert code_of(data) == "damaged"


def test_groups_nested_without_end_do_not_break_the_reading_of_rtf() -> None:
    assert "9月" in read(b"{\\rtf1 " + b"{" * 100_000 + rtf("各乡镇9月底前完成。")[1:]).text


def test_fields_nested_without_end_do_not_break_the_reading_of_doc() -> None:
    assert read(doc("\x13" * 20_000 + "\x15" * 20_000 + "各乡镇9月底前完成。")).text == "各乡镇9月底前完成。"


def test_macros_are_refused_in_every_format_that_can_carry_them() -> None:
    assert code_of(docx_of(PARAGRAPH, vbaProject_bin=b"\xd0\xcf")) == "macro"
    assert code_of(odt_of("<text:p>完。</text:p>", **{"Basic/Standard/Module1.xml": "<x/>"})) == "macro"
    assert code_of(compound({"WordDocument": b"", "1Table": b"", "Macros": b""})) == "macro"


def test_documents_under_a_password_are_told_from_damaged_ones() -> None:
    assert code_of(compound({"EncryptionInfo": b"", "EncryptedPackage": b""})) == "encrypted"
    assert code_of(doc(BODY, flags=0x0100)) == "encrypted"
    manifest = "<manifest><file-entry><encryption-data/></file-entry></manifest>"
    assert code_of(odt_of("", **{"META-INF/manifest.xml": manifest})) == "encrypted"
    assert code_of(zipped({"OFD.xml": f"<ofd:OFD {OFD}/>", "Encryptions.xml": "<x/>"})) == "encrypted"
    assert code_of(_locked(docx(BODY))) == "encrypted"


def _locked(data: bytes) -> bytes:
    """Set the flag of encryption on every member of a package."""
    locked = bytearray(data)
    at = 0
    while (at := locked.find(b"PK\x01\x02", at)) >= 0:
        locked[at + 8] |= 1
        at += 4
    return bytes(locked)


def test_a_pdf_under_a_password_says_so() -> None:
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file, encrypt=StandardEncryption("secret"))
    canvas.drawString(100, 100, "locked")
    canvas.save()
    assert code_of(file.getvalue()) == "encrypted"


def test_a_scanned_pdf_says_so() -> None:
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.drawImage(ImageReader(_picture()), 0, 0, 500, 700)
    canvas.save()
    assert code_of(file.getvalue()) == "scanned_pdf"


def _picture() -> io.BytesIO:
    from PIL import Image

    file = io.BytesIO()
    Image.new("L", (20, 20), 128).save(file, "PNG")
    file.seek(0)
    return file


def test_an_empty_pdf_holds_no_text() -> None:
    from reportlab.pdfgen.canvas import Canvas

    file = io.BytesIO()
    canvas = Canvas(file)
    canvas.showPage()
    canvas.save()
    assert code_of(file.getvalue()) == "no_text"


@pytest.mark.parametrize("write", [docx, ofd, pdf], ids=["docx", "ofd", "pdf"])
def test_a_file_whose_end_is_missing_says_so(write) -> None:
    data = write(BODY * 20)
    assert code_of(data[: len(data) // 2]) in {"truncated", "damaged"}


@pytest.mark.parametrize("write", [rtf, html, mhtml], ids=["rtf", "html", "mhtml"])
def test_the_first_half_of_what_can_be_read_without_its_end_is_read_with_a_note(write) -> None:
    data = write(BODY)
    assert "cut_off" in read(data[: len(data) // 2]).notes
    assert "cut_off" not in read(data).notes


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (zipped({"[Content_Types].xml": "spreadsheetml", "xl/workbook.xml": ""}), "xlsx"),
        (zipped({"a.txt": "x"}), "zip"),
        (zipped({"mimetype": "application/vnd.oasis.opendocument.spreadsheet"}), "spreadsheet"),
        (compound({"Workbook": b""}), "xls"),
        (b"Rar!\x1a\x07\x00" + b"x" * 100, "rar"),
    ],
    ids=["xlsx", "zip", "ods", "xls", "rar"],
)
def test_formats_that_are_not_read_are_named(data: bytes, kind: str) -> None:
    with pytest.raises(ReadError) as refused:
        read(data)
    assert (refused.value.code, refused.value.params) == ("unsupported", {"format": kind})


def test_a_picture_under_the_name_of_a_document_is_not_text() -> None:
    with pytest.raises(ReadError) as refused:
        read(b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 40, name="讲话.docx")
    assert refused.value.code == "not_text"


def test_too_many_pages_are_refused_with_both_figures() -> None:
    with pytest.raises(ReadError) as refused:
        read(pdf(BODY * 20), limits=Limits(max_pages=2))
    assert refused.value.code == "too_many_pages"
    assert refused.value.params["limit"] == 2
    assert code_of(ofd(BODY * 20), Limits(max_pages=2)) == "too_many_pages"


def test_too_long_a_text_is_refused() -> None:
    assert code_of(docx(BODY * 20), Limits(max_chars=1000)) == "too_long"


def test_names_of_members_are_never_paths_on_the_disk(tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)
    with zipfile.ZipFile(io.BytesIO(docx(BODY))) as package:
        members = {name: package.read(name) for name in package.namelist()}
    read(zipped({**members, "../../outside.xml": "x", "/etc/passwd": "x", "C:\\x": "x"}))
    relations = '<Relationships><Relationship Type="x/officeDocument" Target="/../../../etc/passwd"/></Relationships>'
    assert code_of(zipped({**members, "_rels/.rels": relations})) == "damaged"
    assert list(tmp_path.iterdir()) == []


def test_a_fault_of_a_parser_is_a_damaged_file_with_its_cause(monkeypatch) -> None:
    def fail(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(olefile, "OleFileIO", fail)
    with pytest.raises(ReadError) as refused:
        read(doc(BODY))
    assert refused.value.code == "damaged"
    assert isinstance(refused.value.__cause__, ZeroDivisionError)


def test_a_hostile_file_is_refused_in_a_guarded_process_too() -> None:
    with pytest.raises(ReadError) as refused:
        read_guarded(docx_of(PARAGRAPH + "<w:p/>" * 1_000_000), memory_mb=512, seconds=20)
    assert refused.value.code == "zip_bomb"

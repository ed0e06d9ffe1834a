"""docx, odt, doc, rtf: what a reader of the printed page would read, and nothing else."""

import struct
from pathlib import Path

import pytest

from speeches.readers import read
from speeches.readers.legacy_lists import LISTS, Use
from speeches.readers.legacy_lists import _uses as uses

from .writing import XML, W, doc, docx_of, odt_of, rtf, zipped

FILES = Path(__file__).parent / "files"
MEETING = [
    "在全县冬修水利工作会议上的讲话",
    "（2023年10月9日）",
    "同志们：",
    "河堤上还有三处险段没有处理，水利局11月15日前全部加固。",
    "任务\t责任单位",
    "清理沟渠\t各村",
    "谢谢大家！",
]


def paragraph(text: str, properties: str = "") -> str:
    return f"<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>"


def lines(data: bytes) -> list[str]:
    return read(data).text.split("\n")


@pytest.mark.parametrize("name", ["meeting.doc", "meeting.odt"])
def test_a_file_that_an_office_suite_saved_gives_its_body_without_header_and_footer(name: str) -> None:
    document = read((FILES / name).read_bytes())
    assert document.text.split("\n") == MEETING
    assert document.metadata["title"] == "冬修水利讲话"


# docx


def level(depth: int, style: str, text: str) -> str:
    return f'<w:lvl w:ilvl="{depth}"><w:start w:val="1"/><w:numFmt w:val="{style}"/><w:lvlText w:val="{text}"/></w:lvl>'


NUMBERING = (
    f'{XML}<w:numbering {W}><w:abstractNum w:abstractNumId="0">'
    f"{level(0, 'chineseCounting', '%1、')}{level(1, 'japaneseCounting', '（%2）')}{level(2, 'decimal', '%1.%3.')}"
    f'</w:abstractNum><w:abstractNum w:abstractNumId="1">{level(0, "bullet", "●")}</w:abstractNum>'
    '<w:num w:numId="1"><w:abstractNumId w:val="0"/></w:num><w:num w:numId="2"><w:abstractNumId w:val="1"/></w:num>'
    '<w:num w:numId="3"><w:abstractNumId w:val="0"/><w:lvlOverride w:ilvl="0"><w:startOverride w:val="11"/>'
    "</w:lvlOverride></w:num></w:numbering>"
)


def numbered(text: str, depth: int = 0, number: int = 1) -> str:
    return paragraph(text, f'<w:numPr><w:ilvl w:val="{depth}"/><w:numId w:val="{number}"/></w:numPr>')


def test_the_numbers_that_word_draws_before_headings_are_written_out() -> None:
    body = "".join(
        [
            numbered("统一思想"),
            numbered("看清形势", 1),
            numbered("摸清家底", 1),
            numbered("马上行动"),
            numbered("从头数起", 1),
            numbered("要细", 2),
        ]
    )
    document = read(docx_of(body, numbering_xml=NUMBERING))
    assert document.text.split("\n") == [
        "一、统一思想", "（一）看清形势", "（二）摸清家底", "二、马上行动", "（一）从头数起", "二.1.要细",
    ]  # fmt: skip
    assert "numbered" in document.notes


def test_a_doc_draws_the_same_numbers_from_its_own_tables() -> None:
    document = read((FILES / "numbered.doc").read_bytes())
    assert document.text.split("\n") == [
        "在全县农业会议上的讲话", "一、提高认识，稳住粮食", "（一）看清形势", "（二）摸清家底",
        "1.播种面积不少于三十万亩", "2.四月底前下种", "（1）村村到位", "① 户户到人",
        "这里是没有编号的一段话，说明情况。",
        "二、抓住重点", "（一）从头数起", "修路", "1.交通局", "五、从五数起", "一、接着六", "1.甲", "2.乙", "圆点",
    ]  # fmt: skip
    assert "numbered" in document.notes


def test_a_list_of_a_doc_may_begin_anew_where_it_is_used() -> None:
    anew = struct.pack("<i8xBxxx", 7, 1) + b"\xff" * 4 + struct.pack("<iI", 11, 0x10)
    assert uses(struct.pack("<I", 1) + anew) == [Use(7, {0: 11})]


def test_spoilt_numbers_of_a_doc_leave_its_text_as_it_is() -> None:
    data = bytearray((FILES / "numbered.doc").read_bytes())
    struct.pack_into("<I", data, data.index(b"\xec\xa5") + LISTS, 3)
    document = read(bytes(data))
    assert "看清形势" in document.text.split("\n")
    assert "numbered" not in document.notes


def test_a_list_may_begin_anywhere_and_bullets_are_no_numbers() -> None:
    body = numbered("接着讲", number=3) + numbered("一个圆点", number=2)
    assert lines(docx_of(body, numbering_xml=NUMBERING)) == ["十一、接着讲", "一个圆点"]


def test_a_style_may_bring_the_number() -> None:
    style = (
        f'{XML}<w:styles {W}><w:style w:styleId="a"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>'
        '<w:style w:styleId="b"><w:basedOn w:val="a"/></w:style></w:styles>'
    )
    body = paragraph("统一思想", '<w:pStyle w:val="b"/>')
    assert lines(docx_of(body, numbering_xml=NUMBERING, styles_xml=style)) == ["一、统一思想"]


def test_a_level_may_say_itself_which_style_it_belongs_to() -> None:
    levels = NUMBERING.replace(
        '<w:numFmt w:val="japaneseCounting"/>', '<w:numFmt w:val="decimal"/><w:pStyle w:val="h2"/>'
    )
    style = '<w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr>'
    styles = f'{XML}<w:styles {W}><w:style w:styleId="h2">{style}</w:style></w:styles>'
    body = paragraph("看清形势", '<w:pStyle w:val="h2"/>')
    assert lines(docx_of(body, numbering_xml=levels, styles_xml=styles)) == ["（1）看清形势"]


def test_deletions_are_left_out_and_insertions_kept() -> None:
    body = (
        "<w:p><w:r><w:t>各乡镇</w:t></w:r><w:del><w:r><w:delText>八月</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>九月</w:t></w:r></w:ins><w:r><w:t>底前完成</w:t></w:r>"
        "<w:r><w:rPr><w:vanish/></w:rPr><w:t>此句隐藏</w:t></w:r></w:p>"
    )
    assert lines(docx_of(body)) == ["各乡镇九月底前完成"]


def test_a_table_row_is_one_line_unless_its_cells_hold_paragraphs() -> None:
    def table(*cells: str) -> str:
        return f"<w:tbl><w:tr>{''.join(f'<w:tc>{cell}</w:tc>' for cell in cells)}</w:tr></w:tbl>"

    body = table(paragraph("修路"), paragraph("交通局")) + table(paragraph("第一段。") + paragraph("第二段。"))
    assert lines(docx_of(body)) == ["修路\t交通局", "第一段。", "第二段。"]


def test_what_stands_in_a_text_box_is_read_once() -> None:
    box = f"<w:txbxContent>{paragraph('框里的话')}</w:txbxContent>"
    body = (
        '<w:p xmlns:mc="m"><w:r><w:t>段落</w:t><mc:AlternateContent><mc:Choice>' + box + "</mc:Choice>"
        f"<mc:Fallback>{box}</mc:Fallback></mc:AlternateContent></w:r></w:p>"
    )
    assert lines(docx_of(body)) == ["段落", "框里的话"]


def test_fields_show_their_result_and_not_their_code() -> None:
    body = (
        "<w:p><w:r><w:instrText>PAGE \\* MERGEFORMAT</w:instrText></w:r><w:r><w:t>见附件</w:t></w:r>"
        "<w:hyperlink><w:r><w:t>通知</w:t></w:r></w:hyperlink><w:r><w:tab/><w:t>完</w:t><w:br/><w:t>下行</w:t></w:r></w:p>"
    )
    assert lines(docx_of(body)) == ["见附件通知\t完", "下行"]


def test_the_strict_edition_of_the_format_is_read_too() -> None:
    strict = 'xmlns:w="http://purl.oclc.org/ooxml/wordprocessingml/main"'
    document = f"{XML}<w:document {strict}><w:body>{paragraph('同志们：')}</w:body></w:document>"
    relations = '<Relationships><Relationship Type="x/officeDocument" Target="word/document2.xml"/></Relationships>'
    data = zipped(
        {
            "[Content_Types].xml": "wordprocessingml",
            "_rels/.rels": relations,
            "word/document2.xml": document,
        }
    )
    assert lines(data) == ["同志们："]


# odt


def test_lists_notes_and_deletions_of_odt() -> None:
    style = (
        '<text:list-style style:name="L"><text:list-level-style-number text:level="1" style:num-suffix="、" '
        'style:num-format="一, 二, 三, ..."/><text:list-level-style-number text:level="2" style:num-prefix="（" '
        'style:num-suffix="）" style:num-format="1"/></text:list-style>'
    )
    inner = "<text:list><text:list-item><text:p>看清形势</text:p></text:list-item></text:list>"
    body = (
        "<text:tracked-changes><text:p>删去的</text:p></text:tracked-changes>"
        f'<text:list text:style-name="L"><text:list-item><text:p>统一思想</text:p>{inner}</text:list-item></text:list>'
        "<text:p>各乡镇<text:note><text:p>脚注</text:p></text:note>要<text:s text:c='2'/>快<text:line-break/>办"
        "</text:p>"
        '<text:list text:style-name="L" text:continue-numbering="true"><text:list-item><text:p>马上行动</text:p>'
        "</text:list-item></text:list>"
    )
    assert lines(odt_of(body, style)) == ["一、统一思想", "（1）看清形势", "各乡镇要  快", "办", "二、马上行动"]


# doc


def test_headers_and_footers_of_doc_are_not_its_body() -> None:
    assert lines(doc("同志们：\n九月底前完成。", after="页眉\r第 1 页\r")) == ["同志们：", "九月底前完成。"]


def test_fields_and_cells_of_doc() -> None:
    text = "见\x13 HYPERLINK x \x14通知\x15。\n任务\x07单位\x07\x07修路\x07交通局\x07\x07完。"
    assert lines(doc(text)) == ["见通知。", "任务\t单位", "修路\t交通局", "完。"]


def test_what_wps_writes_is_called_wps() -> None:
    assert read(doc("同志们：", program="WPS")).format == "wps"


# rtf


def test_rtf_leaves_headers_and_pictures_out_and_keeps_the_numbers_of_lists() -> None:
    head = b"{\\header \\pard Header\\par}{\\*\\generator x;}{\\pict\\pngblip 89504e470d0a}{\\bin5 }}}}}"
    item = b"{\\listtext\\pard \\'d2\\'bb\\'a1\\'a2\\tab}"
    data = rtf("统一思想").replace(b"\\uc1", head + b"\\uc1" + item)
    assert lines(data) == ["一、统一思想"]


def test_rtf_in_a_font_of_another_character_set() -> None:
    big5 = "".join(f"\\'{byte:02x}" for byte in "會議".encode("big5"))
    data = "{\\rtf1\\ansi\\ansicpg1252{\\fonttbl{\\f0 Times;}{\\f1\\fcharset136 Ming;}}\\f1 " + big5 + "\\f0  ok}"
    assert lines(data.encode()) == ["會議 ok"]

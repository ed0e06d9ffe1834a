"""pdf, ofd and web pages: running text out of what was laid out for the eye."""

import io

import pytest
from reportlab.lib.pagesizes import A4
from reportlab.pdfgen.canvas import Canvas

from speeches.readers import ReadError, read
from speeches.readers.layout import Strip, columns_of

from .samples import BODY
from .writing import FONT, OFD, XML, html, mhtml, pdf, zipped

LEFT = ["甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉"] * 4 + ["甲乙丙丁戊己庚辛壬癸", "左栏完。"]
RIGHT = ["天地玄黄宇宙洪荒日月", "盈昃辰宿列张寒来暑往"] * 5


def drawn(pages: list[list[tuple[float, float, str, int]]]) -> bytes:
    """A pdf with words at places: across, up from the foot of the page, in a size."""
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    for page in pages:
        for x, y, words, size in page:
            canvas.setFont(FONT, size)
            canvas.drawString(x, y, words)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def lines(data: bytes) -> list[str]:
    return read(data).text.split("\n")


def test_two_columns_are_read_one_after_the_other_and_what_crosses_them_first() -> None:
    page = [(200.0, 780.0, "在全县冬修水利工作会议上的讲话全文", 14)]
    for row, (left, right) in enumerate(zip(LEFT, RIGHT, strict=True)):
        page += [(60, 740 - 24 * row, left, 14), (330, 740 - 24 * row, right, 14)]
    document = read(drawn([page]))
    assert document.text.split("\n") == ["在全县冬修水利工作会议上的讲话全文", "".join(LEFT), "".join(RIGHT)]
    assert "columns" in document.notes


def test_the_cells_of_a_table_are_not_columns() -> None:
    rows = [("修路", "交通局"), ("清沟", "各村")] * 4
    page = [
        (x, 700.0 - 24 * row, word, 14)
        for row, cells in enumerate(rows)
        for x, word in zip((60, 300), cells, strict=True)
    ]
    assert lines(drawn([page]))[:2] == ["修路\t交通局", "清沟\t各村"]


def test_running_heads_and_page_numbers_go() -> None:
    document = read(pdf(BODY * 8, head="清河县人民政府文件"))
    assert "清河县人民政府文件" not in document.text
    assert "—" not in document.text
    assert "running_heads" in document.notes


def test_a_number_in_the_middle_of_the_page_is_no_page_number() -> None:
    pages = [[(60.0, 600.0, "得票数", 14), (60.0, 560.0, "37", 14), (60.0, 520.0, "通过。", 14)]]
    assert "37" in read(drawn(pages)).text


def test_a_sentence_goes_on_over_the_end_of_a_page() -> None:
    text = "各乡镇要把沟渠清一遍，清一条验一条，驻村干部每周报一次进度。" * 60
    assert lines(pdf(text)) == [text]


def test_where_every_paragraph_is_indented_a_full_line_goes_on_whatever_it_begins_with() -> None:
    page: list[tuple[float, float, str, int]] = []
    for number, village in enumerate("甲乙丙丁戊己"):
        top = 780 - 90 * number
        page += [
            (88, top, f"{village}村要把沟渠清一遍，一是清淤。", 14),
            (60, top - 24, "二是护坡，每处不少于二百米，汛前完成", 14),
        ]
        page += [(60, top - 48, "验收。", 14)]
    whole = "村要把沟渠清一遍，一是清淤。二是护坡，每处不少于二百米，汛前完成验收。"
    assert [line for line in lines(drawn([page])) if line] == [village + whole for village in "甲乙丙丁戊己"]


def test_a_line_of_few_characters_that_was_stretched_to_the_edge_is_one_phrase() -> None:
    page = [(60.0, 700.0, "学前教育毛入园率、义务教育巩固率", 14)]
    page += [(60.0 + 52 * place, 676.0, char, 14) for place, char in enumerate("分别达到")]
    page += [(60.0, 652.0, "93.5%、98.3%、98.5%，群众满意。", 14)]
    assert "巩固率分别达到93.5%" in read(drawn([page])).text


def test_quotation_marks_hold_a_line_together_as_word_processors_break_it() -> None:
    page = [
        (60.0, 700.0, "国家媒体合作论坛首届合作论坛永久会址落", 14),
        (60.0, 676.0, "户我市，首个经世卫认可的国际", 14),
    ]
    page += [(60.0, 652.0, "港。“2+3+N”园区承接产业转移能力提升。", 14)]
    assert len(lines(drawn([page]))) == 1


def test_a_word_broken_by_a_hyphen_is_put_together() -> None:
    full = "a" * 60
    page = [(60.0, 700.0, f"{full} inter-", 12), (60.0, 680.0, f"national {full}", 12), (60.0, 660.0, "end", 12)]
    assert "international" in read(drawn([page])).text


def test_words_drawn_out_of_order_are_read_from_left_to_right() -> None:
    page = [(60.0, 700.0, "生师比", 14), (116.0, 700.0, "18", 14), (144.0, 700.0, "1", 14), (130.0, 700.0, "：", 14)]
    assert lines(drawn([page])) == ["生师比 18：1"]


def test_a_watermark_aslant_is_no_text_and_letters_drawn_twice_are_read_once() -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.setFont(FONT, 14)
    canvas.drawString(60, 700, "九月底前完成。")
    canvas.drawString(60.4, 700, "九月底前完成。")
    canvas.setFont(FONT, 60)
    canvas.translate(100, 650)
    canvas.rotate(40)
    canvas.drawString(0, 0, "内部资料")
    canvas.save()
    assert lines(file.getvalue()) == ["九月底前完成。"]


def test_a_page_that_lies_on_its_side_is_read_upright() -> None:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A4)
    canvas.setPageRotation(90)
    canvas.rotate(90)
    canvas.setFont(FONT, 14)
    for row, words in enumerate(["同志们：", "九月底前完成。"]):
        canvas.drawString(100, -100 - 30 * row, words)
    canvas.save()
    assert lines(file.getvalue()) == ["同志们：", "九月底前完成。"]


def test_what_a_pdf_says_of_itself_is_kept() -> None:
    metadata = read(pdf(BODY)).metadata
    assert metadata["title"] == "讲话"
    assert metadata["pages"] == "1"
    assert metadata["created"][:2] == "20"


def test_an_empty_page_has_no_columns() -> None:
    assert columns_of([]) == []
    assert len(columns_of([Strip("字", 0, 1, 0, 1)])) == 1


# ofd


def page_of(objects: str) -> str:
    layer = f"<ofd:Content><ofd:Layer>{objects}</ofd:Layer></ofd:Content>"
    return f'{XML}<ofd:Page {OFD}><ofd:Template TemplateID="9"/>{layer}</ofd:Page>'


def ofd_of(objects: str, **more: str) -> bytes:
    root = "<ofd:DocBody><ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody>"
    parts = '<ofd:CommonData><ofd:TemplatePage ID="9" BaseLoc="T.xml"/></ofd:CommonData>'
    pages = '<ofd:Pages><ofd:Page ID="1" BaseLoc="P.xml"/></ofd:Pages>'
    return zipped(
        {
            "OFD.xml": f"{XML}<ofd:OFD {OFD}>{root}</ofd:OFD>",
            "Doc_0/Document.xml": f"{XML}<ofd:Document {OFD}>{parts}{pages}</ofd:Document>",
            "Doc_0/P.xml": page_of(objects),
            **more,
        }
    )


def text_object(boundary: str, code: str, attributes: str = 'Size="5"') -> str:
    return f'<ofd:TextObject Boundary="{boundary}" {attributes}>{code}</ofd:TextObject>'


def text_code(words: str) -> str:
    return f'<ofd:TextCode X="0" Y="4" DeltaX="g {len(words) - 1} 5">{words}</ofd:TextCode>'


def test_an_ofd_that_places_every_character_through_a_matrix_is_read() -> None:
    objects = "".join(
        text_object(
            f"{20 + 5.2 * n} 100 5 5",
            f'<ofd:TextCode X="{10 + n}" Y="-50">{char}</ofd:TextCode>',
            f'Size="14.7" CTM="0.3527 0 0 0.3527 {-0.3527 * (10 + n)} 20"',
        )
        for n, char in enumerate("九月底前完成")
    )
    assert lines(ofd_of(objects)) == ["九月底前完成"]


def test_an_ofd_reads_its_template_and_leaves_out_what_is_hidden() -> None:
    template = page_of(text_object("60 60 90 5", text_code("清河县文件")))
    shown = text_object("60 100 90 5", text_code("同志们："))
    hidden = text_object("60 120 90 5", text_code("隐藏"), 'Size="5" Visible="false"')
    assert lines(ofd_of(shown + hidden, **{"Doc_0/T.xml": template})) == ["清河县文件", "", "同志们："]


def test_an_ofd_of_pictures_is_a_scan() -> None:
    with pytest.raises(ReadError) as refused:
        read(ofd_of('<ofd:ImageObject Boundary="0 0 210 297"/>'))
    assert refused.value.code == "scanned_pdf"


# html and mhtml

PAGE = """<html><head><meta charset={charset}><title> 县长讲话 </title><style>p {{}}</style></head><body>
<nav>网站导航</nav><div><a href=x>首页</a><a href=x>新闻</a><a href=x>政务公开</a></div>
<h1>在会上的讲话</h1><p>　　同志们：<br>请<b>各乡镇</b>在
九月底前完成。</p><table><tr><td>修路</td><td>交通局</td></tr></table>
<p style="display:none">看不见</p><script>var a = 1;</script><footer>版权</footer></body></html>"""
SEEN = ["在会上的讲话", "同志们：", "请各乡镇在 九月底前完成。", "修路\t交通局"]


@pytest.mark.parametrize(
    ("named", "encoding"), [("gb2312", "gb18030"), ("utf-8", "utf-8"), ("big5", "gb18030"), ("none-such", "utf-8")]
)
def test_a_page_is_read_without_menus_scripts_and_what_is_hidden_whatever_it_says_of_its_characters(
    named: str, encoding: str
) -> None:
    document = read(PAGE.format(charset=named).encode(encoding))
    assert document.text.split("\n") == SEEN
    assert document.metadata["title"] == "县长讲话"


def test_a_page_of_preformatted_lines_keeps_them() -> None:
    assert lines(b"<html><body><pre>" + "同志们：\n完成任务。".encode() + b"</pre></body></html>") == [
        "同志们：",
        "完成任务。",
    ]


def test_empty_lines_of_a_page_stay() -> None:
    page = "<html><body><p>一</p><p>&nbsp;</p><p>二<br><br>三</p></body></html>"
    assert lines(page.encode()) == ["一", "", "二", "", "三"]


def test_a_web_archive_gives_its_page() -> None:
    assert lines(mhtml("同志们：\n完成任务。")) == ["同志们：", "完成任务。"]


def test_a_page_inside_a_letter_without_parts_is_read() -> None:
    head = b"MIME-Version: 1.0\r\nContent-Type: text/html; charset=gb2312\r\n\r\n"
    assert lines(head + html("同志们：")) == ["同志们："]


def test_a_page_that_names_an_impossible_charset_is_decoded_as_it_looks() -> None:
    whole = mhtml(BODY)
    data = whole.replace(b'charset="utf-8"', b'charset="utf\x00-8"')
    assert data != whole
    assert "水利局牵头" in read(data).text

"""What stands in a file and was never said: page numbers, buttons of web pages, adverts of document sites."""

import re
from itertools import pairwise

_DASHES = r"[—–―－\-~·•\s]"
PAGE_NUMBER = re.compile(
    rf"{_DASHES}+\d{{1,4}}{_DASHES}+"
    rf"|{_DASHES}*第\s*[\d一二三四五六七八九十百]{{1,5}}\s*页(?:[\s，,/／]*共\s*\d{{1,5}}\s*页)?{_DASHES}*"
    r"|\d{1,4}\s*[/／]\s*\d{1,4}"
    r"|(?:Page|page|PAGE)\s*\d{1,4}(?:\s*of\s*\d{1,4})?"
)
BARE_NUMBER = re.compile(r"\d{1,4}")
BUTTON = re.compile(
    r"下载|打印|全屏|收藏|加大|还原|减小|【?字[号体][：:]?.{0,12}|您?的?(?:当前)?位置[:：].{0,40}|分享[到至]?[:：]?|分享到微信"
    r"|打印本页|关闭(?:本页|窗口)|【?打印】?\s*【?关闭.{0,6}|返回顶部|扫一扫.{0,30}|[上下]一[篇条][：:].{0,60}|相关(?:报道|文档|链接|阅读|推荐)[：:]?"
    r"|(?:发布|更新)(?:时间|日期)[：:].{0,60}|(?:浏览|点击|阅读)(?:次数|量|数)?[：:]\s*\d*.{0,30}|责任编辑[：:].{0,20}|版权所有.{0,60}|.{0,40}ICP备.{0,40}"
)
# Dropped only beside a button: 【字号：/ 大 / 中 / 小 / 】
CRUMB = re.compile(r"[大中小×✕>＞|】\]»]|首页|微信|微博|QQ空间")
SITE = re.compile(
    r"(?:https?://|www\.)[\w./-]+|[\w-]+\.(?:com|net|org|cn)\b|(?:[\u4e00-\u9fff]{1,6}(?:范文|词库|文秘|公文|文库|文档)网)|百度文库|道客巴巴|豆丁网|原创力文档",
    re.I,
)
OFFICIAL = re.compile(r"\.gov\.cn", re.I)
ADVERT = re.compile(
    r"范文|文档|文库|海量|任你选|锦上添花|一臂之力|生成|本文(?:来自|来源|由|内容)|更多(?:.{0,12})(?:请|访问|关注|资料|文章)|公众号|扫码|转载|下载|版权归|收集整理|仅供参考"
)
LONGEST_ADVERT = 150
# What follows the last button of a page is cut off with it, if it is no more than this.
TAIL = 300
PAGE_END = re.compile(r"打印本页|关闭(?:本页|窗口)|相关(?:报道|文档|链接|阅读)[：:]?|分享到[:：]?")


def is_advert(line: str) -> bool:
    """Tell whether ``line`` is an advert that a document site put in; a government site named is none."""
    if len(line) > LONGEST_ADVERT or OFFICIAL.search(line):
        return False
    return bool(SITE.search(line)) and len(ADVERT.findall(line)) >= 1


def page_numbers(lines: list[str]) -> set[int]:
    """Return the indexes of page numbers: marked as such, or bare and counting up through the text."""
    found = {index for index, line in enumerate(lines) if PAGE_NUMBER.fullmatch(line)}
    bare = [index for index, line in enumerate(lines) if BARE_NUMBER.fullmatch(line)]
    steps = [int(lines[after]) - int(lines[before]) for before, after in pairwise(bare)]
    if steps and all(step == 1 for step in steps):
        found.update(bare)
    return found


def buttons(lines: list[str]) -> set[int]:
    """Return the indexes of the buttons of a web page, of the crumbs beside them, and of what follows the last."""
    found = {index for index, line in enumerate(lines) if BUTTON.fullmatch(line)}
    order = [*range(len(lines)), *reversed(range(len(lines)))]
    for index in order:
        if CRUMB.fullmatch(lines[index]) and {index - 1, index + 1} & found:
            found.add(index)
    ends = [index for index in found if PAGE_END.fullmatch(lines[index])]
    if ends and sum(len(line) for line in lines[max(ends) :]) <= TAIL < sum(len(line) for line in lines):
        found.update(range(max(ends), len(lines)))
    return found

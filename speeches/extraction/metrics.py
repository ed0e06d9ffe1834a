"""What a number measures, in the text's own words: 路基宽度 in "路基宽度达4.5米", 泵站 in "建成3座泵站".

Three places are looked at in turn: before a word that compares (达到, 不低于, 增长), between the verb and the
number (新增城镇就业50万人), and after the unit.
"""

import re

_COMPARES = re.compile(
    r"(?:总量|总数|总额)?(?:均|都|要|须|应|必须|务必|力争|争取|确保|预期|目标|将|再|平均|累计|分别)*"
    r"(?:达到?|不(?:得|能|准|许|应|要|可|宜)?(?:再)?(?:低于|少于|小于|高于|超过?|大于|多于|突破)|不下于|至少|最少|最多|最高|"
    r"(?:控制|稳定|保持|维持|压缩|缩短|压减|降低|提高|提升|增加|扩大|恢复|回升|下降|上升|减少|拉高|压降|压|降|提|升|增)(?:在|到|至|为)|"
    r"(?:同比)?(?:增长|增加|提高|提升|下降|降低|减少|上升|缩减|压减|压缩|增幅|降幅|涨幅|增速)|突破|超过?|为|是|约|力争|按|占|有|：)+(?:约|近|了)?$"
)
_LEAD = re.compile(
    r"^(?:[一-龥]{1,3}[节汛]前|到?年中|建议|用于|届时|[一二三四五六七八九十\d]+[是要、.．]|（[^）]{1,4}）|其中|同时|力争|争取|确保|保证|实现|推动|促进|使|让|把|将|要|必须|务必|须|应|并|还|也|再|全部|"
    r"今年|明年|全年|年内|年底|到?(?:20)?\d\d年底?|\d{1,2}月[底末]?(?:\d{1,2}[日号])?|[上下]半年|[一二三四]季度[底末]?|[之以]?前|内|到|对|全市|全县|全区|全省|全镇|全乡|我县|我市)+"
)
_VERB = re.compile(
    r"^(?:[一-龥]{0,6}?(?:要|将|负责|确保|力争))?(?:整合|设置|修订|缴纳|制定|印发|全面|加快|重点|继续|扎实|大力|滚动|统筹|新|再)*"
    r"(?:新?改?扩?建[设成好]?|完成|改造|新增|增加|新培育|培育|培养|引进|引育|招引|打造|实施|推进|开展|组织|安排|投入|筹措|争取|修复|治理|整治|开通|解决|提供|发放|拨付|购置|采购|配备|设立|建立|成立|组建|创建|认定|申报|清理|拆除|关停|淘汰|关停退出|压减|盘活|消化|处置|收回|种植|发展|硬化|绿化|安装|更换|铺设|架设|举办|培训|轮训|帮扶|走访|检查|抽查|巡查|办理|化解|交付|开工|竣工|投产|签约|落地|转化|添置|储备|选派|抽调|招聘|补充|改|建|修|种|养|添|办|招|引|拿出|备齐|备|清收|清偿|兑现|奖励|补助|提高|降低|减少|扣减|提取|预拨|拨|覆盖|惠及|带动|实现|达到)(?:好|起)?"
)
_AFTER = re.compile(
    r"(?:以上|以下|以内|左右)?的?(?P<what>[一-龥\"“”A-Za-z]{2,14}?)(?=的|建设(?!用地)|改造|任务|工程(?=的)|目标|[，。；、：！？（）\d]|要|必须|全部|全面|[一二三四五六七八九十]月|年底|月底|由|$)"
)
_MEASURED = re.compile(
    r"(?:率|量|产|值|额|比|面积|收入|人数|规模|比重|比例|里程|长度|宽度|厚度|浓度|标准|价格|均分|次数|期限?|时限)$"
)
_SINCE = re.compile(r"(?:较|比)(?:年初|上年|去年|上年同期|去年同期|\d{4}年)$")
_SPAN = re.compile(r"(?:年|月|天|日|周|小时|分钟|清零)(?:之内|以内|内|以上)?$")
_CUT = "，。；：、！？（）"
_NO_METRIC = re.compile(r"^(?:的|以|和|与|及|或|等|前|内|后|上|下|中|里|我|你|他|这|那|每|各)|^(?:[一-龥])$|[年月日]$")


def metric(text: str, start: int, end: int) -> str:
    """What the number from `start` to `end` of a segment measures; "" where the words do not say."""
    begin = max((text.rfind(c, 0, start) for c in _CUT), default=-1) + 1
    before = text[max(begin, start - 40) : start]
    compared = _COMPARES.search(before)
    said = _LEAD.sub("", before[: compared.start()] if compared else before)
    if compared or _MEASURED.search(said):
        subject = _SINCE.sub("", said)
        if _fits(subject):
            return subject
    if _SPAN.search(text[start:end]):
        return ""
    verb = _VERB.match(said)
    if verb and _fits(what := said[verb.end() :]):
        return what
    after = _AFTER.match(text, end)
    return after["what"] if after and _fits(after["what"]) else ""


def _fits(words: str) -> bool:
    return 2 <= len(words) <= 18 and not _NO_METRIC.search(words) and not re.search(r"\d", words)

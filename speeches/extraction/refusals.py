"""Numbers that are no targets: ordinals, names, sizes that only describe, what has been, what is only counted up.

`refused` asks one rule after the other; each knows one way in which a number with a unit is nothing to be reached.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from speeches.extraction.numerals import to_number

_MONEY = {"元", "美元", "欧元", "港元", "港币", "日元", "块钱", "块"}
# Units that, said of an object, tell its size: 2000万元以上的项目, 56人以上的班额.
_SIZES = _MONEY | {
    "人",
    "亩",
    "米",
    "平方米",
    "吨",
    "千瓦",
    "张",
    "公里",
    "年",
    "岁",
    "斤",
    "桌",
    "天",
    "个月",
    "小时",
    "兆瓦",
    "平方公里",
    "立方米",
    "头",
    "里地",
}
_SIZE_AFTER = re.compile(r"(?:以上|以下|以内|之内|内|左右|多|级)?的|级|型|规模")
_SIZE_NOUN = re.compile(r"(?:以上|以下|级)(?:[一-龥])")
# 总投资超10亿元项目50个: the first number says which objects, the second how many.
_COUNTED_AFTER = re.compile(
    r"(?:以上|以下|以内|左右)?的?(?:(?!建|成|完成|培育|发展|引|实现|覆盖|带动|惠及|安排|增|治|改)[一-龥\"]){2,14}\d"
)
_SIZE_BEFORE = re.compile(r"(?:投资|产值|营收|收入|规模|面积|容量|产能|资金|税收|额)[超过达在]*$")
_TOWARDS = re.compile(
    r"(?:左右|的基础上)?[一-龥]{0,2}?(?:提高|提升|提|增加|增长|增至|扩大|扩|发展|降低|下降|降|压减|压缩|减少|减|压|上升|升|调整|调|变|翻|改|换)[到至为]"
)
_FROM = re.compile(
    r"(?:从|由|比|较|自|[现目]?[在前]的?|达到的)(?:[现目][在前]的?|20\d\d年的?|去年的?|上年的?|[一-龥]{0,4}的)?$"
)
# 一 counts only as a quota or a bound: 每条路一名领导, 至少一所, 只准开膛一次, 各领办一件.
_QUOTA = re.compile(
    r"(?:每[^，。；每]{0,24}|各[一-龥]{0,4}|[一人户]人[包联帮挂管带]|一[个条座家户项所处人][一-龥]{0,2}|结对)$"
)
BOUND = re.compile(r"(?:至少|最少|不少于|不得少于|不低于|不得低于|最多|只准|只许)[一-龥]{0,8}$")
# 明确一名分管领导: one, and no other.
ONE_PERSON = ("名", "位", "个")
PERSON = re.compile(
    r"[一-龥]{0,6}?(?:领导|负责同志|负责人|干部|专人|联络员|联系人|副职|班子成员|同志|人员|副(?:局|县|市|区|镇|乡|处|科)长|党?[委组]委?员)"
)
_NAMED_FOR_IT = re.compile(
    r"(?:明确|确定|安排|指定|抽调|选派|委派|派|配备?|由|设|落实|固定|指派|各|都要有|要有)[一-龥]{0,4}$"
)
_COIN = re.compile(r"钱|[，。；、以]|$")
# What is lacking or has been counted, no part of what is to be done: 资金缺口2亿, 还差三成.
_RECALLED = re.compile(
    r"(?:[还尚仍](?:[差缺欠剩]|有|余)|缺口|全长|[总概估]算?投资|一共|总共|共计|原有|[这那]|剩下的?[这那]|从|已达)(?:约|近|了|共|的|为|达)?$"
)
# 校外机构有15家, but 要有8家复产.
_THERE_ARE = re.compile(r"(?<![没要须应得都各月底必保仅还只])有$")
_ROUND_THE_CLOCK = re.compile(r"(?:监测|巡查|巡逻|不间断|不断|待命|有人|轮|开放|盯|运转|供水|营业|响应|值)")
_ACTS = re.compile(r"[各先再要把将设建办配买发派出拿修改抓管报完种养投增铺装]")
_PARTIES = re.compile(r"(?:区县|县区|县|区|乡镇|镇|街道|乡|部门|单位|局)(?!建|成|试点|示范|级)")
_CHOSEN = re.compile(
    r"(?:选[择取]?|确定|覆盖|[新改共]?建[成立]?|创[建成]?|打造|抓好?|联系|包|帮|每年|培育|完成|实现|在|到)$"
)
_BY = re.compile(r"(?:提高|增加|[低高少多降压增减涨砍])$")
_IDIOM = re.compile(r"三天打鱼|两天晒网|三天两头|两天晒|一天到晚|三番|两头|一清二|三心|两边")
_AREA = re.compile(r"(?:以内|之内|内)?(?:的)?(?:范围|区域|半径|以外)|(?:的|长的)?[路沟渠桥坝]")
_NAMED_LIST = re.compile(r"(?:[^，。；、：]{1,12}[、和与及]){1,11}[^，。；、：和与及]{1,12}，?$")
_SPANS = ("天", "日", "个月", "周", "小时", "年", "分钟")
# Time that passes or is spent, and is no measure of what is to be done: 集中三十天, 还剩四天.
_SPENT = re.compile(
    r"(?:集中|用|利用|历时|为期|剩下?的?|还有|只有|仅有?|近|苦战|奋战|大干|突击|时间|未来|今后|过去|前后|，|^)$"
)
# 三条措施, 两道门, 三个会战: what a speech numbers to be remembered by.
_HEADINGS = re.compile(
    r"(?:大的?)?(?:(?:刚性|硬性|惠企|具体|重点|重要|突出|关键|主要|方面的?)*(?:方面|问题|意见|要求|措施|政策|办法|会战|硬仗|底线|红线|防线|关口|关键|环节|重点|难点|抓手|原则|门|意思|文章|道理|字(?!路)|关(?![停闭])|转变|突破|时段|时间节点|统一|确保|坚持|到位|战役|攻坚战)(?=[，。；、：来要]|上|$))"
)
_SCORED = re.compile(r"(?:[扣加得占记奖计评追涨]|[达调加]?到|为|提[高升]|[低高]于|的|考核|满意度)$")
_TIMES = {"次", "回", "遍", "轮", "趟", "期", "场", "天", "周", "年", "个月", "日", "小时", "户"}
_ENUMERATION = re.compile(r"[、和][^，。；、]{1,12}$")
PAST = re.compile(r"(?:了|(?<![超突要])过|已[经]?[一-龥]{0,6}|目前[一-龥]{0,8}|现有|[还只]有|是[一-龥]{0,4}的)$")
_POINTED = re.compile(
    r"(?:[这那]|末|(?<![提以之目空日号底月年末旬节周度])[前后]|最[前后]的?|倒数|靠[前后]的?|上述|所指的?)$"
)
_CONDITION = re.compile(r"(?:达?不到|低于|高于|超过|不足|未达|达到|[满过超])$")
_ORDINAL_UNITS = {
    "期",
    "类",
    "级",
    "班",
    "组",
    "队",
    "轮",
    "批",
    "届",
    "场",
    "部",
    "门",
    "方",
    "线",
    "站",
    "分",
    "本",
    "度",
    "度电",
    "单",
    "位",
    "环",
    "回",
    "道",
}
_NAMES_AFTER = re.compile(
    r"(?:年(?=[庆会])|[年岁](?=[^，。；]{0,6}(?:庆|纪念|活动))|级|型|号|届|世纪|年代|楼|体系|战略|年(?=[^，。；]*(?:纪念|大庆|诞))|值[班守]|在岗|开机|事)"
)

_HAN = frozenset("一二两三四五六七八九十")
_TENTH = re.compile(r"[一二三四五六七八九半](?![个家户名一-龥]|成)|[一二三四五六七八九半](?=以上|以下|左右)")


@dataclass(frozen=True)
class Number:
    """A number with its unit as it was matched, and the words on both sides of it."""

    text: str
    m: re.Match[str]
    unit: str
    before: str
    rest: str
    # Whether it is written in characters.
    han: bool


def _coin(n: Number) -> bool:
    """长三角, 毛坯: no money."""
    return n.unit in ("角", "毛") and (n.before.endswith(("长", "珠", "闽", "铁")) or not _COIN.match(n.rest))


def _recalled(n: Number) -> bool:
    """还差2亿, 全长3公里, 校外机构有15家: how things stand."""
    if n.m["tail"] or n.m["high"]:
        return False
    return _RECALLED.search(n.before) is not None or (_THERE_ARE.search(n.before) is not None)


def _named(n: Number) -> bool:
    """三天打鱼, （4万吨/日）, 周边200米范围: a saying, or which one is meant."""
    if _IDIOM.match(n.text, n.m.start()) or (_AREA.match(n.rest) and n.unit in ("米", "公里")):
        return True
    inside = n.before.endswith("（") and re.match(r"(?:/[日天年时])?）", n.rest[len(n.m["tail"] or "") :])
    return bool(inside) or (n.unit == "小时" and n.m["low"] == "24" and _ROUND_THE_CLOCK.match(n.rest) is not None)


def _closes_list(n: Number) -> bool:
    """河里、路上、楼上三个地方: the number only counts what has just been named."""
    m, low = n.m, to_number(n.m["low"])
    if not low or low > 12 or m["tail"] or m["high"] or n.unit in _MONEY or m["low"] == "一":
        return False
    named = _NAMED_LIST.search(n.text, max(0, m.start() - 80), m.start())
    if named is None or len(re.findall("[、和与及]", named.group())) + 1 != low:
        return False
    # A verb before the list says how many are to be made of what it names: 设立甲、乙、丙3个检查点.
    return _ACTS.search(re.split("[、和与及]", named.group())[-1] if n.han else named.group()) is None


def _parties(n: Number) -> bool:
    """由六个县分担, 两家各拿一张图: who acts, not how many are to be reached."""
    if not n.han or n.m["tail"] or n.m["high"]:
        return False
    if n.unit == "个" and _PARTIES.match(n.rest) and not _CHOSEN.search(n.before):
        return True
    return n.unit == "家" and re.match(r"(?:各|合|联|都|一起|共同|加起来|商量)", n.rest) is not None


def _pointed_at(n: Number) -> bool:
    """连续两次的, 最后两位, 前三名: which ones, by their order."""
    if n.rest.startswith(("的，", "的结果", "的情况")) and n.unit in _TIMES | {"家", "个", "起"} and not n.m["tail"]:
        return True
    if n.before.endswith(("第", "·", "每", "按")):
        return True
    return n.unit in ("个", "名", "位", "家", "户", "项", "条") and _POINTED.search(n.before) is not None


def _loose(n: Number) -> bool:
    """Numerals in characters are as often part of a word or of a manner of speaking."""
    if not n.han:
        return False
    m, unit, rest, before = n.m, n.unit, n.rest, n.before
    if (rest[:1] in _HAN and rest.startswith(unit, 1)) or (
        before.endswith(unit) and before[-len(unit) - 1 : -len(unit)] in _HAN
    ):
        return True  # 七户八户, 三天两天
    if m["high"]:
        return False
    if m["low"] == "一" and not _quota(n) and not (unit == "成" and _TENTH.match(rest)):
        return True
    if unit == "期" and re.match(r"[一-龥]{0,4}(?:班|培训|讲座)", rest):
        return False
    if (unit in _ORDINAL_UNITS and m["low"] != "两") or unit in ("头", "县", "村", "乡镇", "站"):
        return True
    listed = _ENUMERATION.search(before) is not None
    return listed and (unit == "家" or (unit == "个" and re.match(r"[区县村镇]", rest) is not None))


def _passed(n: Number) -> bool:
    """已完成3座, 连续两年, 达不到60分的: what has been, or the case in which something else follows."""
    if PAST.search(n.before) or (re.search(r"连[续着]$", n.before) and not n.m["high"]):
        return True
    return n.rest.startswith("的") and _CONDITION.search(n.before) is not None


def _size(n: Number) -> bool:
    """2000万元以上的项目, 总投资超5亿元项目50个: which objects are meant."""
    unit, rest, m = n.unit, n.rest, n.m
    if unit not in _SIZES or (unit == "人" and rest.startswith("的")):
        return False
    if _SIZE_AFTER.match(rest) or (unit in _MONEY and _SIZE_NOUN.match(rest)):
        return True
    sized = _SIZE_BEFORE.search(n.before) is not None
    objects = n.text[m.end() : m.end() + 4]
    if unit in _MONEY and sized and re.match(r"的?(?:项目|企业|产业|工程|园区)", objects):
        return True
    return (bool(m["tail"]) or sized) and _COUNTED_AFTER.match(n.text, m.end("unit")) is not None


def _rank(n: Number) -> bool:
    """三级, 三十周年, 周边: a rank, an anniversary, part of a word."""
    rest, unit = n.rest, n.unit
    if rest.startswith("级") or (_NAMES_AFTER.match(rest) and not n.m["tail"] and unit not in ("%", "公里")):
        return True
    if unit == "周":
        return re.match(r"[年岁边期]", rest) is not None
    if unit == "把":
        return re.match(r"[一-龥]", rest) is not None
    return unit == "分" and (n.han or _SCORED.search(n.before) is None)


def _time(n: Number) -> bool:
    """Time that passes, is spent, or dates."""
    if n.unit in ("年", "日") and not _is_span(n):
        return True
    if n.unit not in _SPANS:
        return False
    return n.before.endswith("提前") or (not (n.m["tail"] or n.m["high"]) and _SPENT.search(n.before) is not None)


def _slogan(n: Number) -> bool:
    """三条措施, 两道门: what a speech numbers to be remembered by."""
    counted = n.unit in ("条", "个", "项", "点", "件", "道", "块", "张", "大", "场", "篇")
    return counted and not n.m["tail"] and _HEADINGS.match(n.rest) is not None


def _block(n: Number) -> bool:
    """两块绿地: no money."""
    after = n.text[n.m.end() : n.m.end() + 8]
    return n.unit == "块" and not n.m["tail"] and re.match(r"[一-龥](?<![钱])", after) is not None


def _start(n: Number) -> bool:
    """由38%提高到70%: from where one starts."""
    towards = _TOWARDS.match(n.rest) is not None
    return towards and (_FROM.search(n.before) is not None or "到" not in n.before[-2:])


RULES: tuple[Callable[[Number], bool], ...] = (
    _coin,
    _recalled,
    _named,
    _pointed_at,
    _time,
    _loose,
    _closes_list,
    _parties,
    _passed,
    _size,
    _rank,
    _slogan,
    _block,
    _start,
)


def refused(text: str, m: re.Match[str], unit: str) -> bool:
    """Whether a number that was matched with a unit is nothing to be reached."""
    tail = m.end("unit")
    number = Number(
        text, m, unit, text[max(0, m.start() - 12) : m.start()], text[tail : tail + 10], m["low"][0] not in "0123456789"
    )
    return any(rule(number) for rule in RULES)


def _quota(n: Number) -> bool:
    before = n.text[max(0, n.m.start() - 28) : n.m.start()]
    if n.unit in ONE_PERSON and PERSON.match(n.text, n.m.end()) and _NAMED_FOR_IT.search(before):
        return True
    if BOUND.search(before) or (n.unit in ("年", "倍", "成") and _BY.search(before)):
        return True
    return n.unit not in _TIMES and _QUOTA.search(before) is not None


def _is_span(n: Number) -> bool:
    """A number of years or days that measures, and is no date: 连续3—5年, 提高一年, 三年之内不准."""
    text, m = n.text, n.m
    before = text[max(0, m.start() - 4) : m.start()]
    if m["unit"] == "日":
        return bool(m["tail"])
    if m["low"][0] in "0123456789" and len(m["low"]) == 4:
        return False
    if re.match(r"[一-龥]", text[m.end() : m.end() + 1]) and re.search(r"(?:延长|缩短)$", before):
        return False
    measured = re.search(r"(?:连续|提高|延长|缩短|提前|不少于|不低于|至少|期限?为?|年限为?)$", before)
    return bool(m["high"] or m["tail"] or measured)

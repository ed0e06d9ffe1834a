"""Targets: numbers with a unit that an action can be measured by.

`find_in_view` knows what a number is by itself: ordinals, names, road numbers, sizes that only describe the
object (2000万元以上的项目), and the figure from which one starts (由38%提高到70%) are none.
"""

import re

from speeches.extraction.metrics import metric
from speeches.extraction.model import Op, Target
from speeches.extraction.numerals import to_number
from speeches.extraction.refusals import BOUND, ONE_PERSON, PAST, PERSON, refused
from speeches.extraction.text import fold, inside, segments, view

# Longest first wherever one begins another.
UNITS = sorted(
    """
    平方公里 平方千米 平方米 立方米 公顷 公里 千米 厘米 毫米 公分 海里 里地 米 亩
    千瓦时 千瓦 兆瓦 吉瓦时 吉瓦 岁 微克/立方米 毫克/升 吨标准煤 标准煤 公斤 千克 毫克 微克 斤 吨 担 箱 升 克
    个百分点 百分点 个基点 基点 ‰ % 倍 成 折
    人次 家次 户次 批次 车次 班次 架次 辆次 艘次 标箱 人天 人年
    个工作日 工作日 个星期 个礼拜 星期 个工日 工日 个月 学时 课时 小时 分钟 天 日 周 年
    美元 欧元 港元 港币 日元 元 块钱 块 毛 角
    条 个 家 所 座 名 人口 人 位 项 件 套 户 栋 幢 宗 处 部 辆 台 张 间 口 支 批 场 次 起 只 头 羽 株 棵 艘 架 班 类 种 份 篇
    本 册 页 封 门 轮 遍 趟 回 片 眼 孔 盏 根 对 道 段 期 样 例 单 枚 颗 盆 筐 尾 匹 组 队 站 方 村 县 乡镇 床 幅 首 集
    分贝 兆 千伏安 立方 尾 平米 平方 吨位 厘 度电 车位 泊位 户籍 榻 眼 桩 杆 环 届次 分
    列 堂 顶 副 盘 瓶 桶 捆 垄 丈 尺 节 枝 束 摊 炉 粒 袋 把 匝 卷 排 面 棚 圈 畦 公顷 毫升 毫米 兆瓦时 公里/小时
    """.split(),
    key=len,
    reverse=True,
)
_UNIT = "|".join(re.escape(u) for u in dict.fromkeys(UNITS))
_HAN = r"[一二两三四五六七八九十][零〇一二两三四五六七八九十百千万亿]{0,9}"
_ARABIC = r"\d{1,12}(?:,\d{3}){0,4}(?:\.\d{1,6})?"
_SCALE = r"[百千万亿]{0,3}"
_NUMBER = rf"(?:{_ARABIC}{_SCALE}|[一二三四五六七八九十]{{1,3}}点[零一二三四五六七八九]{{1,3}}[百千万亿]{{0,2}}|{_HAN})"
_TAIL = r"(?P<tail>以上|以下|以内|之内|以里|左右|上下|内|以外)?"
# Longer than any number that is meant: skipped at once, so that no input makes the search slow.
_RUN = r"[\d零〇一二两三四五六七八九十百千万亿]{24}"
_VALUE = re.compile(
    rf"(?<![\dA-Za-z.第+×*/])(?!{_RUN})(?P<low>{_NUMBER})(?P<mark>[%‰])?(?:(?P<to>——|—|-|至|到|～)(?P<high>{_NUMBER}))?"
    rf"(?P<more>多|余|来|几)?(?P<unit>{_UNIT}){_TAIL}"
)
_BARE_MONEY = re.compile(
    rf"(?<![\dA-Za-z.第])(?P<low>{_ARABIC}[百千]?[万亿]|[一二两三四五六七八九十][零一二两三四五六七八九十百千]{{0,6}}[万亿])"
    r"(?:(?=[，,。；;、！）\s]|$|以上|左右|以内)|(?=的?(?:投资|资金|贷款|债券|税|补助|欠款|非税|收入)))"
)
# 拿出10个亿.
_HUNDRED_MILLIONS = re.compile(rf"(?<![\dA-Za-z.第])(?P<n>\d{{1,6}}(?:\.\d{{1,3}})?|{_HAN})个亿(?!万)")
_MONEY_WORDS = re.compile(
    r"[国地]税|财政|预算|[拿掏缴垫][^，]{0,2}\d|欠|[钱奖补投资融贷费税债款元拨罚扣付捐借凑]|认领|收入|到账|兑现|筹|出[^台现]"
)
_FRACTION = re.compile(
    r"(?P<den>[一二三四五六七八九十百千万两\d]{1,6})分之(?P<num>[零〇一二两三四五六七八九十百千\d.]{1,8})"
)
_WORDS = re.compile(
    r"(?P<double>翻(?P<n>[一两二三])?番)|(?P<half>(?:过|达?到?一|提高一|压缩一|不低于一|超过一|降低一|减少一|超一|有一|账一|完成一|不少于一|[掉回来去]一)半)(?!径|岛|年|月|成|夜|天|个)"
    r"|(?P<zero>(?:动态|基本|全部|全面|阶段性|限时)?清零|(?:为|零)零(?=[，。；、]|$)|(?<=[事故伤亡案件])为零|零(?:死亡|伤亡|事故|新增|发生|增长|容忍|上访|投诉|差错|非访)|一[家户个例]不留|只减不增"
    r"|(?<=[内时，村部要队])(?P<hh>半个?小时)(?:之内|以内|内)|(?:实现|确保|做到|目标是|力争|达到)零[一-龥]{2}(?=[，。；、]|$)"
    r"|不[欠差漏]一(?P<zu>分钱|公里|户|头|家|人|个|起|例|件|天)|不(?:得|准|能|许)(?:漏|遗漏|落|脱)[一-龥]?一(?P<zw>人|户|头|家|个|村|处|件)"
    r"|(?<![差有剩缺第每])一(?P<zv>公里|分钱|分|亩|头|户|个|家|人|起|例|件|条|名|处|辆|台|座|笔|项|单)[都也]?"
    r"(?:不(?:准|能|许|得|要|可)(?:再)?(?!少|在)|不(?!准|能|许|得|要|可|少|落)|别|没有?)[一-龥])"
)
_SAME_DAY = re.compile(
    r"当天(?=就|要|必须|内|完成|办|报|补|落实|处置|处理|下达|通报|到[位场]|上报|反馈|答复|清|送|转|交|整改|入库|销号)(?!就?要?当天)"
)
_RATIO = re.compile(r"(?<=到|在|为)(?P<low>\d{1,9}\.\d{1,6})(?P<tail>以内|以下|以上)")
_QUOTED = re.compile(r'"[^"]{1,16}"|《[^》]{1,60}》|（[^）]{0,6}[〔\[][^）]{0,16}）|〔[^〕]{0,16}〕')
_ANY = re.compile(rf"[\d一二两三四五六七八九十半零番]|{'百'}分")


_AT_MOST = re.compile(
    r"(?:不(?:得|能|应|要|准|许|可|宜)?(?:再)?(?:超过?|高于|多于|大于|长于|突破|逾)|最多[一-龥]{0,3}|至多|最高[一-龥]{0,2}|控制[到在]|[压降缩减][减缩低短少]?[到至为]|只准[一-龥]{0,4}|只许|只要|限)$"
)
_ABOUT = re.compile(r"(?<![签节预续履合特])约(?:为|占)?$|大概$")

_TENTH = re.compile(r"[一二三四五六七八九半](?![个家户名一-龥]|成)|[一二三四五六七八九半](?=以上|以下|左右)")
_PLAIN_UNITS = {"块": "元", "块钱": "元", "人口": "人"}
_HEADS = re.compile(r"人(?![一-龥]|[员均次大民士造工]|$)|人(?=[组成去来到牵，。；、])")
# 4.16万贫困人口: heads without a measure word.
_PEOPLE = re.compile(
    r"(?<![\dA-Za-z.第])(?P<low>\d{1,9}(?:\.\d{1,4})?[百千万]{0,2}|[一二两三四五六七八九十]{1,4}[百千万])(?:农村|农业|城镇|贫困|脱贫|搬迁|常住|留守|参保|低保|就业)*(?:人口|群众|居民|农民|职工|劳动力|学生|老人)"
)

# start, end, operator, value, unit, high
Spot = tuple[int, int, Op, float, str, float | None]


def _number(text: str) -> float | None:
    return to_number(text.rstrip("多余来几"))


def _operator(before: str, tail: str | None, is_range: bool) -> Op:
    if is_range:
        return "in"
    if tail in ("左右", "上下"):
        return "~"
    if tail in ("以下", "以内", "之内", "以里", "内") or _AT_MOST.search(before):
        return "<="
    return "~" if tail is None and _ABOUT.search(before) else ">="


def _scaled(low: str, high: str | None) -> tuple[float | None, float | None]:
    """500—800万 borrows the scale for its first number."""
    if high is None:
        return _number(low), None
    scale = re.search(r"[百千万亿]+$", high)
    if scale and low[-1] not in "百千万亿" and re.fullmatch(r"[\d.,]+", low):
        low += scale.group()
    return _number(low), _number(high)


def _candidates(text: str) -> list[Spot]:
    found: list[Spot] = []
    for m in _VALUE.finditer(text):
        unit = m["unit"]
        low, high = _scaled(m["low"], m["high"])
        if low is None or (m["high"] and high is None) or refused(text, m, unit):
            continue
        if m["high"] and high is not None and high < low:
            high = None
        op = _operator(text[max(0, m.start() - 8) : m.start()], m["tail"], high is not None)
        if (
            m["low"] == "一"
            and unit in ONE_PERSON
            and PERSON.match(text, m.end())
            and not BOUND.search(text[: m.start()][-12:])
        ):
            op = "=="
        if unit in ("毛", "角"):
            low, unit = low / 10, "元"
        if unit == "成" and (tenth := _TENTH.match(text, m.end("unit"))):
            low += 0.5 if tenth.group() == "半" else (_number(tenth.group()) or 0.0) / 10
        if unit == "个" and _HEADS.match(text, m.end()):
            unit = "人"
        found.append((m.start(), m.end(), op, low, _PLAIN_UNITS.get(unit, unit), high))
    for m in _PEOPLE.finditer(text):
        if (value_ := _number(m["low"])) and not PAST.search(text[max(0, m.start() - 12) : m.start()]):
            found.append(
                (
                    m.start(),
                    m.end("low"),
                    _operator(text[max(0, m.start() - 8) : m.start()], None, False),
                    value_,
                    "人",
                    None,
                )
            )
    for m in _HUNDRED_MILLIONS.finditer(text):
        if amount := _number(m["n"]):
            before = text[max(0, m.start() - 8) : m.start()]
            found.append((m.start(), m.end(), _operator(before, None, False), round(amount * 1e8, 2), "元", None))
    for m in _FRACTION.finditer(text):
        den, num = _number(m["den"]), _number(m["num"])
        if den and num is not None:
            tail = re.compile(r"以上|以下|以[内內]|左右").match(text, m.end())
            per_mille = m["den"] == "千"
            value = round(num * (1000 if per_mille else 100) / den, 2)
            op = _operator(text[max(0, m.start() - 8) : m.start()], tail.group() if tail else None, False)
            found.append((m.start(), tail.end() if tail else m.end(), op, value, "‰" if per_mille else "%", None))
    for m in _BARE_MONEY.finditer(text):
        value_ = _number(m["low"])
        if value_ and (
            text[m.end() : m.end() + 1] == "的" or _MONEY_WORDS.search(text[max(0, m.start() - 14) : m.end() + 2])
        ):
            found.append(
                (
                    m.start(),
                    m.end(),
                    _operator(text[max(0, m.start() - 8) : m.start()], None, False),
                    value_,
                    "元",
                    None,
                )
            )
    for m in _SAME_DAY.finditer(text):
        found.append((m.start(), m.start() + 2, "<=", 1.0, "天", None))
    for m in _RATIO.finditer(text):
        found.append((m.start(), m.end(), "<=" if m["tail"] != "以上" else ">=", float(m["low"]), "", None))
    for m in _WORDS.finditer(text):
        if m["double"]:
            times = {"一": 2.0, "两": 4.0, "二": 4.0, "三": 8.0}.get(m["n"] or "一", 2.0)
            found.append((m.start(), m.end(), ">=", times, "倍", None))
        elif m["hh"]:
            found.append((m.start(), m.end(), "<=", 0.5, "小时", None))
        elif m["half"]:
            found.append((m.start(), m.end(), ">=", 50.0, "%", None))
        else:
            zero_unit = m["zu"] or m["zv"] or m["zw"] or ""
            found.append((m.start(), m.end(), "==", 0.0, {"分钱": "元", "分": ""}.get(zero_unit, zero_unit), None))
    return found


def spot(text: str) -> list[Spot]:
    """Every target of a stretch of folded text: start, end, operator, value, unit, high."""
    if not _ANY.search(text):
        return []
    quoted = inside([m.span() for m in _QUOTED.finditer(text)] if '"' in text or "《" in text or "〔" in text else [])
    found: list[Spot] = []
    taken = 0
    for each in sorted(_candidates(text), key=lambda s: (s[0], -s[1])):
        if each[0] < taken or quoted(each[0]):
            continue
        taken = each[1]
        found.append(each)
    return found


def find_targets(text: str) -> list[Target]:
    """Every number with a unit that an action could be measured by, in the text's order."""
    folded, found = fold(text), []
    for seg in (view(folded, start, end) for start, end in segments(text)):
        for a, b, op, value, unit, high in spot(seg.text):
            start, end = seg.where(a, b)
            found.append(Target(text[start:end], op, value, unit, start, end, high, metric(seg.text, a, b)))
    return found

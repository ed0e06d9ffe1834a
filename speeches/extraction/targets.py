"""Targets: numbers with a unit that an action can be measured by.

`find_in_view` knows what a number is by itself: ordinals, names, road numbers, sizes that only describe the
object (2000万元以上的项目), and the figure from which one starts (由38%提高到70%) are none.
"""

import re

from speeches.extraction.metrics import metric
from speeches.extraction.model import Op, Target
from speeches.extraction.numerals import to_number
from speeches.extraction.text import fold, segments, view

# Longest first wherever one begins another.
UNITS = sorted(
    """
    平方公里 平方千米 平方米 立方米 公顷 公里 千米 厘米 毫米 公分 海里 里地 米 亩
    千瓦时 千瓦 兆瓦 吉瓦时 吉瓦 岁 微克/立方米 毫克/升 吨标准煤 标准煤 公斤 千克 毫克 微克 斤 吨 担 箱 升 克
    个百分点 百分点 个基点 基点 ‰ % 倍 成 折
    人次 家次 户次 批次 车次 班次 架次 辆次 艘次 标箱 人天 人年
    个工作日 工作日 个工日 工日 个月 学时 课时 小时 分钟 天 日 周 年
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
_MONEY_WORDS = re.compile(
    r"[国地]税|财政|预算|[拿掏缴垫][^，]{0,2}\d|欠|[钱奖补投资融贷费税债款元拨罚扣付捐借凑]|认领|收入|到账|兑现|筹|出[^台现]"
)
_FRACTION = re.compile(
    r"(?P<den>[一二三四五六七八九十百千万两\d]{1,6})分之(?P<num>[零〇一二两三四五六七八九十百千\d.]{1,8})"
)
_WORDS = re.compile(
    r"(?P<double>翻(?P<n>[一两二三])?番)|(?P<half>(?:过|达?到?一|提高一|压缩一|不低于一|超过一|降低一|减少一|超一|有一|账一|完成一|不少于一)半)(?!径|岛|年|月|成|夜|天|个)"
    r"|(?P<zero>(?:动态|基本|全部|全面|阶段性|限时)?清零|(?:为|零)零(?=[，。；、]|$)|(?<=[事故伤亡案件])为零|零(?:死亡|伤亡|事故|新增|发生|增长|容忍|上访|投诉|差错|非访)|一[家户个例]不留|只减不增"
    r"|(?<=[内时，村部要队])(?P<hh>半个?小时)(?:之内|以内|内)|(?:实现|确保|做到|目标是|力争|达到)零[一-龥]{2}(?=[，。；、]|$)"
    r"|不[欠差漏]一(?P<zu>分钱|公里|户|头|家|人|个|起|例|件|天)|一(?P<zv>公里|分钱|分|亩|头|户|个|家|人|起|例|件|条|名|天|处)[都也]?(?:不(?:准|能|许|得|要|可)?|别|没有?)(?:再)?(?!少(?![报收])|落(?!下))[一-龥])"
)
_SAME_DAY = re.compile(
    r"当天(?=就|要|必须|内|完成|办|报|补|落实|处置|处理|下达|通报|到[位场]|上报|反馈|答复|清|送|转|交|整改|入库|销号)(?!就?要?当天)"
)
_RATIO = re.compile(r"(?<=到|在|为)(?P<low>\d{1,9}\.\d{1,6})(?P<tail>以内|以下|以上)")
_SIZE_AFTER = re.compile(r"(?:以上|以下|以内|之内|内|左右|多|级)?的|级|型|规模")
_SIZE_NOUN = re.compile(r"(?:以上|以下|级)(?:[一-龥])")
# 总投资超10亿元项目50个: the first number says which objects, the second how many.
_COUNTED_AFTER = re.compile(
    r"(?:以上|以下|以内|左右)?的?(?:(?!建|成|完成|培育|发展|引|实现|覆盖|带动|惠及|安排|增|治|改)[一-龥\"]){2,14}\d"
)
_SIZE_BEFORE = re.compile(r"(?:投资|产值|营收|收入|规模|面积|容量|产能|资金|税收|额)[超过达在]*$")
_TOWARDS = re.compile(
    r"(?:左右|的基础上)?[一-龥]{0,2}?(?:提高|提升|提|增加|增长|增至|扩大|扩|发展|降低|下降|降|压减|压缩|减少|减|压|上升|升|调整|调|变|翻)[到至为]"
)
_FROM = re.compile(
    r"(?:从|由|比|较|自|[现目]?[在前]的?|达到的)(?:[现目][在前]的?|20\d\d年的?|去年的?|上年的?|[一-龥]{0,4}的)?$"
)
# 一 counts only as a quota or a bound: 每条路一名领导, 至少一所, 只准开膛一次, 各领办一件.
_QUOTA = re.compile(r"(?:每[^，。；每]{0,24}|各[一-龥]{0,4}|[一人户]人[包联帮挂管带])$")
_BOUND = re.compile(r"(?:至少|最少|不少于|不得少于|不低于|不得低于|最多|只准|只许)[一-龥]{0,8}$")
# 明确一名分管领导: one, and no other.
_ONE_PERSON = ("名", "位", "个")
_PERSON = re.compile(
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
    r"(?:大的?)?(?:(?:刚性|硬性|惠企|具体|重点|重要|突出|关键|主要|方面的?)*(?:方面|问题|意见|要求|措施|政策|办法|会战|硬仗|底线|红线|防线|关口|关键|环节|重点|难点|抓手|原则|门|意思|道理|字(?!路)|关(?![停闭])|转变|突破|时段|时间节点|统一|确保|坚持|到位|战役|攻坚战)(?=[，。；、：来要]|上|$))"
)
_SCORED = re.compile(r"(?:[扣加得占记奖计评追涨]|达到?|提[高升]|[低高]于|的|考核|满意度)$")
_TIMES = {"次", "回", "遍", "轮", "趟", "期", "场", "天", "周", "年", "个月", "日", "小时", "户"}
_ENUMERATION = re.compile(r"[、和][^，。；、]{1,12}$")
_PAST = re.compile(r"(?:了|(?<![超突要])过|已[经]?[一-龥]{0,6}|目前[一-龥]{0,8}|现有|[还只]有|是[一-龥]{0,4}的)$")
_POINTED = re.compile(r"(?:[这那]|末|(?<![提以之目空])[前后]|最[前后]的?|倒数|靠[前后]的?|上述|所指的?)$")
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


def _refused(text: str, m: re.Match[str], unit: str) -> bool:
    before, after = text[max(0, m.start() - 12) : m.start()], text[m.end() : m.end() + 8]
    tail_at = m.end("unit")
    rest = text[tail_at : tail_at + 10]
    han = m["low"][0] not in "0123456789"
    if unit in ("角", "毛") and not _COIN.match(text, tail_at):
        return True
    if (_RECALLED.search(before) and not m["tail"]) or (unit in _SPANS and before.endswith("提前")):
        return True
    if _IDIOM.match(text, m.start()) or (_AREA.match(rest) and unit in ("米", "公里")):
        return True
    if before.endswith("（") and re.match(r"(?:/[日天年时])?）", rest[len(m["tail"] or "") :]):
        return True  # 污水厂（4万吨/日）: which one is meant
    if han and _closes_list(text, m):
        return True
    if rest.startswith("的，") and unit in ("次", "回", "家", "个", "起") and not m["tail"]:
        return True
    if before.endswith(("第", "·")) or (unit in ("年", "日") and not _is_span(text, m)):
        return True
    if han and not m["high"]:
        if m["low"] == "一" and not _quota(text, m, unit) and not (unit == "成" and _TENTH.match(rest)):
            return True
        if (unit in _ORDINAL_UNITS and m["low"] != "两") or unit in ("头", "县", "村", "乡镇", "站"):
            return True
        if (unit == "家" and _ENUMERATION.search(before)) or (
            unit == "个" and _ENUMERATION.search(before) and re.match(r"[区县村镇]", rest)
        ):
            return True
        if re.match(rf"{m['low']}{unit}", rest):
            return True
    if (unit in ("个", "名", "位", "家", "户", "项", "条") and _POINTED.search(before)) or before.endswith(
        ("每", "按")
    ):
        return True
    if han and (
        re.match(rf"[一二两三四五六七八九十]{unit}", rest) or re.search(rf"[一二两三四五六七八九十]{unit}$", before)
    ):
        return True  # 七户八户, 三天两天
    if _PAST.search(before) or (re.search(r"连[续着]$", before) and not m["high"]):
        return True
    if rest.startswith("的") and _CONDITION.search(before):
        return True
    if unit == "人" and rest.startswith("的"):
        return False
    if unit in _SIZES and (_SIZE_AFTER.match(rest) or (unit in _MONEY and _SIZE_NOUN.match(rest))):
        return True
    if (
        unit in _MONEY
        and _SIZE_BEFORE.search(before)
        and re.match(r"的?(?:项目|企业|产业|工程|园区)", text[m.end() : m.end() + 4])
    ):
        return True
    if unit in _SIZES and _COUNTED_AFTER.match(text, tail_at) and (m["tail"] or _SIZE_BEFORE.search(before)):
        return True
    if rest.startswith("级") or (_NAMES_AFTER.match(rest) and not m["tail"] and unit not in ("%", "公里")):
        return True
    if unit == "周" and re.match(r"[年岁边期]", rest):
        return True
    if unit in _SPANS and not (m["tail"] or m["high"]) and _SPENT.search(before):
        return True
    if unit == "把" and re.match(r"[一-龥]", rest):
        return True
    if unit in ("条", "个", "项", "点", "件", "道", "块", "张", "大", "场") and _HEADINGS.match(rest) and not m["tail"]:
        return True
    if unit == "分" and not (_SCORED.search(before) and not han):
        return True
    if unit == "块" and not m["tail"] and re.match(r"[一-龥]", after):
        return not re.match(r"[，。；、钱]|$", after)
    return bool((_FROM.search(before) and _TOWARDS.match(rest)) or (_TOWARDS.match(rest) and "到" not in before[-2:]))


def _closes_list(text: str, m: re.Match[str]) -> bool:
    """河里、路上、楼上三个地方: the number only counts what has just been named."""
    low = to_number(m["low"])
    if not low or low > 12 or m["tail"] or m["high"] or m["unit"] in _MONEY or m["low"] == "一":
        return False
    named = _NAMED_LIST.search(text, max(0, m.start() - 80), m.start())
    return named is not None and len(re.findall("[、和与及]", named.group())) + 1 == low


def _quota(text: str, m: re.Match[str], unit: str) -> bool:
    before = text[max(0, m.start() - 28) : m.start()]
    if unit in _ONE_PERSON and _PERSON.match(text, m.end()) and _NAMED_FOR_IT.search(before):
        return True
    if _BOUND.search(before) or (unit in ("年", "倍", "成") and re.search(r"(?:提高|增加)$", before)):
        return True
    return unit not in _TIMES and bool(_QUOTA.search(before))


def _is_span(text: str, m: re.Match[str]) -> bool:
    """A number of years or days that measures, and is no date: 连续3—5年, 提高一年, 三年之内不准."""
    before = text[max(0, m.start() - 4) : m.start()]
    if m["unit"] == "日":
        return bool(m["tail"])
    if m["low"][0] in "0123456789" and len(m["low"]) == 4:
        return False
    if re.match(r"[一-龥]", text[m.end() : m.end() + 1]) and re.search(r"(?:延长|缩短)$", before):
        return False
    return bool(
        m["high"]
        or m["tail"]
        or re.search(r"(?:连续|提高|延长|缩短|提前|不少于|不低于|至少|期限?为?|年限为?)$", before)
    )


def _candidates(text: str) -> list[Spot]:
    found: list[Spot] = []
    for m in _VALUE.finditer(text):
        unit = m["unit"]
        low, high = _scaled(m["low"], m["high"])
        if low is None or (m["high"] and high is None) or _refused(text, m, unit):
            continue
        if m["high"] and high is not None and high < low:
            high = None
        op = _operator(text[max(0, m.start() - 8) : m.start()], m["tail"], high is not None)
        if (
            m["low"] == "一"
            and unit in _ONE_PERSON
            and _PERSON.match(text, m.end())
            and not _BOUND.search(text[: m.start()][-12:])
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
        if (value_ := _number(m["low"])) and not _PAST.search(text[max(0, m.start() - 12) : m.start()]):
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
            zero_unit = m["zu"] or m["zv"] or ""
            found.append((m.start(), m.end(), "==", 0.0, {"分钱": "元", "分": ""}.get(zero_unit, zero_unit), None))
    return found


def spot(text: str) -> list[Spot]:
    """Every target of a stretch of folded text: start, end, operator, value, unit, high."""
    if not _ANY.search(text):
        return []
    quoted = [m.span() for m in _QUOTED.finditer(text)] if '"' in text or "《" in text or "〔" in text else []
    found: list[Spot] = []
    taken = 0
    for each in sorted(_candidates(text), key=lambda s: (s[0], -s[1])):
        if each[0] < taken or any(a <= each[0] < b for a, b in quoted):
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

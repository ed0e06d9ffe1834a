"""Units, groups and persons that are charged with something.

A charged unit stands where a clause begins, after 由 or 请, or in a trailer (责任单位：…): its left end is
given by the grammar, its right end by the kind of unit (局, 办公室, 各乡镇) or by the Lexicon. That is how
`charges` reads the clauses of commitments, and `find_units` reports what is merely mentioned as well. No word
is segmented: a dictionary made for news cuts the names of bodies in the wrong places.
"""

import re
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Literal

from speeches.extraction.model import Lexicon, UnitMention
from speeches.extraction.text import View, fold, segments, view

# Fields of government by their short names: 发改、财政 stand for their offices wherever they act.
_FIELDS = """
发展改革 发改 经信 工信 经济和信息化 教育 教体 科技 科学技术 民族宗教 民宗 民族 宗教 公安交警 公安交管 公安 交警 民政 司法 财政 人力资源和社会保障 人社 人力社保
自然资源和规划 自然资源 自规 资规 规划 国土资源 国土 生态环境 环境保护 环保 住房和城乡建设 住房城乡建设 住建 城乡建设 城管 城市管理 综合执法 交通运输 交通 水利 水务 农业农村 农业 农林 林业 林草 畜牧
商务 文化和旅游 文旅 文化旅游 文广旅 文体 文化 旅游 体育 卫生健康 卫健 卫计 卫生 医疗保障 医保 退役军人事务 退役军人 应急管理 应急 审计 国资 市场监督管理 市场监管 市监 工商 质监 食药监
统计 金融监管 金融 信访 扶贫 乡村振兴 残联 妇联 团委 工会 总工会 工商联 编办 机构编制 税务 国税 地税 气象 地震 海关 消防救援 消防 电力 供电 电信 移动 联通 铁塔 广电 邮政 燃气 供水
水电 路政 运管 安监 安全监管 物价 粮食 供销 招商 投促 计划 计生 监察 纪检监察 纪检 组织 宣传 统战 政法 法院 检察 机关事务 红十字会 档案 史志 科协 文联 侨联 红十字 人防 公积金 人民银行 银监 银保监 证监 烟草 盐务
城投 公管 公共资源 行政审批 审批 大数据 数据 政务服务 政数 园林 园林绿化 房管 房产 供热 热力 通信 通管 铁路 民航 港航 海事 海洋 渔业 水产 农机 农技 植保 动物防疫 疾控 监理 业主 施工
""".split()
_FIELD = "|".join(sorted(_FIELDS, key=len, reverse=True))

_KINDS = """
委员会 办公室 领导小组 工作领导小组 指挥部 工作组 专责小组 工作小组 小组 工作专班 专班 督查室 督办室 法制督办室 政研室 研究室 联席会议 联席会 管委会 管理委员会 工委 党工委 党委 党组 党支部 支部 纪委 监委 纪委监委 常委会 人大常委会 人大 政协 政府 人民政府
县里 市里 省里 区里 镇里 乡里 村里 县上 市上 镇上 县委 市委 区委 省委 镇委 乡委 州委 旗委 党校 组织部 宣传部 统战部 政法委 机关工委 老干部局 法院 检察院 公司 集团 银行 联社 信用社 供销社 合作社 合作联社 客运企业 工作队 服务队 突击队 施工队 救援队 医院 卫生院 中学 小学 幼儿园 学校 中心 服务中心 管理局 分局 总局 局 厅 委 办 部 处 科 室 站 所 院 社 队 支队 大队 中队 总队 大厅
部门 单位 机构 机关 街道办事处 街道办 街道 办事处 乡镇 镇街 社区 居委会 村委会 村 镇 乡 县 市 区 旗 县区 县市区 市区 市州 园区 开发区 高新区 经开区 新城 新区 高新园 产业园 物业 物业公司 农资店 总工会 工会 妇联 团委 残联 工商联 科协 文联 协会 商会 总工室 调度中心 机电部 安监部 矿 厂
政府办 县委办 市委办 区委办 财经办 更新办 食安办 党政办 督导组 巡查组 检查组 项目部 指挥所 质监站 派出所 司法所 财政所 施工单位 建设单位 监理单位 责任单位 牵头单位 承办单位 主办单位 会办单位 施工方 业主单位 运营方 总工室 公安机关 执法部门 职能部门 主管部门 有关部门 相关部门 平台公司
""".split()
_KIND = "|".join(sorted(set(_KINDS), key=len, reverse=True))
_GROUP = r"(?:各(?:县|市|区|乡镇|镇|市州|乡|县区)（[^（）]{1,8}）(?:人民政府|政府|委)?|村(?:支)?\"?两委\"?|各级?[一-龥]{1,6}?(?:机构|单位|部门|小组|中心|公司|医院|学校|党组织|支部|办事处|专班)(?=[^、的]|、|$)|(?:各级?|所有|所在|属地|全部|有关|相关|每个|[市县区镇省乡][直级](?=各|有关|相关|部门|单位|机关)|其他|其余)(?:各)?(?:级各?)?(?:(?:有关|相关|县|市|区|乡|镇|街道|部门|单位|地|行业|主管|业务|职能|责任|牵头|承办|成员|执法|产茶|预算|平台|组成|基层|社区|村|工业|综合|牵|参建|项目|经营|重点|直属|直|属|所|乡镇|党委|党组|政府|党支部|园区|公司|矿|厂|企业|学校|医院|家|物业|科|室|处|股|站|街|办|县区|市州|地市|设区|州|地|党组织|支部|高校|院校|医疗机构|机构|镇街|区县|景区|场站|项目部|施工队|班组|车间|工区|分公司|子公司|银行|商业银行|协会|商会|网格|级)){1,6})"
# Words that cannot stand inside a unit's name.
_NEVER = re.compile(
    r"[等各要应将把对向由请与并且按据为使让而则已曾仍还又再只不没被给从以及到至在得着了过的地吗呢吧，。；：！？、（）“”\"]|必须|务必|支持|加快|推进|推动|落实|确保|做好|抓好|加强|完善|建立|健全|实施|开展|完成|实现|提高|提升|深化|强化|优化|促进|坚持|发挥|引导|鼓励|督促|指导|协调|组织(?!部)|争取|力争|掉|建好|居民|牵头|会同|配合|协助|负责|责成|当即|叮嘱|全面|进一步|继续|积极|切实|认真|抓紧|尽快|及时|每[周月季年天日]|今年|明年|年底|月底|同时|同志|领导(?!小组)|以来|围绕|聚焦|依托|利用|打造|建成|开工|新建|改建|扩建|培育|招引|引进|保障(?!局|厅|中心)|和(?!城乡|旅游|规划|社会保障|信息化|改革|计划)|\d|是|有|需|用|全县上下|\d月|\d日"
)
_LINK = re.compile(r"、|和|与|及|以及|并|，(?=(?:县|市|区)[一-龥]{1,5}(?:局|委|办))")
_ROLES = re.compile(r"(?:牵头|主办|责任|负责|承办|承担|配合|协办|会办|参与|协助|督办|落实)?(?:单位|部门|领导|人)：")
_FAMILY = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄穆萧尹姚邵汪祁毛禹狄米贝明臧计伏成戴谈宋庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯管卢莫房裘缪解应宗丁宣邓单洪包诸左石崔吉龚程邢裴陆荣翁甄曲封储靳段焦巴牧山谷车侯全班仰秋仲伊宫宁仇栾甘厉祖武符刘景詹束龙叶幸司韶黎薄印宿白怀蒲邰从鄂索赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰雍桑桂牛寿通边燕冀温庄晏柴瞿阎充慕连习艾容向古易慎廖庾终步都耿满弘匡国文寇广禄阙东欧沃利蔚越隆师巩聂晁勾敖融冷辛阚那简饶曾沙养丰巢关蒯相查荆红游权盖益桓公岳帅缑亢况有琴覃农"
_TITLE = r"(?:党组书记|党委书记|第一书记|总经理|董事长|副总经理|总工程师|副?秘书长|副?主任委员|副?局长|副?县长|副?市长|副?区长|副?镇长|副?乡长|副?省长|副?州长|副?部长|副?主任|副?书记|副?处长|副?科长|副?所长|副?站长|副?矿长|副?厂长|副?校长|副?院长|副?队长|副?主席|副?会长|副?经理|副?总裁|常委|组长|指挥长|镇长|总师|工程师)"
_PERSON = re.compile(
    rf"(?P<who>(?:[一-龥]{{2,8}}?(?:局|委|办|镇|乡|区|县|市|部|所|站|中心|队|公司))?(?:[一-龥]{{2,6}}?{_TITLE})?[{_FAMILY}](?:[一-龥]|×{{1,2}}|某)?[一-龥]?同志)"
    rf"|(?P<titled>(?:[一-龥]{{2,8}}?(?:局|委|办|镇|乡|区|县|市|部|所|站|中心|队|公司))?[{_FAMILY}][一-龥]{{0,2}}?{_TITLE})"
    rf"|(?P<named>[一-龥]{{0,10}}?{_TITLE}[{_FAMILY}][一-龥]{{1,2}}(?=负责|牵头|要|任|具体|分管|带队|同志))"
    rf"|(?P<given>[一-龥]{{2}}同志)"
    rf"|(?P<old>(?:[一-龥]{{2,5}}(?:所|站|办|中心|局)|民政|医保|财政|残联|司法|统计|农机站|综治)?[老小][{_FAMILY}](?=[你带，、牵负去把抓]|$))"
)
_POST = re.compile(
    r"(?P<post>(?:(?:各|所有|每位|每个|全体|属地|各位)?(?:[一-龥]{1,6}?(?:和|、))?(?:[一-龥（）()、/]{0,8}?))?"
    r"(?:主要负责同志|主要负责人|负责同志|负责人|分管负责同志|分管负责人|分管领导|主要领导|党政主要负责人|党政主要负责同志|党政一把手|一把手|包保领导|包联领导|县级领导|市级领导|区级领导|县领导|市领导|区领导|镇领导|乡领导|集团领导|领导干部|领导班子成员|班子成员每?个?人?|班子每个人|村干部|村干|包村干部|驻村干部|包片干部|第一书记|村支书|支书|支部书记|党支部书记|党委书记|党工委书记|书记主任|网格员|网格长|专管员|联络员|项目专员|驻村工作队员|工作队员|农技人员|技术人员|总工程师|矿长|班组长|校长|院长|局长|常务副县长|常务副市长|常务副区长|分管副县长|分管副市长|分管副区长|副县长|副市长|县长|市长|区长|镇长|乡长|河长|林长|田长|链长|路长|街长|楼长|所长|站长|队长|正科以上干部|科级干部|党员干部|包联干部|帮扶干部|县乡村三级河长))"
)


@dataclass
class Charge:
    """Whom one clause charges, and where in the clause that is said."""

    responsible: list[str] = field(default_factory=list)
    supporting: list[str] = field(default_factory=list)
    people: list[str] = field(default_factory=list)
    start: int = -1
    end: int = -1
    how: str = ""

    def __bool__(self) -> bool:
        return bool(self.responsible or self.supporting or self.people)


_STRONG = re.compile(
    r"要|应|必须|务必|须|需|会(?!议|同|计)|商定|承诺|既|这|本|中旬|负责|牵头|牵总|扛总|会同|联合|配合|将|把|对|每|抓紧|加快|\d|[一二三四五六七八九十]+[月日号]|今年|明年|年底|年内|月底|下月|本月|本周|下周|两周|一周|一个|半个|一季|二季|三季|四季|上半年|下半年|全年|春节|国庆|元旦|中秋|端午|清明|五一|\"|"
    r"先|在|派|按|都|可以|不得|不能|不准|还|也|再|统一|提前|一律|主动|拿出|完成|组织|开展|落实|制定|报|建立|成立|出台|介入|起草|实施|主办|承办|会办|包|分头|联手|凑|盯|拧|各|一起|限期|驻点|全程|随时|定期|逐|按季|按月|从|自|是|为|于|给|领走|认领|融资|出|定|做好|抓好|汇总|统筹|参照|结合|根据|围绕|切实|认真|积极|全面|进一步|及时|立即|尽快|具体|分别|共同|专门|高度|充分|坚持|强化|严格|继续|深入|全力|督促|督办|带头|承担|新增|新建|力争|确保|争取|安排|发动|到|共|带|赶|当|严|不|多|就|推|深|实行|协调|审核|审查|审批|研究|提出|提请|提交|召开|举办|通报|公布|发布|牵|碰头|抽|催|补|跑|上门|压|建|清|拨|打|约谈|轮班|监督|指导|检查|排查|调度"
)
_NOT_SUBJECT = re.compile(
    r"的(?!事)|[、）]|(?:有)?(?:关)?(?:领导|负责人|主要|一把手|班子|干部|主任|局长|书记|系统|人员|反映|同志|宿舍|片区|[一二三]期|扩建|工程|小区|大桥|工作(?!组|专班)|建设(?!局|单位|厅)|项目|改革|负责同志|分管|党政)|[，。；：！？]|$"
)
_SKIP = re.compile(
    r"(?:[—\-·●◆☆>＞\s]*(?:（?[一二三四五六七八九十]{1,3}）?|\d{1,2}|第[一二三四五六七八九十])[、.．）,，是要]?|[一二三四五六七八九十](?:是|要)|首先|其次|再次|同时|此外|另外|然后|随后|最后|下一步|下步|接下来|其中|特别是|尤其是?|对此|为此|因此|会议(?:要求|强调|明确|决定|议定|指出)|再次强调|务必|还|也|并|一方面|另一方面|原则上|届时|会后|今后|以后)(?:，|：|,|:)?"
)
_CALL = re.compile(
    r"(?:^|(?<=[，、：；]))(?:请|责成|要求|希望|委托|叮嘱|建议|明确|决定|授权)|(?:交)?由|(?<![邀申提聘])请(?=[^求示假战教])|责成|叮嘱|(?<=[我他])希望|(?<=同时)要求|提请|授权|责令|督促"
)
_WITH = re.compile(r"(?:并)?(?:会同|联合|商(?!务|量|业|议|会|定)|(?<=与)(?!会)|跟(?=[^着踪进上]))")
_HELP = re.compile(
    r"(?:等(?:有关|相关)?(?:部门|单位|镇|乡)?)?(?:积极|密切|主动|予以|全力|做好)?(?:配合|协助|协办|会办|协同|参与|参加|支持(?!商)|保障|陪)"
)
_TOGETHER = re.compile(
    r"(?P<etc>等)?(?P<n>两|三|四|五|六|七|八|九|十|几|\d{1,2})?(?P<cl>个|家)?(?P<end>区政府|县政府|(?:有关|相关|职能|主管|业务|行业|组成|成员)*(?:部门|单位|机构|地区)|街道|乡镇|社区|镇|乡|村|局|厂|矿|区|县|科室|所)?"
)
_LEVELS = re.compile(r"[省市县区镇乡州](?=、[省市县区镇乡州])")


@lru_cache(maxsize=8)
def own_names(lexicon: Lexicon | None) -> re.Pattern[str] | None:
    """A pattern of the Lexicon's names, longest first; None where it has none."""
    names = sorted(lexicon.units | lexicon.groups, key=lambda n: (-len(n), n)) if lexicon else []
    return re.compile("|".join(map(re.escape, names))) if names else None


_GENERIC = re.compile(rf'(?:"[一-龥]{{1,6}}")?[×一-龥A-Za-z\d·*]{{0,14}}?(?:{_KIND})')
_CHAIN = re.compile(
    r"(?:[一-龥]{0,10}?(?:领导小组办公室|领导小组|工作专班|专班|指挥部|督查室|督办室|法制督办室|办公室|组织部|宣传部|统战部|政法委|纪委监委|纪委|党委|党组|常委会|代表工委|工委|管委会|服务中心|分局|支队|大队|中队|委员会|总工室|专题会|研究室|办公厅|财经办|政府办)|[一-龥]{1,3}办(?!理|好|公|事|法|学|会|成|结|完|实|文)|(?<=[县市区省镇乡])(?:委|政府)|办(?!理|好|公|事|法|学|会|成|结|完|实|文)|(?<=社)区|(?<=局)(?:机关)|(?<=街道)社区|(?<=规划)局|乡镇)"
)
_FIELD_NAME = re.compile(rf"(?:[省市县区镇州乡][级直]?)?(?:{_FIELD})(?:{_KIND})?")
_GROUP_NAME = re.compile(_GROUP)
_SINGLE = {
    "部",
    "处",
    "科",
    "室",
    "院",
    "社",
    "队",
    "办",
    "委",
    "所",
    "站",
    "厂",
    "矿",
    "局",
    "厅",
    "村",
    "镇",
    "乡",
    "县",
    "市",
    "区",
}
_PLACES = re.compile(
    r"(?P<names>[一-龥]{2,4}(?:、[一-龥]{2,4}){1,12})(?:等)?(?P<n>两|三|四|五|六|七|八|\d{1,2})(?:个)?(?P<end>镇|乡|村|街道|社区|区政府|县|区|矿|厂)"
)


# What looks like a unit and is a thing or a place.
_THINGS = re.compile(
    r"(?:布局|开局|结局|格局|全局|大局|破局|电站|泵站|车站|加油站|充电站|基站|水厂|电厂|处理厂|焚烧厂|工厂|养老院|敬老院|幸福院|福利院|卫生院|医院|学院|剧院|影院|法治社|合作社会|全社|城区|城镇|小区|园区|街区|景区|库区|灾区|山区|片区|辖区|社会|地区|牧区|林区|矿区|校区|湖区|保护区|示范区|试验区|先行区|贸易区|合作区|居民区|新区建设|行政村|贫困村|幸福村|示范村|先行村|每个村|事业单位|企业单位|行政单位|"
    r"(?<!公安机)(?<!党政机)机构|各地|特区|全市|全县|全区|全省|全镇|城市|都市|县市|省市|古村|古镇|名镇|名村|强县|强镇|大县|美县|两县|我[省市县区镇]|干部|内部|全部|外部|局部|西部|东部|南部|北部|中部|俱乐部|总部|课堂室|教室|学科|百科|深处|好处|用处|多处|益处|\d处|大队部|排队|车队|部队|中央|原则上|为主|办好|兴办|举办|承办|主办|会办|开办|督办|交办|快办|承包矿|采矿|开矿)$"
)
_VERBS = re.compile(
    r"(?:研究|制定|探索|编制|营造|牢记|接受|清偿|规范|严格|依法|自觉|持续|运行|建设(?!局|厅|单位|委)|新增|稳定|帮助|加紧|搬|召集|带队|分析|明确|剩余|培育|任何|软弱|老旧|收|投产|抓|创建|举办|打|做|用|让|当即|帮|跑|看|讲|想|问|等|每|有|没|使|靠|守|保|护|送|走|来|去|如|若|因|虽|既|很|更|最|太|又|第[一二三四五六七八九十]|逐|月份|年内|季度|上旬|中旬|下旬|时|受|经过|经由|赶|当|尤其|下一步|怎么|未|自己|推行|夯实|悉心|希望|近期|机手|吃住|股室|[A-Z]类|特别|比如|其|之|所有|跨|原|新建|扩大|推广|增|减|健全|构建|聚力|突破)"
)
_BARE = set(
    "政府 领导小组 办公室 街道 街道办 社区 部门 施工单位 建设单位 监理单位 施工方 公安机关 供销社 信用社 派出所 物业 物业公司 职能部门 相关部门 有关部门 主管部门 执法部门 责任单位 牵头单位 承办单位 主办单位 会办单位 村委会 居委会 县委 市委 区委 省委 镇委 "
    "乡委 县里 市里 省里 区里 镇里 乡里 村里 县上 市上 镇上 经开区 开发区 高新区 管委会 指挥部 纪委 监委 组织部 宣传部 统战部 政法委 总工会 工会 妇联 团委 残联 工商联 法院 检察院 乡镇 镇街 平台公司 总工室 调度中心 机电部 安监部 督查室 督办室 政府办 县委办 市委办 区委办 财经办 更新办 食安办 "
    "党政办 项目部 质监站 司法所 财政所 业主单位 运营方 专班 工作专班 党委 党工委 党支部 政协 人大 人大常委会 专责小组 县 市 区 镇 乡 村".split()
)
_FREE = re.compile(
    r"(?:领导小组|小组|办公室|委员会|指挥部|专班|督查室|督办室|公司|集团|银行|管委会|派出所|法院|检察院|工作组|督导组|巡查组|检查组|支队|大队|中队|总队|工作队|服务队|突击队|施工队|救援队|联社|供销社|信用社|农资店|客运企业|组织部|宣传部|统战部|政法委|纪委|党委|党组|工委|党校|研究室|[所站室]|中心|局|厅|委|办|部|科|院|矿|厂|协会|商会|联合会|人民政府|办事处|居委会|村委会|联席会议|机关)$"
)


def _plausible(name: str) -> bool:
    """Whether a stretch that ends like a unit is one, and no thing, place or run-in verb."""
    if (
        _THINGS.search(name)
        and name not in ("施工单位", "建设单位", "监理单位", "业主单位")
        and not name.endswith(("各单位", "责任单位"))
    ):
        return False
    if name in _BARE or re.fullmatch(
        r"(?:评估|检测|监理|审图|代理|服务|金融|医疗|第三方|测绘|鉴定)[一-龥]{0,2}机构", name
    ):
        return True
    if _VERBS.match(name) or _NEVER.search(re.sub(r'^"[^"]*"', "", name)):
        return False
    if (
        name[0] in "省市县区镇乡州集"
        and len(name) > 2
        and not name.startswith(("市场", "区域", "县域", "镇域", "乡村", "集中", "集体"))
    ):
        return True
    kind = re.search(rf"(?:{_KIND})$", name)
    stem = name[: kind.start()] if kind else name
    if not stem:
        return len(name) >= 3
    return bool(_FREE.search(name)) or (
        (len(stem) <= 4 and name[-1] in "县市区镇乡村")
        or name.endswith(
            ("街道", "社区", "新城", "高新园", "产业园", "开发区", "经开区", "高新区", "政府", "单位", "部门")
        )
    )


def _name_at(text: str, at: int, own: re.Pattern[str] | None) -> int:
    """Where the unit's name that begins here ends; `at` where none does."""
    best = at
    if own and (m := own.match(text, at)):
        best = m.end()
    if m := _GROUP_NAME.match(text, at):
        best = max(best, m.end())
    if m := _FIELD_NAME.match(text, at):
        best = max(best, m.end())
    m = _GENERIC.match(text, at)
    if m and (m.group()[0] in "我全本该这那其此某" or (m.group()[0] in "一两三四五六七八九" and m.end() - at < 4)):
        return best
    for _ in range(5):
        if not m or _NEVER.search(re.sub(r'^"[^"]*"', "", m.group())):
            break
        if _plausible(text[at : m.end()]):
            best = max(best, m.end())
        at_level = text[m.end() - 1] in "省市县区镇乡州村"
        nxt = _CHAIN.match(text, m.end()) or (_GENERIC.match(text, m.end()) if at_level else None)
        m = nxt if nxt and nxt.end() > nxt.start() else None
    if best > at and text[best - 1] == "办" and text.startswith("公室", best):
        best += 2
    return best


@dataclass
class Names:
    """A list of units as one stretch: its names, and where it ends."""

    names: list[str]
    end: int
    solid: bool


def names_at(text: str, at: int, own: re.Pattern[str] | None = None) -> Names | None:
    """The list of units that begins here, with shared endings put back."""
    if m := _PLACES.match(text, at):
        parts = m["names"].split("、")
        if not any(_NEVER.search(p) for p in parts):
            return Names([p + m["end"] for p in parts], m.end(), True)
    pieces: list[str] = []
    lead = re.match(
        r"(?:[省市县区镇乡州]、)+(?=[省市县区镇乡州][一-龥]*部门|[省市县区镇乡州](?!直))", text[at : at + 12]
    )
    if lead:
        pieces = [p for p in lead.group().split("、") if p]
        at += lead.end()
    ends: list[int] = []
    while len(ends) < 40:
        if ends and (m := _PLACES.match(text, at)):
            pieces += [p + m["end"] for p in m["names"].split("、")]
            return Names(pieces, m.end(), True)
        end = _name_at(text, at, own)
        if end == at:
            break
        ends.append(end)
        pieces.append(text[at:end])
        link = _LINK.match(text, end)
        if not link or link.end() >= len(text):
            break
        at = link.end()
    if not ends:
        return None
    end = ends[-1]
    names = _put_back(pieces, bool(lead))
    together = _TOGETHER.match(text, end)
    if together and together.group():
        shared = together["end"]
        if shared and (together["etc"] or together["n"] or len(pieces) > 1):
            plain = "部门" if shared.endswith("部门") else shared
            names = [n if _complete(n) else n + plain for n in names]
            end = together.end()
        elif together["n"] and together["cl"] and len(pieces) > 1:
            end = together.end()
        elif together["etc"]:
            end += 1
    return Names(names, end, all(map(_complete, names)))


def _complete(name: str) -> bool:
    return re.search(rf"(?:{_KIND})$", name) is not None and name not in _FIELDS


def _put_back(pieces: list[str], levelled: bool) -> list[str]:
    """环保、公安、司法部门 → 环保部门 …; 市、县水利部门 → 市水利部门, 县水利部门."""
    last = pieces[-1]
    levels = [p for p in pieces[:-1] if len(p) == 1]
    if levelled and last[0] in "省市县区镇乡州":
        return [level + last[1:] for level in levels] + pieces[len(levels) :]
    if last.endswith("部门") and len(last) > 2:
        return [p if _complete(p) else p + "部门" for p in pieces]
    return pieces


def _people_at(text: str, at: int) -> tuple[list[str], int]:
    found: list[str] = []
    end = at
    while True:
        m = _PERSON.match(text, end) or _POST.match(text, end)
        if not m or _NEVER.search(re.sub(r"[和、]|同志|领导|负责|主要|^各", "", m.group().replace("所有", ""))):
            break
        found.extend(_split_posts(m.group()))
        end = m.end()
        link = re.match(r"[、和与及](?=[一-龥])", text[end : end + 2])
        if not link:
            break
        end += link.end()
    if found and text[end - 1] in "、和与及":
        end -= 1
    return found, end


_POST_END = r"(?:的?(?:党政)?(?:主要|分管)?(?:负责同志|负责人|领导|总工程师))"


def _split_posts(words: str) -> list[str]:
    """街道和园区主要负责人 → 街道主要负责人, 园区主要负责人; 县长、副县长 → both."""
    words = re.sub(r"^(?:所有|每位|每个|各位|全体|其他|由)", "", words)
    words = re.sub(r"(?<=班子成员)每?个?人$", "", words)
    parts = re.split(r"和|、|及", words)
    if len(parts) > 1 and all(_POST.fullmatch(p) for p in parts):
        return parts
    m = re.fullmatch(rf"(?P<a>[一-龥]{{2,6}})(?:和|、)(?P<b>[一-龥]{{2,6}}?)(?P<post>{_POST_END})", words)
    if m:
        a = m["a"] if re.search(r"领导$|负责人$|同志$", m["a"]) else m["a"] + m["post"]
        return [a, m["b"] + m["post"]]
    return [words]


def charges(text: str, dated: list[tuple[int, int]], own: re.Pattern[str] | None = None) -> Charge:
    """Whom one clause charges. `dated` are the spans of its dates and frequencies, in the clause's own offsets."""
    charge = Charge()
    at = 0
    while (m := _SKIP.match(text, at)) and m.end() > at:
        at = m.end()
    for a, b in dated:
        if a <= at + 1 and b > at:
            hour = _HOUR.match(text, b)
            b = hour.end() if hour else b
            at = b + 1 if text[b : b + 1] == "，" else b
    while (m := _SKIP.match(text, at)) and m.end() > at:
        at = m.end()
    if (w := _WITH.match(text, at)) and (others := names_at(text, w.end(), own)):
        charge.supporting += others.names
        charge.start, charge.end, charge.how = at, others.end, "with"
        return charge
    spots = [(at, False)] + [(m.end(), True) for m in _CALL.finditer(text) if m.end() > at or m.start() == at]
    for position, called in spots:
        if _subject(text, position, charge, own, called):
            break
    return charge


_FIELD_SET = frozenset(_FIELDS)
# A field by itself (数据, 计划) is a unit only where it plainly acts as one.
_ACTS = re.compile(r"负责|牵头|配合|协助|要(?!求|素)|会同")
_HOUR = re.compile(r"(?:早上?|上午|下午|晚上?)?(?:[\d一二三四五六七八九十]{1,3}[点时])?(?:半)?(?:[之以]?前)?")
_VAGUE_PEOPLE = re.compile(r"^(?:个别|一些|有的|部分|少数|某些|不少|广大|些)")


def _subject(text: str, at: int, charge: Charge, own: re.Pattern[str] | None, called: bool) -> bool:
    people, end = _people_at(text, at)
    units = names_at(text, at, own)
    if people and _VAGUE_PEOPLE.match(people[0]):
        return False
    if people and (not units or end >= units.end or _NOT_SUBJECT.match(text, units.end)):
        rest = text[end:]
        if called or not re.match(r"的|[，。；：]|反映|说|讲|介绍", rest):
            charge.people += people
            charge.start, charge.end, charge.how = at, end, "person"
            if (m := re.match(r"[与和同、]", rest)) and (more := names_at(text, end + m.end(), own)):
                charge.responsible += more.names
                charge.end = more.end
            return True
    if not units:
        return False
    if not called and _NOT_SUBJECT.match(text, units.end):
        return False
    if len(units.names) == 1 and units.names[0] in _FIELD_SET and not called and not _ACTS.match(text, units.end):
        return False
    grouped = _GROUP_NAME.match(text, at) is not None
    weak = not grouped and any(len(n) <= 2 or n[-1] in "县市区镇乡村道" for n in units.names)
    if weak and not called and not (_STRONG.match(text, units.end) or _HELP.match(text, units.end)):
        return False
    charge.start, charge.end, charge.how = at, units.end, "unit"
    if _HELP.match(text, units.end):
        charge.supporting += units.names
        return True
    charge.responsible += units.names
    if (w := _WITH.match(text, units.end)) and (others := names_at(text, w.end(), own)):
        charge.supporting += others.names
        charge.end = others.end
    return True


Role = Literal["responsible", "supporting", ""]
_BOUNDARY = re.compile(
    r"(?:^|[，。；：！？、（）“”\"\s]|由|请|和|与|及|把|将|对|向|给|跟|同|在|支持|配合|协助|会同|联合|要求|责成|督促|指导|通知|组织|依托|报|送|经|比如|例如|全力)"
)


def find_units(text: str, *, lexicon: Lexicon | None = None) -> list[UnitMention]:
    """Every unit, group and person in the text, charged or merely mentioned, in its order.

    Charged are those that a clause names as its subject, after 由 or 请, or as helpers; the role of the others
    is "". Offsets are those of the list in which a name stands where its ending is shared by several.
    """
    own, folded, found = own_names(lexicon), fold(text), []
    groups = lexicon.groups if lexicon else frozenset()
    for start, end in segments(text):
        seg = view(folded, start, end)
        at = 0
        for clause in re.split(r"(?<=[，；：])", seg.text):
            found += _mentions(text, seg, clause, at, own, groups)
            at += len(clause)
    return sorted(set(found), key=lambda u: (u.start, u.end, u.name))


def _mentions(
    text: str, seg: View, clause: str, at: int, own: re.Pattern[str] | None, groups: frozenset[str]
) -> list[UnitMention]:
    words = clause.rstrip("，；：。！？ ")
    charge = charges(words, [], own)

    def role_of(name: str) -> Role:
        if name in charge.responsible or name in charge.people:
            return "responsible"
        return "supporting" if name in charge.supporting else ""

    found: list[UnitMention] = []
    taken = 0
    for m in _BOUNDARY.finditer(words):
        if m.end() < taken:
            continue
        people, end = _people_at(words, m.end())
        names = names_at(words, m.end(), own)
        if people and (not names or end >= names.end):
            a, b = seg.where(at + m.end(), at + end)
            found += [UnitMention(text[a:b], p, "person", role_of(p), a, b) for p in people]
            taken = end
        elif names:
            a, b = seg.where(at + m.end(), at + names.end)
            for name in names.names:
                kind: Literal["group", "unit"] = "group" if name in groups or _GROUP_NAME.fullmatch(name) else "unit"
                found.append(UnitMention(text[a:b], name, kind, role_of(name), a, b))
            taken = names.end
    return found

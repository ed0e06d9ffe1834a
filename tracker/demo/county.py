"""榆川县: its units, what speeches call them, and the people who sign in.

The county, its places and its people are invented; a county of this name does not exist.
"""

from dataclasses import dataclass, field

NAME = "榆川县"
PASSWORD = "luoshi-demo"  # noqa: S105 - printed on the screen; the demo is for one machine


@dataclass(frozen=True)
class Unit:
    """A body that can be charged.

    `kind` is a kind of `tracker.models.Unit`. The first alias is the short name. `head` is who answers for
    the unit, `leader` the username of the leader in charge, `members` the kind that a group stands for.
    """

    name: str
    kind: str
    parent: str = ""
    aliases: tuple[str, ...] = ()
    head: str = ""
    leader: str = ""
    members: str = ""


@dataclass(frozen=True)
class Person:
    """Someone who signs in. `role` is a role of `tracker.models.Membership`, held for `unit`.

    A unit's head (主要负责人) holds the role of a liaison too, and is told when reminding the liaison has not helped.
    """

    username: str
    name: str
    role: str
    unit: str
    post: str
    is_head: bool = False
    email: str = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "email", f"{self.username}@yuchuan.example")


PARTY = "中共榆川县委员会"
GOVERNMENT = "榆川县人民政府"
OFFICE = "县政府办公室"
SUPERVISION = "县政府督查室"


def _department(name: str, head: str, leader: str, *aliases: str) -> Unit:
    return Unit(name, "department", GOVERNMENT, aliases, head, leader)


def _township(name: str, head: str, leader: str) -> Unit:
    seats = ("办", "办事处") if name.endswith("街道") else ("政府", "人民政府")
    return Unit(name, "township", GOVERNMENT, tuple(name + seat for seat in seats), head, leader)


DEPARTMENTS = (
    _department("县发展和改革局", "唐国栋", "hezhiyuan", "县发改局", "发改局", "发改部门", "发展改革部门"),
    _department("县财政局", "许文斌", "hezhiyuan", "财政局", "财政部门"),
    _department(
        "县工业信息化和商务局", "周劲松", "hezhiyuan", "县工信商务局", "工信商务局", "工信商务部门", "工信部门"
    ),
    _department("县教育体育局", "方明辉", "wenlan", "县教体局", "教体局", "教体部门", "教育部门"),
    _department("县公安局", "秦立军", "hezhiyuan", "公安局", "公安部门", "公安机关"),
    _department("县自然资源局", "谢长林", "wenlan", "自然资源局", "自然资源部门"),
    _department(
        "市生态环境局榆川分局",
        "白雪峰",
        "wenlan",
        "县生态环境分局",
        "生态环境分局",
        "生态环境部门",
        "环保部门",
    ),
    _department("县住房和城乡建设局", "梁志强", "wenlan", "县住建局", "住建局", "住建部门", "住房城乡建设部门"),
    _department(
        "县交通运输局",
        "赵建民",
        "wenlan",
        "县交通局",
        "交通运输局",
        "交通局",
        "交通运输部门",
        "交通部门",
    ),
    _department("县水利局", "汪海波", "wenlan", "水利局", "水利部门"),
    _department("县农业农村局", "侯金田", "wenlan", "农业农村局", "农业农村部门", "农业部门"),
    _department("县卫生健康局", "陆美华", "wenlan", "县卫健局", "卫健局", "卫生健康部门", "卫健部门"),
    _department("县应急管理局", "龙振华", "hezhiyuan", "县应急局", "应急管理局", "应急局", "应急管理部门", "应急部门"),
    _department(
        "县市场监督管理局",
        "崔建国",
        "hezhiyuan",
        "县市场监管局",
        "市场监管局",
        "市监局",
        "市场监管部门",
    ),
    _department("县行政审批服务局", "顾晓燕", "hezhiyuan", "县行政审批局", "行政审批局", "县审批局", "审批部门"),
)

TOWNSHIPS = (
    _township("城关街道", "任志刚", "wenlan"),
    _township("柳湾镇", "彭永军", "wenlan"),
    _township("石桥镇", "宋海燕", "wenlan"),
    _township("双河镇", "邹文涛", "wenlan"),
    _township("白沙镇", "严俊", "hezhiyuan"),
    _township("高店镇", "孔祥林", "hezhiyuan"),
    _township("黑松乡", "江涛", "hezhiyuan"),
    _township("马家川乡", "毛建伟", "hezhiyuan"),
)

WORKING_GROUPS = (
    Unit(
        "县重点项目建设工作专班",
        "working_group",
        GOVERNMENT,
        ("重点项目专班", "县重点项目专班", "重点项目建设工作专班", "项目专班"),
        "许长河",
        "xuchanghe",
    ),
    Unit(
        "县安全生产委员会办公室",
        "working_group",
        GOVERNMENT,
        ("县安委办", "县安委会办公室", "安委会办公室", "安委办"),
        "龙振华",
        "hezhiyuan",
    ),
)

GROUPS = (
    Unit(
        "各乡镇",
        "group",
        GOVERNMENT,
        ("各乡镇（街道）", "各乡镇街道", "各乡镇、街道", "各镇", "各乡", "各镇乡", "乡镇街道"),
        members="township",
    ),
    Unit(
        "县直各部门",
        "group",
        GOVERNMENT,
        ("各部门", "县级各部门", "县直部门", "各县直部门", "县直各单位"),
        members="department",
    ),
)

# A unit comes after the one above it.
UNITS = (
    Unit(PARTY, "other", "", ("县委", "榆川县委"), "邵启明"),
    Unit(GOVERNMENT, "government", PARTY, ("县政府", "榆川县政府", "县人民政府"), "许长河"),
    Unit(OFFICE, "other", GOVERNMENT, ("县政府办", "政府办"), "曾广平", "xuchanghe"),
    Unit(SUPERVISION, "office", OFFICE, ("督查室", "县督查室"), "陈静", "xuchanghe"),
    *DEPARTMENTS,
    *TOWNSHIPS,
    *WORKING_GROUPS,
    *GROUPS,
)

_OTHERS = (
    Person("admin", "孟凡清", "administrator", PARTY, "县政府信息中心工程师"),
    Person("chenjing", "陈静", "coordinator", PARTY, "县委县政府督查室主任"),
    Person("liuwei", "刘卫东", "coordinator", GOVERNMENT, "县政府督查室督查专员"),
    Person("shaoqiming", "邵启明", "leader", PARTY, "县委书记"),
    Person("xuchanghe", "许长河", "leader", GOVERNMENT, "县委副书记、县长"),
    Person("hezhiyuan", "贺志远", "leader", GOVERNMENT, "县委常委、常务副县长"),
    Person("wenlan", "温岚", "leader", GOVERNMENT, "副县长"),
    Person("jiwei", "祁正平", "observer", PARTY, "县纪委监委派驻干部"),
    Person("fagai", "冯晓峰", "liaison", "县发展和改革局", "项目股股长"),
    Person("caizheng", "贾玉梅", "liaison", "县财政局", "办公室主任"),
    Person("gongxin", "魏子健", "liaison", "县工业信息化和商务局", "综合股股长"),
    Person("jiaoti", "苏婉清", "liaison", "县教育体育局", "基建办主任"),
    Person("gongan", "罗铁军", "liaison", "县公安局", "指挥中心副主任"),
    Person("ziran", "田守信", "liaison", "县自然资源局", "办公室主任"),
    Person("huanjing", "丁海涛", "liaison", "市生态环境局榆川分局", "综合室主任"),
    Person("zhujian", "程立新", "liaison", "县住房和城乡建设局", "办公室主任"),
    Person("jiaotong", "钱卫民", "liaison", "县交通运输局", "综合股股长"),
    Person("shuili", "姜水生", "liaison", "县水利局", "建管股股长"),
    Person("nongye", "段宏伟", "liaison", "县农业农村局", "办公室副主任"),
    Person("weijian", "叶春兰", "liaison", "县卫生健康局", "规划财务股股长"),
    Person("yingji", "雷振东", "liaison", "县应急管理局", "指挥中心主任"),
    Person("shijian", "潘秀云", "liaison", "县市场监督管理局", "办公室主任"),
    Person("shenpi", "范思齐", "liaison", "县行政审批服务局", "政务服务股股长"),
    Person("chengguan", "吕红霞", "liaison", "城关街道", "党政办主任"),
    Person("liuwan", "史建业", "liaison", "柳湾镇", "党政办主任"),
    Person("shiqiao", "石春生", "liaison", "石桥镇", "党政办主任"),
    Person("shuanghe", "常桂芳", "liaison", "双河镇", "党政综合办公室主任"),
    Person("baisha", "郑学农", "liaison", "白沙镇", "党政办副主任"),
    Person("gaodian", "高明亮", "liaison", "高店镇", "党政办主任"),
    Person("heisong", "穆青山", "liaison", "黑松乡", "党政办主任"),
    Person("majiachuan", "马会兰", "liaison", "马家川乡", "党政办干部"),
    Person("zhuanban", "韩立群", "liaison", "县重点项目建设工作专班", "综合协调组组长"),
    Person("anweiban", "曹建军", "liaison", "县安全生产委员会办公室", "协调股股长"),
)

_LIAISONS = {person.unit: person.username for person in _OTHERS if person.role == "liaison"}
# Who heads two bodies, or is a leader besides, signs in once.
_HEADS = {unit.head: unit.name for unit in (*WORKING_GROUPS, *DEPARTMENTS, *TOWNSHIPS)}
PEOPLE = (
    *_OTHERS,
    *(
        Person(f"{_LIAISONS[unit]}-zheng", head, "liaison", unit, "主要负责人", is_head=True)
        for head, unit in _HEADS.items()
        if head not in {person.name for person in _OTHERS}
    ),
)

"""The words and codes the synthetic rows are made of."""

from __future__ import annotations

from random import Random

from core.ids import uscc_check_character

# Letters a USCC may contain; I, O, S, V and Z are left out (GB 32100-2015).
_USCC_LETTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_BODY_WEIGHTS = (3, 7, 9, 10, 5, 8, 4, 2)
_BODY_ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
# Districts and cities of Wuxi by the code of administrative divisions.
REGIONS = ("320205", "320206", "320211", "320213", "320214", "320281", "320282")
DISTRICTS = ("梁溪区", "锡山区", "惠山区", "滨湖区", "新吴区", "经开区", "江阴市", "宜兴市")
# fmt: off
_STREET_NAMES = (
    "河埒", "蠡园", "荣巷", "崇安寺", "上马墩", "江海", "广益", "黄巷", "山北",
    "惠山", "北大街", "扬名", "清名桥", "金匮", "金星", "东亭", "东北塘", "安镇",
    "厚桥", "云林", "堰桥", "长安", "钱桥", "前洲", "玉祁", "洛社", "旺庄",
    "硕放", "江溪", "梅村", "鸿山", "新安", "太湖", "华庄", "蠡湖", "马山",
    "胡埭", "雪浪", "澄江", "南闸", "云亭", "城东", "申港", "夏港", "利港",
    "璜土", "月城", "青阳", "徐霞客", "华士", "周庄", "新桥", "长泾", "顾山",
    "祝塘", "宜城", "新街", "新庄", "芳桥", "屺亭", "丁蜀", "张渚", "官林",
    "和桥", "徐舍",
)
# fmt: on
STREETS = tuple(f"{name}街道" for name in _STREET_NAMES)
INDUSTRIES = (
    "批发和零售业",
    "制造业",
    "软件和信息技术服务业",
    "建筑业",
    "租赁和商务服务业",
    "科学研究和技术服务业",
    "交通运输、仓储和邮政业",
    "住宿和餐饮业",
    "居民服务业",
    "文化、体育和娱乐业",
    "房地产业",
    "农、林、牧、渔业",
)
TRADES = (
    "软件",
    "机电",
    "纺织",
    "新材料",
    "物流",
    "餐饮",
    "建筑",
    "环保",
    "文化",
    "商贸",
    "电子",
    "农业",
)
STATUSES = ("存续", "存续", "存续", "存续", "存续", "存续", "注销", "迁出", "吊销")
CHANGES = (
    "设立登记",
    "经营范围变更",
    "注册资本变更",
    "法定代表人变更",
    "住所变更",
    "名称变更",
    "股东变更",
    "注销登记",
)
_BRAND_FIRST = "云晴松禾沐远清澄启明瑞恒嘉宁安泰兴和华盛锦程博雅弘信"
_BRAND_SECOND = "禾川林泽原海辰光宇峰源岚涛洲翎舟桐葵岳淮"


def company_code(*, serial: int) -> str:
    """Return the USCC of the synthetic company with this serial (below 31**4)."""
    letters = ""
    rest = serial
    for _place in range(4):
        rest, digit = divmod(rest, len(_USCC_LETTERS))
        letters = _USCC_LETTERS[digit] + letters
    body = "0000" + letters
    total = sum(_BODY_ALPHABET.index(c) * w for c, w in zip(body, _BODY_WEIGHTS, strict=True))
    check = "0123456789X0"[11 - total % 11]
    first = f"91{REGIONS[serial % len(REGIONS)]}{body}{check}"
    return first + uscc_check_character(first)


def company_name(*, rng: Random) -> str:
    """Return a company name that says it is an example."""
    brand = rng.choice(_BRAND_FIRST) + rng.choice(_BRAND_SECOND)
    return f"无锡{brand}示例{rng.choice(TRADES)}有限公司"


def consent_number(*, code: str, serial: int) -> str:
    """Return the number of a synthetic consent."""
    return f"SQ-{code}-{serial:06d}"

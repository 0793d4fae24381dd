"""
The Chinese words of the agreement for the codes of its terms. Pure.

The agreement is a Chinese document: these words are its content and not subject to translation.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from core.money import capital_chinese, format_yuan

MODES = {
    "RAW_EXPORT": "数据文件导出",
    "API": "接口调用",
    "SANDBOX": "安全沙箱内使用",
    "VERIFY_ONLY": "仅核验（只返回核验结果）",
}
PURPOSES = {
    "PUBLIC_GOVERNANCE": "公共治理",
    "PUBLIC_BENEFIT": "公益事业",
    "INDUSTRY": "产业发展",
    "SECTOR": "行业发展",
}
REGIONS = {
    "COUNTRY": "中华人民共和国境内",
    "PROVINCE": "江苏省行政区域内",
    "CITY": "无锡市行政区域内",
}
# Places by GB/T 2260; a place that is not here is worded by its code.
PLACES = {
    "320000": "江苏省",
    "320100": "江苏省南京市",
    "320200": "江苏省无锡市",
    "320205": "无锡市锡山区",
    "320206": "无锡市惠山区",
    "320211": "无锡市滨湖区",
    "320213": "无锡市梁溪区",
    "320214": "无锡市新吴区",
    "320281": "江阴市",
    "320282": "宜兴市",
    "320400": "江苏省常州市",
    "320500": "江苏省苏州市",
}
LEVELS = {"L1": "一般数据一级", "L2": "一般数据二级", "L3": "一般数据三级"}
TRANSFORMS = {
    "MASK": "部分遮蔽",
    "HASH": "密钥哈希替换",
    "GENERALIZE": "区间泛化",
    "SUPPRESS": "置空",
    "KEEP": "保留原值",
}
FREQUENCIES = {
    "REAL_TIME": "实时",
    "MINUTE_1": "每1分钟",
    "MINUTE_5": "每5分钟",
    "MINUTE_10": "每10分钟",
    "HOURLY": "每小时",
    "DAILY": "每日",
    "NEXT_DAY": "次日（T+1）",
    "WEEKLY": "每周",
    "MONTHLY": "每月",
    "QUARTERLY": "每季度",
    "YEARLY": "每年",
}
CONTROLS = {
    "ACCESS_CONTROL": "最小权限访问控制",
    "DEDICATED_NETWORK": "专用网络或者网络隔离",
    "ENCRYPTED_STORAGE": "加密存储",
    "ENCRYPTED_TRANSPORT": "加密传输",
    "LOGGING": "全量操作日志",
    "MULTI_FACTOR": "多因素身份鉴别",
    "SEPARATION_OF_DUTIES": "岗位分离与双人复核",
    "DATA_LEAK_PREVENTION": "数据防泄漏",
}
QUALITY = {
    "STANDARDIZATION": "规范性",
    "COMPLETENESS": "完整性",
    "ACCURACY": "准确性",
    "CONSISTENCY": "一致性",
    "TIMELINESS": "时效性",
    "ACCESSIBILITY": "可访问性",
}
REPORT_CONTENTS = {
    "CALLS": "调用量和数据量",
    "PURPOSES": "用途和应用场景落实情况",
    "PRODUCTS": "形成的产品和服务",
    "BENEFITS": "经济效益和社会效益",
    "INCIDENTS": "安全事件及处置",
    "STAFF": "涉数人员变动",
}
INDICATORS = {
    "compliance": "合规性",
    "security": "安全性",
    "utilization": "利用成效",
    "benefit": "效益",
    "reporting": "报告履行",
}
MEASURES = {
    "WARN": "警示并限期改正",
    "RESTRICT": "限制数据获取权限",
    "SUSPEND": "暂停数据获取权限",
    "CLOSE": "关闭数据获取权限",
}
MEASURE_ORDER = ("WARN", "RESTRICT", "SUSPEND", "CLOSE")
CAUSES = {
    "CLASS_CHANGE": "数据集被重新归类为非开放类或者停止开放",
    "EVALUATION_FAILED": "乙方定期评估不合格，或者逾期未完成整改",
    "FALSE_MATERIAL": "乙方以虚假材料取得使用许可",
    "LEGAL_CHANGE": "法律、法规、规章或者国家政策调整，致使本协议不能继续履行",
    "NON_PAYMENT": "乙方逾期付款，经催告后在催告期限内仍未支付",
    "SERIOUS_BREACH": "乙方有超出应用场景使用、非法获取数据、侵犯他人合法权益等严重违约行为",
}
DISPOSALS = {"DESTROY": "销毁", "RETURN": "退还"}
OWNERS = {"USER": "乙方", "PROVIDER": "甲方", "SHARED": "双方共有"}
CYCLES = {"MONTH": "按月", "QUARTER": "按季度"}
BASE_UNITS = {"MONTH": "月", "YEAR": "年", "PRODUCT": "个产品"}
PRICE_MODELS = {
    "FREE": "免费",
    "FIXED_PRODUCT": "按产品定价",
    "PER_CALL": "按次计费",
    "TIERED_CALL": "按次阶梯计费",
    "PER_RECORD": "按条计费",
    "SUBSCRIPTION_PERIOD": "按期订阅",
    "HYBRID": "基础费加超量计费",
}


def listed(words: dict[str, str], codes: Iterable[str]) -> str:
    """Return codes as a Chinese enumeration, in the order of the dictionary."""
    wanted = set(codes)
    known = [word for code, word in words.items() if code in wanted]
    return "、".join(known + sorted(wanted - set(words)))


def place(code: str) -> str:
    """Return a place by its code of GB/T 2260."""
    return PLACES.get(code, f"行政区划代码{code}所在地")


def amount(fen: int) -> str:
    """Return an amount in figures and in capitals, as contracts state it."""
    return f"人民币{format_yuan(fen, sign='')}元（大写：{capital_chinese(fen)}）"


def unit_price(yuan: Decimal) -> str:
    """Return a unit price; parts of a fen have no capital form."""
    plain = format(yuan, "f")
    fen = yuan * 100
    if fen == fen.to_integral_value():
        return f"人民币{yuan:.2f}元（大写：{capital_chinese(int(fen))}）"
    return f"人民币{plain.rstrip('0')}元"


def count(number: int) -> str:
    """Return a number with separators for thousands."""
    return f"{number:,}"

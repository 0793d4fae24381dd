"""
Why a gate refuses a call: a code for machines, and for people what happened and what to do. Pure.

Both languages stand here because an answer to a machine carries both, whoever reads it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Every reason a call may be refused for."""

    NO_CREDENTIAL = "NO_CREDENTIAL"
    UNKNOWN_CREDENTIAL = "UNKNOWN_CREDENTIAL"
    CREDENTIAL_SUSPENDED = "CREDENTIAL_SUSPENDED"
    CREDENTIAL_REVOKED = "CREDENTIAL_REVOKED"
    CREDENTIAL_EXPIRED = "CREDENTIAL_EXPIRED"
    CREDENTIAL_NOT_YET_VALID = "CREDENTIAL_NOT_YET_VALID"
    ADDRESS_NOT_ALLOWED = "ADDRESS_NOT_ALLOWED"
    NOT_LICENSED = "NOT_LICENSED"
    DATASET_NOT_PUBLISHED = "DATASET_NOT_PUBLISHED"
    AGREEMENT_NOT_IN_FORCE = "AGREEMENT_NOT_IN_FORCE"
    LICENSE_NOT_ACTIVE = "LICENSE_NOT_ACTIVE"
    LICENSE_SUSPENDED = "LICENSE_SUSPENDED"
    LICENSE_REVOKED = "LICENSE_REVOKED"
    LICENSE_EXPIRED = "LICENSE_EXPIRED"
    SCENARIO_MISSING = "SCENARIO_MISSING"
    SCENARIO_MISMATCH = "SCENARIO_MISMATCH"
    SANDBOX_ONLY = "SANDBOX_ONLY"
    FIELD_NOT_GRANTED = "FIELD_NOT_GRANTED"
    FIELD_BLOCKED = "FIELD_BLOCKED"
    FILTER_NOT_GRANTED = "FILTER_NOT_GRANTED"
    FILTER_VALUE_NOT_GRANTED = "FILTER_VALUE_NOT_GRANTED"
    FILTER_INVALID = "FILTER_INVALID"
    CASE_NOT_NAMED = "CASE_NOT_NAMED"
    LIMIT_INVALID = "LIMIT_INVALID"
    CURSOR_INVALID = "CURSOR_INVALID"
    QUERY_INVALID = "QUERY_INVALID"
    RATE_EXCEEDED = "RATE_EXCEEDED"
    DAILY_QUOTA_EXCEEDED = "DAILY_QUOTA_EXCEEDED"
    MONTHLY_QUOTA_EXCEEDED = "MONTHLY_QUOTA_EXCEEDED"
    TOTAL_QUOTA_EXCEEDED = "TOTAL_QUOTA_EXCEEDED"
    NOT_FOUND = "NOT_FOUND"
    METHOD_NOT_ALLOWED = "METHOD_NOT_ALLOWED"
    DELIVERY_FAILED = "DELIVERY_FAILED"
    METER_UNAVAILABLE = "METER_UNAVAILABLE"
    GATE_STALE = "GATE_STALE"


@dataclass(frozen=True, slots=True)
class Wording:
    """The HTTP status of a reason, what happened, and what to do next."""

    status: int
    zh: str
    en: str
    next_zh: str
    next_en: str


_LICENSE_PAGE = (
    "请在许可证页面查看状态和原因。",
    "See the page of the license for state and cause.",
)

WORDINGS: dict[Reason, Wording] = {
    Reason.NO_CREDENTIAL: Wording(
        401, "请求未携带凭证。", "The request carries no credential.",
        "请使用请求头 Authorization: Bearer 携带密钥。",
        "Send the key in the header Authorization: Bearer.",
    ),
    Reason.UNKNOWN_CREDENTIAL: Wording(
        401, "凭证无法识别。", "The credential is not known.",
        "请核对密钥是否完整；密钥遗失的，请在许可证页面更换。",
        "Check that the key is complete; if it is lost, replace it on the page of the license.",
    ),
    Reason.CREDENTIAL_SUSPENDED: Wording(
        403, "凭证已暂停使用。", "The credential is suspended.", *_LICENSE_PAGE
    ),
    Reason.CREDENTIAL_REVOKED: Wording(
        403, "凭证已吊销。", "The credential is revoked.",
        "请停止使用该密钥；仍有有效许可的，请重新申请凭证。",
        "Stop using this key; with a license still in force, request a new credential.",
    ),
    Reason.CREDENTIAL_EXPIRED: Wording(
        403, "凭证已过有效期。", "The credential has expired.",
        "请改用新密钥，或者在许可证页面申请凭证。",
        "Use the new key, or request a credential on the page of the license.",
    ),
    Reason.CREDENTIAL_NOT_YET_VALID: Wording(
        403, "凭证尚未生效。", "The credential is not valid yet.",
        "请在凭证生效后调用。", "Call again once it is valid.",
    ),
    Reason.ADDRESS_NOT_ALLOWED: Wording(
        403, "来源地址不在允许范围内。", "The caller's address is not on the allow list.",
        "请从登记的地址调用，或者登记新的应用。",
        "Call from a registered address, or register a new client application.",
    ),
    Reason.NOT_LICENSED: Wording(
        403, "该凭证未获准使用所请求的数据集。", "This credential is not licensed for the dataset.",
        "请核对数据集编号；需要使用的，请提出申请。",
        "Check the dataset code; apply for the dataset if you need it.",
    ),
    Reason.DATASET_NOT_PUBLISHED: Wording(
        403, "数据集已暂停或者停止开放。", "The dataset is suspended or withdrawn.",
        "请关注平台通知，恢复开放后再调用。",
        "Watch the platform's messages and call again once it is open.",
    ),
    Reason.AGREEMENT_NOT_IN_FORCE: Wording(
        403, "数据利用协议不在有效状态。", "The data use agreement is not in force.",
        "请在协议页面查看状态和原因。", "See the page of the agreement for state and cause.",
    ),
    Reason.LICENSE_NOT_ACTIVE: Wording(
        403, "许可证尚未生效。", "The license is not active yet.", *_LICENSE_PAGE
    ),
    Reason.LICENSE_SUSPENDED: Wording(
        403, "许可证已中止。", "The license is suspended.", *_LICENSE_PAGE
    ),
    Reason.LICENSE_REVOKED: Wording(
        403, "许可证已终止。", "The license has ended.",
        "请停止使用，并按照协议处置已获取的数据。",
        "Stop the use and dispose of the data as agreed.",
    ),
    Reason.LICENSE_EXPIRED: Wording(
        403, "许可证已过有效期。", "The license has expired.",
        "请停止使用；需要继续使用的，请申请续期。", "Stop the use; apply for a renewal if needed.",
    ),
    Reason.SCENARIO_MISSING: Wording(
        400, "请求未注明应用场景。", "The request names no scenario.",
        "请使用请求头 X-Datadeed-Scenario 注明许可的应用场景编号。",
        "Name the licensed scenario in the header X-Datadeed-Scenario.",
    ),
    Reason.SCENARIO_MISMATCH: Wording(
        403, "请求的应用场景与许可不符，已记录。",
        "The scenario is not the licensed one; this is on record.",
        "仅可在许可的应用场景内使用；新的场景须另行申请。",
        "Use the data in the licensed scenario only; a new scenario needs an application.",
    ),
    Reason.SANDBOX_ONLY: Wording(
        403, "该许可仅限在安全沙箱内使用数据。", "This license holds in the secure sandbox only.",
        "请从安全沙箱内调用。", "Call from within the secure sandbox.",
    ),
    Reason.FIELD_NOT_GRANTED: Wording(
        403, "请求了许可范围以外的字段。", "A requested field is outside the license.",
        "请仅请求许可证载明的字段。", "Request only the fields named on the license.",
    ),
    Reason.FIELD_BLOCKED: Wording(
        403, "请求的字段已被限制使用。", "A requested field is blocked by a restriction.",
        *_LICENSE_PAGE,
    ),
    Reason.FILTER_NOT_GRANTED: Wording(
        403, "请求了许可范围以外的筛选条件。", "A filter is outside the license.",
        "请仅使用许可证载明的筛选字段。", "Filter only by the fields named on the license.",
    ),
    Reason.FILTER_VALUE_NOT_GRANTED: Wording(
        403, "筛选值超出许可范围。", "A filter value is outside the license.",
        "请仅使用许可证载明的取值。", "Use only the values named on the license.",
    ),
    Reason.FILTER_INVALID: Wording(
        422, "筛选值与字段类型不符。", "A filter value does not fit its field.",
        "请按字段类型填写，例如日期使用 2026-11-03。",
        "Write it as the type of the field asks, e.g. a date as 2026-11-03.",
    ),
    Reason.CASE_NOT_NAMED: Wording(
        422, "核验请求须指明一个核验对象。", "A verification must name the one case it asks about.",
        "请使用许可的筛选字段指明核验对象，且仅限一个。",
        "Name one case by the filter fields of the license.",
    ),
    Reason.LIMIT_INVALID: Wording(
        422, "limit 超出允许范围。", "The limit is out of range.",
        "请填写 1 至许可的每次最大条数之间的整数。",
        "Send a whole number from 1 to the rows per call of the license.",
    ),
    Reason.CURSOR_INVALID: Wording(
        422, "游标无效，或者数据版本已经更新。",
        "The cursor is invalid, or the data has a new version.",
        "请去掉 cursor 参数，从头读取。", "Leave the cursor out and read from the start.",
    ),
    Reason.QUERY_INVALID: Wording(
        400, "请求参数无法解析。", "The query cannot be read.",
        "请检查参数是否重复、过长或者编码有误。",
        "Check the parameters: repeated, too long, or wrongly encoded.",
    ),
    Reason.RATE_EXCEEDED: Wording(
        429, "调用频率超过许可限额。", "The calls are faster than the license allows.",
        "请降低调用频率后重试。", "Slow down and try again.",
    ),
    Reason.DAILY_QUOTA_EXCEEDED: Wording(
        429, "当日调用配额已用完。", "The quota of the day is used up.",
        "请次日再调用。", "Call again tomorrow.",
    ),
    Reason.MONTHLY_QUOTA_EXCEEDED: Wording(
        429, "当月调用配额已用完。", "The quota of the month is used up.",
        "请下月再调用，或者申请调整配额。", "Call again next month, or ask for a larger quota.",
    ),
    Reason.TOTAL_QUOTA_EXCEEDED: Wording(
        403, "许可的调用总量已用完。", "All calls of this license are used up.",
        "请提出变更或者续期申请。", "Apply for an amendment or a renewal.",
    ),
    Reason.NOT_FOUND: Wording(
        404, "没有这个地址。", "There is no such address.",
        "数据地址为 /v1/data/数据集编号。", "Data are at /v1/data/<dataset code>.",
    ),
    Reason.METHOD_NOT_ALLOWED: Wording(
        405, "仅支持 GET 方法。", "Only GET is allowed.", "请使用 GET 方法。", "Use GET."
    ),
    Reason.DELIVERY_FAILED: Wording(
        500, "读取数据失败，本次不计费。", "Reading the data failed; this call is not billed.",
        "请稍后重试；60 秒内重试同一请求不计费。",
        "Try again; the same request within 60 seconds is not billed.",
    ),
    Reason.METER_UNAVAILABLE: Wording(
        503, "计量服务暂不可用，未提供数据，本次不计费。",
        "Metering is unavailable; no data was delivered and nothing is billed.",
        "请稍后重试。", "Try again shortly.",
    ),
    Reason.GATE_STALE: Wording(
        503, "网关暂时无法确认许可状态，未提供数据，本次不计费。",
        "The gate cannot confirm the licenses at present; nothing was delivered or billed.",
        "请稍后重试。", "Try again shortly.",
    ),
}  # fmt: skip


def wording(reason: Reason) -> Wording:
    """Return the words of a reason."""
    return WORDINGS[reason]


def label(code: str, *, language: str) -> str:
    """Return what a stored reason code means in a language; an unknown code stands for itself."""
    known = WORDINGS.get(Reason(code)) if code in Reason.__members__ else None
    if known is None:
        return code
    return known.zh if language.startswith("zh") else known.en

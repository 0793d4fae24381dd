"""The words this product adds to ODRL: what they mean, and what they are included in. Pure."""

from __future__ import annotations

from urllib.parse import quote

from contracts.odrl import vocabulary
from contracts.odrl.vocabulary import DATADEED, ODRL

# What a call filters one field by: a left operand for each field of a dataset.
FILTER_VALUE = f"{DATADEED}filterValue:"

# Each action of the profile: the action that includes it, and its meaning.
OWN_ACTIONS: dict[str, tuple[str, str]] = {
    "hold": ("use", "Keep the data as their holder."),
    "operate": ("use", "Offer products or services made of the data to others."),
    "provideExternally": ("distribute", "Let anybody outside the assignee's organization use it."),
    "reidentify": ("use", "Find out which person or company a desensitized record speaks of."),
    "subDelegate": ("distribute", "Let a processor pass the data on to another one."),
    "provideInterface": ("distribute", "Offer the data to others by an interface."),
    "storeIn": ("use", "Store the data in the named places and nowhere else."),
    "processIn": ("use", "Process the data in the named places and nowhere else."),
    "transferAbroad": ("transfer", "Move the data, or give access to them, across the border."),
    "registerClient": ("use", "Register a program that is to call for the data."),
    "applyControls": ("use", "Keep the named security controls in force."),
    "keepLogs": ("use", "Keep the logs of the use."),
    "nameOfficer": ("use", "Name a person responsible for the security of the data."),
    "acceptInspection": ("use", "Let the assigner inspect the use."),
    "checkOutput": ("use", "Have results checked before they leave the environment."),
    "protect": ("use", "Run the environment at a level of classified protection."),
    "deleteBackups": ("delete", "Delete the copies kept as backups."),
    "destroy": ("delete", "Destroy the data so that they cannot be restored."),
    "returnData": ("transfer", "Give the data back to the assigner."),
    "certifyDisposal": ("use", "Prove by a certificate that the data were disposed of."),
    "keepSecret": ("use", "Keep secret what the data say, also after the end."),
    "reportUse": ("inform", "Report on the use, with the named contents."),
    "acceptEvaluation": ("use", "Take part in the periodic evaluation."),
    "excludeSourceContent": ("use", "Leave the content of the source out of what is made of it."),
    "desensitize": ("anonymize", "Change values before delivery, as the refinement says."),
    "groupRecords": ("anonymize", "Leave out groups smaller than the refinement says."),
    "limitRows": ("use", "Deliver only rows whose field has one of the named values."),
    "limitHistory": ("use", "Deliver only records not older than the refinement says."),
    "warnOfQuota": ("inform", "Tell the assignee when part of the quota is used up."),
    "provideQuality": ("use", "Keep the data at the quality promised."),
    "followStandards": ("use", "Follow the named standards."),
    "keepConsent": ("use", "Keep the evidence of the consents."),
}

# Each left operand of the profile and its meaning; the world or the request gives the value.
OWN_OPERANDS: dict[str, str] = {
    "agreementState": "The state of the agreement, as docs/state-machines.md names it.",
    "licenseState": "The state of the license for the dataset.",
    "datasetState": "The state of the dataset.",
    "purposeClass": "The class of the purpose: governance, public benefit, industry, sector.",
    "field": "The fields a call asks for.",
    "filterField": "The fields a call filters by; an empty list when by none.",
    "filterCount": "How many fields a call filters by.",
    "rows": "How many rows a call asks for; 1 when it names no number.",
    "continuation": "Whether a call goes on from an earlier page.",
    "callsInAll": "All calls for the dataset under its license, this one included.",
    "callsThisMonth": "The calls of this month for the dataset, this one included.",
    "callsThisDay": "The calls of this day for the dataset, this one included.",
    "callsThisSecond": "The calls of this second for the dataset, this one included.",
    "clientReviewed": "Whether the calling program was reviewed and approved.",
    "clients": "The registered programs, the new one included.",
    "protectionLevel": "The level of classified protection of the environment (GB/T 22239).",
    "place": "A place by its six digits of GB/T 2260; a district lies in its city.",
    "control": "The security controls in force.",
    "hours": "Hours since the event.",
    "months": "Months.",
    "days": "Days.",
    "workingDays": "Working days of the official calendar.",
    "transform": "How a field is changed, as field=RULE.",
    "groupSize": "The number of records in a group.",
    "rowValue": "The values a row may have in a field, as field=value.",
    "content": "The contents of a report.",
    "quotaPercent": "The part of the quota that is used up.",
    "quality": "What is promised of the quality, as measure=value.",
    "standard": "The standards followed.",
    "disposalEvidence": "The kind of evidence.",
    "price": "The price of a dataset, as its entry=value.",
}

ACTIONS: dict[str, str | None] = vocabulary.ACTIONS | {
    DATADEED + name: (DATADEED if parent in OWN_ACTIONS else ODRL) + parent
    for name, (parent, _meaning) in OWN_ACTIONS.items()
}
LEFT_OPERANDS = vocabulary.LEFT_OPERANDS | {DATADEED + name for name in OWN_OPERANDS}

# Properties that carry a term as text: part of the agreement, no part of any decision.
CLAUSE = f"{DATADEED}clause"
OWN_ANNOTATIONS: dict[str, str] = {
    "clause": "A term that people keep and no machine decides.",
    "term": "The entry of the terms a rule or a clause comes from.",
    "value": "What the entry states.",
    "text": "The words of the clause.",
    "termsHash": "The hash of the terms the policy was written from.",
    "textHash": "The hash of the text under the signatures.",
}
ANNOTATIONS = frozenset(DATADEED + name for name in OWN_ANNOTATIONS)

# A place of the profile and the larger one it lies in.
REGIONS = {
    f"{DATADEED}region:CITY": f"{DATADEED}region:PROVINCE",
    f"{DATADEED}region:PROVINCE": f"{DATADEED}region:COUNTRY",
}
SANDBOX = f"{DATADEED}location:SANDBOX"


def filter_value(name: str) -> str:
    """Return the left operand that stands for the value a call filters one field by."""
    return FILTER_VALUE + quote(name, safe="")

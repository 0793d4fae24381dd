"""The words of ODRL 2.2 and of this product's profile, as far as they are evaluated. Pure."""

from __future__ import annotations

ODRL = "http://www.w3.org/ns/odrl/2/"
RDF = "http://www.w3.org/1999/02/22-rdf-syntax-ns#"
RDFS = "http://www.w3.org/2000/01/rdf-schema#"
XSD = "http://www.w3.org/2001/XMLSchema#"
DCT = "http://purl.org/dc/terms/"
DC = "http://purl.org/dc/elements/1.1/"
SKOS = "http://www.w3.org/2004/02/skos/core#"
FOAF = "http://xmlns.com/foaf/0.1/"
VCARD = "http://www.w3.org/2006/vcard/ns#"
SCHEMA = "http://schema.org/"
CC = "http://creativecommons.org/ns#"
REPORT = "https://w3id.org/force/compliance-report#"
SOTW = "https://w3id.org/force/sotw#"
# The profile of this product; a name without a host, because no host is promised for ever.
DATADEED = "urn:datadeed:odrl:"
PROFILE = f"{DATADEED}profile:1"
PROFILES = (PROFILE, f"{ODRL}core", ODRL)

PREFIXES = {
    "odrl": ODRL, "rdf": RDF, "rdfs": RDFS, "xsd": XSD, "dct": DCT, "dc": DC, "skos": SKOS,
    "foaf": FOAF, "vcard": VCARD, "schema": SCHEMA, "cc": CC, "report": REPORT, "sotw": SOTW,
    "datadeed": DATADEED,
}  # fmt: skip

POLICY_TYPES = ("Set", "Policy", "Offer", "Agreement")
RULE_KINDS = {"permission": "Permission", "prohibition": "Prohibition", "obligation": "Duty"}
ORDER = ("lt", "lteq", "gt", "gteq")
SINGLE = ("eq", "neq", *ORDER)
SETS = ("isA", "hasPart", "isPartOf", "isAllOf", "isAnyOf", "isNoneOf")
OPERATORS = (*SINGLE, *SETS)
LOGIC = ("and", "or", "xone")
CONFLICTS = ("perm", "prohibit", "invalid")

# Each action with the one it is included in (ODRL Common Vocabulary); roots have none.
ACTIONS: dict[str, str | None] = {ODRL + "use": None, ODRL + "transfer": None}
ACTIONS |= {
    ODRL + name: ODRL + "use"
    for name in (
        "acceptTracking", "aggregate", "annotate", "anonymize", "archive", "attribute",
        "compensate", "concurrentUse", "delete", "derive", "digitize", "distribute",
        "ensureExclusivity", "execute", "grantUse", "include", "index", "inform", "install",
        "modify", "move", "nextPolicy", "obtainConsent", "play", "present", "print", "read",
        "reproduce", "reviewPolicy", "stream", "synchronize", "textToSpeech", "transform",
        "translate", "uninstall", "watermark",
        # Deprecated in 2.2 and still met in policies and requests.
        "write",
    )
}  # fmt: skip
ACTIONS |= {
    ODRL + "display": ODRL + "play",
    ODRL + "extract": ODRL + "reproduce",
    ODRL + "give": ODRL + "transfer",
    ODRL + "sell": ODRL + "transfer",
}
ACTIONS |= {
    CC + name: ODRL + "use"
    for name in (
        "Attribution", "CommercialUse", "DerivativeWorks", "Distribution", "Notice",
        "Reproduction", "ShareAlike", "Sharing", "SourceCode",
    )
}  # fmt: skip

LEFT_OPERANDS = frozenset(
    ODRL + name
    for name in (
        "absolutePosition", "absoluteSize", "absoluteSpatialPosition",
        "absoluteTemporalPosition", "count", "dateTime", "delayPeriod", "deliveryChannel",
        "elapsedTime", "event", "fileFormat", "industry", "language", "media", "meteredTime",
        "payAmount", "percentage", "product", "purpose", "recipient", "relativePosition",
        "relativeSize", "relativeSpatialPosition", "relativeTemporalPosition", "resolution",
        "spatial", "spatialCoordinates", "systemDevice", "timeInterval", "unitOfCount",
        "version", "virtualLocation",
    )
)  # fmt: skip

# Who takes part in a duty besides its assignee; descriptive, because the world reports duties.
PARTY_FUNCTIONS = tuple(
    ODRL + name
    for name in (
        "attributedParty", "attributingParty", "compensatedParty", "compensatingParty",
        "consentedParty", "consentingParty", "contractedParty", "contractingParty",
        "informedParty", "informingParty", "trackedParty", "trackingParty",
    )
)  # fmt: skip

# Properties that describe and change no decision, wherever they stand.
DESCRIPTIONS = frozenset(
    [
        DCT + name
        for name in (
            "abstract", "alternative", "conformsTo", "contributor", "created", "creator", "date",
            "description", "format", "hasVersion", "identifier", "isReplacedBy", "isVersionOf",
            "issued", "language", "modified", "publisher", "references", "relation", "replaces",
            "source", "subject", "title",
        )
    ]
    + [DC + name for name in ("contributor", "creator", "description", "publisher", "title")]
    + [RDFS + name for name in ("comment", "label", "seeAlso")]
    + [SKOS + name for name in ("altLabel", "definition", "note", "prefLabel", "scopeNote")]
)  # fmt: skip
# Namespaces that describe a party or an asset and say nothing of what may be done.
PORTRAITS = (FOAF, VCARD, SCHEMA)

# Values of these are names even where a context does not say so.
NAMES_OF_TERMS = frozenset(
    [ODRL + name for name in ("action", "operator", "leftOperand", "conflict", "includedIn",
                              "implies", "status", "hasPolicy")]
    + [RDF + "value"]
    + [REPORT + name for name in ("activationState", "attemptState", "performanceState",
                                  "deonticState", "satisfactionState")]
    + [SOTW + name for name in ("requestedAction", "evaluatedAction", "describesFeature")]
)  # fmt: skip
NAMES_OF_THINGS = frozenset(
    [ODRL + name for name in ("target", "assignee", "assigner", "assigneeOf", "assignerOf",
                              "permission", "prohibition", "obligation", "duty", "consequence",
                              "remedy", "constraint", "refinement", "partOf", "source", "uid",
                              "profile", "unit", "inheritFrom", "output", "and", "or", "xone",
                              "andSequence", "rightOperandReference", "dataType")]
    + list(PARTY_FUNCTIONS)
    + [REPORT + name for name in ("policy", "policyRequest", "rule", "ruleReport", "ruleRequest",
                                  "conditionReport", "premiseReport", "constraint")]
    + [SOTW + name for name in ("requestingParty", "requestedTarget", "evaluatedParty",
                                "evaluatedTarget", "requestParameter", "existingReport",
                                "partyCollection", "assetCollection", "includes")]
)  # fmt: skip

TERMS_OF_ODRL = frozenset(
    (
        *POLICY_TYPES, "Request", "Rule", "Permission", "Prohibition", "Duty", "Asset",
        "AssetCollection", "Party", "PartyCollection", "Action", "Constraint",
        "LogicalConstraint", "Operator", "LeftOperand", "RightOperand", "ConflictTerm",
        "permission", "prohibition", "obligation", "duty", "consequence", "remedy", "target",
        "output", "assignee", "assigner", "assigneeOf", "assignerOf", "action", "constraint",
        "refinement", "profile", "inheritFrom", "conflict", "hasPolicy", "partOf", "source",
        "includedIn", "implies", "leftOperand", "operator", "rightOperand",
        "rightOperandReference", "unit", "dataType", "status", "operand", "andSequence",
        *OPERATORS, *LOGIC, *CONFLICTS,
    )
)  # fmt: skip


def short(iri: str) -> str:
    """Return an IRI with its usual prefix, as people write it."""
    for prefix, namespace in PREFIXES.items():
        if iri.startswith(namespace) and len(iri) > len(namespace):
            return f"{prefix}:{iri[len(namespace):]}"
    return iri

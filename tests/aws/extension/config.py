"""AWS Config: what its rules say of resources, which moto lacks.

Nothing is evaluated: a test says what complies and what does not, by POST /kintsugi/compliance.
"""

from __future__ import annotations

import json
import time
from collections import defaultdict
from collections.abc import Callable
from typing import Any

from moto.config.exceptions import (
    InvalidLimitException,
    InvalidNextTokenException,
    InvalidParameterValueException,
    NoSuchConfigRuleException,
)
from moto.config.models import CONFIG_RULE_PAGE_SIZE, config_backends
from moto.config.responses import ConfigResponse

Shape = dict[str, Any]
Place = tuple[str, str]  # account and region
MOST_COUNTED = 25
MOST_RESULTS = 100
FEWEST_RESULTS = 10  # where no limit is given
OF_RESOURCES = ("NON_COMPLIANT", "COMPLIANT", "NOT_APPLICABLE")
OF_RULES = ("NON_COMPLIANT", "COMPLIANT", "INSUFFICIENT_DATA")
# By place and rule, then by the resource's type and id.
_results: dict[tuple[Place, str], dict[tuple[str, str], Shape]] = defaultdict(dict)


def results(place: Place, rule: str) -> list[Shape]:
    """What the rule says, in the order of the resources' ids."""
    return [one for _, one in sorted(_results[place, rule].items())]


def of_rule(place: Place, rule: str) -> Shape:
    """What a rule says of all of its resources together."""
    found = results(place, rule)
    for kind in ("NON_COMPLIANT", "COMPLIANT"):
        if count := sum(one["ComplianceType"] == kind for one in found):
            counted = {"CappedCount": min(count, MOST_COUNTED), "CapExceeded": count > MOST_COUNTED}
            return {"ComplianceType": kind, "ComplianceContributorCount": counted}
    return {"ComplianceType": "INSUFFICIENT_DATA"}


def page(items: list[Shape], token: str | None, most: int) -> tuple[list[Shape], Shape]:
    if token and not (token.isdigit() and int(token) < len(items)):
        raise InvalidNextTokenException()
    start = int(token or 0)
    return items[start : start + most], {"NextToken": str(start + most)} if start + most < len(items) else {}


def wanted(given: list[str] | None, allowed: tuple[str, ...]) -> list[str]:
    if unknown := set(given or ()) - set(allowed):
        raise InvalidParameterValueException(f"ComplianceTypes: none of {', '.join(sorted(unknown))} is allowed here")
    return list(given or allowed)


class Compliance(ConfigResponse):
    """The operations that are new to moto."""

    def describe_compliance_by_config_rule(self) -> str:
        place, rules = (self.current_account, self.region), self.config_backend.config_rules
        names = self._get_param("ConfigRuleNames") or sorted(rules)
        for name in names:
            if name not in rules:
                raise NoSuchConfigRuleException(name)
        kinds = wanted(self._get_param("ComplianceTypes"), OF_RULES)
        found = [{"ConfigRuleName": name, "Compliance": of_rule(place, name)} for name in names]
        found = [one for one in found if one["Compliance"]["ComplianceType"] in kinds]
        items, more = page(found, self._get_param("NextToken"), CONFIG_RULE_PAGE_SIZE)
        return json.dumps({"ComplianceByConfigRules": items, **more})

    def get_compliance_details_by_config_rule(self) -> str:
        place, name = (self.current_account, self.region), self._get_param("ConfigRuleName")
        if name not in self.config_backend.config_rules:
            raise NoSuchConfigRuleException(name)
        kinds = wanted(self._get_param("ComplianceTypes"), OF_RESOURCES)
        most = self._get_param("Limit") or FEWEST_RESULTS
        if not 0 < most <= MOST_RESULTS:
            raise InvalidLimitException(most)
        found = [one for one in results(place, name) if one["ComplianceType"] in kinds]
        items, more = page(found, self._get_param("NextToken"), most)
        return json.dumps({"EvaluationResults": items, **more})


def set_compliance(asked: Shape) -> Shape:
    """What a rule says of a resource from now on. The rule is made where an identifier of AWS's is given."""
    place, rule = (asked["account"], asked["region"]), asked["rule"]
    backend = config_backends[place[0]][place[1]]
    if rule not in backend.config_rules:
        source = {"Owner": "AWS", "SourceIdentifier": asked["identifier"]}
        backend.put_config_rule({"ConfigRuleName": rule, "Source": source})
    kind, now = asked.get("compliance", "NON_COMPLIANT"), round(time.time(), 3)
    if kind not in OF_RESOURCES:
        raise ValueError(f"compliance is one of {', '.join(OF_RESOURCES)}")
    qualifier = {"ConfigRuleName": rule, "ResourceType": asked["type"], "ResourceId": asked["id"]}
    _results[place, rule][asked["type"], asked["id"]] = {
        "EvaluationResultIdentifier": {
            "EvaluationResultQualifier": {**qualifier, "EvaluationMode": "DETECTIVE"},
            "OrderingTimestamp": now,
        },
        "ComplianceType": kind,
        "ResultRecordedTime": now,
        "ConfigRuleInvokedTime": now,
    }
    return {"rule": of_rule(place, rule)}


QUESTIONS: dict[str, Callable[[Shape], Shape]] = {"/kintsugi/compliance": set_compliance}


def rule_arns(response: ConfigResponse, names: list[str]) -> list[str]:
    """The ARNs of the rules with these names, as far as there are any."""
    rules = response.config_backend.config_rules
    return [rules[name].config_rule_arn for name in names if name in rules]


def extend() -> None:
    for name, method in vars(Compliance).items():
        if not name.startswith("__"):
            setattr(ConfigResponse, name, method)

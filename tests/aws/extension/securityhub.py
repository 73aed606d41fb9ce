"""Security Hub: the updates of findings that moto lacks, and GetFindings with the filters that a test needs.

Findings come in by BatchImportFindings; what BatchUpdateFindings set stays when they come in again. An update sends the
event "Security Hub Findings - Imported", one for each finding, where that was asked for. Each finding has a twin in OCSF (the "V2" calls), as on AWS: metadata.uid is the
SHA-256, in hex, of "<ProductArn>|<Id>", finding_info.uid the Id, metadata.product.uid the ProductArn.
"""

from __future__ import annotations

import hashlib
import json
import os
import urllib.request
from collections.abc import Callable
from datetime import datetime, timezone
from typing import Any

from botocore.session import get_session
from botocore.validate import ParamValidator
from moto.securityhub import urls
from moto.securityhub.exceptions import SecurityHubClientError
from moto.securityhub.models import Finding
from moto.securityhub.responses import SecurityHubResponse

Shape = dict[str, Any]
MOST = 100
LONGEST_TEXT = 512
STATUSES = (None, "NEW", "NOTIFIED", "RESOLVED", "SUPPRESSED")
STATUS_IDS = (None, 0, 1, 2, 3, 4, 5, 99)
NORMALIZED = {"INFORMATIONAL": 0, "LOW": 1, "MEDIUM": 40, "HIGH": 70, "CRITICAL": 90}
UPDATABLE = (
    "Note Severity VerificationState Confidence Criticality Types UserDefinedFields Workflow RelatedFindings".split()
)


def compliance(finding: Shape, name: str) -> list[str]:
    """A field that findings of other products lack."""
    found = finding.get("Compliance", {})
    return [found[name]] if name in found else []


# Where a filter of GetFindings looks.
FILTERS = {
    "Id": lambda finding: [finding["Id"]],
    "ProductArn": lambda finding: [finding["ProductArn"]],
    "ProductName": lambda finding: [finding["ProductName"]] if "ProductName" in finding else [],
    "AwsAccountId": lambda finding: [finding["AwsAccountId"]],
    "GeneratorId": lambda finding: [finding["GeneratorId"]],
    "ResourceId": lambda finding: [resource["Id"] for resource in finding["Resources"]],
    "ResourceType": lambda finding: [resource["Type"] for resource in finding["Resources"]],
    "ComplianceStatus": lambda finding: compliance(finding, "Status"),
    "ComplianceSecurityControlId": lambda finding: compliance(finding, "SecurityControlId"),
    "RecordState": lambda finding: [finding["RecordState"]],
    "WorkflowStatus": lambda finding: [finding["Workflow"]["Status"]],
}


def passes(finding: Shape, filters: Shape) -> bool:
    """Filters are joined by AND, the values of one by OR."""
    for name, conditions in filters.items():
        if name not in FILTERS or any(one["Comparison"] not in ("EQUALS", "PREFIX") for one in conditions):
            raise refuse(f"the emulator has no filter {name} with {conditions}; it has {', '.join(FILTERS)}")
        hits = [
            text == one["Value"] or (one["Comparison"] == "PREFIX" and text.startswith(one["Value"]))
            for one in conditions
            for text in FILTERS[name](finding)
        ]
        if not any(hits):
            return False
    return True


def refuse(why: str, code: str = "InvalidInputException") -> SecurityHubClientError:
    return SecurityHubClientError(code, why)


def checked(response: SecurityHubResponse, operation: str) -> Shape:
    """The request's parameters, if botocore's model agrees with their types and finds the required ones."""
    given: Shape = json.loads(response.body or "{}")
    shape = get_session().get_service_model("securityhub").operation_model(operation).input_shape
    report = ParamValidator().validate(given, shape)
    if report.has_errors():
        raise refuse(report.generate_report())
    return given


def ocsf_uid(finding: Shape) -> str:
    return hashlib.sha256(f"{finding['ProductArn']}|{finding['Id']}".encode()).hexdigest()


def as_ocsf(finding: Finding) -> Shape:
    """The twin, with what a reader of updates needs."""
    data = finding.data
    return {
        "class_uid": 2003,
        "status_id": 1,
        "metadata": {"uid": ocsf_uid(data), "product": {"uid": data["ProductArn"]}},
        "finding_info": {"uid": data["Id"], "title": data.get("Title", "")},
        "cloud": {"account": {"uid": data["AwsAccountId"]}},
        "resources": [{"uid": resource.get("Id")} for resource in data["Resources"]],
        **getattr(finding, "ocsf", {}),
    }


def update(finding: Finding, given: Shape) -> None:
    """Change a finding, and remember what was changed."""
    if severity := given.get("Severity"):
        label = {"Normalized": NORMALIZED[severity["Label"]]} if "Label" in severity else {}
        given = {**given, "Severity": {**finding.data.get("Severity", {}), **label, **severity}}
    finding.data.update(given)
    finding.updated = getattr(finding, "updated", set()) | set(given)


def kept(finding: Finding) -> set[str]:
    """What does not change when the finding comes in again. Security Hub itself opens its findings anew, but never one
    that is suppressed."""
    fields: set[str] = getattr(finding, "updated", set())
    suppressed = finding.data.get("Workflow", {}).get("Status") == "SUPPRESSED"
    return fields if suppressed else fields - {"Workflow"}


# Whether updates send events: whoever plays Security Hub in a test sends those that it needs.
events = {"send": False}


def set_events(given: Shape) -> Shape:
    events["send"] = bool(given.get("send", events["send"]))
    return dict(events)


QUESTIONS: dict[str, Callable[[Shape], Shape]] = {"/kintsugi/finding-events": set_events}


def send_event(finding: Shape, account: str, region: str) -> None:
    """Tell the platform's default bus, as Security Hub does of every update."""
    entry = {
        "Source": "aws.securityhub",
        "DetailType": "Security Hub Findings - Imported",
        "Resources": [f"{finding['ProductArn']}/{finding['Id']}"],
        "Detail": json.dumps({"findings": [finding]}),
    }
    headers = {
        "authorization": f"AWS4-HMAC-SHA256 Credential={account}/20260101/{region}/events/aws4_request, "
        "SignedHeaders=host, Signature=0",
        "content-type": "application/x-amz-json-1.1",
        "user-agent": "app/stage",
        "x-amz-target": "AWSEvents.PutEvents",
    }
    body = json.dumps({"Entries": [entry]}).encode()
    request = urllib.request.Request(os.environ["AWS_ENDPOINT_URL"], body, headers, method="POST")
    urllib.request.urlopen(request, timeout=10).close()


class Updates(SecurityHubResponse):
    """What takes the place of moto's actions, or is new."""

    def batch_import_findings(self) -> str:
        updated = {f.id: {name: f.data[name] for name in kept(f)} for f in self.securityhub_backend.findings}
        answer = plain_import(self)
        for finding in self.securityhub_backend.findings:
            finding.data.update(updated.get(finding.id, {}))
            finding.data.setdefault("RecordState", "ACTIVE")
            finding.data.setdefault("Workflow", {"Status": "NEW"})
        return answer

    def get_findings(self) -> str:
        given = checked(self, "GetFindings")
        found = [f.data for f in self.securityhub_backend.findings if passes(f.data, given.get("Filters", {}))]
        start, most = int(given.get("NextToken") or 0), given.get("MaxResults", MOST)
        if not 1 <= most <= MOST:
            raise refuse(f"MaxResults: {most} given, 1 to {MOST} allowed")
        more = {"NextToken": str(start + most)} if start + most < len(found) else {}
        return json.dumps({"Findings": found[start : start + most], **more})

    def batch_update_findings(self) -> str:
        given = checked(self, "BatchUpdateFindings")
        identifiers, note = given["FindingIdentifiers"], given.get("Note")
        if not 1 <= len(identifiers) <= MOST:
            raise refuse(f"FindingIdentifiers: {len(identifiers)} given, 1 to {MOST} allowed")
        if note and not (note["UpdatedBy"].strip() and note["Text"].strip() and len(note["Text"]) <= LONGEST_TEXT):
            raise refuse(f"Note: UpdatedBy and Text must not be blank, and Text has at most {LONGEST_TEXT} characters")
        if given.get("Workflow", {}).get("Status") not in STATUSES:
            raise refuse(f"Workflow.Status is none of {STATUSES[1:]}")
        if note:
            given["Note"] = {**note, "UpdatedAt": datetime.now(timezone.utc).isoformat()}
        by_id = {(f.data["Id"], f.data["ProductArn"]): f for f in self.securityhub_backend.findings}
        processed: list[Shape] = []
        unprocessed: list[Shape] = []
        for one in identifiers:
            finding = by_id.get((one["Id"], one["ProductArn"]))
            if finding is None or one in processed:
                code = "FindingNotFound" if finding is None else "DuplicatedFindingIdentifier"
                unprocessed.append({"FindingIdentifier": one, "ErrorCode": code, "ErrorMessage": code})
                continue
            # UpdatedAt stays: that belongs to whoever found it.
            update(finding, {name: given[name] for name in UPDATABLE if name in given})
            processed.append(one)
            if events["send"]:
                send_event(finding.data, self.current_account, self.region)
        return json.dumps({"ProcessedFindings": processed, "UnprocessedFindings": unprocessed})

    def batch_update_findings_v2(self) -> str:
        given = checked(self, "BatchUpdateFindingsV2")
        uids, identifiers = given.get("MetadataUids"), given.get("FindingIdentifiers")
        if bool(uids) == bool(identifiers) or len(uids or identifiers) > MOST:
            raise refuse(f"either MetadataUids or FindingIdentifiers, at most {MOST}", "ValidationException")
        if not 1 <= len(given.get("Comment", "-")) <= LONGEST_TEXT or given.get("StatusId") not in STATUS_IDS:
            raise refuse(f"Comment: 1 to {LONGEST_TEXT} characters; StatusId: {STATUS_IDS[1:]}", "ValidationException")
        names = {"Comment": "comment", "StatusId": "status_id", "SeverityId": "severity_id"}
        updates = {ocsf: given[name] for name, ocsf in names.items() if name in given}
        answer: dict[str, list[Shape]] = {"ProcessedFindings": [], "UnprocessedFindings": []}
        for one in uids or identifiers:
            named = {"MetadataUid": one} if uids else {"FindingIdentifier": one}
            for finding in self.securityhub_backend.findings:
                data = finding.data
                at = {"CloudAccountUid": data["AwsAccountId"], "FindingInfoUid": data["Id"]}
                if one in (ocsf_uid(data), at | {"MetadataProductUid": data["ProductArn"]}):
                    finding.ocsf = getattr(finding, "ocsf", {}) | updates
                    answer["ProcessedFindings"].append(named)
                    break
            else:
                error = {"ErrorCode": "ResourceNotFoundException", "ErrorMessage": "no such finding"}
                answer["UnprocessedFindings"].append(named | error)
        return json.dumps(answer)

    def get_findings_v2(self) -> str:
        return json.dumps({"Findings": [as_ocsf(finding) for finding in self.securityhub_backend.findings]})


plain_import = SecurityHubResponse.batch_import_findings


def extend() -> None:
    for path in ("findings/batchupdate", "findingsv2", "findingsv2/batchupdatev2"):
        urls.url_paths[f"{{0}}/{path}$"] = SecurityHubResponse.dispatch
    for name, method in vars(Updates).items():
        if not name.startswith("__"):
            setattr(SecurityHubResponse, name, method)

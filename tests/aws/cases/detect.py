"""Repairs of GuardDuty, Inspector and Macie."""

from __future__ import annotations

from cases import Aws, Shape, case


def account(aws: Aws) -> str:
    return f"AWS::::Account:{aws.account}"


@case("detect/enable_guard_duty", "GuardDuty.1", region="ca-central-1")
def a_detector_is_made_once_a_person_agrees(aws: Aws) -> None:
    guardduty = aws.client("guardduty")
    record = aws.mend(account(aws), outcome="held")
    assert guardduty.list_detectors()["DetectorIds"] == []
    aws.approve(record)
    detector = guardduty.list_detectors()["DetectorIds"][0]
    found = guardduty.get_detector(DetectorId=detector)
    assert found["Status"] == "ENABLED" and found["Tags"] == {"AutoRemediate": "True"}


@case("detect/enable_guard_duty", "GuardDuty.1", region="eu-north-1")
def a_suspended_detector_goes_on_once_a_person_agrees(aws: Aws) -> None:
    guardduty = aws.client("guardduty")
    detector = guardduty.create_detector(Enable=False, Tags=aws.tag_map)["DetectorId"]

    def status() -> str:
        return str(guardduty.get_detector(DetectorId=detector)["Status"])

    record = aws.mend(account(aws), outcome="held")
    assert status() == "DISABLED"
    record = aws.approve(record)
    assert status() == "ENABLED"
    aws.undo(record)
    assert status() == "DISABLED"


def protected(control: str, region: str, before: Shape, after: Shape) -> None:
    """A case of a protection that is turned on once a person agrees."""

    @case("detect/enable_protection", control, region=region)
    def a_protection_is_turned_on_once_a_person_agrees(aws: Aws) -> None:
        guardduty = aws.client("guardduty")
        made = guardduty.create_detector(Enable=True, Tags=aws.tag_map, Features=[before])
        detector = made["DetectorId"]

        def features() -> list[Shape]:
            found: list[Shape] = guardduty.get_detector(DetectorId=detector)["Features"]
            return found

        arn = f"arn:aws:guardduty:{aws.region}:{aws.account}:detector/{detector}"
        record = aws.mend(arn, outcome="held")
        assert features() == [before]
        record = aws.approve(record)
        assert features() == [after], features()
        aws.undo(record)
        assert features() == [before], features()


def simple(name: str, status: str) -> Shape:
    return {"Name": name, "Status": status}


def runtime(status: str, agents: dict[str, str]) -> Shape:
    configured = [{"Name": name, "Status": is_set} for name, is_set in agents.items()]
    return {"Name": "RUNTIME_MONITORING", "Status": status, "AdditionalConfiguration": configured}


protected("GuardDuty.5", "eu-west-2", simple("EKS_AUDIT_LOGS", "DISABLED"), simple("EKS_AUDIT_LOGS", "ENABLED"))
protected(
    "GuardDuty.8",
    "eu-west-3",
    simple("EBS_MALWARE_PROTECTION", "DISABLED"),
    simple("EBS_MALWARE_PROTECTION", "ENABLED"),
)
protected("GuardDuty.10", "us-west-1", simple("S3_DATA_EVENTS", "DISABLED"), simple("S3_DATA_EVENTS", "ENABLED"))
protected(
    "GuardDuty.13",
    "us-west-2",
    runtime("DISABLED", {"EC2_AGENT_MANAGEMENT": "DISABLED", "EKS_ADDON_MANAGEMENT": "DISABLED"}),
    runtime("ENABLED", {"EC2_AGENT_MANAGEMENT": "ENABLED", "EKS_ADDON_MANAGEMENT": "DISABLED"}),
)


@case("detect/tag_detector_part", "GuardDuty.4", region="sa-east-1")
def a_detector_without_a_tag_is_left_to_a_person(aws: Aws) -> None:
    guardduty = aws.client("guardduty")
    detector = guardduty.create_detector(Enable=True, Tags=aws.tag_map)["DetectorId"]
    arn = f"arn:aws:guardduty:{aws.region}:{aws.account}:detector/{detector}"
    record = aws.mend(arn, outcome="held", parameters={"requiredTagKeys": ["Owner"]})
    assert "--tags Owner=VALUE" in record["make"][0]


def scanned(control: str, region: str, kinds: set[str]) -> None:
    """A case of kinds of scan that are turned on once a person agrees."""

    @case("detect/enable_scanning", control, region=region)
    def a_scan_is_turned_on_once_a_person_agrees(aws: Aws) -> None:
        inspector = aws.client("inspector2")
        # moto knows accounts that were asked for only.
        inspector.disable(accountIds=[aws.account], resourceTypes=["EC2"])

        def on() -> set[str]:
            found = inspector.batch_get_account_status(accountIds=[aws.account])["accounts"][0]["resourceState"]
            return {kind for kind, state in found.items() if state["status"] == "ENABLED"}

        record = aws.mend(account(aws), outcome="held")
        assert on() == set()
        record = aws.approve(record)
        assert on() == kinds
        aws.undo(record)
        assert on() == set()


scanned("Inspector.1", "eu-west-2", {"ec2"})
scanned("Inspector.2", "eu-west-3", {"ecr"})
scanned("Inspector.3", "us-west-1", {"lambda", "lambdaCode"})
scanned("Inspector.4", "us-west-2", {"lambda"})


@case("detect/enable_macie", "Macie.1", region="eu-west-2")
def macie_is_turned_on_once_a_person_agrees(aws: Aws) -> None:
    macie = aws.client("macie2")
    macie.disable_macie()
    record = aws.mend(account(aws), outcome="held")
    try:
        macie.get_macie_session()
    except macie.exceptions.ResourceNotFoundException:
        pass
    else:
        raise AssertionError("Macie is on")
    aws.approve(record)
    assert macie.get_macie_session()["status"] == "ENABLED"

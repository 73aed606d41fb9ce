"""Security-group rules as EC2 has them.

moto's own are replaced where they differ from AWS: what is revoked when one of several rules is unknown, protocols
given as numbers, prefix lists, references to other accounts, paging, and the fields that come back. Each change of
a group's rules is all or nothing. A group may have 1,000 rules, the most that AWS grants, not moto's 60.
"""

from __future__ import annotations

import ipaddress
import re
import threading
from typing import Any

from moto.core.responses import ActionResult
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models.security_groups import SecurityGroup, SecurityGroupBackend, SecurityGroupRule
from moto.ec2.responses.security_groups import SecurityGroups
from moto.ec2.responses.vpcs import VPCs

MOST_RULES = 1000
PROTOCOLS = {"1": "icmp", "6": "tcp", "17": "udp", "58": "icmpv6", "all": "-1"}
SOURCES = ("CidrIpv4", "CidrIpv6", "PrefixListId", "ReferencedGroupId")
PAIR = ("GroupId", "UserId", "VpcId", "PeeringStatus", "VpcPeeringConnectionId")
REVOKED = ("SecurityGroupRuleId", "GroupId", "IsEgress", "IpProtocol", "FromPort", "ToPort", "Description", *SOURCES)
Shape = dict[str, Any]
lock = threading.RLock()


def fail(code: str, message: str) -> EC2ClientError:
    return EC2ClientError(code, message)


def protocol_and_ports(given: Shape) -> tuple[str, int | None, int | None]:
    """Normalised as EC2 keeps them: named protocols, no ports where the protocol has none."""
    raw = str(given.get("IpProtocol")).lower()
    name = PROTOCOLS.get(raw, raw)
    low, high = given.get("FromPort"), given.get("ToPort")
    if name in ("tcp", "udp"):
        if low is None or high is None or not 0 <= low <= high <= 65535:
            raise fail("InvalidParameterValue", f"Invalid portRange for TCP or UDP: from {low} to {high}.")
        return name, low, high
    if name in ("icmp", "icmpv6"):
        return name, -1 if low is None else low, -1 if high is None else high
    if name != "-1" and not (name.isdigit() and int(name) < 256):
        raise fail("InvalidParameterValue", f"Invalid value '{raw}' for IP protocol. Unknown protocol.")
    return name, None, None


def canonical(cidr: str, version: int) -> str:
    """The CIDR as EC2 writes it: without host bits, IPv6 compressed."""
    try:
        network = ipaddress.ip_network(cidr, strict=False)
    except ValueError:
        network = None
    if network is None or network.version != version:
        raise fail("InvalidParameterValue", f"CIDR block {cidr} is malformed")
    return str(network)


def prefix_list(backend: Any, name: str) -> Any:
    if name not in backend.managed_prefix_lists:
        raise fail("InvalidPrefixListID.NotFound", f"The prefix list ID '{name}' does not exist")
    return backend.managed_prefix_lists[name]


def make_rule(backend: Any, group: SecurityGroup, egress: bool, given: Shape, source: Shape) -> SecurityGroupRule:
    """A rule from a permission's protocol and ports and one source in the words of DescribeSecurityGroupRules."""
    rule = SecurityGroupRule(backend, "-1", group.id, None, None, None, is_egress=egress)
    rule.ip_protocol, rule.from_port, rule.to_port = protocol_and_ports(given)
    rule.note = source.get("Description")
    text = {"Description": rule.note} if rule.note else {}
    if cidr := source.get("CidrIpv4"):
        rule.ip_range = {"CidrIp": canonical(cidr, 4), **text}
    elif cidr := source.get("CidrIpv6"):
        rule.ip_range = {"CidrIpv6": canonical(cidr, 6), **text}
    elif name := source.get("PrefixListId"):
        rule.prefix_list_id = prefix_list(backend, name).id
    else:
        pair = dict(source.get("pair") or {"GroupId": source.get("ReferencedGroupId")})
        pair.setdefault("UserId", backend.account_id)
        # Another account's group cannot be looked up from here.
        if pair["UserId"] == backend.account_id:
            pair["GroupId"] = find_group(backend, pair.get("GroupId") or pair.get("GroupName")).id
        rule.source_group = {**pair, **text}
    return rule


def find_group(backend: Any, name: str | None) -> SecurityGroup:
    if not name:
        raise fail("MissingParameter", "The request must contain the parameter groupName or groupId")
    group: SecurityGroup | None = backend.get_security_group_by_name_or_id(name)
    if group is None:
        raise fail("InvalidGroup.NotFound", f"The security group '{name}' does not exist")
    return group


def sources_of(permission: Shape) -> list[Shape]:
    """The sources of an IpPermission, each in the words of DescribeSecurityGroupRules."""
    found = [{**one, "CidrIpv4": one["CidrIp"]} for one in permission.get("IpRanges", [])]
    found += permission.get("Ipv6Ranges", []) + permission.get("PrefixListIds", [])
    found += [{"pair": one, **one} for one in permission.get("UserIdGroupPairs", [])]
    if cidr := permission.get("CidrIp"):  # the form without IpPermissions
        found.append({"CidrIpv4": cidr})
    return found


def key(rule: SecurityGroupRule) -> tuple[Any, ...]:
    """What makes two rules of a group the same; a description does not."""
    ranges = (rule.ip_range.get("CidrIp"), rule.ip_range.get("CidrIpv6"))
    ports = (rule.ip_protocol, rule.from_port, rule.to_port)
    return (*ports, *ranges, rule.prefix_list_id, rule.source_group.get("GroupId"))


def shown(rule: SecurityGroupRule) -> Shape:
    """A rule as DescribeSecurityGroupRules gives it."""
    backend = rule.ec2_backend
    own = f"arn:aws:ec2:{backend.region_name}:{backend.account_id}"
    fields = {
        "SecurityGroupRuleId": rule.id,
        "SecurityGroupRuleArn": f"{own}:security-group-rule/{rule.id}",
        "GroupId": rule.group_id,
        "GroupOwnerId": rule.owner_id,
        "IsEgress": rule.is_egress,
        "IpProtocol": rule.ip_protocol,
        "FromPort": -1 if rule.from_port is None else rule.from_port,
        "ToPort": -1 if rule.to_port is None else rule.to_port,
        "CidrIpv4": rule.ip_range.get("CidrIp"),
        "CidrIpv6": rule.ip_range.get("CidrIpv6"),
        "PrefixListId": rule.prefix_list_id,
        "ReferencedGroupInfo": {name: rule.source_group[name] for name in PAIR if name in rule.source_group} or None,
        "Description": getattr(rule, "note", None),
        "Tags": [{"Key": name, "Value": value} for name, value in backend.tags.get(rule.id, {}).items()],
    }
    return {name: value for name, value in fields.items() if value is not None}


def as_revoked(rule: SecurityGroupRule) -> Shape:
    given = {**shown(rule), "ReferencedGroupId": rule.source_group.get("GroupId")}
    return {name: given[name] for name in REVOKED if given.get(name) is not None}


def page(items: list[Shape], by: str, token: str | None, most: int | None) -> tuple[list[Shape], str | None]:
    """The items after `token`, the last one's `by`, so that pages hold while items go; and the next token."""
    items = sorted((item for item in items if token is None or item[by] > token), key=lambda item: str(item[by]))
    if most is None or len(items) <= most:
        return items, None
    return items[:most], items[most - 1][by]


def known(rule_id: str, rules: dict[str, SecurityGroupRule]) -> SecurityGroupRule:
    if not re.fullmatch(r"sgr-[0-9a-f]{8,17}", rule_id):
        raise fail("InvalidSecurityGroupRuleId.Malformed", f'Invalid id: "{rule_id}" (expecting "sgr-...")')
    if rule_id not in rules:
        raise fail("InvalidSecurityGroupRuleId.NotFound", f"The security group rule ID '{rule_id}' does not exist")
    return rules[rule_id]


class Rules(SecurityGroups):
    """What takes the place of moto's actions."""

    def _named(self, egress: bool) -> tuple[SecurityGroup, list[SecurityGroupRule]]:
        group = find_group(self.ec2_backend, self._get_param("GroupId") or self._get_param("GroupName"))
        return group, group.egress_rules if egress else group.ingress_rules

    def _wanted(self, group: SecurityGroup, egress: bool) -> list[tuple[SecurityGroupRule, Shape]]:
        """The request's rules, each with the permission that it is a part of."""
        permissions = self._get_param("IpPermissions", []) or [dict(self._get_params())]
        backend = self.ec2_backend
        found = [(make_rule(backend, group, egress, p, source), p) for p in permissions for source in sources_of(p)]
        if not found:
            raise fail("MissingParameter", "Source group or CIDR required")
        return found

    def _authorize(self, egress: bool) -> ActionResult:
        with lock:
            group, rules = self._named(egress)
            wanted = [rule for rule, _ in self._wanted(group, egress)]
            self.error_on_dryrun()
            there = {key(rule) for rule in rules}
            for rule in wanted:
                if key(rule) in there:
                    peer = next(part for part in key(rule)[3:] if part)
                    ports = f"from port: {rule.from_port}, to port: {rule.to_port}"
                    text = f"peer: {peer}, {str(rule.ip_protocol).upper()}, {ports}, ALLOW"
                    raise fail("InvalidPermission.Duplicate", f'the specified rule "{text}" already exists')
                there.add(key(rule))
            if len(there) > MOST_RULES:
                raise fail("RulesPerSecurityGroupLimitExceeded", f"A group has at most {MOST_RULES} rules.")
            tags = self._parse_tag_specification("security-group-rule").get("security-group-rule", {})
            for rule in wanted:
                rule.add_tags(tags)
            rules.extend(wanted)
            return ActionResult({"Return": True, "SecurityGroupRules": [shown(rule) for rule in wanted]})

    def _revoke(self, egress: bool) -> ActionResult:
        with lock:
            group, rules = self._named(egress)
            unknown: list[Shape] = []
            if ids := self._get_param("SecurityGroupRuleIds", []):
                gone = [known(rule_id, {rule.id: rule for rule in rules}) for rule_id in dict.fromkeys(ids)]
            else:
                there = {key(rule): rule for rule in rules}
                wanted = self._wanted(group, egress)
                gone = [there[key(rule)] for rule, _ in wanted if key(rule) in there]
                for rule, permission in wanted:
                    if key(rule) not in there and permission not in unknown:
                        unknown.append(permission)
                # Outside the default VPC one unknown rule spoils the whole call.
                if unknown and group.vpc_id != self.ec2_backend.default_vpc.id:
                    why = "The specified rule does not exist in this security group."
                    raise fail("InvalidPermission.NotFound", why)
            self.error_on_dryrun()
            rules[:] = [rule for rule in rules if rule not in gone]
            revoked = [as_revoked(rule) for rule in gone]
            for rule in gone:
                self.ec2_backend.tags.pop(rule.id, None)
            return ActionResult({"Return": True, "UnknownIpPermissions": unknown, "RevokedSecurityGroupRules": revoked})

    def authorize_security_group_ingress(self) -> ActionResult:
        return self._authorize(egress=False)

    def authorize_security_group_egress(self) -> ActionResult:
        return self._authorize(egress=True)

    def revoke_security_group_ingress(self) -> ActionResult:
        return self._revoke(egress=False)

    def revoke_security_group_egress(self) -> ActionResult:
        return self._revoke(egress=True)

    def describe_security_group_rules(self) -> ActionResult:
        self.error_on_dryrun()
        most, filters = self._get_int_param("MaxResults"), self._filters_from_querystring()
        if most is not None and not 5 <= most <= 1000:
            raise fail("InvalidParameterValue", f"Value ( {most} ) for maxResults is invalid: 5 to 1000 are allowed.")
        for name, values in filters.items():
            if name not in ("group-id", "security-group-rule-id") and not name.startswith("tag:"):
                raise fail("InvalidParameterValue", f"The filter '{name}' is invalid")
            if name == "group-id" and not all(re.fullmatch(r"sg-[0-9a-f]+", value) for value in values):
                raise fail("InvalidGroupId.Malformed", f'Invalid id among {values} (expecting "sg-...")')
        with lock:
            groups = [group for groups in self.ec2_backend.groups.values() for group in groups.values()]
            rules = {rule.id: rule for group in groups for rule in (*group.ingress_rules, *group.egress_rules)}
            chosen = [known(rule_id, rules) for rule_id in self._get_param("SecurityGroupRuleIds", []) or rules]
            found = [shown(rule) for rule in chosen if passes(rule, filters)]
        items, token = page(found, "SecurityGroupRuleId", self._get_param("NextToken"), most)
        return ActionResult({"SecurityGroupRules": items, "NextToken": token})

    def modify_security_group_rules(self) -> ActionResult:
        with lock:
            group, _ = self._named(egress=False)
            rules = {rule.id: rule for rule in (*group.ingress_rules, *group.egress_rules)}
            changes = []
            for update in self._get_param("SecurityGroupRules", []):
                old, new = known(update["SecurityGroupRuleId"], rules), update.get("SecurityGroupRule", {})
                if sum(name in new for name in SOURCES) != 1:
                    raise fail("InvalidParameterCombination", f"The request must contain exactly one of: {SOURCES}")
                rule = make_rule(self.ec2_backend, group, old.is_egress, new, new)
                if [part is None for part in key(rule)[3:]] != [part is None for part in key(old)[3:]]:
                    raise fail("InvalidParameterValue", f"Invalid rule type for security group rule '{old.id}'.")
                rule.id = old.id
                changes.append((old, rule))
            self.error_on_dryrun()
            for old, rule in changes:
                place = group.egress_rules if old.is_egress else group.ingress_rules
                place[place.index(old)] = rule
            return ActionResult({"Return": True})

    def get_managed_prefix_list_entries(self) -> ActionResult:
        versions = prefix_list(self.ec2_backend, self._get_param("PrefixListId")).entries
        entries = versions.get(self._get_int_param("TargetVersion") or max(versions, default=0), [])
        items, token = page(entries, "Cidr", self._get_param("NextToken"), self._get_int_param("MaxResults", 100))
        return ActionResult({"Entries": items, "NextToken": token})


def passes(rule: SecurityGroupRule, filters: dict[str, list[str]]) -> bool:
    tags = {f"tag:{name}": value for name, value in rule.ec2_backend.tags.get(rule.id, {}).items()}
    have = {"group-id": rule.group_id, "security-group-rule-id": rule.id, **tags}
    return all(have.get(name) in values for name, values in filters.items())


def create_group(self: SecurityGroupBackend, *given: Any, **named: Any) -> SecurityGroup:
    """A VPC's default group lets its own members in."""
    group = plain_create(self, *given, **named)
    if group.is_default:
        anything = {"IpProtocol": "-1"}
        group.ingress_rules.append(make_rule(self, group, False, anything, {"ReferencedGroupId": group.id}))
    return group


plain_create = SecurityGroupBackend.create_security_group


def extend() -> None:
    SecurityGroupBackend.create_security_group = create_group
    # Rules are compared with `key`; moto's own comparison knows no prefix lists and has no identity.
    SecurityGroupRule.__eq__ = object.__eq__
    SecurityGroupRule.__hash__ = object.__hash__
    for name, method in vars(Rules).items():
        if not name.startswith("__"):
            setattr(VPCs if name == "get_managed_prefix_list_entries" else SecurityGroups, name, method)

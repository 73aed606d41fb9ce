//! What kind of problem a finding in Security Hub is about, when it does not say so plainly.

use std::borrow::Cow;

use super::{rule::rule, standards::KNOWN};
use crate::Trigger;

/// Managed Config rules that Security Hub uses for one control only.
const CHECKED_BY: &[(&str, &str)] = &[
    ("INCOMING_SSH_DISABLED", "EC2.13"),
    ("VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS", "EC2.18"),
    ("VPC_DEFAULT_SECURITY_GROUP_CLOSED", "EC2.2"),
];

/// How the id of every generator ends whose findings are about `control`.
pub(crate) fn generators(control: &str) -> Vec<String> {
    let known = KNOWN.iter().filter(|(_, known)| known.eq_ignore_ascii_case(control));
    let own = format!("/{control}");
    std::iter::once(own).chain(known.map(|(name, _)| (*name).to_owned())).collect()
}

/// The control that a generator's id, a control's ARN or a finding's id is about:
/// `security-control/EC2.13`, `.../aws-foundational-security-best-practices/v/1.0.0/EC2.19`,
/// `arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0/rule/4.1`.
pub(super) fn control_of_standard(name: &str) -> Option<Trigger> {
    if let Some((_, rest)) = name.split_once("security-control/") {
        return control(part(rest));
    }
    let (standard, rest) = name.split_once("/v/")?;
    let standard = standard.rsplit(['/', ':']).next()?;
    let (version, rest) = rest.split_once('/')?;
    let id = part(rest.strip_prefix("rule/").unwrap_or(rest));
    let full = format!("{standard}/v/{version}/{id}");
    let known =
        KNOWN.iter().find(|(name, _)| name.replace("/rule/", "/").eq_ignore_ascii_case(&full));
    known.map(|(_, control)| Trigger::control(control)).or_else(|| control(id))
}

/// The control whose page a link leads to: `https://docs.aws.amazon.com/console/securityhub/EC2.13/...`.
pub(super) fn control_of_link(link: &str) -> Option<Trigger> {
    control(part(link.split_once("/securityhub/")?.1))
}

/// The control that is checked by the Config rule of this name, where it is the only one.
pub(super) fn control_of_rule(name: &str) -> Option<Trigger> {
    let rule = rule(name);
    let (_, control) = CHECKED_BY.iter().find(|(identifier, _)| *identifier == rule.name())?;
    Some(Trigger::control(control))
}

/// The finding type that the types in ASFF hold: `TTPs/Initial Access/UnauthorizedAccess:EC2-Tor` is
/// `UnauthorizedAccess:EC2/Tor` where it comes from.
pub(super) fn finding_type<'a>(types: impl IntoIterator<Item = &'a str>) -> Option<Trigger> {
    let (purpose, rest) = types.into_iter().find_map(|kind| kind.split_once(':'))?;
    let purpose = purpose.rsplit('/').next()?;
    let rest = if rest.contains('/') { rest.to_owned() } else { rest.replacen('-', "/", 1) };
    Some(Trigger::Finding(Cow::Owned(format!("{purpose}:{rest}"))))
}

fn part(path: &str) -> &str {
    path.split('/').next().unwrap_or_default()
}

/// `id`, if it has the form of Security Hub's own: a service, a dot, a number. Control Tower puts its
/// initials before them.
fn control(id: &str) -> Option<Trigger> {
    let id = id.strip_prefix("CT.").unwrap_or(id);
    let (service, number) = id.split_once('.')?;
    let is_service = service.starts_with(|c: char| c.is_ascii_alphabetic())
        && service.bytes().all(|b| b.is_ascii_alphanumeric());
    let is_number = !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit());
    (is_service && is_number).then(|| Trigger::Control(Cow::Owned(id.to_owned())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(trigger: Option<Trigger>) -> Option<String> {
        trigger.map(|trigger| trigger.name().to_owned())
    }

    #[test]
    fn a_control_is_known_by_what_each_standard_calls_it() {
        for (generator, control) in [
            ("security-control/EC2.13", "EC2.13"),
            ("security-control/ec2.13", "ec2.13"),
            ("aws-foundational-security-best-practices/v/1.0.0/EC2.19", "EC2.19"),
            ("nist-800-53/v/5.0.0/EC2.18", "EC2.18"),
            ("service-managed-aws-control-tower/v/1.0.0/EC2.19", "EC2.19"),
            ("service-managed-aws-control-tower/v/1.0.0/CT.EC2.19", "EC2.19"),
            (
                "arn:aws:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0/rule/4.1",
                "EC2.13",
            ),
            (
                "arn:aws-cn:securityhub:::ruleset/cis-aws-foundations-benchmark/v/1.2.0/rule/4.3",
                "EC2.2",
            ),
            ("cis-aws-foundations-benchmark/v/1.4.0/5.3", "EC2.2"),
            ("cis-aws-foundations-benchmark/v/3.0.0/5.3", "EC2.54"),
            ("cis-aws-foundations-benchmark/v/5.0.0/5.3", "EC2.53"),
            ("pci-dss/v/3.2.1/PCI.EC2.5", "EC2.13"),
            (
                "arn:aws:securityhub:eu-west-1:111122223333:control/pci-dss/v/3.2.1/PCI.EC2.2",
                "EC2.2",
            ),
            (
                "arn:aws:securityhub:eu-west-1:111122223333:subscription/\
                 cis-aws-foundations-benchmark/v/1.2.0/4.2/finding/a1b2",
                "EC2.14",
            ),
            (
                "arn:aws:securityhub:eu-west-1:111122223333:security-control/EC2.53/finding/a",
                "EC2.53",
            ),
        ] {
            assert_eq!(
                name(control_of_standard(generator)).as_deref(),
                Some(control),
                "{generator}"
            );
        }
    }

    #[test]
    fn the_generators_of_a_control_are_read_as_that_control() {
        assert_eq!(generators("EC2.19"), ["/EC2.19"]);
        assert_eq!(
            generators("EC2.13"),
            [
                "/EC2.13",
                "cis-aws-foundations-benchmark/v/1.2.0/rule/4.1",
                "pci-dss/v/3.2.1/PCI.EC2.5"
            ]
        );
        for (generator, control) in KNOWN {
            assert_eq!(name(control_of_standard(generator)).as_deref(), Some(*control));
        }
    }

    #[test]
    fn what_no_standard_says_is_not_guessed() {
        for generator in [
            "",
            "config",
            "security-control/",
            "security-control/EC2",
            "security-control/4.1",
            "cis-aws-foundations-benchmark/v/1.2.0/4.1.1",
            "cis-aws-foundations-benchmark/v/9.9.9/4.1",
            "pci-dss/v/3.2.1/PCI.EC2.99",
            "a/v/",
            "arn:aws:guardduty:eu-west-1:111122223333:detector/1",
        ] {
            assert_eq!(control_of_standard(generator), None, "{generator}");
        }
    }

    #[test]
    fn links_and_rules_help_where_they_are_unambiguous() {
        let link = "https://docs.aws.amazon.com/console/securityhub/EC2.13/remediation";
        assert_eq!(name(control_of_link(link)).as_deref(), Some("EC2.13"));
        let old = "https://docs.aws.amazon.com/console/securityhub/standards-cis-4.1/remediation";
        assert_eq!(control_of_link(old), None);
        let checked = control_of_rule("securityhub-restricted-ssh-1a2b3c4d");
        assert_eq!(name(checked).as_deref(), Some("EC2.13"));
        assert_eq!(control_of_rule("securityhub-restricted-common-ports-1a2b3c4d"), None);
    }

    #[test]
    fn a_finding_type_gets_its_slash_back() {
        for (kind, expected) in [
            (
                "TTPs/Initial Access/UnauthorizedAccess:EC2-SSHBruteForce",
                "UnauthorizedAccess:EC2/SSHBruteForce",
            ),
            (
                "TTPs/Command and Control/Backdoor:EC2-C&CActivity.B!DNS",
                "Backdoor:EC2/C&CActivity.B!DNS",
            ),
            ("TTPs/AttackSequence:S3/CompromisedData", "AttackSequence:S3/CompromisedData"),
            ("UnauthorizedAccess:EC2/TorClient", "UnauthorizedAccess:EC2/TorClient"),
        ] {
            assert_eq!(name(finding_type(["Effects", kind])).as_deref(), Some(expected));
        }
        assert_eq!(finding_type(["Software and Configuration Checks"]), None);
    }
}

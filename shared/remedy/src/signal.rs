//! What happened, in our words, whichever service reported it.

use std::{borrow::Cow, collections::BTreeMap, fmt};

use serde::{Deserialize, Serialize};

use crate::{Place, Threat, Timestamp};

/// The name a security service gives to a kind of problem.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Trigger {
    /// A Security Hub control, such as `EC2.19`.
    Control(Cow<'static, str>),
    /// An AWS Config rule: the identifier of a managed one, such as `INCOMING_SSH_DISABLED`, else the
    /// rule's own name without what Security Hub and others hang on it.
    ConfigRule(Cow<'static, str>),
    /// A finding type, such as `UnauthorizedAccess:EC2/SSHBruteForce`.
    Finding(Cow<'static, str>),
    /// An API call that `CloudTrail` saw, such as `AuthorizeSecurityGroupIngress`.
    Call(Cow<'static, str>),
    /// A schedule of ours, such as `sweep`.
    Schedule(Cow<'static, str>),
}

/// What stands for the name of any finding type.
const ANY: &str = "*";

impl Trigger {
    /// A Security Hub control.
    pub const fn control(id: &'static str) -> Self {
        Self::Control(Cow::Borrowed(id))
    }
    /// An AWS Config managed rule, by its identifier.
    pub const fn config_rule(id: &'static str) -> Self {
        Self::ConfigRule(Cow::Borrowed(id))
    }
    /// A finding type.
    pub const fn finding(kind: &'static str) -> Self {
        Self::Finding(Cow::Borrowed(kind))
    }
    /// Any finding type.
    pub const fn any_finding() -> Self {
        Self::finding(ANY)
    }
    /// An API call.
    pub const fn call(name: &'static str) -> Self {
        Self::Call(Cow::Borrowed(name))
    }
    /// A schedule of ours.
    pub const fn schedule(name: &'static str) -> Self {
        Self::Schedule(Cow::Borrowed(name))
    }
    /// The name alone.
    pub fn name(&self) -> &str {
        let (Self::Control(name)
        | Self::ConfigRule(name)
        | Self::Finding(name)
        | Self::Call(name)
        | Self::Schedule(name)) = self;
        name
    }
    /// Whether both mean the same. Security Hub writes `Autoscaling.5` and `AutoScaling.1`: the case of
    /// a name says nothing. A managed rule of AWS Config goes by its identifier, `SQS_QUEUE_ENCRYPTED`, and by the
    /// same with dashes, as AWS names it by default. [Any finding](Self::any_finding) means each.
    pub fn is(&self, other: &Self) -> bool {
        if let (Self::ConfigRule(one), Self::ConfigRule(other)) = (self, other) {
            let letter = |b: u8| if b == b'_' { b'-' } else { b.to_ascii_lowercase() };
            return one.bytes().map(letter).eq(other.bytes().map(letter));
        }
        std::mem::discriminant(self) == std::mem::discriminant(other)
            && (self.name().eq_ignore_ascii_case(other.name())
                || self.is_any_finding()
                || other.is_any_finding())
    }
    /// Whether it is [any finding](Self::any_finding) rather than a certain one.
    pub fn is_any_finding(&self) -> bool {
        matches!(self, Self::Finding(name) if name == ANY)
    }
}

impl fmt::Display for Trigger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name();
        match self {
            Self::Control(_) => write!(f, "Security Hub control {name}"),
            Self::ConfigRule(_) => write!(f, "Config rule {name}"),
            Self::Finding(_) if self.is_any_finding() => f.write_str("any finding"),
            Self::Finding(_) => write!(f, "finding {name}"),
            Self::Call(_) => write!(f, "API call {name}"),
            Self::Schedule(_) => write!(f, "schedule {name}"),
        }
    }
}

/// Who said it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Source {
    /// Security Hub CSPM, a finding in ASFF.
    SecurityHub,
    /// Security Hub, a finding in OCSF.
    SecurityHubV2,
    /// A person, by a custom action in Security Hub.
    CustomAction,
    /// AWS Config.
    Config,
    /// Amazon `GuardDuty`.
    GuardDuty,
    /// AWS `CloudTrail`.
    CloudTrail,
    /// A schedule of ours.
    Schedule,
}

impl Source {
    /// Whether it says how bad a problem is.
    pub fn rates(self) -> bool {
        !matches!(self, Self::Config | Self::CloudTrail | Self::Schedule)
    }
}

/// How bad the source says it is.
#[derive(
    Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(rename_all = "UPPERCASE")]
pub enum Severity {
    /// Also when the source does not say.
    #[default]
    Informational,
    /// 1 to 39 of 100.
    Low,
    /// 40 to 69 of 100.
    Medium,
    /// 70 to 89 of 100.
    High,
    /// 90 to 100.
    Critical,
}

impl Severity {
    /// As Security Hub writes it.
    pub fn label(self) -> &'static str {
        match self {
            Self::Informational => "INFORMATIONAL",
            Self::Low => "LOW",
            Self::Medium => "MEDIUM",
            Self::High => "HIGH",
            Self::Critical => "CRITICAL",
        }
    }
    /// The reverse of [`label`](Self::label), in any case.
    pub fn from_label(label: &str) -> Option<Self> {
        [Self::Informational, Self::Low, Self::Medium, Self::High, Self::Critical]
            .into_iter()
            .find(|s| s.label().eq_ignore_ascii_case(label))
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.label())
    }
}

/// Where a finding is kept, so that it can be told what became of it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Finding {
    /// In Security Hub CSPM.
    Asff {
        /// The finding's id.
        id: String,
        /// The product that made it; both together identify a finding.
        product: String,
    },
    /// In Security Hub.
    Ocsf {
        /// `metadata.uid`.
        uid: String,
    },
}

impl Finding {
    /// The id that a person can search for.
    pub fn id(&self) -> &str {
        let (Self::Asff { id, .. } | Self::Ocsf { uid: id }) = self;
        id
    }
}

/// What a person agreed to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Approval {
    /// The record that asked for it.
    pub record: String,
    /// What names its plan: another one is not agreed to.
    pub plan: String,
}

/// One problem with one resource.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Signal {
    /// What the problem is known by where it was found. The same one comes again when the problem does.
    pub id: String,
    /// When the source last saw it: a later time under the same id is new evidence.
    pub seen: Timestamp,
    /// Who said it.
    pub source: Source,
    /// What kind of problem it is.
    pub trigger: Trigger,
    /// How bad it is said to be.
    pub severity: Severity,
    /// What the source calls it. Text from outside.
    pub title: String,
    /// Where the resource lives; not always where the event came from.
    pub place: Place,
    /// The ARN of the resource concerned, or its bare id where the source gives no more.
    pub resource: String,
    /// The findings to be told. More than one if several of an event say the same.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
    /// The person who asked for this very repair, if one did: a custom action's name, or who they are.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<String>,
    /// What they agreed to, if they were asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub approves: Option<Approval>,
    /// Who caused it, where the source knows: the ARN of the caller of an API.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub caused_by: Option<String>,
    /// The control's own parameters, as Security Hub passes them.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub parameters: BTreeMap<String, Vec<String>>,
    /// Who was on the other end, where the source is about threats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub threat: Option<Threat>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn any_finding_means_each_finding_and_nothing_else() {
        let ssh = Trigger::finding("UnauthorizedAccess:EC2/SSHBruteForce");
        for finding in [&ssh, &Trigger::any_finding()] {
            assert!(Trigger::any_finding().is(finding) && finding.is(&Trigger::any_finding()));
        }
        assert!(!ssh.is(&Trigger::finding("Recon:EC2/Portscan")));
        let others = [Trigger::control("*"), Trigger::call("*"), Trigger::schedule("sweep")];
        for other in others {
            assert!(!Trigger::any_finding().is(&other) && !other.is(&Trigger::any_finding()));
        }
        assert_eq!(Trigger::any_finding().to_string(), "any finding");
        assert_eq!(ssh.to_string(), "finding UnauthorizedAccess:EC2/SSHBruteForce");
    }

    #[test]
    fn a_managed_rule_goes_by_its_identifier_and_by_its_default_name() {
        let rule = Trigger::config_rule("SQS_QUEUE_NO_PUBLIC_ACCESS");
        for name in ["sqs-queue-no-public-access", "SQS-queue_no-public-access"] {
            assert!(rule.is(&Trigger::config_rule(name)), "{name}");
        }
        for other in
            [Trigger::config_rule("sqs-queue"), Trigger::control("SQS_QUEUE_NO_PUBLIC_ACCESS")]
        {
            assert!(!rule.is(&other) && !other.is(&rule), "{other}");
        }
    }

    #[test]
    fn a_schedule_is_known_by_its_name() {
        let sweep = Trigger::schedule("sweep");
        assert!(sweep.is(&Trigger::schedule("Sweep")) && !sweep.is(&Trigger::call("sweep")));
        assert_eq!((sweep.name(), sweep.to_string().as_str()), ("sweep", "schedule sweep"));
        assert_eq!(serde_json::to_string(&sweep).unwrap(), r#"{"schedule":"sweep"}"#);
        assert!(!Source::Schedule.rates());
    }
}

//! Facet: who writes down what goes in and out of a VPC.

use std::fmt;

use remedy::{Action, Change, Facet, Place, Tags, quoted};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::VpcId;

/// The flow logs of a VPC.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct FlowLogs {
    /// The account that the VPC belongs to; it can be shared with others.
    pub account: String,
    /// Its flow logs.
    pub logs: Vec<FlowLog>,
    /// The VPC's tags.
    pub tags: Tags,
}

/// A flow log.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FlowLog {
    /// What it writes down.
    pub traffic: FlowTraffic,
    /// The log group, bucket or stream it writes to.
    pub to: String,
    /// What keeps it from writing, if something does.
    pub trouble: Option<String>,
}

/// What a flow log writes down.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FlowTraffic {
    /// What got through.
    Accept,
    /// What did not.
    Reject,
    /// Both.
    All,
}

/// A flow log to be made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct NewFlowLog {
    /// What it writes down.
    pub traffic: FlowTraffic,
    /// The log group it writes to; it is made where it is not there.
    pub log_group: String,
    /// The ARN of the role by which it may write.
    pub role: String,
    /// The opt-in tag: what carries it may be taken back.
    pub tag: (String, String),
}

/// An edit of a VPC's flow logs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum FlowLogChange {
    /// Makes one.
    Create(NewFlowLog),
    /// Deletes the one that was made so. What it wrote stays.
    Delete(NewFlowLog),
}

pub(super) const VPCS: &str = "arn:${AWS::Partition}:ec2:*:${AWS::AccountId}:vpc/*";
const LOGS: &str = "arn:${AWS::Partition}:ec2:*:${AWS::AccountId}:vpc-flow-log/*";
const ROLES: &str = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/*";
const CREATE: &[Action] = &[
    Action::on(VPCS, "ec2:CreateFlowLogs").tagged(),
    Action::on(LOGS, "ec2:CreateFlowLogs").tagging(),
    Action::on(LOGS, "ec2:CreateTags").only("StringEquals", "ec2:CreateAction", "CreateFlowLogs"),
    Action::on(ROLES, "iam:PassRole").only(
        "StringEquals",
        "iam:PassedToService",
        "vpc-flow-logs.amazonaws.com",
    ),
];
const DELETE: &[Action] = &[Action::on(LOGS, "ec2:DeleteFlowLogs").tagged()];

impl Facet for FlowLogs {
    type Id = VpcId;
    type Change = FlowLogChange;

    const NAME: &'static str = "flow logs of a VPC";
    const READS: &'static [Action] =
        &[Action::on("*", "ec2:DescribeFlowLogs"), Action::on("*", "ec2:DescribeVpcs")];

    fn label(&self) -> Option<&str> {
        self.tags.get("Name").map(String::as_str)
    }
    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }
    fn account(&self) -> Option<&str> {
        Some(&self.account).filter(|account| !account.is_empty()).map(String::as_str)
    }

    fn after(mut self, change: &FlowLogChange) -> Self {
        match change {
            FlowLogChange::Create(new) => {
                if !self.logs.iter().any(|log| new.is(log)) {
                    let NewFlowLog { traffic, log_group, .. } = new.clone();
                    self.logs.push(FlowLog { traffic, to: log_group, trouble: None });
                }
            }
            FlowLogChange::Delete(new) => self.logs.retain(|log| !new.is(log)),
        }
        self
    }

    fn commands(place: &Place, id: &VpcId, changes: &[FlowLogChange]) -> Vec<String> {
        let region = &place.region;
        let command = |change: &FlowLogChange| match change {
            FlowLogChange::Create(NewFlowLog { traffic, log_group, role, tag: (key, value) }) => {
                let tags = json!([{
                    "ResourceType": "vpc-flow-log", "Tags": [{ "Key": key, "Value": value }],
                }]);
                format!(
                    "aws ec2 create-flow-logs --region {region} --resource-type VPC --resource-ids {id} \
                     --traffic-type {} --log-destination-type cloud-watch-logs --log-group-name {} \
                     --deliver-logs-permission-arn {} --tag-specifications {}",
                    traffic.name(),
                    quoted(log_group),
                    quoted(role),
                    quoted(&tags.to_string())
                )
            }
            FlowLogChange::Delete(NewFlowLog { log_group, traffic, .. }) => format!(
                "aws ec2 delete-flow-logs --region {region} --flow-log-ids $(aws ec2 describe-flow-logs \
                 --region {region} --filter Name=resource-id,Values={id} Name=traffic-type,Values={} \
                 {} --query 'FlowLogs[].FlowLogId' --output text)",
                traffic.name(),
                quoted(&format!("Name=log-group-name,Values={log_group}"))
            ),
        };
        changes.iter().map(command).collect()
    }
}

impl NewFlowLog {
    /// Whether `log` is the one that is made so: EC2 lets no two write the same to the same place.
    pub fn is(&self, log: &FlowLog) -> bool {
        self.traffic == log.traffic && self.log_group == log.to
    }
}

impl FlowTraffic {
    /// As EC2 calls it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Accept => "ACCEPT",
            Self::Reject => "REJECT",
            Self::All => "ALL",
        }
    }
}

impl Change for FlowLogChange {
    const MAKE: &'static [Action] = CREATE;
    const UNDO: &'static [Action] = DELETE;

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::Create(_) => CREATE,
            Self::Delete(_) => DELETE,
        }
    }

    fn inverse(&self) -> Option<Self> {
        Some(match self.clone() {
            Self::Create(new) => Self::Delete(new),
            Self::Delete(new) => Self::Create(new),
        })
    }
}

impl fmt::Display for FlowLogChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (verb, NewFlowLog { traffic, log_group, .. }) = match self {
            Self::Create(new) => ("log", new),
            Self::Delete(new) => ("stop logging", new),
        };
        let what = match traffic {
            FlowTraffic::Accept => "accepted traffic",
            FlowTraffic::Reject => "rejected traffic",
            FlowTraffic::All => "all traffic",
        };
        write!(f, "{verb} {what} to {log_group}")
    }
}

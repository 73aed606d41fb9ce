//! Facet: who may come in past a network ACL.

use std::{collections::BTreeSet, fmt};

use remedy::{Action, Change, Facet, Place, Tags};
use serde::{Deserialize, Serialize};

use super::id::ec2_id;

ec2_id!(
    /// `acl-...`
    NetworkAclId,
    "AWS::EC2::NetworkAcl",
    "network-acl",
    "acl-",
    "/vpcconsole/home?region={region}#NetworkAclDetails:networkAclId={id}"
);

/// A network ACL, as far as ingress goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct NetworkAcl {
    /// The account it belongs to; a VPC can be shared with others.
    pub account: String,
    /// Its VPC, `vpc-...`.
    pub vpc: String,
    /// Whether it is the one that a VPC has from the start.
    pub is_default: bool,
    /// The subnets that it stands before.
    pub subnets: Vec<String>,
    /// Its ingress entries, but for the last one that denies the rest.
    pub ingress: BTreeSet<AclEntry>,
    /// The ACL's tags.
    pub tags: Tags,
}

/// An ingress entry. The lowest number that fits decides.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AclEntry {
    /// Its place in the order.
    pub number: i32,
    /// Whether it lets through what it fits.
    pub allows: bool,
    /// The number of the protocol; -1 is all of them.
    pub protocol: i32,
    /// The addresses it fits, such as `0.0.0.0/0` or `::/0`.
    pub from: String,
    /// The first and the last port, for TCP and UDP.
    pub ports: Option<(i32, i32)>,
    /// The type and code, for ICMP.
    pub icmp: Option<(i32, i32)>,
}

/// An edit of an ACL's ingress entries.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum AclChange {
    /// Takes an entry out.
    Delete(AclEntry),
    /// Puts it in again.
    Create(AclEntry),
}

const ACLS: &str = "arn:${AWS::Partition}:ec2:*:${AWS::AccountId}:network-acl/*";
const DELETE: &[Action] = &[Action::on(ACLS, "ec2:DeleteNetworkAclEntry").tagged()];
const CREATE: &[Action] = &[Action::on(ACLS, "ec2:CreateNetworkAclEntry").tagged()];

impl Facet for NetworkAcl {
    type Id = NetworkAclId;
    type Change = AclChange;

    const NAME: &'static str = "network ACL";
    const READS: &'static [Action] = &[Action::on("*", "ec2:DescribeNetworkAcls")];

    fn label(&self) -> Option<&str> {
        self.tags.get("Name").map(String::as_str)
    }
    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }
    fn account(&self) -> Option<&str> {
        Some(&self.account).filter(|account| !account.is_empty()).map(String::as_str)
    }

    fn after(mut self, change: &AclChange) -> Self {
        match change {
            AclChange::Delete(entry) => {
                self.ingress.remove(entry);
            }
            AclChange::Create(entry) => {
                self.ingress.insert(entry.clone());
            }
        }
        self
    }

    fn commands(place: &Place, id: &NetworkAclId, changes: &[AclChange]) -> Vec<String> {
        let head = |verb: &str, entry: &AclEntry| {
            format!(
                "aws ec2 {verb}-network-acl-entry --region {} --network-acl-id {id} --ingress \
                 --rule-number {}",
                place.region, entry.number
            )
        };
        let command = |change: &AclChange| match change {
            AclChange::Delete(entry) => head("delete", entry),
            AclChange::Create(entry) => format!("{} {}", head("create", entry), entry.flags()),
        };
        changes.iter().map(command).collect()
    }
}

impl AclEntry {
    fn flags(&self) -> String {
        let Self { allows, protocol, from, ports, icmp, .. } = self;
        let family = if from.contains(':') { "--ipv6-cidr-block" } else { "--cidr-block" };
        let action = if *allows { "allow" } else { "deny" };
        let ports = ports.map(|(from, to)| format!(" --port-range From={from},To={to}"));
        let icmp = icmp.map(|(kind, code)| format!(" --icmp-type-code Type={kind},Code={code}"));
        format!(
            "--protocol {protocol} {family} {from} --rule-action {action}{}{}",
            ports.unwrap_or_default(),
            icmp.unwrap_or_default()
        )
    }
}

impl Change for AclChange {
    const MAKE: &'static [Action] = DELETE;
    const UNDO: &'static [Action] = CREATE;

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::Delete(_) => DELETE,
            Self::Create(_) => CREATE,
        }
    }

    fn inverse(&self) -> Option<Self> {
        Some(match self.clone() {
            Self::Delete(entry) => Self::Create(entry),
            Self::Create(entry) => Self::Delete(entry),
        })
    }
}

impl fmt::Display for AclEntry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { number, allows, protocol, from, ports, .. } = self;
        write!(f, "entry {number}, which {} ", if *allows { "allows" } else { "denies" })?;
        match protocol {
            -1 => f.write_str("all traffic")?,
            1 => f.write_str("icmp")?,
            6 => f.write_str("tcp")?,
            17 => f.write_str("udp")?,
            58 => f.write_str("icmpv6")?,
            other => write!(f, "protocol {other}")?,
        }
        match ports {
            Some((first, last)) if first == last => write!(f, "/{first}")?,
            Some((first, last)) => write!(f, "/{first}-{last}")?,
            None => {}
        }
        write!(f, " from {from}")
    }
}

impl fmt::Display for AclChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delete(entry) => write!(f, "delete {entry}"),
            Self::Create(entry) => write!(f, "create {entry}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_comes_back_by_a_command_that_says_all_of_it() {
        let place = Place::new("111122223333", "eu-west-1");
        let id = NetworkAclId("acl-1".into());
        let tcp = AclEntry {
            number: 100,
            allows: true,
            protocol: 6,
            from: "::/0".into(),
            ports: Some((22, 22)),
            icmp: None,
        };
        let ping = AclEntry {
            from: "10.0.0.0/8".into(),
            protocol: 1,
            ports: None,
            icmp: Some((8, 0)),
            allows: false,
            ..tcp.clone()
        };
        let changes =
            [AclChange::Delete(tcp.clone()), AclChange::Create(tcp), AclChange::Create(ping)];
        assert_eq!(
            NetworkAcl::commands(&place, &id, &changes),
            [
                "aws ec2 delete-network-acl-entry --region eu-west-1 --network-acl-id acl-1 --ingress \
                 --rule-number 100",
                "aws ec2 create-network-acl-entry --region eu-west-1 --network-acl-id acl-1 --ingress \
                 --rule-number 100 --protocol 6 --ipv6-cidr-block ::/0 --rule-action allow \
                 --port-range From=22,To=22",
                "aws ec2 create-network-acl-entry --region eu-west-1 --network-acl-id acl-1 --ingress \
                 --rule-number 100 --protocol 1 --cidr-block 10.0.0.0/8 --rule-action deny \
                 --icmp-type-code Type=8,Code=0",
            ]
        );
    }
}

//! Facet: how a cluster of Redshift is set up.

use std::fmt;

use remedy::{Action, Arn, Facet, Id, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::asked::in_words;

/// The name of a cluster, such as `warehouse`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RedshiftClusterId(pub String);

impl Id for RedshiftClusterId {
    const TYPE: &'static str = "AWS::Redshift::Cluster";

    fn locate(resource: &str) -> Option<Self> {
        let name = match Arn::parse(resource) {
            Some(arn) if arn.service == "redshift" => arn.resource.strip_prefix("cluster:")?,
            Some(_) => return None,
            None => resource,
        };
        let is_name = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        let named = name.starts_with(|c: char| c.is_ascii_alphabetic())
            && name.len() <= 63
            && name.bytes().all(is_name);
        named.then(|| Self(name.to_owned()))
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:redshift:{region}:{account}:cluster:{self}")
    }

    fn link(&self, place: &Place) -> String {
        let region = &place.region;
        format!(
            "{}/redshiftv2/home?region={region}#cluster-details?cluster={self}",
            place.console()
        )
    }
}

impl fmt::Display for RedshiftClusterId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A cluster, as far as its safety goes; what AWS is about to change counts as changed.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own, as AWS tells it")]
pub struct RedshiftCluster {
    /// Whether it has a public address.
    pub public: bool,
    /// Its elastic address, if it has one.
    pub elastic_ip: Option<String>,
    /// How many days an automatic snapshot is kept; 0: there is none.
    pub snapshot_days: i32,
    /// Whether versions of the engine come by themselves, in its window.
    pub version_upgrades: bool,
    /// Whether it copies from and unloads to other services through its VPC.
    pub vpc_routing: bool,
    /// Whether its data is encrypted at rest.
    pub encrypted: bool,
    /// Whether it is in more than one zone.
    pub multi_az: bool,
    /// The name of its first user.
    pub admin: String,
    /// The name of its first database.
    pub database: String,
    /// The cluster's tags.
    pub tags: Tags,
}

/// What a cluster is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RedshiftSetting {
    /// Whether it has a public address.
    Public {
        /// It has.
        on: bool,
        /// Which, if it is an elastic one.
        elastic_ip: Option<String>,
    },
    /// How many days an automatic snapshot is kept.
    SnapshotDays(i32),
    /// Whether versions of the engine come by themselves.
    VersionUpgrades(bool),
    /// Whether it copies from and unloads to other services through its VPC.
    VpcRouting(bool),
}

/// The clusters of the account.
pub(super) const CLUSTERS: &str = "arn:${AWS::Partition}:redshift:*:${AWS::AccountId}:cluster:*";
/// What reading any of a cluster needs.
pub(super) const DESCRIBE: Action = Action::on(CLUSTERS, "redshift:DescribeClusters");
const MODIFY: &[Action] = &[Action::on(CLUSTERS, "redshift:ModifyCluster").tagged()];

impl Facet for RedshiftCluster {
    type Id = RedshiftClusterId;
    type Change = Swap<RedshiftSetting>;

    const NAME: &'static str = "Redshift cluster";
    const READS: &'static [Action] = &[DESCRIBE];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<RedshiftSetting>) -> Self {
        match &change.to {
            RedshiftSetting::Public { on, elastic_ip } => {
                self.public = *on;
                self.elastic_ip.clone_from(elastic_ip);
            }
            RedshiftSetting::SnapshotDays(days) => self.snapshot_days = *days,
            RedshiftSetting::VersionUpgrades(on) => self.version_upgrades = *on,
            RedshiftSetting::VpcRouting(on) => self.vpc_routing = *on,
        }
        self
    }

    /// AWS shows the address for a while after it is given up.
    fn same(&self, other: &Self) -> bool {
        let of = |cluster: &Self| Self {
            elastic_ip: cluster.elastic_ip.clone().filter(|_| cluster.public),
            ..cluster.clone()
        };
        of(self) == of(other)
    }

    fn commands(
        place: &Place,
        id: &RedshiftClusterId,
        changes: &[Swap<RedshiftSetting>],
    ) -> Vec<String> {
        let flag = |on: bool, name: &str| match on {
            true => format!("--{name}"),
            false => format!("--no-{name}"),
        };
        let command = |change: &Swap<RedshiftSetting>| match &change.to {
            RedshiftSetting::Public { on: true, elastic_ip: Some(address) } => modify(
                place,
                id,
                &format!("--publicly-accessible --elastic-ip {}", quoted(address)),
            ),
            RedshiftSetting::Public { on, elastic_ip: _ } => {
                modify(place, id, &flag(*on, "publicly-accessible"))
            }
            RedshiftSetting::SnapshotDays(days) => {
                modify(place, id, &format!("--automated-snapshot-retention-period {days}"))
            }
            RedshiftSetting::VersionUpgrades(on) => {
                modify(place, id, &flag(*on, "allow-version-upgrade"))
            }
            RedshiftSetting::VpcRouting(on) => {
                modify(place, id, &flag(*on, "enhanced-vpc-routing"))
            }
        };
        changes.iter().map(command).collect()
    }
}

/// The command that changes a cluster.
pub(super) fn modify(place: &Place, id: &RedshiftClusterId, to: &str) -> String {
    format!("aws redshift modify-cluster --region {} --cluster-identifier {id} {to}", place.region)
}

impl Setting for RedshiftSetting {
    const MAKE: &'static [Action] = MODIFY;
    const UNDO: &'static [Action] = MODIFY;

    fn needs(&self) -> &'static [Action] {
        MODIFY
    }
}

impl fmt::Display for RedshiftSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on = |on: &bool| if *on { "on" } else { "off" };
        match self {
            Self::Public { on: false, .. } => f.write_str("public access off"),
            Self::Public { on: true, elastic_ip: None } => f.write_str("public access on"),
            Self::Public { on: true, elastic_ip: Some(address) } => {
                write!(f, "public access on, at {address}")
            }
            Self::SnapshotDays(0) => f.write_str("automatic snapshots off"),
            Self::SnapshotDays(days) => {
                write!(f, "automatic snapshots kept for {}", in_words(*days))
            }
            Self::VersionUpgrades(is) => write!(f, "automatic version upgrades {}", on(is)),
            Self::VpcRouting(is) => write!(f, "enhanced VPC routing {}", on(is)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_cluster_is_located() {
        for known in ["warehouse", "arn:aws:redshift:eu-west-1:111122223333:cluster:warehouse"] {
            assert_eq!(
                RedshiftClusterId::locate(known),
                Some(RedshiftClusterId("warehouse".into()))
            );
        }
        for other in [
            "111122223333",
            "arn:aws:redshift:eu-west-1:111122223333:snapshot:warehouse/one",
            "arn:aws:redshift:eu-west-1:111122223333:cluster:a b",
            "arn:aws:redshift-serverless:eu-west-1:111122223333:cluster:warehouse",
            "",
        ] {
            assert_eq!(RedshiftClusterId::locate(other), None, "{other}");
        }
    }

    #[test]
    fn settings_are_made_and_taken_back_by_command() {
        let all = [
            RedshiftSetting::Public { on: false, elastic_ip: None },
            RedshiftSetting::Public { on: true, elastic_ip: Some("203.0.113.7".into()) },
            RedshiftSetting::SnapshotDays(7),
            RedshiftSetting::VersionUpgrades(true),
            RedshiftSetting::VpcRouting(false),
        ];
        let changes = all.map(|to| Swap { from: to.clone(), to });
        let place = Place::new("111122223333", "eu-west-1");
        let flags = [
            "--no-publicly-accessible",
            "--publicly-accessible --elastic-ip 203.0.113.7",
            "--automated-snapshot-retention-period 7",
            "--allow-version-upgrade",
            "--no-enhanced-vpc-routing",
        ];
        let modify =
            "aws redshift modify-cluster --region eu-west-1 --cluster-identifier warehouse";
        assert_eq!(
            RedshiftCluster::commands(&place, &RedshiftClusterId("warehouse".into()), &changes),
            flags.map(|flag| format!("{modify} {flag}"))
        );
    }
}

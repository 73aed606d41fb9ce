//! Facet: how a cluster of databases is set up.

use std::fmt;

use remedy::{Action, Case, Facet, Id, Place, Plan, Setting, Swap, Tags};
use serde::{Deserialize, Serialize};

use super::{
    Setup, Switch, Value, engine,
    id::{self, rds_id},
    value,
};

rds_id!(
    /// The name of a cluster, such as `main`; or its resource id, by which AWS Config calls it.
    DbClusterId, "AWS::RDS::DBCluster", "cluster", "database:id={id};is-cluster=true"
);

impl DbClusterId {
    /// Whether it is the resource id that RDS gave the cluster, and not its name.
    pub fn is_resource_id(&self) -> bool {
        id::is_resource_id("cluster", &self.0)
    }

    /// The cluster's name, as a word of a command.
    pub(super) fn in_command(&self, place: &Place) -> String {
        id::in_command(
            "cluster",
            &self.0,
            place,
            ["describe-db-clusters", "db-cluster-resource-id", "DBCluster"],
        )
    }
}

/// A cluster of RDS, Neptune or `DocumentDB`, as far as its safety goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DbCluster {
    /// Such as `aurora-postgresql`, `neptune` or `docdb`.
    pub engine: String,
    /// Such as `available`.
    pub status: String,
    /// How it is set up.
    pub setup: Setup,
    /// Whether it has members in more than one Availability Zone.
    pub spread: bool,
    /// AWS Backup decides for how long its backups are kept.
    pub in_aws_backup: bool,
    /// Whether its storage is encrypted.
    pub encrypted: bool,
    /// For how many seconds it can be wound back; 0: not at all.
    pub backtrack_seconds: i64,
    /// The port that it listens at, once that is known.
    pub port: Option<i32>,
    /// The name of its administrator.
    pub admin: String,
    /// The cluster's tags.
    pub tags: Tags,
}

/// What a cluster is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DbClusterSetting(pub Value);

const CLUSTERS: &str = "arn:${AWS::Partition}:rds:*:${AWS::AccountId}:cluster:*";
const SET: &[Action] = &[Action::on(CLUSTERS, "rds:ModifyDBCluster").tagged()];

impl DbCluster {
    /// Whether clusters of this engine have that switch. Of what they do not have, RDS may say nothing.
    pub fn has(engine: &str, switch: Switch) -> bool {
        match switch {
            Switch::DeletionProtection => true,
            Switch::IamAuthentication | Switch::SnapshotTags => engine != "docdb",
            Switch::MinorUpgrades => !engine::has_own_members(engine),
            Switch::PublicAccess | Switch::Standby => false,
        }
    }

    /// What turns it on, if clusters of its engine have that.
    pub(super) fn turn_on(&self, switch: Switch, case: &Case<'_>) -> Plan<Swap<DbClusterSetting>> {
        if Self::has(&self.engine, switch) {
            self.set(Value::Switch(switch, true), case)
        } else {
            Plan::none()
        }
    }

    /// What sets it to `value`. A person does that where RDS takes no changes.
    pub(super) fn set(&self, value: Value, case: &Case<'_>) -> Plan<Swap<DbClusterSetting>> {
        let is = self.setup.is(&value);
        let wrong = is.to_string();
        let swap = Swap::of(DbClusterSetting(is), DbClusterSetting(value));
        match engine::rests(&self.status) {
            Some(why) if swap.is_some() => {
                let swap: Vec<_> = swap.into_iter().collect();
                Plan::by_hand(wrong, why, self.once_it_is_up(&swap, case))
            }
            _ => swap.into_iter().collect(),
        }
    }

    /// The commands that make `changes` once it runs again.
    fn once_it_is_up(&self, changes: &[Swap<DbClusterSetting>], case: &Case<'_>) -> Vec<String> {
        let Some(id) = DbClusterId::locate(&case.signal.resource) else { return Vec::new() };
        let place = &case.signal.place;
        let it =
            format!("--region {} --db-cluster-identifier {}", place.region, id.in_command(place));
        let mut commands = Vec::new();
        if self.status == "stopped" {
            commands.push(format!("aws rds start-db-cluster {it}"));
            commands.push(format!("aws rds wait db-cluster-available {it}"));
        }
        commands.extend(Self::commands(place, &id, changes));
        commands
    }
}

impl Facet for DbCluster {
    type Id = DbClusterId;
    type Change = Swap<DbClusterSetting>;

    const NAME: &'static str = "database cluster";
    const READS: &'static [Action] = &[Action::on(CLUSTERS, "rds:DescribeDBClusters")];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<DbClusterSetting>) -> Self {
        self.setup.set(&change.to.0);
        self
    }

    fn commands(
        place: &Place,
        id: &DbClusterId,
        changes: &[Swap<DbClusterSetting>],
    ) -> Vec<String> {
        if changes.is_empty() {
            return Vec::new();
        }
        let options = value::options(changes.iter().map(|change| &change.to.0));
        let (region, id) = (&place.region, id.in_command(place));
        vec![format!(
            "aws rds modify-db-cluster --region {region} --db-cluster-identifier {id} {options}"
        )]
    }
}

impl Setting for DbClusterSetting {
    const MAKE: &'static [Action] = SET;
    const UNDO: &'static [Action] = SET;

    fn needs(&self) -> &'static [Action] {
        SET
    }

    fn comes_back(&self, _: &Self) -> bool {
        self.0.comes_back()
    }
}

impl fmt::Display for DbClusterSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

//! Facet: how a database instance is set up.

use std::fmt;

use remedy::{Action, Case, Facet, Id, Place, Plan, Setting, Swap, Tags};
use serde::{Deserialize, Serialize};

use super::{
    DbCluster, DbClusterId, DbClusterSetting, Setup, Switch, Value, engine,
    id::{self, rds_id},
    value,
};

rds_id!(
    /// The name of a database instance, such as `web`; or its resource id, by which AWS Config calls it.
    DbInstanceId, "AWS::RDS::DBInstance", "db", "database:id={id}"
);

impl DbInstanceId {
    /// Whether it is the resource id that RDS gave the instance, and not its name.
    pub fn is_resource_id(&self) -> bool {
        id::is_resource_id("db", &self.0)
    }

    /// The instance's name, as a word of a command.
    pub(super) fn in_command(&self, place: &Place) -> String {
        id::in_command(
            "db",
            &self.0,
            place,
            ["describe-db-instances", "dbi-resource-id", "DBInstance"],
        )
    }
}

/// A database instance, as far as its safety goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DbInstance {
    /// Such as `postgres`.
    pub engine: String,
    /// The cluster that it is a member of, if it is; what a cluster decides is not decided here.
    pub cluster: Option<String>,
    /// The instance or cluster that it repeats, if it is a read replica.
    pub source: Option<String>,
    /// Such as `available`.
    pub status: String,
    /// How it is set up.
    pub setup: Setup,
    /// AWS Backup decides for how long its backups are kept.
    pub in_aws_backup: bool,
    /// Whether its storage is encrypted.
    pub encrypted: bool,
    /// The port that it listens at, once that is known.
    pub port: Option<i32>,
    /// The name of its administrator.
    pub admin: String,
    /// The instance's tags.
    pub tags: Tags,
}

/// What a database instance is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct DbInstanceSetting(pub Value);

const INSTANCES: &str = "arn:${AWS::Partition}:rds:*:${AWS::AccountId}:db:*";
const MODIFY: Action = Action::on(INSTANCES, "rds:ModifyDBInstance").tagged();
const SET: &[Action] = &[MODIFY];
const SET_WITH_ROLE: &[Action] = &[MODIFY, value::PASS];

impl DbInstance {
    /// What sets it to each of `values`. A person does that where the cluster is to be set up instead, or
    /// where RDS takes no changes.
    pub(super) fn set(
        &self,
        values: impl IntoIterator<Item = Value>,
        case: &Case<'_>,
    ) -> Plan<Swap<DbInstanceSetting>> {
        let swap = |value: Value| {
            Swap::of(DbInstanceSetting(self.setup.is(&value)), DbInstanceSetting(value))
        };
        let plan: Plan<_> = values.into_iter().filter_map(swap).collect();
        if plan.is_empty() {
            return plan;
        }
        if let Some(cluster) = &self.cluster
            && plan.changes.iter().any(|change| self.is_clusters(&change.to.0))
        {
            let why = format!("it is a member of cluster {cluster}, which decides that");
            let id = DbClusterId(cluster.clone());
            let to = |value: &Value| DbClusterSetting(value.clone());
            let swaps: Vec<_> = plan
                .changes
                .iter()
                .map(|change| Swap { from: to(&change.from.0), to: to(&change.to.0) })
                .collect();
            return Plan::by_hand(
                wrong(&plan),
                why,
                DbCluster::commands(&case.signal.place, &id, &swaps),
            );
        }
        match engine::rests(&self.status) {
            Some(why) => Plan::by_hand(wrong(&plan), why, self.once_it_is_up(&plan, case)),
            None => plan,
        }
    }

    /// Whether its cluster decides that.
    fn is_clusters(&self, value: &Value) -> bool {
        match value {
            Value::Switch(Switch::MinorUpgrades | Switch::PublicAccess, _)
            | Value::Monitoring(_) => !engine::has_own_members(&self.engine),
            Value::Switch(
                Switch::DeletionProtection
                | Switch::IamAuthentication
                | Switch::SnapshotTags
                | Switch::Standby,
                _,
            )
            | Value::Log(..)
            | Value::BackupDays(_) => true,
        }
    }

    fn once_it_is_up(&self, plan: &Plan<Swap<DbInstanceSetting>>, case: &Case<'_>) -> Vec<String> {
        let Some(id) = DbInstanceId::locate(&case.signal.resource) else { return Vec::new() };
        let place = &case.signal.place;
        let it =
            format!("--region {} --db-instance-identifier {}", place.region, id.in_command(place));
        let mut commands = Vec::new();
        if self.status == "stopped" {
            commands.push(format!("aws rds start-db-instance {it}"));
            commands.push(format!("aws rds wait db-instance-available {it}"));
        }
        commands.extend(Self::commands(place, &id, &plan.changes));
        commands
    }
}

/// What is wrong, in words.
fn wrong(plan: &Plan<Swap<DbInstanceSetting>>) -> String {
    let wrong: Vec<_> = plan.changes.iter().map(|change| change.from.to_string()).collect();
    wrong.join(", ")
}

impl Facet for DbInstance {
    type Id = DbInstanceId;
    type Change = Swap<DbInstanceSetting>;

    const NAME: &'static str = "database instance";
    const READS: &'static [Action] = &[Action::on(INSTANCES, "rds:DescribeDBInstances")];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<DbInstanceSetting>) -> Self {
        self.setup.set(&change.to.0);
        self
    }

    fn commands(
        place: &Place,
        id: &DbInstanceId,
        changes: &[Swap<DbInstanceSetting>],
    ) -> Vec<String> {
        if changes.is_empty() {
            return Vec::new();
        }
        let options = value::options(changes.iter().map(|change| &change.to.0));
        let (region, id) = (&place.region, id.in_command(place));
        vec![format!(
            "aws rds modify-db-instance --region {region} --db-instance-identifier {id} {options}"
        )]
    }
}

impl Setting for DbInstanceSetting {
    const MAKE: &'static [Action] = SET_WITH_ROLE;
    const UNDO: &'static [Action] = SET_WITH_ROLE;

    fn needs(&self) -> &'static [Action] {
        if self.0.passes_role() { SET_WITH_ROLE } else { SET }
    }

    fn comes_back(&self, _: &Self) -> bool {
        self.0.comes_back()
    }
}

impl fmt::Display for DbInstanceSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

//! Facet: how a table of DynamoDB is set up.

use std::{collections::BTreeMap, fmt};

use remedy::{Action, Arn, Facet, Id, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};
use serde_json::json;

/// The name of a table, such as `orders`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TableId(pub String);

impl Id for TableId {
    const TYPE: &'static str = "AWS::DynamoDB::Table";

    fn locate(resource: &str) -> Option<Self> {
        let name = match Arn::parse(resource) {
            Some(arn) if arn.service == "dynamodb" => arn.resource.strip_prefix("table/")?,
            Some(_) => return None,
            None => resource,
        };
        let is_name = |b: u8| b.is_ascii_alphanumeric() || b"_-.".contains(&b);
        let named = (3..=255).contains(&name.len()) && name.bytes().all(is_name);
        named.then(|| Self(name.to_owned()))
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:dynamodb:{region}:{account}:table/{self}")
    }

    fn link(&self, place: &Place) -> String {
        let region = &place.region;
        format!("{}/dynamodbv2/home?region={region}#table?name={self}", place.console())
    }
}

impl fmt::Display for TableId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A table, as far as its safety goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Table {
    /// Whether it is kept from being deleted.
    pub protected: bool,
    /// Whether it can be restored to any point in time.
    pub recoverable: bool,
    /// How much it can take.
    pub capacity: Capacity,
    /// The Regions that it is replicated to.
    pub replicas: Vec<String>,
    /// The table's tags.
    pub tags: Tags,
}

/// How much a table can take.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Capacity {
    /// Whatever is asked of it; paid by the request.
    #[default]
    OnDemand,
    /// So much and no more; paid by the hour.
    Provisioned {
        /// Of the table itself.
        table: Units,
        /// Of each of its global indexes.
        #[serde(default)]
        indexes: BTreeMap<String, Units>,
    },
}

/// Units of capacity: each way its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Units {
    /// To read.
    pub read: i64,
    /// To write.
    pub write: i64,
}

/// What a table is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum TableSetting {
    /// Whether it is kept from being deleted.
    DeletionProtection(bool),
    /// Whether it can be restored to any point in time.
    PointInTimeRecovery(bool),
    /// How much it can take.
    Capacity(Capacity),
}

const TABLES: &str = "arn:${AWS::Partition}:dynamodb:*:${AWS::AccountId}:table/*";
const UPDATE: &[Action] = &[Action::on(TABLES, "dynamodb:UpdateTable").tagged()];
const BACKUPS: &[Action] = &[Action::on(TABLES, "dynamodb:UpdateContinuousBackups").tagged()];
const BOTH: &[Action] = &[
    Action::on(TABLES, "dynamodb:UpdateContinuousBackups").tagged(),
    Action::on(TABLES, "dynamodb:UpdateTable").tagged(),
];

impl Facet for Table {
    type Id = TableId;
    type Change = Swap<TableSetting>;

    const NAME: &'static str = "table";
    const READS: &'static [Action] = &[
        Action::on(TABLES, "dynamodb:DescribeContinuousBackups"),
        Action::on(TABLES, "dynamodb:DescribeTable"),
        Action::on(TABLES, "dynamodb:ListTagsOfResource"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<TableSetting>) -> Self {
        match &change.to {
            TableSetting::DeletionProtection(on) => self.protected = *on,
            TableSetting::PointInTimeRecovery(on) => self.recoverable = *on,
            TableSetting::Capacity(capacity) => self.capacity.clone_from(capacity),
        }
        self
    }

    fn commands(place: &Place, id: &TableId, changes: &[Swap<TableSetting>]) -> Vec<String> {
        let on = format!("--region {} --table-name {id}", place.region);
        let command = |change: &Swap<TableSetting>| match &change.to {
            TableSetting::DeletionProtection(true) => {
                format!("aws dynamodb update-table {on} --deletion-protection-enabled")
            }
            TableSetting::DeletionProtection(false) => {
                format!("aws dynamodb update-table {on} --no-deletion-protection-enabled")
            }
            TableSetting::PointInTimeRecovery(is) => format!(
                "aws dynamodb update-continuous-backups {on} --point-in-time-recovery-specification \
                 PointInTimeRecoveryEnabled={is}"
            ),
            TableSetting::Capacity(Capacity::OnDemand) => {
                format!("aws dynamodb update-table {on} --billing-mode PAY_PER_REQUEST")
            }
            TableSetting::Capacity(Capacity::Provisioned { table, indexes }) => {
                let Units { read, write } = table;
                let table = format!(
                    "aws dynamodb update-table {on} --billing-mode PROVISIONED --provisioned-throughput \
                     ReadCapacityUnits={read},WriteCapacityUnits={write}"
                );
                if indexes.is_empty() { table } else { format!("{table} {}", updates(indexes)) }
            }
        };
        changes.iter().map(command).collect()
    }
}

fn updates(indexes: &BTreeMap<String, Units>) -> String {
    let update = |(name, units): (&String, &Units)| {
        let units = json!({ "ReadCapacityUnits": units.read, "WriteCapacityUnits": units.write });
        json!({ "Update": { "IndexName": name, "ProvisionedThroughput": units } })
    };
    let all: serde_json::Value = indexes.iter().map(update).collect();
    format!("--global-secondary-index-updates {}", quoted(&all.to_string()))
}

impl Setting for TableSetting {
    const MAKE: &'static [Action] = BOTH;
    const UNDO: &'static [Action] = BOTH;

    fn needs(&self) -> &'static [Action] {
        match self {
            Self::DeletionProtection(_) | Self::Capacity(_) => UPDATE,
            Self::PointInTimeRecovery(_) => BACKUPS,
        }
    }
}

impl fmt::Display for TableSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let on = |on: &bool| if *on { "on" } else { "off" };
        match self {
            Self::DeletionProtection(is) => write!(f, "deletion protection {}", on(is)),
            Self::PointInTimeRecovery(is) => write!(f, "point-in-time recovery {}", on(is)),
            Self::Capacity(capacity) => capacity.fmt(f),
        }
    }
}

impl fmt::Display for Capacity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnDemand => f.write_str("capacity on demand"),
            Self::Provisioned { table: Units { read, write }, indexes } => {
                write!(f, "capacity {read} to read and {write} to write")?;
                match indexes.len() {
                    0 => Ok(()),
                    1 => f.write_str(", and of 1 index"),
                    n => write!(f, ", and of {n} indexes"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_table_is_located() {
        for orders in ["orders", "arn:aws:dynamodb:eu-west-1:111122223333:table/orders"] {
            assert_eq!(TableId::locate(orders), Some(TableId("orders".into())));
        }
        for other in [
            "a",
            "a b c",
            "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/stream/2026-11-20T00:00:00.000",
            "arn:aws:dynamodb:eu-west-1:111122223333:table/orders/index/by-day",
            "arn:aws:dax:eu-west-1:111122223333:cache/orders",
            "AWS::::Account:111122223333",
            "",
        ] {
            assert_eq!(TableId::locate(other), None, "{other}");
        }
    }

    #[test]
    fn settings_are_made_and_taken_back_by_command() {
        let indexes = [("by day".to_owned(), Units { read: 3, write: 4 })].into();
        let provisioned = Capacity::Provisioned { table: Units { read: 1, write: 2 }, indexes };
        let all = [
            TableSetting::DeletionProtection(true),
            TableSetting::PointInTimeRecovery(false),
            TableSetting::Capacity(Capacity::OnDemand),
            TableSetting::Capacity(provisioned),
        ];
        let changes = all.map(|to| Swap { from: to.clone(), to });
        let place = Place::new("111122223333", "eu-west-1");
        let on = "--region eu-west-1 --table-name orders";
        assert_eq!(
            Table::commands(&place, &TableId("orders".into()), &changes),
            [
                format!("aws dynamodb update-table {on} --deletion-protection-enabled"),
                format!(
                    "aws dynamodb update-continuous-backups {on} --point-in-time-recovery-specification PointInTimeRecoveryEnabled=false"
                ),
                format!("aws dynamodb update-table {on} --billing-mode PAY_PER_REQUEST"),
                format!(
                    r#"aws dynamodb update-table {on} --billing-mode PROVISIONED --provisioned-throughput ReadCapacityUnits=1,WriteCapacityUnits=2 --global-secondary-index-updates '[{{"Update":{{"IndexName":"by day","ProvisionedThroughput":{{"ReadCapacityUnits":3,"WriteCapacityUnits":4}}}}}}]'"#
                ),
            ]
        );
    }
}

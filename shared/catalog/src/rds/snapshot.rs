//! Facets: who may restore a snapshot, of an instance or of a cluster.

use std::{collections::BTreeSet, fmt};

use remedy::{Action, Facet, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::id::rds_id;

rds_id!(
    /// The name of a snapshot of a database instance, such as `web-before-upgrade`.
    DbSnapshotId, "AWS::RDS::DBSnapshot", "snapshot", "snapshots-list:"
);
rds_id!(
    /// The name of a snapshot of a cluster, such as `main-before-upgrade`.
    DbClusterSnapshotId, "AWS::RDS::DBClusterSnapshot", "cluster-snapshot", "snapshots-list:"
);

/// What stands among the accounts that may restore a snapshot if all may.
pub const EVERYBODY: &str = "all";

/// A snapshot, whatever it is of.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Snapshot {
    /// Such as `postgres`.
    pub engine: String,
    /// The accounts that may restore it, or [`EVERYBODY`].
    pub shared_with: BTreeSet<String>,
    /// Whether it is encrypted.
    pub encrypted: bool,
    /// The snapshot's tags.
    pub tags: Tags,
}

impl Snapshot {
    /// Whether everybody may restore it.
    pub(super) fn is_public(&self) -> bool {
        self.shared_with.contains(EVERYBODY)
    }

    fn after(&mut self, public: bool) {
        if public {
            self.shared_with.insert(EVERYBODY.into());
        } else {
            self.shared_with.remove(EVERYBODY);
        }
    }
}

/// Makes a facet of the snapshots of one kind: its type, its id, its setting, the word in names of
/// actions, that in commands, and that in ARNs.
macro_rules! snapshots {
    (
        $(#[$doc:meta])* $facet:ident, $id:ident, $setting:ident, $name:literal,
        $of:literal, $command:literal, $arn:literal
    ) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $facet(pub Snapshot);

        /// Who may restore it.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
        #[serde(rename_all = "kebab-case")]
        pub enum $setting {
            /// Whether everybody may, beside the accounts that are named.
            Public(bool),
        }

        impl $facet {
            /// What lets only those restore it who are named.
            pub(super) fn close(&self) -> Option<Swap<$setting>> {
                Swap::of($setting::Public(self.0.is_public()), $setting::Public(false))
            }
        }

        impl Facet for $facet {
            type Id = $id;
            type Change = Swap<$setting>;

            const NAME: &'static str = $name;
            const READS: &'static [Action] = &[
                Action::on($arn, concat!("rds:Describe", $of, "Snapshots")),
                Action::on($arn, concat!("rds:Describe", $of, "SnapshotAttributes")),
            ];

            fn tags(&self) -> Option<&Tags> {
                Some(&self.0.tags)
            }

            fn after(mut self, change: &Swap<$setting>) -> Self {
                let $setting::Public(on) = change.to;
                self.0.after(on);
                self
            }

            fn commands(place: &Place, id: &$id, changes: &[Swap<$setting>]) -> Vec<String> {
                let command = |change: &Swap<$setting>| {
                    let $setting::Public(on) = change.to;
                    let way = if on { "values-to-add" } else { "values-to-remove" };
                    format!(
                        "aws rds modify-{0}-snapshot-attribute --region {1} \
                         --{0}-snapshot-identifier {2} --attribute-name restore --{way} {EVERYBODY}",
                        $command,
                        place.region,
                        quoted(&id.0)
                    )
                };
                changes.iter().map(command).collect()
            }
        }

        impl Setting for $setting {
            const MAKE: &'static [Action] =
                &[Action::on($arn, concat!("rds:Modify", $of, "SnapshotAttribute")).tagged()];
            const UNDO: &'static [Action] = Self::MAKE;

            fn needs(&self) -> &'static [Action] {
                Self::MAKE
            }
        }

        impl fmt::Display for $setting {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(match self {
                    Self::Public(true) => "sharing with everybody on",
                    Self::Public(false) => "sharing with everybody off",
                })
            }
        }
    };
}

snapshots!(
    /// A snapshot of a database instance.
    DbSnapshot, DbSnapshotId, DbSnapshotSetting, "database snapshot", "DB", "db",
    "arn:${AWS::Partition}:rds:*:${AWS::AccountId}:snapshot:*"
);
snapshots!(
    /// A snapshot of a cluster.
    DbClusterSnapshot, DbClusterSnapshotId, DbClusterSnapshotSetting, "cluster snapshot", "DBCluster",
    "db-cluster", "arn:${AWS::Partition}:rds:*:${AWS::AccountId}:cluster-snapshot:*"
);

/// A name for what is made of the snapshot `name`. What RDS named itself has a colon in it.
pub(super) fn name_for(name: &str, ending: &str) -> String {
    let name = name.rsplit(':').next().unwrap_or(name);
    format!("{name}-{ending}")
}

#[cfg(test)]
mod tests {
    use remedy::Id;

    use super::*;

    #[test]
    fn a_snapshot_and_a_clusters_are_not_taken_for_each_other() {
        let one = "arn:aws:rds:eu-west-1:111122223333:snapshot:web";
        let cluster = "arn:aws:rds:eu-west-1:111122223333:cluster-snapshot:main";
        assert_eq!(DbSnapshotId::locate(one), Some(DbSnapshotId("web".into())));
        assert_eq!(DbSnapshotId::locate(cluster), None);
        assert_eq!(DbClusterSnapshotId::locate(one), None);
        assert!(DbClusterSnapshotId::locate(cluster).is_some());
    }

    #[test]
    fn permissions_are_named_as_iam_has_them() {
        let names =
            |actions: &[Action]| actions.iter().map(|action| action.name).collect::<Vec<_>>();
        assert_eq!(
            names(DbClusterSnapshot::READS),
            ["rds:DescribeDBClusterSnapshots", "rds:DescribeDBClusterSnapshotAttributes"]
        );
        assert_eq!(names(DbSnapshotSetting::MAKE), ["rds:ModifyDBSnapshotAttribute"]);
    }

    #[test]
    fn a_command_takes_everybody_and_nobody_else_out() {
        let place = Place::new("111122223333", "eu-west-1");
        let change =
            DbSnapshot(Snapshot { shared_with: ["all".into()].into(), ..Snapshot::default() });
        assert_eq!(
            DbSnapshot::commands(
                &place,
                &DbSnapshotId("web".into()),
                &change.close().into_iter().collect::<Vec<_>>()
            ),
            [
                "aws rds modify-db-snapshot-attribute --region eu-west-1 --db-snapshot-identifier web \
              --attribute-name restore --values-to-remove all"
            ]
        );
    }

    #[test]
    fn what_is_made_of_a_snapshot_has_a_name_that_rds_takes() {
        assert_eq!(name_for("web", "encrypted"), "web-encrypted");
        assert_eq!(name_for("rds:web-2026-11-20", "encrypted"), "web-2026-11-20-encrypted");
    }
}

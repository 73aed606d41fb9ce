//! Facets: who may restore a snapshot, of an instance or of a cluster.

use std::collections::BTreeSet;

use aws_sdk_rds::error::ProvideErrorMetadata;
use catalog::rds::{
    DbClusterSnapshot, DbClusterSnapshotId, DbClusterSnapshotSetting, DbSnapshot, DbSnapshotId,
    DbSnapshotSetting, EVERYBODY, Snapshot,
};
use futures_util::future;
use remedy::{Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::{
    Rds,
    said::{Answer, tags},
};

/// The attribute that lists who may.
const RESTORE: &str = "restore";

impl Cloud<DbSnapshot> for Rds {
    async fn load(
        &self,
        place: &Place,
        id: &DbSnapshotId,
        _: &[&Signal],
    ) -> Result<Option<DbSnapshot>, Error> {
        const GONE: Option<&str> = Some("DBSnapshotNotFound");
        let rds = self.clients.at(place).await?;
        let what = format!("read database snapshot {id}");
        let answer = Answer { rds: &rds, what: &what };
        let client = &rds.client;
        let (found, shared) = future::join(
            client.describe_db_snapshots().db_snapshot_identifier(&id.0).send(),
            client.describe_db_snapshot_attributes().db_snapshot_identifier(&id.0).send(),
        )
        .await;
        let found = match found {
            Ok(found) => found.db_snapshots.unwrap_or_default().into_iter().next(),
            Err(error) if error.code() == GONE => None,
            Err(error) => return Err(rds.failed(&what, "rds:DescribeDBSnapshots", &error)),
        };
        let shared = match shared {
            Ok(shared) => shared.db_snapshot_attributes_result,
            Err(error) if error.code() == GONE => return Ok(None),
            Err(error) => {
                return Err(rds.failed(&what, "rds:DescribeDBSnapshotAttributes", &error));
            }
        };
        let Some(found) = found else { return Ok(None) };
        let attributes = shared.and_then(|shared| shared.db_snapshot_attributes);
        let pairs = attributes
            .map(|list| list.into_iter().map(|a| (a.attribute_name, a.attribute_values)).collect());
        Ok(Some(DbSnapshot(Snapshot {
            engine: found.engine.unwrap_or_default(),
            shared_with: restorers(&answer, pairs)?,
            encrypted: answer.must(found.encrypted, "whether it is encrypted")?,
            tags: tags(found.tag_list),
        })))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &DbSnapshotId,
        changes: &[Swap<DbSnapshotSetting>],
    ) -> Vec<Result<(), Error>> {
        let rds = match self.clients.at(place).await {
            Ok(rds) => rds,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for Swap { to, .. } in changes {
            let call = rds.client.modify_db_snapshot_attribute();
            let call = call.db_snapshot_identifier(&id.0).attribute_name(RESTORE);
            let call = match to {
                DbSnapshotSetting::Public(true) => call.values_to_add(EVERYBODY),
                DbSnapshotSetting::Public(false) => call.values_to_remove(EVERYBODY),
            };
            let what = format!("set {to} of database snapshot {id}");
            let result = call.send().await.map(drop);
            results.push(
                result.map_err(|error| rds.failed(&what, "rds:ModifyDBSnapshotAttribute", &error)),
            );
        }
        results
    }
}

impl Cloud<DbClusterSnapshot> for Rds {
    async fn load(
        &self,
        place: &Place,
        id: &DbClusterSnapshotId,
        _: &[&Signal],
    ) -> Result<Option<DbClusterSnapshot>, Error> {
        const GONE: Option<&str> = Some("DBClusterSnapshotNotFoundFault");
        let rds = self.clients.at(place).await?;
        let what = format!("read cluster snapshot {id}");
        let answer = Answer { rds: &rds, what: &what };
        let attributes = rds.client.describe_db_cluster_snapshot_attributes();
        let (found, shared) = future::join(
            rds.client.describe_db_cluster_snapshots().db_cluster_snapshot_identifier(&id.0).send(),
            attributes.db_cluster_snapshot_identifier(&id.0).send(),
        )
        .await;
        let found = match found {
            Ok(found) => found.db_cluster_snapshots.unwrap_or_default().into_iter().next(),
            Err(error) if error.code() == GONE => None,
            Err(error) => return Err(rds.failed(&what, "rds:DescribeDBClusterSnapshots", &error)),
        };
        let shared = match shared {
            Ok(shared) => shared.db_cluster_snapshot_attributes_result,
            Err(error) if error.code() == GONE => return Ok(None),
            Err(error) => {
                return Err(rds.failed(&what, "rds:DescribeDBClusterSnapshotAttributes", &error));
            }
        };
        let Some(found) = found else { return Ok(None) };
        let attributes = shared.and_then(|shared| shared.db_cluster_snapshot_attributes);
        let pairs = attributes
            .map(|list| list.into_iter().map(|a| (a.attribute_name, a.attribute_values)).collect());
        Ok(Some(DbClusterSnapshot(Snapshot {
            engine: found.engine.unwrap_or_default(),
            shared_with: restorers(&answer, pairs)?,
            encrypted: answer.must(found.storage_encrypted, "whether it is encrypted")?,
            tags: tags(found.tag_list),
        })))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &DbClusterSnapshotId,
        changes: &[Swap<DbClusterSnapshotSetting>],
    ) -> Vec<Result<(), Error>> {
        let rds = match self.clients.at(place).await {
            Ok(rds) => rds,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for Swap { to, .. } in changes {
            let call = rds.client.modify_db_cluster_snapshot_attribute();
            let call = call.db_cluster_snapshot_identifier(&id.0).attribute_name(RESTORE);
            let call = match to {
                DbClusterSnapshotSetting::Public(true) => call.values_to_add(EVERYBODY),
                DbClusterSnapshotSetting::Public(false) => call.values_to_remove(EVERYBODY),
            };
            let what = format!("set {to} of cluster snapshot {id}");
            let result = call.send().await.map(drop);
            results.push(result.map_err(|error| {
                rds.failed(&what, "rds:ModifyDBClusterSnapshotAttribute", &error)
            }));
        }
        results
    }
}

/// Names of attributes and their values.
type Attributes = Vec<(Option<String>, Option<Vec<String>>)>;

/// Who may restore it. Where the attribute is not there, nobody else may: so it is with snapshots that RDS
/// takes itself.
fn restorers(
    answer: &Answer<'_>,
    attributes: Option<Attributes>,
) -> Result<BTreeSet<String>, Error> {
    let attributes = answer.must(attributes, "who may restore it")?;
    let restore = attributes.into_iter().filter(|(name, _)| name.as_deref() == Some(RESTORE));
    Ok(restore.flat_map(|(_, values)| values.unwrap_or_default()).collect())
}

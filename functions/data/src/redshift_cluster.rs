//! Facet: how a cluster of Redshift is set up.

use aws_sdk_redshift::{
    Client,
    error::ProvideErrorMetadata,
    types::{Cluster, Tag},
};
use catalog::data::{RedshiftCluster, RedshiftClusterId, RedshiftSetting};
use lambda::Local;
use remedy::{Place, Signal, Swap, Tags};
use runtime::{Cloud, Error};

use crate::{Data, later};

impl Cloud<RedshiftCluster> for Data {
    async fn load(
        &self,
        place: &Place,
        id: &RedshiftClusterId,
        _: &[&Signal],
    ) -> Result<Option<RedshiftCluster>, Error> {
        let redshift = self.redshift.at(place).await?;
        let Some(found) = describe(&redshift, id).await? else { return Ok(None) };
        let why = "Redshift does not tell all of how it is set up";
        let what = format!("read Redshift cluster {id}");
        read(found).ok_or_else(|| redshift.odd(&what, why)).map(Some)
    }

    async fn apply(
        &self,
        place: &Place,
        id: &RedshiftClusterId,
        changes: &[Swap<RedshiftSetting>],
    ) -> Vec<Result<(), Error>> {
        let redshift = match self.redshift.at(place).await {
            Ok(redshift) => redshift,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(set(&redshift, id, &change.to).await);
        }
        results
    }
}

/// A cluster, unless it is gone or going.
pub(crate) async fn describe(
    redshift: &Local<Client>,
    id: &RedshiftClusterId,
) -> Result<Option<Cluster>, Error> {
    let call = redshift.client.describe_clusters().cluster_identifier(&id.0);
    let found = match call.send().await {
        Ok(answer) => answer.clusters.unwrap_or_default().into_iter().next(),
        Err(error) if error.code() == Some("ClusterNotFound") => None,
        Err(error) => {
            let what = format!("read Redshift cluster {id}");
            return Err(redshift.failed(&what, "redshift:DescribeClusters", &error));
        }
    };
    Ok(found.filter(|found| found.cluster_status.as_deref() != Some("deleting")))
}

pub(crate) fn tags(tags: Option<Vec<Tag>>) -> Tags {
    let pair = |tag: Tag| Some((tag.key?, tag.value.unwrap_or_default()));
    tags.unwrap_or_default().into_iter().filter_map(pair).collect()
}

/// What is pending comes before what still is. `None` if something that decides is not told.
fn read(found: Cluster) -> Option<RedshiftCluster> {
    let pending = found
        .pending_modified_values
        .unwrap_or_else(|| aws_sdk_redshift::types::PendingModifiedValues::builder().build());
    let days = pending.automated_snapshot_retention_period;
    let encrypting = pending.encryption_type.map(|kind| !kind.eq_ignore_ascii_case("none"));
    Some(RedshiftCluster {
        public: pending.publicly_accessible.or(found.publicly_accessible)?,
        elastic_ip: found.elastic_ip_status.and_then(|status| status.elastic_ip),
        snapshot_days: days.or(found.automated_snapshot_retention_period)?,
        version_upgrades: found.allow_version_upgrade?,
        vpc_routing: pending.enhanced_vpc_routing.or(found.enhanced_vpc_routing)?,
        encrypted: encrypting.or(found.encrypted)?,
        multi_az: found.multi_az.is_some_and(|is| is.eq_ignore_ascii_case("enabled")),
        admin: found.master_username.unwrap_or_default(),
        database: found.db_name.unwrap_or_default(),
        tags: tags(found.tags),
    })
}

async fn set(
    redshift: &Local<Client>,
    id: &RedshiftClusterId,
    to: &RedshiftSetting,
) -> Result<(), Error> {
    let call = redshift.client.modify_cluster().cluster_identifier(&id.0);
    let call = match to {
        RedshiftSetting::Public { on, elastic_ip } => {
            let elastic_ip = elastic_ip.clone().filter(|_| *on);
            call.publicly_accessible(*on).set_elastic_ip(elastic_ip)
        }
        RedshiftSetting::SnapshotDays(days) => call.automated_snapshot_retention_period(*days),
        RedshiftSetting::VersionUpgrades(on) => call.allow_version_upgrade(*on),
        RedshiftSetting::VpcRouting(on) => call.enhanced_vpc_routing(*on),
    };
    let what = format!("set {to} of Redshift cluster {id}");
    let needs = "redshift:ModifyCluster";
    let answer = call.send().await;
    answer.map(drop).map_err(|error| later(error.code(), redshift.failed(&what, needs, &error)))
}

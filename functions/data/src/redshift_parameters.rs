//! Facet: whether the parameter groups of a cluster of Redshift want TLS.

use std::collections::BTreeMap;

use aws_sdk_redshift::Client;
use catalog::data::{RedshiftClusterId, RedshiftParameters};
use lambda::Local;
use remedy::{Never, Place, Signal};
use runtime::{Cloud, Error};

use crate::{
    Data,
    redshift_cluster::{describe, tags},
};

impl Cloud<RedshiftParameters> for Data {
    async fn load(
        &self,
        place: &Place,
        id: &RedshiftClusterId,
        _: &[&Signal],
    ) -> Result<Option<RedshiftParameters>, Error> {
        let redshift = self.redshift.at(place).await?;
        let Some(cluster) = describe(&redshift, id).await? else { return Ok(None) };
        let groups = cluster.cluster_parameter_groups.unwrap_or_default();
        let mut wants_tls = BTreeMap::new();
        for name in groups.into_iter().filter_map(|group| group.parameter_group_name) {
            let wants = wants(&redshift, &name).await?;
            wants_tls.insert(name, wants);
        }
        Ok(Some(RedshiftParameters { wants_tls, tags: tags(cluster.tags) }))
    }

    async fn apply(
        &self,
        _: &Place,
        _: &RedshiftClusterId,
        changes: &[Never],
    ) -> Vec<Result<(), Error>> {
        changes.iter().map(|change| match *change {}).collect()
    }
}

/// Whether a parameter group wants TLS of every connection.
async fn wants(redshift: &Local<Client>, group: &str) -> Result<bool, Error> {
    let what = format!("read Redshift parameter group {group}");
    let mut marker = None;
    loop {
        let call = redshift.client.describe_cluster_parameters().parameter_group_name(group);
        let answer = call.set_marker(marker).send().await;
        let needs = "redshift:DescribeClusterParameters";
        let answer = answer.map_err(|error| redshift.failed(&what, needs, &error))?;
        let mut page = answer.parameters.unwrap_or_default().into_iter();
        if let Some(found) = page.find(|one| one.parameter_name.as_deref() == Some("require_ssl")) {
            return Ok(found
                .parameter_value
                .is_some_and(|value| value.eq_ignore_ascii_case("true")));
        }
        marker = answer.marker.filter(|marker| !marker.is_empty());
        if marker.is_none() {
            return Err(redshift.odd(&what, "there is no require_ssl in it"));
        }
    }
}

//! Facet: whether a database instance wants encrypted connections, which its parameter group says.

use aws_sdk_rds::{Client, types::Filter};
use catalog::rds::{DbInstanceId, DbInstanceTransit};
use lambda::Local;
use remedy::{Never, Place, Signal};
use runtime::{Cloud, Error};

use crate::{
    Rds, db_instance,
    said::{Answer, tags},
};

impl Cloud<DbInstanceTransit> for Rds {
    async fn load(
        &self,
        place: &Place,
        id: &DbInstanceId,
        _: &[&Signal],
    ) -> Result<Option<DbInstanceTransit>, Error> {
        let rds = self.clients.at(place).await?;
        let what = format!("read connections to database instance {id}");
        let answer = Answer { rds: &rds, what: &what };
        let found = db_instance::find(&rds, &what, id).await?;
        let Some(found) = found else { return Ok(None) };
        let engine = answer.must(found.engine, "which engine it runs")?;
        let groups = found.db_parameter_groups.unwrap_or_default();
        let group = groups.into_iter().find_map(|group| group.db_parameter_group_name);
        let group = answer.must(group, "which parameter group it has")?;
        let requires_tls = match DbInstanceTransit::parameter(&engine) {
            Some(parameter) => is_on(&rds, &what, &group, parameter).await?,
            None => None,
        };
        Ok(Some(DbInstanceTransit {
            engine,
            cluster: found.db_cluster_identifier,
            group,
            requires_tls,
            tags: tags(found.tag_list),
        }))
    }

    async fn apply(
        &self,
        _: &Place,
        _: &DbInstanceId,
        changes: &[Never],
    ) -> Vec<Result<(), Error>> {
        changes.iter().map(|change| match *change {}).collect()
    }
}

/// Whether the parameter is on; none: the group has none of that name.
async fn is_on(
    rds: &Local<Client>,
    what: &str,
    group: &str,
    parameter: &str,
) -> Result<Option<bool>, Error> {
    let named = Filter::builder().name("parameter-name").values(parameter).build();
    let call = rds.client.describe_db_parameters().db_parameter_group_name(group).filters(named);
    let mut pages = call.into_paginator().items().send();
    while let Some(found) = pages.next().await {
        let found = found.map_err(|error| rds.failed(what, "rds:DescribeDBParameters", &error))?;
        if found.parameter_name.as_deref() == Some(parameter) {
            let value = found.parameter_value.unwrap_or_default();
            return Ok(Some(["1", "on", "true"].iter().any(|on| value.eq_ignore_ascii_case(on))));
        }
    }
    Ok(None)
}

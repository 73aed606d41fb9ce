//! Facet: how a database instance is set up.

use std::iter::repeat_n;

use aws_sdk_rds::{Client, error::ProvideErrorMetadata, types, types::Filter};
use catalog::rds::{DbInstance, DbInstanceId, DbInstanceSetting, Monitoring, Setup, Switch, Value};
use lambda::Local;
use remedy::{Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::{
    Rds,
    said::{Answer, exports, logs, signed, tags},
};

impl Cloud<DbInstance> for Rds {
    async fn load(
        &self,
        place: &Place,
        id: &DbInstanceId,
        _: &[&Signal],
    ) -> Result<Option<DbInstance>, Error> {
        let rds = self.clients.at(place).await?;
        let what = format!("read database instance {id}");
        let found = find(&rds, &what, id).await?;
        let Some(found) = found else { return Ok(None) };
        let instance = read(&Answer { rds: &rds, what: &what }, found)?;
        self.instances.shown(place, id, instance).map(Some)
    }

    async fn apply(
        &self,
        place: &Place,
        id: &DbInstanceId,
        changes: &[Swap<DbInstanceSetting>],
    ) -> Vec<Result<(), Error>> {
        let rds = match self.clients.at(place).await {
            Ok(rds) => rds,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let name = match name(&rds, id).await {
            Ok(name) => name,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for together in changes.chunk_by(|one, next| one.to.0.goes_with(&next.to.0)) {
            let result = set(&rds, id, &name, together).await;
            if result.is_ok() {
                for change in together {
                    self.instances.add(place, id, change);
                }
            }
            results.extend(repeat_n(result, together.len()));
        }
        results
    }
}

/// Finds it by its name or by its resource id. Filters that are not heeded answer with others too.
pub(crate) async fn find(
    rds: &Local<Client>,
    what: &str,
    id: &DbInstanceId,
) -> Result<Option<types::DbInstance>, Error> {
    let call = rds.client.describe_db_instances();
    let call = if id.is_resource_id() {
        call.filters(Filter::builder().name("dbi-resource-id").values(&id.0).build())
    } else {
        call.db_instance_identifier(&id.0)
    };
    let mut found = call.into_paginator().items().send();
    while let Some(found) = found.next().await {
        match found {
            Ok(found) if id.is_resource_id() && found.dbi_resource_id.as_ref() != Some(&id.0) => {}
            Ok(found) => return Ok(Some(found)),
            Err(error) if error.code() == Some("DBInstanceNotFound") => return Ok(None),
            Err(error) => return Err(rds.failed(what, "rds:DescribeDBInstances", &error)),
        }
    }
    Ok(None)
}

/// Its name, which is all that changes take.
async fn name(rds: &Local<Client>, id: &DbInstanceId) -> Result<String, Error> {
    if !id.is_resource_id() {
        return Ok(id.0.clone());
    }
    let what = format!("find the name of database instance {id}");
    let found = find(rds, &what, id).await?;
    let name = found.and_then(|found| found.db_instance_identifier);
    name.ok_or_else(|| rds.odd(&what, "it is gone"))
}

fn read(answer: &Answer<'_>, found: types::DbInstance) -> Result<DbInstance, Error> {
    let pending = found.pending_modified_values.unwrap_or_else(nothing);
    let switches = [
        (Switch::DeletionProtection, found.deletion_protection),
        (
            Switch::IamAuthentication,
            pending
                .iam_database_authentication_enabled
                .or(found.iam_database_authentication_enabled),
        ),
        (Switch::MinorUpgrades, found.auto_minor_version_upgrade),
        (Switch::PublicAccess, found.publicly_accessible),
        (Switch::SnapshotTags, found.copy_tags_to_snapshot),
        (Switch::Standby, pending.multi_az.or(found.multi_az)),
    ];
    let mut setup = Setup {
        logs: logs(found.enabled_cloudwatch_logs_exports, pending.pending_cloudwatch_logs_exports),
        backup_days: answer
            .days(pending.backup_retention_period.or(found.backup_retention_period))?,
        monitoring: answer.monitoring(found.monitoring_interval, found.monitoring_role_arn)?,
        ..Setup::default()
    };
    for (switch, on) in switches {
        if answer.must(on, &format!("whether {switch} is on"))? {
            setup.on.insert(switch);
        }
    }
    let port = pending.port.or(found.endpoint.and_then(|endpoint| endpoint.port));
    let instance_of = found.read_replica_source_db_instance_identifier;
    Ok(DbInstance {
        engine: answer.must(found.engine, "which engine it runs")?,
        cluster: found.db_cluster_identifier,
        source: instance_of.or(found.read_replica_source_db_cluster_identifier),
        status: found.db_instance_status.unwrap_or_default(),
        setup,
        in_aws_backup: found.aws_backup_recovery_point_arn.is_some(),
        encrypted: answer.must(found.storage_encrypted, "whether it is encrypted")?,
        port,
        admin: found.master_username.unwrap_or_default(),
        tags: tags(found.tag_list),
    })
}

fn nothing() -> types::PendingModifiedValues {
    types::PendingModifiedValues::builder().build()
}

/// Not at once: that would apply, too, whatever else waits for the maintenance window.
async fn set(
    rds: &Local<Client>,
    id: &DbInstanceId,
    name: &str,
    changes: &[Swap<DbInstanceSetting>],
) -> Result<(), Error> {
    let call = rds.client.modify_db_instance().db_instance_identifier(name);
    let call = changes.iter().fold(call, |call, change| match &change.to.0 {
        Value::Switch(switch, on) => match switch {
            Switch::DeletionProtection => call.deletion_protection(*on),
            Switch::IamAuthentication => call.enable_iam_database_authentication(*on),
            Switch::MinorUpgrades => call.auto_minor_version_upgrade(*on),
            Switch::PublicAccess => call.publicly_accessible(*on),
            Switch::SnapshotTags => call.copy_tags_to_snapshot(*on),
            Switch::Standby => call.multi_az(*on),
        },
        Value::Log(..) => call.cloudwatch_logs_export_configuration(exports(
            changes.iter().map(|change| &change.to.0),
        )),
        Value::BackupDays(days) => call.backup_retention_period(signed(*days)),
        Value::Monitoring(None) => call.monitoring_interval(0),
        Value::Monitoring(Some(Monitoring { seconds, role })) => {
            call.monitoring_interval(signed(*seconds)).monitoring_role_arn(role)
        }
    });
    let to: Vec<_> = changes.iter().map(|change| change.to.to_string()).collect();
    let what = format!("set {} of database instance {id}", to.join(", "));
    match call.send().await {
        Ok(_) => Ok(()),
        // It is busy: another change, a backup, a restart.
        Err(error) if error.code() == Some("InvalidDBInstanceState") => {
            let why = rds.failed(&what, "rds:ModifyDBInstance", &error).to_string();
            Err(Error::Transient(why))
        }
        Err(error) => Err(rds.failed(&what, "rds:ModifyDBInstance", &error)),
    }
}

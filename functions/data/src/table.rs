//! Facet: how a table of DynamoDB is set up.

use std::collections::BTreeMap;

use aws_sdk_dynamodb::{
    Client,
    error::{ProvideErrorMetadata, SdkError},
    types::{
        BillingMode, GlobalSecondaryIndexUpdate, PointInTimeRecoverySpecification,
        PointInTimeRecoveryStatus, ProvisionedThroughput, ProvisionedThroughputDescription,
        TableDescription, TableStatus, UpdateGlobalSecondaryIndexAction,
    },
};
use catalog::data::{Capacity, Table, TableId, TableSetting, Units};
use futures_util::future;
use lambda::Local;
use remedy::{Id, Place, Signal, Swap, Tags};
use runtime::{Cloud, Error};

use crate::{Data, later};

impl Cloud<Table> for Data {
    async fn load(
        &self,
        place: &Place,
        id: &TableId,
        _: &[&Signal],
    ) -> Result<Option<Table>, Error> {
        let dynamodb = self.dynamodb.at(place).await?;
        let reading = Reading { dynamodb: &dynamodb, what: format!("read table {id}"), id };
        let (found, recoverable, tags) = future::join3(
            Box::pin(reading.table()),
            Box::pin(reading.recoverable()),
            Box::pin(reading.tags(id.arn(place))),
        )
        .await;
        let (Some(found), Some(recoverable), Some(tags)) = (found?, recoverable?, tags?) else {
            return Ok(None);
        };
        if found.table_status == Some(TableStatus::Deleting) {
            return Ok(None);
        }
        let odd = |why: &str| dynamodb.odd(&reading.what, why);
        let replicas = found.replicas.iter().flatten();
        let mut replicas: Vec<_> = replicas.filter_map(|one| one.region_name.clone()).collect();
        replicas.retain(|region| *region != place.region);
        replicas.sort();
        Ok(Some(Table {
            protected: found
                .deletion_protection_enabled
                .ok_or_else(|| odd("DynamoDB does not tell whether it is protected"))?,
            recoverable,
            capacity: capacity(&found).ok_or_else(|| odd("DynamoDB does not tell its capacity"))?,
            replicas,
            tags,
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &TableId,
        changes: &[Swap<TableSetting>],
    ) -> Vec<Result<(), Error>> {
        let dynamodb = match self.dynamodb.at(place).await {
            Ok(dynamodb) => dynamodb,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(Box::pin(set(&dynamodb, id, &change.to)).await);
        }
        results
    }
}

struct Reading<'a> {
    dynamodb: &'a Local<Client>,
    what: String,
    id: &'a TableId,
}

impl Reading<'_> {
    async fn table(&self) -> Result<Option<TableDescription>, Error> {
        let answer = self.dynamodb.client.describe_table().table_name(&self.id.0).send().await;
        let answer = self.found(answer, "dynamodb:DescribeTable")?;
        Ok(answer.and_then(|answer| answer.table))
    }

    async fn recoverable(&self) -> Result<Option<bool>, Error> {
        let call = self.dynamodb.client.describe_continuous_backups().table_name(&self.id.0);
        let answer = self.found(call.send().await, "dynamodb:DescribeContinuousBackups")?;
        let Some(answer) = answer else { return Ok(None) };
        let recovery = answer
            .continuous_backups_description
            .and_then(|backups| backups.point_in_time_recovery_description)
            .and_then(|recovery| recovery.point_in_time_recovery_status);
        let why = "DynamoDB does not tell whether it can be restored";
        let status = recovery.ok_or_else(|| self.dynamodb.odd(&self.what, why))?;
        Ok(Some(status == PointInTimeRecoveryStatus::Enabled))
    }

    async fn tags(&self, arn: String) -> Result<Option<Tags>, Error> {
        let (mut tags, mut next) = (Tags::new(), None);
        loop {
            let call = self.dynamodb.client.list_tags_of_resource().resource_arn(&arn);
            let answer = call.set_next_token(next).send().await;
            let answer = self.found(answer, "dynamodb:ListTagsOfResource")?;
            let Some(answer) = answer else { return Ok(None) };
            let page = answer.tags.unwrap_or_default();
            tags.extend(page.into_iter().map(|tag| (tag.key, tag.value)));
            next = answer.next_token;
            if next.is_none() {
                return Ok(Some(tags));
            }
        }
    }

    /// What was answered, unless there is no such table.
    fn found<T, E>(&self, answer: Result<T, SdkError<E>>, needs: &str) -> Result<Option<T>, Error>
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        match answer {
            Ok(answer) => Ok(Some(answer)),
            Err(error)
                if matches!(
                    error.code(),
                    Some("ResourceNotFoundException" | "TableNotFoundException")
                ) =>
            {
                Ok(None)
            }
            Err(error) => Err(self.dynamodb.failed(&self.what, needs, &error)),
        }
    }
}

/// AWS does not name the mode of a table that was never anything but provisioned.
fn capacity(found: &TableDescription) -> Option<Capacity> {
    let mode = found.billing_mode_summary.as_ref().and_then(|mode| mode.billing_mode.as_ref());
    if mode == Some(&BillingMode::PayPerRequest) {
        return Some(Capacity::OnDemand);
    }
    let units = |given: Option<&ProvisionedThroughputDescription>| {
        let given = given?;
        Some(Units { read: given.read_capacity_units?, write: given.write_capacity_units? })
    };
    let table = units(found.provisioned_throughput.as_ref())?;
    let indexes = found.global_secondary_indexes.iter().flatten();
    let index = indexes.map(|index| {
        Some((index.index_name.clone()?, units(index.provisioned_throughput.as_ref())?))
    });
    Some(Capacity::Provisioned { table, indexes: index.collect::<Option<_>>()? })
}

async fn set(dynamodb: &Local<Client>, id: &TableId, to: &TableSetting) -> Result<(), Error> {
    let what = format!("set {to} of table {id}");
    let update = dynamodb.client.update_table().table_name(&id.0);
    let update = match to {
        TableSetting::DeletionProtection(on) => update.deletion_protection_enabled(*on),
        TableSetting::PointInTimeRecovery(on) => return recover(dynamodb, id, &what, *on).await,
        TableSetting::Capacity(Capacity::OnDemand) => {
            update.billing_mode(BillingMode::PayPerRequest)
        }
        TableSetting::Capacity(Capacity::Provisioned { table, indexes }) => {
            let odd = || dynamodb.odd(&what, "the units are not all there");
            let update = update.billing_mode(BillingMode::Provisioned);
            let update = update.provisioned_throughput(units(*table).ok_or_else(odd)?);
            let updates = updates(indexes).ok_or_else(odd)?;
            // An empty list is refused.
            update.set_global_secondary_index_updates(Some(updates).filter(|all| !all.is_empty()))
        }
    };
    update.send().await.map(drop).map_err(|error| {
        later(error.code(), dynamodb.failed(&what, "dynamodb:UpdateTable", &error))
    })
}

async fn recover(
    dynamodb: &Local<Client>,
    id: &TableId,
    what: &str,
    on: bool,
) -> Result<(), Error> {
    let specification = PointInTimeRecoverySpecification::builder();
    let specification = specification.point_in_time_recovery_enabled(on).build();
    let specification = specification.map_err(|error| dynamodb.odd(what, &error.to_string()))?;
    let call = dynamodb.client.update_continuous_backups().table_name(&id.0);
    let answer = call.point_in_time_recovery_specification(specification).send().await;
    let needs = "dynamodb:UpdateContinuousBackups";
    answer.map(drop).map_err(|error| later(error.code(), dynamodb.failed(what, needs, &error)))
}

fn units(Units { read, write }: Units) -> Option<ProvisionedThroughput> {
    let units = ProvisionedThroughput::builder();
    units.read_capacity_units(read).write_capacity_units(write).build().ok()
}

fn updates(indexes: &BTreeMap<String, Units>) -> Option<Vec<GlobalSecondaryIndexUpdate>> {
    let update = |(name, given): (&String, &Units)| {
        let update = UpdateGlobalSecondaryIndexAction::builder().index_name(name);
        let update = update.provisioned_throughput(units(*given)?).build().ok()?;
        Some(GlobalSecondaryIndexUpdate::builder().update(update).build())
    };
    indexes.iter().map(update).collect()
}

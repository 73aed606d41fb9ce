//! Facet: where a cluster of Redshift logs who connects and what they ask.

use aws_sdk_redshift::{Client, error::ProvideErrorMetadata, types::LogDestinationType};
use catalog::data::{RedshiftClusterId, RedshiftLog, RedshiftLogSetting};
use futures_util::future;
use lambda::Local;
use remedy::{Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::{
    Data, later,
    redshift_cluster::{describe, tags},
};

impl Cloud<RedshiftLog> for Data {
    async fn load(
        &self,
        place: &Place,
        id: &RedshiftClusterId,
        _: &[&Signal],
    ) -> Result<Option<RedshiftLog>, Error> {
        let redshift = self.redshift.at(place).await?;
        let (cluster, to) =
            future::join(Box::pin(describe(&redshift, id)), Box::pin(destination(&redshift, id)))
                .await;
        let Some(cluster) = cluster? else { return Ok(None) };
        Ok(Some(RedshiftLog { to: to?, tags: tags(cluster.tags) }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &RedshiftClusterId,
        changes: &[Swap<RedshiftLogSetting>],
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

/// Where the log goes to, if it is kept.
async fn destination(
    redshift: &Local<Client>,
    id: &RedshiftClusterId,
) -> Result<Option<String>, Error> {
    let what = format!("read the audit log of Redshift cluster {id}");
    let needs = "redshift:DescribeLoggingStatus";
    let answer = redshift.client.describe_logging_status().cluster_identifier(&id.0).send().await;
    let status = answer.map_err(|error| redshift.failed(&what, needs, &error))?;
    match status.logging_enabled {
        Some(false) => Ok(None),
        Some(true) => Ok(Some(match (status.log_destination_type, status.bucket_name) {
            (Some(LogDestinationType::Cloudwatch), _) => RedshiftLogSetting::CLOUD_WATCH.into(),
            (_, Some(bucket)) => bucket,
            (other, None) => {
                other.map_or_else(|| "somewhere".into(), |other| other.as_str().into())
            }
        })),
        None => Err(redshift.odd(&what, "Redshift does not tell whether there is one")),
    }
}

async fn set(
    redshift: &Local<Client>,
    id: &RedshiftClusterId,
    to: &RedshiftLogSetting,
) -> Result<(), Error> {
    let what = format!("set {to} of Redshift cluster {id}");
    match to {
        RedshiftLogSetting::Off => {
            let answer = redshift.client.disable_logging().cluster_identifier(&id.0).send().await;
            let needs = "redshift:DisableLogging";
            answer
                .map(drop)
                .map_err(|error| later(error.code(), redshift.failed(&what, needs, &error)))
        }
        RedshiftLogSetting::CloudWatch => {
            let logs = RedshiftLogSetting::LOGS.map(str::to_owned).to_vec();
            let call = redshift.client.enable_logging().cluster_identifier(&id.0);
            let call = call.log_destination_type(LogDestinationType::Cloudwatch);
            let answer = call.set_log_exports(Some(logs)).send().await;
            let needs = "redshift:EnableLogging";
            answer
                .map(drop)
                .map_err(|error| later(error.code(), redshift.failed(&what, needs, &error)))
        }
    }
}

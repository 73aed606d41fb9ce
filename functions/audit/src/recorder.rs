//! Facet: what AWS Config records in an account and a Region.

use aws_sdk_config::{
    Client,
    types::{ConfigurationRecorder, Tag},
};
use catalog::audit::{Recorder, RecorderChange, Recorders, RecordersId};
use futures_util::future;
use lambda::Local;
use remedy::{Place, Signal, Tags};
use runtime::{Cloud, Error};

use crate::{Audit, Pages};

impl Cloud<Recorders> for Audit {
    async fn load(
        &self,
        place: &Place,
        _: &RecordersId,
        _: &[&Signal],
    ) -> Result<Option<Recorders>, Error> {
        let config = self.config.at(place).await?;
        let read = future::try_join(Box::pin(recorder(&config)), Box::pin(delivers(&config)));
        let (recorder, delivers) = read.await?;
        Ok(Some(Recorders { recorder, delivers }))
    }

    async fn apply(
        &self,
        place: &Place,
        _: &RecordersId,
        changes: &[RecorderChange],
    ) -> Vec<Result<(), Error>> {
        let config = match self.config.at(place).await {
            Ok(config) => config,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(Box::pin(make(&config, change)).await);
        }
        results
    }
}

const READING: &str = "read the recorder of AWS Config";

/// The recorder that is the account's own, no service's.
async fn recorder(config: &Local<Client>) -> Result<Option<Recorder>, Error> {
    let answer = config.client.describe_configuration_recorders().send().await;
    let answer = answer
        .map_err(|error| config.failed(READING, "config:DescribeConfigurationRecorders", &error))?;
    let own = |found: &ConfigurationRecorder| found.service_principal().is_none_or(str::is_empty);
    let found = answer.configuration_recorders.unwrap_or_default().into_iter().find(own);
    let Some(found) = found else { return Ok(None) };
    let odd = |why| config.odd(READING, why);
    let name = found.name.ok_or_else(|| odd("it has no name"))?;
    let recording = is_recording(config, &name).await?;
    let kinds = found.recording_group.ok_or_else(|| odd("it does not say what it records"))?;
    let tags = match found.arn {
        Some(arn) => tags(config, &arn).await?,
        None => Tags::new(),
    };
    Ok(Some(Recorder {
        name,
        tags,
        role: found.role_arn.unwrap_or_default(),
        recording,
        every_kind: kinds.all_supported,
        global: kinds.include_global_resource_types,
    }))
}

async fn is_recording(config: &Local<Client>, name: &str) -> Result<bool, Error> {
    let call = config.client.describe_configuration_recorder_status();
    let answer = call.configuration_recorder_names(name).send().await;
    let answer = answer.map_err(|error| {
        config.failed(READING, "config:DescribeConfigurationRecorderStatus", &error)
    })?;
    let mut found = answer.configuration_recorders_status().iter();
    let found = found.find(|status| status.name() == Some(name));
    let found = found.ok_or_else(|| config.odd(READING, "it does not say whether it records"))?;
    Ok(found.recording)
}

async fn tags(config: &Local<Client>, arn: &str) -> Result<Tags, Error> {
    let what = format!("read the tags of {arn}");
    let (mut tags, mut pages) = (Tags::new(), Pages::default());
    while !pages.over {
        let call = config.client.list_tags_for_resource().resource_arn(arn);
        let answer = call.set_next_token(pages.token.clone()).send().await;
        let answer =
            answer.map_err(|error| config.failed(&what, "config:ListTagsForResource", &error))?;
        let pair = |tag: Tag| Some((tag.key?, tag.value.unwrap_or_default()));
        tags.extend(answer.tags.unwrap_or_default().into_iter().filter_map(pair));
        pages.turn(answer.next_token).map_err(|why| config.odd(&what, why))?;
    }
    Ok(tags)
}

async fn delivers(config: &Local<Client>) -> Result<bool, Error> {
    let answer = config.client.describe_delivery_channels().send().await;
    let answer = answer
        .map_err(|error| config.failed(READING, "config:DescribeDeliveryChannels", &error))?;
    Ok(!answer.delivery_channels().is_empty())
}

async fn make(config: &Local<Client>, change: &RecorderChange) -> Result<(), Error> {
    let what = change.to_string();
    match change {
        RecorderChange::Start(name) => {
            let call = config.client.start_configuration_recorder();
            let answer = call.configuration_recorder_name(name).send().await;
            answer
                .map(drop)
                .map_err(|error| config.failed(&what, "config:StartConfigurationRecorder", &error))
        }
        RecorderChange::Stop(name) => {
            let call = config.client.stop_configuration_recorder();
            let answer = call.configuration_recorder_name(name).send().await;
            answer
                .map(drop)
                .map_err(|error| config.failed(&what, "config:StopConfigurationRecorder", &error))
        }
    }
}

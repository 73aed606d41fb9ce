//! Facet: who writes down what goes in and out of a VPC.

use aws_sdk_ec2::{
    Client,
    error::ProvideErrorMetadata,
    types::{
        FlowLog as Found, FlowLogsResourceType, LogDestinationType, ResourceType, Tag,
        TagSpecification, TrafficType, UnsuccessfulItem, Vpc,
    },
};
use catalog::ec2::{FlowLog, FlowLogChange, FlowLogs, FlowTraffic, NewFlowLog, VpcId};
use futures_util::future;
use lambda::Local;
use remedy::{Place, Signal};
use runtime::{Cloud, Error};

use crate::{
    Ec2,
    pages::{PAGE, Pages, filter, one_by_one},
    rules,
};

impl Cloud<FlowLogs> for Ec2 {
    async fn load(
        &self,
        place: &Place,
        id: &VpcId,
        _: &[&Signal],
    ) -> Result<Option<FlowLogs>, Error> {
        let ec2 = self.clients.at(place).await?;
        let (found, logs) = future::join(Box::pin(vpc(&ec2, id)), Box::pin(logs(&ec2, id))).await;
        let Some(found) = found? else { return Ok(None) };
        let what = format!("read the flow logs of {id}");
        let read = |log: &Found| {
            flow_log(log).ok_or_else(|| ec2.odd(&what, "one does not say what it writes, or where"))
        };
        Ok(Some(FlowLogs {
            account: found.owner_id().unwrap_or_default().to_owned(),
            logs: logs?.iter().map(read).collect::<Result<_, _>>()?,
            tags: rules::tags(found.tags()),
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &VpcId,
        changes: &[FlowLogChange],
    ) -> Vec<Result<(), Error>> {
        one_by_one!(self, place, id, changes, make)
    }
}

/// The VPC, if there is one.
pub(crate) async fn vpc(ec2: &Local<Client>, id: &VpcId) -> Result<Option<Vpc>, Error> {
    match ec2.client.describe_vpcs().vpc_ids(&id.0).send().await {
        Ok(answer) => Ok(answer.vpcs.unwrap_or_default().into_iter().next()),
        Err(error) if error.code() == Some("InvalidVpcID.NotFound") => Ok(None),
        Err(error) => Err(ec2.failed(&format!("read VPC {id}"), "ec2:DescribeVpcs", &error)),
    }
}

async fn logs(ec2: &Local<Client>, id: &VpcId) -> Result<Vec<Found>, Error> {
    let what = format!("read the flow logs of {id}");
    let call = ec2.client.describe_flow_logs().filter(filter("resource-id", &id.0));
    let (mut logs, mut pages) = (Vec::new(), Pages::default());
    while !pages.over {
        let call = call.clone().max_results(PAGE).set_next_token(pages.token.clone());
        let answer = call.send().await;
        let answer = answer.map_err(|error| ec2.failed(&what, "ec2:DescribeFlowLogs", &error))?;
        logs.extend(answer.flow_logs.unwrap_or_default());
        pages.turn(answer.next_token).map_err(|why| ec2.odd(&what, why))?;
    }
    Ok(logs)
}

fn flow_log(found: &Found) -> Option<FlowLog> {
    let traffic = match found.traffic_type()? {
        TrafficType::Accept => FlowTraffic::Accept,
        TrafficType::Reject => FlowTraffic::Reject,
        TrafficType::All => FlowTraffic::All,
        _ => return None,
    };
    let fails = found.deliver_logs_status() == Some("FAILED");
    let trouble = found.deliver_logs_error_message().unwrap_or("no reason is given");
    Some(FlowLog {
        traffic,
        to: found.log_group_name().or(found.log_destination())?.to_owned(),
        trouble: fails.then(|| trouble.to_owned()),
    })
}

async fn make(ec2: &Local<Client>, id: &VpcId, change: &FlowLogChange) -> Result<(), Error> {
    match change {
        FlowLogChange::Create(new) => create(ec2, id, new).await,
        FlowLogChange::Delete(new) => delete(ec2, id, new).await,
    }
}

async fn create(ec2: &Local<Client>, id: &VpcId, new: &NewFlowLog) -> Result<(), Error> {
    let what = format!("log the traffic of {id}");
    let (key, value) = &new.tag;
    let tags = TagSpecification::builder()
        .resource_type(ResourceType::VpcFlowLog)
        .tags(Tag::builder().key(key).value(value).build());
    let traffic = match new.traffic {
        FlowTraffic::Accept => TrafficType::Accept,
        FlowTraffic::Reject => TrafficType::Reject,
        FlowTraffic::All => TrafficType::All,
    };
    let call = ec2
        .client
        .create_flow_logs()
        .resource_type(FlowLogsResourceType::Vpc)
        .resource_ids(&id.0)
        .traffic_type(traffic)
        .log_destination_type(LogDestinationType::CloudWatchLogs)
        .log_group_name(&new.log_group)
        .deliver_logs_permission_arn(&new.role)
        .tag_specifications(tags.build());
    match call.send().await {
        Ok(answer) => all_well(ec2, &what, answer.unsuccessful(), "FlowLogAlreadyExists"),
        Err(error) if error.code() == Some("FlowLogAlreadyExists") => Ok(()),
        Err(error) => Err(ec2.failed(&what, "ec2:CreateFlowLogs and iam:PassRole", &error)),
    }
}

/// Only what was made by us carries the tag.
async fn delete(ec2: &Local<Client>, id: &VpcId, new: &NewFlowLog) -> Result<(), Error> {
    let what = format!("stop logging the traffic of {id} to {}", new.log_group);
    let (key, value) = &new.tag;
    let found = Box::pin(logs(ec2, id)).await?;
    let ours = found.iter().filter(|log| {
        let is_tagged = rules::tags(log.tags()).get(key) == Some(value);
        is_tagged && flow_log(log).is_some_and(|log| new.is(&log))
    });
    let ids: Vec<_> = ours.filter_map(|log| log.flow_log_id.clone()).collect();
    if ids.is_empty() {
        return Ok(());
    }
    match ec2.client.delete_flow_logs().set_flow_log_ids(Some(ids)).send().await {
        Ok(answer) => all_well(ec2, &what, answer.unsuccessful(), "InvalidFlowLogId.NotFound"),
        Err(error) if error.code() == Some("InvalidFlowLogId.NotFound") => Ok(()),
        Err(error) => Err(ec2.failed(&what, "ec2:DeleteFlowLogs", &error)),
    }
}

/// EC2 says that it did well, and tells beside that of what it did not do. One reason is none.
fn all_well(
    ec2: &Local<Client>,
    what: &str,
    unsuccessful: &[UnsuccessfulItem],
    well: &str,
) -> Result<(), Error> {
    let errors = unsuccessful.iter().filter_map(|item| item.error());
    match errors.into_iter().find(|error| error.code() != Some(well)) {
        None => Ok(()),
        Some(error) => {
            let (code, message) = (error.code(), error.message().unwrap_or_default());
            Err(ec2.odd(what, &format!("{} ({message})", code.unwrap_or("no code"))))
        }
    }
}

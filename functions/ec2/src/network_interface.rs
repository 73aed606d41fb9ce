//! Facet: whether a network interface passes on what is not meant for it.

use aws_sdk_ec2::{Client, error::ProvideErrorMetadata, types::AttributeBooleanValue};
use catalog::ec2::{NetworkInterface, NetworkInterfaceId, NetworkInterfaceSetting};
use lambda::Local;
use remedy::{Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::{Ec2, pages::one_by_one, rules};

impl Cloud<NetworkInterface> for Ec2 {
    async fn load(
        &self,
        place: &Place,
        id: &NetworkInterfaceId,
        _: &[&Signal],
    ) -> Result<Option<NetworkInterface>, Error> {
        let ec2 = self.clients.at(place).await?;
        let what = format!("read network interface {id}");
        let call = ec2.client.describe_network_interfaces().network_interface_ids(&id.0);
        let found = match call.send().await {
            Ok(answer) => answer.network_interfaces.unwrap_or_default().into_iter().next(),
            Err(error) if error.code() == Some("InvalidNetworkInterfaceID.NotFound") => None,
            Err(error) => return Err(ec2.failed(&what, "ec2:DescribeNetworkInterfaces", &error)),
        };
        let Some(found) = found else { return Ok(None) };
        let checks = found.source_dest_check();
        let operated = found.operator().and_then(aws_sdk_ec2::types::OperatorResponse::managed);
        Ok(Some(NetworkInterface {
            description: found.description().unwrap_or_default().to_owned(),
            account: found.owner_id().unwrap_or_default().to_owned(),
            instance: found.attachment().and_then(|at| at.instance_id.clone()),
            is_services: found.requester_managed() == Some(true) || operated == Some(true),
            checks: checks
                .ok_or_else(|| ec2.odd(&what, "it does not say whether traffic is checked"))?,
            tags: rules::tags(found.tag_set()),
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &NetworkInterfaceId,
        changes: &[Swap<NetworkInterfaceSetting>],
    ) -> Vec<Result<(), Error>> {
        one_by_one!(self, place, id, changes, set)
    }
}

async fn set(
    ec2: &Local<Client>,
    id: &NetworkInterfaceId,
    change: &Swap<NetworkInterfaceSetting>,
) -> Result<(), Error> {
    let NetworkInterfaceSetting::Checks(on) = change.to;
    let what = format!("set {} of network interface {id}", change.to);
    let call = ec2.client.modify_network_interface_attribute().network_interface_id(&id.0);
    let call = call.source_dest_check(AttributeBooleanValue::builder().value(on).build());
    let answer = call.send().await.map(drop);
    answer.map_err(|error| ec2.failed(&what, "ec2:ModifyNetworkInterfaceAttribute", &error))
}

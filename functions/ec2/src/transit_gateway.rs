//! Facet: whom a transit gateway lets in.

use aws_sdk_ec2::{
    Client,
    error::ProvideErrorMetadata,
    types::{
        AutoAcceptSharedAttachmentsValue as Accepts, ModifyTransitGatewayOptions,
        TransitGatewayState,
    },
};
use catalog::ec2::{TransitGateway, TransitGatewayId, TransitGatewaySetting};
use lambda::Local;
use remedy::{Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::{Ec2, pages::one_by_one, rules};

impl Cloud<TransitGateway> for Ec2 {
    async fn load(
        &self,
        place: &Place,
        id: &TransitGatewayId,
        _: &[&Signal],
    ) -> Result<Option<TransitGateway>, Error> {
        let ec2 = self.clients.at(place).await?;
        let what = format!("read transit gateway {id}");
        let call = ec2.client.describe_transit_gateways().transit_gateway_ids(&id.0);
        let found = match call.send().await {
            Ok(answer) => answer.transit_gateways.unwrap_or_default().into_iter().next(),
            Err(error) if error.code() == Some("InvalidTransitGatewayID.NotFound") => None,
            Err(error) => return Err(ec2.failed(&what, "ec2:DescribeTransitGateways", &error)),
        };
        let is_going =
            |state| matches!(state, TransitGatewayState::Deleted | TransitGatewayState::Deleting);
        let Some(found) = found.filter(|found| !found.state.clone().is_some_and(is_going)) else {
            return Ok(None);
        };
        let accepts = found.options().and_then(|options| options.auto_accept_shared_attachments());
        let accepts_anybody = match accepts {
            Some(Accepts::Enable) => true,
            Some(Accepts::Disable) => false,
            _ => return Err(ec2.odd(&what, "it does not say whom it accepts")),
        };
        Ok(Some(TransitGateway {
            account: found.owner_id().unwrap_or_default().to_owned(),
            accepts_anybody,
            tags: rules::tags(found.tags()),
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &TransitGatewayId,
        changes: &[Swap<TransitGatewaySetting>],
    ) -> Vec<Result<(), Error>> {
        one_by_one!(self, place, id, changes, set)
    }
}

async fn set(
    ec2: &Local<Client>,
    id: &TransitGatewayId,
    change: &Swap<TransitGatewaySetting>,
) -> Result<(), Error> {
    let accepts = match change.to {
        TransitGatewaySetting::AcceptsAnybody(true) => Accepts::Enable,
        TransitGatewaySetting::AcceptsAnybody(false) => Accepts::Disable,
    };
    let options = ModifyTransitGatewayOptions::builder().auto_accept_shared_attachments(accepts);
    let what = format!("set {} of transit gateway {id}", change.to);
    let call = ec2.client.modify_transit_gateway().transit_gateway_id(&id.0);
    let answer = call.options(options.build()).send().await.map(drop);
    answer.map_err(|error| ec2.failed(&what, "ec2:ModifyTransitGateway", &error))
}

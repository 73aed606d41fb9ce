//! Facet: whether VPCs of an account can be reached from the internet at all.

use aws_sdk_ec2::{
    Client,
    types::{InternetGatewayBlockMode as Mode, ManagedBy},
};
use catalog::ec2::{GatewayMode, VpcExposure, VpcExposureId, VpcExposureSetting};
use futures_util::future;
use lambda::Local;
use remedy::{Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::{
    Ec2,
    pages::{PAGE, Pages, one_by_one},
};

impl Cloud<VpcExposure> for Ec2 {
    async fn load(
        &self,
        place: &Place,
        _: &VpcExposureId,
        _: &[&Signal],
    ) -> Result<Option<VpcExposure>, Error> {
        let ec2 = self.clients.at(place).await?;
        let what = "read the block of public access to VPCs";
        let call = ec2.client.describe_vpc_block_public_access_options();
        let (found, vpcs) = future::join(call.send(), Box::pin(exposed(&ec2))).await;
        let found = found
            .map_err(|error| ec2.failed(what, "ec2:DescribeVpcBlockPublicAccessOptions", &error))?;
        let found = found.vpc_block_public_access_options;
        let mode = found.as_ref().and_then(|found| found.internet_gateway_block_mode());
        let mode = mode.and_then(|mode| GatewayMode::named(mode.as_str()));
        Ok(Some(VpcExposure {
            mode: mode.ok_or_else(|| ec2.odd(what, "the answer does not say what is blocked"))?,
            is_declared: found.and_then(|found| found.managed_by)
                == Some(ManagedBy::DeclarativePolicy),
            vpcs: vpcs?,
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &VpcExposureId,
        changes: &[Swap<VpcExposureSetting>],
    ) -> Vec<Result<(), Error>> {
        one_by_one!(self, place, id, changes, set)
    }
}

/// The VPCs that have an internet gateway.
async fn exposed(ec2: &Local<Client>) -> Result<Vec<String>, Error> {
    let what = "read the internet gateways";
    let (mut vpcs, mut pages) = (Vec::new(), Pages::default());
    while !pages.over {
        let call = ec2.client.describe_internet_gateways();
        let call = call.max_results(PAGE).set_next_token(pages.token.clone());
        let answer = call.send().await;
        let answer =
            answer.map_err(|error| ec2.failed(what, "ec2:DescribeInternetGateways", &error))?;
        for gateway in answer.internet_gateways() {
            vpcs.extend(gateway.attachments().iter().filter_map(|at| at.vpc_id.clone()));
        }
        pages.turn(answer.next_token).map_err(|why| ec2.odd(what, why))?;
    }
    vpcs.sort();
    Ok(vpcs)
}

async fn set(
    ec2: &Local<Client>,
    id: &VpcExposureId,
    change: &Swap<VpcExposureSetting>,
) -> Result<(), Error> {
    let VpcExposureSetting::Mode(mode) = change.to;
    let mode = match mode {
        GatewayMode::Open => Mode::Off,
        GatewayMode::OutOnly => Mode::BlockIngress,
        GatewayMode::Shut => Mode::BlockBidirectional,
    };
    let what = format!("set {} of account {id}", change.to);
    let call = ec2.client.modify_vpc_block_public_access_options();
    let answer = call.internet_gateway_block_mode(mode).send().await.map(drop);
    answer.map_err(|error| ec2.failed(&what, "ec2:ModifyVpcBlockPublicAccessOptions", &error))
}

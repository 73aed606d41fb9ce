//! Facet: the interface endpoints of a VPC, and what one more would need.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::{
    Client,
    types::{Vpc, VpcAttributeName},
};
use catalog::ec2::{VpcEndpoints, VpcId};
use futures_util::future;
use lambda::Local;
use remedy::{Never, Place, Signal};
use runtime::{Cloud, Error};

use crate::{
    Ec2,
    flow_logs::vpc,
    pages::{PAGE, Pages, filter},
    rules,
};

/// States of an endpoint that does not serve, and will not.
const GONE: [&str; 5] = ["deleted", "deleting", "expired", "failed", "rejected"];

impl Cloud<VpcEndpoints> for Ec2 {
    async fn load(
        &self,
        place: &Place,
        id: &VpcId,
        _: &[&Signal],
    ) -> Result<Option<VpcEndpoints>, Error> {
        let ec2 = self.clients.at(place).await?;
        let Some(found) = vpc(&ec2, id).await? else { return Ok(None) };
        let support = Box::pin(attribute(&ec2, id, VpcAttributeName::EnableDnsSupport));
        let names = Box::pin(attribute(&ec2, id, VpcAttributeName::EnableDnsHostnames));
        let (services, subnets) = (Box::pin(services(&ec2, id)), Box::pin(subnets(&ec2, id)));
        let (services, subnets, support, names) =
            future::join4(services, subnets, support, names).await;
        Ok(Some(VpcEndpoints {
            account: found.owner_id().unwrap_or_default().to_owned(),
            cidrs: cidrs(&found),
            services: services?,
            subnets: subnets?,
            has_dns: support? && names?,
            tags: rules::tags(found.tags()),
        }))
    }

    async fn apply(&self, _: &Place, _: &VpcId, changes: &[Never]) -> Vec<Result<(), Error>> {
        changes.iter().map(|change| match *change {}).collect()
    }
}

fn cidrs(found: &Vpc) -> Vec<String> {
    let blocks = found.cidr_block_association_set().iter().filter_map(|block| block.cidr_block());
    let mut blocks: Vec<_> = blocks.map(str::to_owned).collect();
    if blocks.is_empty() {
        blocks.extend(found.cidr_block.clone());
    }
    blocks
}

async fn services(ec2: &Local<Client>, id: &VpcId) -> Result<BTreeSet<String>, Error> {
    let what = format!("read the endpoints of {id}");
    let call = ec2.client.describe_vpc_endpoints().filters(filter("vpc-id", &id.0));
    let call = call.filters(filter("vpc-endpoint-type", "Interface"));
    let (mut services, mut pages) = (BTreeSet::new(), Pages::default());
    while !pages.over {
        let call = call.clone().max_results(PAGE).set_next_token(pages.token.clone());
        let answer = call.send().await;
        let answer =
            answer.map_err(|error| ec2.failed(&what, "ec2:DescribeVpcEndpoints", &error))?;
        for endpoint in answer.vpc_endpoints.unwrap_or_default() {
            let state = endpoint.state().map(|state| state.as_str().to_ascii_lowercase());
            if !state.is_some_and(|state| GONE.contains(&state.as_str())) {
                services.extend(endpoint.service_name);
            }
        }
        pages.turn(answer.next_token).map_err(|why| ec2.odd(&what, why))?;
    }
    Ok(services)
}

/// A subnet in each Availability Zone.
async fn subnets(ec2: &Local<Client>, id: &VpcId) -> Result<BTreeMap<String, String>, Error> {
    let what = format!("read the subnets of {id}");
    let call = ec2.client.describe_subnets().filters(filter("vpc-id", &id.0));
    let (mut subnets, mut pages) = (Vec::new(), Pages::default());
    while !pages.over {
        let call = call.clone().max_results(PAGE).set_next_token(pages.token.clone());
        let answer = call.send().await;
        let answer = answer.map_err(|error| ec2.failed(&what, "ec2:DescribeSubnets", &error))?;
        for subnet in answer.subnets.unwrap_or_default() {
            subnets.extend(subnet.availability_zone.zip(subnet.subnet_id));
        }
        pages.turn(answer.next_token).map_err(|why| ec2.odd(&what, why))?;
    }
    // The same one every time, in whichever order they come.
    subnets.sort_by(|one, other| other.cmp(one));
    Ok(subnets.into_iter().collect())
}

async fn attribute(ec2: &Local<Client>, id: &VpcId, name: VpcAttributeName) -> Result<bool, Error> {
    let what = format!("read {name} of {id}");
    let answer = ec2.client.describe_vpc_attribute().vpc_id(&id.0).attribute(name).send().await;
    let answer = answer.map_err(|error| ec2.failed(&what, "ec2:DescribeVpcAttribute", &error))?;
    let value = answer.enable_dns_support.or(answer.enable_dns_hostnames);
    let value = value.and_then(|value| value.value);
    value.ok_or_else(|| ec2.odd(&what, "the answer does not say it"))
}

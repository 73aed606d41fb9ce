//! Facet: which addresses a subnet gives to what is launched in it.

use aws_sdk_ec2::{Client, error::ProvideErrorMetadata, types::AttributeBooleanValue};
use catalog::ec2::{Subnet, SubnetId, SubnetSetting};
use lambda::Local;
use remedy::{Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::{Ec2, pages::one_by_one, rules};

impl Cloud<Subnet> for Ec2 {
    async fn load(
        &self,
        place: &Place,
        id: &SubnetId,
        _: &[&Signal],
    ) -> Result<Option<Subnet>, Error> {
        let ec2 = self.clients.at(place).await?;
        let what = format!("read subnet {id}");
        let found = match ec2.client.describe_subnets().subnet_ids(&id.0).send().await {
            Ok(answer) => answer.subnets.unwrap_or_default().into_iter().next(),
            Err(error) if error.code() == Some("InvalidSubnetID.NotFound") => None,
            Err(error) => return Err(ec2.failed(&what, "ec2:DescribeSubnets", &error)),
        };
        let Some(found) = found else { return Ok(None) };
        let says = |flag: Option<bool>| {
            flag.ok_or_else(|| ec2.odd(&what, "it does not say which addresses it gives"))
        };
        Ok(Some(Subnet {
            account: found.owner_id().unwrap_or_default().to_owned(),
            public_v4: says(found.map_public_ip_on_launch())?,
            gives_v6: says(found.assign_ipv6_address_on_creation())?,
            only_v6: found.ipv6_native().unwrap_or_default(),
            tags: rules::tags(found.tags()),
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &SubnetId,
        changes: &[Swap<SubnetSetting>],
    ) -> Vec<Result<(), Error>> {
        one_by_one!(self, place, id, changes, set)
    }
}

/// EC2 takes one attribute a call.
async fn set(
    ec2: &Local<Client>,
    id: &SubnetId,
    change: &Swap<SubnetSetting>,
) -> Result<(), Error> {
    let what = format!("set {} of subnet {id}", change.to);
    let value = |on| AttributeBooleanValue::builder().value(on).build();
    let call = ec2.client.modify_subnet_attribute().subnet_id(&id.0);
    let call = match change.to {
        SubnetSetting::PublicV4(on) => call.map_public_ip_on_launch(value(on)),
        SubnetSetting::GivesV6(on) => call.assign_ipv6_address_on_creation(value(on)),
    };
    let answer = call.send().await.map(drop);
    answer.map_err(|error| ec2.failed(&what, "ec2:ModifySubnetAttribute", &error))
}

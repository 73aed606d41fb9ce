//! Facet: how an instance is set up.

use aws_sdk_ec2::{
    Client,
    error::ProvideErrorMetadata,
    types::{HttpTokensState, Instance as Found, InstanceStateName},
};
use catalog::ec2::{Instance, InstanceId, InstanceSetting, PublicAddress, Tokens};
use lambda::Local;
use remedy::{Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::{Ec2, pages::one_by_one, rules};

/// Who has the public addresses that are lent for as long as an instance runs.
const LENDER: &str = "amazon";

impl Cloud<Instance> for Ec2 {
    async fn load(
        &self,
        place: &Place,
        id: &InstanceId,
        _: &[&Signal],
    ) -> Result<Option<Instance>, Error> {
        let ec2 = self.clients.at(place).await?;
        let what = format!("read instance {id}");
        let found = match ec2.client.describe_instances().instance_ids(&id.0).send().await {
            Ok(answer) => answer.reservations.unwrap_or_default(),
            Err(error) if error.code() == Some("InvalidInstanceID.NotFound") => return Ok(None),
            Err(error) => return Err(ec2.failed(&what, "ec2:DescribeInstances", &error)),
        };
        let mut found = found.into_iter().flat_map(|found| found.instances.unwrap_or_default());
        let Some(found) = found.next() else { return Ok(None) };
        let state = found.state.as_ref().and_then(|state| state.name.clone());
        let state = state.ok_or_else(|| ec2.odd(&what, "it has no state"))?;
        if matches!(state, InstanceStateName::Terminated | InstanceStateName::ShuttingDown) {
            return Ok(None);
        }
        let metadata = metadata(&found)
            .ok_or_else(|| ec2.odd(&what, "it does not say whether its metadata needs a token"))?;
        Ok(Some(Instance {
            state: state.as_str().to_owned(),
            metadata,
            since: found.state_transition_reason().unwrap_or_default().to_owned(),
            volumes: volumes(&found),
            public: public(&found),
            operator: found
                .operator()
                .filter(|by| by.managed() == Some(true))
                .map(|by| by.principal().unwrap_or("that manages it").to_owned()),
            tags: rules::tags(found.tags()),
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &InstanceId,
        changes: &[Swap<InstanceSetting>],
    ) -> Vec<Result<(), Error>> {
        one_by_one!(self, place, id, changes, set)
    }
}

async fn set(
    ec2: &Local<Client>,
    id: &InstanceId,
    change: &Swap<InstanceSetting>,
) -> Result<(), Error> {
    let InstanceSetting::Metadata(tokens) = change.to;
    let tokens = match tokens {
        Tokens::Optional => HttpTokensState::Optional,
        Tokens::Required => HttpTokensState::Required,
    };
    let what = format!("set {} of instance {id}", change.to);
    let call = ec2.client.modify_instance_metadata_options().instance_id(&id.0).http_tokens(tokens);
    let answer = call.send().await.map(drop);
    answer.map_err(|error| ec2.failed(&what, "ec2:ModifyInstanceMetadataOptions", &error))
}

fn metadata(found: &Found) -> Option<Tokens> {
    match found.metadata_options()?.http_tokens()? {
        HttpTokensState::Optional => Some(Tokens::Optional),
        HttpTokensState::Required => Some(Tokens::Required),
        _ => None,
    }
}

fn volumes(found: &Found) -> Vec<String> {
    let volume = |ebs: &aws_sdk_ec2::types::EbsInstanceBlockDevice| ebs.volume_id.clone();
    found.block_device_mappings().iter().filter_map(|map| volume(map.ebs()?)).collect()
}

/// The public addresses of all its interfaces, each once.
fn public(found: &Found) -> Vec<PublicAddress> {
    let mut public = Vec::new();
    for interface in found.network_interfaces() {
        let first = interface.association();
        let others = interface.private_ip_addresses().iter().filter_map(|one| one.association());
        for association in first.into_iter().chain(others) {
            let Some(address) = association.public_ip() else { continue };
            if public.iter().any(|known: &PublicAddress| known.address == address) {
                continue;
            }
            public.push(PublicAddress {
                address: address.to_owned(),
                interface: interface.network_interface_id().unwrap_or_default().to_owned(),
                is_elastic: association.ip_owner_id() != Some(LENDER),
            });
        }
    }
    public
}

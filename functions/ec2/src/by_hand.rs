//! Facets that nobody changes: Elastic IP addresses, volumes, Client VPN endpoints.

use aws_sdk_ec2::{
    error::ProvideErrorMetadata,
    types::{ClientVpnEndpointStatusCode as State, ConnectionLogResponseOptions},
};
use catalog::ec2::{Address, AddressId, ClientVpn, ClientVpnId, Volume, VolumeId};
use remedy::{Never, Place, Signal};
use runtime::{Cloud, Error};

use crate::{Ec2, rules};

impl Cloud<Address> for Ec2 {
    async fn load(
        &self,
        place: &Place,
        id: &AddressId,
        _: &[&Signal],
    ) -> Result<Option<Address>, Error> {
        let ec2 = self.clients.at(place).await?;
        let what = format!("read address {id}");
        let found = match ec2.client.describe_addresses().allocation_ids(&id.0).send().await {
            Ok(answer) => answer.addresses.unwrap_or_default().into_iter().next(),
            Err(error) if error.code() == Some("InvalidAllocationID.NotFound") => None,
            Err(error) => return Err(ec2.failed(&what, "ec2:DescribeAddresses", &error)),
        };
        let Some(found) = found else { return Ok(None) };
        let users = [found.association_id(), found.network_interface_id(), found.instance_id()];
        let is_used = users.iter().any(|user| user.is_some_and(|id| !id.is_empty()));
        Ok(Some(Address {
            address: found.public_ip().unwrap_or_default().to_owned(),
            is_used: is_used || found.service_managed.is_some(),
            tags: rules::tags(found.tags()),
        }))
    }

    async fn apply(&self, _: &Place, _: &AddressId, changes: &[Never]) -> Vec<Result<(), Error>> {
        changes.iter().map(|change| match *change {}).collect()
    }
}

impl Cloud<Volume> for Ec2 {
    async fn load(
        &self,
        place: &Place,
        id: &VolumeId,
        _: &[&Signal],
    ) -> Result<Option<Volume>, Error> {
        let ec2 = self.clients.at(place).await?;
        let what = format!("read volume {id}");
        let found = match ec2.client.describe_volumes().volume_ids(&id.0).send().await {
            Ok(answer) => answer.volumes.unwrap_or_default().into_iter().next(),
            Err(error) if error.code() == Some("InvalidVolume.NotFound") => None,
            Err(error) => return Err(ec2.failed(&what, "ec2:DescribeVolumes", &error)),
        };
        let Some(found) = found else { return Ok(None) };
        let attached = found.attachments().iter();
        let attached = attached.filter_map(|at| at.instance_id.clone().zip(at.device.clone()));
        Ok(Some(Volume {
            is_encrypted: found
                .encrypted()
                .ok_or_else(|| ec2.odd(&what, "it does not say whether it is encrypted"))?,
            zone: found.availability_zone().unwrap_or_default().to_owned(),
            kind: found.volume_type().map(|kind| kind.as_str().to_owned()).unwrap_or_default(),
            attached: attached.collect(),
            tags: rules::tags(found.tags()),
        }))
    }

    async fn apply(&self, _: &Place, _: &VolumeId, changes: &[Never]) -> Vec<Result<(), Error>> {
        changes.iter().map(|change| match *change {}).collect()
    }
}

impl Cloud<ClientVpn> for Ec2 {
    async fn load(
        &self,
        place: &Place,
        id: &ClientVpnId,
        _: &[&Signal],
    ) -> Result<Option<ClientVpn>, Error> {
        let ec2 = self.clients.at(place).await?;
        let what = format!("read Client VPN endpoint {id}");
        let call = ec2.client.describe_client_vpn_endpoints().client_vpn_endpoint_ids(&id.0);
        let found = match call.send().await {
            Ok(answer) => answer.client_vpn_endpoints.unwrap_or_default().into_iter().next(),
            Err(error) if error.code() == Some("InvalidClientVpnEndpointId.NotFound") => None,
            Err(error) => return Err(ec2.failed(&what, "ec2:DescribeClientVpnEndpoints", &error)),
        };
        let Some(found) = found else { return Ok(None) };
        let state = found.status().and_then(|status| status.code());
        if matches!(state, Some(State::Deleted | State::Deleting)) {
            return Ok(None);
        }
        let is_logged =
            found.connection_log_options().and_then(ConnectionLogResponseOptions::enabled);
        Ok(Some(ClientVpn {
            description: found.description().unwrap_or_default().to_owned(),
            is_logged: is_logged
                .ok_or_else(|| ec2.odd(&what, "it does not say whether connections are logged"))?,
            tags: rules::tags(found.tags()),
        }))
    }

    async fn apply(&self, _: &Place, _: &ClientVpnId, changes: &[Never]) -> Vec<Result<(), Error>> {
        changes.iter().map(|change| match *change {}).collect()
    }
}

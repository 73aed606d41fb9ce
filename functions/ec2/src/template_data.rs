//! What a version of a launch template holds: as EC2 shows it, and as it takes it. A part that is given stands
//! for the whole part of the version it is made from, so that all of the part is given.

use std::collections::BTreeSet;

use aws_sdk_ec2::types::{
    ConnectionTrackingSpecificationRequest, EnaSrdSpecificationRequest,
    EnaSrdUdpSpecificationRequest, InstanceIpv6AddressRequest, Ipv4PrefixSpecificationRequest,
    Ipv6PrefixSpecificationRequest, LaunchTemplateBlockDeviceMapping,
    LaunchTemplateBlockDeviceMappingRequest, LaunchTemplateEbsBlockDeviceRequest,
    LaunchTemplateHttpTokensState, LaunchTemplateInstanceMetadataOptionsRequest,
    LaunchTemplateInstanceNetworkInterfaceSpecification,
    LaunchTemplateInstanceNetworkInterfaceSpecificationRequest, RequestLaunchTemplateData,
    ResponseLaunchTemplateData,
};
use catalog::ec2::TemplateEdit;

/// The interfaces that get a public address, by their place.
pub(crate) fn public(data: &ResponseLaunchTemplateData) -> BTreeSet<usize> {
    let interfaces = data.network_interfaces().iter().enumerate();
    let public = interfaces.filter(|(_, one)| one.associate_public_ip_address() == Some(true));
    public.map(|(at, _)| at).collect()
}

/// The devices whose volumes are said not to be encrypted.
pub(crate) fn plain(data: &ResponseLaunchTemplateData) -> BTreeSet<String> {
    let is_plain = |one: &&LaunchTemplateBlockDeviceMapping| {
        one.ebs().is_some_and(|ebs| ebs.encrypted() == Some(false))
    };
    let plain = data.block_device_mappings().iter().filter(is_plain);
    plain.filter_map(|one| one.device_name.clone()).collect()
}

/// The part that `edit` is about, as it should be.
pub(crate) fn edited(
    data: &ResponseLaunchTemplateData,
    edit: &TemplateEdit,
) -> RequestLaunchTemplateData {
    let request = RequestLaunchTemplateData::builder();
    match edit {
        TemplateEdit::Tokens => request.metadata_options(with_tokens(data)),
        TemplateEdit::Private(places) => {
            let interfaces = data.network_interfaces().iter().enumerate();
            let interfaces = interfaces.map(|(at, one)| interface(one, places.contains(&at)));
            request.set_network_interfaces(Some(interfaces.collect()))
        }
        TemplateEdit::Encrypted(devices) => {
            let volumes = data.block_device_mappings().iter();
            let volumes = volumes.map(|one| {
                let name = one.device_name.as_ref();
                volume(one, name.is_some_and(|name| devices.contains(name)))
            });
            request.set_block_device_mappings(Some(volumes.collect()))
        }
    }
    .build()
}

fn with_tokens(data: &ResponseLaunchTemplateData) -> LaunchTemplateInstanceMetadataOptionsRequest {
    let options = data.metadata_options().cloned();
    let request = LaunchTemplateInstanceMetadataOptionsRequest::builder()
        .http_tokens(LaunchTemplateHttpTokensState::Required);
    match options {
        None => request,
        Some(options) => request
            .set_http_put_response_hop_limit(options.http_put_response_hop_limit)
            .set_http_endpoint(options.http_endpoint)
            .set_http_protocol_ipv6(options.http_protocol_ipv6)
            .set_instance_metadata_tags(options.instance_metadata_tags),
    }
    .build()
}

fn volume(
    found: &LaunchTemplateBlockDeviceMapping,
    encrypts: bool,
) -> LaunchTemplateBlockDeviceMappingRequest {
    let found = found.clone();
    let ebs = found.ebs.map(|ebs| {
        LaunchTemplateEbsBlockDeviceRequest::builder()
            .set_encrypted(if encrypts { Some(true) } else { ebs.encrypted })
            .set_delete_on_termination(ebs.delete_on_termination)
            .set_iops(ebs.iops)
            .set_kms_key_id(ebs.kms_key_id)
            .set_snapshot_id(ebs.snapshot_id)
            .set_volume_size(ebs.volume_size)
            .set_volume_type(ebs.volume_type)
            .set_throughput(ebs.throughput)
            .set_volume_initialization_rate(ebs.volume_initialization_rate)
            .set_ebs_card_index(ebs.ebs_card_index)
            .build()
    });
    LaunchTemplateBlockDeviceMappingRequest::builder()
        .set_device_name(found.device_name)
        .set_virtual_name(found.virtual_name)
        .set_ebs(ebs)
        .set_no_device(found.no_device)
        .build()
}

fn interface(
    found: &LaunchTemplateInstanceNetworkInterfaceSpecification,
    hides: bool,
) -> LaunchTemplateInstanceNetworkInterfaceSpecificationRequest {
    let found = found.clone();
    let v6 = found.ipv6_addresses.map(|all| {
        let one = |address: aws_sdk_ec2::types::InstanceIpv6Address| {
            InstanceIpv6AddressRequest::builder().set_ipv6_address(address.ipv6_address).build()
        };
        all.into_iter().map(one).collect()
    });
    let v4_prefixes = found.ipv4_prefixes.map(|all| {
        let one = |prefix: aws_sdk_ec2::types::Ipv4PrefixSpecificationResponse| {
            Ipv4PrefixSpecificationRequest::builder().set_ipv4_prefix(prefix.ipv4_prefix).build()
        };
        all.into_iter().map(one).collect()
    });
    let v6_prefixes = found.ipv6_prefixes.map(|all| {
        let one = |prefix: aws_sdk_ec2::types::Ipv6PrefixSpecificationResponse| {
            Ipv6PrefixSpecificationRequest::builder().set_ipv6_prefix(prefix.ipv6_prefix).build()
        };
        all.into_iter().map(one).collect()
    });
    let ena = found.ena_srd_specification.map(|ena| {
        let udp = ena.ena_srd_udp_specification.map(|udp| {
            let request = EnaSrdUdpSpecificationRequest::builder();
            request.set_ena_srd_udp_enabled(udp.ena_srd_udp_enabled).build()
        });
        let request = EnaSrdSpecificationRequest::builder();
        request.set_ena_srd_enabled(ena.ena_srd_enabled).set_ena_srd_udp_specification(udp).build()
    });
    let tracking = found.connection_tracking_specification.map(|tracking| {
        ConnectionTrackingSpecificationRequest::builder()
            .set_tcp_established_timeout(tracking.tcp_established_timeout)
            .set_udp_stream_timeout(tracking.udp_stream_timeout)
            .set_udp_timeout(tracking.udp_timeout)
            .build()
    });
    LaunchTemplateInstanceNetworkInterfaceSpecificationRequest::builder()
        .set_associate_carrier_ip_address(found.associate_carrier_ip_address)
        .set_associate_public_ip_address(if hides {
            Some(false)
        } else {
            found.associate_public_ip_address
        })
        .set_delete_on_termination(found.delete_on_termination)
        .set_description(found.description)
        .set_device_index(found.device_index)
        .set_groups(found.groups)
        .set_interface_type(found.interface_type)
        .set_ipv6_address_count(found.ipv6_address_count)
        .set_ipv6_addresses(v6)
        .set_network_interface_id(found.network_interface_id)
        .set_private_ip_address(found.private_ip_address)
        .set_private_ip_addresses(found.private_ip_addresses)
        .set_secondary_private_ip_address_count(found.secondary_private_ip_address_count)
        .set_subnet_id(found.subnet_id)
        .set_network_card_index(found.network_card_index)
        .set_ipv4_prefixes(v4_prefixes)
        .set_ipv4_prefix_count(found.ipv4_prefix_count)
        .set_ipv6_prefixes(v6_prefixes)
        .set_ipv6_prefix_count(found.ipv6_prefix_count)
        .set_primary_ipv6(found.primary_ipv6)
        .set_ena_srd_specification(ena)
        .set_connection_tracking_specification(tracking)
        .set_ena_queue_count(found.ena_queue_count)
        .build()
}

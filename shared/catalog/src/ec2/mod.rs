//! EC2: security groups, instances and their volumes, VPCs.

mod address;
mod client_vpn;
mod command;
mod default_group;
mod ebs_encryption;
mod flow_logs;
mod id;
mod instance;
mod launch_template;
mod network_acl;
mod network_interface;
mod ports;
mod public_snapshots;
mod rule;
mod security_group;
mod snapshot_sharing;
mod subnet;
mod transit_gateway;
mod volume;
mod vpc;
mod vpc_exposure;
mod wide_rule;
mod world;

pub use address::{Address, AddressId};
pub use client_vpn::{ClientVpn, ClientVpnId};
pub use default_group::{DefaultGroup, RuleChange, Way};
pub use ebs_encryption::{EbsEncryption, EbsEncryptionId, EbsEncryptionSetting};
pub use flow_logs::{FlowLog, FlowLogChange, FlowLogs, FlowTraffic, NewFlowLog};
pub use instance::{Instance, InstanceId, InstanceSetting, PublicAddress, Tokens};
pub use launch_template::{LaunchTemplate, LaunchTemplateId, TemplateChange, TemplateEdit};
pub use network_acl::{AclChange, AclEntry, NetworkAcl, NetworkAclId};
pub use network_interface::{NetworkInterface, NetworkInterfaceId, NetworkInterfaceSetting};
pub use ports::Ports;
pub use public_snapshots::{PublicSnapshots, PublicSnapshotsId, SnapshotChange};
pub use rule::{Peer, Rule, Traffic};
pub use security_group::{IngressChange, SecurityGroup, SecurityGroupId};
pub use snapshot_sharing::{Blocked, SnapshotSharing, SnapshotSharingId, SnapshotSharingSetting};
pub use subnet::{Subnet, SubnetId, SubnetSetting};
pub use transit_gateway::{TransitGateway, TransitGatewayId, TransitGatewaySetting};
pub use volume::{Volume, VolumeId};
pub use vpc::{VpcEndpoints, VpcId};
pub use vpc_exposure::{GatewayMode, VpcExposure, VpcExposureId, VpcExposureSetting};

crate::remediations! {
    ask_before_attaching::AskBeforeAttaching,
    block_internet_gateways::BlockInternetGateways,
    block_snapshot_sharing::BlockSnapshotSharing,
    check_interface_traffic::CheckInterfaceTraffic,
    close_network_acl::CloseNetworkAcl,
    close_world_ingress::CloseWorldIngress,
    empty_default_group::EmptyDefaultGroup,
    encrypt_volumes_by_default::EncryptVolumesByDefault,
    hide_snapshots::HideSnapshots,
    launch_encrypted::LaunchEncrypted,
    launch_privately::LaunchPrivately,
    launch_with_metadata_tokens::LaunchWithMetadataTokens,
    launch_without_public_addresses::LaunchWithoutPublicAddresses,
    limit_world_ingress::LimitWorldIngress,
    log_vpc_traffic::LogVpcTraffic,
    require_metadata_tokens::RequireMetadataTokens,
    review_client_vpn::ReviewClientVpn,
    review_missing_endpoint::ReviewMissingEndpoint,
    review_plain_volume::ReviewPlainVolume,
    review_public_instance::ReviewPublicInstance,
    review_stopped_instance::ReviewStoppedInstance,
    review_unused_address::ReviewUnusedAddress,
    review_unused_network_acl::ReviewUnusedNetworkAcl,
}

/// The first of some names, for a message.
fn some_of(names: &[String]) -> String {
    const FEW: usize = 5;
    let some = names.iter().take(FEW).map(String::as_str).collect::<Vec<_>>().join(", ");
    if names.len() > FEW { format!("{some}, ...") } else { some }
}

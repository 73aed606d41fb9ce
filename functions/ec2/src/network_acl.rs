//! Facet: who may come in past a network ACL.

use std::collections::BTreeSet;

use aws_sdk_ec2::{
    Client,
    error::ProvideErrorMetadata,
    types::{IcmpTypeCode, NetworkAclEntry, PortRange, RuleAction},
};
use catalog::ec2::{AclChange, AclEntry, NetworkAcl, NetworkAclId};
use lambda::Local;
use remedy::{Place, Signal};
use runtime::{Cloud, Error};

use crate::{Ec2, pages::one_by_one, rules};

/// The number of the entry that denies the rest. Nobody can change it.
const REST: i32 = 32_767;

impl Cloud<NetworkAcl> for Ec2 {
    async fn load(
        &self,
        place: &Place,
        id: &NetworkAclId,
        _: &[&Signal],
    ) -> Result<Option<NetworkAcl>, Error> {
        let ec2 = self.clients.at(place).await?;
        let what = format!("read network ACL {id}");
        let found = match ec2.client.describe_network_acls().network_acl_ids(&id.0).send().await {
            Ok(answer) => answer.network_acls.unwrap_or_default().into_iter().next(),
            Err(error) if error.code() == Some("InvalidNetworkAclID.NotFound") => None,
            Err(error) => return Err(ec2.failed(&what, "ec2:DescribeNetworkAcls", &error)),
        };
        let Some(found) = found else { return Ok(None) };
        let is_default = found.is_default();
        let mut ingress = BTreeSet::new();
        // Those that deny the rest come once for IPv4 and once for IPv6, under numbers of their own.
        for entry in found.entries().iter().filter(|entry| is_ours(entry)) {
            let entry = read(entry).ok_or_else(|| ec2.odd(&what, "an entry is none known here"))?;
            ingress.insert(entry);
        }
        let subnet = |at: &aws_sdk_ec2::types::NetworkAclAssociation| at.subnet_id.clone();
        Ok(Some(NetworkAcl {
            account: found.owner_id().unwrap_or_default().to_owned(),
            vpc: found.vpc_id().unwrap_or_default().to_owned(),
            is_default: is_default
                .ok_or_else(|| ec2.odd(&what, "it does not say whether it is the default one"))?,
            subnets: found.associations().iter().filter_map(subnet).collect(),
            ingress,
            tags: rules::tags(found.tags()),
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &NetworkAclId,
        changes: &[AclChange],
    ) -> Vec<Result<(), Error>> {
        one_by_one!(self, place, id, changes, make)
    }
}

/// Whether an entry is for ingress and somebody made it.
fn is_ours(entry: &NetworkAclEntry) -> bool {
    entry.egress() != Some(true) && entry.rule_number().is_none_or(|number| number < REST)
}

fn read(entry: &NetworkAclEntry) -> Option<AclEntry> {
    let icmp = entry.icmp_type_code().map(|icmp| (icmp.r#type(), icmp.code()));
    let ports = entry.port_range().map(|ports| (ports.from(), ports.to()));
    let both = |pair: (Option<i32>, Option<i32>)| pair.0.zip(pair.1);
    Some(AclEntry {
        number: entry.rule_number()?,
        allows: match entry.rule_action()? {
            RuleAction::Allow => true,
            RuleAction::Deny => false,
            _ => return None,
        },
        protocol: entry.protocol()?.parse().ok()?,
        from: entry.cidr_block().or(entry.ipv6_cidr_block())?.to_owned(),
        ports: ports.and_then(both),
        icmp: icmp.and_then(both),
    })
}

async fn make(ec2: &Local<Client>, id: &NetworkAclId, change: &AclChange) -> Result<(), Error> {
    let what = format!("{change} of network ACL {id}");
    match change {
        AclChange::Delete(entry) => {
            let call = ec2.client.delete_network_acl_entry().network_acl_id(&id.0);
            match call.rule_number(entry.number).egress(false).send().await {
                Ok(_) => Ok(()),
                Err(error) if error.code() == Some("InvalidNetworkAclEntry.NotFound") => Ok(()),
                Err(error) => Err(ec2.failed(&what, "ec2:DeleteNetworkAclEntry", &error)),
            }
        }
        AclChange::Create(entry) => {
            let (v4, v6) = match entry.from.contains(':') {
                true => (None, Some(entry.from.clone())),
                false => (Some(entry.from.clone()), None),
            };
            let ports = |(from, to)| PortRange::builder().from(from).to(to).build();
            let icmp = |(kind, code)| IcmpTypeCode::builder().r#type(kind).code(code).build();
            let call = ec2
                .client
                .create_network_acl_entry()
                .network_acl_id(&id.0)
                .rule_number(entry.number)
                .egress(false)
                .protocol(entry.protocol.to_string())
                .rule_action(if entry.allows { RuleAction::Allow } else { RuleAction::Deny })
                .set_cidr_block(v4)
                .set_ipv6_cidr_block(v6)
                .set_port_range(entry.ports.map(ports))
                .set_icmp_type_code(entry.icmp.map(icmp));
            let answer = call.send().await.map(drop);
            answer.map_err(|error| ec2.failed(&what, "ec2:CreateNetworkAclEntry", &error))
        }
    }
}

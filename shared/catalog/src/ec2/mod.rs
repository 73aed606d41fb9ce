//! EC2: security groups.

mod command;
mod default_group;
mod ports;
mod rule;
mod security_group;
mod wide_rule;
mod world;

pub use default_group::{DefaultGroup, RuleChange, Way};
pub use ports::Ports;
pub use rule::{Peer, Rule, Traffic};
pub use security_group::{IngressChange, SecurityGroup, SecurityGroupId};

crate::remediations! {
    close_world_ingress::CloseWorldIngress,
    empty_default_group::EmptyDefaultGroup,
    limit_world_ingress::LimitWorldIngress,
}

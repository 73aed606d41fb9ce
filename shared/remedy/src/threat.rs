//! What a threat finding says of the other end.

use std::{fmt, net::IpAddr};

use serde::{Deserialize, Serialize};

/// What a threat finding says of the other end, whichever service passed it on.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Threat {
    /// The part that our resource plays.
    #[serde(default)]
    pub role: Role,
    /// Who was on the other end, each once, in order.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub peers: Vec<Peer>,
    /// The names of the threat lists that the peers were known by, if they were, each once.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lists: Vec<String>,
}

/// The part that our resource plays.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Role {
    /// It is attacked.
    Target,
    /// It attacks: the peers are victims, or who commands it.
    Actor,
    /// It is not said.
    #[default]
    Unknown,
}

/// One other end.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Peer {
    /// Its address or name.
    pub host: Host,
    /// Who called whom.
    #[serde(default)]
    pub direction: Direction,
    /// The traffic did not get through.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub blocked: bool,
}

/// An address or a name in the internet.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Host {
    /// An address.
    Address(IpAddr),
    /// A domain name, in lower case and without a dot at its end. Text from outside.
    Domain(String),
}

/// Who called whom.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Direction {
    /// The peer called us: connections, probes, sign-ins, and calls of AWS's own API.
    Inbound,
    /// We called the peer.
    Outbound,
    /// It is not said.
    #[default]
    Unknown,
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Address(address) => address.fmt(f),
            Self::Domain(name) => f.write_str(name),
        }
    }
}

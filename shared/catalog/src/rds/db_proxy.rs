//! Facet: how a proxy before databases is reached.

use std::fmt;

use remedy::{Action, Facet, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::id::rds_id;

rds_id!(
    /// The id of a proxy, such as `prx-0a1b2c3d4e5f`: not its name.
    DbProxyId, "AWS::RDS::DBProxy", "db-proxy", "proxies:"
);

/// A proxy before databases, as far as its safety goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DbProxy {
    /// The name by which it is changed.
    pub name: String,
    /// Whether connections to it must be encrypted.
    pub requires_tls: bool,
    /// The proxy's tags.
    pub tags: Tags,
}

/// What a proxy is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DbProxySetting {
    /// Whether connections must be encrypted.
    RequiresTls {
        /// The proxy's name: that is what RDS takes.
        name: String,
        /// Whether they must.
        on: bool,
    },
}

const PROXIES: &str = "arn:${AWS::Partition}:rds:*:${AWS::AccountId}:db-proxy:*";

impl Facet for DbProxy {
    type Id = DbProxyId;
    type Change = Swap<DbProxySetting>;

    const NAME: &'static str = "database proxy";
    const READS: &'static [Action] = &[
        Action::on(PROXIES, "rds:DescribeDBProxies"),
        Action::on(PROXIES, "rds:ListTagsForResource"),
    ];

    fn label(&self) -> Option<&str> {
        Some(&self.name)
    }

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<DbProxySetting>) -> Self {
        let DbProxySetting::RequiresTls { on, .. } = change.to;
        self.requires_tls = on;
        self
    }

    fn commands(place: &Place, _: &DbProxyId, changes: &[Swap<DbProxySetting>]) -> Vec<String> {
        let command = |change: &Swap<DbProxySetting>| {
            let DbProxySetting::RequiresTls { name, on } = &change.to;
            let flag = if *on { "--require-tls" } else { "--no-require-tls" };
            format!(
                "aws rds modify-db-proxy --region {} --db-proxy-name {} {flag}",
                place.region,
                quoted(name)
            )
        };
        changes.iter().map(command).collect()
    }
}

impl Setting for DbProxySetting {
    const MAKE: &'static [Action] = &[Action::on(PROXIES, "rds:ModifyDBProxy").tagged()];
    const UNDO: &'static [Action] = Self::MAKE;

    fn needs(&self) -> &'static [Action] {
        Self::MAKE
    }
}

impl fmt::Display for DbProxySetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::RequiresTls { on, .. } = self;
        f.write_str(if *on { "TLS required" } else { "TLS not required" })
    }
}

//! What a bucket, or an account, refuses the public.

use std::fmt;

use serde::{Deserialize, Serialize};

/// The four settings of a block of public access, as S3 calls them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "S3 has four, each on or off")]
pub struct AccessBlock {
    /// Nobody can write an ACL that is open to the public.
    pub block_public_acls: bool,
    /// ACLs that are open to the public do not count.
    pub ignore_public_acls: bool,
    /// Nobody can write a policy that is open to the public.
    pub block_public_policy: bool,
    /// Policies that are open to the public open nothing to it.
    pub restrict_public_buckets: bool,
}

impl AccessBlock {
    /// All that S3 has.
    pub const ALL: Self = Self {
        block_public_acls: true,
        ignore_public_acls: true,
        block_public_policy: true,
        restrict_public_buckets: true,
    };

    fn settings(self) -> [(&'static str, bool); 4] {
        [
            ("BlockPublicAcls", self.block_public_acls),
            ("IgnorePublicAcls", self.ignore_public_acls),
            ("BlockPublicPolicy", self.block_public_policy),
            ("RestrictPublicBuckets", self.restrict_public_buckets),
        ]
    }

    /// As the AWS CLI takes it.
    pub(super) fn argument(self) -> String {
        self.settings().map(|(name, on)| format!("{name}={on}")).join(",")
    }
}

/// Such as `public access block on`.
impl fmt::Display for AccessBlock {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let settings = self.settings();
        let on: Vec<_> = settings.iter().filter(|(_, on)| *on).map(|(name, _)| *name).collect();
        match on.len() {
            0 => f.write_str("public access block off"),
            4 => f.write_str("public access block on"),
            _ => write!(f, "public access block on for {} only", on.join(" and ")),
        }
    }
}

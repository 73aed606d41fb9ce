//! What Config rules are called behind all that is hung on their names.

use std::borrow::Cow;

use crate::Trigger;

/// AWS's managed rules whose default name is not their identifier with dashes: default name, identifier; and some
/// that are.
const MANAGED: &[(&str, &str)] = &[
    ("cloudtrail-enabled", "CLOUD_TRAIL_ENABLED"),
    ("multi-region-cloudtrail-enabled", "MULTI_REGION_CLOUD_TRAIL_ENABLED"),
    ("restricted-ssh", "INCOMING_SSH_DISABLED"),
    ("restricted-common-ports", "RESTRICTED_INCOMING_TRAFFIC"),
    ("vpc-sg-open-only-to-authorized-ports", "VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS"),
    ("vpc-default-security-group-closed", "VPC_DEFAULT_SECURITY_GROUP_CLOSED"),
];

/// The rule that goes by `name` in an account: a managed one by its identifier, another by its name
/// without what Security Hub, organizations, conformance packs and Control Tower put around it.
pub(super) fn rule(name: &str) -> Trigger {
    let name = name.split("-conformance-pack-").next().unwrap_or(name);
    let name = name.strip_prefix("AWSControlTower_AWS-GR_").unwrap_or(name);
    let for_hub = name.strip_prefix("securityhub-");
    let for_organization = name.strip_prefix("OrgConfigRule-");
    let bare = for_hub.or(for_organization).unwrap_or(name);
    if let Some(known) = managed(bare) {
        return known;
    }
    // An organization's rules always end in a suffix of AWS's; Security Hub's in a hexadecimal hash.
    let is_suffix = |suffix: &str| {
        let hash = suffix.len() >= 6 && suffix.bytes().all(|b| b.is_ascii_hexdigit());
        (for_hub.is_some() && hash) || (for_organization.is_some() && suffix.len() == 8)
    };
    let bare = match bare.rsplit_once('-') {
        Some((bare, suffix)) if is_suffix(suffix) => bare,
        _ => bare,
    };
    managed(bare).unwrap_or_else(|| Trigger::ConfigRule(Cow::Owned(bare.to_owned())))
}

/// The managed rule that goes by its default name or by its identifier, with dashes or underscores.
fn managed(name: &str) -> Option<Trigger> {
    let dashed = name.replace('_', "-");
    let goes_by = |(default, identifier): &&(&str, &str)| {
        default.eq_ignore_ascii_case(&dashed)
            || identifier.replace('_', "-").eq_ignore_ascii_case(&dashed)
    };
    MANAGED.iter().find(goes_by).map(|(_, identifier)| Trigger::config_rule(identifier))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_managed_rule_is_known_however_it_is_decorated() {
        for name in [
            "restricted-ssh",
            "Restricted-SSH",
            "incoming-ssh-disabled",
            "INCOMING_SSH_DISABLED",
            "securityhub-restricted-ssh-1a2b3c",
            "securityhub-restricted-ssh-1a2b3c4d",
            "securityhub-restricted-ssh-fedcbabe",
            "OrgConfigRule-restricted-ssh-a1b2c3d4",
            "OrgConfigRule-restricted-ssh-qayjyopm",
            "restricted-ssh-conformance-pack-qayjyopmd",
            "OrgConfigRule-restricted-ssh-a1b2c3d4-conformance-pack-1",
            "AWSControlTower_AWS-GR_RESTRICTED_SSH",
        ] {
            assert_eq!(rule(name), Trigger::config_rule("INCOMING_SSH_DISABLED"), "{name}");
        }
        for (name, identifier) in [
            ("restricted-common-ports", "RESTRICTED_INCOMING_TRAFFIC"),
            (
                "securityhub-vpc-sg-open-only-to-authorized-ports-0a1b2c3d",
                "VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS",
            ),
            ("vpc-default-security-group-closed", "VPC_DEFAULT_SECURITY_GROUP_CLOSED"),
        ] {
            assert_eq!(rule(name), Trigger::config_rule(identifier));
        }
    }

    #[test]
    fn another_rule_keeps_its_own_name() {
        for (name, bare) in [
            ("no-open-groups", "no-open-groups"),
            ("restricted-ssh-prod", "restricted-ssh-prod"),
            ("securityhub-s3-bucket-logging-enabled-1a2b3c4d", "s3-bucket-logging-enabled"),
            ("securityhub-my-firewall", "my-firewall"),
            ("OrgConfigRule-no-open-groups-abcdefgh", "no-open-groups"),
            ("no-open-groups-conformance-pack-abc123", "no-open-groups"),
            ("", ""),
            ("securityhub-", ""),
        ] {
            assert_eq!(rule(name).name(), bare, "{name}");
        }
    }
}

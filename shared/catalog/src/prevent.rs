//! What keeps a problem from coming back, for every remediation.

mod account;
mod compute;
mod data;
mod edge;
mod rds;

use std::fmt;

/// What keeps a problem from coming back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Prevention {
    /// By what means.
    pub how: How,
    /// One sentence that says what to do.
    pub step: &'static str,
    /// AWS's page about the means.
    pub link: Option<&'static str>,
}

/// Means of prevention, the strongest first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum How {
    /// A service control policy: nobody in the accounts may.
    Scp,
    /// A resource control policy: nobody may to the accounts' resources.
    ResourceControlPolicy,
    /// A declarative policy of the organisation: the service itself refuses.
    Declarative,
    /// A setting of the account or the organisation, which new resources begin with.
    AccountSetting,
    /// A rule of AWS Config, in all accounts.
    ConfigRule,
    /// A rule that templates are checked by before they are deployed.
    IacRule,
}

impl fmt::Display for How {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Scp => "service control policy",
            Self::ResourceControlPolicy => "resource control policy",
            Self::Declarative => "declarative policy",
            Self::AccountSetting => "account setting",
            Self::ConfigRule => "Config rule",
            Self::IacRule => "check of templates",
        })
    }
}

/// A remediation's id, and its prevention.
type Row = (&'static str, Prevention);

const TABLES: [&[Row]; 5] = [account::TABLE, compute::TABLE, data::TABLE, edge::TABLE, rds::TABLE];

/// What keeps what `remediation` answers from coming back.
pub fn prevention(remediation: &str) -> Option<&'static Prevention> {
    let mut rows = TABLES.iter().copied().flatten();
    rows.find(|(id, _)| *id == remediation).map(|(_, prevention)| prevention)
}

const fn scp(step: &'static str) -> Prevention {
    let link =
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_scps.html";
    Prevention { how: How::Scp, step, link: Some(link) }
}

const fn rcp(step: &'static str) -> Prevention {
    let link =
        "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_rcps.html";
    Prevention { how: How::ResourceControlPolicy, step, link: Some(link) }
}

const fn declared(step: &'static str) -> Prevention {
    let link = "https://docs.aws.amazon.com/organizations/latest/userguide/orgs_manage_policies_declarative.html";
    Prevention { how: How::Declarative, step, link: Some(link) }
}

const fn setting(step: &'static str) -> Prevention {
    Prevention { how: How::AccountSetting, step, link: None }
}

const fn config(step: &'static str) -> Prevention {
    let link =
        "https://docs.aws.amazon.com/config/latest/developerguide/managed-rules-by-aws-config.html";
    Prevention { how: How::ConfigRule, step, link: Some(link) }
}

const fn iac(step: &'static str) -> Prevention {
    Prevention { how: How::IacRule, step, link: None }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    fn ids() -> impl Iterator<Item = &'static str> {
        TABLES.iter().copied().flatten().map(|(id, _)| *id)
    }

    #[test]
    fn every_remediation_has_one_and_nothing_else_has() {
        let known: BTreeSet<_> = crate::entries().map(|entry| entry.spec.id).collect();
        let prevented: BTreeSet<_> = ids().collect();
        let missing: Vec<_> = known.difference(&prevented).collect();
        let unknown: Vec<_> = prevented.difference(&known).collect();
        assert!(
            missing.is_empty() && unknown.is_empty(),
            "missing {missing:?}, unknown {unknown:?}"
        );
        assert_eq!(ids().count(), prevented.len(), "one row each");
        assert!(known.iter().all(|id| prevention(id).is_some()));
        assert_eq!(prevention("ec2/no_such_remediation"), None);
    }

    #[test]
    fn every_step_is_one_line_that_ends_and_is_said_once() {
        let mut steps = BTreeSet::new();
        for (id, prevention) in TABLES.iter().copied().flatten() {
            let step = prevention.step;
            assert!(step.ends_with('.') && step.is_ascii() && !step.contains('\n'), "{id}: {step}");
            assert!((30..=260).contains(&step.len()), "{id}: {}", step.len());
            assert!(!step.contains("  "), "{id}: {step}");
            assert!(steps.insert(step), "{id}: {step}");
        }
    }

    #[test]
    fn every_step_names_its_means() {
        for (id, prevention) in TABLES.iter().copied().flatten() {
            let names: &[&str] = match prevention.how {
                How::Scp => &["SCP"],
                How::ResourceControlPolicy => &["RCP"],
                How::Declarative => &["declarative policy", "S3 policy of the organisation"],
                How::AccountSetting => &["account", "organisation", "Region", "registry"],
                How::ConfigRule => &["Config rule"],
                How::IacRule => &["CKV_", "CKV2_", "cfn-guard", "template"],
            };
            let step = prevention.step;
            assert!(names.iter().any(|name| step.contains(name)), "{id}: {step}");
        }
    }
}

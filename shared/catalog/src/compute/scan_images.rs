//! Has the images of a repository scanned when they are pushed.
//!
//! A repository that the registry's own rules have scanned is left alone.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{Repository, RepositorySetting};

/// See the [module](self).
#[derive(Debug)]
pub struct ScanImages;

impl Remediation for ScanImages {
    type Facet = Repository;

    const SPEC: Spec = Spec {
        id: "compute/scan_images",
        title: "Scan the images of a repository when they are pushed",
        triggers: &[
            Trigger::control("ECR.1"),
            Trigger::config_rule("ECR_PRIVATE_IMAGE_SCANNING_ENABLED"),
        ],
        severity: Severity::High,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "Images that the registry scans by its own rules, on push or all the time, stay as they are.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, repository: &Repository, _: &Case<'_>) -> Plan<Swap<RepositorySetting>> {
        if repository.is_scanned {
            return Plan::none();
        }
        let is = RepositorySetting::ScanOnPush(repository.scans_on_push);
        Swap::of(is, RepositorySetting::ScanOnPush(true)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;

    const ARN: &str = "arn:aws:ecr:eu-west-1:111122223333:repository/shop/web";

    #[test]
    fn images_that_nobody_scans_are_scanned() {
        let expected = ["set scan on push on (it is scan on push off)"];
        check(&ScanImages, &Repository::default(), &signal(ARN), &expected);
    }

    #[test]
    fn images_that_are_scanned_anyhow_are_left_alone() {
        for (scans_on_push, is_scanned) in [(true, true), (false, true), (true, false)] {
            let repository = Repository { scans_on_push, is_scanned, ..Repository::default() };
            check(&ScanImages, &repository, &signal(ARN), &[]);
        }
    }
}

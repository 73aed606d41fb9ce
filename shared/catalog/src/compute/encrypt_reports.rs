//! Encrypts the reports of builds that are exported to S3.
//!
//! Where the bucket is another account's, a person is asked first: its owner may not have the key.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{ReportGroup, ReportGroupSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct EncryptReports;

impl Remediation for EncryptReports {
    type Facet = ReportGroup;

    const SPEC: Spec = Spec {
        id: "compute/encrypt_reports",
        title: "Encrypt the reports of builds that are exported",
        triggers: &[
            Trigger::control("CodeBuild.7"),
            Trigger::config_rule("CODEBUILD_REPORT_GROUP_ENCRYPTED_AT_REST"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "Where reports go, and with which key, stays as it is; a bucket of another account asks a person first.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, group: &ReportGroup, case: &Case<'_>) -> Plan<Swap<ReportGroupSetting>> {
        let Some(is_clear) = group.is_clear else { return Plan::none() };
        let swap = Swap::of(ReportGroupSetting::Clear(is_clear), ReportGroupSetting::Clear(false));
        let plan: Plan<_> = swap.into_iter().collect();
        match group.bucket_owner.as_ref().filter(|owner| **owner != case.signal.place.account) {
            Some(owner) => plan.asking(format!("the bucket is of account {owner}, which reads no report that is encrypted with a key it has not")),
            None => plan,
        }
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const ARN: &str = "arn:aws:codebuild:eu-west-1:111122223333:report-group/web-tests";

    fn group(is_clear: Option<bool>, owner: &str) -> ReportGroup {
        let bucket_owner = Some(owner.to_owned()).filter(|owner| !owner.is_empty());
        ReportGroup { is_clear, bucket_owner, ..ReportGroup::default() }
    }

    #[test]
    fn clear_reports_are_encrypted_and_those_of_others_after_a_question() {
        let signal = signal(ARN);
        for (owner, asks) in [("", false), ("111122223333", false), ("444455556666", true)] {
            let group = group(Some(true), owner);
            check(
                &EncryptReports,
                &group,
                &signal,
                &["set exported reports encrypted (it is exported reports in the clear)"],
            );
            let plan = EncryptReports.plan(&group, &Case { signal: &signal, now: now() });
            assert_eq!(plan.ask.is_some(), asks, "{owner}");
        }
    }

    #[test]
    fn encrypted_ones_and_such_as_stay_are_left_alone() {
        for is_clear in [Some(false), None] {
            check(&EncryptReports, &group(is_clear, ""), &signal(ARN), &[]);
        }
    }
}

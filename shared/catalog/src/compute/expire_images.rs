//! Tells which image repository keeps every image for ever.
//!
//! Left to a person: a lifecycle policy deletes images, also such as still run somewhere.

use remedy::{
    Case, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong, quoted,
};

use super::ImageLifecycle;

/// See the [module](self).
#[derive(Debug)]
pub struct ExpireImages;

/// Untagged images only: what runs is nearly always tagged.
const POLICY: &str = r#"{"rules":[{"rulePriority":1,"description":"untagged images go after 30 days","selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":30},"action":{"type":"expire"}}]}"#;

impl Remediation for ExpireImages {
    type Facet = ImageLifecycle;

    const SPEC: Spec = Spec {
        id: "compute/expire_images",
        title: "Tell which image repository keeps every image for ever",
        triggers: &[
            Trigger::control("ECR.3"),
            Trigger::config_rule("ECR_PRIVATE_LIFECYCLE_POLICY_CONFIGURED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Interrupts,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No image is deleted; the policy that is proposed is tried first, and only concerns untagged images.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, images: &ImageLifecycle, case: &Case<'_>) -> Plan<Never> {
        if images.has_policy {
            return Plan::none();
        }
        let of = format!(
            "--region {} --repository-name {}",
            case.signal.place.region,
            quoted(&images.name)
        );
        let policy = quoted(POLICY);
        Plan::by_hand(
            "no lifecycle policy",
            "such a policy deletes images, and what is deleted does not come back: look at what it would delete before it is put",
            [
                format!(
                    "aws ecr start-lifecycle-policy-preview {of} --lifecycle-policy-text {policy}"
                ),
                format!("aws ecr get-lifecycle-policy-preview {of}"),
                format!("aws ecr put-lifecycle-policy {of} --lifecycle-policy-text {policy}"),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::{super::testing::left, *};

    const ARN: &str = "arn:aws:ecr:eu-west-1:111122223333:repository/shop/web";

    #[test]
    fn a_repository_without_a_policy_is_told_with_one_to_try() {
        let images = ImageLifecycle { name: "shop/web".into(), ..ImageLifecycle::default() };
        let signal = signal(ARN);
        check(&ExpireImages, &images, &signal, &[]);
        assert!(left(&ExpireImages, &images, &signal)[0].starts_with("no lifecycle policy: "));
        let plan = ExpireImages.plan(&images, &Case { signal: &signal, now: now() });
        assert!(plan.by_hand[0].starts_with("aws ecr start-lifecycle-policy-preview --region eu-west-1 --repository-name shop/web --lifecycle-policy-text '{"));
    }

    #[test]
    fn one_with_a_policy_is_left_alone() {
        let images = ImageLifecycle { has_policy: true, ..ImageLifecycle::default() };
        check(&ExpireImages, &images, &signal(ARN), &[]);
        assert_eq!(left(&ExpireImages, &images, &signal(ARN)), [""; 0]);
    }
}

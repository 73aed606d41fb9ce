//! Keeps the tags of images from being moved to other images.
//!
//! A person is asked first: a pipeline that pushes `latest` again and again fails then. A repository that is
//! fixed but for chosen tags is left alone.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{Repository, RepositorySetting, TagsMove};

/// See the [module](self).
#[derive(Debug)]
pub struct FixImageTags;

impl Remediation for FixImageTags {
    type Facet = Repository;

    const SPEC: Spec = Spec {
        id: "compute/fix_image_tags",
        title: "Keep the tags of images from being moved",
        triggers: &[
            Trigger::control("ECR.2"),
            Trigger::config_rule("ECR_PRIVATE_TAG_IMMUTABILITY_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "A person is asked first, as pipelines that move a tag fail afterwards; chosen exceptions are kept.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, repository: &Repository, _: &Case<'_>) -> Plan<Swap<RepositorySetting>> {
        match &repository.tags_move {
            TagsMove::Never | TagsMove::NeverBut(_) => Plan::none(),
            TagsMove::Always | TagsMove::AlwaysBut(_) => {
                let is = RepositorySetting::TagsMove(repository.tags_move.clone());
                let plan: Plan<_> = Swap::of(is, RepositorySetting::TagsMove(TagsMove::Never))
                    .into_iter()
                    .collect();
                plan.asking(
                    "whatever pushes a tag that is there already, such as latest, fails afterwards",
                )
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use remedy::{
        Facet,
        check::{check, now, signal},
    };

    use super::*;
    use crate::compute::RepositoryName;

    const ARN: &str = "arn:aws:ecr:eu-west-1:111122223333:repository/shop/web";

    fn repository(tags_move: TagsMove) -> Repository {
        Repository { tags_move, ..Repository::default() }
    }

    #[test]
    fn tags_that_move_are_fixed_if_a_person_agrees() {
        let signal = signal(ARN);
        let fixed: TagsMove = TagsMove::AlwaysBut(["v*".into(), "1 2".into()].into());
        for (moves, expected) in [
            (TagsMove::Always, "set tags fixed (it is tags free to move)"),
            (fixed, "set tags fixed (it is tags free to move but 1 2, v*)"),
        ] {
            check(&FixImageTags, &repository(moves.clone()), &signal, &[expected]);
            let plan = FixImageTags.plan(&repository(moves), &Case { signal: &signal, now: now() });
            assert!(plan.ask.is_some());
        }
    }

    #[test]
    fn tags_that_are_fixed_stay_so_with_their_exceptions() {
        for moves in [TagsMove::Never, TagsMove::NeverBut(["dev-*".into()].into())] {
            check(&FixImageTags, &repository(moves), &signal(ARN), &[]);
        }
    }

    #[test]
    fn exceptions_come_back_by_the_command_too() {
        let signal = signal(ARN);
        let fixed = repository(TagsMove::AlwaysBut(["v*".into()].into()));
        let plan = FixImageTags.plan(&fixed, &Case { signal: &signal, now: now() });
        let id = RepositoryName("shop/web".into());
        assert_eq!(
            Repository::commands(&signal.place, &id, &plan.inverse().unwrap()),
            [
                "aws ecr put-image-tag-mutability --region eu-west-1 --repository-name shop/web --image-tag-mutability MUTABLE_WITH_EXCLUSION --image-tag-mutability-exclusion-filters 'filterType=WILDCARD,filter=v*'"
            ]
        );
    }
}

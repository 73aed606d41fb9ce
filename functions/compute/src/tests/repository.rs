use catalog::compute::{ImageLifecycle, Repository, RepositoryName, RepositorySetting, TagsMove};
use remedy::Swap;
use runtime::{Cloud, Error};
use script::Script;

use super::{apply, by, compute, home, no, yes};

fn web() -> RepositoryName {
    RepositoryName("shop/web".into())
}

async fn load(script: &Script) -> Result<Option<Repository>, Error> {
    Cloud::<Repository>::load(&compute(script), &home(), &web(), &[]).await
}

const TAGS: (&str, &str) =
    ("ListTagsForResource", r#"{"tags":[{"Key":"AutoRemediate","Value":"True"}]}"#);
const MANUAL: (&str, &str) = (
    "BatchGetRepositoryScanningConfiguration",
    r#"{"scanningConfigurations":[{"repositoryName":"shop/web","scanOnPush":false,"scanFrequency":"MANUAL"}],"failures":[]}"#,
);
const FOUND: (&str, &str) = (
    "DescribeRepositories",
    r#"{"repositories":[{"repositoryName":"shop/web","imageTagMutability":"MUTABLE_WITH_EXCLUSION","imageTagMutabilityExclusionFilters":[{"filterType":"WILDCARD","filter":"v*"}],"imageScanningConfiguration":{"scanOnPush":false}}]}"#,
);
const ALWAYS: (&str, &str) = (
    "BatchGetRepositoryScanningConfiguration",
    r#"{"scanningConfigurations":[{"scanOnPush":false,"scanFrequency":"SCAN_ON_PUSH","appliedScanFilters":[{"filter":"*","filterType":"WILDCARD"}]}]}"#,
);

#[tokio::test]
async fn a_repository_is_read_with_what_the_registry_does_for_it() {
    let found = load(&by(&[TAGS, MANUAL, FOUND])).await.unwrap().unwrap();
    assert!(!found.scans_on_push && !found.is_scanned);
    assert_eq!(found.tags_move, TagsMove::AlwaysBut(["v*".into()].into()));
    assert_eq!(found.tags.len(), 1);
    assert!(load(&by(&[TAGS, ALWAYS, FOUND])).await.unwrap().unwrap().is_scanned);
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_one_that_says_too_little_is_an_error() {
    let gone = Script::to(|request| {
        let scans =
            request.header("x-amz-target").is_some_and(|target| target.contains("BatchGet"));
        Some(match scans {
            true => yes(
                r#"{"scanningConfigurations":[],"failures":[{"failureCode":"REPOSITORY_NOT_FOUND"}]}"#,
            ),
            false => no(400, "RepositoryNotFoundException"),
        })
    });
    assert_eq!(load(&gone).await, Ok(None));
    let half = ("DescribeRepositories", r#"{"repositories":[{"repositoryName":"shop/web"}]}"#);
    let half: &'static [_] = Box::leak(Box::new([TAGS, MANUAL, half]));
    let error = load(&by(half)).await.unwrap_err().to_string();
    assert!(error.contains("does not say whether it scans on push"), "{error}");
}

#[tokio::test]
async fn each_setting_is_one_call() {
    let script = Script::of([yes("{}"), yes("{}"), yes("{}")]);
    let swap = |from, to| Swap { from, to };
    let moves = RepositorySetting::TagsMove;
    let changes = [
        swap(RepositorySetting::ScanOnPush(false), RepositorySetting::ScanOnPush(true)),
        swap(moves(TagsMove::Always), moves(TagsMove::Never)),
        swap(moves(TagsMove::Never), moves(TagsMove::AlwaysBut(["v*".into()].into()))),
    ];
    let results = apply::<Repository>(&script, &web(), &changes).await;
    assert_eq!(results, [Ok(()), Ok(()), Ok(())]);
    assert_eq!(
        script.bodies(),
        [
            r#"{"repositoryName":"shop/web","imageScanningConfiguration":{"scanOnPush":true}}"#,
            r#"{"repositoryName":"shop/web","imageTagMutability":"IMMUTABLE"}"#,
            r#"{"repositoryName":"shop/web","imageTagMutability":"MUTABLE_WITH_EXCLUSION","imageTagMutabilityExclusionFilters":[{"filterType":"WILDCARD","filter":"v*"}]}"#,
        ]
    );
}

#[tokio::test]
async fn a_repository_without_a_lifecycle_policy_says_so() {
    for (code, has_policy) in [(Some("LifecyclePolicyNotFoundException"), false), (None, true)] {
        let script = Script::to(move |request| {
            let target = request.header("x-amz-target").unwrap_or_default();
            Some(match code {
                Some(code) if target.ends_with("GetLifecyclePolicy") => no(400, code),
                _ if target.ends_with("DescribeRepositories") => {
                    yes(r#"{"repositories":[{"repositoryName":"shop/web"}]}"#)
                }
                _ => yes("{}"),
            })
        });
        let found = Cloud::<ImageLifecycle>::load(&compute(&script), &home(), &web(), &[]).await;
        assert_eq!(found.unwrap().map(|found| found.has_policy), Some(has_policy));
    }
}

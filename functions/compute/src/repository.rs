//! Facets: how an image repository is set up, and whether its old images go.

use std::collections::BTreeSet;

use aws_sdk_ecr::{
    Client,
    error::{BuildError, ProvideErrorMetadata},
    types::{
        self, ImageScanningConfiguration, ImageTagMutability, ImageTagMutabilityExclusionFilter,
        ImageTagMutabilityExclusionFilterType, ScanFrequency,
    },
};
use catalog::compute::{ImageLifecycle, Repository, RepositoryName, RepositorySetting, TagsMove};
use futures_util::future;
use lambda::Local;
use remedy::{Id, Never, Place, Signal, Swap, Tags};
use runtime::{Cloud, Error};

use crate::{Compute, never};

const GONE: &str = "RepositoryNotFoundException";

impl Cloud<Repository> for Compute {
    async fn load(
        &self,
        place: &Place,
        id: &RepositoryName,
        _: &[&Signal],
    ) -> Result<Option<Repository>, Error> {
        let ecr = self.ecr.at(place).await?;
        let what = format!("read image repository {id}");
        let (found, scanned, tags) = future::join3(
            describe(&ecr, id, &what),
            is_scanned(&ecr, id, &what),
            tags(&ecr, place, id, &what),
        )
        .await;
        let (Some(found), Some(is_scanned), Some(tags)) = (found?, scanned?, tags?) else {
            return Ok(None);
        };
        let scanning = found.image_scanning_configuration.as_ref();
        let scans_on_push = scanning.map(|scanning| scanning.scan_on_push);
        let scans_on_push = scans_on_push
            .ok_or_else(|| ecr.odd(&what, "it does not say whether it scans on push"))?;
        let tags_move = tags_move(&found)
            .ok_or_else(|| ecr.odd(&what, "it does not say whether tags can be moved"))?;
        Ok(Some(Repository { scans_on_push, is_scanned, tags_move, tags }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &RepositoryName,
        changes: &[Swap<RepositorySetting>],
    ) -> Vec<Result<(), Error>> {
        let ecr = match self.ecr.at(place).await {
            Ok(ecr) => ecr,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(set(&ecr, id, &change.to).await);
        }
        results
    }
}

async fn describe(
    ecr: &Local<Client>,
    id: &RepositoryName,
    what: &str,
) -> Result<Option<types::Repository>, Error> {
    match ecr.client.describe_repositories().repository_names(&id.0).send().await {
        Ok(answer) => Ok(answer.repositories.unwrap_or_default().into_iter().next()),
        Err(error) if error.code() == Some(GONE) => Ok(None),
        Err(error) => Err(ecr.failed(what, "ecr:DescribeRepositories", &error)),
    }
}

/// Whether a rule of the registry has images scanned, on push or all the time; `None` if the repository is gone.
async fn is_scanned(
    ecr: &Local<Client>,
    id: &RepositoryName,
    what: &str,
) -> Result<Option<bool>, Error> {
    let needs = "ecr:BatchGetRepositoryScanningConfiguration";
    let call = ecr.client.batch_get_repository_scanning_configuration();
    let answer = call.repository_names(&id.0).send().await;
    let answer = answer.map_err(|error| ecr.failed(what, needs, &error))?;
    let Some(found) = answer.scanning_configurations.unwrap_or_default().into_iter().next() else {
        return Ok(None);
    };
    // What the repository says of itself is scanned on push, too, and has no filter of the registry.
    let by_rule = found.applied_scan_filters.is_some_and(|filters| !filters.is_empty());
    let by_itself = matches!(found.scan_frequency, Some(ScanFrequency::Manual) | None);
    let all_the_time = found.scan_frequency == Some(ScanFrequency::ContinuousScan);
    Ok(Some(all_the_time || (by_rule && !by_itself)))
}

async fn tags(
    ecr: &Local<Client>,
    place: &Place,
    id: &RepositoryName,
    what: &str,
) -> Result<Option<Tags>, Error> {
    match ecr.client.list_tags_for_resource().resource_arn(id.arn(place)).send().await {
        Ok(answer) => {
            let tags = answer.tags.unwrap_or_default();
            Ok(Some(tags.into_iter().map(|tag| (tag.key, tag.value)).collect()))
        }
        Err(error) if error.code() == Some(GONE) => Ok(None),
        Err(error) => Err(ecr.failed(what, "ecr:ListTagsForResource", &error)),
    }
}

fn tags_move(found: &types::Repository) -> Option<TagsMove> {
    let filters = found.image_tag_mutability_exclusion_filters.as_deref().unwrap_or_default();
    let filters: BTreeSet<_> = filters.iter().map(|filter| filter.filter.clone()).collect();
    let mutability = found.image_tag_mutability.as_ref()?.as_str();
    let all = [
        TagsMove::Always,
        TagsMove::AlwaysBut(filters.clone()),
        TagsMove::Never,
        TagsMove::NeverBut(filters),
    ];
    all.into_iter().find(|moves| moves.word() == mutability)
}

async fn set(
    ecr: &Local<Client>,
    id: &RepositoryName,
    to: &RepositorySetting,
) -> Result<(), Error> {
    let what = format!("set {to} of image repository {id}");
    match to {
        RepositorySetting::ScanOnPush(on) => {
            let scanning = ImageScanningConfiguration::builder().scan_on_push(*on).build();
            let call = ecr.client.put_image_scanning_configuration().repository_name(&id.0);
            let made = call.image_scanning_configuration(scanning).send().await;
            made.map(drop)
                .map_err(|error| ecr.failed(&what, "ecr:PutImageScanningConfiguration", &error))
        }
        RepositorySetting::TagsMove(moves) => {
            let filters = filters(moves).map_err(|error| ecr.odd(&what, &error.to_string()))?;
            let call = ecr.client.put_image_tag_mutability().repository_name(&id.0);
            let call = call.image_tag_mutability(ImageTagMutability::from(moves.word()));
            let made = call.set_image_tag_mutability_exclusion_filters(filters).send().await;
            made.map(drop).map_err(|error| ecr.failed(&what, "ecr:PutImageTagMutability", &error))
        }
    }
}

fn filters(moves: &TagsMove) -> Result<Option<Vec<ImageTagMutabilityExclusionFilter>>, BuildError> {
    let (TagsMove::AlwaysBut(filters) | TagsMove::NeverBut(filters)) = moves else {
        return Ok(None);
    };
    let filter = |filter: &String| {
        let builder = ImageTagMutabilityExclusionFilter::builder().filter(filter);
        builder.filter_type(ImageTagMutabilityExclusionFilterType::Wildcard).build()
    };
    filters.iter().map(filter).collect::<Result<_, _>>().map(Some)
}

impl Cloud<ImageLifecycle> for Compute {
    async fn load(
        &self,
        place: &Place,
        id: &RepositoryName,
        _: &[&Signal],
    ) -> Result<Option<ImageLifecycle>, Error> {
        let ecr = self.ecr.at(place).await?;
        let what = format!("read the lifecycle of images of repository {id}");
        let call = ecr.client.get_lifecycle_policy().repository_name(&id.0);
        let (found, policy, tags) =
            future::join3(describe(&ecr, id, &what), call.send(), tags(&ecr, place, id, &what))
                .await;
        let (Some(_), Some(tags)) = (found?, tags?) else { return Ok(None) };
        let has_policy = match policy {
            Ok(_) => true,
            Err(error) if error.code() == Some("LifecyclePolicyNotFoundException") => false,
            Err(error) if error.code() == Some(GONE) => return Ok(None),
            Err(error) => return Err(ecr.failed(&what, "ecr:GetLifecyclePolicy", &error)),
        };
        Ok(Some(ImageLifecycle { name: id.0.clone(), has_policy, tags }))
    }

    async fn apply(
        &self,
        _: &Place,
        _: &RepositoryName,
        changes: &[Never],
    ) -> Vec<Result<(), Error>> {
        never(changes)
    }
}

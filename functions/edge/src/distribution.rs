//! Facet: how a `CloudFront` distribution is set up.

use std::collections::BTreeMap;

use aws_sdk_cloudfront::{
    Client,
    error::ProvideErrorMetadata,
    types::{DistributionConfig, Origin as Found, SslSupportMethod, Tag, ViewerProtocolPolicy},
};
use catalog::edge::{
    Distribution, DistributionId, DistributionSetting, Origin, OriginKind, ViewerPolicy,
};
use futures_util::future;
use lambda::Local;
use remedy::{Id as _, Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::Edge;

/// How often what was changed in between is read again.
const TRIES: usize = 3;

impl Cloud<Distribution> for Edge {
    async fn load(
        &self,
        place: &Place,
        id: &DistributionId,
        _: &[&Signal],
    ) -> Result<Option<Distribution>, Error> {
        let cloudfront = self.cloudfront.at(place).await?;
        let what = format!("read distribution {id}");
        let arn = id.arn(place);
        let (found, tags) = future::join(
            Box::pin(config(&cloudfront, id, &what)),
            Box::pin(cloudfront.client.list_tags_for_resource().resource(&arn).send()),
        )
        .await;
        let Some((found, _)) = found? else { return Ok(None) };
        let tags = match tags {
            Ok(answer) => answer.tags.and_then(|tags| tags.items).unwrap_or_default(),
            Err(error) if error.code() == Some("NoSuchResource") => return Ok(None),
            Err(error) => {
                return Err(cloudfront.failed(&what, "cloudfront:ListTagsForResource", &error));
            }
        };
        let pair = |tag: Tag| (tag.key, tag.value.unwrap_or_default());
        let read = read(found).map_err(|why| cloudfront.odd(&what, why))?;
        Ok(Some(Distribution { tags: tags.into_iter().map(pair).collect(), ..read }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &DistributionId,
        changes: &[Swap<DistributionSetting>],
    ) -> Vec<Result<(), Error>> {
        if changes.is_empty() {
            return Vec::new();
        }
        let result = match self.cloudfront.at(place).await {
            Ok(cloudfront) => update(&cloudfront, id, changes).await,
            Err(error) => Err(error),
        };
        vec![result; changes.len()]
    }
}

/// The configuration and its version; none: the distribution is gone.
async fn config(
    cloudfront: &Local<Client>,
    id: &DistributionId,
    what: &str,
) -> Result<Option<(DistributionConfig, String)>, Error> {
    let answer = match cloudfront.client.get_distribution_config().id(&id.0).send().await {
        Ok(answer) => answer,
        Err(error) if error.code() == Some("NoSuchDistribution") => return Ok(None),
        Err(error) => {
            return Err(cloudfront.failed(what, "cloudfront:GetDistributionConfig", &error));
        }
    };
    match (answer.distribution_config, answer.e_tag) {
        (Some(config), Some(version)) => Ok(Some((config, version))),
        _ => Err(cloudfront.odd(what, "its configuration or the version of that is missing")),
    }
}

fn read(found: DistributionConfig) -> Result<Distribution, &'static str> {
    let policy = |policy: &ViewerProtocolPolicy| {
        ViewerPolicy::from_label(policy.as_str())
            .ok_or("a viewer protocol policy is none that is known")
    };
    let all = found.default_cache_behavior.ok_or("what it does by default is missing")?;
    let mut viewers = BTreeMap::from([(String::new(), policy(&all.viewer_protocol_policy)?)]);
    for behavior in found.cache_behaviors.and_then(|all| all.items).unwrap_or_default() {
        viewers.insert(behavior.path_pattern, policy(&behavior.viewer_protocol_policy)?);
    }
    let certificate = found.viewer_certificate;
    let own = |text: &Option<String>| text.as_deref().is_some_and(|text| !text.is_empty());
    let method = certificate.as_ref().and_then(|is| is.ssl_support_method.as_ref());
    Ok(Distribution {
        root_object: found.default_root_object.unwrap_or_default(),
        viewers,
        origins: found
            .origins
            .map(|all| all.items)
            .unwrap_or_default()
            .into_iter()
            .map(origin)
            .collect(),
        origin_groups: found.origin_groups.and_then(|all| all.items).unwrap_or_default().len(),
        logs: found.logging.is_some_and(|logging| logging.enabled),
        acl: own(&found.web_acl_id),
        certified: certificate
            .as_ref()
            .is_some_and(|is| own(&is.acm_certificate_arn) || own(&is.iam_certificate_id)),
        dedicated: matches!(method, Some(SslSupportMethod::Vip | SslSupportMethod::StaticIp)),
        ..Distribution::default()
    })
}

fn origin(found: Found) -> Origin {
    let kind = match (found.custom_origin_config, found.vpc_origin_config) {
        (Some(server), _) => {
            let protocols = server.origin_ssl_protocols.map(|all| all.items).unwrap_or_default();
            OriginKind::Server {
                policy: server.origin_protocol_policy.as_str().to_owned(),
                protocols: protocols.iter().map(|protocol| protocol.as_str().to_owned()).collect(),
            }
        }
        (None, Some(_)) => OriginKind::Private,
        (None, None) => OriginKind::Bucket,
    };
    Origin { id: found.id, domain: found.domain_name, kind }
}

/// Sends back what is read, but for the changes, in the version that was read. Changed in between, it is
/// read again.
async fn update(
    cloudfront: &Local<Client>,
    id: &DistributionId,
    changes: &[Swap<DistributionSetting>],
) -> Result<(), Error> {
    let set: Vec<_> = changes.iter().map(|change| change.to.to_string()).collect();
    let what = format!("set {} of distribution {id}", set.join(", "));
    for last in (1..=TRIES).map(|nth| nth == TRIES) {
        let Some((mut found, version)) = config(cloudfront, id, &what).await? else {
            return Err(cloudfront.odd(&what, "it is gone"));
        };
        for change in changes {
            edit(&mut found, &change.to).map_err(|why| cloudfront.odd(&what, why))?;
        }
        let call = cloudfront.client.update_distribution().id(&id.0).if_match(version);
        match call.distribution_config(found).send().await {
            Ok(_) => return Ok(()),
            Err(error)
                if !last
                    && matches!(
                        error.code(),
                        Some("PreconditionFailed" | "InvalidIfMatchVersion")
                    ) => {}
            Err(error) => {
                return Err(cloudfront.failed(&what, "cloudfront:UpdateDistribution", &error));
            }
        }
    }
    Err(cloudfront.odd(&what, "it changes all the time"))
}

fn edit(found: &mut DistributionConfig, to: &DistributionSetting) -> Result<(), &'static str> {
    match to {
        DistributionSetting::RootObject(object) => found.default_root_object = Some(object.clone()),
        DistributionSetting::Viewers { path, policy } => {
            let policy = ViewerProtocolPolicy::from(policy.label());
            if path.is_empty() {
                let all = found.default_cache_behavior.as_mut();
                all.ok_or("what it does by default is missing")?.viewer_protocol_policy = policy;
            } else {
                let items = found.cache_behaviors.as_mut().and_then(|all| all.items.as_mut());
                let its =
                    items.into_iter().flatten().find(|behavior| behavior.path_pattern == *path);
                its.ok_or("it no longer knows that path")?.viewer_protocol_policy = policy;
            }
        }
    }
    Ok(())
}

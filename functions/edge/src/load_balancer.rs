//! Facet: how a load balancer is set up.

use std::collections::HashMap;

use aws_sdk_elasticloadbalancingv2::{
    Client,
    error::ProvideErrorMetadata,
    types::{LoadBalancerAttribute, LoadBalancerTypeEnum, Tag},
};
use catalog::edge::{Desync, Kind, LoadBalancer, LoadBalancerId, LoadBalancerSetting, LogPlace};
use futures_util::future;
use lambda::Local;
use remedy::{Id as _, Place, Signal, Swap, Tags};
use runtime::{Cloud, Error};

use crate::Edge;

/// Load balancers and their listeners go with these.
const GONE: [&str; 2] = ["LoadBalancerNotFound", "ListenerNotFound"];

impl Cloud<LoadBalancer> for Edge {
    async fn load(
        &self,
        place: &Place,
        id: &LoadBalancerId,
        _: &[&Signal],
    ) -> Result<Option<LoadBalancer>, Error> {
        let elb = self.elasticloadbalancingv2.at(place).await?;
        let (arn, what) = (id.arn(place), format!("read load balancer {id}"));
        let (found, attributes, tags) = future::join3(
            Box::pin(elb.client.describe_load_balancers().load_balancer_arns(&arn).send()),
            Box::pin(elb.client.describe_load_balancer_attributes().load_balancer_arn(&arn).send()),
            Box::pin(tags(&elb, std::slice::from_ref(&arn), &what)),
        )
        .await;
        let found = match found {
            Ok(answer) => answer.load_balancers.unwrap_or_default().into_iter().next(),
            Err(error) if is_gone(&error) => None,
            Err(error) => {
                return Err(elb.failed(
                    &what,
                    "elasticloadbalancing:DescribeLoadBalancers",
                    &error,
                ));
            }
        };
        let Some(found) = found else { return Ok(None) };
        let attributes = match attributes {
            Ok(answer) => answer.attributes.unwrap_or_default(),
            Err(error) if is_gone(&error) => return Ok(None),
            Err(error) => {
                let needs = "elasticloadbalancing:DescribeLoadBalancerAttributes";
                return Err(elb.failed(&what, needs, &error));
            }
        };
        let Some(tags) = tags? else { return Ok(None) };
        let kind = match found.r#type {
            Some(LoadBalancerTypeEnum::Application) => Kind::Application,
            Some(LoadBalancerTypeEnum::Network) => Kind::Network,
            Some(LoadBalancerTypeEnum::Gateway) => Kind::Gateway,
            other => return Err(elb.odd(&what, &format!("its type is {other:?}"))),
        };
        let zones = found.availability_zones.unwrap_or_default();
        let zones = zones.into_iter().filter_map(|zone| zone.zone_name).collect();
        let pair = |attribute: LoadBalancerAttribute| Some((attribute.key?, attribute.value?));
        let attributes: HashMap<String, String> = attributes.into_iter().filter_map(pair).collect();
        let balancer = read(&attributes, kind).map_err(|why| elb.odd(&what, &why))?;
        Ok(Some(LoadBalancer { zones, tags, ..balancer }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &LoadBalancerId,
        changes: &[Swap<LoadBalancerSetting>],
    ) -> Vec<Result<(), Error>> {
        let elb = match self.elasticloadbalancingv2.at(place).await {
            Ok(elb) => elb,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(set(&elb, &id.arn(place), &change.to).await);
        }
        results
    }
}

/// What its attributes say; only application load balancers have those about HTTP.
fn read(attributes: &HashMap<String, String>, kind: Kind) -> Result<LoadBalancer, String> {
    let text = |key: &str| attributes.get(key).map(String::as_str);
    let needed = |key: &str| text(key).ok_or_else(|| format!("{key} is missing"));
    let (drops, desync, logging) = match kind {
        Kind::Application => (
            Some(needed("routing.http.drop_invalid_header_fields.enabled")? == "true"),
            Some(mode(needed("routing.http.desync_mitigation_mode")?)?),
            needed("access_logs.s3.enabled")? == "true",
        ),
        Kind::Network | Kind::Gateway => {
            (None, None, text("access_logs.s3.enabled") == Some("true"))
        }
    };
    let of = |key: &str| text(key).unwrap_or_default().to_owned();
    let place =
        LogPlace { bucket: of("access_logs.s3.bucket"), prefix: of("access_logs.s3.prefix") };
    let place = Some(place).filter(|place| !place.bucket.is_empty());
    let (logs, idle_logs) = if logging { (place, None) } else { (None, place) };
    if logging && logs.is_none() {
        return Err("it does not say where its access logs go".into());
    }
    Ok(LoadBalancer {
        kind,
        deletion_protection: needed("deletion_protection.enabled")? == "true",
        drops_invalid_headers: drops,
        desync,
        logs,
        idle_logs,
        ..LoadBalancer::default()
    })
}

fn mode(text: &str) -> Result<Desync, String> {
    match text {
        "monitor" => Ok(Desync::Monitor),
        "defensive" => Ok(Desync::Defensive),
        "strictest" => Ok(Desync::Strictest),
        other => Err(format!("its desync mitigation mode is `{other}`")),
    }
}

async fn set(elb: &Local<Client>, arn: &str, to: &LoadBalancerSetting) -> Result<(), Error> {
    let attribute = |(key, value): (&str, String)| {
        LoadBalancerAttribute::builder().key(key).value(value).build()
    };
    let attributes = to.attributes().into_iter().map(attribute).collect();
    let call = elb.client.modify_load_balancer_attributes().load_balancer_arn(arn);
    let sent = call.set_attributes(Some(attributes)).send().await;
    let what = format!("set {to} of load balancer {arn}");
    let needs = "elasticloadbalancing:ModifyLoadBalancerAttributes";
    sent.map(drop).map_err(|error| elb.failed(&what, needs, &error))
}

/// Whether what was asked for is not there.
pub(crate) fn is_gone(error: &impl ProvideErrorMetadata) -> bool {
    error.code().is_some_and(|code| GONE.contains(&code))
}

/// The tags of load balancers and listeners, those of later ones over those of earlier ones; none: one of
/// them is gone.
pub(crate) async fn tags(
    elb: &Local<Client>,
    arns: &[String],
    what: &str,
) -> Result<Option<Tags>, Error> {
    let call = elb.client.describe_tags().set_resource_arns(Some(arns.to_vec()));
    let answer = match call.send().await {
        Ok(answer) => answer,
        Err(error) if is_gone(&error) => return Ok(None),
        Err(error) => return Err(elb.failed(what, "elasticloadbalancing:DescribeTags", &error)),
    };
    let described = answer.tag_descriptions.unwrap_or_default();
    let mut all = Tags::new();
    for arn in arns {
        let its = described.iter().find(|tags| tags.resource_arn.as_ref() == Some(arn));
        let its = its.ok_or_else(|| elb.odd(what, "its tags are missing"))?;
        let pair = |tag: &Tag| Some((tag.key.clone()?, tag.value.clone().unwrap_or_default()));
        all.extend(its.tags.iter().flatten().filter_map(pair));
    }
    Ok(Some(all))
}

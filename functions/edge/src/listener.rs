//! Facet: how a listener of a load balancer encrypts.

use aws_sdk_elasticloadbalancingv2::Client;
use catalog::edge::{Listener, ListenerId, ListenerSetting};
use futures_util::future;
use lambda::Local;
use remedy::{Id as _, Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::{
    Edge,
    http_listeners::redirects,
    load_balancer::{is_gone, tags},
};

impl Cloud<Listener> for Edge {
    async fn load(
        &self,
        place: &Place,
        id: &ListenerId,
        _: &[&Signal],
    ) -> Result<Option<Listener>, Error> {
        let elb = self.elasticloadbalancingv2.at(place).await?;
        let (arn, what) = (id.arn(place), format!("read listener {id}"));
        let (found, tags) = future::join(
            Box::pin(elb.client.describe_listeners().listener_arns(&arn).send()),
            Box::pin(tags(&elb, &[id.balancer().arn(place), arn.clone()], &what)),
        )
        .await;
        let found = match found {
            Ok(answer) => answer.listeners.unwrap_or_default().into_iter().next(),
            Err(error) if is_gone(&error) => None,
            Err(error) => {
                return Err(elb.failed(&what, "elasticloadbalancing:DescribeListeners", &error));
            }
        };
        let Some(found) = found else { return Ok(None) };
        let Some(tags) = tags? else { return Ok(None) };
        let (Some(protocol), Some(port)) = (found.protocol, found.port) else {
            return Err(elb.odd(&what, "its protocol or port is missing"));
        };
        Ok(Some(Listener {
            protocol: protocol.as_str().to_owned(),
            port,
            policy: found.ssl_policy.filter(|policy| !policy.is_empty()),
            redirects: redirects(found.default_actions.as_deref().unwrap_or_default()),
            tags,
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &ListenerId,
        changes: &[Swap<ListenerSetting>],
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

async fn set(elb: &Local<Client>, arn: &str, to: &ListenerSetting) -> Result<(), Error> {
    let ListenerSetting::Policy(policy) = to;
    let call = elb.client.modify_listener().listener_arn(arn).ssl_policy(policy);
    let (what, needs) =
        (format!("set {to} of listener {arn}"), "elasticloadbalancing:ModifyListener");
    call.send().await.map(drop).map_err(|error| elb.failed(&what, needs, &error))
}

//! Facet: what the listeners of a load balancer do with plain HTTP.

use aws_sdk_elasticloadbalancingv2::{
    Client,
    types::{
        Action, ActionTypeEnum, ForwardActionConfig, ProtocolEnum, RedirectActionConfig,
        RedirectActionStatusCodeEnum, TargetGroupStickinessConfig, TargetGroupTuple,
    },
};
use catalog::edge::{
    DefaultAction, DefaultActionChange, HttpListener, HttpListeners, LoadBalancerId, Redirect,
    Stickiness, Target,
};
use futures_util::future;
use lambda::Local;
use remedy::{Id as _, Place, Signal};
use runtime::{Cloud, Error};

use crate::{
    Edge,
    load_balancer::{is_gone, tags},
};

impl Cloud<HttpListeners> for Edge {
    async fn load(
        &self,
        place: &Place,
        id: &LoadBalancerId,
        _: &[&Signal],
    ) -> Result<Option<HttpListeners>, Error> {
        let elb = self.elasticloadbalancingv2.at(place).await?;
        let (arn, what) = (id.arn(place), format!("read the listeners of load balancer {id}"));
        let (listeners, tags) = future::join(
            Box::pin(listeners(&elb, &arn, &what)),
            Box::pin(tags(&elb, std::slice::from_ref(&arn), &what)),
        )
        .await;
        let (Some((http, https)), Some(tags)) = (listeners?, tags?) else { return Ok(None) };
        let mut all = HttpListeners { tags, ..HttpListeners::default() };
        all.https.extend(https);
        for listener in http {
            let listener_arn = HttpListener::arn(place, id, &listener.id);
            let Some(other_rules) = other_rules(&elb, &listener_arn, &what).await? else {
                return Ok(None);
            };
            all.http.push(HttpListener { other_rules, ..listener });
        }
        all.http.sort_by_key(|listener| listener.port);
        Ok(Some(all))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &LoadBalancerId,
        changes: &[DefaultActionChange],
    ) -> Vec<Result<(), Error>> {
        let elb = match self.elasticloadbalancingv2.at(place).await {
            Ok(elb) => elb,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            let arn = HttpListener::arn(place, id, &change.listener);
            results.push(set(&elb, &arn, change).await);
        }
        results
    }
}

/// Those for HTTP, and the ports of those for HTTPS; none: the load balancer is gone.
async fn listeners(
    elb: &Local<Client>,
    arn: &str,
    what: &str,
) -> Result<Option<(Vec<HttpListener>, Vec<i32>)>, Error> {
    let (mut http, mut https, mut marker) = (Vec::new(), Vec::new(), None);
    loop {
        let call = elb.client.describe_listeners().load_balancer_arn(arn).set_marker(marker);
        let answer = match call.send().await {
            Ok(answer) => answer,
            Err(error) if is_gone(&error) => return Ok(None),
            Err(error) => {
                return Err(elb.failed(what, "elasticloadbalancing:DescribeListeners", &error));
            }
        };
        for listener in answer.listeners.unwrap_or_default() {
            let (Some(protocol), Some(port)) = (listener.protocol, listener.port) else { continue };
            match protocol {
                ProtocolEnum::Https => https.push(port),
                ProtocolEnum::Http => {
                    let id = listener.listener_arn.unwrap_or_default();
                    let id = id.rsplit('/').next().unwrap_or_default().to_owned();
                    let actions = listener.default_actions.unwrap_or_default();
                    let actions = actions.into_iter().map(read).collect();
                    http.push(HttpListener { id, port, actions, other_rules: 0 });
                }
                _ => {}
            }
        }
        marker = answer.next_marker.filter(|marker| !marker.is_empty());
        if marker.is_none() {
            return Ok(Some((http, https)));
        }
    }
}

/// How many rules of a listener, beside its default one, do something else than redirect to HTTPS.
async fn other_rules(elb: &Local<Client>, arn: &str, what: &str) -> Result<Option<usize>, Error> {
    let (mut others, mut marker) = (0, None);
    loop {
        let call = elb.client.describe_rules().listener_arn(arn).set_marker(marker);
        let answer = match call.send().await {
            Ok(answer) => answer,
            Err(error) if is_gone(&error) => return Ok(None),
            Err(error) => {
                return Err(elb.failed(what, "elasticloadbalancing:DescribeRules", &error));
            }
        };
        for rule in answer.rules.unwrap_or_default() {
            let is_default = rule.is_default.unwrap_or(rule.priority.as_deref() == Some("default"));
            if !is_default && !redirects(rule.actions.as_deref().unwrap_or_default()) {
                others += 1;
            }
        }
        marker = answer.next_marker.filter(|marker| !marker.is_empty());
        if marker.is_none() {
            return Ok(Some(others));
        }
    }
}

/// Whether all of these do nothing but redirect to HTTPS.
pub(crate) fn redirects(actions: &[Action]) -> bool {
    let to_https = |action: &Action| {
        action.redirect_config.as_ref().and_then(|to| to.protocol.as_deref()) == Some("HTTPS")
    };
    !actions.is_empty() && actions.iter().all(to_https)
}

fn read(action: Action) -> DefaultAction {
    let Action { r#type, target_group_arn, forward_config, redirect_config, order, .. } = action;
    match (r#type, redirect_config) {
        (Some(ActionTypeEnum::Forward), _) => {
            let forward = forward_config.unwrap_or_else(|| ForwardActionConfig::builder().build());
            let target = |tuple: TargetGroupTuple| {
                Some(Target { group: tuple.target_group_arn?, weight: tuple.weight })
            };
            let groups = forward.target_groups.unwrap_or_default();
            let mut targets: Vec<Target> = groups.into_iter().filter_map(target).collect();
            if targets.is_empty() {
                targets.extend(target_group_arn.map(|group| Target { group, weight: None }));
            }
            let stickiness = forward.target_group_stickiness_config;
            let stickiness = stickiness
                .map(|is| Stickiness { enabled: is.enabled, seconds: is.duration_seconds });
            DefaultAction::Forward { targets, stickiness, order }
        }
        (Some(ActionTypeEnum::Redirect), Some(to)) => DefaultAction::Redirect(Redirect {
            protocol: to.protocol.unwrap_or_else(|| "#{protocol}".into()),
            port: to.port.unwrap_or_else(|| "#{port}".into()),
            host: to.host.unwrap_or_else(|| "#{host}".into()),
            path: to.path.unwrap_or_else(|| "/#{path}".into()),
            query: to.query.unwrap_or_else(|| "#{query}".into()),
            status: to.status_code.map(|code| code.as_str().to_owned()).unwrap_or_default(),
        }),
        (kind, _) => {
            DefaultAction::Other(kind.map(|kind| kind.as_str().to_owned()).unwrap_or_default())
        }
    }
}

/// As AWS takes it; none: it is none of those that are made or restored here.
fn written(action: &DefaultAction) -> Option<Action> {
    let builder = Action::builder();
    Some(match action {
        DefaultAction::Forward { targets, stickiness, order } => {
            let tuple = |target: &Target| {
                let tuple = TargetGroupTuple::builder().target_group_arn(&target.group);
                tuple.set_weight(target.weight).build()
            };
            let stickiness = stickiness.as_ref().map(|is| {
                TargetGroupStickinessConfig::builder()
                    .set_enabled(is.enabled)
                    .set_duration_seconds(is.seconds)
                    .build()
            });
            let forward = ForwardActionConfig::builder()
                .set_target_groups(Some(targets.iter().map(tuple).collect()))
                .set_target_group_stickiness_config(stickiness);
            let action = builder.r#type(ActionTypeEnum::Forward).forward_config(forward.build());
            action.set_order(*order).build()
        }
        DefaultAction::Redirect(Redirect { protocol, port, host, path, query, status }) => {
            let to = RedirectActionConfig::builder().protocol(protocol).port(port).host(host);
            let to = to.path(path).query(query);
            let to = to.status_code(RedirectActionStatusCodeEnum::from(status.as_str()));
            builder.r#type(ActionTypeEnum::Redirect).redirect_config(to.build()).build()
        }
        DefaultAction::Other(_) => return None,
    })
}

async fn set(elb: &Local<Client>, arn: &str, change: &DefaultActionChange) -> Result<(), Error> {
    let what = format!("{change} of listener {arn}");
    let action = written(&change.to).ok_or_else(|| elb.odd(&what, "that is not restored here"))?;
    let call = elb.client.modify_listener().listener_arn(arn).default_actions(action);
    let needs = "elasticloadbalancing:ModifyListener";
    call.send().await.map(drop).map_err(|error| elb.failed(&what, needs, &error))
}

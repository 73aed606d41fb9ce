//! Facet: what the listeners of a load balancer do with plain HTTP.

use std::{collections::BTreeSet, fmt};

use remedy::{Action, Change, Facet, Place, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::LoadBalancerId;

/// A load balancer, as far as its HTTP listeners go.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpListeners {
    /// Its listeners for plain HTTP, by their ports.
    pub http: Vec<HttpListener>,
    /// The ports of its listeners for HTTPS.
    pub https: BTreeSet<i32>,
    /// The load balancer's tags.
    pub tags: Tags,
}

/// A listener for plain HTTP.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct HttpListener {
    /// The end of its ARN, such as `f2f7dc8efc522ab2`.
    pub id: String,
    /// Such as 80.
    pub port: i32,
    /// What it does with what no rule is about, in their order.
    pub actions: Vec<DefaultAction>,
    /// How many of its rules do something else than redirect to HTTPS.
    pub other_rules: usize,
}

/// What a listener does by default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DefaultAction {
    /// Passes on to target groups.
    Forward {
        /// Which ones.
        targets: Vec<Target>,
        /// Whether a caller stays with one.
        stickiness: Option<Stickiness>,
        /// Its place in the order, if it has one.
        order: Option<i32>,
    },
    /// Sends elsewhere.
    Redirect(Redirect),
    /// Anything else, such as `fixed-response`.
    Other(String),
}

/// A target group, and its share.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Target {
    /// The ARN of the target group.
    pub group: String,
    /// 0 to 999.
    pub weight: Option<i32>,
}

/// Whether a caller stays with a target group.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Stickiness {
    /// Whether it does.
    pub enabled: Option<bool>,
    /// For how long.
    pub seconds: Option<i32>,
}

/// Where to. `#{...}` stands for what the request has.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Redirect {
    /// `HTTP`, `HTTPS` or `#{protocol}`.
    pub protocol: String,
    /// A number or `#{port}`.
    pub port: String,
    /// A name or `#{host}`.
    pub host: String,
    /// Such as `/#{path}`.
    pub path: String,
    /// Such as `#{query}`.
    pub query: String,
    /// `HTTP_301` or `HTTP_302`.
    pub status: String,
}

/// The default action of a listener becomes another one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct DefaultActionChange {
    /// The end of the listener's ARN.
    pub listener: String,
    /// Its port, for people.
    pub port: i32,
    /// As it was found.
    pub from: DefaultAction,
    /// As it should be.
    pub to: DefaultAction,
}

const LISTENERS: &str =
    "arn:${AWS::Partition}:elasticloadbalancing:*:${AWS::AccountId}:listener/app/*/*/*";
/// A listener has tags of its own, which do not follow the load balancer's: IAM cannot see the opt-in.
const MODIFY: &[Action] = &[Action::on(LISTENERS, "elasticloadbalancing:ModifyListener")];

impl Default for Redirect {
    /// To the same page over HTTPS, for good.
    fn default() -> Self {
        Self {
            protocol: "HTTPS".into(),
            port: "443".into(),
            host: "#{host}".into(),
            path: "/#{path}".into(),
            query: "#{query}".into(),
            status: "HTTP_301".into(),
        }
    }
}

impl HttpListener {
    /// The ARN of this listener of the load balancer `id`.
    pub fn arn(place: &Place, balancer: &LoadBalancerId, listener: &str) -> String {
        let Place { partition, account, region } = place;
        format!(
            "arn:{partition}:elasticloadbalancing:{region}:{account}:listener/{balancer}/{listener}"
        )
    }
}

impl Facet for HttpListeners {
    type Id = LoadBalancerId;
    type Change = DefaultActionChange;

    const NAME: &'static str = "HTTP listeners of a load balancer";
    const READS: &'static [Action] = &[
        Action::on("*", "elasticloadbalancing:DescribeListeners"),
        Action::on("*", "elasticloadbalancing:DescribeRules"),
        Action::on("*", "elasticloadbalancing:DescribeTags"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &DefaultActionChange) -> Self {
        let its = self.http.iter_mut().filter(|listener| listener.id == change.listener);
        its.for_each(|listener| listener.actions = vec![change.to.clone()]);
        self
    }

    fn commands(
        place: &Place,
        id: &LoadBalancerId,
        changes: &[DefaultActionChange],
    ) -> Vec<String> {
        let command = |change: &DefaultActionChange| {
            let arn = HttpListener::arn(place, id, &change.listener);
            let actions = serde_json::Value::Array(vec![change.to.json()]).to_string();
            format!(
                "aws elbv2 modify-listener --region {} --listener-arn {} --default-actions {}",
                place.region,
                quoted(&arn),
                quoted(&actions)
            )
        };
        changes.iter().map(command).collect()
    }
}

impl DefaultAction {
    /// As the AWS CLI takes it.
    fn json(&self) -> serde_json::Value {
        use serde_json::{Value, json};
        let without_nulls = |value: Value| match value {
            Value::Object(map) => {
                Value::Object(map.into_iter().filter(|(_, v)| !v.is_null()).collect())
            }
            other => other,
        };
        match self {
            Self::Forward { targets, stickiness, order } => {
                let group = |target: &Target| {
                    without_nulls(
                        json!({ "TargetGroupArn": target.group, "Weight": target.weight }),
                    )
                };
                let stickiness = stickiness.as_ref().map(|is| {
                    without_nulls(json!({ "Enabled": is.enabled, "DurationSeconds": is.seconds }))
                });
                let forward = without_nulls(json!({
                    "TargetGroups": targets.iter().map(group).collect::<Vec<_>>(),
                    "TargetGroupStickinessConfig": stickiness,
                }));
                without_nulls(
                    json!({ "Type": "forward", "Order": order, "ForwardConfig": forward }),
                )
            }
            Self::Redirect(to) => json!({ "Type": "redirect", "RedirectConfig": {
                "Protocol": to.protocol, "Port": to.port, "Host": to.host, "Path": to.path,
                "Query": to.query, "StatusCode": to.status,
            } }),
            Self::Other(kind) => json!({ "Type": kind }),
        }
    }
}

impl Change for DefaultActionChange {
    const MAKE: &'static [Action] = MODIFY;
    const UNDO: &'static [Action] = MODIFY;

    fn needs(&self) -> &'static [Action] {
        MODIFY
    }
    fn inverse(&self) -> Option<Self> {
        let Self { listener, port, from, to } = self.clone();
        Some(Self { listener, port, from: to, to: from })
    }
}

impl fmt::Display for DefaultAction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Forward { targets, .. } => {
                let name = |target: &Target| {
                    let name = target.group.rsplit(":targetgroup/").next().unwrap_or_default();
                    name.split('/').next().unwrap_or_default().to_owned()
                };
                let names: Vec<_> = targets.iter().map(name).collect();
                write!(f, "forward to {}", names.join(", "))
            }
            Self::Redirect(Redirect { protocol, port, .. }) => {
                write!(f, "redirect to {protocol}:{port}")
            }
            Self::Other(kind) => f.write_str(kind),
        }
    }
}

impl fmt::Display for DefaultActionChange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { port, from, to, .. } = self;
        write!(f, "let HTTP:{port} by default {to} (it is: {from})")
    }
}

//! Facet: how a listener of a load balancer encrypts.

use std::fmt;

use remedy::{Action, Arn, Facet, Id, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::LoadBalancerId;

/// A listener as it ends its ARN, such as `app/web/50dc6c495c0c9188/f2f7dc8efc522ab2`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ListenerId(pub String);

/// A listener, as far as its encryption goes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Listener {
    /// Such as `HTTPS`.
    pub protocol: String,
    /// Such as 443.
    pub port: i32,
    /// The security policy, if it encrypts.
    pub policy: Option<String>,
    /// Whether all that it does by default is to redirect to HTTPS.
    pub redirects: bool,
    /// The load balancer's tags, and over them the listener's own.
    pub tags: Tags,
}

/// What a listener is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ListenerSetting {
    /// The security policy.
    Policy(String),
}

const APPLICATION: &str =
    "arn:${AWS::Partition}:elasticloadbalancing:*:${AWS::AccountId}:listener/app/*/*/*";
const NETWORK: &str =
    "arn:${AWS::Partition}:elasticloadbalancing:*:${AWS::AccountId}:listener/net/*/*/*";
/// A listener has tags of its own, which do not follow the load balancer's: IAM cannot see the opt-in.
const MODIFY: &[Action] = &[
    Action::on(APPLICATION, "elasticloadbalancing:ModifyListener"),
    Action::on(NETWORK, "elasticloadbalancing:ModifyListener"),
];

impl ListenerId {
    /// The load balancer that it is of.
    pub fn balancer(&self) -> LoadBalancerId {
        LoadBalancerId(
            self.0.rsplit_once('/').map_or_else(String::new, |(path, _)| path.to_owned()),
        )
    }
}

impl Id for ListenerId {
    const TYPE: &'static str = "AWS::ElasticLoadBalancingV2::Listener";

    fn locate(resource: &str) -> Option<Self> {
        let arn = Arn::parse(resource).filter(|arn| arn.service == "elasticloadbalancing")?;
        LoadBalancerId::path(arn.resource, "listener", 3).map(Self)
    }
    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:elasticloadbalancing:{region}:{account}:listener/{self}")
    }
    fn link(&self, place: &Place) -> String {
        let (console, region, arn) = (place.console(), &place.region, self.arn(place));
        format!("{console}/ec2/home?region={region}#ELBListenerV2:listenerArn={arn}")
    }
}

impl fmt::Display for ListenerId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Facet for Listener {
    type Id = ListenerId;
    type Change = Swap<ListenerSetting>;

    const NAME: &'static str = "listener of a load balancer";
    const READS: &'static [Action] = &[
        Action::on("*", "elasticloadbalancing:DescribeListeners"),
        Action::on("*", "elasticloadbalancing:DescribeTags"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<ListenerSetting>) -> Self {
        let ListenerSetting::Policy(policy) = &change.to;
        self.policy = Some(policy.clone());
        self
    }

    fn commands(place: &Place, id: &ListenerId, changes: &[Swap<ListenerSetting>]) -> Vec<String> {
        let command = |change: &Swap<ListenerSetting>| {
            let ListenerSetting::Policy(policy) = &change.to;
            format!(
                "aws elbv2 modify-listener --region {} --listener-arn {} --ssl-policy {}",
                place.region,
                id.arn(place),
                quoted(policy)
            )
        };
        changes.iter().map(command).collect()
    }
}

impl Setting for ListenerSetting {
    const MAKE: &'static [Action] = MODIFY;
    const UNDO: &'static [Action] = MODIFY;

    fn needs(&self) -> &'static [Action] {
        MODIFY
    }
}

impl fmt::Display for ListenerSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Policy(policy) = self;
        write!(f, "security policy {policy}")
    }
}

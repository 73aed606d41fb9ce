//! Facet: how a `CloudFront` distribution is set up.

use std::{collections::BTreeMap, fmt};

use remedy::{Action, Arn, Facet, Id, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

/// A distribution, such as `E2QWRUHAPOMQZL`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DistributionId(pub String);

/// Which protocols viewers may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ViewerPolicy {
    /// Both.
    AllowAll,
    /// Those that use HTTP are sent to HTTPS.
    RedirectToHttps,
    /// HTTPS.
    HttpsOnly,
}

/// Where a distribution takes what it shows.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Origin {
    /// Its name within the distribution.
    pub id: String,
    /// Such as `bucket.s3.eu-west-1.amazonaws.com`.
    pub domain: String,
    /// What it is.
    pub kind: OriginKind,
}

/// What an origin is.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum OriginKind {
    /// A bucket.
    #[default]
    Bucket,
    /// A web server.
    Server {
        /// How it is spoken to: `http-only`, `https-only` or `match-viewer`.
        policy: String,
        /// The protocols it may be spoken to by HTTPS.
        protocols: Vec<String>,
    },
    /// Something in a VPC.
    Private,
}

/// A `CloudFront` distribution.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[expect(clippy::struct_excessive_bools, reason = "each is told of by a remediation of its own")]
pub struct Distribution {
    /// What is shown where no object is named; empty: nothing certain.
    pub root_object: String,
    /// Which protocols viewers may use, by path pattern; the empty one is what holds for all other paths.
    pub viewers: BTreeMap<String, ViewerPolicy>,
    /// All origins.
    pub origins: Vec<Origin>,
    /// How many groups of origins stand in for one another.
    pub origin_groups: usize,
    /// Whether accesses are written down.
    pub logs: bool,
    /// Whether a web ACL stands before it.
    pub acl: bool,
    /// Whether it has a certificate of its own.
    pub certified: bool,
    /// Whether it keeps addresses of its own for those that cannot name what they call.
    pub dedicated: bool,
    /// The distribution's tags.
    pub tags: Tags,
}

/// What a distribution is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum DistributionSetting {
    /// What is shown where no object is named.
    RootObject(String),
    /// Which protocols viewers may use.
    Viewers {
        /// For this path pattern; the empty one is what holds for all other paths.
        path: String,
        /// These.
        policy: ViewerPolicy,
    },
}

const DISTRIBUTIONS: &str = "arn:${AWS::Partition}:cloudfront::${AWS::AccountId}:distribution/*";
const UPDATE: &[Action] = &[Action::on(DISTRIBUTIONS, "cloudfront:UpdateDistribution").tagged()];

impl Id for DistributionId {
    const TYPE: &'static str = "AWS::CloudFront::Distribution";

    fn locate(resource: &str) -> Option<Self> {
        let arn = Arn::parse(resource).filter(|arn| arn.service == "cloudfront")?;
        let id = arn.resource.strip_prefix("distribution/")?;
        let is_id = !id.is_empty() && id.bytes().all(|b| b.is_ascii_alphanumeric());
        is_id.then(|| Self(id.to_owned()))
    }
    fn arn(&self, Place { partition, account, .. }: &Place) -> String {
        format!("arn:{partition}:cloudfront::{account}:distribution/{self}")
    }
    fn link(&self, place: &Place) -> String {
        format!("{}/cloudfront/v4/home#/distributions/{self}", place.console())
    }
}

impl fmt::Display for DistributionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Facet for Distribution {
    type Id = DistributionId;
    type Change = Swap<DistributionSetting>;

    const NAME: &'static str = "CloudFront distribution";
    const READS: &'static [Action] = &[
        Action::on(DISTRIBUTIONS, "cloudfront:GetDistributionConfig"),
        Action::on(DISTRIBUTIONS, "cloudfront:ListTagsForResource"),
    ];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<DistributionSetting>) -> Self {
        match &change.to {
            DistributionSetting::RootObject(object) => self.root_object.clone_from(object),
            DistributionSetting::Viewers { path, policy } => {
                self.viewers.insert(path.clone(), *policy);
            }
        }
        self
    }

    fn commands(
        _: &Place,
        id: &DistributionId,
        changes: &[Swap<DistributionSetting>],
    ) -> Vec<String> {
        let edits: Vec<_> = changes.iter().map(|change| change.to.edit()).collect();
        if edits.is_empty() {
            return Vec::new();
        }
        vec![
            format!("aws cloudfront get-distribution-config --id {id} > {id}.json"),
            format!(
                "jq {} {id}.json > {id}-new.json",
                quoted(&format!(".DistributionConfig | {}", edits.join(" | ")))
            ),
            format!(
                "aws cloudfront update-distribution --id {id} --if-match \"$(jq -r .ETag {id}.json)\" \
                 --distribution-config file://{id}-new.json"
            ),
        ]
    }
}

impl DistributionSetting {
    /// The edit of a distribution's configuration, as jq has it.
    fn edit(&self) -> String {
        let text = |text: &str| serde_json::Value::from(text).to_string();
        match self {
            Self::RootObject(object) => format!(".DefaultRootObject = {}", text(object)),
            Self::Viewers { path, policy } if path.is_empty() => {
                format!(".DefaultCacheBehavior.ViewerProtocolPolicy = {}", text(policy.label()))
            }
            Self::Viewers { path, policy } => format!(
                "(.CacheBehaviors.Items[] | select(.PathPattern == {}) | .ViewerProtocolPolicy) = {}",
                text(path),
                text(policy.label())
            ),
        }
    }
}

impl ViewerPolicy {
    /// As AWS writes it.
    pub fn label(self) -> &'static str {
        match self {
            Self::AllowAll => "allow-all",
            Self::RedirectToHttps => "redirect-to-https",
            Self::HttpsOnly => "https-only",
        }
    }
    /// The reverse of [`label`](Self::label).
    pub fn from_label(label: &str) -> Option<Self> {
        [Self::AllowAll, Self::RedirectToHttps, Self::HttpsOnly]
            .into_iter()
            .find(|policy| policy.label() == label)
    }
}

impl Setting for DistributionSetting {
    const MAKE: &'static [Action] = UPDATE;
    const UNDO: &'static [Action] = UPDATE;

    fn needs(&self) -> &'static [Action] {
        UPDATE
    }
}

impl fmt::Display for DistributionSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::RootObject(object) if object.is_empty() => f.write_str("no default root object"),
            Self::RootObject(object) => write!(f, "default root object {object}"),
            Self::Viewers { path, policy } if path.is_empty() => {
                write!(f, "{} by default", policy.label())
            }
            Self::Viewers { path, policy } => write!(f, "{} for {path}", policy.label()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_distribution_is_located() {
        let id =
            DistributionId::locate("arn:aws:cloudfront::111122223333:distribution/E1A").unwrap();
        assert_eq!(
            id.arn(&Place::new("111122223333", "us-east-1")),
            "arn:aws:cloudfront::111122223333:distribution/E1A"
        );
        for other in [
            "E1A",
            "arn:aws:cloudfront::111122223333:distribution/",
            "arn:aws:cloudfront::111122223333:distribution/E1A/x",
            "arn:aws:cloudfront::111122223333:function/E1A",
            "",
        ] {
            assert_eq!(DistributionId::locate(other), None, "{other}");
        }
    }

    #[test]
    fn the_commands_edit_what_was_read_and_hold_to_its_version() {
        let set = |to| Swap { from: DistributionSetting::RootObject(String::new()), to };
        let changes = [
            set(DistributionSetting::RootObject("a'b.html".into())),
            set(DistributionSetting::Viewers {
                path: "/x/*".into(),
                policy: ViewerPolicy::HttpsOnly,
            }),
        ];
        let commands = Distribution::commands(
            &Place::new("1", "us-east-1"),
            &DistributionId("E1".into()),
            &changes,
        );
        assert_eq!(
            commands[1],
            r#"jq '.DistributionConfig | .DefaultRootObject = "a'\''b.html" | (.CacheBehaviors.Items[] | select(.PathPattern == "/x/*") | .ViewerProtocolPolicy) = "https-only"' E1.json > E1-new.json"#
        );
        assert!(commands[2].contains("--if-match \"$(jq -r .ETag E1.json)\""));
    }
}

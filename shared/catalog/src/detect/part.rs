//! Facet: the tags of a detector of `GuardDuty`, or of a filter or list of one.

use std::fmt;

use remedy::{Action, Arn, Facet, Id, Never, Place, Tags};
use serde::{Deserialize, Serialize};

/// A detector, filter or list as it ends its ARN, such as `12ab/filter/noise`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DetectorPartId(pub String);

/// A detector, filter or list, as far as its tags go.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct DetectorPart {
    /// The tags.
    pub tags: Tags,
}

impl Id for DetectorPartId {
    const TYPE: &'static str = "AWS::GuardDuty::Detector";

    fn locate(resource: &str) -> Option<Self> {
        let arn = Arn::parse(resource).filter(|arn| arn.service == "guardduty")?;
        let path = arn.resource.strip_prefix("detector/")?;
        let is_word = |word: &str| {
            !word.is_empty()
                && word.bytes().all(|b| b.is_ascii_alphanumeric() || b"-_.".contains(&b))
        };
        let words: Vec<&str> = path.split('/').collect();
        let known = match words.as_slice() {
            [_] => true,
            [_, kind, _] => ["filter", "ipset"].contains(kind),
            _ => false,
        };
        (known && words.iter().all(|word| is_word(word))).then(|| Self(path.to_owned()))
    }
    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:guardduty:{region}:{account}:detector/{self}")
    }
    fn link(&self, place: &Place) -> String {
        format!("{}/guardduty/home?region={}#/settings", place.console(), place.region)
    }
}

impl fmt::Display for DetectorPartId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl Facet for DetectorPart {
    type Id = DetectorPartId;
    type Change = Never;

    const NAME: &'static str = "part of GuardDuty";
    const READS: &'static [Action] = &[Action::on(
        "arn:${AWS::Partition}:guardduty:*:${AWS::AccountId}:detector/*",
        "guardduty:ListTagsForResource",
    )];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }
    fn after(self, change: &Never) -> Self {
        match *change {}
    }
    fn commands(_: &Place, _: &DetectorPartId, _: &[Never]) -> Vec<String> {
        Vec::new()
    }
}

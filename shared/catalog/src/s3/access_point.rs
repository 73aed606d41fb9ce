//! Facet: what an access point refuses the public.

use std::fmt;

use remedy::{Action, Arn, Facet, Id, Never, Place, Tags};
use serde::{Deserialize, Serialize};

use super::AccessBlock;

/// The name of an access point.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccessPointId(pub String);

impl Id for AccessPointId {
    const TYPE: &'static str = "AWS::S3::AccessPoint";

    fn locate(resource: &str) -> Option<Self> {
        let arn =
            Arn::parse(resource).filter(|arn| arn.service == "s3" && !arn.region.is_empty())?;
        let name = arn.resource.strip_prefix("accesspoint/")?;
        let is_plain = |b: u8| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-';
        let named = (3..=50).contains(&name.len()) && name.bytes().all(is_plain);
        named.then(|| Self(name.to_owned()))
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:s3:{region}:{account}:accesspoint/{self}")
    }

    fn link(&self, place: &Place) -> String {
        let Place { account, region, .. } = place;
        format!("{}/s3/ap/{account}/{self}?region={region}", place.console())
    }
}

impl fmt::Display for AccessPointId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// An access point, as far as the public can get through it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AccessPoint {
    /// The bucket that it leads to.
    pub bucket: String,
    /// The VPC that it is reached from, if it is from nowhere else.
    pub vpc: Option<String>,
    /// What it refuses.
    pub block: AccessBlock,
    /// Its tags.
    pub tags: Tags,
}

const POINTS: &str = "arn:${AWS::Partition}:s3:*:${AWS::AccountId}:accesspoint/*";

impl Facet for AccessPoint {
    type Id = AccessPointId;
    type Change = Never;

    const NAME: &'static str = "access point";
    const READS: &'static [Action] =
        &[Action::on("*", "s3:GetAccessPoint"), Action::on(POINTS, "s3:ListTagsForResource")];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(self, change: &Never) -> Self {
        match *change {}
    }

    fn commands(_: &Place, _: &AccessPointId, _: &[Never]) -> Vec<String> {
        Vec::new()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_an_access_point_is_located() {
        let arn = "arn:aws:s3:eu-west-1:111122223333:accesspoint/web-1";
        assert_eq!(AccessPointId::locate(arn), Some(AccessPointId("web-1".into())));
        for other in [
            "web-1",
            "arn:aws:s3:::web-1",
            // Of several Regions: another kind.
            "arn:aws:s3::111122223333:accesspoint/mfzwi23gnjvgw.mrap",
            "arn:aws:s3:eu-west-1:111122223333:accesspoint/",
            "arn:aws:s3:eu-west-1:111122223333:accesspoint/web-1/object/a",
            "",
        ] {
            assert_eq!(AccessPointId::locate(other), None, "{other}");
        }
    }
}

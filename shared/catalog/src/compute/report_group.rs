//! Facet: how the reports of builds are exported.

use std::fmt;

use remedy::{Action, Arn, Facet, Id, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

/// The name of a report group, such as `web-tests`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportGroupName(pub String);

impl Id for ReportGroupName {
    const TYPE: &'static str = "AWS::CodeBuild::ReportGroup";

    fn locate(resource: &str) -> Option<Self> {
        let arn = Arn::parse(resource).filter(|arn| arn.service == "codebuild")?;
        let name = arn.resource.strip_prefix("report-group/")?;
        let is_part = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        let named = (1..=128).contains(&name.len()) && name.bytes().all(is_part);
        named.then(|| Self(name.to_owned()))
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:codebuild:{region}:{account}:report-group/{self}")
    }

    fn link(&self, place: &Place) -> String {
        let Place { account, region, .. } = place;
        let console = place.console();
        format!(
            "{console}/codesuite/codebuild/{account}/testReports/reportGroups/{self}?region={region}"
        )
    }
}

impl fmt::Display for ReportGroupName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A report group, as far as its exports go.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct ReportGroup {
    /// Whether its reports are exported to S3 unencrypted; none if they are not exported.
    pub is_clear: Option<bool>,
    /// The account of the bucket, if it is said.
    pub bucket_owner: Option<String>,
    /// The report group's tags.
    pub tags: Tags,
}

/// What a report group is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ReportGroupSetting {
    /// Whether what is exported is unencrypted.
    Clear(bool),
}

const GROUPS: &str = "arn:${AWS::Partition}:codebuild:*:${AWS::AccountId}:report-group/*";
const UPDATE: &[Action] = &[Action::on(GROUPS, "codebuild:UpdateReportGroup").tagged()];

impl Facet for ReportGroup {
    type Id = ReportGroupName;
    type Change = Swap<ReportGroupSetting>;

    const NAME: &'static str = "report group";
    const READS: &'static [Action] = &[Action::on(GROUPS, "codebuild:BatchGetReportGroups")];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<ReportGroupSetting>) -> Self {
        let ReportGroupSetting::Clear(clear) = change.to;
        self.is_clear = Some(clear);
        self
    }

    fn commands(
        place: &Place,
        id: &ReportGroupName,
        changes: &[Swap<ReportGroupSetting>],
    ) -> Vec<String> {
        let (region, arn) = (&place.region, quoted(&id.arn(place)));
        let command = |change: &Swap<ReportGroupSetting>| {
            let ReportGroupSetting::Clear(clear) = change.to;
            format!(
                "aws codebuild update-report-group --region {region} --arn {arn} --export-config \"$(aws codebuild batch-get-report-groups --region {region} --report-group-arns {arn} --query 'reportGroups[0].exportConfig' --output json | jq '.s3Destination.encryptionDisabled = {clear}')\""
            )
        };
        changes.iter().map(command).collect()
    }
}

impl Setting for ReportGroupSetting {
    const MAKE: &'static [Action] = UPDATE;
    const UNDO: &'static [Action] = UPDATE;

    fn needs(&self) -> &'static [Action] {
        UPDATE
    }
}

impl fmt::Display for ReportGroupSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Clear(clear) = self;
        write!(f, "exported reports {}", if *clear { "in the clear" } else { "encrypted" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_report_group_is_located() {
        let arn = "arn:aws-cn:codebuild:cn-north-1:111122223333:report-group/web-tests";
        assert_eq!(ReportGroupName::locate(arn), Some(ReportGroupName("web-tests".into())));
        for other in [
            "web",
            "arn:aws:codebuild:eu-west-1:1:project/web",
            "arn:aws:codebuild:eu-west-1:1:report-group/",
            "",
        ] {
            assert_eq!(ReportGroupName::locate(other), None, "{other}");
        }
    }
}

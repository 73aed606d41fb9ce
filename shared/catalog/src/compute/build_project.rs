//! Facet: what a build project lets its builds do, and what is kept of them.

use std::{collections::BTreeSet, fmt};

use remedy::{Action, Arn, Facet, Id, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

/// The name of a build project, such as `web`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BuildProjectName(pub String);

impl Id for BuildProjectName {
    const TYPE: &'static str = "AWS::CodeBuild::Project";

    fn locate(resource: &str) -> Option<Self> {
        let arn = Arn::parse(resource).filter(|arn| arn.service == "codebuild")?;
        let name = arn.resource.strip_prefix("project/")?;
        let is_part = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        let named = (1..=255).contains(&name.len()) && name.bytes().all(is_part);
        named.then(|| Self(name.to_owned()))
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:codebuild:{region}:{account}:project/{self}")
    }

    fn link(&self, place: &Place) -> String {
        let Place { account, region, .. } = place;
        let console = place.console();
        format!("{console}/codesuite/codebuild/{account}/projects/{self}?region={region}")
    }
}

impl fmt::Display for BuildProjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A build project. Of its variables and sources, nothing that could be secret is read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BuildProject {
    /// The project's name.
    pub name: String,
    /// The role that builds run as.
    pub role: String,
    /// Whether builds may do on their host what root may.
    pub is_privileged: bool,
    /// Where the logs of builds go.
    pub logs: BuildLogs,
    /// The names of the variables whose value is in the clear.
    pub plain_variables: BTreeSet<String>,
    /// The sources whose address holds credentials; empty for the first one.
    pub telling_sources: BTreeSet<String>,
    /// The project's tags.
    pub tags: Tags,
}

/// Where the logs of builds go.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct BuildLogs {
    /// `CloudWatch` Logs.
    pub cloud_watch: CloudWatchLogs,
    /// S3.
    pub s3: S3Logs,
}

/// Logs in `CloudWatch` Logs.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CloudWatchLogs {
    /// Whether they go there.
    pub is_on: bool,
    /// The log group, if it is not the project's own.
    pub group: Option<String>,
    /// What the names of streams begin with.
    pub stream: Option<String>,
}

/// Logs in S3.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct S3Logs {
    /// Whether they go there.
    pub is_on: bool,
    /// The bucket and prefix.
    pub location: Option<String>,
    /// Whether they are kept unencrypted.
    pub is_clear: bool,
    /// What the owner of the bucket may do with them, if it is another account.
    pub owner_access: Option<String>,
}

/// What a build project is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum BuildSetting {
    /// Whether builds may do on their host what root may.
    Privileged(bool),
    /// Where the logs of builds go.
    Logs(BuildLogs),
}

/// Whether the address of a source holds a user or a token.
pub fn is_telling(address: &str) -> bool {
    let rest = address.split_once("://").map_or("", |(_, rest)| rest);
    rest.split('/').next().is_some_and(|host| host.contains('@'))
}

const PROJECTS: &str = "arn:${AWS::Partition}:codebuild:*:${AWS::AccountId}:project/*";
const UPDATE: &[Action] = &[Action::on(PROJECTS, "codebuild:UpdateProject").tagged()];

impl Facet for BuildProject {
    type Id = BuildProjectName;
    type Change = Swap<BuildSetting>;

    const NAME: &'static str = "build project";
    const READS: &'static [Action] = &[Action::on(PROJECTS, "codebuild:BatchGetProjects")];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(mut self, change: &Swap<BuildSetting>) -> Self {
        match &change.to {
            BuildSetting::Privileged(on) => self.is_privileged = *on,
            BuildSetting::Logs(logs) => self.logs = logs.clone(),
        }
        self
    }

    fn commands(
        place: &Place,
        id: &BuildProjectName,
        changes: &[Swap<BuildSetting>],
    ) -> Vec<String> {
        let command = |change: &Swap<BuildSetting>| match &change.to {
            BuildSetting::Privileged(on) => {
                with_environment(place, &id.0, &format!(".privilegedMode = {on}"))
            }
            BuildSetting::Logs(logs) => {
                let region = &place.region;
                format!(
                    "aws codebuild update-project --region {region} --name {} --logs-config {}",
                    quoted(&id.0),
                    quoted(&logs.json())
                )
            }
        };
        changes.iter().map(command).collect()
    }
}

/// The command that edits a project's environment in place: its variables go from `CodeBuild` to `CodeBuild`.
pub(super) fn with_environment(place: &Place, name: &str, edit: &str) -> String {
    let (region, name) = (&place.region, quoted(name));
    format!(
        "aws codebuild update-project --region {region} --name {name} --environment \"$(aws codebuild batch-get-projects --region {region} --names {name} --query 'projects[0].environment' --output json | jq {})\" --query project.name",
        quoted(edit)
    )
}

impl BuildLogs {
    /// As `CodeBuild` takes them.
    fn json(&self) -> String {
        let status = |is_on: bool| if is_on { "ENABLED" } else { "DISABLED" };
        let field = |name: &str, value: &Option<String>| {
            value.as_ref().map(|value| format!(",{name:?}:{value:?}")).unwrap_or_default()
        };
        let Self { cloud_watch: cw, s3 } = self;
        format!(
            r#"{{"cloudWatchLogs":{{"status":"{}"{}{}}},"s3Logs":{{"status":"{}","encryptionDisabled":{}{}{}}}}}"#,
            status(cw.is_on),
            field("groupName", &cw.group),
            field("streamName", &cw.stream),
            status(s3.is_on),
            s3.is_clear,
            field("location", &s3.location),
            field("bucketOwnerAccess", &s3.owner_access)
        )
    }
}

impl Setting for BuildSetting {
    const MAKE: &'static [Action] = UPDATE;
    const UNDO: &'static [Action] = UPDATE;

    fn needs(&self) -> &'static [Action] {
        UPDATE
    }
}

impl fmt::Display for BuildSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Privileged(on) => {
                write!(f, "privileged builds {}", if *on { "on" } else { "off" })
            }
            Self::Logs(BuildLogs { cloud_watch, s3 }) => {
                let clear = if s3.is_clear { "S3 in the clear" } else { "S3 encrypted" };
                match (cloud_watch.is_on, s3.is_on) {
                    (false, false) => f.write_str("no logs of builds"),
                    (true, false) => f.write_str("logs of builds in CloudWatch"),
                    (false, true) => write!(f, "logs of builds in {clear}"),
                    (true, true) => write!(f, "logs of builds in CloudWatch and {clear}"),
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_project_is_located() {
        let arn = "arn:aws-cn:codebuild:cn-north-1:111122223333:project/web_1";
        assert_eq!(BuildProjectName::locate(arn), Some(BuildProjectName("web_1".into())));
        for other in [
            "web",
            "arn:aws:codebuild:eu-west-1:1:build/web:1",
            "arn:aws:codebuild:eu-west-1:1:project/",
            "arn:aws:codebuild:eu-west-1:1:project/a b",
            "",
        ] {
            assert_eq!(BuildProjectName::locate(other), None, "{other}");
        }
    }

    #[test]
    fn an_address_tells_if_somebody_is_in_it() {
        for (address, telling) in [
            ("https://bitbucket.org/shop/web", false),
            ("https://user:token@bitbucket.org/shop/web", true),
            ("https://x-token-auth@bitbucket.org/shop/web.git", true),
            ("https://github.com/shop/web@2", false),
            ("bucket/web.zip", false),
        ] {
            assert_eq!(is_telling(address), telling, "{address}");
        }
    }
}

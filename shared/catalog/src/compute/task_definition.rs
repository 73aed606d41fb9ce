//! Facet: what an ECS task definition says of its containers.

use std::{collections::BTreeSet, fmt};

use remedy::{Action, Arn, Facet, Id, Never, Place, Plan, Tags, quoted};
use serde::{Deserialize, Serialize};

use super::ecs_cluster::is_name;

/// A revision of a task definition.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TaskDefinitionId {
    /// Such as `web`.
    pub family: String,
    /// Such as 7.
    pub revision: u32,
}

impl Id for TaskDefinitionId {
    const TYPE: &'static str = "AWS::ECS::TaskDefinition";

    fn locate(resource: &str) -> Option<Self> {
        let arn = Arn::parse(resource).filter(|arn| arn.service == "ecs")?;
        let (family, revision) = arn.resource.strip_prefix("task-definition/")?.split_once(':')?;
        let revision =
            revision.parse().ok().filter(|nth| *nth > 0 && !revision.starts_with('+'))?;
        is_name(family).then(|| Self { family: family.to_owned(), revision })
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:ecs:{region}:{account}:task-definition/{self}")
    }

    fn link(&self, place: &Place) -> String {
        let Self { family, revision } = self;
        let region = &place.region;
        format!("{}/ecs/v2/task-definitions/{family}/{revision}?region={region}", place.console())
    }
}

impl fmt::Display for TaskDefinitionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.family, self.revision)
    }
}

/// A revision of a task definition. A revision cannot be changed: only another can be made.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TaskDefinition {
    /// Its family, such as `web`.
    pub family: String,
    /// Its revision.
    pub revision: u32,
    /// Whether tasks can be made of it.
    pub is_active: bool,
    /// Whether it is for Windows.
    pub is_windows: bool,
    /// Whose network its containers are in, such as `awsvpc` or `host`.
    pub network: String,
    /// Whose processes its containers see, such as `host`.
    pub processes: Option<String>,
    /// Its containers.
    pub containers: Vec<Container>,
    /// The volumes on EFS that are reached in the clear.
    pub clear_volumes: BTreeSet<String>,
    /// The definition's tags.
    pub tags: Tags,
}

/// What a container may do. Of its variables only the names are read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Container {
    /// Its name.
    pub name: String,
    /// Whether it may do on its host what root may.
    pub is_privileged: bool,
    /// Whether its root file system cannot be written to.
    pub is_read_only: bool,
    /// The user it runs as, if the definition says so.
    pub user: Option<String>,
    /// The names of its variables.
    pub variables: BTreeSet<String>,
    /// What keeps its logs, such as `awslogs`.
    pub logs: Option<String>,
}

impl Container {
    /// Whether it may run as root: as far as the definition says, it does.
    pub(super) fn runs_as_root(&self) -> bool {
        let user = self.user.as_deref().unwrap_or_default();
        let name = user.split(':').next().unwrap_or_default();
        name.is_empty() || name == "root" || name.parse() == Ok(0_u32)
    }
}

impl TaskDefinition {
    /// The names of the containers that `is_wrong` says are.
    pub(super) fn those(&self, is_wrong: impl Fn(&Container) -> bool) -> Vec<&str> {
        let wrong = self.containers.iter().filter(|container| is_wrong(container));
        wrong.map(|container| container.name.as_str()).collect()
    }

    /// What a person does to get another revision: this one as it is, tags included, after `edit` (of `jq`).
    pub(super) fn revise(&self, place: &Place, what: &str, why: &str, edit: &str) -> Plan<Never> {
        let (region, family) = (&place.region, &self.family);
        let name = format!("{family}:{}", self.revision);
        let file = format!("{family}.json");
        let given = "taskDefinitionArn, .revision, .status, .requiresAttributes, .compatibilities, .registeredAt, .registeredBy, .deregisteredAt";
        let program = format!(
            ".taskDefinition + {{tags: (.tags // [])}} | del(.{given}) | if .tags == [] then del(.tags) else . end | {edit}"
        );
        let arn = format!(
            "arn:{}:ecs:{region}:{}:task-definition/{name}",
            place.partition, place.account
        );
        let users = format!("services[?taskDefinition=='{arn}'].[clusterArn,serviceArn]");
        Plan::by_hand(
            format!("revision {name}: {what}"),
            format!(
                "{why}. A revision cannot be changed: make another, try it, and have the services use it"
            ),
            [
                format!(
                    "aws ecs describe-task-definition --region {region} --task-definition {} --include TAGS | jq {} > {file}",
                    quoted(&name),
                    quoted(&program)
                ),
                format!(
                    "aws ecs register-task-definition --region {region} --cli-input-json {}",
                    quoted(&format!("file://{file}"))
                ),
                format!(
                    "for cluster in $(aws ecs list-clusters --region {region} --query 'clusterArns[]' --output text); do for service in $(aws ecs list-services --region {region} --cluster \"$cluster\" --query 'serviceArns[]' --output text); do aws ecs describe-services --region {region} --cluster \"$cluster\" --services \"$service\" --query \"{users}\" --output text; done; done"
                ),
                format!(
                    "aws ecs update-service --region {region} --cluster CLUSTER --service SERVICE --task-definition {}",
                    quoted(family)
                ),
                format!(
                    "aws ecs deregister-task-definition --region {region} --task-definition {}",
                    quoted(&name)
                ),
            ],
        )
    }
}

/// The part of a `jq` program that does `edit` to the containers of these names.
pub(super) fn containers(names: &[&str], edit: &str) -> String {
    let names: Vec<_> = names.iter().map(|name| format!("{:?}", *name)).collect();
    format!("(.containerDefinitions[] | select(.name | IN({}))) |= ({edit})", names.join(", "))
}

/// The names as people write them.
pub(super) fn list(names: &[&str]) -> String {
    let noun = if names.len() == 1 { "container" } else { "containers" };
    format!("{noun} {}", names.join(", "))
}

impl Facet for TaskDefinition {
    type Id = TaskDefinitionId;
    type Change = Never;

    const NAME: &'static str = "task definition";
    const READS: &'static [Action] = &[Action::on("*", "ecs:DescribeTaskDefinition")];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    fn after(self, change: &Never) -> Self {
        match *change {}
    }

    fn commands(_: &Place, _: &TaskDefinitionId, changes: &[Never]) -> Vec<String> {
        changes.iter().map(|change| match *change {}).collect()
    }
}

#[cfg(test)]
impl TaskDefinition {
    /// The third revision of `web`, with one container that does nothing wrong, after `edit`.
    pub(super) fn with(edit: impl FnOnce(&mut Self)) -> Self {
        let mut definition = Self {
            family: "web".into(),
            revision: 3,
            is_active: true,
            network: "awsvpc".into(),
            containers: vec![Container {
                name: "app".into(),
                is_read_only: true,
                user: Some("1000".into()),
                logs: Some("awslogs".into()),
                ..Container::default()
            }],
            ..Self::default()
        };
        edit(&mut definition);
        definition
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_revision_is_located() {
        let arn = "arn:aws-cn:ecs:cn-north-1:111122223333:task-definition/web:3";
        let id = TaskDefinitionId { family: "web".into(), revision: 3 };
        assert_eq!(TaskDefinitionId::locate(arn), Some(id));
        for other in [
            "web:3",
            "arn:aws:ecs:eu-west-1:1:task-definition/web",
            "arn:aws:ecs:eu-west-1:1:task-definition/web:0",
            "arn:aws:ecs:eu-west-1:1:task-definition/web:x",
            "arn:aws:ecs:eu-west-1:1:task/web:3",
            "",
        ] {
            assert_eq!(TaskDefinitionId::locate(other), None, "{other}");
        }
    }

    #[test]
    fn who_is_not_said_to_be_another_is_root() {
        for (user, is_root) in [
            (None, true),
            (Some("root"), true),
            (Some("0:1000"), true),
            (Some(""), true),
            (Some("app"), false),
            (Some("1000:0"), false),
        ] {
            let container = Container { user: user.map(Into::into), ..Container::default() };
            assert_eq!(container.runs_as_root(), is_root, "{user:?}");
        }
    }

    #[test]
    fn another_revision_keeps_all_that_is_not_edited() {
        let place = Place::new("111122223333", "eu-west-1");
        let edit = containers(&["app", "log"], ".readonlyRootFilesystem = true");
        let plan = TaskDefinition::with(|_| {}).revise(&place, "w", "y", &edit);
        assert_eq!(
            plan.by_hand[0],
            "aws ecs describe-task-definition --region eu-west-1 --task-definition web:3 --include TAGS | jq '.taskDefinition + {tags: (.tags // [])} | del(.taskDefinitionArn, .revision, .status, .requiresAttributes, .compatibilities, .registeredAt, .registeredBy, .deregisteredAt) | if .tags == [] then del(.tags) else . end | (.containerDefinitions[] | select(.name | IN(\"app\", \"log\"))) |= (.readonlyRootFilesystem = true)' > web.json"
        );
        assert_eq!(
            plan.by_hand[1],
            "aws ecs register-task-definition --region eu-west-1 --cli-input-json file://web.json"
        );
        assert_eq!(plan.by_hand.len(), 5);
    }
}

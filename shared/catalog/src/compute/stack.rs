//! Facet: how a `CloudFormation` stack is kept.

use std::{collections::BTreeSet, fmt};

use remedy::{Action, Arn, Facet, Id, Owner, Place, Setting, Swap, Tags, quoted};
use serde::{Deserialize, Serialize};

/// A stack: its name, and what tells it from others that had the name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StackId {
    /// Such as `shop`.
    pub name: String,
    /// Such as `5b6f3a90-0000-11ee-be56-0242ac120002`.
    pub unique: String,
}

impl Id for StackId {
    const TYPE: &'static str = "AWS::CloudFormation::Stack";

    fn locate(resource: &str) -> Option<Self> {
        let arn = Arn::parse(resource).filter(|arn| arn.service == "cloudformation")?;
        let (name, unique) = arn.resource.strip_prefix("stack/")?.split_once('/')?;
        let is_part = |b: u8| b.is_ascii_alphanumeric() || b == b'-';
        let is_name = |text: &str| !text.is_empty() && text.bytes().all(is_part);
        let named = is_name(name) && is_name(unique);
        named.then(|| Self { name: name.to_owned(), unique: unique.to_owned() })
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        let Self { name, unique } = self;
        format!("arn:{partition}:cloudformation:{region}:{account}:stack/{name}/{unique}")
    }

    fn link(&self, place: &Place) -> String {
        let region = &place.region;
        let page = "#/stacks/stackinfo?stackId=";
        format!("{}/cloudformation/home?region={region}{page}{}", place.console(), self.arn(place))
    }
}

impl fmt::Display for StackId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

/// A stack, as far as its own settings go. What its parameters are set to is not read.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Stack {
    /// The stack's name.
    pub name: String,
    /// Whether it is kept from being deleted.
    pub is_protected: bool,
    /// Whether another stack made it: what protects that protects it.
    pub is_nested: bool,
    /// Whether it is being deleted.
    pub is_going: bool,
    /// The topics that are told what happens to it.
    pub topics: Vec<String>,
    /// The names of its parameters.
    pub parameters: Vec<String>,
    /// What it may make, such as `CAPABILITY_IAM`.
    pub capabilities: Vec<String>,
    /// The stack's tags.
    pub tags: Tags,
}

/// What a stack is set to.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum StackSetting {
    /// Whether it is kept from being deleted.
    Protection(bool),
}

const STACKS: &str = "arn:${AWS::Partition}:cloudformation:*:${AWS::AccountId}:stack/*";
const UPDATE: &[Action] =
    &[Action::on(STACKS, "cloudformation:UpdateTerminationProtection").tagged()];

impl Facet for Stack {
    type Id = StackId;
    type Change = Swap<StackSetting>;

    const NAME: &'static str = "CloudFormation stack";
    const READS: &'static [Action] = &[Action::on(STACKS, "cloudformation:DescribeStacks")];

    fn tags(&self) -> Option<&Tags> {
        Some(&self.tags)
    }

    /// A stack set names its stacks so, and deletes them.
    fn owner(&self) -> Option<Owner> {
        self.name.starts_with("StackSet-").then(|| {
            let kind = if self.name.contains("AWSControlTower") {
                "control-tower"
            } else {
                "cloudformation"
            };
            Owner::new(kind, format!("stack set of stack {}", self.name))
        })
    }

    fn after(mut self, change: &Swap<StackSetting>) -> Self {
        let StackSetting::Protection(on) = change.to;
        self.is_protected = on;
        self
    }

    fn commands(place: &Place, id: &StackId, changes: &[Swap<StackSetting>]) -> Vec<String> {
        let command = |change: &Swap<StackSetting>| {
            let StackSetting::Protection(on) = change.to;
            let flag = if on {
                "--enable-termination-protection"
            } else {
                "--no-enable-termination-protection"
            };
            format!(
                "aws cloudformation update-termination-protection --region {} --stack-name {} {flag}",
                place.region,
                quoted(&id.arn(place))
            )
        };
        changes.iter().map(command).collect()
    }
}

impl Stack {
    /// The command that has `topic` told, too, and leaves the rest as it is.
    pub(super) fn telling(&self, place: &Place, topic: &str) -> String {
        let words = |words: &mut dyn Iterator<Item = String>| {
            words.map(|word| quoted(&word)).collect::<Vec<_>>().join(" ")
        };
        let mut command = format!(
            "aws cloudformation update-stack --region {} --stack-name {} --use-previous-template --notification-arns {topic}",
            place.region,
            quoted(&self.name)
        );
        if !self.parameters.is_empty() {
            let keep = |name: &String| format!("ParameterKey={name},UsePreviousValue=true");
            command =
                format!("{command} --parameters {}", words(&mut self.parameters.iter().map(keep)));
        }
        let capabilities: BTreeSet<_> = self.capabilities.iter().cloned().collect();
        if !capabilities.is_empty() {
            command = format!("{command} --capabilities {}", words(&mut capabilities.into_iter()));
        }
        command
    }
}

impl Setting for StackSetting {
    const MAKE: &'static [Action] = UPDATE;
    const UNDO: &'static [Action] = UPDATE;

    fn needs(&self) -> &'static [Action] {
        UPDATE
    }
}

impl fmt::Display for StackSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self::Protection(on) = self;
        write!(f, "termination protection {}", if *on { "on" } else { "off" })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_stack_is_located_and_not_by_its_name_alone() {
        let arn = "arn:aws-cn:cloudformation:cn-north-1:111122223333:stack/shop/5b6f-1";
        let id = StackId { name: "shop".into(), unique: "5b6f-1".into() };
        assert_eq!(StackId::locate(arn), Some(id));
        for other in [
            "shop",
            "arn:aws:cloudformation:eu-west-1:1:stack/shop",
            "arn:aws:cloudformation:eu-west-1:1:stackset/shop:1",
            "arn:aws:cloudformation:eu-west-1:1:stack//1",
            "",
        ] {
            assert_eq!(StackId::locate(other), None, "{other}");
        }
    }

    #[test]
    fn stacks_of_a_stack_set_are_its_own() {
        for (name, kind) in [
            ("StackSet-base-1", Some("cloudformation")),
            ("StackSet-AWSControlTowerBP-1", Some("control-tower")),
            ("shop", None),
        ] {
            let stack = Stack { name: name.into(), ..Stack::default() };
            assert_eq!(stack.owner().map(|owner| owner.kind).as_deref(), kind, "{name}");
        }
    }
}

//! What there is: facets of AWS resources, and the changes they can undergo.

use std::{
    collections::BTreeMap,
    fmt::{Debug, Display},
};

use serde::{Serialize, de::DeserializeOwned};

use crate::{Owner, Place};

/// A resource's tags, by key.
pub type Tags = BTreeMap<String, String>;

/// An IAM action, and what it may be allowed on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Action {
    /// Such as `ec2:RevokeSecurityGroupIngress`.
    pub name: &'static str,
    /// Partition and account are left to the template: `arn:${AWS::Partition}:ec2:*:...`, or `*`.
    pub resource: &'static str,
    /// IAM itself can hold this action to resources that carry the opt-in tag.
    pub by_tag: bool,
    /// A further condition of the statement: operator, key and value.
    pub only: Option<(&'static str, &'static str, &'static str)>,
    /// The template's condition without which the statement is left out.
    pub when: Option<&'static str>,
}

impl Action {
    /// `name`, allowed on `resource`.
    pub const fn on(resource: &'static str, name: &'static str) -> Self {
        Self { name, resource, by_tag: false, only: None, when: None }
    }
    /// Only where the resource carries the opt-in tag.
    #[must_use]
    pub const fn tagged(self) -> Self {
        Self { by_tag: true, ..self }
    }
    /// Only where what it makes gets the opt-in tag.
    #[must_use]
    pub const fn tagging(self) -> Self {
        self.only("StringEquals", "aws:RequestTag/${ScopeTagKey}", "${ScopeTagValue}")
    }
    /// Only under one more IAM condition.
    #[must_use]
    pub const fn only(
        self,
        operator: &'static str,
        key: &'static str,
        value: &'static str,
    ) -> Self {
        Self { only: Some((operator, key, value)), ..self }
    }
    /// Only in stacks where this condition of the template holds.
    #[must_use]
    pub const fn when(self, condition: &'static str) -> Self {
        Self { when: Some(condition), ..self }
    }
}

/// The id of one kind of AWS resource: what a call needs to address it.
pub trait Id: Clone + Debug + Display + PartialEq + Send + Sync + 'static {
    /// As `CloudFormation` and AWS Config call the kind, such as `AWS::EC2::SecurityGroup`.
    const TYPE: &'static str;

    /// The one that `resource` (an ARN, or a bare id) names, if it names this kind of thing.
    fn locate(resource: &str) -> Option<Self>;

    /// Its full name; [`locate`](Self::locate) finds the way back.
    fn arn(&self, place: &Place) -> String;

    /// The page of the web console that shows it.
    fn link(&self, place: &Place) -> String;
}

/// One facet of one kind of AWS resource: what we read of it, and how it can change.
///
/// A facet is as narrow as the permissions it needs: a security group's ingress rules are one facet,
/// all the rules of a default group are another.
pub trait Facet: Clone + Debug + PartialEq + Serialize + Send + Sync + 'static {
    /// What names its resource.
    type Id: Id;
    /// How it can change.
    type Change: Change;

    /// As the docs and messages call it.
    const NAME: &'static str;
    /// What is done to it, for messages.
    const VERB: &'static str = "repair";
    /// What reading it needs.
    const READS: &'static [Action];
    /// Whether there is one for everybody, kept where the stack is, wherever the problem was found. What
    /// concerns it in a batch is planned in turn and made at once.
    const SHARED: bool = false;

    /// The name people gave it, if they did. Text from outside.
    fn label(&self) -> Option<&str> {
        None
    }

    /// The resource's tags; `None` for settings of the account, which have none.
    fn tags(&self) -> Option<&Tags>;

    /// Who looks after it, if that shows in more than its tags.
    fn owner(&self) -> Option<Owner> {
        None
    }

    /// The account it belongs to, where that can be another one than it was found in.
    fn account(&self) -> Option<&str> {
        None
    }

    /// This facet as AWS will show it once `change` is made.
    ///
    /// The in-memory AWS of the tests and the drift check before an undo both run on this.
    #[must_use]
    fn after(self, change: &Self::Change) -> Self;

    /// Whether `change` stands: making it again would alter nothing.
    fn shows(&self, change: &Self::Change) -> bool {
        self.clone().after(change).same(self)
    }

    /// Whether both are the same to the people who use it. Ids that AWS gives anew do not count.
    fn same(&self, other: &Self) -> bool {
        self == other
    }

    /// The commands of the AWS CLI that make `changes` by hand, as few as it takes.
    fn commands(place: &Place, id: &Self::Id, changes: &[Self::Change]) -> Vec<String>;
}

/// The change of a facet that nobody changes: what is wrong with it is left to a person.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, serde::Deserialize)]
pub enum Never {}

impl Display for Never {
    fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match *self {}
    }
}

impl Change for Never {
    const MAKE: &'static [Action] = &[];
    const UNDO: &'static [Action] = &[];

    fn needs(&self) -> &'static [Action] {
        match *self {}
    }
    fn inverse(&self) -> Option<Self> {
        match *self {}
    }
}

/// A small edit of a facet. Data, never code: it is stored, shown to people, and taken back.
///
/// Its [`Display`] is an order in lower case, such as `revoke tcp/22 from 0.0.0.0/0`.
pub trait Change:
    Clone + Debug + Display + PartialEq + Serialize + DeserializeOwned + Send + Sync
{
    /// What planned changes need. The function that acts by itself is given these and no more.
    const MAKE: &'static [Action];
    /// What their inverses need. Only people, and what they ask, are given these.
    const UNDO: &'static [Action];

    /// What this very change needs; [`check`](crate::check::check) holds it to the two lists.
    fn needs(&self) -> &'static [Action];

    /// The change that takes this one back, or `None` if nothing does.
    fn inverse(&self) -> Option<Self>;

    /// Whether it only keeps up what was decided before: not counted against the cap, and no news.
    fn is_routine(&self) -> bool {
        false
    }
}

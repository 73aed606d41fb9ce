//! What is asked of the policies, and how Cedar sees it.

use cedar_policy::{
    Context, Entities, Entity, EntityId, EntityTypeName, EntityUid, ParseErrors, Request,
    RestrictedExpression,
};
use remedy::{Place, Risk, Severity, Source, Tags, Timestamp};
use serde::Serialize;

use crate::NO_OWNER;

/// A plan that somebody wants carried out.
#[derive(Debug, Clone, Copy)]
pub struct Ask<'a> {
    /// The id of the remediation, such as `ec2/close_world_ingress`.
    pub remediation: &'a str,
    /// What can go wrong.
    pub risk: Risk,
    /// What it is about.
    pub resource: Thing<'a>,
    /// What called for it, such as `EC2.19`.
    pub trigger: &'a str,
    /// Who said so.
    pub source: Source,
    /// How bad it is said to be.
    pub severity: Severity,
    /// The person who asked for it, if one did.
    pub asked_by: Option<&'a str>,
    /// The time of the decision.
    pub now: Timestamp,
}

/// A resource.
#[derive(Debug, Clone, Copy)]
pub struct Thing<'a> {
    /// Such as `AWS::EC2::SecurityGroup`.
    pub kind: &'a str,
    /// Its full name.
    pub arn: &'a str,
    /// Its id.
    pub id: &'a str,
    /// Where it lives.
    pub place: &'a Place,
    /// Its tags; `None` for settings of an account, which have none.
    pub tags: Option<&'a Tags>,
    /// Who looks after it, one of [`Owner::KINDS`](remedy::Owner::KINDS).
    pub owner: Option<&'a str>,
}

/// The names that are the same for every question.
#[derive(Debug, Clone)]
pub(crate) struct Names {
    action: EntityTypeName,
    person: EntityTypeName,
    resource: EntityTypeName,
}

/// How the world would be, if it were not as it is.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Change<'a> {
    /// Nobody owns the resource.
    pub(crate) disowned: bool,
    /// It has this tag.
    pub(crate) tag: Option<(&'a str, &'a str)>,
}

impl Names {
    pub(crate) fn new() -> Result<Self, Box<ParseErrors>> {
        Ok(Self {
            action: "Action".parse().map_err(Box::new)?,
            person: "Person".parse().map_err(Box::new)?,
            resource: "Resource".parse().map_err(Box::new)?,
        })
    }

    fn action(&self, id: &str) -> EntityUid {
        EntityUid::from_type_name_and_id(self.action.clone(), EntityId::new(id))
    }

    fn resource(&self, thing: &Thing<'_>) -> EntityUid {
        EntityUid::from_type_name_and_id(self.resource.clone(), EntityId::new(thing.arn))
    }

    /// Who asks for what on what, and in which case.
    pub(crate) fn request(&self, ask: &Ask<'_>) -> Result<Request, String> {
        let person = EntityId::new(ask.asked_by.unwrap_or("nobody"));
        let context = [
            ("trigger", string(ask.trigger)),
            ("source", string(&word(ask.source)?)),
            ("severity", RestrictedExpression::new_long(rating(ask.severity))),
            ("risk", string(&word(ask.risk)?)),
            ("asked", RestrictedExpression::new_bool(ask.asked_by.is_some())),
        ];
        let context = Context::from_pairs(context.map(|(name, value)| (name.to_owned(), value)));
        Request::new(
            EntityUid::from_type_name_and_id(self.person.clone(), person),
            self.action(ask.remediation),
            self.resource(&ask.resource),
            context.map_err(|error| error.to_string())?,
            None,
        )
        .map_err(|error| error.to_string())
    }

    /// The action with its groups, and the resource, as it would be after `change`.
    pub(crate) fn entities(&self, ask: &Ask<'_>, change: Change<'_>) -> Result<Entities, String> {
        let thing = &ask.resource;
        let owner = thing.owner.filter(|_| !change.disowned).unwrap_or(NO_OWNER);
        let attributes = [
            ("type", string(thing.kind)),
            ("id", string(thing.id)),
            ("account", string(&thing.place.account)),
            ("region", string(&thing.place.region)),
            ("owner", string(owner)),
            ("tagged", RestrictedExpression::new_bool(thing.tags.is_some())),
        ];
        let mut tags: Vec<(&str, &str)> = Vec::new();
        for (key, value) in thing.tags.into_iter().flatten() {
            tags.push(change.tag.filter(|(k, _)| k == key).unwrap_or((key, value)));
        }
        tags.extend(change.tag.filter(|tag| !tags.contains(tag)));
        let resource = Entity::new_with_tags(
            self.resource(thing),
            attributes.map(|(name, value)| (name.to_owned(), value)),
            [],
            tags.into_iter().map(|(key, value)| (key.to_owned(), string(value))),
        )
        .map_err(|error| error.to_string())?;

        let risk = word(ask.risk)?;
        let groups = groups(ask, &risk).filter(|group| *group != ask.remediation);
        let action = Entity::new_no_attrs(
            self.action(ask.remediation),
            groups.map(|group| self.action(group)).collect(),
        );
        Entities::from_entities([action, resource], None).map_err(|error| error.to_string())
    }
}

/// The groups its action is in: its service's, and its risk's.
pub(crate) fn groups<'a>(ask: &Ask<'a>, risk: &'a str) -> impl Iterator<Item = &'a str> {
    let service = ask.remediation.split_once('/').map(|(service, _)| service);
    service.into_iter().chain([risk])
}

fn string(text: &str) -> RestrictedExpression {
    RestrictedExpression::new_string(text.to_owned())
}

/// The lowest of the hundred that the severity stands for.
pub(crate) fn rating(severity: Severity) -> i64 {
    match severity {
        Severity::Informational => 0,
        Severity::Low => 1,
        Severity::Medium => 40,
        Severity::High => 70,
        Severity::Critical => 90,
    }
}

/// As it is stored.
pub(crate) fn word<T: Serialize>(named: T) -> Result<String, String> {
    match serde_json::to_value(named) {
        Ok(serde_json::Value::String(word)) => Ok(word),
        Ok(other) => Err(format!("{other} is no word")),
        Err(error) => Err(error.to_string()),
    }
}

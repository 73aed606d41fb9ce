//! From the rules that are open to the world to the changes that close them.

use remedy::{Case, Exemption, Hold, Left, Parameter, Plan, Settings, Wrong};

use super::{
    IngressChange, Ports, Rule, SecurityGroup, Traffic,
    world::{Concern, open},
};

/// What becomes of a rule that is too wide by some of its ports.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) enum WideRule {
    /// It goes whole: what part of it was meant is for its owner to say.
    #[default]
    Remove,
    /// The rest of its ports stays open.
    Split,
}

pub(super) const WIDE_RULE: Parameter = Parameter {
    name: "WideRule",
    default: "remove",
    allowed: "remove, split",
    about: "a rule that is too wide by some of its ports goes whole (remove), or keeps the others \
            (split; needs the right to open ports)",
};

impl WideRule {
    pub(super) fn configured(settings: &Settings) -> Result<Self, Wrong> {
        settings.read(&WIDE_RULE, |text| match text {
            "remove" => Some(Self::Remove),
            "split" => Some(Self::Split),
            _ => None,
        })
    }

    /// Closes what `concern` is about, and leaves alone the rules that are exempt.
    pub(super) fn close(
        self,
        group: &SecurityGroup,
        concern: &Concern,
        case: &Case<'_>,
    ) -> Plan<IngressChange> {
        let exemption = |rule: &Rule| {
            Exemption::within(&rule.description).filter(|exemption| exemption.holds(case.now))
        };
        let mut plan = Plan::none();
        for rule in open(group, concern, |rule| exemption(rule).is_some()) {
            match exemption(rule) {
                None => plan.changes.push(self.narrowed(rule, concern)),
                Some(exemption) => plan.left.push(Left {
                    what: rule.to_string(),
                    why: Hold::exempt(exemption, &format!("the description of rule {}", rule.id)),
                }),
            }
        }
        plan
    }

    fn narrowed(self, rule: &Rule, concern: &Concern) -> IngressChange {
        let rest = match (self, &rule.traffic) {
            (Self::Split, Traffic::Tcp(first, last)) => {
                rest((*first, *last), &concern.tcp, Traffic::Tcp)
            }
            (Self::Split, Traffic::Udp(first, last)) => {
                rest((*first, *last), &concern.udp, Traffic::Udp)
            }
            // What has no ports cannot be narrowed to some.
            _ => Vec::new(),
        };
        if rest.is_empty() {
            return IngressChange::Revoke(rule.clone());
        }
        let narrow = |traffic| Rule { id: String::new(), traffic, ..rule.clone() };
        IngressChange::Split { wide: rule.clone(), narrow: rest.into_iter().map(narrow).collect() }
    }
}

fn rest(all: (u16, u16), closed: &Ports, traffic: fn(u16, u16) -> Traffic) -> Vec<Traffic> {
    let rest = Ports::from_iter([all]).without(closed);
    rest.ranges().iter().map(|(first, last)| traffic(*first, *last)).collect()
}

//! Who decides.

use serde::{Deserialize, Serialize};

use crate::{
    Action, Facet, Id, Parameter, Plan, Settings, Severity, Signal, Timestamp, Trigger, Wrong,
};

/// The change of a remediation's facet.
pub type ChangeOf<R> = <<R as Remediation>::Facet as Facet>::Change;
/// The id of a remediation's facet.
pub type IdOf<R> = <<R as Remediation>::Facet as Facet>::Id;

/// What can go wrong for the people who use the resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Risk {
    /// Nobody notices.
    Safe,
    /// Somebody may lose access they relied on.
    MayInterrupt,
    /// Something stops.
    Interrupts,
}

impl Risk {
    /// For the docs.
    pub fn words(self) -> &'static str {
        match self {
            Self::Safe => "nobody notices",
            Self::MayInterrupt => "somebody may lose access",
            Self::Interrupts => "something stops",
        }
    }
}

/// Whether what a remediation changes can be taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Undo {
    /// All of it.
    Yes,
    /// Not all of it: what does not come back.
    Partly(&'static str),
    /// None of it, and why.
    No(&'static str),
    /// It changes nothing itself.
    Nothing,
}

/// A remediation's card: all that is known of it without running it.
#[derive(Debug, Clone, Copy)]
pub struct Spec {
    /// `service/file_name`, as in the source tree.
    pub id: &'static str,
    /// What it does, as an order: "Revoke ..." "Deactivate ...".
    pub title: &'static str,
    /// What calls for it.
    pub triggers: &'static [Trigger],
    /// How bad the problem is, where the source does not say.
    pub severity: Severity,
    /// What can go wrong.
    pub risk: Risk,
    /// What it can be told; the defaults are safe.
    pub parameters: &'static [Parameter],
    /// Whether what it changes can be taken back.
    pub undo: Undo,
    /// What is done more carefully than by tools that fix by the finding alone: one or two short sentences.
    pub care: &'static str,
    /// The version it came with.
    pub since: &'static str,
}

impl Spec {
    /// How bad what was signalled is: as its source says, or as this card does where it says nothing.
    pub fn rated(&self, signal: &Signal) -> Severity {
        if signal.source.rates() { signal.severity } else { self.severity }
    }
}

/// The case at hand: what was signalled, and when we look at it.
#[derive(Debug, Clone, Copy)]
pub struct Case<'a> {
    /// What was signalled.
    pub signal: &'a Signal,
    /// The time of the decision; exemptions end by it.
    pub now: Timestamp,
}

/// A decision about one facet. Its fields, if any, are its parameters.
pub trait Remediation: Send + Sync + Sized {
    /// What it looks at.
    type Facet: Facet;

    /// Its card.
    const SPEC: Spec;
    /// What it wants read beside the facet itself.
    const ALSO_READS: &'static [Action] = &[];
    /// What of that is wanted in the account where a problem was found, if the facet is
    /// [`SHARED`](Facet::SHARED); one that is not is found there with all that it needs.
    const READS_ELSEWHERE: &'static [Action] = &[];

    /// The remediation as the operator set it.
    ///
    /// # Errors
    /// If a parameter is set to what it cannot be.
    fn configured(settings: &Settings) -> Result<Self, Wrong>;

    /// Whether it is the one to answer `signal`.
    fn answers(&self, signal: &Signal) -> bool {
        Self::SPEC.triggers.iter().any(|trigger| trigger.is(&signal.trigger))
    }

    /// Why nothing is to be done about `signal` whatever there is, if that is so: nothing is read then.
    fn ignores(&self, _signal: &Signal) -> Option<String> {
        None
    }

    /// Where to look. By default: at the resource the signal names.
    fn target(&self, signal: &Signal) -> Option<IdOf<Self>> {
        IdOf::<Self>::locate(&signal.resource)
    }

    /// What must change. Pure; and planning again after the changes finds nothing left, which is also
    /// how a remediation is verified.
    fn plan(&self, facet: &Self::Facet, case: &Case<'_>) -> Plan<ChangeOf<Self>>;
}

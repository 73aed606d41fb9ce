//! What the docs, the IAM policies and the event patterns are generated from.

use crate::{Action, Change, Facet, Id, Remediation, Spec, Trigger};

/// A remediation with its types forgotten: the card, and the permissions its types imply.
#[derive(Debug, Clone, Copy)]
pub struct Entry {
    /// The card.
    pub spec: Spec,
    /// What it looks at.
    pub facet: &'static str,
    /// The type of resource that is part of.
    pub kind: &'static str,
    /// There is one for everybody, where the stack is.
    pub shared: bool,
    /// What reading that needs.
    pub reads: &'static [Action],
    /// What is read beside it.
    pub also_reads: &'static [Action],
    /// What of that is needed in the account where a problem was found, if there is one for everybody.
    pub reads_elsewhere: &'static [Action],
    /// What acting by itself needs.
    pub makes: &'static [Action],
    /// What taking it back needs.
    pub undoes: &'static [Action],
}

impl Entry {
    /// The entry of a remediation.
    pub const fn of<R: Remediation>() -> Self {
        Self {
            spec: R::SPEC,
            facet: <R::Facet as Facet>::NAME,
            kind: <<R::Facet as Facet>::Id as Id>::TYPE,
            shared: <R::Facet as Facet>::SHARED,
            reads: <R::Facet as Facet>::READS,
            also_reads: R::ALSO_READS,
            reads_elsewhere: R::READS_ELSEWHERE,
            makes: <<R::Facet as Facet>::Change as Change>::MAKE,
            undoes: <<R::Facet as Facet>::Change as Change>::UNDO,
        }
    }

    /// What it needs to act by itself, in the account where the stack is.
    pub fn acting(&self) -> impl Iterator<Item = &'static Action> {
        self.reads.iter().chain(self.also_reads).chain(self.makes)
    }

    /// What taking it back needs, in the account where the stack is.
    pub fn undoing(&self) -> impl Iterator<Item = &'static Action> {
        self.reads.iter().chain(self.also_reads).chain(self.undoes)
    }

    /// What taking it back needs in other accounts. What is there once for everybody is in none of them.
    pub fn undoing_elsewhere(&self) -> impl Iterator<Item = &'static Action> {
        let (reads, undoes): (&[Action], &[Action]) = match self.shared {
            true => (&[], &[]),
            false => (self.reads, self.undoes),
        };
        reads.iter().chain(undoes)
    }

    /// What it needs to act by itself in other accounts. A schedule is about none of them.
    pub fn acting_elsewhere(&self) -> impl Iterator<Item = &'static Action> {
        let is_schedule = |trigger: &Trigger| matches!(trigger, Trigger::Schedule(_));
        let (reads, makes): (&[Action], &[Action]) = if self.spec.triggers.iter().all(is_schedule) {
            (&[], &[])
        } else if self.shared {
            (self.reads_elsewhere, &[])
        } else {
            (self.reads, self.makes)
        };
        reads.iter().chain(makes)
    }
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::{Risk, Severity, Undo};

    pub(crate) fn entry(triggers: &'static [Trigger], shared: bool) -> Entry {
        const READS: &[Action] = &[Action::on("*", "ec2:Describe"), Action::on("*", "s3:Get")];
        const ELSEWHERE: &[Action] = &[Action::on("*", "ec2:Describe")];
        const MAKES: &[Action] = &[Action::on("arn", "ec2:Revoke")];
        const UNDOES: &[Action] = &[Action::on("arn", "ec2:Authorize")];
        let spec = Spec {
            id: "ec2/test",
            title: "",
            triggers,
            severity: Severity::Low,
            risk: Risk::Safe,
            parameters: &[],
            undo: Undo::Yes,
            care: "",
            since: "",
        };
        Entry {
            spec,
            facet: "security group",
            kind: "AWS::EC2::SecurityGroup",
            shared,
            reads: READS,
            also_reads: &[],
            reads_elsewhere: if shared { ELSEWHERE } else { &[] },
            makes: MAKES,
            undoes: UNDOES,
        }
    }

    #[test]
    fn elsewhere_no_more_is_needed_than_what_is_done_there() {
        let names = |triggers, shared| -> Vec<_> {
            entry(triggers, shared).acting_elsewhere().map(|action| action.name).collect()
        };
        let (control, sweep) =
            const { (&[Trigger::control("EC2.19")], &[Trigger::schedule("sweep")]) };
        assert_eq!(names(control, false), ["ec2:Describe", "s3:Get", "ec2:Revoke"]);
        assert_eq!(names(control, true), ["ec2:Describe"]);
        assert_eq!(names(sweep, true), [""; 0]);
        assert_eq!(entry(control, true).acting().count(), 3);
    }
}

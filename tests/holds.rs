//! Every reason for which something is held: what it means, and what to do. `docs/holds.md` is made of it.

use chrono::TimeDelta;
use remedy::{Hold, Owner, Timestamp, check};
use runtime::{Outcome, Page, notice};

/// What people are told of a hold.
pub(crate) struct Reason {
    /// Examples of one kind.
    pub(crate) samples: Vec<Hold>,
    pub(crate) means: &'static str,
    pub(crate) to_do: &'static str,
}

/// A kind a row: its pattern, its samples, what it means, what to do. A variant without a row does not
/// compile.
macro_rules! reasons {
    ($($kind:pat => [$($sample:expr),+], $means:expr, $to_do:expr;)+) => {
        /// Every kind of hold, the most final first.
        pub(crate) fn reasons() -> Vec<Reason> {
            let is_listed = |hold: &Hold| match hold { $($kind => {})+ };
            vec![$({
                let samples = vec![$($sample),+];
                samples.iter().for_each(is_listed);
                assert!(samples.iter().all(|hold| matches!(hold, $kind)), "{samples:?}");
                Reason { samples, means: $means, to_do: $to_do }
            }),+]
        }
    };
}

fn at(day: i64) -> Timestamp {
    check::now() + TimeDelta::days(day)
}

const ADA: &str = "arn:aws:iam::111122223333:user/ada";

reasons! {
    Hold::OptedOut { .. } => [Hold::OptedOut { key: "DoNotRemediate".into() }],
        "The resource carries the opt-out tag (`OptOutTagKey`). It wins over the opt-in tag and over every \
         policy.",
        "Nothing, or remove the tag.";
    Hold::NotOptedIn { .. } => [
            Hold::NotOptedIn { wanted: "AutoRemediate=True".into(), nearly: None },
            Hold::NotOptedIn {
                wanted: "AutoRemediate=True".into(),
                nearly: Some("autoremediate=true".into()),
            }
        ],
        "A tag is missing: the one by which IAM lets the functions change anything (`ScopeTagKey`, \
         `ScopeTagValue`), or the one that a permit asks for. Tags are compared to the letter; one that \
         differs in case or space only is named, and told.",
        "Nothing, or write the tag, key and value exactly as the sentence has them.";
    Hold::NotPermitted => [Hold::NotPermitted],
        "No permit applies, and no single tag would make one apply: the action, account, severity or \
         another condition is not that of any permit.",
        "Nothing, or write a permit; `kintsugi policy test` tries it.";
    Hold::Forbidden { .. } => [
            Hold::Forbidden { policy: "only-europe".into(), why: None },
            Hold::Forbidden {
                policy: "audited".into(),
                why: Some("under audit until April".into()),
            }
        ],
        "A forbid applies; the sentence has its `@reason`. Or it could not be evaluated, which forbids, too: \
         then the sentence says what could not, such as a tag that is not there.",
        "What the reason says. If it could not be evaluated: test with `hasTag` before `getTag`; \
         `kintsugi policy check` finds the place.";
    Hold::Exempt { .. } => [
            Hold::Exempt { until: at(30), by: "tag KintsugiExemptUntil".into() },
            Hold::Exempt {
                until: at(30),
                by: format!("said by {ADA}: undo of record k-0123456789ab"),
            }
        ],
        "Somebody said that it is to be left alone for a time: by the tag `ExemptTagKey`, by \
         `exempt-until=DATE` in a rule's description (then that rule only), by `kintsugi exempt`, or by an \
         undo or a rejection.",
        "Nothing; it is looked at again with the next event after that. To end it sooner: remove the tag or \
         the words, or `kintsugi exempt ARN --end`.";
    Hold::UnclearExemption { .. } => [Hold::UnclearExemption {
            text: "soon".into(),
            by: "tag KintsugiExemptUntil".into(),
        }],
        "Somebody wants an exemption and wrote no date that can be read. It is left alone, since nothing is \
         changed on a guess.",
        "Write the date like `2027-03-31`.";
    Hold::Owned(_) => [Hold::Owned(Owner::new("cloudformation", "stack shop, resource WebGroup"))],
        "A forbid applies only because something other than people keeps the resource (CloudFormation, \
         Terraform, EKS, ...) and would put it back. The record has the policy and its `@reason`.",
        "Mend it in the place that the sentence names. If putting right twice is fine: list the owner in \
         `AllowedOwners`, or write it into the policies (`05-allow-terraform-owned`).";
    Hold::OtherAccount { .. } => [Hold::OtherAccount { account: "444455556666".into() }],
        "The resource is shared with this account and belongs to another one.",
        "Mend it there.";
    Hold::Guarded { .. } => [
            Hold::Guarded { what: "10.0.0.1".into(), by: "is private (10.0.0.0/8)".into() },
            Hold::Guarded { what: "203.0.113.7".into(), by: "is never to be listed (NeverList has 203.0.113.0/24)".into() }
        ],
        "An address or a domain that must not be put on the threat list: the sentence says what guards it.",
        "Nothing, if that is so; see [The threat list](operating.md#the-threat-list). It may also stand \
         under \"Left alone\" of a message about others that were listed.";
    Hold::Drifted => [Hold::Drifted],
        "What was to be taken back is not as the repair left it: somebody changed it since, and the undo \
         leaves their change as it is. It stands under \"Left alone\".",
        "Look; then do it by hand with the command in the message.";
    Hold::PlanChanged { .. } => [Hold::PlanChanged { record: "k-0123456789ab".into() }],
        "A person approved a plan, and meanwhile more would be changed than they agreed to. It is asked \
         about anew.",
        "`kintsugi show` the new record, then approve or reject that one.";
    Hold::Irreversible => [Hold::Irreversible],
        "A change of the plan could not be taken back, so a person must want it.",
        "`kintsugi approve`, or `reject`.";
    Hold::ByHand { .. } => [Hold::ByHand {
            why: "a stopped instance may be somebody's standby; its disks go with it".into(),
        }],
        "What would put it right destroys something, costs more or stops something. Kintsugi does not do it, \
         and says what it found and what to type.",
        "Look at what the message says; then do it by hand with the commands in the message, or `kintsugi exempt` \
         the resource.";
    Hold::NeedsPerson { .. } => [Hold::NeedsPerson {
            why: "network interface eni-1 is in it and would be cut off".into(),
        }],
        "The remediation itself wants a person to look first, and says why.",
        "Look; then `kintsugi approve`, or `reject`, or do it by hand with the command in the message. \
         Sending the finding with the custom action approves it, too.";
    Hold::NeedsApproval { .. } => [Hold::NeedsApproval {
            policies: vec!["production-asks-first".into()],
        }],
        "The strictest permit that applies has `@mode(\"approve\")`.",
        "`kintsugi approve`, or `reject`, before the time that the message names.";
    Hold::AwaitsAnswer { .. } => [Hold::AwaitsAnswer {
            record: "k-0123456789ab".into(),
            until: at(3),
        }],
        "The same plan was asked about before, and the question is open. Nobody is asked twice.",
        "Answer the record that is named.";
    Hold::Paused { .. } => [
            Hold::Paused { by: ADA.into(), at: at(0), why: "a release".into() },
            Hold::Paused { by: ADA.into(), at: at(0), why: String::new() }
        ],
        "A person stopped repairs, of one remediation or all.",
        "`kintsugi resume`, or wait for the end of the pause. What waits is done then.";
    Hold::OverCap { .. } => [Hold::OverCap { cap: 50 }],
        "As many repairs as the stack allows in an hour are made in this account (`MaxRepairsPerHour`; for \
         the threat list `MaxListingsPerHour`). It is a fuse: the next hour does not mend it. Only the plan \
         that reached it is told; what comes after waits silently.",
        "Look whether the repairs are meant. If so: `kintsugi resume REMEDIATION --account ID`.";
    Hold::Window { .. } => [Hold::Window { policy: "at-night".into(), until: at(1) }],
        "A permit that applies has a `@window`, and that is shut.",
        "Nothing: it is planned anew and done within five minutes after the window opens. If it is urgent: \
         `kintsugi run` does not wait for the window.";
    Hold::DryRun => [Hold::DryRun],
        "The strictest permit that applies has `@mode(\"dry-run\")`. Where no policies were pushed that is the \
         stack's `Mode`.",
        "Read the plan. Then change the policies, or `make deploy PARAMS=\"Mode=enforce\"`.";
}

/// What lifts it, other than a change of what it says.
pub(crate) fn lifted_by(hold: &Hold) -> &'static str {
    match hold {
        Hold::PlanChanged { .. }
        | Hold::Irreversible
        | Hold::NeedsPerson { .. }
        | Hold::NeedsApproval { .. } => "approval; asking for it",
        Hold::AwaitsAnswer { .. } => "the answer; time",
        Hold::Exempt { .. } => "time",
        Hold::Window { .. } => "time; asking for it with `run`",
        Hold::Paused { .. } => "`resume`; time, if it has an end",
        Hold::OverCap { .. } => "`resume`",
        Hold::OptedOut { .. }
        | Hold::NotOptedIn { .. }
        | Hold::NotPermitted
        | Hold::Forbidden { .. }
        | Hold::UnclearExemption { .. }
        | Hold::Owned(_)
        | Hold::OtherAccount { .. }
        | Hold::Guarded { .. }
        | Hold::ByHand { .. }
        | Hold::Drifted
        | Hold::DryRun => "nothing",
    }
}

/// Whether people are told of what is held for this reason alone.
pub(crate) fn is_told(hold: &Hold) -> &'static str {
    let page = Page::of(&check::signal("sg-1"), "ec2/close_world_ingress", check::now());
    let page = Page { outcome: Outcome::Held { why: vec![hold.clone()] }, ..page };
    match notice::of(&page) {
        // The pipeline tells of none but the first.
        Some(_) if matches!(hold, Hold::OverCap { .. }) => "the first",
        Some(_) => "yes",
        None => "no",
    }
}

#[test]
fn what_waiting_lifts_is_said_to_be_lifted_by_it_and_what_asking_lifts_by_that() {
    for hold in reasons().into_iter().flat_map(|reason| reason.samples) {
        let lifted = lifted_by(&hold);
        assert_eq!(hold.is_lifted_by_asking(), lifted.contains("approval"), "{hold:?}: {lifted}");
        if hold.is_lifted_by_waiting() {
            assert!(lifted.contains("time") || lifted.contains("resume"), "{hold:?}: {lifted}");
        }
    }
}

#[test]
fn reasons_are_in_the_order_in_which_they_are_told() {
    let ranks: Vec<_> = reasons().iter().map(|reason| reason.samples[0].rank()).collect();
    assert!(ranks.is_sorted(), "{ranks:?}");
}

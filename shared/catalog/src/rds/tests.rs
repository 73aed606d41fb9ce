//! What the tests of several remediations share.

use remedy::{Case, Hold, Remediation, Signal, check::now};

/// What is left to a person and why, and the commands; nothing: nothing is.
pub(super) fn hand<R: Remediation>(
    remediation: &R,
    facet: &R::Facet,
    signal: &Signal,
) -> (String, Vec<String>) {
    let plan = remediation.plan(facet, &Case { signal, now: now() });
    let left = plan.left.iter().map(|left| match &left.why {
        Hold::ByHand { why } => format!("{}: {why}", left.what),
        other => format!("{}: {other:?}", left.what),
    });
    (left.collect::<Vec<_>>().join("; "), plan.by_hand)
}

//! GuardDuty: the list of attackers' addresses.

mod attackers;
mod command;
mod findings;
mod iam;
mod known;
mod list_change;
mod listing;
mod name;
mod public;
mod roll;
mod settings;
mod text;
mod threat_list;
mod truth;
mod wire;

pub use findings::{FindingId, Findings};
pub use known::{Known, Ranges, Trusted};
pub use list_change::{ListChange, Why};
pub use listing::{By, Listing, Time};
pub use name::{Name, Unfit};
pub use roll::Roll;
pub use settings::{
    LIST_DAYS, LIST_FROM_SEVERITY, LIST_OUTBOUND, List, NEVER_LIST, REFUSE_AWS_RANGES,
    THREAT_LIST_BUCKET, THREAT_LIST_KIND, THREAT_LIST_NAME, TRUSTED_LIST_OBJECT,
};
pub use text::{Edits, edits, render};
pub use threat_list::{Kind, Status, ThreatList, ThreatListId};
pub use truth::{Rejected, Truth};

crate::remediations! {
    list_attackers::ListAttackers,
}

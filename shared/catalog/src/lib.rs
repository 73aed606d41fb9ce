//! Every remediation there is, one folder an AWS service, one file a remediation.
//!
//! To add one, write `service/name.rs` in the shape of its neighbours and add its line to the list in
//! `service/mod.rs`. If it looks at something no remediation has looked at before, it also needs a
//! facet (`service/noun.rs`) and that facet's SDK calls (`functions/service/`).

use remedy::{Entry, Signal};

mod days;
mod prevent;

pub mod audit;
pub mod compute;
pub mod data;
pub mod detect;
pub mod ec2;
pub mod edge;
pub mod guardduty;
pub mod iam;
pub mod messages;
pub mod rds;
pub mod s3;
pub mod secrets;
pub mod sweep;

pub use prevent::{How, Prevention, prevention};

/// The functions there are, and what each answers. In the order of the docs.
pub const FUNCTIONS: &[(&str, &[Entry])] = &[
    ("audit", audit::ENTRIES),
    ("compute", compute::ENTRIES),
    ("data", data::ENTRIES),
    ("detect", detect::ENTRIES),
    ("ec2", ec2::ENTRIES),
    ("edge", edge::ENTRIES),
    ("guardduty", guardduty::ENTRIES),
    ("iam", iam::ENTRIES),
    ("messages", messages::ENTRIES),
    ("rds", rds::ENTRIES),
    ("s3", s3::ENTRIES),
    ("secrets", secrets::ENTRIES),
    ("sweep", sweep::ENTRIES),
];

/// All of them, in the order of the docs.
pub fn entries() -> impl Iterator<Item = &'static Entry> {
    FUNCTIONS.iter().flat_map(|(_, entries)| *entries)
}

/// Whether some function answers what was signalled.
pub fn answers(signal: &Signal) -> bool {
    functions_for(signal).next().is_some()
}

/// The functions that answer what was signalled.
pub fn functions_for(signal: &Signal) -> impl Iterator<Item = &'static str> {
    let is_for = |entry: &Entry| is_for(entry, signal);
    let all = FUNCTIONS.iter().filter(move |(_, entries)| entries.iter().any(is_for));
    all.map(|(function, _)| *function)
}

/// The remediations that answer what was signalled.
pub fn remediations_for(signal: &Signal) -> impl Iterator<Item = &'static str> {
    entries().filter(|entry| is_for(entry, signal)).map(|entry| entry.spec.id)
}

fn is_for(entry: &Entry, signal: &Signal) -> bool {
    entry.spec.triggers.iter().any(|trigger| match trigger.is_any_finding() {
        true => signal.threat.is_some(),
        false => trigger.is(&signal.trigger),
    })
}

/// The function that a remediation belongs to.
pub fn function_of(remediation: &str) -> Option<&'static str> {
    let is_its = |entry: &Entry| entry.spec.id == remediation;
    let function = FUNCTIONS.iter().find(|(_, entries)| entries.iter().any(is_its));
    function.map(|(function, _)| *function)
}

/// What there is in place of a remediation that there is not, for people: those of its function, or the functions.
pub fn instead_of(remediation: &str) -> String {
    let function = remediation.split('/').next().unwrap_or_default();
    if let Some((_, entries)) = FUNCTIONS.iter().find(|(name, _)| *name == function) {
        let ids: Vec<_> = entries.iter().map(|entry| entry.spec.id).collect();
        return format!("there are {}", ids.join(", "));
    }
    let functions: Vec<_> = FUNCTIONS.iter().map(|(name, _)| format!("{name}/...")).collect();
    format!("there are {}; docs/remediations.md has them all", functions.join(", "))
}

/// Declares a service's remediations: `file_name::TypeName`, one a line.
///
/// `ENTRIES` is what is known of them; `runners` is them, for a cloud that serves all their facets, as
/// the operator set them.
macro_rules! remediations {
    ($($file:ident :: $name:ident,)*) => {
        $(mod $file; pub use $file::$name;)*

        /// What is known of this service's remediations.
        pub const ENTRIES: &[remedy::Entry] = &[$(remedy::Entry::of::<$name>()),*];

        /// This service's remediations, as the operator set them.
        ///
        /// # Errors
        /// If a parameter is set to what it cannot be.
        pub fn runners<C, D>(
            settings: &remedy::Settings,
        ) -> Result<Vec<Box<dyn runtime::Runner<C, D>>>, remedy::Wrong>
        where
            C: $(runtime::Cloud<<$name as remedy::Remediation>::Facet> +)* 'static,
            D: runtime::Desk + 'static,
        {
            use remedy::Remediation as _;
            Ok(vec![$(Box::new($name::configured(settings)?)),*])
        }
    };
}
pub(crate) use remediations;

//! What detects: GuardDuty, Inspector, Macie.

mod detector;
mod discovery;
mod guard_duty;
mod inspector;
mod macie;
mod part;

pub use detector::{Detector, DetectorId, DetectorSetting, Feature, Runtime};
pub use discovery::{Discovery, DiscoveryId, DiscoverySetting};
pub use guard_duty::{DetectorState, GuardDuty, GuardDutyId};
pub use inspector::{Inspector, InspectorId, Scan, ScanSetting};
pub use macie::{Macie, MacieId, MacieState};
pub use part::{DetectorPart, DetectorPartId};

crate::remediations! {
    enable_discovery::EnableDiscovery,
    enable_guard_duty::EnableGuardDuty,
    enable_macie::EnableMacie,
    enable_protection::EnableProtection,
    enable_scanning::EnableScanning,
    tag_detector_part::TagDetectorPart,
}

/// `on` or `off`, for people.
fn word(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// The row of a table of controls, AWS Config rules and what they ask for, that a case is about.
fn row<T: Copy>(table: &[(&'static str, &'static str, T)], case: &remedy::Case<'_>) -> Option<T> {
    use remedy::Trigger;
    let asks = |control: &'static str, rule: &'static str| {
        [Trigger::control(control), Trigger::config_rule(rule)]
            .iter()
            .any(|trigger| trigger.is(&case.signal.trigger))
    };
    table.iter().find(|(control, rule, _)| asks(control, rule)).map(|(_, _, it)| *it)
}

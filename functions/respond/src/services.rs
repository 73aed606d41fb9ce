//! The services that there are, each with its cloud.

use ec2::Ec2;
use guardduty::GuardDuty;
use lambda::Kit;
use remedy::Wrong;
use runtime::{Desk, Service, Serving};

/// Every service, in the order of the docs, for any desk.
///
/// # Errors
/// If a parameter is set to what it cannot be.
pub fn services<D: Desk + 'static>(kit: &Kit<'_>) -> Result<Vec<Box<dyn Service<D>>>, Wrong> {
    let settings = kit.settings;
    Ok(vec![
        Box::new(Serving {
            name: "ec2",
            runners: catalog::ec2::runners(settings)?,
            cloud: Ec2::new(kit.accounts),
        }),
        Box::new(Serving {
            name: "guardduty",
            runners: catalog::guardduty::runners(settings)?,
            cloud: GuardDuty::new(kit)?,
        }),
        Box::new(Serving {
            name: "sweep",
            runners: catalog::sweep::runners(settings)?,
            cloud: GuardDuty::new(kit)?,
        }),
    ])
}

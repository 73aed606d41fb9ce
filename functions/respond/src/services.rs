//! The services that there are, each with its cloud.

use audit::Audit;
use compute::Compute;
use data::Data;
use detect::Detect;
use ec2::Ec2;
use edge::Edge;
use guardduty::GuardDuty;
use iam::Iam;
use lambda::Kit;
use messages::Messages;
use rds::Rds;
use remedy::Wrong;
use runtime::{Desk, Service, Serving};
use s3::S3;
use secrets::Secrets;

/// Every service, in the order of the docs, for any desk.
///
/// # Errors
/// If a parameter is set to what it cannot be.
pub fn services<D: Desk + 'static>(kit: &Kit<'_>) -> Result<Vec<Box<dyn Service<D>>>, Wrong> {
    macro_rules! serving {
        ($($name:ident: $cloud:expr,)+) => {
            Ok(vec![$(Box::new(Serving {
                name: stringify!($name),
                runners: catalog::$name::runners(kit.settings)?,
                cloud: $cloud,
            })),+])
        };
    }
    serving! {
        audit: Audit::new(kit.accounts),
        compute: Compute::new(kit.accounts),
        data: Data::new(kit.accounts),
        detect: Detect::new(kit.accounts),
        ec2: Ec2::new(kit.accounts),
        edge: Edge::new(kit.accounts),
        guardduty: GuardDuty::new(kit)?,
        iam: Iam::new(kit.accounts),
        messages: Messages::new(kit.accounts),
        rds: Rds::new(kit.accounts),
        s3: S3::new(kit.accounts),
        secrets: Secrets::new(kit.accounts),
        sweep: GuardDuty::new(kit)?,
    }
}

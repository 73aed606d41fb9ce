//! Tells how to close an access point to the public.
//!
//! It is never done here: what an access point refuses is set as it is made. It must be made anew, and
//! meanwhile whoever uses it is cut off.

use remedy::{
    Case, Never, Place, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong,
    quoted,
};

use super::{AccessBlock, AccessPoint, AccessPointId};

/// See the [module](self).
#[derive(Debug)]
pub struct CloseAccessPoint;

impl Remediation for CloseAccessPoint {
    type Facet = AccessPoint;

    const SPEC: Spec = Spec {
        id: "s3/close_access_point",
        title: "Tell how to close an access point to the public",
        triggers: &[
            Trigger::control("S3.19"),
            Trigger::config_rule("S3_ACCESS_POINT_PUBLIC_ACCESS_BLOCKS"),
        ],
        severity: Severity::Critical,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "It is only told: an access point must be made anew, and who uses it is cut off meanwhile. Its policy is kept for the new one.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, point: &AccessPoint, case: &Case<'_>) -> Plan<Never> {
        if point.block == AccessBlock::ALL {
            return Plan::none();
        }
        let commands = self.target(case.signal).map(|id| commands(&case.signal.place, &id, point));
        Plan::by_hand(
            format!("the access point has its {}", point.block),
            "that cannot be changed: it must be made anew, and who uses it is cut off meanwhile. \
             Blocking the bucket itself closes it, too",
            commands.into_iter().flatten(),
        )
    }
}

fn commands(place: &Place, id: &AccessPointId, point: &AccessPoint) -> Vec<String> {
    let call = |call: &str| {
        format!(
            "aws s3control {call} --region {} --account-id {} --name {}",
            place.region,
            place.account,
            quoted(&id.0)
        )
    };
    let vpc = point
        .vpc
        .as_deref()
        .map(|vpc| format!(" --vpc-configuration {}", quoted(&format!("VpcId={vpc}"))));
    vec![
        format!(
            "{} --query Policy --output text > access-point-policy.json",
            call("get-access-point-policy")
        ),
        call("delete-access-point"),
        format!(
            "{} --bucket {}{} --public-access-block-configuration {}",
            call("create-access-point"),
            quoted(&point.bucket),
            vpc.unwrap_or_default(),
            AccessBlock::ALL.argument()
        ),
        format!("{} --policy file://access-point-policy.json", call("put-access-point-policy")),
    ]
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const POINT: &str = "arn:aws:s3:eu-west-1:111122223333:accesspoint/web-1";

    #[test]
    fn it_is_told_where_the_public_is_not_refused_in_all_four_ways() {
        let some = AccessBlock { ignore_public_acls: true, ..AccessBlock::default() };
        for (block, left) in [(AccessBlock::default(), 1), (some, 1), (AccessBlock::ALL, 0)] {
            let vpc = Some("vpc-1".to_owned());
            let point = AccessPoint { bucket: "web".into(), vpc, block, tags: [].into() };
            check(&CloseAccessPoint, &point, &signal(POINT), &[]);
            let plan = CloseAccessPoint.plan(&point, &Case { signal: &signal(POINT), now: now() });
            assert_eq!((plan.left.len(), plan.by_hand.len()), (left, 4 * left), "{block:?}");
        }
    }
}

//! Tells how to keep a bucket's objects in another Region, too.
//!
//! It is never done here: the other bucket and the role are for a person to choose, and every object is
//! paid for twice.

use remedy::{
    Case, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong,
};

use super::BucketReplication;

/// See the [module](self).
#[derive(Debug)]
pub struct ReplicateElsewhere;

impl Remediation for ReplicateElsewhere {
    type Facet = BucketReplication;

    const SPEC: Spec = Spec {
        id: "s3/replicate_elsewhere",
        title: "Tell how to replicate a bucket to another Region",
        triggers: &[
            Trigger::control("S3.7"),
            Trigger::config_rule("S3_BUCKET_CROSS_REGION_REPLICATION_ENABLED"),
        ],
        severity: Severity::Low,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "It is only told: copies in another Region cost, and may not be allowed there. A copy that stays in its Region is told from one that does not.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, bucket: &BucketReplication, case: &Case<'_>) -> Plan<Never> {
        let place = &case.signal.place;
        let leaves = |region: &Option<String>| region.as_ref().is_some_and(|r| *r != place.region);
        if bucket.to.iter().any(|replica| leaves(&replica.region)) {
            return Plan::none();
        }
        let what = match &bucket.to[..] {
            [] => "objects are kept in one Region only".to_owned(),
            to => {
                let names: Vec<_> = to.iter().map(|replica| replica.bucket.as_str()).collect();
                format!(
                    "objects are copied to {} only, not known to be elsewhere",
                    names.join(", ")
                )
            }
        };
        let commands = self.target(case.signal).map(|id| {
            let versioning = id.command(place, "put-bucket-versioning");
            let replication = id.command(place, "put-bucket-replication");
            [
                format!("{versioning} --versioning-configuration Status=Enabled"),
                format!("{replication} --replication-configuration file://replication.json"),
            ]
        });
        Plan::by_hand(
            what,
            "choose a bucket in a Region where the data may be, with versioning on, and a role that may \
             copy into it; every object is paid for twice",
            commands.into_iter().flatten(),
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;
    use crate::s3::Replica;

    #[test]
    fn it_is_told_unless_a_copy_is_known_to_be_in_another_region() {
        for (regions, left) in [
            (&[][..], 1),
            (&[Some("eu-west-1")][..], 1),
            (&[None], 1),
            (&[Some("eu-west-1"), Some("eu-central-1")], 0),
        ] {
            let replica = |region: Option<&str>| Replica {
                bucket: "copies".into(),
                region: region.map(str::to_owned),
            };
            let to = regions.iter().copied().map(replica).collect();
            let bucket = BucketReplication { to, tags: [].into() };
            check(&ReplicateElsewhere, &bucket, &signal("web"), &[]);
            let plan =
                ReplicateElsewhere.plan(&bucket, &Case { signal: &signal("web"), now: now() });
            assert_eq!((plan.left.len(), plan.by_hand.len()), (left, 2 * left), "{bucket:?}");
        }
    }
}

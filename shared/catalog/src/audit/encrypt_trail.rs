//! Encrypts a trail's log files with a KMS key of the operator's.
//!
//! A person is asked: who reads the log files and has no right to the key can read no new ones. Without a
//! key it is left to them entirely. A trail that has a key keeps it, whichever it is.

use remedy::{
    Case, Place, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Swap, Trigger, Undo,
    Wrong,
};

use super::{
    Trail, TrailId, TrailSetting,
    given::{Given, TRAIL_KEY_ARN},
};

/// See the [module](self).
#[derive(Debug)]
pub struct EncryptTrail {
    key: Option<Given>,
}

impl Remediation for EncryptTrail {
    type Facet = Trail;

    const SPEC: Spec = Spec {
        id: "audit/encrypt_trail",
        title: "Encrypt the log files of a trail with a KMS key",
        triggers: &[
            Trigger::control("CloudTrail.2"),
            Trigger::config_rule("CLOUD_TRAIL_ENCRYPTION_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[TRAIL_KEY_ARN],
        undo: Undo::Partly("log files that were written meanwhile stay encrypted with the key"),
        care: "The key is the operator's, never one that goes with this stack. A person says when, since readers need rights to it.",
        since: "0.4.0",
    };

    fn configured(settings: &Settings) -> Result<Self, Wrong> {
        Ok(Self { key: Given::configured(settings, &TRAIL_KEY_ARN, "kms", "key/")? })
    }

    fn target(&self, signal: &Signal) -> Option<TrailId> {
        TrailId::reported(signal)
    }

    fn plan(&self, trail: &Trail, case: &Case<'_>) -> Plan<Swap<TrailSetting>> {
        if trail.key.is_some() {
            return Plan::none();
        }
        let place = &case.signal.place;
        let Some(key) = &self.key else {
            let id = TrailId::reported(case.signal);
            return Plan::by_hand(
                "the log files of the trail are encrypted with S3's own keys only",
                "TrailKeyArn names no key; who reads the log files will need kms:Decrypt on the one you make",
                id.map(|id| from_scratch(place, &id)).unwrap_or_default(),
            );
        };
        let to = TrailSetting::Key(Some(key.at(place)));
        trail.set(TrailSetting::Key(None), to, case).asking(
            "who reads this trail's log files and has no kms:Decrypt on the key cannot read new ones, and \
             CloudTrail must be allowed to use it",
        )
    }
}

/// A key of the trail's own.
fn from_scratch(place: &Place, id: &TrailId) -> [String; 2] {
    let Place { partition, account, region } = place;
    let policy = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Principal":{{"AWS":"arn:{partition}:iam::{account}:root"}},"Action":"kms:*","Resource":"*"}},{{"Effect":"Allow","Principal":{{"Service":"cloudtrail.amazonaws.com"}},"Action":["kms:GenerateDataKey*","kms:DescribeKey"],"Resource":"*","Condition":{{"StringEquals":{{"aws:SourceArn":"arn:{partition}:cloudtrail:{region}:{account}:trail/{id}"}}}}}}]}}"#
    );
    [
        format!(
            "KEY=$(aws kms create-key --region {region} --description 'trail {id}' --policy '{policy}' --query \
             KeyMetadata.Arn --output text)"
        ),
        format!(r#"aws cloudtrail update-trail --region {region} --name {id} --kms-key-id "$KEY""#),
    ]
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const MAIN: &str = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main";
    const KEY: &str = "arn:aws:kms:{region}:{account}:key/k1";

    fn main() -> Trail {
        let (account, home) = ("111122223333".into(), "eu-west-1".into());
        Trail { account, home, ..Trail::default() }
    }

    fn with(key: &str) -> EncryptTrail {
        EncryptTrail::configured(&[("TRAIL_KEY_ARN", key)].into_iter().collect()).unwrap()
    }

    fn plan(remediation: &EncryptTrail, trail: &Trail) -> Plan<Swap<TrailSetting>> {
        remediation.plan(trail, &Case { signal: &signal(MAIN), now: now() })
    }

    #[test]
    fn a_trail_without_a_key_gets_the_operators_if_a_person_agrees() {
        let expected = "set encryption with arn:aws:kms:eu-west-1:111122223333:key/k1 \
                        (it is encryption with S3's own keys)";
        check(&with(KEY), &main(), &signal(MAIN), &[expected]);
        assert!(plan(&with(KEY), &main()).ask.unwrap().contains("kms:Decrypt"));
    }

    #[test]
    fn one_with_any_key_keeps_it() {
        check(&with(KEY), &Trail { key: Some("other".into()), ..main() }, &signal(MAIN), &[]);
    }

    #[test]
    fn without_a_key_people_are_told_how_to_make_one_that_cloudtrail_may_use() {
        check(&with(""), &main(), &signal(MAIN), &[]);
        let commands = plan(&with(""), &main()).by_hand;
        assert_eq!(commands.len(), 2);
        assert!(commands[0].contains("arn:aws:cloudtrail:eu-west-1:111122223333:trail/main"));
        assert!(commands[1].ends_with(r#"--name main --kms-key-id "$KEY""#));
    }

    #[test]
    fn an_organizations_trail_is_left_to_people_and_nobody_is_asked() {
        let trail = Trail { organization: true, ..main() };
        check(&with(KEY), &trail, &signal(MAIN), &[]);
        let plan = plan(&with(KEY), &trail);
        assert_eq!((plan.ask, plan.left.len(), plan.by_hand.len()), (None, 1, 1));
    }

    #[test]
    fn an_alias_is_no_key() {
        let settings = [("TRAIL_KEY_ARN", "arn:aws:kms:{region}:{account}:alias/k")];
        assert!(EncryptTrail::configured(&settings.into_iter().collect()).is_err());
    }
}

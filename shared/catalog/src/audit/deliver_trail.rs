//! Sends what a trail records to `CloudWatch` Logs as well, where it can be watched as it happens.
//!
//! Group and role are the operator's; without them it is left to a person, and so is a trail of an
//! organization or of another Region. A trail that delivers to any group is right. The policy of its
//! bucket is never touched.

use remedy::{
    Case, Parameter, Place, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Swap,
    Trigger, Undo, Wrong,
};

use super::{
    Delivery, Trail, TrailId, TrailSetting,
    given::{Given, is_in},
};

/// See the [module](self).
#[derive(Debug)]
pub struct DeliverTrail {
    group: Option<Given>,
    role: Option<Given>,
}

const TRAIL_LOG_GROUP_ARN: Parameter = Parameter {
    name: "TrailLogGroupArn",
    default: "",
    allowed: "the ARN of a log group, {account} and {region} stand for those at hand; or nothing",
    about: "the log group that trails without one deliver to; it must be in the trail's account and Region",
};
const TRAIL_LOG_ROLE_ARN: Parameter = Parameter {
    name: "TrailLogRoleArn",
    default: "",
    allowed: "the ARN of an IAM role, {account} stands for the one at hand; or nothing",
    about: "the role as which CloudTrail writes to TrailLogGroupArn",
};

const WRONG: &str = "the trail does not deliver to CloudWatch Logs";

impl Remediation for DeliverTrail {
    type Facet = Trail;

    const SPEC: Spec = Spec {
        id: "audit/deliver_trail",
        title: "Let a trail deliver to CloudWatch Logs",
        triggers: &[
            Trigger::control("CloudTrail.5"),
            Trigger::config_rule("CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED"),
        ],
        severity: Severity::Low,
        risk: Risk::Safe,
        parameters: &[TRAIL_LOG_GROUP_ARN, TRAIL_LOG_ROLE_ARN],
        undo: Undo::Yes,
        care: "The policy of the trail's bucket is not touched, so shared buckets keep working; a trail that delivers anywhere keeps its group.",
        since: "0.4.0",
    };

    fn configured(settings: &Settings) -> Result<Self, Wrong> {
        let group = Given::configured(settings, &TRAIL_LOG_GROUP_ARN, "logs", "log-group:")?;
        let role = Given::configured(settings, &TRAIL_LOG_ROLE_ARN, "iam", "role/")?;
        Ok(Self { group, role })
    }

    fn target(&self, signal: &Signal) -> Option<TrailId> {
        TrailId::reported(signal)
    }

    fn plan(&self, trail: &Trail, case: &Case<'_>) -> Plan<Swap<TrailSetting>> {
        if trail.delivery.is_some() {
            return Plan::none();
        }
        let place = &case.signal.place;
        let (Some(group), Some(role)) = (&self.group, &self.role) else {
            let why = "TrailLogGroupArn and TrailLogRoleArn do not say where to and as whom";
            let id = TrailId::reported(case.signal);
            let commands = id.map(|id| from_scratch(place, &id)).unwrap_or_default();
            return Plan::by_hand(WRONG, why, commands);
        };
        let delivery = Delivery { group: format!("{}:*", group.at(place)), role: role.at(place) };
        if !is_in(&delivery.group, place) || !is_in(&delivery.role, place) {
            let why = format!(
                "{} and {} must be in the account and Region of the trail",
                delivery.group, delivery.role
            );
            return Plan::by_hand(WRONG, why, []);
        }
        trail.set(TrailSetting::Delivery(None), TrailSetting::Delivery(Some(delivery)), case)
    }
}

/// A group and a role of the trail's own.
fn from_scratch(place: &Place, id: &TrailId) -> Vec<String> {
    let Place { partition, account, region } = place;
    let group = format!("arn:{partition}:logs:{region}:{account}:log-group:CloudTrail/{id}:*");
    let role = format!("CloudTrail-{id}-{region}");
    let trusts = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Principal":{"Service":"cloudtrail.amazonaws.com"},"Action":"sts:AssumeRole"}]}"#;
    let may = format!(
        r#"{{"Version":"2012-10-17","Statement":[{{"Effect":"Allow","Action":["logs:CreateLogStream","logs:PutLogEvents"],"Resource":"{group}"}}]}}"#
    );
    let delivery = Delivery { group, role: format!("arn:{partition}:iam::{account}:role/{role}") };
    let change =
        Swap { from: TrailSetting::Delivery(None), to: TrailSetting::Delivery(Some(delivery)) };
    let mut commands = vec![
        format!("aws logs create-log-group --region {region} --log-group-name CloudTrail/{id}"),
        format!("aws iam create-role --role-name {role} --assume-role-policy-document '{trusts}'"),
        format!(
            "aws iam put-role-policy --role-name {role} --policy-name deliver --policy-document '{may}'"
        ),
    ];
    commands.extend(<Trail as remedy::Facet>::commands(place, id, &[change]));
    commands
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const MAIN: &str = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/main";
    const GIVEN: [(&str, &str); 2] = [
        ("TRAIL_LOG_GROUP_ARN", "arn:aws:logs:{region}:{account}:log-group:trail"),
        ("TRAIL_LOG_ROLE_ARN", "arn:aws:iam::{account}:role/trail"),
    ];

    fn main() -> Trail {
        let (account, home) = ("111122223333".into(), "eu-west-1".into());
        Trail { account, home, ..Trail::default() }
    }

    fn configured(settings: &[(&str, &str)]) -> DeliverTrail {
        DeliverTrail::configured(&settings.iter().copied().collect()).unwrap()
    }

    fn left(remediation: &DeliverTrail, trail: &Trail) -> (String, Vec<String>) {
        check(remediation, trail, &signal(MAIN), &[]);
        let plan = remediation.plan(trail, &Case { signal: &signal(MAIN), now: now() });
        (plan.left[0].why.to_string(), plan.by_hand)
    }

    #[test]
    fn a_trail_that_delivers_nowhere_delivers_where_the_operator_says() {
        check(
            &configured(&GIVEN),
            &main(),
            &signal(MAIN),
            &[
                "set delivery to arn:aws:logs:eu-west-1:111122223333:log-group:trail:* (it is delivery to no log \
               group)",
            ],
        );
    }

    #[test]
    fn one_that_delivers_anywhere_is_right() {
        let delivery = Some(Delivery { group: "arn:aws:logs:x".into(), role: String::new() });
        check(&configured(&GIVEN), &Trail { delivery, ..main() }, &signal(MAIN), &[]);
    }

    #[test]
    fn without_group_or_role_it_is_left_to_people_who_are_told_how() {
        for settings in [&[][..], &GIVEN[..1], &GIVEN[1..]] {
            let (why, commands) = left(&configured(settings), &main());
            assert!(why.contains("TrailLogGroupArn and TrailLogRoleArn"), "{why}");
            assert_eq!(commands.len(), 4);
            assert!(
                commands[3].contains("--cloud-watch-logs-role-arn arn:aws:iam::111122223333:role/")
            );
            assert!(!commands.iter().any(|command| command.contains("bucket-policy")));
        }
    }

    #[test]
    fn a_group_of_another_account_or_region_does_not_do() {
        for group in [
            "arn:aws:logs:us-east-1:{account}:log-group:trail",
            "arn:aws:logs:{region}:444455556666:log-group:trail",
        ] {
            let remediation = configured(&[("TRAIL_LOG_GROUP_ARN", group), GIVEN[1]]);
            assert!(left(&remediation, &main()).0.contains("must be in the account and Region"));
        }
    }

    #[test]
    fn an_organizations_trail_is_left_to_people() {
        let trail = Trail { organization: true, ..main() };
        assert!(left(&configured(&GIVEN), &trail).0.contains("an organization's"));
    }

    #[test]
    fn what_is_neither_group_nor_role_is_not_accepted() {
        for settings in [
            [
                ("TRAIL_LOG_GROUP_ARN", "arn:aws:logs:{region}:{account}:log-group:trail:*"),
                GIVEN[1],
            ],
            [GIVEN[0], ("TRAIL_LOG_ROLE_ARN", "arn:aws:iam::{account}:user/trail")],
        ] {
            assert!(DeliverTrail::configured(&settings.into_iter().collect()).is_err());
        }
    }
}

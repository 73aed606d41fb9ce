//! Lets what goes in and out of a VPC be written down, in a log group of its own.
//!
//! That costs by the traffic, and needs a role by which the logs are written: without one it is left to a person.
//! A flow log that is there and cannot write is not doubled but told.

use remedy::{
    Arn, Case, Guard, Parameter, Place, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger,
    Undo, Wrong, quoted,
};

use super::{FlowLogChange, FlowLogs, FlowTraffic, NewFlowLog, VpcId};

/// See the [module](self).
#[derive(Debug)]
pub struct LogVpcTraffic {
    /// The path and name of the role, if there is one; in every account it is another one.
    role: String,
    prefix: String,
    tag: (String, String),
}

const FLOW_LOG_ROLE_ARN: Parameter = Parameter {
    name: "FlowLogRoleArn",
    default: "",
    allowed: "the ARN of a role that vpc-flow-logs.amazonaws.com may assume, or nothing",
    about: "the role that writes VPC flow logs, in other accounts the one of the same name; without it \
            flow logs are left to people",
};
const FLOW_LOG_GROUP_PREFIX: Parameter = Parameter {
    name: "FlowLogGroupPrefix",
    default: "vpc-flow-logs/",
    allowed: "1 to 200 letters, digits and _ - / . #",
    about: "the log group of a VPC's flow logs is called this and the VPC's id",
};

impl Remediation for LogVpcTraffic {
    type Facet = FlowLogs;

    const SPEC: Spec = Spec {
        id: "ec2/log_vpc_traffic",
        title: "Log the traffic of a VPC",
        triggers: &[Trigger::control("EC2.6"), Trigger::config_rule("VPC_FLOW_LOGS_ENABLED")],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[FLOW_LOG_ROLE_ARN, FLOW_LOG_GROUP_PREFIX],
        undo: Undo::Partly("what was logged stays in the log group"),
        care: "All traffic is logged, not only what was rejected. A flow log that is there but cannot write is told, not doubled, and the flow log that was made is deleted by an undo.",
        since: "0.4.0",
    };

    fn configured(settings: &Settings) -> Result<Self, Wrong> {
        Ok(Self {
            role: settings.read(&FLOW_LOG_ROLE_ARN, role)?,
            prefix: settings.read(&FLOW_LOG_GROUP_PREFIX, prefix)?,
            tag: Guard::configured(settings)?.opt_in,
        })
    }

    fn plan(&self, found: &FlowLogs, case: &Case<'_>) -> Plan<FlowLogChange> {
        let counts = |traffic| matches!(traffic, FlowTraffic::Reject | FlowTraffic::All);
        let (place, id) = (&case.signal.place, self.target(case.signal));
        let mut logs = found.logs.iter().filter(|log| counts(log.traffic));
        match (logs.clone().all(|log| log.trouble.is_some()), logs.next()) {
            (false, _) => return Plan::none(),
            (true, Some(log)) => {
                let trouble = log.trouble.as_deref().unwrap_or_default();
                return Plan::by_hand(
                    format!("the flow log to {} does not write: {trouble}", log.to),
                    MEND,
                    [],
                );
            }
            (true, None) => {}
        }
        let Some(VpcId(vpc)) = id else { return Plan::none() };
        let log_group = format!("{}{vpc}", self.prefix);
        let role = &self.role;
        if role.is_empty() {
            let command = by_hand(place, &vpc, &log_group);
            return Plan::by_hand("the VPC has no flow log", NO_ROLE, [command]);
        }
        let Place { partition, account, .. } = place;
        let is_half_logged = found.logs.iter().any(|log| log.trouble.is_none());
        let new = NewFlowLog {
            // What is accepted is written down already.
            traffic: if is_half_logged { FlowTraffic::Reject } else { FlowTraffic::All },
            log_group,
            role: format!("arn:{partition}:iam::{account}:role/{role}"),
            tag: self.tag.clone(),
        };
        [FlowLogChange::Create(new)].into_iter().collect()
    }
}

const MEND: &str =
    "a second flow log would hide that the first one fails; mend its role or its destination";
const NO_ROLE: &str = "flow logs need a role to write them, and cost by the traffic; set FlowLogRoleArn to have \
     them made, or make one";

/// What follows `role/` in the ARN of a role; nothing where there is none.
fn role(text: &str) -> Option<String> {
    if text.is_empty() {
        return Some(String::new());
    }
    let arn = Arn::parse(text).filter(|arn| arn.service == "iam")?;
    let name = arn.resource.strip_prefix("role/").filter(|name| !name.is_empty())?;
    let fits = |c: char| c.is_ascii_alphanumeric() || "_+=,.@-/".contains(c);
    name.chars().all(fits).then(|| name.to_owned())
}

fn prefix(text: &str) -> Option<String> {
    let fits = |c: char| c.is_ascii_alphanumeric() || "_-/.#".contains(c);
    ((1..=200).contains(&text.len()) && text.chars().all(fits)).then(|| text.to_owned())
}

fn by_hand(place: &Place, vpc: &str, log_group: &str) -> String {
    format!(
        "aws ec2 create-flow-logs --region {} --resource-type VPC --resource-ids {vpc} --traffic-type ALL \
         --log-destination-type cloud-watch-logs --log-group-name {} --deliver-logs-permission-arn ROLE_ARN",
        place.region,
        quoted(log_group)
    )
}

#[cfg(test)]
mod tests {
    use remedy::{
        Hold, Signal,
        check::{check, now, signal},
    };

    use super::*;
    use crate::ec2::FlowLog;

    const ROLE: (&str, &str) = ("FLOW_LOG_ROLE_ARN", "arn:aws:iam::111122223333:role/logs/flow");

    fn remediation(settings: &[(&str, &str)]) -> LogVpcTraffic {
        LogVpcTraffic::configured(&settings.iter().copied().collect()).unwrap()
    }

    fn vpc(logs: &[(FlowTraffic, Option<&str>)]) -> FlowLogs {
        let log = |(traffic, trouble): &(FlowTraffic, Option<&str>)| FlowLog {
            traffic: *traffic,
            to: "arn:aws:s3:::flows".into(),
            trouble: trouble.map(str::to_owned),
        };
        FlowLogs { logs: logs.iter().map(log).collect(), ..FlowLogs::default() }
    }

    #[test]
    fn a_vpc_without_a_log_gets_one_of_all_traffic_and_half_a_log_its_other_half() {
        type Logs = &'static [(FlowTraffic, Option<&'static str>)];
        let with_role = remediation(&[ROLE]);
        let signal = signal("vpc-1");
        let cases: &[(Logs, &[&str])] = &[
            (&[], &["log all traffic to vpc-flow-logs/vpc-1"]),
            (&[(FlowTraffic::Accept, None)], &["log rejected traffic to vpc-flow-logs/vpc-1"]),
            (&[(FlowTraffic::Reject, None)], &[]),
            (&[(FlowTraffic::All, None)], &[]),
            (&[(FlowTraffic::All, Some("Access error")), (FlowTraffic::Reject, None)], &[]),
            (&[(FlowTraffic::All, Some("Access error"))], &[]),
        ];
        for (logs, expected) in cases {
            check(&with_role, &vpc(logs), &signal, expected);
        }
    }

    #[test]
    fn what_is_made_carries_the_opt_in_tag_and_the_role_of_its_own_account() {
        let with_role = remediation(&[ROLE, ("FLOW_LOG_GROUP_PREFIX", "/flows/")]);
        let place = Place::new("444455556666", "cn-north-1");
        let signal = Signal { place, ..signal("vpc-1") };
        let plan = with_role.plan(&vpc(&[]), &Case { signal: &signal, now: now() });
        let [FlowLogChange::Create(new)] = plan.changes.as_slice() else { panic!("{plan:?}") };
        assert_eq!(new.role, "arn:aws-cn:iam::444455556666:role/logs/flow");
        assert_eq!(new.log_group, "/flows/vpc-1");
        assert_eq!(new.tag, ("AutoRemediate".into(), "True".into()));
    }

    #[test]
    fn without_a_role_or_with_a_log_that_fails_a_person_is_told() {
        let signal = signal("vpc-1");
        let case = Case { signal: &signal, now: now() };
        check(&remediation(&[]), &vpc(&[]), &signal, &[]);
        let plan = remediation(&[]).plan(&vpc(&[]), &case);
        assert!(
            matches!(&plan.left[0].why, Hold::ByHand { why } if why.contains("FlowLogRoleArn"))
        );
        assert!(plan.by_hand[0].contains("--resource-ids vpc-1 --traffic-type ALL"));
        let failing = vpc(&[(FlowTraffic::All, Some("Access error"))]);
        let plan = remediation(&[ROLE]).plan(&failing, &case);
        assert_eq!(
            plan.left[0].what,
            "the flow log to arn:aws:s3:::flows does not write: Access error"
        );
    }

    #[test]
    fn a_role_that_is_none_is_refused() {
        for (name, value) in [
            ("FLOW_LOG_ROLE_ARN", "flow"),
            ("FLOW_LOG_ROLE_ARN", "arn:aws:iam::111122223333:user/flow"),
            ("FLOW_LOG_ROLE_ARN", "arn:aws:iam::111122223333:role/a b"),
            ("FLOW_LOG_GROUP_PREFIX", "a b"),
        ] {
            assert!(
                LogVpcTraffic::configured(&[(name, value)].into_iter().collect()).is_err(),
                "{value}"
            );
        }
    }
}

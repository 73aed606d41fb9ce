//! Leaves a VPC that has no endpoint for a service to a person, with all that makes one: a subnet in each
//! Availability Zone, and a security group of its own that lets the VPC in.
//!
//! None is made here: it costs by the hour, and once the service's name means the endpoint, who is not let in by
//! its security group reaches the service no more. In the VPC's default group nobody would be.

use remedy::{
    Case, Never, Place, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Trigger, Undo,
    Wrong, quoted,
};

use super::{VpcEndpoints, VpcId};

/// See the [module](self).
#[derive(Debug)]
pub struct ReviewMissingEndpoint;

/// The service that each control wants.
const SERVICES: [(&str, &str); 6] = [
    ("EC2.10", "ec2"),
    ("EC2.55", "ecr.api"),
    ("EC2.56", "ecr.dkr"),
    ("EC2.57", "ssm"),
    ("EC2.58", "ssm-contacts"),
    ("EC2.60", "ssm-incidents"),
];

impl Remediation for ReviewMissingEndpoint {
    type Facet = VpcEndpoints;

    const SPEC: Spec = Spec {
        id: "ec2/review_missing_endpoint",
        title: "Ask a person whether a VPC needs an endpoint for a service",
        triggers: &[
            Trigger::control("EC2.10"),
            Trigger::control("EC2.55"),
            Trigger::control("EC2.56"),
            Trigger::control("EC2.57"),
            Trigger::control("EC2.58"),
            Trigger::control("EC2.60"),
            Trigger::config_rule("SERVICE_VPC_ENDPOINT_ENABLED"),
            Trigger::config_rule("VPC_ENDPOINT_ENABLED"),
        ],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No endpoint is made, least of all in the default security group. The commands give it a group of its own that lets the VPC in, and a subnet in each zone.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, vpc: &VpcEndpoints, case: &Case<'_>) -> Plan<Never> {
        let Some(id) = self.target(case.signal) else { return Plan::none() };
        let place = &case.signal.place;
        let missing = |service: &String| !vpc.services.contains(&full_name(service, place));
        let missing: Vec<_> = wanted(case.signal).into_iter().filter(missing).collect();
        if missing.is_empty() {
            return Plan::none();
        }
        let what = format!("the VPC has no interface endpoint for {}", missing.join(", "));
        let commands = missing.iter().flat_map(|service| commands(vpc, &id, service, place));
        Plan::by_hand(what, WHY, commands)
    }
}

const WHY: &str = "it costs by the hour and zone, and all that calls the service from the VPC goes through it \
     from then on: its security group must let them in on tcp/443";

/// The services that the control wants endpoints for, by the control or as it passes them.
fn wanted(signal: &Signal) -> Vec<String> {
    let by_control =
        SERVICES.iter().find(|(control, _)| Trigger::control(control).is(&signal.trigger));
    if let Some((_, service)) = by_control {
        return vec![(*service).to_owned()];
    }
    let names =
        |key: &str| ["serviceName", "serviceNames"].iter().any(|n| n.eq_ignore_ascii_case(key));
    let given =
        signal.parameters.iter().filter(|(key, _)| names(key)).flat_map(|(_, values)| values);
    let fits = |name: &&str| {
        !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || "-._".contains(c))
    };
    given
        .flat_map(|value| value.split(','))
        .map(str::trim)
        .filter(fits)
        .map(str::to_owned)
        .collect()
}

fn full_name(service: &str, Place { partition, region, .. }: &Place) -> String {
    match partition.as_str() {
        "aws-cn" if service.starts_with("ecr") || service == "ssm" || service == "ec2" => {
            format!("cn.com.amazonaws.{region}.{service}")
        }
        _ => format!("com.amazonaws.{region}.{service}"),
    }
}

fn commands(vpc: &VpcEndpoints, VpcId(id): &VpcId, service: &str, place: &Place) -> Vec<String> {
    let region = &place.region;
    let name = quoted(&format!("{service}-endpoint"));
    let group = format!(
        "group=$(aws ec2 create-security-group --region {region} --vpc-id {id} --group-name {name} \
         --description {name} --query GroupId --output text)"
    );
    let let_in = |cidr: &String| {
        format!(
            "aws ec2 authorize-security-group-ingress --region {region} --group-id \"$group\" \
             --protocol tcp --port 443 --cidr {cidr}"
        )
    };
    let subnets: Vec<_> = vpc.subnets.values().map(String::as_str).collect();
    let dns = if vpc.has_dns { "--private-dns-enabled" } else { "--no-private-dns-enabled" };
    let endpoint = format!(
        "aws ec2 create-vpc-endpoint --region {region} --vpc-id {id} --vpc-endpoint-type Interface \
         --service-name {} --subnet-ids {} --security-group-ids \"$group\" {dns}",
        full_name(service, place),
        subnets.join(" ")
    );
    [group].into_iter().chain(vpc.cidrs.iter().map(let_in)).chain([endpoint]).collect()
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    fn vpc(services: &[&str]) -> VpcEndpoints {
        VpcEndpoints {
            cidrs: vec!["10.0.0.0/16".into(), "10.9.0.0/16".into()],
            services: services.iter().map(|service| (*service).into()).collect(),
            subnets: [("a".into(), "subnet-1".into()), ("b".into(), "subnet-2".into())].into(),
            has_dns: true,
            ..VpcEndpoints::default()
        }
    }

    fn of(trigger: Trigger) -> Signal {
        Signal { trigger, ..signal("vpc-1") }
    }

    #[test]
    fn the_commands_make_an_endpoint_with_a_group_of_its_own() {
        let signal = of(Trigger::control("EC2.10"));
        check(&ReviewMissingEndpoint, &vpc(&[]), &signal, &[]);
        let plan = ReviewMissingEndpoint.plan(&vpc(&[]), &Case { signal: &signal, now: now() });
        assert_eq!(plan.left[0].what, "the VPC has no interface endpoint for ec2");
        assert_eq!(plan.by_hand.len(), 4);
        assert!(plan.by_hand[0].starts_with("group=$(aws ec2 create-security-group "));
        assert!(plan.by_hand[2].ends_with("--protocol tcp --port 443 --cidr 10.9.0.0/16"));
        assert_eq!(
            plan.by_hand[3],
            "aws ec2 create-vpc-endpoint --region eu-west-1 --vpc-id vpc-1 --vpc-endpoint-type Interface \
             --service-name com.amazonaws.eu-west-1.ec2 --subnet-ids subnet-1 subnet-2 \
             --security-group-ids \"$group\" --private-dns-enabled"
        );
    }

    #[test]
    fn each_control_wants_its_own_service() {
        for (trigger, parameters, expected) in [
            (Trigger::control("EC2.55"), None, &["ecr.api"][..]),
            (Trigger::control("ec2.60"), None, &["ssm-incidents"]),
            (
                Trigger::config_rule("VPC_ENDPOINT_ENABLED"),
                Some("ssm, ecr.dkr,; rm"),
                &["ssm", "ecr.dkr"],
            ),
            (Trigger::config_rule("VPC_ENDPOINT_ENABLED"), None, &[]),
        ] {
            let given = parameters.map(|value: &str| ("serviceNames".into(), vec![value.into()]));
            let signal = Signal { parameters: given.into_iter().collect(), ..of(trigger) };
            assert_eq!(wanted(&signal), expected);
        }
    }

    #[test]
    fn a_vpc_that_has_one_is_right() {
        let signal = of(Trigger::control("EC2.57"));
        let found = vpc(&["com.amazonaws.eu-west-1.ssm"]);
        let case = Case { signal: &signal, now: now() };
        assert_eq!(ReviewMissingEndpoint.plan(&found, &case), Plan::none());
    }
}

//! Has the tasks of an ECS service run without public addresses.
//!
//! A person is asked first: every task is replaced, and in subnets without a NAT gateway or endpoints the
//! new ones cannot even fetch their image. Subnets and security groups stay as they are.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{EcsService, EcsServiceSetting, Network};

/// See the [module](self).
#[derive(Debug)]
pub struct HideService;

impl Remediation for HideService {
    type Facet = EcsService;

    const SPEC: Spec = Spec {
        id: "compute/hide_service",
        title: "Run the tasks of an ECS service without public addresses",
        triggers: &[
            Trigger::control("ECS.2"),
            Trigger::config_rule("ECS_SERVICE_ASSIGN_PUBLIC_IP_DISABLED"),
        ],
        severity: Severity::High,
        risk: Risk::Interrupts,
        parameters: &[],
        undo: Undo::Yes,
        care: "A person is asked first, as tasks in subnets without another way out stop working; subnets and security groups are kept.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, service: &EcsService, _: &Case<'_>) -> Plan<Swap<EcsServiceSetting>> {
        let network = service.network.as_ref().filter(|network| network.is_public);
        let Some(network) = network.filter(|_| service.is_active) else { return Plan::none() };
        let to = EcsServiceSetting::Network(Network { is_public: false, ..network.clone() });
        if service.controller != "ECS" {
            return Plan::by_hand(
                "public addresses of tasks on",
                format!(
                    "{} rolls out its tasks: the network is part of the next deployment there",
                    service.controller
                ),
                [],
            );
        }
        let is = EcsServiceSetting::Network(network.clone());
        let plan: Plan<_> = Swap::of(is, to).into_iter().collect();
        plan.asking(format!(
            "all its tasks are replaced, and without public addresses they need a NAT gateway or endpoints in {} to fetch their image and to reach anything",
            network.subnets.join(", ")
        ))
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::{super::testing::left, *};

    const ARN: &str = "arn:aws:ecs:eu-west-1:111122223333:service/shop/web";

    fn service(is_public: bool) -> EcsService {
        let network = Network {
            subnets: vec!["subnet-1".into(), "subnet-2".into()],
            groups: vec!["sg-1".into()],
            is_public,
        };
        EcsService {
            name: "shop/web".into(),
            is_active: true,
            controller: "ECS".into(),
            network: Some(network),
            ..EcsService::default()
        }
    }

    #[test]
    fn public_addresses_go_if_a_person_agrees_and_the_network_stays() {
        let signal = signal(ARN);
        let expected = ["set public addresses of tasks off (it is public addresses of tasks on)"];
        check(&HideService, &service(true), &signal, &expected);
        let plan = HideService.plan(&service(true), &Case { signal: &signal, now: now() });
        assert!(plan.ask.as_deref().unwrap().contains("in subnet-1, subnet-2 to fetch"));
        let EcsServiceSetting::Network(to) = &plan.changes[0].to else { panic!("a network") };
        assert_eq!((to.subnets.len(), to.groups.len(), to.is_public), (2, 1, false));
    }

    #[test]
    fn one_without_or_without_a_network_of_its_own_or_on_its_way_out_is_left_alone() {
        for service in [
            service(false),
            EcsService { network: None, ..service(true) },
            EcsService { is_active: false, ..service(true) },
        ] {
            check(&HideService, &service, &signal(ARN), &[]);
            assert_eq!(left(&HideService, &service, &signal(ARN)), [""; 0]);
        }
    }

    #[test]
    fn one_that_something_else_rolls_out_is_left_to_it() {
        let service = EcsService { controller: "CODE_DEPLOY".into(), ..service(true) };
        let signal = signal(ARN);
        check(&HideService, &service, &signal, &[]);
        assert!(
            left(&HideService, &service, &signal)[0].contains("CODE_DEPLOY rolls out its tasks")
        );
    }
}

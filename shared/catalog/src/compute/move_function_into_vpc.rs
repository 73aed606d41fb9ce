//! Tells which Lambda function runs outside of any VPC.
//!
//! Left to a person: in a VPC it reaches the internet only by a NAT gateway, and its role needs more rights.

use remedy::{
    Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong, quoted,
};

use super::{FunctionSetting, FunctionSetup};

/// See the [module](self).
#[derive(Debug)]
pub struct MoveFunctionIntoVpc;

impl Remediation for MoveFunctionIntoVpc {
    type Facet = FunctionSetup;

    const SPEC: Spec = Spec {
        id: "compute/move_function_into_vpc",
        title: "Tell which Lambda function runs outside of any VPC",
        triggers: &[Trigger::control("Lambda.3"), Trigger::config_rule("LAMBDA_INSIDE_VPC")],
        severity: Severity::Low,
        risk: Risk::Interrupts,
        parameters: &[],
        undo: Undo::Nothing,
        care: "Which network a function may stand in is not guessed.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, function: &FunctionSetup, case: &Case<'_>) -> Plan<Swap<FunctionSetting>> {
        if function.vpc.is_some() {
            return Plan::none();
        }
        let role = function.role.rsplit('/').next().unwrap_or_default();
        let place = &case.signal.place;
        Plan::by_hand(
            "outside of any VPC",
            "in a VPC it reaches the internet only by a NAT gateway and AWS only by that or endpoints, so choose subnets that have what it calls",
            [
                format!(
                    "aws iam attach-role-policy --role-name {} --policy-arn arn:{}:iam::aws:policy/service-role/AWSLambdaVPCAccessExecutionRole",
                    quoted(role),
                    place.partition
                ),
                format!(
                    "aws lambda update-function-configuration --region {} --function-name {} --vpc-config SubnetIds=SUBNET_1,SUBNET_2,SecurityGroupIds=SECURITY_GROUP",
                    place.region,
                    quoted(&function.name)
                ),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::{super::testing::left, *};

    const ARN: &str = "arn:aws:lambda:eu-west-1:111122223333:function:orders";

    #[test]
    fn a_function_outside_of_any_vpc_is_told_with_the_way_in() {
        let function = FunctionSetup {
            name: "orders".into(),
            role: "arn:aws:iam::111122223333:role/service/orders-role".into(),
            ..FunctionSetup::default()
        };
        let signal = signal(ARN);
        check(&MoveFunctionIntoVpc, &function, &signal, &[]);
        assert_eq!(left(&MoveFunctionIntoVpc, &function, &signal).len(), 1);
        let plan = MoveFunctionIntoVpc.plan(&function, &Case { signal: &signal, now: now() });
        assert!(
            plan.by_hand[0]
                .contains("--role-name orders-role --policy-arn arn:aws:iam::aws:policy/")
        );
    }

    #[test]
    fn one_in_a_vpc_is_left_alone() {
        let function = FunctionSetup { vpc: Some("vpc-1".into()), ..FunctionSetup::default() };
        check(&MoveFunctionIntoVpc, &function, &signal(ARN), &[]);
        assert_eq!(left(&MoveFunctionIntoVpc, &function, &signal(ARN)), [""; 0]);
    }
}

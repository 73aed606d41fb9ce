//! Tells how an instance comes under Systems Manager. What else its role is for is not known here, so a
//! person gives it the rights.

use remedy::{
    Case, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong, quoted,
};
use serde_json::json;

use super::ManagedInstance;

/// See the [module](self).
#[derive(Debug)]
pub struct ManageInstance;

impl Remediation for ManageInstance {
    type Facet = ManagedInstance;

    const SPEC: Spec = Spec {
        id: "secrets/manage_instance",
        title: "Tell how to bring an instance under Systems Manager",
        triggers: &[Trigger::control("SSM.1"), Trigger::config_rule("EC2_INSTANCE_MANAGED_BY_SSM")],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No role that other instances share is given rights by this, and the commands are those of the partition at hand.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, instance: &ManagedInstance, case: &Case<'_>) -> Plan<Never> {
        let Some(id) = self.target(case.signal) else { return Plan::none() };
        let (partition, region) = (&case.signal.place.partition, &case.signal.place.region);
        match instance.answers.as_deref() {
            Some("Online") => return Plan::none(),
            Some(answers) => {
                return Plan::by_hand(
                    format!("Systems Manager knows the instance, and its agent is {answers}"),
                    "start the instance, or look at its agent and its way to Systems Manager",
                    [format!(
                        "aws ssm describe-instance-information --region {region} --filters Key=InstanceIds,Values={id}"
                    )],
                );
            }
            None => {}
        }
        let service =
            if partition == "aws-cn" { "ec2.amazonaws.com.cn" } else { "ec2.amazonaws.com" };
        let trust = json!({
            "Version": "2012-10-17",
            "Statement": [{
                "Effect": "Allow", "Principal": { "Service": service }, "Action": "sts:AssumeRole",
            }],
        });
        let (name, policy) = (
            format!("SystemsManager-{id}"),
            format!("arn:{partition}:iam::aws:policy/AmazonSSMManagedInstanceCore"),
        );
        Plan::by_hand(
            "Systems Manager does not know the instance",
            "if it has a profile (first command), attach the policy to the role in it; else make one (the others); the agent must run, and reach Systems Manager",
            [
                format!(
                    "aws ec2 describe-iam-instance-profile-associations --region {region} --filters Name=instance-id,Values={id}"
                ),
                format!(
                    "aws iam create-role --role-name {name} --assume-role-policy-document {}",
                    quoted(&trust.to_string())
                ),
                format!("aws iam attach-role-policy --role-name {name} --policy-arn {policy}"),
                format!("aws iam create-instance-profile --instance-profile-name {name}"),
                format!(
                    "aws iam add-role-to-instance-profile --instance-profile-name {name} --role-name {name}"
                ),
                format!(
                    "aws ec2 associate-iam-instance-profile --region {region} --instance-id {id} --iam-instance-profile Name={name}"
                ),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::{
        Place, Signal,
        check::{check, now, signal},
    };

    use super::*;

    fn plan(answers: Option<&str>, region: &str) -> Plan<Never> {
        let instance = ManagedInstance { answers: answers.map(str::to_owned) };
        let signal = Signal { place: Place::new("111122223333", region), ..signal("i-0a1") };
        check(&ManageInstance, &instance, &signal, &[]);
        ManageInstance.plan(&instance, &Case { signal: &signal, now: now() })
    }

    #[test]
    fn the_commands_are_those_of_the_partition() {
        let china = plan(None, "cn-north-1").by_hand.join("\n");
        assert!(china.contains("arn:aws-cn:iam::aws:policy/AmazonSSMManagedInstanceCore"));
        assert!(china.contains("ec2.amazonaws.com.cn"));
        let gov = plan(None, "us-gov-west-1").by_hand.join("\n");
        assert!(gov.contains("arn:aws-us-gov:iam::aws:policy/AmazonSSMManagedInstanceCore"));
    }

    #[test]
    fn one_that_answers_is_right_and_one_that_did_is_looked_at() {
        assert_eq!(plan(Some("Online"), "eu-west-1"), Plan::none());
        assert_eq!(plan(Some("ConnectionLost"), "eu-west-1").by_hand.len(), 1);
    }
}

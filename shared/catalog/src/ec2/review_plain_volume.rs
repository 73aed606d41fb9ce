//! Leaves a volume that is attached and not encrypted to a person, with what puts an encrypted copy in its place.
//!
//! A volume cannot be encrypted where it is: the instance stops for as long as the copy takes.

use remedy::{
    Case, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong, quoted,
};

use super::{Volume, VolumeId};

/// See the [module](self).
#[derive(Debug)]
pub struct ReviewPlainVolume;

impl Remediation for ReviewPlainVolume {
    type Facet = Volume;

    const SPEC: Spec = Spec {
        id: "ec2/review_plain_volume",
        title: "Ask a person to put an encrypted copy in the place of a volume",
        triggers: &[Trigger::control("EC2.3"), Trigger::config_rule("ENCRYPTED_VOLUMES")],
        severity: Severity::Medium,
        risk: Risk::Interrupts,
        parameters: &[],
        undo: Undo::Nothing,
        care: "Nothing is stopped or copied. The commands keep the old volume until a person deletes it.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, volume: &Volume, case: &Case<'_>) -> Plan<Never> {
        let id = self.target(case.signal).filter(|_| !volume.is_encrypted);
        let (Some(id), [_, ..]) = (id, volume.attached.as_slice()) else { return Plan::none() };
        let users: Vec<_> = volume.attached.iter().map(|(instance, _)| instance.as_str()).collect();
        let what = format!("the volume of {} is not encrypted", users.join(", "));
        Plan::by_hand(what, WHY, commands(volume, &id, &case.signal.place.region))
    }
}

const WHY: &str = "it cannot be encrypted where it is: the instance must stop while an encrypted copy takes its \
     place. The old volume stays until somebody deletes it";

fn commands(volume: &Volume, VolumeId(id): &VolumeId, region: &str) -> Vec<String> {
    let aws = |verb: &str| format!("aws ec2 {verb} --region {region}");
    let mut commands = Vec::new();
    for (instance, _) in &volume.attached {
        commands.push(format!("{} --instance-ids {instance}", aws("stop-instances")));
        commands.push(format!("{} --instance-ids {instance}", aws("wait instance-stopped")));
    }
    commands.extend([
        format!(
            "old=$({} --volume-id {id} --query SnapshotId --output text)",
            aws("create-snapshot")
        ),
        format!("{} --snapshot-ids \"$old\"", aws("wait snapshot-completed")),
        format!(
            "new=$({} --snapshot-id \"$old\" --encrypted --availability-zone {} --volume-type {} \
             --query VolumeId --output text)",
            aws("create-volume"),
            quoted(&volume.zone),
            quoted(&volume.kind)
        ),
        format!("{} --volume-ids \"$new\"", aws("wait volume-available")),
    ]);
    for (instance, device) in &volume.attached {
        commands
            .push(format!("{} --volume-id {id} --instance-id {instance}", aws("detach-volume")));
        commands.push(format!("{} --volume-ids {id}", aws("wait volume-available")));
        commands.push(format!(
            "{} --volume-id \"$new\" --instance-id {instance} --device {}",
            aws("attach-volume"),
            quoted(device)
        ));
        commands.push(format!("{} --instance-ids {instance}", aws("start-instances")));
    }
    commands
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    #[test]
    fn an_attached_volume_that_is_not_encrypted_is_told_with_the_way_to_an_encrypted_one() {
        let signal = signal("vol-1");
        let case = Case { signal: &signal, now: now() };
        let found = Volume {
            zone: "eu-west-1a".into(),
            kind: "gp3".into(),
            attached: vec![("i-1".into(), "/dev/xvda".into())],
            ..Volume::default()
        };
        check(&ReviewPlainVolume, &found, &signal, &[]);
        let plan = ReviewPlainVolume.plan(&found, &case);
        assert_eq!(plan.left[0].what, "the volume of i-1 is not encrypted");
        let verbs: Vec<_> =
            plan.by_hand.iter().map(|c| c.split("aws ec2 ").nth(1).unwrap()).collect();
        let verbs: Vec<_> = verbs.iter().map(|c| c.split(" --").next().unwrap()).collect();
        assert_eq!(
            verbs,
            [
                "stop-instances",
                "wait instance-stopped",
                "create-snapshot",
                "wait snapshot-completed",
                "create-volume",
                "wait volume-available",
                "detach-volume",
                "wait volume-available",
                "attach-volume",
                "start-instances",
            ]
        );
        for right in [
            Volume { is_encrypted: true, ..found.clone() },
            Volume { attached: Vec::new(), ..found },
        ] {
            assert_eq!(ReviewPlainVolume.plan(&right, &case), Plan::none());
        }
    }
}

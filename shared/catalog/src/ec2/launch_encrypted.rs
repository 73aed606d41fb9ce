//! Lets a launch template encrypt the volumes that it says are not to be, once a person agrees: by a new version
//! of the template that is otherwise like its default one.
//!
//! Volumes of which it says nothing are as the account's default has it.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong};

use super::{LaunchTemplate, TemplateChange, TemplateEdit, launch_template::PICKED_UP};

/// See the [module](self).
#[derive(Debug)]
pub struct LaunchEncrypted;

impl Remediation for LaunchEncrypted {
    type Facet = LaunchTemplate;

    const SPEC: Spec = Spec {
        id: "ec2/launch_encrypted",
        title: "Encrypt the volumes of what a launch template launches",
        triggers: &[
            Trigger::control("EC2.181"),
            Trigger::config_rule("EC2_LAUNCH_TEMPLATES_EBS_VOLUME_ENCRYPTED"),
        ],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Partly("the version that was made stays, unused"),
        care: "Only volumes that are said not to be encrypted change, with the key that is the account's default, and the new version becomes the default only once a person agrees.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, template: &LaunchTemplate, _: &Case<'_>) -> Plan<TemplateChange> {
        if template.plain.is_empty() {
            return Plan::none();
        }
        let change = template.edited(TemplateEdit::Encrypted(template.plain.clone()));
        let why = format!(
            "whoever launches instances must be allowed to use the default key. {PICKED_UP}"
        );
        [change].into_iter().collect::<Plan<_>>().asking(why)
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;

    #[test]
    fn volumes_that_are_said_to_be_plain_are_encrypted() {
        let signal = signal("lt-1");
        let plain = |devices: &[&str]| LaunchTemplate {
            default: 2,
            latest: 4,
            plain: devices.iter().map(|device| (*device).into()).collect(),
            ..LaunchTemplate::default()
        };
        let expected =
            ["make version 5 the default: version 2 with encrypted volumes at /dev/sdb, /dev/xvda"];
        check(&LaunchEncrypted, &plain(&["/dev/xvda", "/dev/sdb"]), &signal, &expected);
        check(&LaunchEncrypted, &plain(&[]), &signal, &[]);
    }
}

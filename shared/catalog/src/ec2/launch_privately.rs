//! Lets a launch template give no public address to the network interfaces of its instances, once a person
//! agrees: by a new version of the template that is otherwise like its default one.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong};

use super::{LaunchTemplate, TemplateChange, TemplateEdit, launch_template::PICKED_UP};

/// See the [module](self).
#[derive(Debug)]
pub struct LaunchPrivately;

impl Remediation for LaunchPrivately {
    type Facet = LaunchTemplate;

    const SPEC: Spec = Spec {
        id: "ec2/launch_privately",
        title: "Stop a launch template from giving public addresses",
        triggers: &[
            Trigger::control("EC2.25"),
            Trigger::config_rule("EC2_LAUNCH_TEMPLATE_PUBLIC_IP_DISABLED"),
        ],
        severity: Severity::High,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Partly("the version that was made stays, unused"),
        care: "The new version takes over all else, of every network interface too, and becomes the default only once a person agrees.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, template: &LaunchTemplate, _: &Case<'_>) -> Plan<TemplateChange> {
        if template.public.is_empty() {
            return Plan::none();
        }
        let change = template.edited(TemplateEdit::Private(template.public.clone()));
        let why = format!(
            "instances without a way out through a NAT gateway lose the internet. {PICKED_UP}"
        );
        [change].into_iter().collect::<Plan<_>>().asking(why)
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    #[test]
    fn every_interface_that_gets_a_public_address_gets_none() {
        let signal = signal("arn:aws:ec2:eu-west-1:111122223333:launch-template/lt-1");
        let public = |public: &[usize]| LaunchTemplate {
            default: 1,
            latest: 1,
            public: public.iter().copied().collect(),
            ..LaunchTemplate::default()
        };
        let expected = ["make version 2 the default: version 1 with no public addresses"];
        check(&LaunchPrivately, &public(&[0, 2]), &signal, &expected);
        check(&LaunchPrivately, &public(&[]), &signal, &[]);
        let plan = LaunchPrivately.plan(&public(&[0]), &Case { signal: &signal, now: now() });
        assert!(plan.ask.unwrap().contains("NAT gateway"));
    }
}

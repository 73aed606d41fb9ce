//! Lets instances of a launch template give their metadata to those only who show a token, once a person
//! agrees: by a new version of the template that is otherwise like its default one.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong};

use super::{LaunchTemplate, TemplateChange, TemplateEdit, Tokens, launch_template::PICKED_UP};

/// See the [module](self).
#[derive(Debug)]
pub struct LaunchWithMetadataTokens;

impl Remediation for LaunchWithMetadataTokens {
    type Facet = LaunchTemplate;

    const SPEC: Spec = Spec {
        id: "ec2/launch_with_metadata_tokens",
        title: "Require tokens for the metadata of what a launch template launches (IMDSv2)",
        triggers: &[
            Trigger::control("EC2.170"),
            Trigger::config_rule("EC2_LAUNCH_TEMPLATE_IMDSV2_CHECK"),
        ],
        severity: Severity::Low,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Partly("the version that was made stays, unused"),
        care: "The new version takes over all else, hop limit included, and becomes the default only once a person agrees.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, template: &LaunchTemplate, _: &Case<'_>) -> Plan<TemplateChange> {
        match template.metadata {
            Tokens::Required => Plan::none(),
            Tokens::Optional => {
                let change = template.edited(TemplateEdit::Tokens);
                [change].into_iter().collect::<Plan<_>>().asking(PICKED_UP)
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    fn template(default: i64, latest: i64, metadata: Tokens) -> LaunchTemplate {
        let public = [0, 1].into();
        LaunchTemplate { default, latest, metadata, public, ..LaunchTemplate::default() }
    }

    #[test]
    fn the_next_version_is_made_of_the_default_one_whichever_is_the_latest() {
        let signal = signal("lt-1");
        let found = template(3, 7, Tokens::Optional);
        let expected = ["make version 8 the default: version 3 with metadata tokens required"];
        check(&LaunchWithMetadataTokens, &found, &signal, &expected);
        let plan = LaunchWithMetadataTokens.plan(&found, &Case { signal: &signal, now: now() });
        assert_eq!(plan.ask.as_deref(), Some(PICKED_UP));
    }

    #[test]
    fn a_template_that_requires_them_is_right() {
        let found = template(3, 7, Tokens::Required);
        check(&LaunchWithMetadataTokens, &found, &signal("lt-1"), &[]);
    }
}

//! What policies can speak of.

use std::{collections::BTreeSet, fmt::Write as _};

use cedar_policy::{Schema, SchemaFragment};
use remedy::Risk;

use crate::defaults::{RISKS, quoted};

/// The same whichever remediations there are.
const SCHEMA: &str = r#"// Who asks: Person::"nobody" when Kintsugi acts by itself.
entity Person;

// What would be changed, such as Resource::"arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1".
entity Resource = {
  type: String,    // such as "AWS::EC2::SecurityGroup"
  id: String,      // such as "sg-1"
  account: String, // twelve digits
  region: String,  // such as "eu-west-1"
  owner: String,   // who looks after it, such as "cloudformation" or "eks"; else "none"
  tagged: Bool,    // false for settings of an account, which have no tags
} tags String;

// What called for it.
type Case = {
  trigger: String, // such as "EC2.19"
  source: String,  // such as "security-hub"
  severity: Long,  // INFORMATIONAL 0, LOW 1, MEDIUM 40, HIGH 70, CRITICAL 90
  risk: String,    // "safe", "may-interrupt" or "interrupts"
  asked: Bool,     // whether a person asked for it
};
"#;

/// The schema of policies about the remediations given: their ids, and what can go wrong.
pub fn schema_text<'a>(actions: impl IntoIterator<Item = (&'a str, Risk)>) -> String {
    let actions: BTreeSet<(&str, Risk)> = actions.into_iter().collect();
    let services = actions.iter().filter_map(|(id, _)| Some(id.split_once('/')?.0));
    let risks = RISKS.iter().map(|(word, _)| *word);
    let groups: BTreeSet<&str> = risks.chain(services).collect();
    let mut text = format!("{SCHEMA}\n// Groups: a service's remediations, and those of a risk.\n");
    let groups: Vec<String> = groups.into_iter().map(quoted).collect();
    let _ = writeln!(text, "action {};\n\n// Remediations.", groups.join(", "));
    for (id, risk) in actions {
        let service = id.split_once('/').map(|(service, _)| service);
        let risk = RISKS.iter().find(|(_, known)| *known == risk).map(|(word, _)| *word);
        let groups: Vec<String> = service.into_iter().chain(risk).map(quoted).collect();
        let _ = writeln!(
            text,
            "action {id} in [{groups}] appliesTo {{ principal: Person, resource: Resource, context: Case }};",
            id = quoted(id),
            groups = groups.join(", "),
        );
    }
    text
}

/// The same, to check policies against.
///
/// # Errors
/// If two actions have one name.
pub fn schema<'a>(actions: impl IntoIterator<Item = (&'a str, Risk)>) -> Result<Schema, String> {
    let (fragment, _) = SchemaFragment::from_cedarschema_str(&schema_text(actions))
        .map_err(|error| error.to_string())?;
    Schema::from_schema_fragments([fragment]).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ask::{Change, Names, word};

    const ACTIONS: &[(&str, Risk)] = &[
        ("ec2/close_world_ingress", Risk::MayInterrupt),
        ("ec2/stop", Risk::Interrupts),
        ("s3/block", Risk::Safe),
    ];

    #[test]
    fn a_schema_names_every_remediation_with_its_groups() {
        let text = schema_text(ACTIONS.iter().copied());
        let expected = r#"action "ec2", "interrupts", "may-interrupt", "s3", "safe";

// Remediations.
action "ec2/close_world_ingress" in ["ec2", "may-interrupt"] appliesTo { principal: Person, resource: Resource, context: Case };
action "ec2/stop" in ["ec2", "interrupts"] appliesTo { principal: Person, resource: Resource, context: Case };
action "s3/block" in ["s3", "safe"] appliesTo { principal: Person, resource: Resource, context: Case };
"#;
        assert!(text.ends_with(expected), "{text}");
        schema(ACTIONS.iter().copied()).unwrap();
        schema([]).unwrap();
        assert!(schema([("a/b", Risk::Safe), ("a/b", Risk::Interrupts)]).is_err());
    }

    #[test]
    fn risks_are_called_as_they_are_stored() {
        for (name, risk) in RISKS {
            assert_eq!(word(risk).unwrap(), name);
        }
    }

    #[test]
    fn what_is_asked_is_as_the_schema_says() {
        let schema = schema(ACTIONS.iter().copied()).unwrap();
        let names = Names::new().unwrap();
        let place = remedy::Place::new("111122223333", "eu-west-1");
        let tags = remedy::Tags::from([("a".into(), "b".into())]);
        for (tags, owner) in [(Some(&tags), None), (None, Some("eks"))] {
            for (remediation, risk) in ACTIONS {
                let ask = crate::Ask {
                    remediation,
                    risk: *risk,
                    resource: crate::Thing {
                        kind: "AWS::EC2::SecurityGroup",
                        arn: "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1",
                        id: "sg-1",
                        place: &place,
                        tags,
                        owner,
                    },
                    trigger: "EC2.19",
                    source: remedy::Source::SecurityHub,
                    severity: remedy::Severity::High,
                    asked_by: owner,
                    now: remedy::Timestamp::MIN_UTC,
                };
                let entities = names.entities(&ask, Change::default()).unwrap();
                cedar_policy::Entities::from_entities(entities, Some(&schema)).unwrap();
                let request = names.request(&ask).unwrap();
                cedar_policy::Request::new(
                    request.principal().unwrap().clone(),
                    request.action().unwrap().clone(),
                    request.resource().unwrap().clone(),
                    request.context().unwrap().clone(),
                    Some(&schema),
                )
                .unwrap();
            }
        }
    }
}

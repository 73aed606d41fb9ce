//! The AWS CLI's commands that edit a security group's rules by hand.

use remedy::{Place, Tags, quoted};
use serde_json::json;

use super::{Rule, SecurityGroupId, Way};

/// What is done to a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Authorize,
    Revoke,
}

/// The commands that make `edits` in this order. Neighbours that one call can make share a command.
pub(super) fn commands<'a>(
    place: &Place,
    id: &SecurityGroupId,
    edits: impl Iterator<Item = (Verb, Way, &'a Rule)>,
) -> Vec<String> {
    let mut calls: Vec<(Call, Vec<&'a Rule>)> = Vec::new();
    for (verb, way, rule) in edits {
        let call = Call::of(verb, way, rule);
        match calls.last_mut() {
            Some((last, rules)) if *last == call => rules.push(rule),
            _ => calls.push((call, vec![rule])),
        }
    }
    calls.iter().map(|(call, rules)| call.command(place, id, rules)).collect()
}

/// What rules must have in common to share a call.
#[derive(PartialEq)]
struct Call {
    verb: Verb,
    way: Way,
    by_id: bool,
    /// Given with each of the rules; one call gives the same to all.
    tags: Tags,
}

impl Call {
    fn of(verb: Verb, way: Way, rule: &Rule) -> Self {
        match verb {
            Verb::Authorize => Self { verb, way, by_id: false, tags: rule.own_tags() },
            Verb::Revoke => Self { verb, way, by_id: !rule.id.is_empty(), tags: Tags::new() },
        }
    }

    fn command(&self, place: &Place, id: &SecurityGroupId, rules: &[&Rule]) -> String {
        let verb = match self.verb {
            Verb::Authorize => "authorize",
            Verb::Revoke => "revoke",
        };
        let (way, region) = (self.way.word(), &place.region);
        let head = format!("aws ec2 {verb}-security-group-{way} --region {region} --group-id {id}");
        if self.by_id {
            let ids: Vec<_> = rules.iter().map(|rule| rule.id.as_str()).collect();
            return format!("{head} --security-group-rule-ids {}", ids.join(" "));
        }
        let permissions: Vec<_> = rules.iter().map(|rule| rule.permission()).collect();
        let command =
            format!("{head} --ip-permissions {}", quoted(&json!(permissions).to_string()));
        if self.tags.is_empty() {
            return command;
        }
        let tags: Vec<_> = self.tags.iter().map(|(k, v)| json!({ "Key": k, "Value": v })).collect();
        let tags = json!([{ "ResourceType": "security-group-rule", "Tags": tags }]);
        format!("{command} --tag-specifications {}", quoted(&tags.to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rule(id: &str, text: &str) -> Rule {
        Rule { id: id.into(), ..text.parse().unwrap() }
    }

    fn written(edits: &[(Verb, &Rule)]) -> Vec<String> {
        let place = Place::new("111122223333", "eu-west-1");
        let edits = edits.iter().map(|(verb, rule)| (*verb, Way::Ingress, *rule));
        commands(&place, &SecurityGroupId("sg-1".into()), edits)
    }

    #[test]
    fn rules_that_one_call_can_take_out_share_a_command() {
        let (ssh, rdp) = (rule("sgr-1", "tcp/22 from ::/0"), rule("sgr-2", "tcp/3389 from ::/0"));
        assert_eq!(
            written(&[(Verb::Revoke, &ssh), (Verb::Revoke, &rdp)]),
            ["aws ec2 revoke-security-group-ingress --region eu-west-1 --group-id sg-1 \
              --security-group-rule-ids sgr-1 sgr-2"]
        );
        assert_eq!(written(&[(Verb::Revoke, &ssh), (Verb::Authorize, &rdp)]).len(), 2);
    }

    #[test]
    fn rules_come_back_with_their_tags_so_those_with_others_need_a_call_of_their_own() {
        let plain = rule("", "tcp/22 from ::/0");
        let tags = [("aws:x".into(), "only AWS gives it".into()), ("team".into(), "web".into())];
        let tagged = Rule { tags: tags.into(), ..plain.clone() };
        let commands = written(&[(Verb::Authorize, &plain), (Verb::Authorize, &tagged)]);
        assert_eq!(commands.len(), 2);
        assert!(commands[1].ends_with(
            r#"--tag-specifications '[{"ResourceType":"security-group-rule","Tags":[{"Key":"team","Value":"web"}]}]'"#
        ));
    }

    #[test]
    fn a_description_is_one_word_to_the_shell_whatever_it_says() {
        let rule =
            Rule { description: "it's $(rm -rf /)".into(), ..rule("", "tcp/22 from 0.0.0.0/0") };
        assert_eq!(
            written(&[(Verb::Authorize, &rule)]),
            [
                r#"aws ec2 authorize-security-group-ingress --region eu-west-1 --group-id sg-1 --ip-permissions '[{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"IpRanges":[{"CidrIp":"0.0.0.0/0","Description":"it'\''s $(rm -rf /)"}]}]'"#
            ]
        );
    }
}

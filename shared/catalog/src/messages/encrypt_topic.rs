//! Encrypts a topic's messages, after a person has looked: whoever publishes needs rights to the key.
//!
//! With the key that AWS keeps for SNS, other services of AWS (alarms, events, buckets) and other accounts
//! cannot publish at all. Name a key of your own, whose policy lets them use it, as `TopicKeyId`. A topic that
//! has a key keeps it.

use std::collections::BTreeSet;

use remedy::{
    Case, Parameter, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{Topic, TopicSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct EncryptTopic {
    key: String,
}

/// The key that AWS keeps for SNS.
const OF_AWS: &str = "alias/aws/sns";

const TOPIC_KEY_ID: Parameter = Parameter {
    name: "TopicKeyId",
    default: OF_AWS,
    allowed: "the alias, id or ARN of a key of KMS, such as alias/topics",
    about: "what topics without encryption are encrypted with under SNS.1, once a person agrees",
};

impl Remediation for EncryptTopic {
    type Facet = Topic;

    const SPEC: Spec = Spec {
        id: "messages/encrypt_topic",
        title: "Encrypt a topic's messages, after asking",
        triggers: &[Trigger::control("SNS.1"), Trigger::config_rule("SNS_ENCRYPTED_KMS")],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[TOPIC_KEY_ID],
        undo: Undo::Yes,
        care: "A person is told first which publishers need rights to the key; a key that is there stays.",
        since: "0.4.0",
    };

    fn configured(settings: &Settings) -> Result<Self, Wrong> {
        let key = |text: &str| {
            let is_plain = |c: char| c.is_ascii_alphanumeric() || "-_/:".contains(c);
            (!text.is_empty() && text.chars().all(is_plain)).then(|| text.to_owned())
        };
        Ok(Self { key: settings.read(&TOPIC_KEY_ID, key)? })
    }

    fn plan(&self, topic: &Topic, _: &Case<'_>) -> Plan<Swap<TopicSetting>> {
        if topic.key.is_some() {
            return Plan::none();
        }
        let (is, wanted) = (TopicSetting::Key(None), TopicSetting::Key(Some(self.key.clone())));
        let plan: Plan<_> = Swap::of(is, wanted).into_iter().collect();
        plan.asking(self.warning(topic))
    }
}

impl EncryptTopic {
    fn warning(&self, topic: &Topic) -> String {
        let services = topic.policy.statements().iter().flat_map(|one| one.services());
        let services: Vec<_> = services.collect::<BTreeSet<_>>().into_iter().collect();
        let named = if services.is_empty() {
            String::new()
        } else {
            format!("; its policy names {}", services.join(", "))
        };
        let key = &self.key;
        match key.as_str() {
            OF_AWS => format!(
                "services of AWS and other accounts cannot publish with {key}, and their messages would be \
                 lost{named}. TopicKeyId names a key of your own instead"
            ),
            _ => format!(
                "whoever publishes needs kms:GenerateDataKey and kms:Decrypt of {key}, or their messages are \
                 lost{named}"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;
    use crate::messages::Policy;

    const ORDERS: &str = "arn:aws:sns:eu-west-1:111122223333:orders";

    fn with(key: &str) -> EncryptTopic {
        EncryptTopic::configured(&[("TOPIC_KEY_ID", key)].into_iter().collect()).unwrap()
    }

    fn ask(remediation: &EncryptTopic, topic: &Topic) -> Option<String> {
        remediation.plan(topic, &Case { signal: &signal(ORDERS), now: now() }).ask
    }

    #[test]
    fn a_topic_in_the_clear_is_encrypted_after_asking() {
        let aws = EncryptTopic::configured(&Settings::default()).unwrap();
        let expected = ["set encryption with alias/aws/sns (it is encryption off)"];
        check(&aws, &Topic::default(), &signal(ORDERS), &expected);
        let policy = r#"{"Statement":[{"Effect":"Allow","Principal":{"Service":["events.amazonaws.com","s3.amazonaws.com"]},"Action":"SNS:Publish"}]}"#;
        let topic = Topic { policy: Policy::parse(policy).unwrap(), ..Topic::default() };
        let why = ask(&aws, &topic).unwrap();
        assert!(why.contains("cannot publish with alias/aws/sns"), "{why}");
        assert!(why.contains("its policy names events.amazonaws.com, s3.amazonaws.com."), "{why}");
    }

    #[test]
    fn a_key_of_ones_own_is_asked_about_too() {
        let ours = with("alias/topics");
        let expected = ["set encryption with alias/topics (it is encryption off)"];
        check(&ours, &Topic::default(), &signal(ORDERS), &expected);
        assert!(ask(&ours, &Topic::default()).unwrap().contains("kms:Decrypt of alias/topics"));
    }

    #[test]
    fn a_key_that_is_there_stays() {
        for key in ["alias/aws/sns", "arn:aws:kms:eu-west-1:111122223333:key/1"] {
            let topic = Topic { key: Some(key.into()), ..Topic::default() };
            check(&with("alias/topics"), &topic, &signal(ORDERS), &[]);
        }
    }

    #[test]
    fn a_key_that_cannot_be_is_refused() {
        for key in ["", "a key", "$(x)"] {
            assert!(
                EncryptTopic::configured(&[("TOPIC_KEY_ID", key)].into_iter().collect()).is_err(),
                "{key}"
            );
        }
    }
}

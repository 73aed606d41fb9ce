//! What operators give by its ARN, once for all accounts and Regions.

use remedy::{Arn, Parameter, Place, Settings, Wrong};

/// An ARN in which `{account}` and `{region}` stand for those at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Given(String);

/// The topic that alarms tell.
pub(super) const AUDIT_TOPIC_ARN: Parameter = Parameter {
    name: "AuditTopicArn",
    default: "",
    allowed: "the ARN of an SNS topic, {account} and {region} stand for those at hand; or nothing",
    about: "the topic that alarms on what CloudTrail records tell; somebody must subscribe to it",
};
/// The key of trails and event data stores.
pub(super) const TRAIL_KEY_ARN: Parameter = Parameter {
    name: "TrailKeyArn",
    default: "",
    allowed: "the ARN of a KMS key, {account} and {region} stand for those at hand; or nothing",
    about: "the key that trails and event data stores are encrypted with; its policy must let \
            CloudTrail and all who read use it",
};

impl Given {
    /// What `parameter` is set to, if it is. Its service and the beginning of its resource are as given.
    pub(super) fn configured(
        settings: &Settings,
        parameter: &Parameter,
        service: &str,
        prefix: &str,
    ) -> Result<Option<Self>, Wrong> {
        settings.read(parameter, |text| {
            if text.is_empty() {
                return Some(None);
            }
            let arn = Arn::parse(text).filter(|arn| arn.service == service)?;
            let name = arn.resource.strip_prefix(prefix)?;
            let is_plain = text.chars().all(|c| c.is_ascii_graphic() && !"*?'\"`\\".contains(c));
            (is_plain && !name.is_empty()).then(|| Some(Self(text.to_owned())))
        })
    }

    /// As it is called in `place`.
    pub(super) fn at(&self, place: &Place) -> String {
        self.0.replace("{account}", &place.account).replace("{region}", &place.region)
    }
}

/// Whether what `arn` names is in the Region of `place`.
pub(super) fn is_in_region(arn: &str, place: &Place) -> bool {
    Arn::parse(arn).is_some_and(|arn| arn.region.is_empty() || arn.region == place.region)
}

/// Whether what `arn` names belongs to the account of `place`, and is in its Region.
pub(super) fn is_in(arn: &str, place: &Place) -> bool {
    is_in_region(arn, place) && Arn::parse(arn).is_some_and(|arn| arn.account == place.account)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn topic(text: &str) -> Result<Option<Given>, Wrong> {
        let settings = [("AUDIT_TOPIC_ARN", text)].into_iter().collect();
        Given::configured(&settings, &AUDIT_TOPIC_ARN, "sns", "")
    }

    #[test]
    fn account_and_region_are_those_at_hand_where_they_are_left_open() {
        let place = Place::new("111122223333", "eu-west-1");
        for (given, arn, here) in [
            (
                "arn:aws:sns:{region}:{account}:audit",
                "arn:aws:sns:eu-west-1:111122223333:audit",
                true,
            ),
            ("arn:aws:sns:{region}:444455556666:a", "arn:aws:sns:eu-west-1:444455556666:a", false),
            ("arn:aws:sns:us-east-1:{account}:a", "arn:aws:sns:us-east-1:111122223333:a", false),
        ] {
            let at = topic(given).unwrap().unwrap().at(&place);
            assert_eq!((at.as_str(), is_in(&at, &place)), (arn, here));
        }
        assert!(is_in_region("arn:aws:sns:eu-west-1:444455556666:a", &place));
        assert!(is_in("arn:aws:iam::111122223333:role/a", &place));
    }

    #[test]
    fn nothing_is_allowed_and_anything_else_is_wrong() {
        assert_eq!(topic(""), Ok(None));
        for other in [
            "audit",
            "arn:aws:sqs:eu-west-1:111122223333:q",
            "arn:aws:sns:a:b:c d",
            "arn:aws:sns:a:b:*",
        ] {
            assert!(topic(other).is_err(), "{other}");
        }
    }
}

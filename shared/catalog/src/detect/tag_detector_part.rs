//! Tells a person of a detector, filter or list of `GuardDuty` without the tags that a control asks for.
//!
//! What the tags should say is for people to know.

use remedy::{
    Case, Id as _, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong,
    quoted,
};

use super::{DetectorPart, DetectorPartId};

/// See the [module](self).
#[derive(Debug)]
pub struct TagDetectorPart;

impl Remediation for TagDetectorPart {
    type Facet = DetectorPart;

    const SPEC: Spec = Spec {
        id: "detect/tag_detector_part",
        title: "Tell of a part of GuardDuty without tags",
        triggers: &[
            Trigger::control("GuardDuty.2"),
            Trigger::control("GuardDuty.3"),
            Trigger::control("GuardDuty.4"),
        ],
        severity: Severity::Low,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No tag is made up: a tag opens and shuts doors where policies go by it.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, part: &DetectorPart, case: &Case<'_>) -> Plan<Never> {
        let mut given = case.signal.parameters.iter();
        let given = given.find(|(key, _)| key.eq_ignore_ascii_case("requiredTagKeys"));
        let keys = given.map(|(_, values)| values.as_slice()).unwrap_or_default();
        let keys = keys.iter().flat_map(|value| value.split(',')).map(str::trim);
        let keys: Vec<&str> = keys.filter(|key| !key.is_empty()).collect();
        let own = part.tags.keys().filter(|key| !key.starts_with("aws:")).count();
        let missing: Vec<&str> = match keys.as_slice() {
            [] if own > 0 => Vec::new(),
            [] => vec!["KEY"],
            keys => keys.iter().copied().filter(|key| !part.tags.contains_key(*key)).collect(),
        };
        let id = DetectorPartId::locate(&case.signal.resource);
        let Some(id) = id.filter(|_| !missing.is_empty()) else { return Plan::none() };
        let place = &case.signal.place;
        let tags: Vec<_> = missing.iter().map(|key| quoted(&format!("{key}=VALUE"))).collect();
        Plan::by_hand(
            format!("tags are missing: {}", missing.join(", ")),
            "people know what its tags should say",
            [format!(
                "aws guardduty tag-resource --region {} --resource-arn {} --tags {}",
                place.region,
                id.arn(place),
                tags.join(",")
            )],
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::{
        Signal,
        check::{check, now, signal},
    };

    use super::*;

    const NOISE: &str = "arn:aws:guardduty:eu-west-1:111122223333:detector/12ab/filter/noise";

    #[test]
    fn a_person_is_told_which_tags_are_missing() {
        let part = |keys: &[&str]| DetectorPart {
            tags: keys.iter().map(|key| ((*key).into(), "x".into())).collect(),
        };
        let asked = |keys: &str| Signal {
            parameters: [("requiredTagKeys".into(), vec![keys.into()])].into(),
            ..signal(NOISE)
        };
        for (part, signal, tags) in [
            (part(&[]), signal(NOISE), Some("KEY=VALUE")),
            (part(&["aws:x"]), signal(NOISE), Some("KEY=VALUE")),
            (part(&["Owner"]), signal(NOISE), None),
            (part(&["Owner"]), asked("Owner,Cost centre"), Some("'Cost centre=VALUE'")),
            (part(&["Owner"]), asked("Owner"), None),
        ] {
            check(&TagDetectorPart, &part, &signal, &[]);
            let plan = TagDetectorPart.plan(&part, &Case { signal: &signal, now: now() });
            let command = tags.map(|tags| {
                format!("aws guardduty tag-resource --region eu-west-1 --resource-arn {NOISE} --tags {tags}")
            });
            assert_eq!(plan.by_hand, command.into_iter().collect::<Vec<_>>());
        }
    }

    #[test]
    fn detectors_filters_and_lists_are_located_and_nothing_else() {
        for (path, known) in [
            ("detector/12ab", true),
            ("detector/12ab/ipset/3c", true),
            ("detector/12ab/filter/", false),
            ("detector/12ab/threatintelset/3c", false),
            ("malware-protection-plan/1", false),
        ] {
            let arn = format!("arn:aws:guardduty:eu-west-1:111122223333:{path}");
            assert_eq!(DetectorPartId::locate(&arn).is_some(), known, "{path}");
        }
    }
}

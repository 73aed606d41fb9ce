//! What keeps a remediation of an account off one of the resources in it.

use remedy::{Exemption, Guard, Hold, Owner, Settings, Tags, Timestamp, Wrong};

/// An account has no tags; the trails and log groups that it is recorded with have. IAM lets only those
/// be changed that carry the opt-in tag, so no other is planned to be.
#[derive(Debug)]
pub(super) struct Fence(Guard);

impl Fence {
    /// As the operator set it.
    pub(super) fn configured(settings: &Settings) -> Result<Self, Wrong> {
        Guard::configured(settings).map(Self)
    }

    /// Key and value of the tag that brings a resource in scope.
    pub(super) fn opt_in(&self) -> (String, String) {
        self.0.opt_in.clone()
    }

    /// Why what carries `tags` is to be left alone, if it is.
    pub(super) fn hold(&self, tags: &Tags, now: Timestamp) -> Option<Hold> {
        let Guard { opt_in: (key, value), opt_out, exempt, iac } = &self.0;
        let alike = |tag: &&String| tag.trim().eq_ignore_ascii_case(opt_out.trim());
        if let Some(key) = tags.keys().find(alike) {
            return Some(Hold::OptedOut { key: key.clone() });
        }
        if tags.get(key) != Some(value) {
            return Some(Hold::NotOptedIn { wanted: format!("{key}={value}"), nearly: None });
        }
        let exemption = tags.get(exempt).map(|text| Exemption::parse(text));
        let exempted = exemption.filter(|exemption| exemption.holds(now));
        exempted
            .map(|exemption| Hold::exempt(exemption, &format!("tag {exempt}")))
            .or_else(|| Owner::of(tags, iac).map(Hold::Owned))
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::now;

    use super::*;

    #[test]
    fn only_what_is_opted_in_and_nobody_elses_is_open() {
        type Case = (&'static [(&'static str, &'static str)], Option<&'static str>);
        const OPTED_IN: (&str, &str) = ("AutoRemediate", "True");
        let cases: &[Case] = &[
            (&[OPTED_IN], None),
            (&[], Some("not-opted-in")),
            (&[("AutoRemediate", "true")], Some("not-opted-in")),
            (&[OPTED_IN, ("doNotRemediate", "")], Some("opted-out")),
            (&[OPTED_IN, ("KintsugiExemptUntil", "2027-03-31")], Some("exempt")),
            (&[OPTED_IN, ("KintsugiExemptUntil", "2020-03-31")], None),
            (&[OPTED_IN, ("aws:cloudformation:stack-name", "audit")], Some("owned")),
        ];
        let fence = Fence::configured(&Settings::default()).unwrap();
        for (tags, expected) in cases {
            let tags = tags.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect();
            let hold = fence.hold(&tags, now());
            assert_eq!(hold.as_ref().map(Hold::kind), *expected, "{tags:?}");
        }
    }
}

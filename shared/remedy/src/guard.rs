//! What binds whatever the policies say: the opt-out tag, exemptions, and what nobody can take back.

use crate::{
    Change, Exemption, Facet, Hold, Owner, Parameter, Place, Plan, Settings, Tags, Timestamp, Wrong,
};

/// The guard between a plan and AWS, beside the policies: no policy can open what it holds shut.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Guard {
    /// The tag and value without which IAM lets no function change a resource.
    pub opt_in: (String, String),
    /// Resources with this tag are never touched, whatever else they carry.
    pub opt_out: String,
    /// The tag that exempts a resource, for as long as its value says.
    pub exempt: String,
    /// What Terraform and its like are recognised by: tag keys, or `key=value`.
    pub iac: Vec<String>,
}

/// Whether stacks change anything.
pub const MODE: Parameter = Parameter {
    name: "Mode",
    default: "enforce",
    allowed: "enforce, dry-run",
    about: "enforce repairs; dry-run only records and tells what would be repaired",
};
/// The key of the opt-in tag.
pub const SCOPE_TAG_KEY: Parameter = Parameter {
    name: "ScopeTagKey",
    default: "AutoRemediate",
    allowed: "a tag key, 1 to 128 characters",
    about: "only resources that carry this tag with ScopeTagValue are touched",
};
/// The value of the opt-in tag.
pub const SCOPE_TAG_VALUE: Parameter = Parameter {
    name: "ScopeTagValue",
    default: "True",
    allowed: "a tag value, 1 to 256 characters",
    about: "the value of the opt-in tag, compared to the letter",
};
/// The key of the opt-out tag.
pub const OPT_OUT_TAG_KEY: Parameter = Parameter {
    name: "OptOutTagKey",
    default: "DoNotRemediate",
    allowed: "a tag key, 1 to 128 characters",
    about: "resources that carry this tag, with any value, are never touched",
};
/// The key of the tag that exempts for a time.
pub const EXEMPT_TAG_KEY: Parameter = Parameter {
    name: "ExemptTagKey",
    default: "KintsugiExemptUntil",
    allowed: "a tag key, 1 to 128 characters",
    about: "resources that carry this tag are left alone to the end of the day it names (2027-03-31)",
};
/// Owners that do not hold a repair back.
pub const ALLOWED_OWNERS: Parameter = Parameter {
    name: "AllowedOwners",
    default: "",
    allowed: "any of cloudformation, control-tower, directory-service, eks, elastic-beanstalk, elb, \
              emr, iac, rds, separated by commas",
    about: "resources of these owners are repaired like any other; by default they are held",
};
/// How Terraform and its like mark what they own.
pub const IAC_TAG_KEYS: Parameter = Parameter {
    name: "IacTagKeys",
    default: "terraform,Terraform,terraform:stack,ManagedBy=terraform,managed-by=terraform",
    allowed: "tag keys, or key=value, separated by commas",
    about: "tags by which Terraform, OpenTofu, Pulumi and the like mark their resources",
};

impl Guard {
    /// Its parameters, in the order of the template; those of the policies are with them.
    pub const PARAMETERS: &'static [Parameter] =
        &[SCOPE_TAG_KEY, SCOPE_TAG_VALUE, OPT_OUT_TAG_KEY, EXEMPT_TAG_KEY, IAC_TAG_KEYS];

    /// As the operator set it.
    ///
    /// # Errors
    /// If a parameter is set to what it cannot be.
    pub fn configured(settings: &Settings) -> Result<Self, Wrong> {
        let up_to = |most: usize| {
            move |text: &str| (1..=most).contains(&text.chars().count()).then(|| text.to_owned())
        };
        Ok(Self {
            opt_in: (
                settings.read(&SCOPE_TAG_KEY, up_to(128))?,
                settings.read(&SCOPE_TAG_VALUE, up_to(256))?,
            ),
            opt_out: settings.read(&OPT_OUT_TAG_KEY, up_to(128))?,
            exempt: settings.read(&EXEMPT_TAG_KEY, up_to(128))?,
            iac: settings.list(&IAC_TAG_KEYS).map(str::to_owned).collect(),
        })
    }

    /// Every reason to hold `plan` back, the most final ones first.
    ///
    /// `now` is the time that exemptions end by.
    pub fn judge<F: Facet>(
        &self,
        facet: &F,
        place: &Place,
        plan: &Plan<F::Change>,
        now: Timestamp,
    ) -> Vec<Hold> {
        let tags = facet.tags();
        let mut holds = Vec::new();
        holds.extend(tags.and_then(|tags| self.opted_out(tags)));
        holds.extend(tags.and_then(|tags| self.fenced(tags, plan)));
        holds.extend(tags.and_then(|tags| self.exempted(tags, now)));
        let account = facet.account().filter(|account| *account != place.account);
        holds.extend(account.map(|account| Hold::OtherAccount { account: account.into() }));
        if plan.changes.iter().any(|change| change.inverse().is_none()) {
            holds.push(Hold::Irreversible);
        }
        holds.extend(plan.ask.clone().map(|why| Hold::NeedsPerson { why }));
        holds
    }

    /// Who looks after it, by its tags or by what it is.
    pub fn owner<F: Facet>(&self, facet: &F) -> Option<Owner> {
        let tags = facet.tags();
        tags.and_then(|tags| Owner::of(tags, &self.iac)).or_else(|| facet.owner())
    }

    fn opted_out(&self, tags: &Tags) -> Option<Hold> {
        let key = tags.keys().find(|key| alike(key, &self.opt_out))?;
        Some(Hold::OptedOut { key: key.clone() })
    }

    /// IAM itself would refuse it.
    fn fenced<C: Change>(&self, tags: &Tags, plan: &Plan<C>) -> Option<Hold> {
        let (key, value) = &self.opt_in;
        let is_by_tag = |change: &C| change.needs().iter().any(|action| action.by_tag);
        if tags.get(key) == Some(value) || !plan.changes.iter().any(is_by_tag) {
            return None;
        }
        let nearly = tags.iter().find(|(k, v)| alike(k, key) && alike(v, value));
        let nearly = nearly.map(|(k, v)| format!("{k}={v}"));
        Some(Hold::NotOptedIn { wanted: format!("{key}={value}"), nearly })
    }

    fn exempted(&self, tags: &Tags, now: Timestamp) -> Option<Hold> {
        let exemption = Exemption::parse(tags.get(&self.exempt)?);
        exemption.holds(now).then(|| Hold::exempt(exemption, &format!("tag {}", self.exempt)))
    }
}

/// The same but for case and space: what people mean when they mistype a tag.
fn alike(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

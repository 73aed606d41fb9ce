//! Who may stop it: the guard between a plan and AWS.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{
    Change, Exemption, Facet, Owner, Parameter, Place, Plan, Settings, Signal, Tags, Timestamp,
    Wrong,
};

/// What becomes of a plan that nothing speaks against.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// It is recorded and told, and nothing is changed.
    DryRun,
    /// It is carried out.
    Enforce,
}

/// What the account's owner allows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Policy {
    /// What becomes of a plan.
    pub mode: Mode,
    /// Only resources with this tag and value are touched.
    pub opt_in: (String, String),
    /// Resources with this tag are never touched, whatever else they carry.
    pub opt_out: String,
    /// The tag that exempts a resource, for as long as its value says.
    pub exempt: String,
    /// Owners whose resources may be touched all the same.
    pub allowed_owners: Vec<String>,
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

impl Policy {
    /// Its parameters, in the order of the template.
    pub const PARAMETERS: &'static [Parameter] = &[
        MODE,
        SCOPE_TAG_KEY,
        SCOPE_TAG_VALUE,
        OPT_OUT_TAG_KEY,
        EXEMPT_TAG_KEY,
        ALLOWED_OWNERS,
        IAC_TAG_KEYS,
    ];

    /// The policy that the operator set.
    ///
    /// # Errors
    /// If a parameter is set to what it cannot be.
    pub fn configured(settings: &Settings) -> Result<Self, Wrong> {
        let up_to = |most: usize| {
            move |text: &str| (1..=most).contains(&text.chars().count()).then(|| text.to_owned())
        };
        let mode = |text: &str| match text {
            "enforce" => Some(Mode::Enforce),
            "dry-run" => Some(Mode::DryRun),
            _ => None,
        };
        let owner = |text: &str| Owner::KINDS.contains(&text).then(|| text.to_owned());
        Ok(Self {
            mode: settings.read(&MODE, mode)?,
            opt_in: (
                settings.read(&SCOPE_TAG_KEY, up_to(128))?,
                settings.read(&SCOPE_TAG_VALUE, up_to(256))?,
            ),
            opt_out: settings.read(&OPT_OUT_TAG_KEY, up_to(128))?,
            exempt: settings.read(&EXEMPT_TAG_KEY, up_to(128))?,
            allowed_owners: settings.each(&ALLOWED_OWNERS, owner)?,
            iac: settings.list(&IAC_TAG_KEYS).map(str::to_owned).collect(),
        })
    }

    /// Every reason to hold `plan` back, the most final ones first. None: it may be carried out.
    ///
    /// `signal` is the one that asked for it, `now` the time that exemptions end by.
    pub fn judge<F: Facet>(
        &self,
        facet: &F,
        place: &Place,
        plan: &Plan<F::Change>,
        signal: &Signal,
        now: Timestamp,
    ) -> Vec<Hold> {
        let none = Tags::new();
        let tags = facet.tags();
        let mut holds = Vec::new();
        holds.extend(tags.and_then(|tags| self.opted_out(tags)));
        holds.extend(tags.and_then(|tags| self.not_opted_in(tags)));
        holds.extend(self.exempted(tags.unwrap_or(&none), now));
        holds.extend(self.owned(facet, tags.unwrap_or(&none)));
        let account = facet.account().filter(|account| *account != place.account);
        holds.extend(account.map(|account| Hold::OtherAccount { account: account.into() }));
        if plan.changes.iter().any(|change| change.inverse().is_none()) {
            holds.push(Hold::Irreversible);
        }
        holds.extend(plan.ask.clone().map(|why| Hold::NeedsPerson { why }));
        if signal.asked_by.is_some() {
            holds.retain(|hold| !hold.is_lifted_by_asking());
        }
        if self.mode == Mode::DryRun {
            holds.push(Hold::DryRun);
        }
        holds
    }

    fn opted_out(&self, tags: &Tags) -> Option<Hold> {
        let key = tags.keys().find(|key| alike(key, &self.opt_out))?;
        Some(Hold::OptedOut { key: key.clone() })
    }

    fn not_opted_in(&self, tags: &Tags) -> Option<Hold> {
        let (key, value) = &self.opt_in;
        if tags.get(key) == Some(value) {
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

    fn owned<F: Facet>(&self, facet: &F, tags: &Tags) -> Option<Hold> {
        let owner = Owner::of(tags, &self.iac).or_else(|| facet.owner())?;
        (!self.allowed_owners.contains(&owner.kind)).then_some(Hold::Owned(owner))
    }
}

/// The same but for case and space: what people mean when they mistype a tag.
fn alike(one: &str, other: &str) -> bool {
    one.trim().eq_ignore_ascii_case(other.trim())
}

/// Why a plan, or a part of one, was not carried out.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Hold {
    /// The opt-out tag is there.
    OptedOut {
        /// As it is written on the resource.
        key: String,
    },
    /// The opt-in tag is not there.
    NotOptedIn {
        /// `key=value`.
        wanted: String,
        /// A tag that differs only in case or space.
        nearly: Option<String>,
    },
    /// Somebody wrote that it is to be left alone for a time.
    Exempt {
        /// The end.
        until: Timestamp,
        /// Where that is written.
        by: String,
    },
    /// Somebody wrote that it is to be left alone, and nobody can read for how long.
    UnclearExemption {
        /// What is written in place of an end.
        text: String,
        /// Where that is written.
        by: String,
    },
    /// Somebody else keeps it as it is.
    Owned(Owner),
    /// It is shared with this account and belongs to another.
    OtherAccount {
        /// The account it belongs to.
        account: String,
    },
    /// The remediation wants a person to look first.
    NeedsPerson {
        /// Why.
        why: String,
    },
    /// It could not be taken back.
    Irreversible,
    /// The stack is in dry-run mode.
    DryRun,
    /// It is one of those that must not be touched by this remediation.
    Guarded {
        /// What, such as an address.
        what: String,
        /// What guards it, such as `is private (10.0.0.0/8)`.
        by: String,
    },
    /// As many repairs as are allowed in an hour are made; a person must say that it may go on.
    OverCap {
        /// How many are allowed.
        cap: u32,
    },
}

impl Hold {
    /// The hold of an exemption that holds, written at `by`.
    pub fn exempt(exemption: Exemption, by: &str) -> Self {
        match exemption {
            Exemption::Until(until) => Self::Exempt { until, by: by.into() },
            Exemption::Unclear(text) => Self::UnclearExemption { text, by: by.into() },
        }
    }

    /// Whether a person who asks for the very repair has thereby answered it. Scope, owners and
    /// exemptions bind them too.
    pub fn is_lifted_by_asking(&self) -> bool {
        matches!(self, Self::NeedsPerson { .. } | Self::Irreversible)
    }

    /// Whether it only says that the resource is none of ours, as most are.
    pub fn is_out_of_scope(&self) -> bool {
        matches!(self, Self::OptedOut { .. } | Self::NotOptedIn { nearly: None, .. })
    }

    /// One word for metrics and filters.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::OptedOut { .. } => "opted-out",
            Self::NotOptedIn { .. } => "not-opted-in",
            Self::Exempt { .. } => "exempt",
            Self::UnclearExemption { .. } => "unclear-exemption",
            Self::Owned(_) => "owned",
            Self::OtherAccount { .. } => "other-account",
            Self::NeedsPerson { .. } => "needs-person",
            Self::Irreversible => "irreversible",
            Self::DryRun => "dry-run",
            Self::Guarded { .. } => "guarded",
            Self::OverCap { .. } => "over-cap",
        }
    }
}

impl fmt::Display for Hold {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OptedOut { key } => write!(f, "it carries the opt-out tag {key}"),
            Self::NotOptedIn { wanted, nearly: None } => {
                write!(f, "it is not in scope: the tag {wanted} is missing")
            }
            Self::NotOptedIn { wanted, nearly: Some(nearly) } => write!(
                f,
                "it is not in scope: its tag `{nearly}` nearly matches {wanted}; write it exactly so if \
                 that is meant"
            ),
            Self::Exempt { until, by } => {
                write!(f, "it is exempt until {} ({by})", until.format("%Y-%m-%d %H:%M UTC"))
            }
            Self::UnclearExemption { text, by } => write!(
                f,
                "its exemption ({by}) ends at `{text}`, which is no date; write it like 2027-03-31"
            ),
            Self::Owned(owner) => {
                write!(f, "it is kept by {owner}, which would put it back: mend it there")
            }
            Self::OtherAccount { account } => write!(f, "it belongs to account {account}"),
            Self::NeedsPerson { why } => write!(f, "a person should look first: {why}"),
            Self::Irreversible => f.write_str("a person should look first: it could not be undone"),
            Self::DryRun => f.write_str("this is a dry run"),
            Self::Guarded { what, by } => write!(f, "{what} {by}"),
            Self::OverCap { cap } => {
                write!(f, "the cap of {cap} repairs an hour is reached; a person must resume it")
            }
        }
    }
}

//! Policies made of the stack's parameters, for those who write none.

use cedar_policy::EntityId;
use remedy::{
    Owner, Parameter, Risk, Settings, Wrong,
    guard::{ALLOWED_OWNERS, MODE, SCOPE_TAG_KEY, SCOPE_TAG_VALUE},
};

use crate::{Mode, NO_OWNER, Window};

/// When changes are made.
pub const MAINTENANCE_WINDOW: Parameter = Parameter {
    name: "MaintenanceWindow",
    default: "",
    allowed: "days and times in UTC such as `mon-fri 22:00-05:00; sat,sun 00:00-24:00`, or nothing",
    about: "changes of MaintenanceRisk are made at these times only; nothing: at any time",
};
/// Which changes wait for the window.
pub const MAINTENANCE_RISK: Parameter = Parameter {
    name: "MaintenanceRisk",
    default: "interrupts",
    allowed: "safe, may-interrupt, interrupts",
    about: "changes of at least this risk are made within MaintenanceWindow only",
};

/// Which settings of the account are touched.
pub const ACCOUNT_SETTINGS: Parameter = Parameter {
    name: "AccountSettings",
    default: "",
    allowed: "ids of remediations such as `iam/set_password_policy, s3/block_account_public_access`, `all`, or nothing",
    about: "settings of the account carry no tags: only those that these remediations set are touched",
};

/// What the stack's parameters say of what may be touched.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bounds {
    /// What becomes of a plan.
    pub mode: Mode,
    /// Only resources with this tag and value are touched.
    pub opt_in: (String, String),
    /// Owners whose resources may be touched all the same.
    pub allowed_owners: Vec<String>,
    /// When changes of at least `window_risk` are made; `None`: at any time.
    pub windows: Option<Window>,
    /// The least risk that waits for the window.
    pub window_risk: Risk,
    /// The remediations that may touch settings of the account, or `all`.
    pub account_settings: Vec<String>,
}

/// As they are written, the least first.
pub(crate) const RISKS: [(&str, Risk); 3] =
    [("safe", Risk::Safe), ("may-interrupt", Risk::MayInterrupt), ("interrupts", Risk::Interrupts)];

impl Bounds {
    /// Their parameters, in the order of the template.
    pub const PARAMETERS: &'static [Parameter] = &[
        MODE,
        SCOPE_TAG_KEY,
        SCOPE_TAG_VALUE,
        ALLOWED_OWNERS,
        MAINTENANCE_WINDOW,
        MAINTENANCE_RISK,
        ACCOUNT_SETTINGS,
    ];

    /// The bounds that the operator set.
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
        let window = |text: &str| match text {
            "" => Some(None),
            text => Window::parse(text).ok().map(Some),
        };
        let remediation = |text: &str| {
            let word = |word: &str| {
                !word.is_empty()
                    && word
                        .bytes()
                        .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'_')
            };
            let named = text.split_once('/').is_some_and(|(one, two)| word(one) && word(two));
            (named || text == "all").then(|| text.to_owned())
        };
        let risk = |text: &str| RISKS.into_iter().find(|(word, _)| *word == text);
        Ok(Self {
            mode: settings.read(&MODE, mode)?,
            opt_in: (
                settings.read(&SCOPE_TAG_KEY, up_to(128))?,
                settings.read(&SCOPE_TAG_VALUE, up_to(256))?,
            ),
            allowed_owners: settings.each(&ALLOWED_OWNERS, owner)?,
            windows: settings.read(&MAINTENANCE_WINDOW, window)?,
            window_risk: settings.read(&MAINTENANCE_RISK, risk)?.1,
            account_settings: settings.each(&ACCOUNT_SETTINGS, remediation)?,
        })
    }

    /// The policies that say the same, to be read by people and to start one's own from.
    pub fn policies(&self) -> String {
        let parts = [
            Some(self.opted_in()),
            self.of_the_account(),
            self.maintenance(),
            self.maintenance_of_the_account(),
            Some(self.owned_by_others()),
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join("\n")
    }

    fn opted_in(&self) -> String {
        format!(
            "// Only what its owners opted in by a tag is touched.\n\
             @id(\"opted-in\") @mode(\"{mode}\")\n\
             permit (principal, action, resource)\n\
             when {{ {tagged} }};\n",
            mode = self.mode,
            tagged = self.tagged(),
        )
    }

    /// They carry no tags, so that none is in scope by accident.
    fn of_the_account(&self) -> Option<String> {
        let actions = self.account_actions()?;
        Some(format!(
            "// Settings of the account carry no tags: these are touched, no others.\n\
             @id(\"account-settings\") @mode(\"{mode}\")\n\
             permit (principal, {actions}, resource)\n\
             when {{ !resource.tagged }};\n",
            mode = self.mode,
        ))
    }

    fn account_actions(&self) -> Option<String> {
        match &self.account_settings[..] {
            [] => None,
            named if named.iter().any(|name| name == "all") => Some("action".to_owned()),
            named => {
                let named: Vec<String> =
                    named.iter().map(|name| format!("Action::{}", quoted(name))).collect();
                Some(format!("action in [{}]", named.join(", ")))
            }
        }
    }

    fn maintenance_of_the_account(&self) -> Option<String> {
        let window = self.windows.as_ref().filter(|_| self.mode == Mode::Enforce)?;
        let waiting = RISKS.iter().filter(|(_, risk)| *risk >= self.window_risk);
        let waiting: Vec<String> = waiting.map(|(word, _)| quoted(word)).collect();
        Some(format!(
            "// So do settings of the account.\n\
             @id(\"account-maintenance\") @mode(\"enforce\") @window(\"{window}\")\n\
             permit (principal, {actions}, resource)\n\
             when {{ !resource.tagged && [{waiting}].contains(context.risk) }};\n",
            actions = self.account_actions()?,
            waiting = waiting.join(", "),
        ))
    }

    /// Where nothing is changed, nothing waits.
    fn maintenance(&self) -> Option<String> {
        let window = self.windows.as_ref().filter(|_| self.mode == Mode::Enforce)?;
        let waiting = RISKS.iter().filter(|(_, risk)| *risk >= self.window_risk);
        let groups: Vec<String> =
            waiting.map(|(word, _)| format!("Action::{}", quoted(word))).collect();
        Some(format!(
            "// What can go wrong for people goes on at these times (UTC) only: of the permits that apply,\n\
             // the strictest counts.\n\
             @id(\"maintenance\") @mode(\"enforce\") @window(\"{window}\")\n\
             permit (principal, action in [{groups}], resource)\n\
             when {{ {tagged} }};\n",
            groups = groups.join(", "),
            tagged = self.tagged(),
        ))
    }

    fn owned_by_others(&self) -> String {
        let allowed = [NO_OWNER].into_iter().chain(self.allowed_owners.iter().map(String::as_str));
        let allowed: Vec<String> = allowed.map(quoted).collect();
        format!(
            "// What CloudFormation, EKS, Terraform and their like keep is mended there.\n\
             @id(\"owned-by-others\") @reason(\"whoever keeps it would put it back: mend it there\")\n\
             forbid (principal, action, resource)\n\
             when {{ ![{allowed}].contains(resource.owner) }};\n",
            allowed = allowed.join(", "),
        )
    }

    fn tagged(&self) -> String {
        let (key, value) = (quoted(&self.opt_in.0), quoted(&self.opt_in.1));
        format!("resource.hasTag({key}) && resource.getTag({key}) == {value}")
    }
}

/// `text` as a string of Cedar's.
pub(crate) fn quoted(text: &str) -> String {
    format!("\"{}\"", EntityId::new(text).escaped())
}

#[cfg(test)]
mod tests;

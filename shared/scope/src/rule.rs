//! What is written before a policy: its id, its mode, its window, its reason.

use cedar_policy::{Effect, Policy, PolicyId};

use crate::{Mode, Window, nearest::nearest};

/// All annotations there are.
const ANNOTATIONS: [&str; 4] = ["id", "mode", "window", "reason"];

/// A policy, as far as its annotations go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Rule {
    pub(crate) id: PolicyId,
    pub(crate) name: String,
    pub(crate) reason: Option<String>,
    pub(crate) effect: RuleEffect,
}

/// What it does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum RuleEffect {
    Permit { mode: Mode, window: Option<Window> },
    Forbid,
}

/// An annotation that is wrong, missing, or in the wrong place.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Slip {
    /// The annotation, where it is there.
    pub(crate) at: Option<String>,
    pub(crate) message: String,
    pub(crate) hint: Option<String>,
}

impl Slip {
    fn at(name: &str, message: String, hint: impl Into<String>) -> Self {
        Self { at: Some(name.into()), message, hint: Some(hint.into()) }
    }

    fn missing(message: &str, hint: &str) -> Self {
        Self { at: None, message: message.into(), hint: Some(hint.into()) }
    }
}

impl Rule {
    /// What the annotations of `policy` say.
    ///
    /// # Errors
    /// With every one that is wrong.
    pub(crate) fn read(policy: &Policy) -> Result<Self, Vec<Slip>> {
        let mut slips: Vec<Slip> =
            policy.annotations().filter_map(|(name, _)| unknown(name)).collect();
        let name = keep(read_id(policy), &mut slips).unwrap_or_default();
        let effect = match policy.effect() {
            Effect::Forbid => {
                slips.extend(
                    ["mode", "window"].into_iter().filter_map(|name| out_of_place(policy, name)),
                );
                RuleEffect::Forbid
            }
            Effect::Permit => {
                let mode = keep(read_mode(policy), &mut slips);
                let window = keep(read_window(policy, mode), &mut slips).flatten();
                RuleEffect::Permit { mode: mode.unwrap_or_default(), window }
            }
        };
        let reason = policy.annotation("reason").map(str::to_owned);
        match slips.is_empty() {
            true => Ok(Self { id: PolicyId::new(&name), name, reason, effect }),
            false => Err(slips),
        }
    }
}

fn keep<T>(read: Result<T, Slip>, slips: &mut Vec<Slip>) -> Option<T> {
    read.map_err(|slip| slips.push(slip)).ok()
}

fn unknown(name: &str) -> Option<Slip> {
    if ANNOTATIONS.contains(&name) {
        return None;
    }
    let hint = match nearest(name, ANNOTATIONS) {
        Some(meant) => format!("did you mean @{meant}?"),
        None => "there are @id, @mode, @window and @reason".into(),
    };
    Some(Slip::at(name, format!("unknown annotation @{name}"), hint))
}

fn out_of_place(policy: &Policy, name: &str) -> Option<Slip> {
    policy.annotation(name)?;
    let message = format!("a forbid has no @{name}");
    Some(Slip::at(name, message, "only a permit has one; a forbid always holds"))
}

fn read_id(policy: &Policy) -> Result<String, Slip> {
    const RULE: &str = "1 to 64 letters, digits, dots, dashes and underscores";
    let Some(id) = policy.annotation("id") else {
        let message = "a policy without @id";
        return Err(Slip::missing(message, "write one before it, such as @id(\"opted-in\")"));
    };
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"._-".contains(&b);
    if (1..=64).contains(&id.len()) && id.bytes().all(allowed) {
        Ok(id.to_owned())
    } else {
        Err(Slip::at("id", format!("{id:?} cannot be an id"), RULE))
    }
}

fn read_mode(policy: &Policy) -> Result<Mode, Slip> {
    let words = Mode::ALL.map(Mode::word);
    let Some(word) = policy.annotation("mode") else {
        let message = "a permit without @mode";
        return Err(Slip::missing(message, "write @mode(\"enforce\"), or approve or dry-run"));
    };
    Mode::from_word(word).ok_or_else(|| {
        let hint = match nearest(word, words) {
            Some(meant) => format!("did you mean {meant}?"),
            None => format!("the modes are {}", words.join(", ")),
        };
        Slip::at("mode", format!("{word:?} is no mode"), hint)
    })
}

fn read_window(policy: &Policy, mode: Option<Mode>) -> Result<Option<Window>, Slip> {
    let Some(text) = policy.annotation("window") else { return Ok(None) };
    if let Some(Mode::DryRun) = mode {
        let message = "@window where the mode is dry-run".into();
        return Err(Slip::at("window", message, "what is only told has no window"));
    }
    let window =
        Window::parse(text).map_err(|misread| Slip::at("window", misread.message, misread.hint));
    window.map(Some)
}

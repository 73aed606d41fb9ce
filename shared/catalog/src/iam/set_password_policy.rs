//! Raises the password policy of an account to what a control asks for.
//!
//! Each control asks for what it is about and no more; what is stricter stays, and so does all that no
//! control speaks of. AWS's own policy asks for three kinds of characters of four, which the account's own
//! cannot say: one that is new asks for letters and numbers, so that nothing is laxer than before.

use remedy::{
    Case, Hold, Left, Plan, Remediation, Risk, Settings, Severity, Signal, Spec, Swap, Trigger,
    Undo, Wrong,
};

use super::{Characters, PasswordPolicy, PasswordSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct SetPasswordPolicy;

/// What is asked of a password policy.
#[derive(Debug, Clone, Copy)]
struct Wanted {
    length: Option<u32>,
    characters: &'static [Characters],
    remembered: Option<u32>,
    max_age: Option<u32>,
}

const NOTHING: Wanted = Wanted { length: None, characters: &[], remembered: None, max_age: None };

/// What each control asks for where Security Hub passes nothing else.
const ASKED: &[(&str, Wanted)] = &[
    ("IAM.7", Wanted { length: Some(8), characters: Characters::ALL, ..NOTHING }),
    (
        "IAM.10",
        Wanted {
            length: Some(7),
            characters: &[Characters::Uppercase, Characters::Lowercase, Characters::Numbers],
            remembered: Some(4),
            max_age: Some(90),
        },
    ),
    ("IAM.11", Wanted { characters: &[Characters::Uppercase], ..NOTHING }),
    ("IAM.12", Wanted { characters: &[Characters::Lowercase], ..NOTHING }),
    ("IAM.13", Wanted { characters: &[Characters::Symbols], ..NOTHING }),
    ("IAM.14", Wanted { characters: &[Characters::Numbers], ..NOTHING }),
    ("IAM.15", Wanted { length: Some(14), ..NOTHING }),
    ("IAM.16", Wanted { remembered: Some(24), ..NOTHING }),
    ("IAM.17", Wanted { max_age: Some(90), ..NOTHING }),
];

/// The defaults of the Config rule, but that passwords expire: whether it asks for that it does not say.
const OF_THE_RULE: Wanted =
    Wanted { length: Some(14), characters: Characters::ALL, remembered: Some(24), max_age: None };

/// The control whose parameters can ask for anything.
const CUSTOM: &str = "IAM.7";

const LOCKED_OUT: &str = "passwords that are too old can be replaced by an administrator only (HardExpiry): \
     users with an old one are locked out as soon as passwords expire";

impl Remediation for SetPasswordPolicy {
    type Facet = PasswordPolicy;

    const SPEC: Spec = Spec {
        id: "iam/set_password_policy",
        title: "Raise the password policy of the account",
        triggers: &[
            Trigger::control("IAM.7"),
            Trigger::control("IAM.10"),
            Trigger::control("IAM.11"),
            Trigger::control("IAM.12"),
            Trigger::control("IAM.13"),
            Trigger::control("IAM.14"),
            Trigger::control("IAM.15"),
            Trigger::control("IAM.16"),
            Trigger::control("IAM.17"),
            Trigger::config_rule("IAM_PASSWORD_POLICY"),
        ],
        severity: Severity::Medium,
        risk: Risk::MayInterrupt,
        parameters: &[],
        undo: Undo::Yes,
        care: "A control changes only what it is about, and nothing is ever lowered: a length of 20 stays 20. That only an administrator can replace an expired password is never turned on.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, policy: &PasswordPolicy, case: &Case<'_>) -> Plan<Swap<PasswordSetting>> {
        let asked = Asked::by(case.signal);
        let mut plan: Plan<_> = raise(policy, &asked).into_iter().collect();
        let expires = plan.changes.iter().any(|c| matches!(c.to, PasswordSetting::MaxAge(_)));
        if expires && policy.hard_expiry {
            plan = plan.asking(LOCKED_OUT);
        }
        let is_rule = matches!(case.signal.trigger, Trigger::ConfigRule(_));
        if is_rule && asked.max_age.is_none() && policy.max_age.is_none_or(|days| days > 90) {
            plan.left.push(Left {
                what: "passwords are valid for more than 90 days".into(),
                why: Hold::ByHand {
                    why:
                        "AWS Config does not say whether its rule asks for less; if it does, set it"
                            .into(),
                },
            });
        }
        plan
    }
}

/// What a signal asks for.
struct Asked {
    length: u32,
    characters: Vec<Characters>,
    remembered: u32,
    max_age: Option<u32>,
}

impl Asked {
    fn by(signal: &Signal) -> Self {
        let of = |(control, _): &&(&str, Wanted)| matches!(&signal.trigger, Trigger::Control(id) if id.eq_ignore_ascii_case(control));
        let wanted = ASKED.iter().find(of).map_or(OF_THE_RULE, |(_, wanted)| *wanted);
        let anything = signal.trigger.name().eq_ignore_ascii_case(CUSTOM);
        let number = |name: &str, asks: Option<u32>, least: u32, most: u32| {
            let given = value(signal, name).and_then(|text| text.parse().ok());
            let given = given.filter(|number| (least..=most).contains(number));
            if anything || asks.is_some() { given.or(asks) } else { None }
        };
        let is_asked = |characters: &&Characters| {
            !value(signal, characters.field())
                .is_some_and(|text| text.eq_ignore_ascii_case("false"))
        };
        Self {
            length: number("MinimumPasswordLength", wanted.length, 6, 128).unwrap_or_default(),
            characters: wanted.characters.iter().filter(is_asked).copied().collect(),
            remembered: number("PasswordReusePrevention", wanted.remembered, 1, 24)
                .unwrap_or_default(),
            max_age: number("MaxPasswordAge", wanted.max_age, 1, 1_095),
        }
    }
}

/// The only value of the control's parameter `name`.
fn value<'a>(signal: &'a Signal, name: &str) -> Option<&'a str> {
    let (_, values) = signal.parameters.iter().find(|(key, _)| key.eq_ignore_ascii_case(name))?;
    let [value] = values.as_slice() else { return None };
    Some(value.trim())
}

fn raise(policy: &PasswordPolicy, asked: &Asked) -> Vec<Swap<PasswordSetting>> {
    let mut swaps = vec![Swap::of(PasswordSetting::Own(policy.own), PasswordSetting::Own(true))];
    let length = policy.minimum_length.max(asked.length);
    swaps.push(Swap::of(
        PasswordSetting::MinimumLength(policy.minimum_length),
        PasswordSetting::MinimumLength(length),
    ));
    for characters in Characters::ALL.iter().copied() {
        let is_kept = !policy.own && characters != Characters::Symbols;
        let is = policy.requires.contains(&characters);
        let should = is || is_kept || asked.characters.contains(&characters);
        swaps.push(Swap::of(
            PasswordSetting::Requires(characters, is),
            PasswordSetting::Requires(characters, should),
        ));
    }
    swaps.push(Swap::of(
        PasswordSetting::Remembered(policy.remembered),
        PasswordSetting::Remembered(policy.remembered.max(asked.remembered)),
    ));
    let max_age = [policy.max_age, asked.max_age].into_iter().flatten().min();
    swaps.push(Swap::of(PasswordSetting::MaxAge(policy.max_age), PasswordSetting::MaxAge(max_age)));
    swaps.into_iter().flatten().collect()
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;

    const ACCOUNT: &str = "AWS::::Account:111122223333";

    fn by(trigger: Trigger, parameters: &[(&str, &str)]) -> Signal {
        let parameters = parameters.iter();
        let parameters = parameters.map(|(k, v)| ((*k).into(), vec![(*v).into()])).collect();
        Signal { trigger, parameters, ..signal(ACCOUNT) }
    }

    /// Stricter than any control asks for.
    fn strict() -> PasswordPolicy {
        PasswordPolicy {
            own: true,
            minimum_length: 20,
            requires: Characters::ALL.iter().copied().collect(),
            remembered: 24,
            max_age: Some(60),
            users_may_change: true,
            hard_expiry: true,
        }
    }

    /// An own one that asks for as little as IAM allows.
    fn lax() -> PasswordPolicy {
        PasswordPolicy { own: true, minimum_length: 6, ..PasswordPolicy::default() }
    }

    #[test]
    fn each_control_changes_what_it_is_about_and_no_more() {
        let cases: &[(&'static str, &[&str])] = &[
            (
                "IAM.7",
                &[
                    "set minimum length 8 (it is minimum length 6)",
                    "set uppercase letters required (it is uppercase letters not required)",
                    "set lowercase letters required (it is lowercase letters not required)",
                    "set numbers required (it is numbers not required)",
                    "set symbols required (it is symbols not required)",
                ],
            ),
            (
                "IAM.10",
                &[
                    "set minimum length 7 (it is minimum length 6)",
                    "set uppercase letters required (it is uppercase letters not required)",
                    "set lowercase letters required (it is lowercase letters not required)",
                    "set numbers required (it is numbers not required)",
                    "set passwords remembered 4 (it is passwords remembered 0)",
                    "set passwords valid for 90 days (it is passwords valid for ever)",
                ],
            ),
            ("IAM.11", &["set uppercase letters required (it is uppercase letters not required)"]),
            ("IAM.12", &["set lowercase letters required (it is lowercase letters not required)"]),
            ("IAM.13", &["set symbols required (it is symbols not required)"]),
            ("IAM.14", &["set numbers required (it is numbers not required)"]),
            ("IAM.15", &["set minimum length 14 (it is minimum length 6)"]),
            ("IAM.16", &["set passwords remembered 24 (it is passwords remembered 0)"]),
            ("IAM.17", &["set passwords valid for 90 days (it is passwords valid for ever)"]),
        ];
        for (control, expected) in cases {
            let signal = by(Trigger::control(control), &[]);
            check(&SetPasswordPolicy, &lax(), &signal, expected);
            check(&SetPasswordPolicy, &strict(), &signal, &[]);
        }
    }

    #[test]
    fn what_security_hub_passes_is_what_is_asked_for() {
        let custom = [
            ("MinimumPasswordLength", "16"),
            ("RequireSymbols", "false"),
            ("passwordReusePrevention", "12"),
            ("MaxPasswordAge", "30"),
        ];
        let letters = PasswordPolicy {
            requires: [Characters::Uppercase, Characters::Lowercase, Characters::Numbers].into(),
            ..lax()
        };
        check(
            &SetPasswordPolicy,
            &letters,
            &by(Trigger::control("IAM.7"), &custom),
            &[
                "set minimum length 16 (it is minimum length 6)",
                "set passwords remembered 12 (it is passwords remembered 0)",
                "set passwords valid for 30 days (it is passwords valid for ever)",
            ],
        );
        let length = ["set minimum length 16 (it is minimum length 6)"];
        check(&SetPasswordPolicy, &lax(), &by(Trigger::control("IAM.15"), &custom), &length);
    }

    #[test]
    fn what_cannot_be_asked_for_is_not() {
        for nonsense in ["", "x", "-1", "5", "129", "99999999999"] {
            let signal = by(Trigger::control("IAM.15"), &[("MinimumPasswordLength", nonsense)]);
            let length = ["set minimum length 14 (it is minimum length 6)"];
            check(&SetPasswordPolicy, &lax(), &signal, &length);
        }
    }

    #[test]
    fn an_account_without_its_own_gets_one_that_is_laxer_in_nothing() {
        check(
            &SetPasswordPolicy,
            &PasswordPolicy::default(),
            &by(Trigger::control("IAM.15"), &[]),
            &[
                "set password policy to the account's own (it is password policy to AWS's)",
                "set minimum length 14 (it is minimum length 8)",
                "set uppercase letters required (it is uppercase letters not required)",
                "set lowercase letters required (it is lowercase letters not required)",
                "set numbers required (it is numbers not required)",
            ],
        );
    }

    #[test]
    fn a_person_looks_before_passwords_expire_that_only_an_administrator_can_replace() {
        let signal = by(Trigger::control("IAM.17"), &[]);
        let case = Case { signal: &signal, now: remedy::check::now() };
        let hard = PasswordPolicy { hard_expiry: true, ..lax() };
        assert_eq!(SetPasswordPolicy.plan(&hard, &case).ask.as_deref(), Some(LOCKED_OUT));
        assert_eq!(SetPasswordPolicy.plan(&lax(), &case).ask, None);
        let signal = by(Trigger::control("IAM.15"), &[]);
        let case = Case { signal: &signal, now: remedy::check::now() };
        assert_eq!(SetPasswordPolicy.plan(&hard, &case).ask, None);
    }

    #[test]
    fn a_rule_that_does_not_say_what_it_asks_for_gets_its_defaults_but_no_expiry() {
        let signal = by(Trigger::config_rule("IAM_PASSWORD_POLICY"), &[]);
        let short = PasswordPolicy { minimum_length: 12, max_age: None, ..strict() };
        let length = ["set minimum length 14 (it is minimum length 12)"];
        check(&SetPasswordPolicy, &short, &signal, &length);
        let case = Case { signal: &signal, now: remedy::check::now() };
        assert_eq!(SetPasswordPolicy.plan(&short, &case).left.len(), 1);
        assert_eq!(SetPasswordPolicy.plan(&strict(), &case), Plan::none());
    }
}

//! The findings that are sent first, and what must become of each.

/// Stands for our own Elastic IP address.
pub(crate) const OWN: &str = "@own";

/// A finding.
#[derive(Debug)]
pub(crate) struct Case {
    /// What GuardDuty saw.
    pub(crate) what: &'static str,
    /// As in this fixture.
    pub(crate) fixture: &'static str,
    /// Who was at the other end.
    pub(crate) hosts: &'static [&'static str],
    /// Which of the questions it answers.
    pub(crate) about: &'static str,
    /// How it must end.
    pub(crate) outcome: &'static str,
    /// What the reason must say.
    pub(crate) why: &'static str,
}

/// Those who attacked us, and must be on the list: one address, and several.
pub(crate) const ATTACKER: &str = "198.51.100.10";
pub(crate) const PROBERS: &[&str] = &["192.0.2.50", "192.0.2.51", "203.0.113.52"];
/// Who must not be on it.
pub(crate) const VICTIM: &str = "192.0.2.80";
pub(crate) const COMMANDER: &str = "192.0.2.81";

/// The findings, in the order they are shown.
pub(crate) const CASES: &[Case] = &[
    Case {
        what: "brute force",
        fixture: "guardduty-brute-force",
        hosts: &[ATTACKER],
        about: "Somebody tries passwords at our instance.",
        outcome: "fixed",
        why: "1 of 1 changes",
    },
    Case {
        what: "port probe",
        fixture: "guardduty-port-probe",
        hosts: PROBERS,
        about: "Several in one finding: each is listed.",
        outcome: "fixed",
        why: "3 of 3 changes",
    },
    Case {
        what: "attack by our own instance",
        fixture: "guardduty-brute-force-by-us",
        hosts: &[VICTIM],
        about: "Our instance is the ACTOR: at the other end is its victim.",
        outcome: "ignored",
        why: "192.0.2.80 is no attacker: our own resource attacks it",
    },
    Case {
        what: "attack from a private address",
        fixture: "guardduty-brute-force",
        hosts: &["10.0.9.9"],
        about: "Not somebody in the internet: it is to be looked for at home.",
        outcome: "held",
        why: "10.0.9.9 is private",
    },
    Case {
        what: "attack from our own address",
        fixture: "guardduty-brute-force",
        hosts: &[OWN],
        about: "An Elastic IP of this account: to list it would be to warn of ourselves.",
        outcome: "held",
        why: "is our own: Elastic IP",
    },
    Case {
        what: "sample finding",
        fixture: "guardduty-sample",
        hosts: &["198.51.100.99"],
        about: "Made by a click in the console; nobody did anything.",
        outcome: "ignored",
        why: "it is a sample finding",
    },
    Case {
        what: "attack over IPv6",
        fixture: "guardduty-ipv6-only",
        hosts: &["2001:db8:bad::1"],
        about: "GuardDuty's lists take IPv4 only.",
        outcome: "held",
        why: "2001:db8:bad::1 is an IPv6 address",
    },
    Case {
        what: "command-and-control server",
        fixture: "guardduty-command-and-control",
        hosts: &[COMMANDER],
        about: "Our instance calls it. Whether such are listed is up to the operator.",
        outcome: "ignored",
        why: "such are listed with ListOutbound only",
    },
];

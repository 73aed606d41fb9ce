//! Which of those at the other end are attackers, by what the finding says of them.

use remedy::{Direction, Host, Peer, Role, Severity, Signal, Threat};

/// Findings about what our own people do: who called is no stranger.
const OWN_PEOPLE: [&str; 3] = ["Policy:", "Stealth:", "PenTest:"];
/// Findings whose only evidence is that a call is unusual: often a colleague on a journey.
const UNUSUAL: &str = "/AnomalousBehavior";
/// Findings about where our own compromised resources call: servers that command them, pools that they
/// mine for, places that they drop data at.
const CALLED_BY_US: [&str; 4] = ["Backdoor:", "CryptoCurrency:", "Trojan:", "Impact:"];

/// Whom to take for an attacker.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Attackers {
    /// The least severity that counts.
    pub(super) from: Severity,
    /// Whether those count that our own resources call.
    pub(super) outbound: bool,
}

impl Attackers {
    /// Why the finding tells of no attacker, whoever is at the other end.
    pub(super) fn ignores(self, signal: &Signal) -> Option<String> {
        let kind = signal.trigger.name();
        let Some(threat) = &signal.threat else {
            return Some("it is no finding of a threat".into());
        };
        if threat.peers.is_empty() {
            return Some("it names nobody at the other end".into());
        }
        if OWN_PEOPLE.iter().any(|purpose| kind.starts_with(purpose)) {
            return Some(format!("findings like {kind} are about our own people, not strangers"));
        }
        // A person who asks has answered these two.
        if signal.asked_by.is_none() {
            if signal.severity < self.from {
                let (is, from) = (signal.severity, self.from);
                return Some(format!("its severity is {is}, and ListFromSeverity is {from}"));
            }
            if kind.contains(UNUSUAL) && signal.severity < Severity::High {
                return Some(format!(
                    "it only says that a call was unusual; below HIGH that is often a colleague ({kind})"
                ));
            }
        }
        let whys: Vec<_> =
            threat.peers.iter().map(|peer| self.why_not(signal, threat, peer)).collect();
        if whys.iter().any(Option::is_none) {
            return None;
        }
        let mut whys: Vec<String> = whys.into_iter().flatten().collect();
        whys.dedup();
        whys.truncate(5);
        Some(whys.join("; "))
    }

    /// Those at the other end that are attackers.
    pub(super) fn of(self, signal: &Signal) -> Vec<&Host> {
        let Some(threat) = &signal.threat else { return Vec::new() };
        let attackers =
            threat.peers.iter().filter(|peer| self.why_not(signal, threat, peer).is_none());
        let mut hosts: Vec<_> = attackers.map(|peer| &peer.host).collect();
        hosts.dedup();
        hosts
    }

    /// Why `peer` is no attacker.
    fn why_not(self, signal: &Signal, threat: &Threat, peer: &Peer) -> Option<String> {
        let kind = signal.trigger.name();
        let Peer { host, direction, .. } = peer;
        let is_called_by_us = CALLED_BY_US.iter().any(|purpose| kind.starts_with(purpose))
            || kind.starts_with("AttackSequence:");
        match (threat.role, direction) {
            (Role::Target | Role::Unknown, Direction::Inbound) => None,
            (_, Direction::Outbound) if is_called_by_us && self.outbound => None,
            (_, Direction::Outbound) if is_called_by_us => Some(format!(
                "{host} is where our own resource calls; such are listed with ListOutbound only"
            )),
            (Role::Actor, _) => Some(format!("{host} is no attacker: our own resource attacks it")),
            (_, Direction::Outbound) => Some(format!("{host} was called by our own resource")),
            (_, Direction::Unknown) => {
                Some(format!("it is not known whether {host} called or was called"))
            }
        }
    }
}

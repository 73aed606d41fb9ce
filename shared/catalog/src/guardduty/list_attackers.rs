//! Puts those who attack on the list of GuardDuty that warns when they show up anywhere else.
//!
//! Only who called our resources is an attacker; whom our own resources attack is a victim. What is
//! private, ours, trusted or on `NeverList` is refused by name. Listing blocks nobody: it makes
//! GuardDuty warn.

use std::net::IpAddr;

use chrono::TimeDelta;
use remedy::{
    Action, Case, Facet, Hold, Host, IdOf, Left, Parameter, Plan, Remediation, Risk, Settings,
    Severity, Signal, Spec, Trigger, Undo, Wrong,
};

use super::{
    By, Findings, Kind, List, ListChange, Listing, Name, ThreatList, Time, Why,
    attackers::Attackers, iam, known::overlaps, public, settings,
};

/// See the [module](self).
#[derive(Debug)]
pub struct ListAttackers {
    list: List,
    attackers: Attackers,
    never: Vec<Name>,
    stay: TimeDelta,
}

const PARAMETERS: &[Parameter] = &[
    settings::THREAT_LIST_KIND,
    settings::THREAT_LIST_NAME,
    settings::LIST_FROM_SEVERITY,
    settings::LIST_OUTBOUND,
    settings::LIST_DAYS,
    settings::NEVER_LIST,
    settings::REFUSE_AWS_RANGES,
    settings::TRUSTED_LIST_OBJECT,
];

impl Remediation for ListAttackers {
    type Facet = ThreatList;

    const SPEC: Spec = Spec {
        id: "guardduty/list_attackers",
        title: "Put the addresses of attackers on GuardDuty's threat list, for as long as they are seen",
        triggers: &[Trigger::any_finding()],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: PARAMETERS,
        undo: Undo::Yes,
        care: "What is on the list stays; private, own, trusted and AWS addresses are refused by name.",
        since: "0.2.0",
    };

    const ALSO_READS: &'static [Action] = iam::GUARDS;
    const READS_ELSEWHERE: &'static [Action] = iam::READS_ELSEWHERE;

    fn configured(settings: &Settings) -> Result<Self, Wrong> {
        Ok(Self {
            list: List::configured(settings)?,
            attackers: Attackers {
                from: settings::from_severity(settings)?,
                outbound: settings::outbound(settings)?,
            },
            never: settings::never(settings)?,
            stay: settings::days(settings)?,
        })
    }

    fn answers(&self, signal: &Signal) -> bool {
        signal.threat.is_some()
    }

    fn ignores(&self, signal: &Signal) -> Option<String> {
        self.attackers.ignores(signal)
    }

    fn target(&self, _: &Signal) -> Option<IdOf<Self>> {
        Some(self.list.id.clone())
    }

    fn plan(&self, list: &ThreatList, case: &Case<'_>) -> Plan<ListChange> {
        let mut plan = Plan::none();
        // The list as those before leave it; copied only if there are others.
        let mut ahead: Option<ThreatList> = None;
        let mut hosts = self.attackers.of(case.signal).into_iter().peekable();
        while let Some(host) = hosts.next() {
            let list = ahead.as_ref().unwrap_or(list);
            match self.fit(list, host, case) {
                Ok(name) => {
                    let changes = self.listed(list, &name, case, &mut plan);
                    if hosts.peek().is_some() {
                        ahead = Some(changes.iter().fold(list.clone(), Facet::after));
                    }
                    plan.changes.extend(changes);
                }
                Err(by) => {
                    let what = host.to_string();
                    plan.left.push(Left { what: what.clone(), why: Hold::Guarded { what, by } });
                }
            }
        }
        plan
    }
}

impl ListAttackers {
    /// The name under which `host` can be on the list, or what keeps it off.
    fn fit(&self, list: &ThreatList, host: &Host, case: &Case<'_>) -> Result<Name, String> {
        let name = match host {
            Host::Address(IpAddr::V4(address)) => Name::address(*address),
            Host::Address(IpAddr::V6(_)) => return Err(super::Unfit::V6.to_string()),
            Host::Domain(_) if list.kind == Kind::IntelSet => {
                return Err(format!("is a domain, and a {} takes addresses only", list.kind));
            }
            Host::Domain(domain) => domain.parse().map_err(|why: super::Unfit| why.to_string())?,
        };
        if let Some(why) = name.net().and_then(public::why_not) {
            return Err(why);
        }
        if let Some(never) = self.never.iter().find(|never| overlaps(never, &name)) {
            return Err(format!("is never to be listed (NeverList has {never})"));
        }
        if let Some(why) = list.known.guards(&name, &case.signal.place) {
            return Err(why);
        }
        let seen = Time::from(case.signal.seen);
        if let Some(off) = list.truth.removed.get(&name).filter(|off| seen <= **off) {
            return Err(format!("was taken off the list, and was not seen since {off}"));
        }
        if seen.after(self.stay) <= Time::from(case.now) {
            return Err(format!("was last seen on {seen}, longer ago than ListDays allows"));
        }
        Ok(name)
    }

    /// The changes that put `name` on the list, or write down that it was seen again.
    fn listed(
        &self,
        list: &ThreatList,
        name: &Name,
        case: &Case<'_>,
        plan: &mut Plan<ListChange>,
    ) -> Vec<ListChange> {
        let evidence = self.evidence(case.signal);
        let by_own_list = self.is_by_own_list(case.signal);
        if let Some((name, known)) = list.truth.roll.covering(name) {
            let mut to = list.truth.joined(known, &evidence);
            if by_own_list {
                // That it is on our list is no news; or nobody would ever leave it.
                to.until = known.until;
            }
            // What a finding said before it said more is no news.
            let is_old = evidence.last <= known.last
                && evidence
                    .findings
                    .iter()
                    .all(|id| known.findings.iter().any(|known| known == id));
            let is_news = !to.same(known) && !is_old;
            let see = ListChange::See { name, from: known.clone(), to };
            return is_news.then_some(see).into_iter().collect();
        }
        if by_own_list {
            return Vec::new();
        }
        let list_it = ListChange::List { name: name.clone(), evidence: evidence.clone() };
        if list.truth.roll.len() < list.kind.capacity() {
            return vec![list_it];
        }
        let stalest = list.stalest().filter(|(_, stalest)| stalest.last < evidence.last);
        let Some((stalest, listing)) = stalest else {
            let by = "has no room: the list is full, and all on it was seen later".to_owned();
            let what = name.to_string();
            plan.left.push(Left { what: what.clone(), why: Hold::Guarded { what, by } });
            return Vec::new();
        };
        let capacity = list.kind.capacity();
        plan.alarm =
            Some(format!("the list is full ({capacity} entries): what was seen longest ago goes"));
        let (name, listing) = (stalest.clone(), listing.clone());
        vec![ListChange::Remove { name, listing, why: Why::Full, keep_off: None }, list_it]
    }

    fn evidence(&self, signal: &Signal) -> Listing {
        let seen = Time::from(signal.seen);
        Listing {
            first: seen,
            last: seen,
            until: seen.after(self.stay),
            severity: signal.severity,
            by: By::Finding,
            findings: Findings::one(&signal.id),
            serial: 0,
        }
    }

    /// Whether the finding only says that the peer is on our own list.
    fn is_by_own_list(&self, signal: &Signal) -> bool {
        let lists =
            signal.threat.as_ref().map(|threat| threat.lists.as_slice()).unwrap_or_default();
        lists.contains(&self.list.id.name) && signal.trigger.name().ends_with(".Custom")
    }
}

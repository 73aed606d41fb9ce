//! The problems that stand open.

use std::collections::{BTreeMap, HashMap};

use remedy::Timestamp;
use runtime::{Stands, notice::clean};

use crate::{
    Ages, CaseEntry, OfAccount, OfTeam, Open, Problem, Report, Severities,
    names::{Name, Names},
    tally::what,
};

/// The open problems so far.
#[derive(Debug, Default)]
pub(crate) struct NowOpen {
    asks: u64,
    by_severity: Severities,
    by_account: HashMap<Name, Severities>,
    by_team: HashMap<Name, Severities>,
    by_age: Ages,
    oldest: BTreeMap<(Timestamp, String), Problem>,
}

impl NowOpen {
    pub(crate) fn add(&mut self, names: &mut Names, case: &CaseEntry, now: Timestamp) {
        let days = (now - case.since).num_days().max(0);
        self.asks += u64::from(case.stands == Stands::Asks);
        self.by_severity.count(case.severity);
        let account = names.name(&clean(&case.account, 100));
        self.by_account.entry(account).or_default().count(case.severity);
        let team = names.name(&clean(case.team.as_deref().unwrap_or_default(), 200));
        self.by_team.entry(team).or_default().count(case.severity);
        self.by_age.count(days);

        let key = (case.since, case.id.clone());
        let is_full = self.oldest.len() >= Report::OLDEST;
        if is_full && self.oldest.last_key_value().is_some_and(|(last, _)| *last < key) {
            return;
        }
        self.oldest.insert(key, problem(case, days));
        if is_full {
            self.oldest.pop_last();
        }
    }

    pub(crate) fn told(self, names: &Names) -> Open {
        let account = |(account, by_severity): (Name, Severities)| {
            let account = names.text(account).to_owned();
            OfAccount { account, total: by_severity.total(), by_severity }
        };
        let mut by_account: Vec<_> = self.by_account.into_iter().map(account).collect();
        by_account.sort_by(|a, b| (b.total, &a.account).cmp(&(a.total, &b.account)));
        let team = |(team, by_severity): (Name, Severities)| {
            let team = names.maybe(team);
            OfTeam { team, total: by_severity.total(), by_severity }
        };
        let mut by_team: Vec<_> = self.by_team.into_iter().map(team).collect();
        by_team.sort_by(|a, b| (b.total, &a.team).cmp(&(a.total, &b.team)));
        Open {
            total: self.by_severity.total(),
            asks: self.asks,
            by_severity: self.by_severity,
            by_account,
            by_team,
            by_age: self.by_age,
            oldest: self.oldest.into_values().collect(),
        }
    }
}

fn problem(case: &CaseEntry, days: i64) -> Problem {
    Problem {
        case: clean(&case.id, 100),
        stands: case.stands,
        severity: case.severity,
        headline: clean(&case.headline, 400),
        what: clean(what(case), 200),
        account: clean(&case.account, 100),
        region: clean(&case.region, 100),
        resource: clean(&case.resource, 400),
        team: case.team.as_ref().map(|team| clean(team, 200)),
        since: case.since,
        days,
    }
}

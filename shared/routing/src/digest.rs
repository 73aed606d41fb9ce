//! Many pieces of news made few lines.

use std::{
    cmp::Reverse,
    collections::{BTreeMap, BTreeSet},
};

use runtime::{News, Stands};

use crate::{Brief, Digest, Group};

impl Brief {
    /// `news` in one line.
    pub fn of(news: &News) -> Self {
        let about = if news.remediation.is_empty() { &news.trigger } else { &news.remediation };
        Self {
            case: news.case.clone(),
            at: news.at,
            severity: news.severity,
            outcome: match news.stands {
                Stands::Solved => "solved".into(),
                Stands::Accepted => "accepted".into(),
                Stands::Open | Stands::Asks | Stands::Fixed | Stands::Notice => {
                    news.outcome.clone()
                }
            },
            about: about.clone(),
            account: news.place.as_ref().map(|at| at.account.clone()).unwrap_or_default(),
            headline: news.headline.clone(),
            link: news.link.clone(),
            record: news.record.clone(),
        }
    }
}

/// `briefs`, alike ones together. Of a case that is there twice, the later counts.
pub fn digest(briefs: Vec<Brief>) -> Digest {
    let mut cases: BTreeMap<String, Brief> = BTreeMap::new();
    for brief in briefs {
        match cases.get_mut(&brief.case) {
            Some(known) if known.at > brief.at => {}
            Some(known) => *known = brief,
            None => {
                cases.insert(brief.case.clone(), brief);
            }
        }
    }
    let times = || cases.values().map(|brief| brief.at);
    let (from, until) = (times().min().unwrap_or_default(), times().max().unwrap_or_default());
    let mut alike: BTreeMap<(String, String), Vec<Brief>> = BTreeMap::new();
    for brief in cases.into_values() {
        alike.entry((brief.about.clone(), brief.outcome.clone())).or_default().push(brief);
    }
    let mut groups: Vec<Group> =
        alike.into_iter().map(|(key, briefs)| group(key, briefs)).collect();
    groups.sort_by(|one, other| {
        let rank = |group: &Group| (Reverse(group.severity), Reverse(group.count));
        rank(one).cmp(&rank(other))
    });
    Digest { from, until, groups }
}

fn group((about, outcome): (String, String), mut briefs: Vec<Brief>) -> Group {
    let accounts: BTreeSet<&str> = briefs.iter().map(|brief| brief.account.as_str()).collect();
    let accounts = accounts.iter().filter(|account| !account.is_empty()).count();
    let count = briefs.len();
    briefs.sort_by_key(|brief| (Reverse(brief.severity), Reverse(brief.at)));
    let severity = briefs.first().map(|worst| worst.severity).unwrap_or_default();
    briefs.truncate(Group::SHOWN);
    Group { severity, outcome, about, count, accounts, some: briefs }
}

#[cfg(test)]
mod tests {
    use remedy::Severity;

    use super::*;

    fn brief(case: &str, about: &str, severity: Severity, minute: u32) -> Brief {
        Brief {
            case: case.into(),
            at: format!("2026-11-20T10:{minute:02}:00Z").parse().unwrap(),
            severity,
            outcome: "finding".into(),
            about: about.into(),
            account: format!("{minute:012}"),
            headline: format!("headline of {case}"),
            link: None,
            record: None,
        }
    }

    #[test]
    fn alike_ones_are_one_group_and_the_worst_comes_first() {
        let mut briefs: Vec<_> =
            (0..9).map(|n| brief(&format!("a{n}"), "S3.8", Severity::Low, n % 3)).collect();
        briefs.push(brief("b", "EC2.18", Severity::High, 30));
        briefs.push(brief("c", "EC2.8", Severity::Low, 5));
        briefs.push(Brief { outcome: "solved".into(), ..brief("d", "S3.8", Severity::Low, 6) });
        let digest = digest(briefs);
        let told: Vec<_> = digest
            .groups
            .iter()
            .map(|group| {
                (group.about.as_str(), group.outcome.as_str(), group.count, group.accounts)
            })
            .collect();
        assert_eq!(
            told,
            [
                ("EC2.18", "finding", 1, 1),
                ("S3.8", "finding", 9, 3),
                ("EC2.8", "finding", 1, 1),
                ("S3.8", "solved", 1, 1)
            ]
        );
        assert_eq!(digest.count(), 12);
        assert!(digest.groups.iter().all(|group| group.some.len() <= Group::SHOWN));
        assert_eq!(digest.from.to_rfc3339(), "2026-11-20T10:00:00+00:00");
        assert_eq!(digest.until.to_rfc3339(), "2026-11-20T10:30:00+00:00");
    }

    #[test]
    fn of_a_case_the_last_word_counts_once() {
        let later = Brief { outcome: "fixed".into(), ..brief("a", "S3.8", Severity::Low, 2) };
        for briefs in [
            vec![brief("a", "S3.8", Severity::Low, 1), later.clone()],
            vec![later, brief("a", "S3.8", Severity::Low, 1)],
        ] {
            let digest = digest(briefs);
            assert_eq!((digest.count(), digest.groups[0].outcome.as_str()), (1, "fixed"));
        }
        assert_eq!(digest(Vec::new()), Digest::default());
    }
}

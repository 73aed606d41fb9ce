//! The weeks that a report sums up, and in which of them something fell.

use chrono::{Datelike, TimeDelta};
use remedy::Timestamp;

use crate::{Numbers, Period, Recent, Week};

/// Weeks, and the last seven days and the seven before.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Weeks {
    from: Timestamp,
    now: Timestamp,
    count: u32,
}

/// In which of them something fell: one bit a week, the oldest first, and two of the days.
pub(crate) type Marks = u64;

/// As many weeks as there are bits for beside the days'.
const MOST: u32 = 53;
const LAST: u32 = 62;
const BEFORE: u32 = 63;
const ALL_WEEKS: Marks = (1 << MOST) - 1;

/// What was done to a problem, and when.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Done {
    pub(crate) found: Marks,
    pub(crate) repaired: Marks,
    pub(crate) by_people: Marks,
    pub(crate) held: Marks,
}

impl Weeks {
    pub(crate) fn new(now: Timestamp, count: u32) -> Self {
        let count = count.clamp(1, MOST);
        let since_monday = i64::from(now.weekday().num_days_from_monday());
        let monday = now.date_naive() - TimeDelta::days(since_monday);
        let from = monday - TimeDelta::weeks(i64::from(count) - 1);
        Self { from: from.and_time(chrono::NaiveTime::MIN).and_utc(), now, count }
    }

    pub(crate) fn period(&self) -> Period {
        Period { from: self.from, until: self.now, weeks: self.count }
    }

    pub(crate) fn holds(&self, at: Timestamp) -> bool {
        self.from <= at && at <= self.now
    }

    pub(crate) fn marks(&self, at: Timestamp) -> Marks {
        if !self.holds(at) {
            return 0;
        }
        let week = u32::try_from((at - self.from).num_weeks()).unwrap_or_default();
        let ago = self.now - at;
        let days = match () {
            () if ago <= TimeDelta::days(7) => 1 << LAST,
            () if ago <= TimeDelta::days(14) => 1 << BEFORE,
            () => 0,
        };
        days | 1 << week.min(self.count - 1)
    }

    /// In how many problems of the period something fell into the week that ended at `nth`.
    pub(crate) fn weeks(&self, problems: &[Done], open: &[u64]) -> Vec<Week> {
        let week = |nth: u32| {
            let Numbers { found, repaired, by_people, held } = Numbers::of(problems, 1 << nth);
            let from = self.begin(nth);
            let week = from.format("%G-W%V").to_string();
            let open = usize::try_from(nth).ok().and_then(|nth| open.get(nth));
            let open = open.copied().unwrap_or_default();
            Week { week, from, found, repaired, by_people, held, open }
        };
        (0..self.count).map(week).collect()
    }

    pub(crate) fn recent(&self, problems: &[Done]) -> Recent {
        let reaches_back = self.from <= self.now - TimeDelta::days(14);
        Recent {
            last: Numbers::of(problems, 1 << LAST),
            before: reaches_back.then(|| Numbers::of(problems, 1 << BEFORE)),
        }
    }

    /// Counts a problem in each week at whose end it was open. The end of the last week is now.
    pub(crate) fn count_open(
        &self,
        open: &mut Vec<u64>,
        since: Timestamp,
        closed: Option<Timestamp>,
    ) {
        open.resize(usize::try_from(self.count).unwrap_or_default(), 0);
        for (nth, count) in (0..self.count).zip(open) {
            let is_last = nth + 1 == self.count;
            let end = self.begin(nth + 1);
            let was_open = match closed {
                None => is_last || since < end,
                Some(closed) => !is_last && since < end && end <= closed,
            };
            *count += u64::from(was_open);
        }
    }

    fn begin(&self, nth: u32) -> Timestamp {
        self.from + TimeDelta::weeks(i64::from(nth))
    }
}

impl Numbers {
    /// Of the whole period.
    pub(crate) fn of_all(problems: &[Done]) -> Self {
        Self::of(problems, ALL_WEEKS)
    }

    fn of(problems: &[Done], within: Marks) -> Self {
        let mut numbers = Self::default();
        for done in problems {
            numbers.found += u64::from(done.found & within != 0);
            numbers.repaired += u64::from(done.repaired & within != 0);
            numbers.by_people += u64::from(done.by_people & within != 0);
            numbers.held += u64::from(done.held & within != 0);
        }
        numbers
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn a_period_begins_on_a_monday_and_weeks_are_called_as_iso_8601_does() {
        for (now, count, from, names) in [
            ("2026-11-24T18:00:00Z", 2, "2026-11-16T00:00:00Z", "2026-W47 2026-W48"),
            ("2026-11-23T00:00:00Z", 1, "2026-11-23T00:00:00Z", "2026-W48"),
            ("2026-11-22T23:59:59Z", 1, "2026-11-16T00:00:00Z", "2026-W47"),
            ("2027-01-03T12:00:00Z", 2, "2026-12-21T00:00:00Z", "2026-W52 2026-W53"),
            ("2027-01-04T12:00:00Z", 0, "2027-01-04T00:00:00Z", "2027-W01"),
        ] {
            let weeks = Weeks::new(at(now), count);
            assert_eq!(weeks.period().from, at(from), "{now}");
            let trend = weeks.weeks(&[], &[]);
            let told: Vec<_> = trend.iter().map(|week| week.week.as_str()).collect();
            assert_eq!(told.join(" "), names, "{now}");
        }
        assert_eq!(Weeks::new(at("2026-11-24T18:00:00Z"), 9_999).period().weeks, MOST);
    }

    #[test]
    fn what_happened_falls_into_one_week_and_into_the_last_days() {
        let weeks = Weeks::new(at("2026-11-24T18:00:00Z"), 3);
        for (time, expected) in [
            ("2026-11-08T23:59:59Z", 0),
            ("2026-11-09T00:00:00Z", 1),
            ("2026-11-10T18:00:00Z", 1 | 1 << BEFORE),
            ("2026-11-15T23:59:59Z", 1 | 1 << BEFORE),
            ("2026-11-16T00:00:00Z", 2 | 1 << BEFORE),
            ("2026-11-17T18:00:00Z", 2 | 1 << LAST),
            ("2026-11-24T18:00:00Z", 4 | 1 << LAST),
            ("2026-11-24T18:00:01Z", 0),
        ] {
            assert_eq!(weeks.marks(at(time)), expected, "{time}");
        }
        assert!(weeks.recent(&[]).before.is_some());
        assert!(Weeks::new(at("2026-11-24T18:00:00Z"), 2).recent(&[]).before.is_none());
    }

    #[test]
    fn a_problem_counts_as_open_at_the_end_of_each_week_that_it_outlasts() {
        let weeks = Weeks::new(at("2026-11-24T18:00:00Z"), 3);
        for (since, closed, expected) in [
            ("2026-01-01T00:00:00Z", None, [1, 1, 1]),
            ("2026-11-16T00:00:00Z", None, [0, 1, 1]),
            ("2026-11-24T12:00:00Z", None, [0, 0, 1]),
            ("2026-11-25T12:00:00Z", None, [0, 0, 1]),
            ("2026-11-10T00:00:00Z", Some("2026-11-15T12:00:00Z"), [0, 0, 0]),
            ("2026-11-10T00:00:00Z", Some("2026-11-16T00:00:00Z"), [1, 0, 0]),
            ("2026-11-10T00:00:00Z", Some("2026-11-24T00:00:00Z"), [1, 1, 0]),
        ] {
            let mut open = Vec::new();
            weeks.count_open(&mut open, at(since), closed.map(at));
            assert_eq!(open, expected, "{since} to {closed:?}");
        }
    }
}

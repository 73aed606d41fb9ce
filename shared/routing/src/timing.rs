//! When channels are told what was collected for them.

use chrono::{DurationRound, TimeDelta};
use remedy::Timestamp;

use crate::{Channel, Kind};

/// Longer than this no quiet hours are waited for.
const LONGEST: TimeDelta = TimeDelta::days(8);

/// A window of a channel: its budget is for messages from its start on and before its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Span {
    /// It counts.
    pub start: Timestamp,
    /// It does not.
    pub end: Timestamp,
}

impl Channel {
    /// Whether it takes tickets.
    pub fn is_ticket(&self) -> bool {
        match self.kind {
            Kind::Jira(_) | Kind::Backlog(_) => true,
            Kind::Mail { .. } | Kind::Chat { .. } | Kind::Slack { .. } | Kind::Webhook { .. } => {
                false
            }
        }
    }

    /// The window that `now` lies in. Windows follow one another from midnight on, in UTC.
    pub fn span(&self, now: Timestamp) -> Span {
        let start = now.duration_trunc(self.window).unwrap_or(now);
        Span { start, end: later(start, self.window) }
    }

    /// Whether it is left in peace at `now`.
    pub fn is_quiet(&self, now: Timestamp) -> bool {
        self.quiet.as_ref().is_some_and(|quiet| quiet.is_open(now))
    }

    /// When it is told what is collected at `now`: at the window's end or, if that lies in quiet hours, at
    /// their end.
    pub fn due(&self, now: Timestamp) -> Timestamp {
        let end = self.span(now).end;
        if !self.is_quiet(end) {
            return end;
        }
        let minute = end.duration_trunc(TimeDelta::minutes(1)).unwrap_or(end);
        let minutes = (1..=LONGEST.num_minutes()).map(|n| later(minute, TimeDelta::minutes(n)));
        let over = minutes.into_iter().find(|minute| !self.is_quiet(*minute));
        over.unwrap_or_else(|| later(end, LONGEST))
    }
}

/// `at` plus `more`, or the end of time.
pub(crate) fn later(at: Timestamp, more: TimeDelta) -> Timestamp {
    at.checked_add_signed(more).unwrap_or(Timestamp::MAX_UTC)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        format!("2026-11-{text}:00Z").parse().unwrap()
    }

    fn channel(window: i64, quiet: Option<&str>) -> Channel {
        let quiet = quiet.map(|quiet| quiet.parse().unwrap());
        let window = TimeDelta::minutes(window);
        Channel { window, quiet, ..Channel::new(Kind::Mail { topic: None }) }
    }

    #[test]
    fn what_is_collected_is_due_at_the_end_of_the_window_and_never_in_quiet_hours() {
        // The 20th of November 2026 is a Friday.
        let nights = Some("19:00-07:00; sat,sun 00:00-24:00");
        for (window, quiet, now, due) in [
            (10, None, "20T10:00", "20T10:10"),
            (10, None, "20T10:09", "20T10:10"),
            (1440, None, "20T10:09", "21T00:00"),
            (10, nights, "20T18:49", "20T18:50"),
            (10, nights, "20T18:55", "23T07:00"),
            (10, nights, "21T12:00", "23T07:00"),
            (10, nights, "23T06:49", "23T07:00"),
            (10, nights, "23T07:00", "23T07:10"),
            (60, nights, "23T23:30", "24T07:00"),
            (1440, nights, "20T10:00", "23T07:00"),
        ] {
            assert_eq!(channel(window, quiet).due(at(now)), at(due), "{window} {now}");
        }
    }

    #[test]
    fn windows_follow_one_another_without_a_gap() {
        let channel = channel(15, None);
        let first = channel.span(at("20T10:14"));
        assert_eq!((first.start, first.end), (at("20T10:00"), at("20T10:15")));
        assert_eq!(channel.span(first.end).start, first.end);
        assert_eq!(channel.span(Timestamp::MAX_UTC).end, Timestamp::MAX_UTC);
    }
}

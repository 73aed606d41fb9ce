//! When changes may be made: days and times of the week, in UTC.

use std::{fmt, str::FromStr};

use chrono::{Datelike, TimeDelta, Timelike};
use remedy::Timestamp;

use crate::nearest::nearest;

const DAY: u32 = 24 * 60;
const WEEK: u32 = 7 * DAY;
const DAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
const EXAMPLE: &str = "write it like `mon-fri 22:00-05:00; sat,sun 00:00-24:00`, in UTC";

/// Times of the week, such as `mon-fri 22:00-05:00; sat,sun 00:00-24:00`. An end at or before its
/// beginning is on the next day, and the whole belongs to the day it began on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Window(Vec<Span>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Span {
    /// From Monday.
    days: [bool; 7],
    /// Minutes from midnight.
    start: u32,
    /// Minutes from midnight, at most 24:00.
    end: u32,
}

/// A window that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}; {hint}")]
pub struct Misread {
    /// What cannot be read.
    pub message: String,
    /// What to write instead.
    pub hint: String,
}

impl Misread {
    fn new(message: String) -> Self {
        Self { message, hint: EXAMPLE.into() }
    }
}

impl Window {
    /// The window that `text` tells of.
    ///
    /// # Errors
    /// If it tells of none.
    pub fn parse(text: &str) -> Result<Self, Misread> {
        let text = text.trim();
        let text = text.strip_suffix(';').unwrap_or(text);
        text.split(';').map(Span::parse).collect::<Result<_, _>>().map(Self)
    }

    /// Whether changes may be made at `now`.
    pub fn is_open(&self, now: Timestamp) -> bool {
        let minute = minute_of_week(now);
        self.0
            .iter()
            .any(|span| span.openings().any(|start| (minute + WEEK - start) % WEEK < span.length()))
    }

    /// When it opens next: `now` if it is open, else within eight days.
    pub fn opens(&self, now: Timestamp) -> Timestamp {
        if self.is_open(now) {
            return now;
        }
        let minute = minute_of_week(now);
        let waits = self.0.iter().flat_map(Span::openings).map(|at| (at + WEEK - minute) % WEEK);
        let wait = waits.min().unwrap_or(WEEK);
        let into_minute = TimeDelta::seconds(now.second().into())
            + TimeDelta::nanoseconds((now.nanosecond() % 1_000_000_000).into());
        let opens = now.checked_add_signed(TimeDelta::minutes(wait.into()) - into_minute);
        opens.unwrap_or(Timestamp::MAX_UTC)
    }
}

fn minute_of_week(now: Timestamp) -> u32 {
    now.weekday().num_days_from_monday() * DAY + now.hour() * 60 + now.minute()
}

impl FromStr for Window {
    type Err = Misread;

    fn from_str(text: &str) -> Result<Self, Misread> {
        Self::parse(text)
    }
}

impl Span {
    fn parse(text: &str) -> Result<Self, Misread> {
        let mut words = text.split_whitespace();
        let (days, times) = match (words.next(), words.next(), words.next()) {
            (Some(times), None, None) if !times.starts_with(|c: char| c.is_alphabetic()) => {
                ([true; 7], times)
            }
            (Some(days), Some(times), None) => (read_days(days)?, times),
            (None, ..) => return Err(Misread::new("no days and times are given".into())),
            _ => {
                let text = text.trim();
                return Err(Misread::new(format!("`{text}` is not days and a time to a time")));
            }
        };
        let Some((start, end)) = times.split_once('-') else {
            return Err(Misread::new(format!("`{times}` is not a time to a time")));
        };
        let (start, end) = (read_time(start)?, read_time(end)?);
        if start == DAY {
            return Err(Misread {
                message: "nothing begins at 24:00".into(),
                hint: "write 00:00 of the next day".into(),
            });
        }
        Ok(Self { days, start, end })
    }

    fn length(&self) -> u32 {
        if self.end > self.start { self.end - self.start } else { self.end + DAY - self.start }
    }

    /// The minutes of the week at which it begins.
    fn openings(&self) -> impl Iterator<Item = u32> {
        let days = (0..).step_by(DAY as usize).zip(self.days);
        days.filter_map(|(midnight, is_set)| is_set.then_some(midnight + self.start))
    }
}

fn read_days(text: &str) -> Result<[bool; 7], Misread> {
    let mut days = [false; 7];
    for item in text.split(',') {
        let (first, last) = item.split_once('-').unwrap_or((item, item));
        let (mut day, last) = (read_day(first)?, read_day(last)?);
        loop {
            if let Some(is_set) = days.get_mut(day) {
                *is_set = true;
            }
            if day == last {
                break;
            }
            day = (day + 1) % 7;
        }
    }
    Ok(days)
}

fn read_day(text: &str) -> Result<usize, Misread> {
    DAYS.iter().position(|day| day.eq_ignore_ascii_case(text)).ok_or_else(|| {
        let short = text.get(..3).unwrap_or(text);
        let meant = nearest(short, DAYS).map(|day| format!("did you mean {day}?"));
        let hint = meant.unwrap_or_else(|| format!("the days are {}", DAYS.join(", ")));
        Misread { message: format!("`{text}` is no day of the week"), hint }
    })
}

fn read_time(text: &str) -> Result<u32, Misread> {
    let number = |part: &str| {
        let is_number = part.len() == 2 && part.bytes().all(|b| b.is_ascii_digit());
        is_number.then(|| part.parse::<u32>().ok()).flatten()
    };
    let read = text.split_once(':').and_then(|(h, m)| Some((number(h)?, number(m)?)));
    match read {
        Some((hour @ 0..=23, minute @ 0..=59)) => Ok(hour * 60 + minute),
        Some((24, 0)) => Ok(DAY),
        _ => Err(Misread {
            message: format!("`{text}` is no time of day"),
            hint: "write it like 22:00, from 00:00 to 24:00".into(),
        }),
    }
}

impl fmt::Display for Window {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, span) in self.0.iter().enumerate() {
            if at > 0 {
                f.write_str("; ")?;
            }
            write!(f, "{span}")?;
        }
        Ok(())
    }
}

impl fmt::Display for Span {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let time = |minutes: u32| format!("{:02}:{:02}", minutes / 60, minutes % 60);
        if self.days != [true; 7] {
            write!(f, "{} ", words_for(self.days))?;
        }
        write!(f, "{}-{}", time(self.start), time(self.end))
    }
}

/// Three days in a row and more are written as first and last.
fn words_for(days: [bool; 7]) -> String {
    let named: Vec<(bool, &str)> = days.into_iter().zip(DAYS).collect();
    let runs = named.chunk_by(|one, other| one.0 && other.0).filter(|run| run.iter().all(|d| d.0));
    let words = runs.map(|run| match run {
        [(_, first), _, .., (_, last)] => format!("{first}-{last}"),
        few => few.iter().map(|(_, day)| *day).collect::<Vec<_>>().join(","),
    });
    words.collect::<Vec<_>>().join(",")
}

#[cfg(test)]
mod tests;

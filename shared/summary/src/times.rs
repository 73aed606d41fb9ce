//! How long it took.

use std::collections::HashMap;

use chrono::TimeDelta;

use crate::{
    OfControl, Repair, Times,
    names::{Name, Names},
};

/// Times of repairs, by control.
#[derive(Debug, Default)]
pub(crate) struct Took {
    controls: HashMap<Name, Samples>,
}

#[derive(Debug, Default)]
struct Samples {
    kintsugi: Vec<u32>,
    people: Vec<u32>,
}

impl Took {
    pub(crate) fn kintsugi(&mut self, control: Name, time: TimeDelta) {
        self.controls.entry(control).or_default().kintsugi.push(seconds(time));
    }

    pub(crate) fn people(&mut self, control: Name, time: TimeDelta) {
        self.controls.entry(control).or_default().people.push(seconds(time));
    }

    pub(crate) fn repair(self, names: &Names) -> Repair {
        let (mut kintsugi, mut people) = (Vec::new(), Vec::new());
        let mut by_control = Vec::with_capacity(self.controls.len());
        for (control, mut samples) in self.controls {
            by_control.push(OfControl {
                control: names.text(control).to_owned(),
                kintsugi: times(&mut samples.kintsugi),
                people: times(&mut samples.people),
            });
            kintsugi.append(&mut samples.kintsugi);
            people.append(&mut samples.people);
        }
        by_control.sort_by(|a, b| (b.count(), &a.control).cmp(&(a.count(), &b.control)));
        Repair { kintsugi: times(&mut kintsugi), people: times(&mut people), by_control }
    }
}

impl OfControl {
    /// How many repairs there are of it.
    pub fn count(&self) -> u64 {
        [self.kintsugi, self.people].into_iter().flatten().map(|times| times.count).sum()
    }
}

/// What clocks that disagree make of a repair that was seen after it was made is no time at all.
fn seconds(time: TimeDelta) -> u32 {
    u32::try_from(time.num_seconds().max(0)).unwrap_or(u32::MAX)
}

fn times(samples: &mut [u32]) -> Option<Times> {
    samples.sort_unstable();
    Some(Times {
        count: u64::try_from(samples.len()).unwrap_or(u64::MAX),
        median_seconds: nearest(samples, 50)?,
        p90_seconds: nearest(samples, 90)?,
    })
}

/// The smallest sample that `percent` of them do not exceed.
fn nearest(sorted: &[u32], percent: usize) -> Option<u32> {
    let rank = (sorted.len() * percent).div_ceil(100);
    sorted.get(rank.checked_sub(1)?).copied()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn median_and_p90_are_times_that_it_took() {
        type Row = (&'static [u32], Option<(u64, u32, u32)>);
        let cases: &[Row] = &[
            (&[], None),
            (&[7], Some((1, 7, 7))),
            (&[9, 1], Some((2, 1, 9))),
            (&[3, 1, 2], Some((3, 2, 3))),
            (&[1, 2, 3, 4, 5, 6, 7, 8, 9, 100], Some((10, 5, 9))),
            (&[11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1], Some((11, 6, 10))),
            (&[4, 4, 4, 4], Some((4, 4, 4))),
        ];
        for (samples, expected) in cases {
            let times = times(&mut samples.to_vec());
            let times = times.map(|times| (times.count, times.median_seconds, times.p90_seconds));
            assert_eq!(times, *expected, "{samples:?}");
        }
    }

    #[test]
    fn controls_are_told_with_the_most_repairs_first_and_add_up_to_all() {
        let (mut names, mut took) = (Names::default(), Took::default());
        let [a, b, c] = ["EC2.19", "EC2.18", "S3.1"].map(|name| names.name(name));
        for (control, seconds) in [(a, 10), (a, 30), (b, 20), (b, 40), (c, -5)] {
            took.kintsugi(control, TimeDelta::seconds(seconds));
        }
        took.people(c, TimeDelta::days(40_000));
        took.people(b, TimeDelta::days(365 * 200));
        let repair = took.repair(&names);
        let order: Vec<_> =
            repair.by_control.iter().map(|of| (of.control.as_str(), of.count())).collect();
        assert_eq!(order, [("EC2.18", 3), ("EC2.19", 2), ("S3.1", 2)]);
        let all =
            |count, median_seconds, p90_seconds| Some(Times { count, median_seconds, p90_seconds });
        assert_eq!(repair.kintsugi, all(5, 20, 40));
        assert_eq!(repair.people, all(2, 3_456_000_000, u32::MAX));
        assert_eq!(repair.by_control[2].kintsugi, all(1, 0, 0));
    }
}

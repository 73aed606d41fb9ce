use proptest::prelude::*;

use super::*;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn window(text: &str) -> Window {
    Window::parse(text).unwrap()
}

#[test]
fn a_window_is_open_from_its_beginning_until_just_before_its_end() {
    // 2026-11-23 is a Monday.
    let night = "mon-fri 22:00-05:00; sat,sun 00:00-24:00";
    for (text, now, expected) in [
        (night, "2026-11-23T21:59:59Z", false),
        (night, "2026-11-23T22:00:00Z", true),
        (night, "2026-11-24T04:59:59Z", true),
        (night, "2026-11-24T05:00:00Z", false),
        // Friday's night ends on Saturday; Sunday's day ends with it, and has no night.
        (night, "2026-11-28T04:00:00Z", true),
        (night, "2026-11-29T23:59:59Z", true),
        (night, "2026-11-30T00:00:00Z", false),
        // What began on Sunday goes on into the next week.
        ("sun 23:00-01:00", "2026-11-30T00:30:00Z", true),
        ("sun 23:00-01:00", "2026-11-23T00:30:00Z", true),
        ("sun 23:00-01:00", "2026-11-24T00:30:00Z", false),
        ("12:00-13:00", "2026-11-25T12:30:00Z", true),
        ("12:00-12:00", "2026-11-25T03:00:00Z", true),
        ("mon 12:00-12:00", "2026-11-24T11:59:00Z", true),
        ("mon 12:00-12:00", "2026-11-24T12:00:00Z", false),
        ("22:00-00:00", "2026-11-25T23:59:00Z", true),
        ("22:00-00:00", "2026-11-25T00:00:00Z", false),
        ("fri-mon 10:00-11:00", "2026-11-29T10:00:00Z", true),
        ("fri-mon 10:00-11:00", "2026-11-25T10:00:00Z", false),
    ] {
        assert_eq!(window(text).is_open(at(now)), expected, "{text} at {now}");
    }
}

#[test]
fn it_is_known_when_a_window_opens_next() {
    for (text, now, expected) in [
        ("mon 22:00-05:00", "2026-11-23T21:59:30.5Z", "2026-11-23T22:00:00Z"),
        ("mon 22:00-23:00", "2026-11-23T23:00:00Z", "2026-11-30T22:00:00Z"),
        ("mon 22:00-23:00", "2026-11-23T22:10:11Z", "2026-11-23T22:10:11Z"),
        ("sun 10:00-11:00; wed 08:00-09:00", "2026-11-24T00:00:00Z", "2026-11-25T08:00:00Z"),
        ("06:00-07:00", "2026-12-31T12:00:00Z", "2027-01-01T06:00:00Z"),
    ] {
        assert_eq!(window(text).opens(at(now)), at(expected), "{text} at {now}");
    }
    let end = Timestamp::MAX_UTC;
    let later = window("00:00-00:01").opens(end);
    assert_eq!(later, end);
}

#[test]
fn a_window_is_written_the_shortest_way() {
    for (text, expected) in [
        ("MON-Fri 22:00-05:00", "mon-fri 22:00-05:00"),
        ("mon,tue 01:00-02:00", "mon,tue 01:00-02:00"),
        ("mon-sun 01:00-02:00", "01:00-02:00"),
        ("fri-mon 01:00-02:00;", "mon,fri-sun 01:00-02:00"),
        ("  sat,sun   00:00-24:00 ;  09:00-10:00 ", "sat,sun 00:00-24:00; 09:00-10:00"),
        ("mon,mon,wed-fri,sun 00:00-00:00", "mon,wed-fri,sun 00:00-00:00"),
    ] {
        assert_eq!(window(text).to_string(), expected, "{text}");
    }
}

#[test]
fn what_cannot_be_read_says_what_to_write() {
    let example = "write it like `mon-fri 22:00-05:00; sat,sun 00:00-24:00`, in UTC";
    let time = "write it like 22:00, from 00:00 to 24:00";
    for (text, expected) in [
        ("", format!("no days and times are given; {example}")),
        ("mon 22:00-05:00;;tue 22:00-05:00", format!("no days and times are given; {example}")),
        ("at night", "`at` is no day of the week; did you mean sat?".into()),
        ("mon", format!("`mon` is not days and a time to a time; {example}")),
        ("mon 22:00", format!("`22:00` is not a time to a time; {example}")),
        (
            "mon tue 22:00-05:00",
            format!("`mon tue 22:00-05:00` is not days and a time to a time; {example}"),
        ),
        ("monday 22:00-05:00", "`monday` is no day of the week; did you mean mon?".into()),
        (
            "xyz 22:00-05:00",
            "`xyz` is no day of the week; the days are mon, tue, wed, thu, fri, sat, sun".into(),
        ),
        (
            "mon- 22:00-05:00",
            "`` is no day of the week; the days are mon, tue, wed, thu, fri, sat, sun".into(),
        ),
        ("22-05", format!("`22` is no time of day; {time}")),
        ("24:00-05:00", "nothing begins at 24:00; write 00:00 of the next day".into()),
        ("22:00-24:01", format!("`24:01` is no time of day; {time}")),
        ("22:60-23:00", format!("`22:60` is no time of day; {time}")),
        ("+2:00-03:00", format!("`+2:00` is no time of day; {time}")),
        ("２２:00-03:00", format!("`２２:00` is no time of day; {time}")),
    ] {
        assert_eq!(Window::parse(text).unwrap_err().to_string(), expected, "{text}");
    }
}

fn spans() -> impl Strategy<Value = String> {
    let span = (0..24, 0..60, 0..24, 0..60, 0..7_usize, 0..7_usize);
    let one = span.prop_map(|(h, m, to_h, to_m, from, to)| {
        format!("{}-{} {h:02}:{m:02}-{to_h:02}:{to_m:02}", DAYS[from], DAYS[to])
    });
    proptest::collection::vec(one, 1..4).prop_map(|spans| spans.join("; "))
}

proptest! {
    #[test]
    fn what_is_written_is_read_the_same(text in spans()) {
        let window = window(&text);
        prop_assert_eq!(Window::parse(&window.to_string()).unwrap(), window);
    }

    #[test]
    fn a_window_is_open_when_it_opens_and_shut_until_then(
        text in spans(),
        second in 0_i64..4_000_000_000,
    ) {
        let now = Timestamp::from_timestamp(second, 123).unwrap();
        let window = window(&text);
        let opens = window.opens(now);
        prop_assert!(window.is_open(opens));
        prop_assert!(opens >= now && opens - now <= TimeDelta::days(8));
        if opens > now {
            prop_assert!(!window.is_open(now));
            prop_assert!(!window.is_open(opens - TimeDelta::nanoseconds(1)));
        }
    }

    #[test]
    fn no_text_makes_it_panic(text in ".*") {
        if let Ok(window) = Window::parse(&text) {
            window.opens(Timestamp::MAX_UTC);
            window.opens(Timestamp::MIN_UTC);
        }
    }
}

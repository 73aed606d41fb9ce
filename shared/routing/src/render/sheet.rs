//! What is said, in parts that every channel has: outside text in it is harmless prose, or a command.

use remedy::{Finding, Severity};
use runtime::{News, Section, Stands, notice::clean};

use super::text::{allowed, name, prose};
use super::words::{advised, grouped, minute, opening, stands, summed};
use crate::{Advice, Digest, Group, One, Said};

/// A line's length at most.
const LINE: usize = 500;

/// A title's length at most.
const TITLE: usize = 1_100;

/// What is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sheet {
    /// Why it is said, and what happened to what.
    pub(super) title: String,
    /// The page of the web console.
    pub(super) link: Option<String>,
    /// What it is about.
    pub(super) facts: Vec<(&'static str, String)>,
    /// The rest, in the order in which it is read.
    pub(super) parts: Vec<Part>,
    /// What names it.
    pub(super) foot: String,
    /// Where the whole is.
    pub(super) whole: String,
}

/// A part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Part {
    /// May be empty, but not that of commands.
    pub(super) title: String,
    /// What the lines are.
    pub(super) kind: Kind,
    /// The lines.
    pub(super) lines: Vec<Line>,
}

/// What lines are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// One beside the other.
    Points,
    /// One after the other.
    Steps,
    /// To be typed into a shell. They are shown whole, or not at all.
    Commands,
}

/// A line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Line {
    /// What it says.
    pub(super) text: String,
    /// The page of AWS that it is about.
    pub(super) link: Option<String>,
}

/// How much is shown: characters of each part, and parts.
#[derive(Debug, Clone, Copy)]
pub(super) struct Room {
    /// Characters of the lines, and of the title, of each part.
    pub(super) text: usize,
    /// Parts.
    pub(super) parts: usize,
}

impl Line {
    fn new(text: &str) -> Self {
        Self { text: prose(text, LINE), link: None }
    }
}

impl Sheet {
    /// Of anything.
    pub(super) fn of(said: &Said<'_>) -> Self {
        match said {
            Said::One(one) => Self::of_one(one),
            Said::Digest(digest) => Self::of_digest(digest),
        }
    }

    /// Of one piece of news.
    pub(super) fn of_one(one: &One<'_>) -> Self {
        let news = one.news;
        let case = name(&news.case);
        let at = minute(news.at);
        let record = news.record.as_deref().map(name);
        let whole = record.as_ref().map_or(format!("case {case}"), |id| format!("record {id}"));
        let foot = match &record {
            Some(record) => format!("Record {record} of {at}, case {case}."),
            None => format!("Case {case}, {at}."),
        };
        let mut parts: Vec<_> = news.sections.iter().map(Part::of_section).collect();
        parts.extend(Part::of_findings(news));
        parts.extend(one.advice.into_iter().flat_map(Part::of_advice));
        parts.retain(|part| !part.is_empty());
        let link = news.link.as_deref().and_then(allowed).map(str::to_owned);
        Self { title: opening(one), link, facts: facts(news), parts, foot, whole }
    }

    fn of_digest(digest: &Digest) -> Self {
        Self {
            title: summed(digest),
            link: None,
            facts: Vec::new(),
            parts: digest.groups.iter().map(Part::of_group).collect(),
            foot: "All of them: kintsugi history".into(),
            whole: "the stack's table".into(),
        }
    }

    /// Shown in `room`.
    pub(super) fn within(&self, room: Room) -> Self {
        let mut parts: Vec<_> = self
            .parts
            .iter()
            .take(room.parts)
            .map(|part| part.within(room.text, &self.whole))
            .collect();
        if let Some(more) = self.parts.len().checked_sub(room.parts).filter(|more| *more > 0) {
            let title = format!("... and {more} more, in {}", self.whole);
            parts.push(Part { title, kind: Kind::Points, lines: Vec::new() });
        }
        Self { parts, ..self.clone() }
    }

    /// What `render` makes of as much of it as `fits`: of the last of `rooms`, if none does.
    pub(super) fn fitted<T>(
        &self,
        rooms: &[Room],
        render: impl Fn(&Self) -> T,
        fits: impl Fn(&T) -> bool,
    ) -> T {
        let all = rooms.iter().map(|room| render(&self.within(*room)));
        let fitting = all.into_iter().find(|made| fits(made));
        let last = rooms.last().copied().unwrap_or(Room { text: 0, parts: 0 });
        fitting.unwrap_or_else(|| render(&self.within(last)))
    }
}

impl Part {
    fn of_section(section: &Section) -> Self {
        let title = prose(&section.title, TITLE);
        if !section.commands {
            let lines = section.lines.iter().map(|line| Line::new(line.trim_start_matches("- ")));
            return Self { title, kind: Kind::Points, lines: lines.collect() };
        }
        let title = if title.is_empty() { "To type:".into() } else { title };
        let text = |line: &String| Line { text: clean(line, usize::MAX), link: None };
        Self { title, kind: Kind::Commands, lines: section.lines.iter().map(text).collect() }
    }

    /// The findings that no section names.
    fn of_findings(news: &News) -> Option<Self> {
        let is_named = |finding: &&Finding| {
            news.sections.iter().flat_map(|s| &s.lines).any(|line| line.contains(finding.id()))
        };
        let unnamed: Vec<_> = news.findings.iter().filter(|finding| !is_named(finding)).collect();
        let mut lines: Vec<_> =
            unnamed.iter().take(Group::SHOWN).map(|finding| Line::new(finding.id())).collect();
        lines.extend(more(unnamed.len(), Group::SHOWN).map(|line| Line::new(&line)));
        (!lines.is_empty()).then(|| Self { title: "Findings:".into(), kind: Kind::Points, lines })
    }

    fn of_advice(advice: &Advice) -> Vec<Self> {
        let mut lines: Vec<_> = Some(Line { text: prose(&advice.text, 2_000), link: None })
            .filter(|line| !line.text.is_empty())
            .into_iter()
            .collect();
        let link = advice.link.as_deref().and_then(allowed);
        lines.extend(
            link.map(|link| Line {
                text: "What AWS says about it".into(),
                link: Some(link.into()),
            }),
        );
        let first = Self { title: advised(advice), kind: Kind::Points, lines };
        let steps =
            advice.steps.iter().map(|step| Line::new(step)).filter(|line| !line.text.is_empty());
        let steps = Self {
            title: "Step by step:".into(),
            kind: Kind::Steps,
            lines: steps.take(20).collect(),
        };
        [first, steps].into_iter().filter(|part| !part.lines.is_empty()).collect()
    }

    fn of_group(group: &Group) -> Self {
        let mut lines: Vec<_> = group
            .some
            .iter()
            .take(Group::SHOWN)
            .map(|brief| {
                let record = brief.record.as_ref().map(|id| format!(" ({})", name(id)));
                Line {
                    text: format!("{}{}", titled(&brief.headline), record.unwrap_or_default()),
                    link: brief.link.as_deref().and_then(allowed).map(str::to_owned),
                }
            })
            .filter(|line| !line.text.is_empty())
            .collect();
        lines.extend(more(group.count, lines.len()).map(|line| Line::new(&line)));
        Self { title: grouped(group), kind: Kind::Points, lines }
    }

    fn is_empty(&self) -> bool {
        self.title.is_empty() && self.lines.iter().all(|line| line.text.is_empty())
    }

    /// With at most `room` characters of lines, and of title.
    fn within(&self, room: usize, whole: &str) -> Self {
        let title = clean(&self.title, room.max(60));
        let mut lines: Vec<Line> = Vec::new();
        let mut left = room;
        let all = || self.lines.iter().filter(|line| !line.text.is_empty());
        for line in all() {
            let length = line.text.chars().count() + line.link.as_ref().map_or(0, String::len) + 1;
            let is_cut = lines.is_empty() && self.kind != Kind::Commands;
            if length <= left {
                left -= length;
                lines.push(line.clone());
            } else if is_cut {
                left = 0;
                lines.push(Line { text: clean(&line.text, room), link: None });
            } else {
                break;
            }
        }
        lines.extend(more(all().count(), lines.len()).map(|more| {
            let mark = if self.kind == Kind::Commands { "# " } else { "" };
            Line { text: format!("{mark}{more}, in {whole}"), link: None }
        }));
        Self { title, kind: self.kind, lines }
    }
}

/// A headline without the dot at its end.
fn titled(headline: &str) -> String {
    let line = prose(headline, 300);
    line.strip_suffix('.').unwrap_or(&line).to_owned()
}

fn more(all: usize, shown: usize) -> Option<String> {
    let more = all.checked_sub(shown).filter(|more| *more > 0)?;
    Some(format!("... and {more} more"))
}

fn facts(news: &News) -> Vec<(&'static str, String)> {
    let label = news.label.as_ref().map(|label| format!(" \"{label}\"")).unwrap_or_default();
    let name = match (news.kind.as_str(), news.id.as_str()) {
        ("", _) | (_, "") => news.resource.clone(),
        (kind, id) => format!("{kind} {id}{label}"),
    };
    let tags: Vec<_> = news.tags.iter().map(|(key, value)| format!("{key}={value}")).collect();
    let severity = match (news.stands, news.severity) {
        (Stands::Notice, Severity::Informational) => String::new(),
        (_, severity) => severity.label().into(),
    };
    let all = [
        ("Severity", severity),
        ("State", stands(news.stands).into()),
        ("Resource", name),
        ("Where", news.place.as_ref().map(ToString::to_string).unwrap_or_default()),
        ("Signal", news.trigger.clone()),
        ("Repair", news.remediation.clone()),
        ("Whose", tags.join(", ")),
    ];
    let all = all.into_iter().map(|(name, value)| (name, prose(&value, 300)));
    all.filter(|(_, value)| !value.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    fn commands(lines: &[&str]) -> Part {
        Part::of_section(&Section {
            title: "To do it by hand:".into(),
            lines: lines.iter().map(|line| (*line).into()).collect(),
            commands: true,
        })
    }

    fn shown(part: &Part) -> Vec<&str> {
        part.lines.iter().map(|line| line.text.as_str()).collect()
    }

    #[test]
    fn commands_are_cut_between_commands_only_and_prose_anywhere() {
        let part = commands(&["aws ec2 one", "aws ec2 two", "aws ec2 three"]);
        let cases: [(usize, &[&str]); 4] = [
            (100, &["aws ec2 one", "aws ec2 two", "aws ec2 three"]),
            (30, &["aws ec2 one", "aws ec2 two", "# ... and 1 more, in record k-1"]),
            (12, &["aws ec2 one", "# ... and 2 more, in record k-1"]),
            (5, &["# ... and 3 more, in record k-1"]),
        ];
        for (room, expected) in cases {
            assert_eq!(shown(&part.within(room, "record k-1")), expected);
        }
        let part = Part { kind: Kind::Points, ..part };
        assert_eq!(shown(&part.within(8, "case c-1")), ["aws e...", "... and 2 more, in case c-1"]);
    }

    #[test]
    fn what_a_section_names_already_is_not_listed_again() {
        let mut news = sample::by_hand();
        let listed = |news: &News| Part::of_findings(news).map_or(0, |part| part.lines.len());
        assert_eq!(listed(&news), 1);
        let line = format!("finding {}", news.findings[0].id());
        news.sections.push(Section { title: String::new(), lines: vec![line], commands: false });
        assert_eq!(listed(&news), 0);
        news.findings = (0..9)
            .map(|n| Finding::Asff { id: format!("finding-{n}"), product: String::new() })
            .collect();
        assert_eq!(listed(&news), Group::SHOWN + 1);
    }

    #[test]
    fn advice_says_whose_it_is_and_that_nothing_executes_it() {
        let advice = Advice {
            by: "amazon.nova-lite-v1:0".into(),
            text: "Close the port.".into(),
            steps: vec!["Open the console".into(), "Edit https://evil.example".into()],
            link: Some("https://evil.example/".into()),
        };
        let parts = Part::of_advice(&advice);
        let titles: Vec<_> = parts.iter().map(|part| part.title.as_str()).collect();
        let first = "Advice by amazon.nova-lite-v1:0, not verified; nothing executes it:";
        assert_eq!(titles, [first, "Step by step:"]);
        assert_eq!(shown(&parts[0]), ["Close the port."]);
        assert_eq!(shown(&parts[1]), ["Open the console", "Edit https[:]//evil.example"]);
    }
}

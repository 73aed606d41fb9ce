//! Who is on the threat list, changed by hand: the same as an edit of its text, and at once.

use std::collections::{BTreeMap, BTreeSet};

use catalog::{
    guardduty::{
        Edits, Kind, List, ListChange, Name, ThreatList, ThreatListId, Time, Truth, edits,
    },
    sweep::AdoptEdits,
};
use guardduty::GuardDuty;
use lambda::Shell;
use remedy::{Place, Remediation, Severity, Signal, Source, Trigger, Wrong};
use runtime::{Attempt, Cloud, Error, Limits, Outcome, Report, Task, notice, remediate};

use crate::{
    Respond,
    given::{Answered, Done, Given},
};

/// How many names an order can have: their record must fit into the table.
const MOST: usize = 200;

/// The threat list, and what changes it.
#[derive(Debug)]
pub(crate) struct Hand {
    list: GuardDuty,
    kind: Kind,
    adopt: AdoptEdits,
    limits: Limits,
}

impl Hand {
    pub(crate) fn new(shell: &Shell) -> Result<Self, Wrong> {
        Ok(Self {
            list: GuardDuty::new(&shell.kit())?,
            kind: List::configured(&shell.settings)?.kind,
            adopt: AdoptEdits::configured(&shell.settings)?,
            limits: shell.limits.clone(),
        })
    }
}

/// The list as it is with a text that a person has just edited.
struct Edited<'a> {
    list: &'a GuardDuty,
    kind: Kind,
    /// The lines they wrote.
    text: String,
    at: Time,
}

impl Edited<'_> {
    /// What of it is not so yet. Nothing was shown to them, so nothing was left out.
    fn edits(&self, truth: &Truth) -> Edits {
        edits(&self.text, truth, 0, self.kind)
    }
}

impl Cloud<ThreatList> for Edited<'_> {
    async fn load(
        &self,
        place: &Place,
        id: &ThreatListId,
        signals: &[&Signal],
    ) -> Result<Option<ThreatList>, Error> {
        let list = Box::pin(self.list.load(place, id, signals)).await?;
        Ok(list.map(|list| {
            let edits = self.edits(&list.truth);
            ThreatList { edits, edited: self.at, ..list }
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &ThreatListId,
        changes: &[ListChange],
    ) -> Vec<Result<(), Error>> {
        Box::pin(self.list.apply(place, id, changes)).await
    }
}

impl Respond {
    /// Puts something on the threat list, or takes it off.
    pub(crate) async fn list(
        &self,
        given: Given<'_>,
        add: &[String],
        remove: &[String],
    ) -> Answered {
        let Hand { list, kind, adopt, limits } = &self.hand;
        let text = text(add, remove)?;
        let cloud = Edited { list, kind: *kind, text, at: given.now.into() };
        let cannot = cloud.edits(&Truth::default()).rejected;
        if !cannot.is_empty() {
            let each = cannot.iter().map(|bad| format!("{} {}", bad.line, bad.why));
            return Err(format!("nothing is changed: {}", each.collect::<Vec<_>>().join("; ")));
        }
        let signal = signal(given, &self.home);
        let task = Task { signal: &signal, attempt: Attempt::FIRST };
        let reports = Box::pin(remediate(adopt, &[task], limits, &cloud, &self.desk)).await;
        reports.into_iter().next().map_or_else(|| Err("nothing came of it".into()), answered)
    }
}

/// The lines by which a person would change the text so.
fn text(add: &[String], remove: &[String]) -> Result<String, String> {
    if add.is_empty() && remove.is_empty() {
        return Err("the order names nothing to put on the list, and nothing to take off it".into());
    }
    if add.len() + remove.len() > MOST {
        return Err(format!(
            "an order can name {MOST} at most; edit the text of the list for more"
        ));
    }
    let named = |texts: &[String]| {
        let name = |text: &String| {
            let name = text.trim().parse::<Name>();
            name.map_err(|why| format!("`{}` {why}", notice::clean(text, 100)))
        };
        texts.iter().map(name).collect::<Result<BTreeSet<_>, _>>()
    };
    let (add, remove) = (named(add)?, named(remove)?);
    if let Some(both) = add.intersection(&remove).next() {
        return Err(format!("{both} is to be put on the list, and to be taken off it"));
    }
    let lines =
        add.iter().map(ToString::to_string).chain(remove.iter().map(|name| format!("-{name}")));
    Ok(lines.collect::<Vec<_>>().join("\n"))
}

/// What stands for the order, so that it is judged, written down and told like everything else. That it is
/// held does not let it wait: nobody else knows what was to be changed.
fn signal(Given { by, why, now, .. }: Given<'_>, home: &Place) -> Signal {
    Signal {
        id: format!("order/list/{}", now.timestamp_millis()),
        seen: now,
        source: Source::Schedule,
        trigger: Trigger::Call("kintsugi list".into()),
        severity: Severity::Informational,
        title: why.into(),
        place: home.clone(),
        resource: home.account.clone(),
        findings: Vec::new(),
        asked_by: Some(by.into()),
        approves: None,
        caused_by: None,
        parameters: BTreeMap::new(),
        threat: None,
    }
}

fn answered(report: Report) -> Answered {
    let (page, why) = (report.page.clone(), notice::why(&report.page));
    let trouble = report.trouble.join("; ");
    let changed = page.steps.iter().map(|step| step.what.as_str()).collect::<Vec<_>>().join(", ");
    match &page.outcome {
        Outcome::Open => Err(format!("the list may be changed in part: {trouble}; try again")),
        Outcome::Unreadable { why } | Outcome::Ignored { why } => Err(why.clone()),
        Outcome::Held { .. } => Err(format!("nothing is changed: {why} (record {})", page.id)),
        Outcome::Right | Outcome::Gone => {
            Ok(Done { said: "the list is like that already".into(), ..Done::default() })
        }
        Outcome::Fixed
        | Outcome::Partial
        | Outcome::NotFixed { .. }
        | Outcome::Failed
        | Outcome::Ordered { .. } => {
            let but = if trouble.is_empty() { String::new() } else { format!("; but {trouble}") };
            let said = format!("record {}: {changed}; {why}{but}", page.id);
            Ok(Done { said, record: Some(page), reports: vec![report] })
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_order_becomes_lines_of_the_text() {
        let names =
            |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let lines = text(&names(&["198.51.100.10", "Bad.example."]), &names(&[" 192.0.2.1"]));
        assert_eq!(lines.as_deref(), Ok("198.51.100.10\nbad.example\n-192.0.2.1"));
        let many: Vec<_> = (0..=MOST).map(|nth| format!("a{nth}.example")).collect();
        for (add, remove, said) in [
            (vec![], vec![], "names nothing"),
            (names(&["2001:db8::1"]), vec![], "`2001:db8::1` is an IPv6 address"),
            (names(&["a\nb"]), vec![], "`a b` is neither"),
            (
                names(&["a.example"]),
                names(&["A.example"]),
                "a.example is to be put on the list, and",
            ),
            (many, vec![], "200 at most"),
        ] {
            let why = text(&add, &remove).unwrap_err();
            assert!(why.contains(said), "{why}");
        }
    }

    #[test]
    fn the_signal_of_an_order_waits_for_nothing() {
        let now = remedy::check::now();
        let given = Given::new("ada", "a scan", now, now).unwrap();
        let signal = signal(given, &Place::new("111122223333", "eu-west-1"));
        let why = vec![remedy::Hold::OverCap { cap: 1 }];
        let page = runtime::Page::of(&signal, "sweep/adopt_edits", now);
        let page = runtime::Page { outcome: Outcome::Held { why }, ..page };
        assert_eq!((page.waits(), page.asked_by()), (None, Some("ada")));
    }
}

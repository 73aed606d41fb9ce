//! A case: a group, what is said of it, and what must have become of both.

use std::{fmt::Write, panic, thread};

use futures_util::future::{join_all, try_join_all};
use serde_json::Value;
use stage::{Estate, Line, Message, Queue, Record, Result, Stage, Trouble, Vpc, events};

/// What makes a group one of ours.
pub(crate) const OPTED_IN: &[(&str, &str)] = &[("AutoRemediate", "True")];

/// Where a case's group is, if it does not matter.
const ANYWHERE: &[Vpc] = &[Vpc::Own];
pub(crate) const BOTH: &[Vpc] = &[Vpc::Default, Vpc::Own];

/// One case; by default the group opted in, and is fixed.
#[derive(Debug, Clone)]
pub(crate) struct Case {
    name: &'static str,
    vpcs: &'static [Vpc],
    tags: &'static [(&'static str, &'static str)],
    rules: &'static [&'static str],
    said: Said,
    edit: fn(Value) -> Value,
    goes: &'static [&'static str],
    outcome: &'static str,
    why: &'static str,
    is_told: bool,
    workflow: &'static str,
}

/// Who says something of the group.
#[derive(Debug, Clone, Copy)]
enum Said {
    /// Security Hub, a control, in ASFF.
    Control(&'static str),
    /// Security Hub, a control, in OCSF: a fixture and the control.
    Ocsf(&'static str, &'static str),
    /// The event of a fixture.
    Fixture(&'static str),
    /// The event of a fixture, sent past the rules.
    PastTheRules(&'static str),
}

/// A case's group, once it is made.
struct Made {
    case: Case,
    vpc: Vpc,
    group: String,
    before: Vec<Line>,
    event: Value,
}

pub(crate) fn case(name: &'static str) -> Case {
    Case {
        name,
        vpcs: ANYWHERE,
        tags: OPTED_IN,
        rules: &[],
        said: Said::Control("EC2.13"),
        edit: |event| event,
        goes: &[],
        outcome: "fixed",
        why: "made and verified",
        is_told: true,
        workflow: "RESOLVED",
    }
}

impl Case {
    /// In the default VPC and in another one.
    pub(crate) fn everywhere(mut self) -> Self {
        self.vpcs = BOTH;
        self
    }
    pub(crate) fn tags(mut self, tags: &'static [(&'static str, &'static str)]) -> Self {
        self.tags = tags;
        self
    }
    pub(crate) fn rules(mut self, rules: &'static [&'static str]) -> Self {
        self.rules = rules;
        self
    }
    pub(crate) fn control(mut self, control: &'static str) -> Self {
        self.said = Said::Control(control);
        self
    }
    pub(crate) fn ocsf(mut self, fixture: &'static str, control: &'static str) -> Self {
        self.said = Said::Ocsf(fixture, control);
        // In OCSF the status is a number: 4 is resolved.
        self.workflow = "4";
        self
    }
    pub(crate) fn fixture(mut self, fixture: &'static str) -> Self {
        self.said = Said::Fixture(fixture);
        self
    }
    pub(crate) fn past_the_rules(mut self, fixture: &'static str) -> Self {
        self.said = Said::PastTheRules(fixture);
        self
    }
    /// The event is changed so before it is sent.
    pub(crate) fn edited(mut self, edit: fn(Value) -> Value) -> Self {
        self.edit = edit;
        self
    }
    /// The event does not even reach the function.
    pub(crate) fn unheard(self) -> Self {
        self.ends("", "").silently()
    }
    /// These rules go; all others stay as they are.
    pub(crate) fn goes(mut self, goes: &'static [&'static str]) -> Self {
        self.goes = goes;
        self
    }
    /// It is not fixed but ends so, and people are told.
    pub(crate) fn ends(mut self, outcome: &'static str, why: &'static str) -> Self {
        (self.outcome, self.why) = (outcome, why);
        self.workflow = match self.said {
            Said::Ocsf(..) => "2",
            _ => "NOTIFIED",
        };
        self
    }
    /// It is fixed, and the finding stays open: something was left alone on purpose.
    pub(crate) fn leaves_the_finding_open(mut self) -> Self {
        self.workflow = "NOTIFIED";
        self
    }
    /// Nobody is told, the finding neither.
    pub(crate) fn silently(mut self) -> Self {
        self.is_told = false;
        self.workflow = match self.said {
            Said::Ocsf(..) => "1",
            _ => "NEW",
        };
        self
    }
}

/// Plays all cases at once, and says of each what is not as it must be.
pub(crate) async fn play(stage: &Stage, cases: Vec<Case>) {
    let made = cases.into_iter().enumerate().flat_map(|(nth, case)| {
        case.vpcs.iter().map(move |vpc| make(stage, case.clone(), *vpc, nth))
    });
    let made = try_join_all(made).await.unwrap();
    for Made { case, event, .. } in &made {
        match case.said {
            Said::PastTheRules(_) => stage.enqueue(&event.to_string()).await.unwrap(),
            _ => stage.send(event).await.unwrap(),
        }
    }
    stage.settled().await.unwrap();
    let records = stage.records().await.unwrap();
    let messages = stage.messages().await.unwrap();
    let wrong: Vec<_> = join_all(made.iter().map(|made| made.wrong(stage, &records, &messages)))
        .await
        .into_iter()
        .map(Result::unwrap)
        .collect();
    let wrong = wrong.concat();
    assert!(wrong.is_empty(), "{wrong}");
    assert_eq!(stage.drain(Queue::DeadLetters).await.unwrap(), Vec::<String>::new());
}

async fn make(stage: &Stage, case: Case, vpc: Vpc, nth: usize) -> Result<Made> {
    let estate = &stage.estate;
    let name = format!("case-{nth}-{vpc:?}");
    let group = estate.group(vpc, &name, case.tags, case.rules).await?;
    let event = (case.edit)(case.said.event(estate, &group).await?);
    Ok(Made { before: estate.rules(&group).await?, case, vpc, group, event })
}

impl Said {
    async fn event(self, estate: &Estate, group: &str) -> Result<Value> {
        let at = &estate.place;
        match self {
            Self::Control(control) => {
                let event = events::control(control, at, group)?;
                estate.import(&event).await?;
                Ok(event)
            }
            Self::Ocsf(fixture, control) => {
                let twin = events::control(control, at, group)?;
                estate.import(&twin).await?;
                events::in_ocsf(&twin, fixture, at, group)
            }
            Self::Fixture(name) | Self::PastTheRules(name) => events::event(name, at, group),
        }
    }
}

impl Made {
    /// What is not as it must be; empty if nothing is.
    async fn wrong(
        &self,
        stage: &Stage,
        records: &[Record],
        messages: &[Message],
    ) -> Result<String> {
        let Self { case, group, .. } = self;
        let mut wrong = String::new();
        let mut must = |what: &str, is: &dyn std::fmt::Debug, must: &dyn std::fmt::Debug| {
            if format!("{is:?}") != format!("{must:?}") {
                let _ = writeln!(wrong, "  {what}: {is:?}\n    must be {must:?}");
            }
        };
        let stays = |line: &&Line| !case.goes.contains(&line.to_string().as_str());
        let stay: Vec<_> = self.before.iter().filter(stays).map(named).collect();
        let gone = self.before.len() - stay.len();
        must("rules of the case that go", &gone, &case.goes.len());
        let after = stage.estate.rules(group).await?;
        must("rules", &after.iter().map(named).collect::<Vec<_>>(), &stay);

        let mine: Vec<_> = records.iter().filter(|record| record.is_about(group)).collect();
        let said: Vec<_> = mine.iter().map(|r| format!("{}: {}", r.outcome, r.why)).collect();
        let as_is_must = |one: &&Record| one.outcome == case.outcome && one.why.contains(case.why);
        match (case.outcome, mine.as_slice()) {
            ("", []) => {}
            ("", _) => must("records", &said, &[""; 0]),
            (_, [one]) if as_is_must(one) => {}
            _ => must("records", &said, &[format!("{}: …{}…", case.outcome, case.why)]),
        }
        let about = messages.iter().filter(|message| message.text.contains(group)).count();
        must("messages", &about, &usize::from(case.is_told));
        if let Some(record) = mine.first()
            && let Some(told) = self.told(stage).await?
        {
            must("workflow", &told.workflow, &case.workflow);
            let noted = told.note.contains(&record.id);
            must("note on the finding", &noted, &case.is_told);
        }
        Ok(match wrong.as_str() {
            "" => wrong,
            wrong => format!("\n{} ({:?} VPC, {group})\n{wrong}", case.name, self.vpc),
        })
    }

    async fn told(&self, stage: &Stage) -> Result<Option<stage::Told>> {
        match self.case.said {
            Said::Control(_) => stage.estate.told(events::finding(&self.event)).await.map(Some),
            Said::Ocsf(..) => {
                let uid = self.event["resources"][0].as_str().unwrap_or_default();
                stage.estate.told_in_ocsf(uid).await.map(Some)
            }
            Said::Fixture(_) | Said::PastTheRules(_) => Ok(None),
        }
    }
}

/// A rule with its id: what stays keeps it.
fn named(line: &Line) -> String {
    format!("{line} ({})", line.rule.id)
}

/// Runs a test on a stack of its own: without optimisation the SDK's futures are large for one of 2 MiB.
pub(crate) fn run<F: Future<Output = ()>>(test: impl FnOnce() -> F + Send + 'static) {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let thread = thread::Builder::new().stack_size(64 << 20);
    let ended = thread.spawn(move || runtime.block_on(test())).unwrap().join();
    if let Err(panic) = ended {
        panic::resume_unwind(panic);
    }
}

/// The stack with these parameters, and an account to play in.
pub(crate) async fn stage(parameters: &[(&str, &str)]) -> Stage {
    let mut stage = Stage::up(parameters).await.unwrap();
    stage.estate.furnish().await.unwrap();
    stage
}

/// The only record about a group.
pub(crate) async fn record_of(stage: &Stage, group: &str) -> Result<Record> {
    let mut records = stage.records().await?;
    records.retain(|record| record.is_about(group));
    let outcomes: Vec<_> = records.iter().map(|record| record.outcome.clone()).collect();
    match <[Record; 1]>::try_from(records) {
        Ok([record]) => Ok(record),
        Err(_) => Err(Trouble(format!("{group} has not one record but {outcomes:?}"))),
    }
}

/// The texts of a group's ingress rules.
pub(crate) async fn ingress(estate: &Estate, group: &str) -> Vec<String> {
    let rules = estate.rules(group).await.unwrap();
    rules.iter().filter(|line| !line.egress).map(ToString::to_string).collect()
}

//! `explain`: what would become of an event, stage by stage.

use std::fmt::Write;

use catalog::entries;
use remedy::{Delivery, Entry, Place, Reading, Signal, Subject, delivery, read};
use runtime::{Attempt, Page, Task, Workshop, notice::clean};
use scope::Verdict;
use serde::Serialize;
use serde_json::{Value, json};

use crate::{
    args::{Explain, Global},
    command::ground::Ground,
    fail::Fail,
    look::{Look, Next, Onlooker, States, next},
    say::{Said, Say, paint, second, table::pairs},
    session::Session,
    settings::{read_json, write},
};

/// One finding of an event.
#[derive(Debug, Serialize)]
struct Finding {
    /// What it was read as.
    read: Read,
    /// What the remediations that answer it would do.
    answered: Vec<Answer>,
}

#[derive(Debug, Serialize)]
#[serde(tag = "as", rename_all = "kebab-case")]
enum Read {
    Signal { signal: Box<Signal> },
    Ignored { finding: String, trigger: String, resource: String, why: String },
    Unreadable { finding: String, trigger: String, resource: String, why: String },
}

/// What a remediation would do.
#[derive(Debug, Serialize)]
struct Answer {
    remediation: &'static str,
    title: &'static str,
    risk: &'static str,
    /// The resource as it was found.
    found: Option<Value>,
    /// None if the resource was not looked at.
    next: Option<Next>,
    record: Option<Box<Page>>,
}

/// Explains an event.
pub(crate) async fn explain(explain: &Explain, global: &Global, say: &Say) -> Result<Said, Fail> {
    let event = read_json(&explain.event, "the event")?;
    if explain.live {
        let session = Session::begin(global).await?;
        let ground = Ground::deployed(&explain.terms, &session, say).await?;
        let shop = ground.workshop(ground.live(&session)?, &session.home)?;
        let findings = findings(&event, &shop, Looks::AtResources).await;
        if let Some(file) = &explain.save_state {
            let states = shop.cloud.states().clone();
            let json = serde_json::to_vec_pretty(&states).unwrap_or_default();
            write(file, "the resources", &json)?;
            say.aside(&format!(
                "{} written to {}",
                crate::say::count(states.len(), "resource"),
                file.display()
            ));
        }
        return Ok(said(&findings, &ground));
    }
    let ground = Ground::offline(&explain.terms)?;
    let (states, looks) = match &explain.state {
        Some(file) => (states(file)?, Looks::AtResources),
        None => (States::default(), Looks::AtNothing),
    };
    // What everybody shares would be where the stack is; without one, where the event came from.
    let home = Place::new(text(&event, "account"), text(&event, "region"));
    let shop = ground.workshop(Look::at_states(states), &home)?;
    Ok(said(&findings(&event, &shop, looks).await, &ground))
}

fn text<'a>(event: &'a Value, name: &str) -> &'a str {
    event.get(name).and_then(Value::as_str).unwrap_or_default()
}

fn states(file: &std::path::Path) -> Result<States, Fail> {
    let json = read_json(file, "the resources")?;
    serde_json::from_value(json).map_err(|error| {
        Fail::Failed(format!(
            "could not read the resources from {}: {error}; it is to be {{ \"<arn>\": {{ \"<facet>\": {{...}} \
             }} }}, as --live --save-state writes it",
            file.display()
        ))
    })
}

/// How far it goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Looks {
    AtResources,
    AtNothing,
}

async fn findings(event: &Value, shop: &Workshop<Look, Onlooker>, looks: Looks) -> Vec<Finding> {
    let readings = match delivery(event.clone()) {
        Delivery::Bare(event) => read(&event, &shop.own),
        Delivery::Batch(messages) => {
            let each = messages.into_iter().flat_map(|message| match message.body {
                Ok(event) => read(&event, &shop.own),
                Err(why) => vec![Reading::Unreadable { about: Subject::default(), why }],
            });
            each.collect()
        }
    };
    let mut findings = Vec::new();
    for reading in readings {
        findings.push(match reading {
            Reading::Signal(signal) => {
                let answered = answers(&signal, shop, looks).await;
                Finding { read: Read::Signal { signal }, answered }
            }
            Reading::Ignored { about: Subject { id, trigger, resource, .. }, why } => Finding {
                read: Read::Ignored { finding: id, trigger, resource, why: why.to_string() },
                answered: Vec::new(),
            },
            Reading::Unreadable { about: Subject { id, trigger, resource, .. }, why } => Finding {
                read: Read::Unreadable { finding: id, trigger, resource, why },
                answered: Vec::new(),
            },
        });
    }
    findings
}

async fn answers(signal: &Signal, shop: &Workshop<Look, Onlooker>, looks: Looks) -> Vec<Answer> {
    let mut answers = Vec::new();
    for runner in shop.runners.iter().filter(|runner| runner.answers(signal)) {
        let spec = runner.spec();
        let answer = Answer {
            remediation: spec.id,
            title: spec.title,
            risk: spec.risk.words(),
            found: None,
            next: None,
            record: None,
        };
        if looks == Looks::AtNothing {
            answers.push(answer);
            continue;
        }
        let task = Task { signal, attempt: Attempt::FIRST };
        let reports = runner.run(&[task], &shop.limits, &shop.cloud, &shop.desk).await;
        answers.extend(reports.into_iter().map(|report| {
            let facet = entry(spec.id).map_or("", |entry| entry.facet);
            let states = shop.cloud.states();
            Answer {
                found: states.json(&report.page.about.resource, facet).cloned(),
                next: Some(next(&report.page)),
                record: Some(Box::new(report.page)),
                ..answer
            }
        }));
    }
    answers
}

fn entry(id: &str) -> Option<&'static Entry> {
    entries().find(|entry| entry.spec.id == id)
}

fn said(findings: &[Finding], ground: &Ground) -> Said {
    let mut text = String::new();
    for (nth, finding) in findings.iter().enumerate() {
        let _ = writeln!(text, "{}", paint::paint(paint::HEAD, &format!("Finding {}", nth + 1)));
        text.push_str(&indented(&of_finding(finding)));
        for answer in &finding.answered {
            let _ = writeln!(text, "  {}", paint::paint(paint::HEAD, answer.remediation));
            text.push_str(&indented(&indented(&of_answer(answer))));
        }
        text.push('\n');
    }
    let json = json!({
        "policies": ground.orders.policies,
        "at": ground.now,
        "findings": findings,
    });
    Said::new(text, json)
}

fn indented(text: &str) -> String {
    text.lines().fold(String::new(), |out, line| format!("{out}  {line}\n"))
}

fn of_finding(Finding { read, answered }: &Finding) -> String {
    match read {
        Read::Signal { signal } => {
            let source = serde_json::to_value(signal.source).unwrap_or_default();
            let source = source.as_str().unwrap_or_default().to_owned();
            let answered: Vec<_> = answered.iter().map(|answer| answer.remediation).collect();
            let answered = match answered.is_empty() {
                true => "no remediation: nothing would be done".to_owned(),
                false => answered.join(", "),
            };
            pairs(&[
                ("read as", format!("{} ({}) from {source}", signal.trigger, signal.severity)),
                ("title", signal.title.clone()),
                ("finding", signal.id.clone()),
                ("seen", second(signal.seen)),
                ("resource", signal.resource.clone()),
                ("place", format!("{} ({})", signal.place, signal.place.partition)),
                ("asked by", signal.asked_by.clone().unwrap_or_default()),
                ("caused by", signal.caused_by.clone().unwrap_or_default()),
                ("answered by", answered),
            ])
        }
        Read::Ignored { finding, trigger, resource, why } => {
            not_read("nothing to do", finding, trigger, resource, why)
        }
        Read::Unreadable { finding, trigger, resource, why } => {
            let read = not_read("nothing that can be read", finding, trigger, resource, why);
            let next = "it would come again four times, and then rest in the dead-letter queue";
            format!("{read}{}", pairs(&[("next", next.into())]))
        }
    }
}

fn not_read(read: &str, finding: &str, trigger: &str, resource: &str, why: &str) -> String {
    pairs(&[
        ("read as", read.into()),
        ("why", why.into()),
        ("trigger", trigger.into()),
        ("finding", finding.into()),
        ("resource", resource.into()),
    ])
}

fn of_answer(answer: &Answer) -> String {
    let does = format!("{} ({})", answer.title, answer.risk);
    let (Some(next), Some(page)) = (&answer.next, &answer.record) else {
        let state = "not looked at: give --live, or --state FILE";
        return pairs(&[("does", does), ("found", state.into())]);
    };
    let about = &page.about;
    let label = about.label.as_ref().map(|label| format!(" \"{label}\"")).unwrap_or_default();
    let found = answer.found.as_ref().map(in_words).unwrap_or_default();
    let found = match about.kind.as_str() {
        "" => found,
        kind => format!("{kind} {}{label}\n{found}", about.id),
    };
    let left = page.left.iter().map(|left| format!("{}: {}", left.what, left.why));
    let steps: Vec<_> = page.steps.iter().map(|step| step.what.clone()).collect();
    let plan = match next {
        Next::Unreadable { .. } | Next::Gone | Next::Ignored { .. } => String::new(),
        _ if steps.is_empty() => "no change".to_owned(),
        _ => steps.join("\n"),
    };
    let by_hand = page.make.join("\n");
    pairs(&[
        ("does", does),
        ("found", found.trim_end().to_owned()),
        ("plan", plan),
        ("left alone", left.collect::<Vec<_>>().join("\n")),
        ("by hand", by_hand),
        ("verdict", page.verdict.as_ref().map(|v| verdict(v, &page.policies)).unwrap_or_default()),
        ("reasons", next.why().join("\n")),
        ("next", next.words()),
    ])
}

fn verdict(verdict: &Verdict, policies: &str) -> String {
    let mode = serde_json::to_value(verdict.mode).unwrap_or_default();
    let mode = mode.as_str().unwrap_or_default();
    let permits = match verdict.permits.as_slice() {
        [] => "no policy permits it".to_owned(),
        permits => format!("permitted by {} ({mode})", permits.join(", ")),
    };
    let mut lines = vec![format!("{permits}, by the policies of {policies}")];
    lines.extend(verdict.forbids.iter().map(|denial| {
        let why = denial.unclear.as_ref().or(denial.reason.as_ref());
        let why = why.map(|why| format!(": {why}")).unwrap_or_default();
        format!("forbidden by {}{why}", denial.policy)
    }));
    lines.extend(verdict.window.iter().map(|shut| {
        format!("{} waits for its window at {}", shut.policy, crate::say::minute(shut.until))
    }));
    lines.extend(verdict.missing.iter().map(|missing| {
        let nearly = missing.nearly.as_ref().map(|nearly| format!(" (`{nearly}` nearly is)"));
        let nearly = nearly.unwrap_or_default();
        format!("the tag {} would let {} permit it{nearly}", missing.tag, missing.policy)
    }));
    lines.join("\n")
}

/// What was found, a line each.
fn in_words(found: &Value) -> String {
    let Value::Object(fields) = found else { return clean(&found.to_string(), 2_000) };
    let mut text = String::new();
    for (name, value) in fields {
        let lines: Vec<String> = match value {
            Value::Null => vec!["none".into()],
            Value::String(text) => vec![text.clone()],
            Value::Array(items) if items.is_empty() => vec!["none".into()],
            Value::Array(items) => {
                let mut lines: Vec<_> =
                    items.iter().map(|item| item_in_words(name, item)).collect();
                // Rules are in the order of ids that EC2 gives at random.
                if items.iter().all(|item| as_rule(item).is_some()) {
                    lines.sort();
                }
                lines
            }
            Value::Object(map) if map.is_empty() => vec!["none".into()],
            Value::Object(map) => {
                let item = |(key, value): (&String, &Value)| match value.as_str() {
                    Some(text) => format!("{key}={text}"),
                    None => format!("{key}={value}"),
                };
                map.iter().map(item).collect()
            }
            other => vec![other.to_string()],
        };
        for line in lines {
            let _ = writeln!(text, "{name}: {line}");
        }
    }
    text
}

fn as_rule(item: &Value) -> Option<catalog::ec2::Rule> {
    serde_json::from_value(item.clone()).ok()
}

fn item_in_words(name: &str, item: &Value) -> String {
    let Some(rule) = as_rule(item) else {
        return item.as_str().map_or_else(|| item.to_string(), str::to_owned);
    };
    let way = if name == "egress" { "to" } else { "from" };
    let mut words = format!("{} {way} {}", rule.traffic, rule.peer);
    if !rule.description.is_empty() {
        let _ = write!(words, " # {}", rule.description);
    }
    words
}

//! A record as an item of the table: flat attributes for people and queries, and all of it as JSON.

use std::collections::HashMap;

use aws_sdk_dynamodb::types::AttributeValue;
use chrono::{SecondsFormat, TimeDelta};
use remedy::Timestamp;
use runtime::{
    Answer, Error, Outcome, Page, State, Step,
    notice::{self, clean},
};

/// An item of the table.
pub(crate) type Item = HashMap<String, AttributeValue>;

/// `DynamoDB` takes items of 400 KiB; the flat attributes get what the JSON leaves.
const LARGEST_JSON: usize = 360 * 1024;
/// Of a plan that is not carried out yet: what becomes of it must fit, too.
const LARGEST_PLAN: usize = 200 * 1024;
/// Of a refusal, where not all of it fits.
const SHORT: usize = 100;
/// Of the message, which the record's own JSON could tell again.
const LARGEST_MESSAGE: usize = 8 * 1024;
/// Of the lines that say what changed: how many, and of how many characters.
const LINES: (usize, usize) = (60, 200);
/// Of a resource's name, by which an index finds it.
const LONGEST_NAME: usize = 400;

/// The key of a record.
pub(crate) fn key(id: &str) -> Item {
    keys(format!("record#{id}"), "record")
}

/// A key of the table.
pub(crate) fn keys(pk: String, sk: &str) -> Item {
    HashMap::from([("pk".to_owned(), text(pk)), ("sk".to_owned(), text(sk))])
}

/// A resource's name, as the index has it.
pub(crate) fn clean_name(resource: &str) -> String {
    clean(resource, LONGEST_NAME)
}

/// A string attribute.
pub(crate) fn text(text: impl Into<String>) -> AttributeValue {
    AttributeValue::S(text.into())
}

/// A number attribute.
pub(crate) fn number(number: impl Into<i64>) -> AttributeValue {
    AttributeValue::N(number.into().to_string())
}

/// The item that keeps `page` for as long as `keep` says.
///
/// # Errors
/// If it is too large for the table.
pub(crate) fn item(page: &Page, keep: TimeDelta) -> Result<Item, Error> {
    let json = json(page)?;
    let trigger = page.signal.as_ref().map(|signal| clean(&signal.trigger.to_string(), 200));
    let caused_by = page.signal.as_ref().and_then(|signal| signal.caused_by.as_deref());
    let place = page.about.place.as_ref();
    let changes = page.steps.iter().take(LINES.0).map(|step| text(clean(&step.what, LINES.1)));
    let mut item = key(&page.id);
    let mut set = |name: &str, value| item.insert(name.to_owned(), value);
    set("id", text(&page.id));
    set("at", text(page.at.to_rfc3339_opts(SecondsFormat::Millis, true)));
    set("day", text(page.at.format("%Y-%m-%d").to_string()));
    set("outcome", text(page.outcome.word()));
    set("why", text(notice::why(page)));
    set("changes", AttributeValue::L(changes.collect()));
    set("record", text(json));
    if page.told {
        set("told", AttributeValue::Bool(true));
    }
    if let Some(answer) = &page.answer {
        let answer = serde_json::to_string(answer).map_err(|error| not_json(&page.id, &error))?;
        set("answer", text(answer));
    }
    set("expires", number((page.at + keep).timestamp()));
    // What is not known is not there: no index takes an empty string.
    let severity = page.signal.as_ref().map(|signal| signal.severity.label().to_owned());
    let written = |at: Timestamp| at.to_rfc3339_opts(SecondsFormat::Millis, true);
    if let Outcome::Held { why } = &page.outcome {
        set("holds", AttributeValue::L(why.iter().map(|hold| text(hold.kind())).collect()));
    }
    if page.repeats.is_some() {
        set("is_back", AttributeValue::Bool(true));
    }
    let known = [
        ("severity", severity.unwrap_or_default()),
        ("team", page.about.tags.values().next().cloned().unwrap_or_default()),
        ("owner", clean(page.about.owner.as_deref().unwrap_or_default(), LONGEST_NAME)),
        ("seen", page.signal.as_ref().map(|signal| written(signal.seen)).unwrap_or_default()),
        ("closed", page.closed.map(written).unwrap_or_default()),
        ("by", clean(page.asked_by().unwrap_or_default(), LONGEST_NAME)),
        ("resource", clean_name(&page.about.resource)),
        ("remediation", page.remediation.clone()),
        ("trigger", trigger.unwrap_or_default()),
        ("account", place.map(|place| place.account.clone()).unwrap_or_default()),
        ("region", place.map(|place| place.region.clone()).unwrap_or_default()),
        ("caused_by", clean(caused_by.unwrap_or_default(), LONGEST_NAME)),
        ("undoes", page.undoes.clone().unwrap_or_default()),
        ("message", message(page)),
    ];
    for (name, value) in known.into_iter().filter(|(_, value)| !value.is_empty()) {
        set(name, text(value));
    }
    Ok(item)
}

/// All of `page`; if that is too large, without what can be made again from the rest.
fn json(page: &Page) -> Result<String, Error> {
    let json =
        |page: &Page| serde_json::to_string(page).map_err(|error| not_json(&page.id, &error));
    let most = if page.outcome == Outcome::Open { LARGEST_PLAN } else { LARGEST_JSON };
    let whole = json(page)?;
    if whole.len() <= most {
        return Ok(whole);
    }
    let trimmed = json(&trimmed(page))?;
    if trimmed.len() <= most {
        return Ok(trimmed);
    }
    Err(Error::Refused(format!(
        "could not write record {} of {}: with {} changes it has {} KiB, and the table takes {}; mend \
         this one by hand",
        page.id,
        clean_name(&page.about.resource),
        page.steps.len(),
        trimmed.len() / 1024,
        most / 1024,
    )))
}

fn trimmed(page: &Page) -> Page {
    let state = |state: &State| match state {
        State::Refused(why) => State::Refused(clean(why, SHORT)),
        State::Planned | State::Made => state.clone(),
    };
    let steps = page.steps.iter().map(|step| Step { state: state(&step.state), ..step.clone() });
    Page { steps: steps.collect(), make: Vec::new(), undo: Vec::new(), ..page.clone() }
}

/// The record in an item.
///
/// # Errors
/// If it cannot be read: then nothing may be done that it might speak against.
pub(crate) fn page(id: &str, item: &Item) -> Result<Page, Error> {
    let json = item.get("record").and_then(|record| record.as_s().ok());
    let json = json.ok_or_else(|| unreadable(id, "it has no attribute `record`"))?;
    let page: Page = serde_json::from_str(json).map_err(|e| unreadable(id, &e.to_string()))?;
    let told = item.get("told").and_then(|told| told.as_bool().ok().copied());
    let answer = answer(id, item)?.or(page.answer);
    Ok(Page { told: told.unwrap_or(page.told), answer, ..page })
}

/// The answer that a person gave to the record in an item.
///
/// # Errors
/// If it cannot be read.
pub(crate) fn answer(id: &str, item: &Item) -> Result<Option<Answer>, Error> {
    let Some(answer) = item.get("answer") else { return Ok(None) };
    let json = answer.as_s().map_err(|_| unreadable(id, "its attribute `answer` is no text"))?;
    serde_json::from_str(json).map(Some).map_err(|error| unreadable(id, &error.to_string()))
}

fn unreadable(id: &str, why: &str) -> Error {
    Error::Refused(format!(
        "could not read record {id}: {why}; if nobody needs it, delete the item with pk `record#{id}`"
    ))
}

fn not_json(id: &str, error: &serde_json::Error) -> Error {
    Error::Refused(format!("could not write record {id} as JSON: {error}"))
}

fn message(page: &Page) -> String {
    let message = notice::of(page).map(|notice| notice.text).unwrap_or_default();
    if message.len() <= LARGEST_MESSAGE { message } else { String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use remedy::{Subject, check::signal};

    fn step(what: &str) -> Step {
        Step { what: what.into(), state: State::Made, routine: false }
    }

    fn fixed(steps: usize) -> Page {
        let mut page = Page::of(&signal("sg-1"), "ec2/close_world_ingress", remedy::check::now());
        page.steps = vec![step("revoke tcp/22 from 0.0.0.0/0"); steps];
        Page { outcome: Outcome::Fixed, ..page }
    }

    fn keep() -> TimeDelta {
        TimeDelta::days(400)
    }

    #[test]
    fn a_record_reads_as_it_was_written() {
        let written = fixed(2);
        let item = item(&written, keep()).unwrap();
        assert_eq!(page(&written.id, &item), Ok(written.clone()));
        let flat =
            |name: &str| item.get(name).and_then(|value| value.as_s().ok()).map(String::as_str);
        assert_eq!(flat("pk"), Some(format!("record#{}", written.id).as_str()));
        assert_eq!(flat("sk"), Some("record"));
        assert_eq!(flat("outcome"), Some("fixed"));
        assert_eq!(flat("why"), Some("2 of 2 changes made and verified"));
        assert_eq!(flat("day").map(str::len), Some("2026-11-20".len()));
        assert_eq!(flat("remediation"), Some("ec2/close_world_ingress"));
        assert!(flat("message").is_some_and(|message| message.contains("tcp/22")));
        let expires = (written.at + keep()).timestamp().to_string();
        assert_eq!(item.get("expires"), Some(&AttributeValue::N(expires)));
    }

    #[test]
    fn what_a_report_adds_up_stands_beside_the_record() {
        let mut page = fixed(1);
        page.about.tags = [("team".to_owned(), "shop".to_owned())].into();
        page.about.owner = Some("cloudformation stack web, resource Group".into());
        page.closed = Some(page.at);
        page.repeats = Some("for the second time".into());
        page.outcome = Outcome::Held { why: vec![remedy::Hold::DryRun, remedy::Hold::Drifted] };
        let item = item(&page, keep()).unwrap();
        let signal = page.signal.unwrap();
        let time = |at: Timestamp| text(at.to_rfc3339_opts(SecondsFormat::Millis, true));
        for (name, value) in [
            ("severity", text(signal.severity.label())),
            ("team", text("shop")),
            ("owner", text("cloudformation stack web, resource Group")),
            ("seen", time(signal.seen)),
            ("closed", time(page.at)),
            ("holds", AttributeValue::L(vec![text("dry-run"), text("drifted")])),
            ("is_back", AttributeValue::Bool(true)),
        ] {
            assert_eq!(item.get(name), Some(&value), "{name}");
        }
    }

    #[test]
    fn that_people_were_told_is_read_from_its_own_attribute() {
        let written = fixed(1);
        let mut item = item(&written, keep()).unwrap();
        item.insert("told".into(), AttributeValue::Bool(true));
        assert_eq!(page(&written.id, &item).map(|page| page.told), Ok(true));
        item.remove("told");
        assert_eq!(page(&written.id, &item).map(|page| page.told), Ok(false));
    }

    #[test]
    fn what_is_not_known_is_not_there() {
        let subject = Subject::default();
        let unreadable = Outcome::Unreadable { why: "no JSON".into() };
        let page = Page::of_subject(&subject, "m1", remedy::check::now(), unreadable);
        let item = item(&page, keep()).unwrap();
        for name in ["resource", "remediation", "account", "region", "trigger"] {
            assert_eq!(item.get(name), None, "{name}");
        }
        assert!(item.values().all(|value| value != &text("")));
    }

    #[test]
    fn no_item_is_larger_than_the_table_takes() {
        let size = |item: &Item| {
            let size = |value: &AttributeValue| match value {
                AttributeValue::L(list) => {
                    list.iter().filter_map(|line| line.as_s().ok()).map(|line| line.len() + 1).sum()
                }
                AttributeValue::S(text) | AttributeValue::N(text) => text.len(),
                _ => 1,
            };
            item.iter().map(|(name, value)| name.len() + size(value)).sum::<usize>()
        };
        let mut large = fixed(0);
        large.about.resource = "\u{1f980}".repeat(5_000);
        large.steps = vec![step(&"\u{1f980}".repeat(300)); 250];
        let item_of = |page: &Page| item(page, keep());
        assert!(size(&item_of(&large).unwrap()) < 400 * 1024);

        large.undo = vec!["x".repeat(1_000); 400];
        assert!(size(&item_of(&large).unwrap()) < 400 * 1024);

        large.steps = vec![step(&"x".repeat(1_000)); 400];
        let refusal = item_of(&large).unwrap_err().to_string();
        assert!(refusal.contains(&large.id) && refusal.contains("400 changes"), "{refusal}");
    }

    #[test]
    fn a_plan_that_was_written_can_be_closed_whatever_becomes_of_it() {
        let mut page = fixed(900);
        page.plan = vec!["x".repeat(150); 900].into();
        page.outcome = Outcome::Open;
        assert!(item(&page, keep()).is_ok());
        page.outcome = Outcome::Failed;
        for step in &mut page.steps {
            step.state = State::Refused("y".repeat(700));
        }
        assert!(item(&page, keep()).is_ok());
    }

    #[test]
    fn a_record_that_cannot_be_read_is_named() {
        let broken = HashMap::from([("record".to_owned(), text("{\"id\": 5}"))]);
        for item in [broken, HashMap::new()] {
            let error = page("k-1", &item).unwrap_err();
            assert!(matches!(&error, Error::Refused(why) if why.contains("record#k-1")), "{error}");
        }
    }
}

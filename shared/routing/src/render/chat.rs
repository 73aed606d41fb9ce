//! Amazon Q Developer in chat applications: custom notifications. Their text is markup of the client's own
//! kind, so what any of the clients could read as markup is replaced.

use serde_json::{Map, Value, json};

use super::sheet::{Kind, Part, Room, Sheet};
use super::text::{arn, name, prose};
use crate::{Digest, Said};

/// Characters of the title.
const TITLE: usize = 250;
/// Characters of the description.
const DESCRIPTION: usize = 8_000;
/// Characters of a next step, and how many there are.
const STEP: usize = 350;
const STEPS: usize = 10;
/// Characters of a keyword.
const KEYWORD: usize = 75;

/// As much as there may be room for, and less and less.
const ROOMS: [Room; 6] = [
    Room { text: 4_000, parts: 40 },
    Room { text: 2_000, parts: 40 },
    Room { text: 1_000, parts: 30 },
    Room { text: 400, parts: 20 },
    Room { text: 150, parts: 12 },
    Room { text: 60, parts: 6 },
];

/// A custom notification.
pub fn message(said: &Said<'_>) -> Value {
    let sheet = Sheet::of(said);
    let steps: Vec<_> = sheet.parts.iter().filter_map(step).take(STEPS).collect();
    let fits = |text: &String| text.chars().count() <= DESCRIPTION;
    let title = calm(&sheet.title);
    let content = json!({
        "textType": "client-markdown",
        "title": cut(&title, TITLE),
        "description": cut(&sheet.fitted(&ROOMS, description, fits), DESCRIPTION),
        "nextSteps": steps,
        "keywords": keywords(said),
    });
    let mut message = json!({
        "version": "1.0",
        "source": "custom",
        "content": content,
        "metadata": metadata(said, &cut(&title, TITLE)),
    });
    if let (Said::One(one), Some(message)) = (said, message.as_object_mut()) {
        let id = format!("{}-{}", name(&one.news.case), one.news.at.timestamp());
        message.insert("id".into(), id.into());
    }
    message
}

fn metadata(said: &Said<'_>, summary: &str) -> Value {
    let mut context = Map::new();
    let mut add = |name: &str, value: &str| {
        if !value.is_empty() {
            context.insert(name.into(), calm(&prose(value, 300)).into());
        }
    };
    let one = match said {
        Said::Digest(digest) => {
            add("count", &digest.count().to_string());
            let kind = "digest";
            return json!({
                "summary": summary, "eventType": kind, "additionalContext": context, "enableCustomActions": true,
            });
        }
        Said::One(one) => one,
    };
    let news = one.news;
    add("severity", news.severity.label());
    add("outcome", &news.outcome);
    add("trigger", &news.trigger);
    add("remediation", &news.remediation);
    add("record", news.record.as_deref().unwrap_or_default());
    if let Some(place) = &news.place {
        add("account", &place.account);
        add("region", &place.region);
    }
    let resource = arn(&news.resource);
    json!({
        "threadId": name(&news.case),
        "summary": summary,
        "eventType": calm(&prose(&news.outcome, 40)),
        "relatedResources": resource.into_iter().collect::<Vec<_>>(),
        "additionalContext": context,
        "enableCustomActions": true,
    })
}

fn keywords(said: &Said<'_>) -> Vec<String> {
    let all = match said {
        Said::One(one) => {
            let news = one.news;
            let severity = news.severity.label().to_owned();
            vec![severity, news.outcome.clone(), news.trigger.clone(), news.remediation.clone()]
        }
        Said::Digest(Digest { groups, .. }) => {
            let mut all: Vec<_> = groups.iter().map(|group| group.about.clone()).collect();
            all.dedup();
            all.truncate(STEPS);
            all
        }
    };
    let all = all.iter().map(|word| cut(&calm(&prose(word, KEYWORD)), KEYWORD));
    all.filter(|word| !word.is_empty()).collect()
}

/// What a single command is for, and the command.
fn step(part: &Part) -> Option<String> {
    let [line] = part.lines.as_slice() else { return None };
    let is_shown = part.kind == Kind::Commands && !line.text.contains('`');
    let step = format!("{} `{}`", calm(&part.title), entities(&line.text));
    (is_shown && step.chars().count() <= STEP).then_some(step)
}

fn description(sheet: &Sheet) -> String {
    let mut out = Vec::new();
    out.extend(sheet.facts.iter().map(|(name, value)| format!("{name}: {}", calm(value))));
    out.extend(sheet.link.as_deref().map(entities));
    for part in &sheet.parts {
        // It is a next step already.
        if step(part).is_some() {
            continue;
        }
        out.push(String::new());
        out.extend(Some(calm(&part.title)).filter(|title| !title.is_empty()));
        match part.kind {
            Kind::Commands => out.extend(fence(part, &sheet.whole)),
            Kind::Points => out.extend(part.lines.iter().map(|line| {
                let link = line.link.as_deref().map(|url| format!(": {}", entities(url)));
                format!("- {}{}", calm(&line.text), link.unwrap_or_default())
            })),
            Kind::Steps => {
                let all = part.lines.iter().zip(1..);
                out.extend(all.map(|(line, nth)| format!("{nth}. {}", calm(&line.text))));
            }
        }
    }
    out.extend([String::new(), calm(&sheet.foot)]);
    out.join("\n").trim_start().to_owned()
}

/// A block of code. What could end it is not shown.
fn fence(part: &Part, whole: &str) -> Vec<String> {
    let command = |text: &str| match text.contains('`') {
        true => format!("# ... in {whole}"),
        false => entities(text),
    };
    let lines = part.lines.iter().map(|line| command(&line.text));
    let fence = || std::iter::once("```".to_owned());
    fence().chain(lines).chain(fence()).collect()
}

fn entities(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// `text` with look-alikes of what the markup of Slack or of Teams is made of.
fn calm(text: &str) -> String {
    let chars: Vec<char> = text.chars().collect();
    let is_word =
        |at: Option<usize>| at.and_then(|at| chars.get(at)).is_some_and(|c| c.is_alphanumeric());
    let calmed = chars.iter().enumerate().map(|(at, c)| match c {
        '*' => '\u{2217}',
        '`' => '\'',
        '~' => '\u{223c}',
        '\\' => '\u{ff3c}',
        '|' => '\u{ff5c}',
        '[' => '\u{ff3b}',
        ']' => '\u{ff3d}',
        '#' if at == 0 => '\u{ff03}',
        '_' if !(is_word(at.checked_sub(1)) && is_word(Some(at + 1))) => '\u{ff3f}',
        other => *other,
    });
    entities(&calmed.collect::<String>())
}

/// At most `most` characters of escaped text, and no half entity at its end.
fn cut(text: &str, most: usize) -> String {
    if text.chars().count() <= most {
        return text.into();
    }
    let kept = first(text, most);
    let whole = match (kept.rfind('&'), kept.rfind(';')) {
        (Some(begin), end) if end.is_none_or(|end| end < begin) => kept.get(..begin),
        _ => None,
    };
    format!("{}...", whole.unwrap_or(&kept))
}

fn first(text: &str, most: usize) -> String {
    text.chars().take(most.saturating_sub(3)).collect()
}

#[cfg(test)]
mod tests;

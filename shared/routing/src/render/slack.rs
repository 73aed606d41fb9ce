//! Slack: Block Kit. Nothing is markup in it: titles and facts are plain text, the rest is rich text, whose
//! styles and links are fields of their own, so that no text can become one.

use runtime::notice::clean;
use serde_json::{Value, json};

use super::sheet::{Kind, Line, Part, Room, Sheet};
use crate::{One, Said};

/// Characters of a message as JSON: Slack refuses somewhat more than 13,000 with `msg_blocks_too_long`.
const LONGEST: usize = 11_500;

/// Characters of a header.
const HEADER: usize = 150;

/// As much as there may be room for, and less and less.
const ROOMS: [Room; 6] = [
    Room { text: 3_000, parts: 40 },
    Room { text: 1_500, parts: 40 },
    Room { text: 700, parts: 30 },
    Room { text: 300, parts: 20 },
    Room { text: 120, parts: 12 },
    Room { text: 60, parts: 6 },
];

/// The same of a reply.
const SHORT: [Room; 3] =
    [Room { text: 600, parts: 8 }, Room { text: 300, parts: 6 }, Room { text: 100, parts: 4 }];

/// A message.
pub fn message(said: &Said<'_>) -> Value {
    Sheet::of(said).fitted(&ROOMS, |sheet| payload(sheet, head(sheet)), fits)
}

/// A reply in the thread of an earlier message: what changed, and how it stands now.
pub fn reply(one: &One<'_>) -> Value {
    let opening = |sheet: &Sheet| {
        let text = plain(&sheet.title);
        let state = sheet.facts.iter().find(|(name, _)| *name == "State");
        let state = state
            .map(|(_, state)| json!({"type": "section", "text": plain(&format!("Now: {state}"))}));
        [json!({"type": "section", "text": text})].into_iter().chain(state).collect()
    };
    Sheet::of_one(one).fitted(&SHORT, |sheet| payload(sheet, opening(sheet)), fits)
}

fn fits(message: &Value) -> bool {
    message.to_string().chars().count() <= LONGEST
}

/// `text` is what notifications show, and what is read aloud.
fn payload(sheet: &Sheet, mut blocks: Vec<Value>) -> Value {
    blocks.extend(sheet.parts.iter().map(part));
    blocks.push(json!({"type": "context", "elements": [plain(&sheet.foot)]}));
    json!({"text": escaped(&clean(&sheet.title, 600)), "mrkdwn": false, "blocks": blocks})
}

fn head(sheet: &Sheet) -> Vec<Value> {
    let header = clean(&sheet.title, HEADER);
    let mut blocks = vec![json!({"type": "header", "text": plain(&header)})];
    if header != sheet.title {
        blocks.push(json!({"type": "section", "text": plain(&sheet.title)}));
    }
    let facts: Vec<_> = sheet
        .facts
        .iter()
        .take(10)
        .map(|(name, value)| plain(&format!("{name}\n{value}")))
        .collect();
    if !facts.is_empty() {
        blocks.push(json!({"type": "section", "fields": facts}));
    }
    blocks.extend(sheet.link.as_ref().map(|url| {
        let link = json!({"type": "link", "url": url, "text": "Open it in the console"});
        rich(&[json!({"type": "rich_text_section", "elements": [link]})])
    }));
    blocks
}

fn part(part: &Part) -> Value {
    let title = json!({"type": "text", "text": part.title, "style": {"bold": true}});
    let title = Some(json!({"type": "rich_text_section", "elements": [title]}));
    let mut elements: Vec<_> = title.filter(|_| !part.title.is_empty()).into_iter().collect();
    if !part.lines.is_empty() {
        elements.push(lines(part));
    }
    rich(&elements)
}

fn lines(part: &Part) -> Value {
    let style = match part.kind {
        Kind::Points => "bullet",
        Kind::Steps => "ordered",
        Kind::Commands => {
            let all: Vec<_> = part.lines.iter().map(|line| line.text.as_str()).collect();
            let text = json!({"type": "text", "text": all.join("\n")});
            return json!({"type": "rich_text_preformatted", "elements": [text]});
        }
    };
    let all = part.lines.iter().map(line);
    let all: Vec<_> =
        all.map(|line| json!({"type": "rich_text_section", "elements": [line]})).collect();
    json!({"type": "rich_text_list", "style": style, "elements": all})
}

fn line(line: &Line) -> Value {
    match &line.link {
        Some(url) => json!({"type": "link", "url": url, "text": line.text}),
        None => json!({"type": "text", "text": line.text}),
    }
}

fn rich(elements: &[Value]) -> Value {
    json!({"type": "rich_text", "elements": elements})
}

fn plain(text: &str) -> Value {
    json!({"type": "plain_text", "text": text, "emoji": false})
}

/// What Slack reads as the beginning of a mention or a link.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

#[cfg(test)]
mod tests;

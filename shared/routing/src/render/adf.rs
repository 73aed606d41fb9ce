//! The Atlassian Document Format. Text is only ever the text of a text node; the one mark is the link to a page
//! of AWS.

use serde_json::{Value, json};

use super::sheet::{Kind, Line, Part, Sheet};

/// A document: the title only if it is not told elsewhere.
pub(super) fn document(sheet: &Sheet, title: Option<&str>) -> Value {
    let mut content: Vec<_> =
        title.into_iter().filter_map(|title| paragraph(&[text(title)?])).collect();
    let facts: Vec<_> = sheet
        .facts
        .iter()
        .filter_map(|(name, value)| item(text(&format!("{name}: {value}"))?))
        .collect();
    content.extend(list("bulletList", &facts));
    content.extend(
        sheet.link.as_ref().and_then(|url| paragraph(&[linked("Open it in the console", url)])),
    );
    content.extend(sheet.parts.iter().flat_map(part));
    content.extend(text(&sheet.foot).and_then(|foot| paragraph(&[foot])));
    json!({"type": "doc", "version": 1, "content": content})
}

fn part(part: &Part) -> Vec<Value> {
    let heading = text(&part.title)
        .map(|title| json!({"type": "heading", "attrs": {"level": 4}, "content": [title]}));
    let items = || part.lines.iter().filter_map(|each| item(line(each)?)).collect::<Vec<_>>();
    let lines = match part.kind {
        Kind::Points => list("bulletList", &items()),
        Kind::Steps => list("orderedList", &items()),
        Kind::Commands => {
            let all: Vec<_> = part.lines.iter().map(|line| line.text.as_str()).collect();
            let code = text(&all.join("\n"));
            code.map(|code| json!({"type": "codeBlock", "attrs": {"language": "bash"}, "content": [code]}))
        }
    };
    heading.into_iter().chain(lines).collect()
}

fn list(kind: &str, items: &[Value]) -> Option<Value> {
    (!items.is_empty()).then(|| json!({"type": kind, "content": items}))
}

fn item(inline: Value) -> Option<Value> {
    Some(json!({"type": "listItem", "content": [paragraph(&[inline])?]}))
}

fn paragraph(inline: &[Value]) -> Option<Value> {
    (!inline.is_empty()).then(|| json!({"type": "paragraph", "content": inline}))
}

fn line(line: &Line) -> Option<Value> {
    match &line.link {
        Some(url) if !line.text.is_empty() => Some(linked(&line.text, url)),
        _ => text(&line.text),
    }
}

/// A text node; none of nothing, which the format forbids.
fn text(text: &str) -> Option<Value> {
    (!text.is_empty()).then(|| json!({"type": "text", "text": text}))
}

fn linked(text: &str, url: &str) -> Value {
    json!({"type": "text", "text": text, "marks": [{"type": "link", "attrs": {"href": url}}]})
}

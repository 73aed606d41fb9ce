//! GuardDuty: one detector, and the threat lists of the account. A list is busy for a while after it was activated.

use std::sync::Arc;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use super::{Answer, Objects};
use crate::http::Request;

const DETECTOR: &str = "12abc34d567e8fa901bc2d34e56789f0";

#[derive(Debug, Default)]
pub(crate) struct Lists {
    lists: Vec<List>,
    /// How long it takes to read a list.
    pub(crate) activation: Duration,
}

#[derive(Debug)]
struct List {
    /// As in a path: `threatintelset`.
    kind: String,
    name: String,
    location: String,
    tags: Value,
    busy_until: Instant,
    /// What was read.
    read: Arc<Vec<u8>>,
}

impl Lists {
    /// Makes an active list, as if somebody had.
    pub(crate) fn set(&mut self, kind: &str, name: &str, path: &str) {
        self.lists.push(List {
            kind: kind.to_owned(),
            name: name.to_owned(),
            location: format!("s3://{path}"),
            tags: json!({ "AutoRemediate": "True" }),
            busy_until: Instant::now(),
            read: Arc::default(),
        });
    }

    /// What GuardDuty has read last of the first list.
    pub(crate) fn read(&self) -> Arc<Vec<u8>> {
        self.lists.first().map(|list| Arc::clone(&list.read)).unwrap_or_default()
    }

    /// Makes every list busy for good, or none.
    pub(crate) fn make_busy(&mut self, busy: Duration) {
        self.lists.iter_mut().for_each(|list| list.busy_until = Instant::now() + busy);
    }

    pub(super) fn answer(&mut self, request: &Request, objects: &Objects) -> Option<Answer> {
        let (path, _) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let body: Value = serde_json::from_slice(&request.body).unwrap_or_default();
        let parts: Vec<&str> = path.trim_matches('/').split('/').collect();
        match (request.method.as_str(), parts.as_slice()) {
            ("GET", ["detector"]) => {
                Some(said("ListDetectors".into(), json!({ "detectorIds": [DETECTOR] })))
            }
            ("GET", ["detector", _, kind]) => Some(self.list(kind)),
            ("POST", ["detector", _, kind]) => Some(self.create(kind, &body, objects)),
            ("GET", ["detector", _, kind, id]) => Some(self.get(kind, id)),
            ("POST", ["detector", _, kind, id]) => Some(self.update(kind, id, objects)),
            _ => None,
        }
    }

    fn list(&self, kind: &str) -> Answer {
        let of_kind = self.lists.iter().enumerate().filter(|(_, list)| list.kind == kind);
        let ids: Vec<String> = of_kind.map(|(nth, _)| id(nth)).collect();
        said(format!("List {kind}"), json!({ field(kind, "Ids"): ids }))
    }

    fn get(&self, kind: &str, wanted: &str) -> Answer {
        let action = format!("Get {kind}");
        let mut all = self.lists.iter().enumerate();
        let Some((_, list)) = all.find(|(nth, list)| list.kind == kind && id(*nth) == wanted)
        else {
            return refused(action, "there is no such list");
        };
        let status = if list.is_busy() { "ACTIVATING" } else { "ACTIVE" };
        let List { name, location, tags, .. } = list;
        let body = json!({
            "name": name, "format": "TXT", "location": location, "status": status, "tags": tags,
        });
        said(action, body)
    }

    fn create(&mut self, kind: &str, body: &Value, objects: &Objects) -> Answer {
        let text = |name: &str| body[name].as_str().unwrap_or_default().to_owned();
        let mut list = List {
            kind: kind.to_owned(),
            name: text("name"),
            location: text("location"),
            tags: body["tags"].clone(),
            busy_until: Instant::now(),
            read: Arc::default(),
        };
        list.activate(self.activation, objects);
        self.lists.push(list);
        said(format!("Create {kind}"), json!({ field(kind, "Id"): id(self.lists.len() - 1) }))
    }

    fn update(&mut self, kind: &str, wanted: &str, objects: &Objects) -> Answer {
        let action = format!("Update {kind}");
        let mut all = self.lists.iter_mut().enumerate();
        match all.find(|(nth, list)| list.kind == kind && id(*nth) == wanted) {
            Some((_, list)) if !list.is_busy() => {
                list.activate(self.activation, objects);
                said(action, json!({}))
            }
            Some(_) => refused(action, "the list is being activated"),
            None => refused(action, "there is no such list"),
        }
    }
}

impl List {
    fn is_busy(&self) -> bool {
        Instant::now() < self.busy_until
    }

    fn activate(&mut self, takes: Duration, objects: &Objects) {
        let path = self.location.trim_start_matches("s3://");
        self.read = objects.get(path).unwrap_or_default();
        self.busy_until = Instant::now() + takes;
    }
}

fn id(nth: usize) -> String {
    format!("{nth:032x}")
}

/// `threatintelset` as answers spell it, `threatIntelSetIds`.
fn field(kind: &str, ending: &str) -> String {
    let name = match kind {
        "threatintelset" => "threatIntelSet",
        "threatentityset" => "threatEntitySet",
        "trustedentityset" => "trustedEntitySet",
        "ipset" => "ipSet",
        other => other,
    };
    format!("{name}{ending}")
}

#[expect(clippy::needless_pass_by_value, reason = "made where it is passed")]
fn said(action: String, body: Value) -> Answer {
    Answer::new(&action, 200, "application/json", body.to_string())
}

fn refused(action: String, why: &str) -> Answer {
    let body = json!({ "__type": "InvalidInputException", "message": why });
    let answer = Answer { status: 400, ..said(action, body) };
    let headers = answer.headers.clone() + "x-amzn-errortype: BadRequestException\r\n";
    Answer { headers, ..answer }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::{Estate, Service, tests::asked};

    #[test]
    fn a_list_is_read_when_it_is_activated_and_busy_for_a_while() {
        let mut estate = Estate::default();
        estate.objects.set("b/k.txt", b"192.0.2.1\n".to_vec());
        estate.lists.activation = Duration::from_mins(1);
        estate.lists.set("threatintelset", "k", "b/k.txt");
        let path = format!("/detector/d/threatintelset/{:032x}", 0);
        let mut asked = |head: String| {
            asked(&mut estate, Service::GuardDuty, &format!("{head} HTTP/1.1\r\n"), "{}")
        };
        assert!(asked("GET /detector/d/threatintelset".into()).1.contains("threatIntelSetIds"));
        assert!(asked(format!("GET {path}")).1.contains("\"ACTIVE\""));
        assert_eq!(asked(format!("POST {path}")).0, 200);
        assert!(asked(format!("GET {path}")).1.contains("\"ACTIVATING\""));
        assert_eq!(asked(format!("POST {path}")).0, 400);
        assert_eq!(*estate.lists.read(), b"192.0.2.1\n");
    }
}

//! The other end as Security Hub tells it in OCSF, in `evidences`. Lists, and whether traffic got
//! through, are not told there.

use serde_json::Value;

use super::{PRODUCT, Seen, direction, role, threat};
use crate::{
    Direction, Role, Threat,
    event::shape::{each, text},
};

pub(in crate::event) fn is_guardduty_ocsf(raw: &Value) -> bool {
    text(raw, "/metadata/product/uid").ends_with(PRODUCT)
}

pub(in crate::event) fn of_ocsf(raw: &Value) -> Result<Threat, String> {
    let seen = each(raw, "/evidences").flat_map(|evidence| [end(evidence), request(evidence)]);
    threat(agreed(each(raw, "/evidences")), seen.flatten(), &[])
}

/// The part that our resource plays, if the evidences that say it say the same.
fn agreed<'a>(evidences: impl Iterator<Item = &'a Value>) -> Role {
    let said = evidences.map(|evidence| text(evidence, "/data/resource_role"));
    let mut roles = said.filter(|said| !said.is_empty()).map(role);
    let first = roles.next().unwrap_or_default();
    if roles.all(|other| other == first) { first } else { Role::Unknown }
}

/// The end that is not ours: the source of what comes in, and the destination of what goes out.
fn end(evidence: &Value) -> Option<Seen<'_>> {
    let [source, destination] = ["src_endpoint", "dst_endpoint"].map(|end| evidence.get(end));
    if evidence.get("api").is_some_and(Value::is_object) {
        return source
            .filter(|source| name(source).is_empty())
            .map(|s| seen(s, Direction::Inbound));
    }
    match towards(evidence) {
        Direction::Inbound => source.map(|source| seen(source, Direction::Inbound)),
        Direction::Outbound => destination.map(|there| seen(there, Direction::Outbound)),
        Direction::Unknown => alone(source, destination).map(|end| seen(end, Direction::Unknown)),
    }
}

/// Of two ends one is ours, and without a direction nobody can tell which. One end alone is the other.
fn alone<'a>(source: Option<&'a Value>, destination: Option<&'a Value>) -> Option<&'a Value> {
    let is_told = |end: &&Value| !text(end, "/ip").is_empty() || !name(end).is_empty();
    match (source.filter(is_told), destination.filter(is_told)) {
        (Some(end), None) | (None, Some(end)) => Some(end),
        (None, None) | (Some(_), Some(_)) => None,
    }
}

fn seen(end: &Value, direction: Direction) -> Seen<'_> {
    Seen { address: text(end, "/ip"), domain: name(end), direction, blocked: false }
}

/// A name of an end. An API call has one if an AWS service made it.
fn name(end: &Value) -> &str {
    let names = ["/domain", "/hostname"].map(|name| text(end, name));
    names.into_iter().find(|name| !name.is_empty()).unwrap_or_default()
}

fn towards(evidence: &Value) -> Direction {
    let info = evidence.get("connection_info");
    match info.and_then(|info| info.get("direction_id")).and_then(Value::as_i64) {
        Some(1) => Direction::Inbound,
        Some(2) => Direction::Outbound,
        None => info.map(|info| direction(text(info, "/direction"))).unwrap_or_default(),
        Some(_) => Direction::Unknown,
    }
}

/// A question to DNS.
fn request(evidence: &Value) -> Option<Seen<'_>> {
    let domain = text(evidence, "/query/hostname");
    let request = Seen { domain, direction: Direction::Outbound, ..Seen::default() };
    (!domain.is_empty()).then_some(request)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(evidence: &Value) -> Vec<String> {
        let threat = of_ocsf(&json!({ "evidences": [evidence] })).unwrap();
        let peer = |peer: &crate::Peer| format!("{:?} {}", peer.direction, peer.host);
        threat.peers.iter().map(peer).collect()
    }

    #[test]
    fn the_other_end_is_the_one_that_the_direction_tells() {
        let both = |info: Value| {
            json!({
                "src_endpoint": { "ip": "192.0.2.1" },
                "dst_endpoint": { "ip": "192.0.2.2", "domain": "c2.example.com" },
                "connection_info": info,
            })
        };
        assert_eq!(told(&both(json!({ "direction_id": 1 }))), ["Inbound 192.0.2.1"]);
        assert_eq!(told(&both(json!({ "direction": "Inbound" }))), ["Inbound 192.0.2.1"]);
        let outbound = ["Outbound 192.0.2.2", "Outbound c2.example.com"];
        assert_eq!(told(&both(json!({ "direction_id": 2, "direction": "x" }))), outbound);
        for unknown in [json!({}), json!({ "direction_id": 0 }), json!({ "direction_id": 3 })] {
            assert_eq!(told(&both(unknown)), [""; 0]);
        }
    }

    #[test]
    fn without_a_direction_only_one_end_alone_is_the_other() {
        assert_eq!(told(&json!({ "src_endpoint": { "ip": "192.0.2.1" } })), ["Unknown 192.0.2.1"]);
        assert_eq!(told(&json!({ "dst_endpoint": { "ip": "192.0.2.1" } })), ["Unknown 192.0.2.1"]);
    }

    #[test]
    fn a_call_comes_in_and_one_by_aws_has_no_other_end() {
        let call = |end: Value| json!({ "api": { "operation": "x" }, "src_endpoint": end });
        assert_eq!(told(&call(json!({ "ip": "192.0.2.1" }))), ["Inbound 192.0.2.1"]);
        let aws = json!({ "ip": "192.0.2.1", "hostname": "cloudformation.amazonaws.com" });
        assert_eq!(told(&call(aws)), [""; 0]);
    }

    #[test]
    fn a_question_goes_out() {
        let question = json!({ "query": { "hostname": "Bad.example.com." } });
        assert_eq!(told(&question), ["Outbound bad.example.com"]);
    }

    #[test]
    fn a_role_counts_if_no_evidence_says_another() {
        let of = |roles: &[&str]| {
            let evidences: Vec<_> = (roles.iter())
                .map(|role| json!({ "data": { "resource_role": role } }))
                .chain([json!({ "data": "" })])
                .collect();
            of_ocsf(&json!({ "evidences": evidences })).unwrap().role
        };
        assert_eq!(of(&["TARGET", "", "target"]), Role::Target);
        assert_eq!(of(&["ACTOR"]), Role::Actor);
        assert_eq!(of(&["TARGET", "ACTOR"]), Role::Unknown);
        assert_eq!(of(&[]), Role::Unknown);
    }
}

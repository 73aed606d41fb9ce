//! The events that a real account sends, made from the fixtures: about this group, seen now.

use std::{
    fs,
    path::Path,
    sync::atomic::{AtomicU64, Ordering::Relaxed},
    time::SystemTime,
};

use chrono::SecondsFormat;
use remedy::{Place, Timestamp};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};

use crate::{Result, Trouble};

const FIXTURES: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../fixtures/events");
/// What stands in the fixtures for the group, the account and the finding that they are about.
const GROUP: &str = "sg-0a1";
const HOME: &str = "111122223333";
const FINDING: &str = "a1b2c3d4-5678-90ab-cdef-000000000001";
const PRODUCT: &str = "arn:aws:securityhub:eu-west-1::product/aws/securityhub";

/// Now.
#[expect(clippy::disallowed_methods, reason = "events are seen at the time of the machine")]
pub fn now() -> Timestamp {
    SystemTime::now().into()
}

/// The fixture of this name as it is.
#[expect(clippy::disallowed_methods, reason = "fixtures are files")]
pub fn fixture(name: &str) -> Result<Value> {
    let path = Path::new(FIXTURES).join(name).with_added_extension("json");
    let what = format!("read {}", path.display());
    let text = fs::read_to_string(&path).map_err(|error| Trouble::new(&what, error))?;
    serde_json::from_str(&text).map_err(|error| Trouble::new(&what, error))
}

/// The fixture's event about `group`, with ids of its own and seen now.
pub fn event(name: &str, at: &Place, group: &str) -> Result<Value> {
    let id = unique();
    let account = at.account.as_str();
    let mut event = fixture(name)?;
    swap(&mut event, &[(GROUP, group), (HOME, account), (FINDING, &id)]);
    for name in ["/id", "/detail/eventID"] {
        if let Some(place) = event.pointer_mut(name) {
            *place = unique().into();
        }
    }
    // In OCSF a finding is known by a hash of what it is known by in ASFF.
    let hashed = hash(PRODUCT, event.pointer("/detail/findings/0/finding_info/uid"));
    if let Some(uid) = event.pointer_mut("/detail/findings/0/metadata/uid") {
        *uid = hashed.clone().into();
        event["resources"] = json!([hashed]);
    }
    Ok(seen(event, now()))
}

/// A finding of GuardDuty, with an id of its own and seen now; `hosts` are those at the other end.
pub fn threat(name: &str, at: &Place, hosts: &[&str]) -> Result<Value> {
    let mut event = event(name, at, "")?;
    let (old, new) = (guardduty_id(&event), digits());
    swap(&mut event, &[(&old, &new), ("eu-west-1", &at.region)]);
    Ok(by(event, hosts))
}

/// The finding of GuardDuty, by others; as it says so itself, or through Security Hub.
#[must_use]
pub fn by(mut event: Value, hosts: &[&str]) -> Value {
    let Some(first) = hosts.first() else { return event };
    let set = |remote: &mut Value, host: &str, names: [&str; 2]| {
        let v6 = host.contains(':');
        remote[names[0]] = if v6 { "" } else { host }.into();
        remote[names[1]] = if v6 { host } else { "" }.into();
    };
    let actions = ["networkConnectionAction", "awsApiCallAction", "rdsLoginAttemptAction"];
    for action in actions {
        let remote = format!("/detail/service/action/{action}/remoteIpDetails");
        if let Some(remote) = event.pointer_mut(&remote) {
            set(remote, first, ["ipAddressV4", "ipAddressV6"]);
        }
    }
    if let Some(probes) =
        event.pointer_mut("/detail/service/action/portProbeAction/portProbeDetails")
        && let Some(one) = probes.get(0).cloned()
    {
        let probe = |host: &&str| {
            let mut probe = one.clone();
            set(&mut probe["remoteIpDetails"], host, ["ipAddressV4", "ipAddressV6"]);
            probe
        };
        *probes = hosts.iter().map(probe).collect();
    }
    if let Some(domain) = event.pointer_mut("/detail/service/action/dnsRequestAction/domain") {
        *domain = (*first).into();
    }
    let finding = "/detail/findings/0";
    let connection =
        format!("{finding}/Action/NetworkConnectionAction/RemoteIpDetails/IpAddressV4");
    if let Some(address) = event.pointer_mut(&connection) {
        *address = (*first).into();
    }
    let fields = event.pointer_mut(&format!("{finding}/ProductFields"));
    let fields = fields.and_then(Value::as_object_mut).into_iter().flatten();
    for (_, address) in fields.filter(|(name, _)| name.ends_with("remoteIpDetails/ipAddressV4")) {
        *address = (*first).into();
    }
    event
}

/// By what GuardDuty knows the finding that an event is about, whoever passed it on.
pub fn guardduty_id(event: &Value) -> String {
    let places = ["/detail/id", "/detail/findings/0/Id", "/detail/findings/0/finding_info/uid"];
    let name = places.iter().find_map(|place| event.pointer(place)?.as_str()).unwrap_or("-");
    name.rsplit('/').next().unwrap_or_default().to_owned()
}

/// The id of a finding of GuardDuty that no other has.
fn digits() -> String {
    let unique = unique();
    hash("finding", Some(&unique.into())).chars().take(32).collect()
}

/// A finding of a control of Security Hub about `group`, in ASFF.
pub fn control(control: &str, at: &Place, group: &str) -> Result<Value> {
    let mut event = event("hub-control", at, group)?;
    swap(&mut event, &[("EC2.13", control)]);
    event["detail"]["findings"][0]["Title"] = title(control).into();
    Ok(event)
}

/// The same in OCSF, as Security Hub sends it of the finding in `asff`.
pub fn in_ocsf(asff: &Value, name: &str, at: &Place, group: &str) -> Result<Value> {
    let finding = &asff["detail"]["findings"][0];
    let text = |name: &str| finding[name].as_str().unwrap_or_default();
    let mut event = event(name, at, group)?;
    let uid = hash(text("ProductArn"), finding.get("Id"));
    let twin = &mut event["detail"]["findings"][0];
    twin["finding_info"]["uid"] = finding["Id"].clone();
    twin["finding_info"]["title"] = finding["Title"].clone();
    twin["compliance"]["control"] = finding["Compliance"]["SecurityControlId"].clone();
    twin["metadata"]["uid"] = uid.clone().into();
    event["resources"] = json!([uid]);
    Ok(event)
}

/// The findings of other events, selected by a person for the custom action `Kintsugi: run`.
pub fn asked_for(events: &[&Value], at: &Place) -> Result<Value> {
    let mut event = event("hub-custom-action", at, "")?;
    event["detail"]["findings"] = batch(events);
    Ok(event)
}

/// All findings of events, as a list.
pub fn batch(events: &[&Value]) -> Value {
    let findings = |event: &&Value| event["detail"]["findings"].as_array().cloned();
    events.iter().filter_map(findings).flatten().collect()
}

/// What a change of compliance says now.
#[must_use]
pub fn compliance(mut event: Value, kind: &str) -> Value {
    event["detail"]["newEvaluationResult"]["complianceType"] = kind.into();
    event
}

/// The same event, seen at another time: newer evidence, or older.
#[must_use]
pub fn seen(mut event: Value, at: Timestamp) -> Value {
    let text = at.to_rfc3339_opts(SecondsFormat::Millis, true);
    let set = |event: &mut Value, place: &str, value: Value| {
        if let Some(found) = event.pointer_mut(place) {
            *found = value;
        }
    };
    set(&mut event, "/time", at.to_rfc3339_opts(SecondsFormat::Secs, true).into());
    for place in [
        "newEvaluationResult/resultRecordedTime",
        "notificationCreationTime",
        "eventTime",
        "updatedAt",
        "service/eventLastSeen",
    ] {
        set(&mut event, &format!("/detail/{place}"), text.clone().into());
    }
    let some = event["detail"]["findings"].as_array().map_or(0, Vec::len);
    for nth in 0..some {
        for place in [
            "UpdatedAt",
            "LastObservedAt",
            "ProcessedAt",
            "Note/UpdatedAt",
            "time_dt",
            "finding_info/modified_time_dt",
        ] {
            set(&mut event, &format!("/detail/findings/{nth}/{place}"), text.clone().into());
        }
        for place in ["time", "finding_info/modified_time"] {
            let millis = at.timestamp_millis();
            set(&mut event, &format!("/detail/findings/{nth}/{place}"), millis.into());
        }
    }
    event
}

/// The id of the first finding of an event.
pub fn finding(event: &Value) -> &str {
    event["detail"]["findings"][0]["Id"].as_str().unwrap_or_default()
}

/// An id that no other event or finding of this process has.
pub fn unique() -> String {
    static NEXT: AtomicU64 = AtomicU64::new(1);
    format!("5d9b1a3e-0000-4000-9000-{:012}", NEXT.fetch_add(1, Relaxed))
}

fn swap(value: &mut Value, pairs: &[(&str, &str)]) {
    match value {
        Value::String(text) => {
            for (from, to) in pairs {
                if text.contains(from) {
                    *text = text.replace(from, to);
                }
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|one| swap(one, pairs)),
        Value::Object(map) => map.values_mut().for_each(|one| swap(one, pairs)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

fn hash(product: &str, id: Option<&Value>) -> String {
    let id = id.and_then(Value::as_str).unwrap_or_default();
    let digest = Sha256::digest(format!("{product}|{id}"));
    digest.iter().fold(String::new(), |text, byte| format!("{text}{byte:02x}"))
}

/// What Security Hub calls a control.
fn title(control: &str) -> &'static str {
    match control {
        "EC2.2" => "VPC default security groups should not allow inbound or outbound traffic",
        "EC2.13" => "Security groups should not allow ingress from 0.0.0.0/0 or ::/0 to port 22",
        "EC2.14" => "Security groups should not allow ingress from 0.0.0.0/0 or ::/0 to port 3389",
        "EC2.18" => {
            "Security groups should only allow unrestricted incoming traffic for authorized ports"
        }
        "EC2.19" => "Security groups should not allow unrestricted access to ports with high risk",
        "EC2.53" => {
            "Security groups should not allow ingress from 0.0.0.0/0 to remote server administration ports"
        }
        "EC2.54" => {
            "Security groups should not allow ingress from ::/0 to remote server administration ports"
        }
        _ => "A control",
    }
}

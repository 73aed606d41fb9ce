//! The other end as `GuardDuty` tells it, below `service`.

use serde_json::Value;

use super::{Seen, direction, role, threat};
use crate::{
    Direction, Threat,
    event::shape::{each, is_true, text},
};

/// The actions in which one other end calls us. The source addresses of Kubernetes calls
/// (`sourceIPs`) hold proxies, so they are not read.
const CALLS: [&str; 3] =
    ["/awsApiCallAction", "/kubernetesApiCallAction", "/rdsLoginAttemptAction"];

pub(in crate::event) fn of_service(service: &Value) -> Result<Threat, String> {
    threat(role(text(service, "/resourceRole")), seen(service), &lists(service))
}

fn seen(service: &Value) -> impl Iterator<Item = Seen<'_>> {
    let action = service.get("action").unwrap_or(&Value::Null);
    let calls = CALLS.iter().flat_map(|call| each(action, call)).filter(|call| !is_by_aws(call));
    each(action, "/networkConnectionAction")
        .flat_map(connection)
        .chain(each(action, "/portProbeAction").flat_map(probes))
        .chain(calls.flat_map(|call| remote(call, Direction::Inbound, false)))
        .chain(each(action, "/dnsRequestAction").map(request))
        .chain(each(service, "/detection/sequence/endpoints").map(endpoint))
}

/// What is told in the text that `additionalInfo` holds, which is JSON.
pub(in crate::event) fn additional_info(service: &Value) -> Option<Value> {
    serde_json::from_str(text(service, "/additionalInfo/value")).ok()
}

fn lists(service: &Value) -> Vec<String> {
    let named = |info: &Value| text(info, "/threatListName").to_owned();
    each(service, "/evidence/threatIntelligenceDetails")
        .chain(service.get("additionalInfo"))
        .map(named)
        .chain(additional_info(service).as_ref().map(named))
        .collect()
}

/// Whether an AWS service called: then a domain of AWS stands where an address would.
fn is_by_aws(call: &Value) -> bool {
    text(call, "/callerType").eq_ignore_ascii_case("Domain")
        || !text(call, "/domainDetails/domain").is_empty()
}

fn connection(action: &Value) -> [Seen<'_>; 2] {
    let towards = direction(text(action, "/connectionDirection"));
    remote(action, towards, is_true(action.get("blocked")))
}

fn probes(action: &Value) -> impl Iterator<Item = Seen<'_>> {
    let blocked = is_true(action.get("blocked"));
    each(action, "/portProbeDetails")
        .flat_map(move |probe| remote(probe, Direction::Inbound, blocked))
}

fn remote(action: &Value, direction: Direction, blocked: bool) -> [Seen<'_>; 2] {
    ["/remoteIpDetails/ipAddressV4", "/remoteIpDetails/ipAddressV6"].map(|address| Seen {
        address: text(action, address),
        direction,
        blocked,
        ..Seen::default()
    })
}

fn request(action: &Value) -> Seen<'_> {
    Seen {
        domain: text(action, "/domain"),
        direction: Direction::Outbound,
        blocked: is_true(action.get("blocked")),
        ..Seen::default()
    }
}

fn endpoint(endpoint: &Value) -> Seen<'_> {
    Seen {
        address: text(endpoint, "/ip"),
        domain: text(endpoint, "/domain"),
        direction: direction(text(endpoint, "/connection/direction")),
        blocked: false,
    }
}

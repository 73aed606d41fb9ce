//! The other end as Security Hub tells it in ASFF: in `Action`, which has room for IPv4 only, in
//! `ProductFields`, where `GuardDuty` leaves the rest flattened, and in `Detection`.

use serde_json::Value;

use super::{PRODUCT, Seen, direction, role, threat};
use crate::{
    Direction, Threat,
    event::{
        asff::product_field,
        shape::{each, is_true, text},
    },
};

const SERVICE: &str = "aws/guardduty/service/";

const CONNECTION: &str = "NetworkConnectionAction";
const PROBE: &str = "PortProbeAction";
const API_CALL: &str = "AwsApiCallAction";
const REQUEST: &str = "DnsRequestAction";
/// ASFF has no such actions: they are in `ProductFields` alone.
const OTHER_CALLS: [&str; 2] = ["KubernetesApiCallAction", "RdsLoginAttemptAction"];

pub(in crate::event) fn is_guardduty_asff(product_arn: Option<&str>) -> bool {
    product_arn.is_some_and(|product| product.ends_with(PRODUCT))
}

pub(in crate::event) fn of_asff(raw: &Value) -> Result<Threat, String> {
    threat(role(product_field(raw, "aws/guardduty/service/resourceRole")), seen(raw), &lists(raw))
}

fn seen(raw: &Value) -> impl Iterator<Item = Seen<'_>> {
    let inbound = move |action| remote(raw, action, Direction::Inbound);
    let api_call = [API_CALL].into_iter().filter(|_| !is_by_aws(raw));
    remote(raw, CONNECTION, direction(said(raw, CONNECTION, "ConnectionDirection")))
        .chain(inbound(PROBE))
        .chain(api_call.chain(OTHER_CALLS).flat_map(inbound))
        .chain([request(raw)])
        .chain(each(raw, "/Detection/Sequence/Endpoints").map(endpoint))
}

fn lists(raw: &Value) -> Vec<String> {
    let within: Option<Value> =
        serde_json::from_str(product_field(raw, "aws/guardduty/service/additionalInfo/value")).ok();
    let named = fields(raw).filter(|(path, _)| is_list(path)).map(|(_, name)| name.to_owned());
    let within = within.as_ref().map(|info| text(info, "/threatListName").to_owned());
    named.chain(within).collect()
}

/// What `GuardDuty` leaves in `ProductFields`: the path below `service`, and the text there.
fn fields(raw: &Value) -> impl Iterator<Item = (&str, &str)> {
    let all = raw.get("ProductFields").and_then(Value::as_object).into_iter().flatten();
    all.filter_map(|(name, value)| Some((name.strip_prefix(SERVICE)?, value.as_str()?)))
}

/// As [`fields`], for one action. The names of actions differ from `Action`'s in their first letter.
fn fields_of<'a>(raw: &'a Value, action: &str) -> impl Iterator<Item = (&'a str, &'a str)> {
    fields(raw).filter_map(move |(path, text)| {
        let (name, path) = path.strip_prefix("action/")?.split_once('/')?;
        name.eq_ignore_ascii_case(action).then_some((path, text))
    })
}

/// `additionalInfo/threatListName`, and `evidence/threatIntelligenceDetails.0_/threatListName`.
fn is_list(path: &str) -> bool {
    path == "additionalInfo/threatListName"
        || (path.starts_with("evidence/threatIntelligenceDetails")
            && path.ends_with("/threatListName"))
}

/// What `Action` says at `path` of an action, else `ProductFields`.
fn said<'a>(raw: &'a Value, action: &str, path: &str) -> &'a str {
    let told = text(raw, &format!("/Action/{action}/{path}"));
    let left = || fields_of(raw, action).find(|(name, _)| name.eq_ignore_ascii_case(path));
    let told = Some(told).filter(|told| !told.is_empty());
    told.or_else(|| left().map(|(_, text)| text)).unwrap_or_default()
}

fn is_blocked(raw: &Value, action: &str) -> bool {
    is_true(raw.pointer(&format!("/Action/{action}/Blocked")))
        || said(raw, action, "Blocked").eq_ignore_ascii_case("true")
}

/// Whether an AWS service called: then a domain of AWS stands where an address would.
fn is_by_aws(raw: &Value) -> bool {
    said(raw, API_CALL, "CallerType").eq_ignore_ascii_case("Domain")
        || !said(raw, API_CALL, "DomainDetails/Domain").is_empty()
}

fn remote<'a>(
    raw: &'a Value,
    action: &'static str,
    direction: Direction,
) -> impl Iterator<Item = Seen<'a>> {
    let blocked = is_blocked(raw, action);
    let details = each(raw, &format!("/Action/{action}"));
    let single = details.map(|details| text(details, "/RemoteIpDetails/IpAddressV4"));
    let probes = each(raw, &format!("/Action/{action}/PortProbeDetails"))
        .map(|probe| text(probe, "/RemoteIpDetails/IpAddressV4"));
    let left = fields_of(raw, action).filter(|(path, _)| {
        path.ends_with("remoteIpDetails/ipAddressV4")
            || path.ends_with("remoteIpDetails/ipAddressV6")
    });
    let addresses = single.chain(probes).chain(left.map(|(_, address)| address));
    addresses.map(move |address| Seen { address, direction, blocked, ..Seen::default() })
}

fn request(raw: &Value) -> Seen<'_> {
    Seen {
        domain: said(raw, REQUEST, "Domain"),
        direction: Direction::Outbound,
        blocked: is_blocked(raw, REQUEST),
        ..Seen::default()
    }
}

fn endpoint(endpoint: &Value) -> Seen<'_> {
    Seen {
        address: text(endpoint, "/Ip"),
        domain: text(endpoint, "/Domain"),
        direction: direction(text(endpoint, "/Connection/Direction")),
        blocked: false,
    }
}

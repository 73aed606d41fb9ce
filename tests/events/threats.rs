//! Findings of `GuardDuty`, whoever sends them, and what they say of the other end.

use remedy::{Direction, Ignored, Reading, Role, Signal, Threat, read};
use serde_json::{Map, Value, json};

use super::{fixture, one, own, signals, with, without};

/// What each event about a threat says, line by line.
pub(super) const SAID: &[(&str, &[&str])] = &[
    // From `GuardDuty` itself.
    (
        "guardduty-access-key",
        &[
            "HIGH: finding Discovery:S3/MaliciousIPCaller: bob/AKIAEXAMPLE (111122223333/eu-west-1), as target, from 192.0.2.60",
        ],
    ),
    (
        "guardduty-archived",
        &["ignored: Recon:EC2/PortProbeUnprotectedPort: the finding is archived"],
    ),
    (
        "guardduty-attack-sequence",
        &[
            "CRITICAL: finding AttackSequence:S3/CompromisedData: arn:aws:s3:::example-bucket (111122223333/eu-central-1), as target, from 192.0.2.70, from 2001:db8:bad::3, to bad.example.com",
            "CRITICAL: finding AttackSequence:S3/CompromisedData: arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1 (111122223333/eu-west-1), as target, from 192.0.2.70, from 2001:db8:bad::3, to bad.example.com",
        ],
    ),
    (
        "guardduty-blocked-dns",
        &[
            "MEDIUM: finding Trojan:EC2/BlackholeTraffic!DNS: arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1 (111122223333/eu-west-1), as actor, to c2.example.net (blocked)",
        ],
    ),
    (
        "guardduty-brute-force",
        &[
            "LOW: finding UnauthorizedAccess:EC2/SSHBruteForce: arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1 (111122223333/eu-west-1), as target, from 192.0.2.44",
        ],
    ),
    (
        "guardduty-brute-force-by-us",
        &[
            "HIGH: finding UnauthorizedAccess:EC2/SSHBruteForce: arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1 (111122223333/eu-west-1), as actor, to 192.0.2.45",
        ],
    ),
    (
        "guardduty-call-by-domain",
        &[
            "MEDIUM: finding Persistence:IAMUser/AnomalousBehavior: bob/AKIAEXAMPLE (111122223333/eu-west-1), as target",
        ],
    ),
    (
        "guardduty-command-and-control",
        &[
            "HIGH: finding Backdoor:EC2/C&CActivity.B: arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1 (111122223333/eu-west-1), as actor, to 192.0.2.47, on list Amazon, on list ProofPoint",
        ],
    ),
    (
        "guardduty-direction-unknown",
        &[
            "HIGH: finding Backdoor:EC2/C&CActivity.B: arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1 (111122223333/eu-west-1), as actor, with 192.0.2.46",
        ],
    ),
    (
        "guardduty-dns",
        &[
            "HIGH: finding Trojan:EC2/DNSDataExfiltration: arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1 (111122223333/eu-west-1), as actor, to bad.example.com",
        ],
    ),
    (
        "guardduty-eks",
        &[
            "HIGH: finding CredentialAccess:Kubernetes/MaliciousIPCaller: arn:aws:eks:eu-west-1:111122223333:cluster/main (111122223333/eu-west-1), as target, from 192.0.2.62",
        ],
    ),
    (
        "guardduty-ipv6-only",
        &[
            "MEDIUM: finding UnauthorizedAccess:EC2/SSHBruteForce: arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1 (111122223333/eu-west-1), as target, from 2001:db8:bad::1",
        ],
    ),
    (
        "guardduty-own-list",
        &[
            "MEDIUM: finding UnauthorizedAccess:EC2/MaliciousIPCaller.Custom: arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1 (111122223333/eu-west-1), as target, from 192.0.2.44 (blocked), on list kintsugi",
        ],
    ),
    (
        "guardduty-port-probe",
        &[
            "LOW: finding Recon:EC2/PortProbeUnprotectedPort: arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1 (111122223333/eu-west-1), as target, from 192.0.2.50, from 192.0.2.51, from 2001:db8:bad::2",
        ],
    ),
    (
        "guardduty-rds-login",
        &[
            "HIGH: finding CredentialAccess:RDS/AnomalousBehavior.SuccessfulLogin: arn:aws:rds:eu-west-1:111122223333:db:db1 (111122223333/eu-west-1), as target, from 192.0.2.61",
        ],
    ),
    (
        "guardduty-runtime",
        &[
            "HIGH: finding Execution:Runtime/ReverseShell: arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1 (111122223333/eu-west-1), as target",
        ],
    ),
    (
        "guardduty-s3-object",
        &[
            "HIGH: finding Object:S3/MaliciousFile: arn:aws:s3:::example-bucket/a (111122223333/eu-west-1), as target",
            "HIGH: finding Object:S3/MaliciousFile: arn:aws:s3:::example-bucket/b (111122223333/eu-west-1), as target",
        ],
    ),
    (
        "guardduty-sample",
        &[
            "ignored: UnauthorizedAccess:EC2/TorClient: it is a sample finding: nothing of it is real",
        ],
    ),
    // Through Security Hub in ASFF.
    (
        "hub-guardduty",
        &[
            "LOW: finding UnauthorizedAccess:EC2/SSHBruteForce: arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1 (111122223333/eu-west-1), as target, from 192.0.2.44",
        ],
    ),
    (
        "hub-guardduty-attack-sequence",
        &[
            "CRITICAL: finding AttackSequence:S3/CompromisedData: arn:aws:s3:::example-bucket (111122223333/eu-central-1), as target, from 192.0.2.70, from 2001:db8:bad::3, to bad.example.com",
            "CRITICAL: finding AttackSequence:S3/CompromisedData: arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1 (111122223333/eu-west-1), as target, from 192.0.2.70, from 2001:db8:bad::3, to bad.example.com",
        ],
    ),
    (
        "hub-guardduty-custom-action",
        &[
            "MEDIUM: finding UnauthorizedAccess:EC2/MaliciousIPCaller.Custom: arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1 (111122223333/eu-west-1), asked by Kintsugi: run, as target, from 192.0.2.44 (blocked), on list kintsugi",
        ],
    ),
    (
        "hub-guardduty-dns",
        &[
            "HIGH: finding Trojan:EC2/DNSDataExfiltration: arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1 (111122223333/eu-west-1), as actor, to bad.example.com",
        ],
    ),
    (
        "hub-guardduty-own-list",
        &[
            "MEDIUM: finding UnauthorizedAccess:EC2/MaliciousIPCaller.Custom: arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1 (111122223333/eu-west-1), as target, from 192.0.2.44 (blocked), on list kintsugi",
        ],
    ),
    (
        "hub-guardduty-port-probe",
        &[
            "LOW: finding Recon:EC2/PortProbeUnprotectedPort: arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1 (111122223333/eu-west-1), as target, from 192.0.2.50, from 192.0.2.51, from 2001:db8:bad::2",
        ],
    ),
    (
        "hub-guardduty-rds-login",
        &[
            "HIGH: finding CredentialAccess:RDS/AnomalousBehavior.SuccessfulLogin: arn:aws:rds:eu-west-1:111122223333:db:db1 (111122223333/eu-west-1), as target, from 192.0.2.61",
        ],
    ),
    (
        "hub-guardduty-sample",
        &[
            "ignored: arn:aws:guardduty:eu-west-1:111122223333:detector/12abc34d567e8fa901bc2d34e56789f0: it is a sample finding: nothing of it is real",
        ],
    ),
    // Through Security Hub in OCSF.
    (
        "hub-v2-guardduty",
        &[
            "LOW: finding UnauthorizedAccess:EC2/SSHBruteForce: arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1 (111122223333/eu-west-1), as unknown",
        ],
    ),
    (
        "hub-v2-guardduty-call",
        &[
            "HIGH: finding Discovery:S3/MaliciousIPCaller: AKIAEXAMPLE (111122223333/eu-west-1), as target, from 192.0.2.60",
        ],
    ),
    (
        "hub-v2-guardduty-evidences",
        &[
            "LOW: finding UnauthorizedAccess:EC2/SSHBruteForce: arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1 (111122223333/eu-west-1), as target, from 192.0.2.44",
        ],
    ),
];

const SERVICE: &str = "/detail/service";
const HUB: &str = "/detail/findings/0";

fn threat(event: &Value) -> Threat {
    signals(event)[0].threat.clone().unwrap()
}

/// `GuardDuty`'s `service` as Security Hub flattens it, with `index` before and after a list's numbers.
fn flattened(value: &Value, path: &str, index: (&str, &str), into: &mut Map<String, Value>) {
    match value {
        Value::Object(map) => {
            for (name, inner) in map {
                flattened(inner, &format!("{path}/{name}"), index, into);
            }
        }
        Value::Array(list) => {
            for (at, inner) in list.iter().enumerate() {
                flattened(inner, &format!("{path}{}{at}{}", index.0, index.1), index, into);
            }
        }
        Value::Null => {}
        Value::String(text) => drop(into.insert(path.into(), text.as_str().into())),
        other => drop(into.insert(path.into(), other.to_string().into())),
    }
}

#[test]
fn a_finding_of_guardduty_says_the_same_through_security_hub() {
    for (direct, through) in [
        ("guardduty-brute-force", "hub-guardduty"),
        ("guardduty-brute-force", "hub-v2-guardduty-evidences"),
        ("guardduty-access-key", "hub-v2-guardduty-call"),
        ("guardduty-port-probe", "hub-guardduty-port-probe"),
        ("guardduty-own-list", "hub-guardduty-own-list"),
        ("guardduty-own-list", "hub-guardduty-custom-action"),
        ("guardduty-rds-login", "hub-guardduty-rds-login"),
        ("guardduty-dns", "hub-guardduty-dns"),
        ("guardduty-attack-sequence", "hub-guardduty-attack-sequence"),
    ] {
        let [direct_event, through_event] = [direct, through].map(fixture);
        assert_eq!(threat(&direct_event), threat(&through_event), "{direct} and {through}");
        let id = |event| signals(event)[0].id.clone();
        assert_eq!(id(&direct_event), id(&through_event), "{direct} and {through}");
    }
}

#[test]
fn what_security_hub_flattens_says_all_that_guardduty_said_of_an_action() {
    for name in [
        "guardduty-access-key",
        "guardduty-blocked-dns",
        "guardduty-brute-force",
        "guardduty-brute-force-by-us",
        "guardduty-call-by-domain",
        "guardduty-command-and-control",
        "guardduty-direction-unknown",
        "guardduty-dns",
        "guardduty-eks",
        "guardduty-ipv6-only",
        "guardduty-own-list",
        "guardduty-port-probe",
        "guardduty-rds-login",
        "guardduty-runtime",
    ] {
        let event = fixture(name);
        for index in [(".", "_"), (":", "")] {
            let mut fields = Map::new();
            flattened(event.pointer(SERVICE).unwrap(), "aws/guardduty/service", index, &mut fields);
            let hub = without(&fixture("hub-guardduty"), &format!("{HUB}/Action"));
            let hub = with(&hub, &format!("{HUB}/ProductFields"), fields);
            assert_eq!(threat(&hub), threat(&event), "{name}");
        }
    }
}

#[test]
fn asff_alone_says_who_without_what_guardduty_left_in_it() {
    for name in ["hub-guardduty", "hub-guardduty-own-list", "hub-guardduty-dns"] {
        let event = fixture(name);
        let peers = threat(&event).peers;
        let bare = with(&event, &format!("{HUB}/ProductFields"), json!({}));
        assert_eq!(threat(&bare).peers, peers, "{name}");
    }
    // ASFF itself has other words for a direction, and no room for IPv6.
    let pointer = format!("{HUB}/Action/NetworkConnectionAction/ConnectionDirection");
    let out = with(&fixture("hub-guardduty"), &pointer, "OUT");
    assert_eq!(threat(&out).peers[0].direction, Direction::Outbound);
    let probes = fixture("hub-guardduty-port-probe");
    let bare = with(&probes, &format!("{HUB}/ProductFields"), json!({}));
    assert_eq!(threat(&bare).peers, threat(&probes).peers[..2]);
}

#[test]
fn a_call_by_an_aws_service_has_no_other_end_even_if_an_address_is_told() {
    let call = "/detail/service/action/awsApiCallAction";
    let event = fixture("guardduty-access-key");
    assert_eq!(threat(&event).peers.len(), 1);
    let by_aws = json!({"domain": "cloudformation.amazonaws.com"});
    for event in [
        with(&event, &format!("{call}/callerType"), "DOMAIN"),
        with(&event, &format!("{call}/domainDetails"), by_aws),
    ] {
        assert_eq!(threat(&event).peers, []);
    }
    let by_address = with(&event, &format!("{call}/domainDetails"), json!({}));
    assert_eq!(threat(&by_address), threat(&event));
    let remote = json!({"IpAddressV4": "192.0.2.60"});
    let action = |caller: &str| {
        let call = json!({"CallerType": caller, "RemoteIpDetails": remote});
        let event = with(&fixture("hub-guardduty"), &format!("{HUB}/ProductFields"), json!({}));
        with(&event, &format!("{HUB}/Action"), json!({"AwsApiCallAction": call}))
    };
    assert_eq!(threat(&action("domain")).peers, []);
    assert_eq!(threat(&action("remoteip")).peers.len(), 1);
}

#[test]
fn a_role_is_told_in_any_case_or_is_unknown() {
    let event = fixture("guardduty-brute-force");
    let role = |role: Value| threat(&with(&event, &format!("{SERVICE}/resourceRole"), role)).role;
    assert_eq!(role(json!("target")), Role::Target);
    assert_eq!(role(json!("Actor")), Role::Actor);
    for odd in [json!(""), json!("VICTIM"), json!(null), json!(1)] {
        assert_eq!(role(odd), Role::Unknown);
    }
}

#[test]
fn the_list_of_a_finding_is_found_wherever_it_is_told() {
    let event = fixture("guardduty-brute-force");
    let info = |info: Value| with(&event, &format!("{SERVICE}/additionalInfo"), info);
    let detail = json!({"threatIntelligenceDetails": [{"threatListName": "kintsugi"}, {}]});
    for event in [
        info(json!({"threatListName": "kintsugi"})),
        info(json!({"value": "{\"threatListName\":\"kintsugi\"}"})),
        with(&event, &format!("{SERVICE}/evidence"), detail),
    ] {
        assert_eq!(threat(&event).lists, ["kintsugi"]);
    }
    for odd in [json!({}), json!({"threatListName": ""}), json!({"value": "{"}), json!("x")] {
        assert_eq!(threat(&info(odd)).lists, [""; 0]);
    }
}

#[test]
fn an_address_that_is_none_is_told_and_a_domain_that_is_none_is_no_peer() {
    for (name, pointer) in [
        (
            "hub-guardduty",
            "/detail/findings/0/Action/NetworkConnectionAction/RemoteIpDetails/IpAddressV4",
        ),
        ("hub-v2-guardduty-evidences", "/detail/findings/0/evidences/0/src_endpoint/ip"),
        ("guardduty-attack-sequence", "/detail/service/detection/sequence/endpoints/0/ip"),
    ] {
        let line = one(&with(&fixture(name), pointer, "192.0.2.444"));
        assert!(line.ends_with(": `192.0.2.444` is no IP address"), "{name}: {line}");
    }
    let domain = "/detail/service/action/dnsRequestAction/domain";
    let odd = with(&fixture("guardduty-dns"), domain, "not a name");
    assert_eq!(threat(&odd).peers, []);
}

#[test]
fn an_attacker_is_not_lost_where_no_resource_is_named() {
    let event =
        with(&fixture("guardduty-brute-force"), "/detail/resource", json!({"resourceType": "New"}));
    let [Signal { resource, place, threat, .. }] = &signals(&event)[..] else { panic!("one") };
    assert_eq!(resource, "AWS::::Account:111122223333");
    assert_eq!(place.to_string(), "111122223333/eu-west-1");
    assert_eq!(threat.as_ref().unwrap().peers.len(), 1);
    let said_by_the_envelope = without(&event, "/detail/accountId");
    assert_eq!(signals(&said_by_the_envelope), signals(&event));
    let nobody = with(&event, &format!("{SERVICE}/action"), json!(null));
    let [Reading::Ignored { why, .. }] = &read(&nobody, &own())[..] else { panic!("ignored") };
    assert_eq!(*why, Ignored::NoResource { kind: "New".into() });
}

#[test]
fn only_guardduty_tells_of_threats() {
    let action = json!({"NetworkConnectionAction": {"RemoteIpDetails": {"IpAddressV4": "x"}}});
    let others = [
        with(&fixture("hub-macie"), &format!("{HUB}/Action"), action),
        with(
            &fixture("hub-guardduty"),
            &format!("{HUB}/ProductArn"),
            "arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default",
        ),
        with(
            &fixture("hub-v2-guardduty-evidences"),
            &format!("{HUB}/metadata/product/uid"),
            "arn:aws:securityhub:eu-west-1::productv2/aws/inspector",
        ),
    ];
    for event in others {
        assert_eq!(signals(&event)[0].threat, None);
    }
    for name in ["guardduty-runtime", "hub-v2-guardduty"] {
        assert_eq!(threat(&fixture(name)).peers, [], "{name}");
    }
}

#[test]
fn a_type_that_would_mean_any_is_none() {
    let any = with(&fixture("guardduty-brute-force"), "/detail/type", "*");
    assert_eq!(one(&any), "unreadable: *: the finding's type is `*`, which names none");
}

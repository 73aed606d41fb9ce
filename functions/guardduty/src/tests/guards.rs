use remedy::{Place, Signal};
use runtime::Error;

use super::{
    attack, error,
    estate::{Estate, Reply, Set},
    home, load, load_for, s3_error, says, started,
};
use script::answer;

const REFUSE_AWS: &[(&str, &str)] = &[("REFUSE_AWS_RANGES", "true")];

/// Whom the list must never have, as far as it is known, for attacks in `places`.
async fn guards(
    estate: &Estate,
    settings: &[(&str, &str)],
    places: &[Place],
) -> Result<std::sync::Arc<catalog::guardduty::Known>, Error> {
    let signals: Vec<Signal> = places.iter().map(attack).collect();
    let signals: Vec<&Signal> = signals.iter().collect();
    Ok(load_for(&started(estate, settings), &signals).await?.known)
}

fn holds(known: &catalog::guardduty::Known, names: &[&str]) -> Vec<bool> {
    names.iter().map(|name| known.trusted.holds(&name.parse().unwrap())).collect()
}

#[tokio::test]
async fn our_own_addresses_are_known_by_what_they_belong_to() {
    let estate = Estate::with(&[]);
    estate.now().elastic = "<item><publicIp>203.0.113.1</publicIp><allocationId>eipalloc-1</allocationId>\
        </item><item><publicIp>203.0.113.2</publicIp><allocationId>eipalloc-2</allocationId>\
        <instanceId>i-2</instanceId></item>";
    let interface = "<item><networkInterfaceId>eni-3</networkInterfaceId><association>\
        <publicIp>203.0.113.3</publicIp></association><attachment><instanceId>i-3</instanceId>\
        </attachment></item><item><networkInterfaceId>eni-4</networkInterfaceId>\
        <interfaceType>nat_gateway</interfaceType><association><publicIp>203.0.113.4</publicIp>\
        </association></item><item><networkInterfaceId>eni-5</networkInterfaceId>\
        <interfaceType>network_load_balancer</interfaceType><association>\
        <publicIp>203.0.113.5</publicIp></association></item>\
        <item><networkInterfaceId>eni-6</networkInterfaceId></item>";
    estate.now().interfaces = interface;
    let known = guards(&estate, &[], &[home()]).await.unwrap();
    let own = known.own.get(&home()).unwrap().as_ref().unwrap();
    let lines: Vec<_> = own.iter().map(|(address, what)| format!("{address} {what}")).collect();
    assert_eq!(
        lines,
        [
            "203.0.113.1 Elastic IP eipalloc-1",
            "203.0.113.2 Elastic IP eipalloc-2 of instance i-2",
            "203.0.113.3 instance i-3 (eni-3)",
            "203.0.113.4 a NAT gateway (eni-4)",
            "203.0.113.5 network interface eni-5",
        ]
    );
    let asked = estate.call("DescribeNetworkInterfaces").body;
    assert!(asked.contains("Filter.1.Name=association.public-ip"), "{asked}");
}

#[tokio::test]
async fn an_account_that_cannot_be_read_leaves_the_others_and_says_why() {
    let estate = Estate::with(&[]);
    estate.now().elastic = "<item><publicIp>203.0.113.1</publicIp></item>";
    let member = Place::new("444455556666", "eu-west-1");
    let known = guards(&estate, &[], &[home(), member.clone()]).await.unwrap();
    assert_eq!(known.own.get(&home()).unwrap().as_ref().map(|own| own.len()), Ok(1));
    let why = known.own.get(&member).unwrap().as_ref().unwrap_err();
    assert!(why.starts_with("could not act in account 444455556666"), "{why}");

    let there = Place::new("111122223333", "eu-central-1");
    estate.once("DescribeAddresses", says(answer(403, "<Response><Errors><Error><Code>UnauthorizedOperation</Code></Error></Errors></Response>")));
    let known = guards(&estate, &[], &[there]).await.unwrap();
    let whys: Vec<_> = known.own.values().filter_map(|own| own.as_ref().err()).collect();
    assert_eq!((known.own.len(), whys.len()), (2, 1), "home is read whatever the place");
    assert!(
        whys[0].ends_with("The role kintsugi-guardduty needs ec2:DescribeAddresses"),
        "{whys:?}"
    );
}

#[tokio::test]
async fn what_another_try_may_tell_is_asked_again_rather_than_unknown() {
    for call in ["DescribeAddresses", "DescribeNetworkInterfaces"] {
        let estate = Estate::with(&[]);
        estate.once(call, |_| Reply::Down);
        let error = guards(&estate, &[], &[home()]).await.unwrap_err();
        assert!(matches!(error, Error::Transient(_)), "{error}");
    }
}

#[tokio::test]
async fn what_was_read_is_good_for_the_next_finding_and_a_failure_is_not_kept() {
    let estate = Estate::with(&[]);
    let cloud = started(&estate, REFUSE_AWS);
    let signal = attack(&home());
    estate.once("DescribeAddresses", |_| Reply::Down);
    assert!(load_for(&cloud, &[&signal]).await.is_err());
    load_for(&cloud, &[&signal]).await.unwrap();
    estate.calls();
    load_for(&cloud, &[&signal, &signal]).await.unwrap();
    let guards = ["Describe", "ListIPSets", "ListTrusted", "ip-ranges"];
    let calls = estate.calls();
    let again = calls.iter().filter(|call| guards.iter().any(|guard| call.starts_with(guard)));
    assert_eq!(again.count(), 0, "{calls:?}");
}

#[tokio::test]
async fn who_lists_nobody_reads_no_guards() {
    let estate = Estate::with(&[]);
    let cloud = started(&estate, REFUSE_AWS);
    let sweep = remedy::check::signal("AWS::::Account:111122223333");
    load_for(&cloud, &[&sweep]).await.unwrap();
    load(&cloud).await.unwrap();
    let reads = ["GetItem", "GetObject", "HeadObject", "GetThreat", "ListThreat", "ListDetectors"];
    let calls = estate.calls();
    let is_needed = |call: &String| reads.iter().any(|read| call.starts_with(read));
    assert!(calls.iter().all(is_needed), "{calls:?}");
}

#[tokio::test]
async fn trusted_lists_are_read_in_any_format_and_from_any_location() {
    let estate = Estate::with(&[]);
    {
        let mut now = estate.now();
        now.put("trust/plain.txt", "192.0.2.0/28\r\n198.51.100.1", None);
        now.put("trust/stix.xml", "<AddressValue>203.0.113.9</AddressValue>", None);
        now.put("trust/otx.csv", "indicator_type,indicator\nhost,office.example\n", None);
        now.put("trust/old.txt", "192.0.2.200", None);
        let [addresses, entities] = &mut now.trusted;
        let at = |location: &str| Set { name: "trusted", ..Set::at(location) };
        addresses.insert("t1".into(), at("https://s3.eu-west-1.amazonaws.com/trust/plain.txt"));
        addresses.insert("t2".into(), at("s3://trust/stix.xml"));
        let old = Set { status: "INACTIVE", ..at("s3://trust/old.txt") };
        addresses.insert("t3".into(), old);
        let new = at("https://trust.s3.amazonaws.com/otx.csv");
        entities.insert("e1".into(), Set { status: "ACTIVATING", ..new });
    }
    let known = guards(&estate, &[], &[home()]).await.unwrap();
    let names = ["192.0.2.15", "198.51.100.1", "203.0.113.9", "office.example", "192.0.2.200"];
    assert_eq!(holds(&known, &names), [true, true, true, true, false]);
}

#[tokio::test]
async fn a_trusted_list_that_cannot_be_read_lists_nobody_and_says_what_to_set() {
    let estate = Estate::with(&[]);
    estate.now().trusted[0].insert("t1".into(), Set::at("s3://trust/plain.txt"));
    estate.once("GetObject trust/plain.txt", says(s3_error(403, "AccessDenied")));
    let why = guards(&estate, &[], &[home()]).await.unwrap_err().to_string();
    assert_eq!(
        why,
        "could not read the trusted list at s3://trust/plain.txt in 111122223333/eu-west-1: \
         AccessDenied (of AccessDenied). The role kintsugi-guardduty needs s3:GetObject on that \
         object: set TrustedListObject to its bucket/key"
    );
    estate.now().trusted[0].insert("t1".into(), Set::at("ftp://trust/plain.txt"));
    let why = guards(&estate, &[], &[home()]).await.unwrap_err().to_string();
    assert!(why.ends_with("that is no object of S3"), "{why}");
    estate.now().trusted[0].clear();
    for (call, needs) in [
        ("ListIPSets", "guardduty:ListIPSets"),
        ("ListTrustedEntitySets", "guardduty:ListTrustedEntitySets"),
    ] {
        estate.once(call, says(error(403, "AccessDeniedException")));
        let why = guards(&estate, &[], &[home()]).await.unwrap_err().to_string();
        assert!(why.ends_with(&format!("The role kintsugi-guardduty needs {needs}")), "{why}");
    }
}

#[tokio::test]
async fn the_ranges_of_aws_are_read_where_they_are_to_be_refused_and_nowhere_else() {
    let estate = Estate::with(&[]);
    let known = guards(&estate, &[], &[home()]).await.unwrap();
    assert!(!known.aws.touches("3.5.141.9/32".parse().unwrap()));
    assert!(!estate.calls().contains(&"ip-ranges".into()));
    let known = guards(&estate, REFUSE_AWS, &[home()]).await.unwrap();
    assert!(known.aws.touches("3.5.141.9/32".parse().unwrap()));
    let asked = estate.call("ip-ranges");
    assert_eq!(asked.uri, "https://ip-ranges.amazonaws.com/ip-ranges.json");
    assert_eq!(asked.header("authorization"), None, "anybody may read them");
}

#[tokio::test]
async fn ranges_that_cannot_be_read_in_full_are_worth_another_try() {
    let at = "could not read";
    for (document, why) in [
        ("", "EOF"),
        ("<html>", "expected value"),
        ("{}", "it lists no prefixes"),
        (r#"{"prefixes":[]}"#, "it lists no prefixes"),
        (r#"{"prefixes":[{"ip_prefix":"3.5.140.0/22"},{"ip_prefix":"x"}]}"#, "no network"),
        (r#"{"prefixes":[{"ipv6_prefix":"2600::/12"}]}"#, "no network"),
    ] {
        let estate = Estate::with(&[]);
        estate.now().ranges = document;
        let error = guards(&estate, REFUSE_AWS, &[home()]).await.unwrap_err();
        assert!(matches!(error, Error::Transient(_)), "{error}");
        assert!(error.to_string().starts_with(at) && error.to_string().contains(why), "{error}");
    }
    let estate = Estate::with(&[]);
    estate.once("ip-ranges", |_| Reply::Down);
    let error = guards(&estate, REFUSE_AWS, &[home()]).await.unwrap_err();
    assert!(matches!(error, Error::Transient(_)), "{error}");
    estate.once("ip-ranges", says(answer(503, "")));
    let error = guards(&estate, REFUSE_AWS, &[home()]).await.unwrap_err().to_string();
    assert!(error.ends_with("ip-ranges.json: status 503"), "{error}");
}

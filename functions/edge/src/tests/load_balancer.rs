use catalog::edge::{
    Desync, Kind, Listener, ListenerId, ListenerSetting, LoadBalancer, LoadBalancerId,
    LoadBalancerSetting, LogPlace,
};
use remedy::Swap;
use runtime::{Cloud, Error};
use script::{Answer, Script};

use super::{TAGS, apply, by_action, edge, home, no, yes};

const ARN: &str = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/1";

fn web() -> LoadBalancerId {
    LoadBalancerId("app/web/1".into())
}

fn tags(arn: &str) -> (&'static str, Answer) {
    tagged(&[(arn, TAGS)])
}

fn tagged(all: &[(&str, &str)]) -> (&'static str, Answer) {
    let one = |(arn, tags): &(&str, &str)| {
        format!("<member><ResourceArn>{arn}</ResourceArn><Tags>{tags}</Tags></member>")
    };
    let described: String = all.iter().map(one).collect();
    let body = format!("<TagDescriptions>{described}</TagDescriptions>");
    ("DescribeTags", yes("DescribeTags", &body))
}

fn balancer(kind: &str) -> (&'static str, Answer) {
    let zones =
        "<AvailabilityZones><member><ZoneName>eu-west-1a</ZoneName></member></AvailabilityZones>";
    let body =
        format!("<LoadBalancers><member><Type>{kind}</Type>{zones}</member></LoadBalancers>");
    ("DescribeLoadBalancers", yes("DescribeLoadBalancers", &body))
}

fn attributes(pairs: &[(&str, &str)]) -> (&'static str, Answer) {
    let one = |(key, value): &(&str, &str)| {
        format!("<member><Key>{key}</Key><Value>{value}</Value></member>")
    };
    let all: String = pairs.iter().map(one).collect();
    let action = "DescribeLoadBalancerAttributes";
    (action, yes(action, &format!("<Attributes>{all}</Attributes>")))
}

async fn load(script: &Script) -> Result<Option<LoadBalancer>, Error> {
    Cloud::<LoadBalancer>::load(&edge(script), &home(), &web(), &[]).await
}

const ALL: [(&str, &str); 6] = [
    ("deletion_protection.enabled", "true"),
    ("routing.http.drop_invalid_header_fields.enabled", "false"),
    ("routing.http.desync_mitigation_mode", "strictest"),
    ("access_logs.s3.enabled", "false"),
    ("access_logs.s3.bucket", "own"),
    ("access_logs.s3.prefix", "web"),
];

#[tokio::test]
async fn an_application_load_balancer_is_read_with_all_that_it_says() {
    let script = by_action([balancer("application"), attributes(&ALL), tags(ARN)]);
    let found = load(&script).await.unwrap().unwrap();
    assert_eq!((found.kind, found.desync), (Kind::Application, Some(Desync::Strictest)));
    assert_eq!((found.deletion_protection, found.drops_invalid_headers), (true, Some(false)));
    assert_eq!((found.logs, found.idle_logs.map(|logs| logs.bucket)), (None, Some("own".into())));
    assert_eq!(found.tags.get("AutoRemediate").map(String::as_str), Some("True"));
    assert_eq!(found.zones, ["eu-west-1a".into()].into());
}

#[tokio::test]
async fn other_kinds_say_less_and_an_application_load_balancer_must_not() {
    let script = by_action([balancer("gateway"), attributes(&ALL[..1]), tags(ARN)]);
    let found = load(&script).await.unwrap().unwrap();
    assert_eq!((found.kind, found.desync, found.logs), (Kind::Gateway, None, None));
    let script = by_action([balancer("application"), attributes(&ALL[..1]), tags(ARN)]);
    let error = load(&script).await.unwrap_err().to_string();
    assert!(error.contains("drop_invalid_header_fields.enabled is missing"), "{error}");
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_one_that_cannot_be_read_is_an_error() {
    let gone = || {
        by_action([
            ("DescribeLoadBalancers", no(400, "LoadBalancerNotFound")),
            attributes(&ALL),
            tags(ARN),
        ])
    };
    assert_eq!(load(&gone()).await, Ok(None));
    let denied = by_action([
        ("DescribeLoadBalancers", no(403, "AccessDenied")),
        attributes(&ALL),
        tags(ARN),
    ]);
    let error = load(&denied).await.unwrap_err().to_string();
    assert!(
        error.contains("kintsugi-edge needs elasticloadbalancing:DescribeLoadBalancers"),
        "{error}"
    );
    let untold = by_action([balancer("application"), attributes(&ALL), tags("another")]);
    assert!(load(&untold).await.unwrap_err().to_string().contains("its tags are missing"));
}

#[tokio::test]
async fn each_change_sets_its_own_attributes_and_no_others() {
    let action = "ModifyLoadBalancerAttributes";
    let script = Script::by(move |_| Some(yes(action, "")));
    let logs = LogPlace { bucket: "logs".into(), prefix: String::new() };
    let changes = [
        Swap {
            from: LoadBalancerSetting::Desync(Desync::Monitor),
            to: LoadBalancerSetting::Desync(Desync::Defensive),
        },
        Swap {
            from: LoadBalancerSetting::Logs(None),
            to: LoadBalancerSetting::Logs(Some(logs.clone())),
        },
        Swap { from: LoadBalancerSetting::Logs(Some(logs)), to: LoadBalancerSetting::Logs(None) },
    ];
    assert_eq!(apply::<LoadBalancer>(&script, &web(), &changes).await, [Ok(()), Ok(()), Ok(())]);
    let sent: Vec<_> = script
        .bodies()
        .iter()
        .map(|body| body.split("&Attributes").skip(1).collect::<String>())
        .collect();
    assert_eq!(
        sent,
        [
            ".member.1.Key=routing.http.desync_mitigation_mode.member.1.Value=defensive",
            ".member.1.Key=access_logs.s3.enabled.member.1.Value=true\
             .member.2.Key=access_logs.s3.bucket.member.2.Value=logs\
             .member.3.Key=access_logs.s3.prefix.member.3.Value=",
            ".member.1.Key=access_logs.s3.enabled.member.1.Value=false",
        ]
    );
}

#[tokio::test]
async fn a_listener_is_read_and_its_policy_set() {
    let id = ListenerId("app/web/1/2".into());
    let arn = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:listener/app/web/1/2";
    let found = "<Listeners><member><Protocol>HTTPS</Protocol><Port>443</Port><SslPolicy>old</SslPolicy></member></Listeners>";
    let own = TAGS.replace("True", "False");
    let tags = tagged(&[(arn, &own), (ARN, TAGS)]);
    let script = by_action([("DescribeListeners", yes("DescribeListeners", found)), tags]);
    let listener =
        Cloud::<Listener>::load(&edge(&script), &home(), &id, &[]).await.unwrap().unwrap();
    assert_eq!((listener.protocol.as_str(), listener.policy.as_deref()), ("HTTPS", Some("old")));
    // Its own tags are over those of its load balancer.
    assert_eq!(listener.tags.get("AutoRemediate").map(String::as_str), Some("False"));
    let script = Script::of([yes("ModifyListener", "")]);
    let change = Swap {
        from: ListenerSetting::Policy("old".into()),
        to: ListenerSetting::Policy("new".into()),
    };
    assert_eq!(apply::<Listener>(&script, &id, &[change]).await, [Ok(())]);
    assert!(script.bodies()[0].ends_with("&SslPolicy=new"), "{:?}", script.bodies());
}

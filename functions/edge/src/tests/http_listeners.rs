use catalog::edge::{DefaultAction, HttpListeners, LoadBalancerId, Redirect};
use remedy::{Case, Change as _, Remediation as _};
use runtime::Cloud;
use script::Script;

use super::{TAGS, apply, by_action, edge, home, yes};

const ARN: &str = "arn:aws:elasticloadbalancing:eu-west-1:111122223333:loadbalancer/app/web/1";

fn web() -> LoadBalancerId {
    LoadBalancerId("app/web/1".into())
}

fn listener(id: &str, protocol: &str, port: u16, actions: &str) -> String {
    let arn = ARN.replace("loadbalancer", "listener");
    format!(
        "<member><ListenerArn>{arn}/{id}</ListenerArn><Protocol>{protocol}</Protocol><Port>{port}</Port>\
         <DefaultActions>{actions}</DefaultActions></member>"
    )
}

const FORWARD: &str = "<member><Type>forward</Type><TargetGroupArn>arn:tg</TargetGroupArn><Order>1</Order>\
    <ForwardConfig><TargetGroups><member><TargetGroupArn>arn:tg</TargetGroupArn><Weight>7</Weight></member>\
    </TargetGroups><TargetGroupStickinessConfig><Enabled>true</Enabled><DurationSeconds>60</DurationSeconds>\
    </TargetGroupStickinessConfig></ForwardConfig></member>";
const HTTPS: &str = "<member><Type>redirect</Type><RedirectConfig><Protocol>HTTPS</Protocol><Port>443</Port>\
    <StatusCode>HTTP_301</StatusCode></RedirectConfig></member>";

/// Two pages of listeners, and two of the rules of the one for HTTP.
fn scene() -> Script {
    let listeners = |all: &str, marker: &str| {
        yes("DescribeListeners", &format!("<Listeners>{all}</Listeners>{marker}"))
    };
    let rules =
        |all: &str, marker: &str| yes("DescribeRules", &format!("<Rules>{all}</Rules>{marker}"));
    let rule = |actions: &str| {
        format!(
            "<member><Priority>1</Priority><IsDefault>false</IsDefault><Actions>{actions}</Actions></member>"
        )
    };
    let default = "<member><Priority>default</Priority><IsDefault>true</IsDefault></member>";
    let tags = format!(
        "<TagDescriptions><member><ResourceArn>{ARN}</ResourceArn><Tags>{TAGS}</Tags></member></TagDescriptions>"
    );
    by_action([
        (
            "DescribeListeners",
            listeners(&listener("a", "HTTP", 80, FORWARD), "<NextMarker>m</NextMarker>"),
        ),
        ("DescribeListeners", listeners(&listener("b", "HTTPS", 443, FORWARD), "")),
        ("DescribeTags", yes("DescribeTags", &tags)),
        (
            "DescribeRules",
            rules(&format!("{default}{}", rule(HTTPS)), "<NextMarker>m</NextMarker>"),
        ),
        ("DescribeRules", rules(&rule(FORWARD), "")),
        ("ModifyListener", yes("ModifyListener", "")),
        ("ModifyListener", yes("ModifyListener", "")),
    ])
}

async fn load(script: &Script) -> HttpListeners {
    Cloud::<HttpListeners>::load(&edge(script), &home(), &web(), &[]).await.unwrap().unwrap()
}

#[tokio::test]
async fn all_pages_of_listeners_and_rules_are_read() {
    let found = load(&scene()).await;
    assert_eq!((found.http.len(), found.https), (1, [443].into()));
    assert_eq!((found.http[0].id.as_str(), found.http[0].other_rules), ("a", 1));
    let DefaultAction::Forward { targets, stickiness, order } = &found.http[0].actions[0] else {
        panic!("{:?}", found.http)
    };
    assert_eq!(
        (targets[0].weight, stickiness.as_ref().unwrap().seconds, *order),
        (Some(7), Some(60), Some(1))
    );
}

#[tokio::test]
async fn a_redirect_is_made_and_the_former_action_comes_back_to_the_letter() {
    let script = scene();
    let found = load(&script).await;
    let signal = remedy::check::signal(ARN);
    let case = Case { signal: &signal, now: remedy::check::now() };
    let plan = catalog::edge::RedirectHttp.plan(&found, &case);
    assert_eq!(apply::<HttpListeners>(&script, &web(), &plan.changes).await, [Ok(())]);
    let back = plan.changes[0].inverse().unwrap();
    assert_eq!(apply::<HttpListeners>(&script, &web(), &[back]).await, [Ok(())]);
    let sent: Vec<_> =
        script.bodies().into_iter().filter(|body| body.contains("ModifyListener")).collect();
    let end = |body: &str| body.split("&DefaultActions").skip(1).collect::<Vec<_>>().join(" ");
    assert_eq!(
        end(&sent[0]),
        ".member.1.Type=redirect .member.1.RedirectConfig.Protocol=HTTPS \
         .member.1.RedirectConfig.Port=443 .member.1.RedirectConfig.Host=%23%7Bhost%7D \
         .member.1.RedirectConfig.Path=%2F%23%7Bpath%7D .member.1.RedirectConfig.Query=%23%7Bquery%7D \
         .member.1.RedirectConfig.StatusCode=HTTP_301"
    );
    assert_eq!(
        end(&sent[1]),
        ".member.1.Type=forward .member.1.Order=1 \
         .member.1.ForwardConfig.TargetGroups.member.1.TargetGroupArn=arn%3Atg \
         .member.1.ForwardConfig.TargetGroups.member.1.Weight=7 \
         .member.1.ForwardConfig.TargetGroupStickinessConfig.Enabled=true \
         .member.1.ForwardConfig.TargetGroupStickinessConfig.DurationSeconds=60"
    );
}

#[test]
fn a_redirect_is_the_one_that_aws_shows() {
    let Redirect { protocol, port, host, path, query, status } = Redirect::default();
    assert_eq!(
        [protocol, port, host, path, query, status],
        ["HTTPS", "443", "#{host}", "/#{path}", "#{query}", "HTTP_301"]
    );
}

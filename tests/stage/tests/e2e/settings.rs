//! What an operator set: splitting, dry runs, the cap, other accounts, and what cannot be.

use runtime::order::{Reply, What};
use serde_json::json;
use stage::{Estate, Queue, Stage, Vpc, events, http};

use crate::case::{OPTED_IN, case, ingress, play, record_of, run, stage};

#[test]
fn wide_rules_are_split_where_that_is_set() {
    run(|| async {
        let parameters = [
            ("WideRule", "split"),
            ("AnyPortRules", "no-open-groups"),
            ("KeepOpenPorts", "443"),
            ("AllowedOwners", "cloudformation"),
        ];
        let stage = stage(&parameters).await;
        splits(&stage).await;
        takes_a_split_back(&stage).await;
        let cases = vec![
            case("a Config rule of the operator's own, for any port")
                .fixture("config-own-rule")
                .rules(&["tcp/443 from 0.0.0.0/0", "udp/500 from ::/0"])
                .goes(&["udp/500 from ::/0"]),
            case("a stack's group, which is allowed here")
                .tags(&[("AutoRemediate", "True"), ("aws:cloudformation:stack-name", "shop")])
                .rules(&["tcp/22 from 0.0.0.0/0"])
                .goes(&["tcp/22 from 0.0.0.0/0"]),
        ];
        play(&stage, cases).await;
    });
}

/// What is not concerned stays open, with the description and the tags of the wide rule.
async fn splits(stage: &Stage) {
    let (estate, at) = (&stage.estate, &stage.place);
    let farm = estate.group(Vpc::Own, "farm", OPTED_IN, &["tcp/20-30 from 0.0.0.0/0 # farm"]).await;
    let farm = farm.unwrap();
    let wide = estate.rules(&farm).await.unwrap()[0].rule.id.clone();
    estate.tag(&wide, "Team", "build").await.unwrap();
    let web = estate.group(Vpc::Default, "web", OPTED_IN, &["tcp/443-444 from 0.0.0.0/0"]).await;
    let web = web.unwrap();
    stage.send(&events::control("EC2.13", at, &farm).unwrap()).await.unwrap();
    stage.send(&events::control("EC2.18", at, &web).unwrap()).await.unwrap();
    stage.settled().await.unwrap();

    let expected = ["tcp/20-21 from 0.0.0.0/0 # farm", "tcp/23-30 from 0.0.0.0/0 # farm"];
    assert_eq!(ingress(estate, &farm).await, expected);
    for line in estate.rules(&farm).await.unwrap().iter().filter(|line| !line.egress) {
        let tag = line.rule.tags.get("Team").map(String::as_str);
        assert_eq!(tag, Some("build"), "{line}");
    }
    assert_eq!(ingress(estate, &web).await, ["tcp/443 from 0.0.0.0/0"]);
    for group in [&farm, &web] {
        let record = record_of(stage, group).await.unwrap();
        assert_eq!(record.outcome, "fixed");
        estate.take_back(&record).await.unwrap();
    }
    assert_eq!(ingress(estate, &farm).await, ["tcp/20-30 from 0.0.0.0/0 # farm"]);
    assert_eq!(ingress(estate, &web).await, ["tcp/443-444 from 0.0.0.0/0"]);
}

/// The narrow rules are there before the wide one goes; if it does not, they go again.
async fn takes_a_split_back(stage: &Stage) {
    let (estate, at) = (&stage.estate, &stage.place);
    let group = estate.group(Vpc::Own, "stuck", OPTED_IN, &["tcp/20-30 from 0.0.0.0/0"]).await;
    let group = group.unwrap();
    let wide = estate.rules(&group).await.unwrap()[0].rule.id.clone();
    let denied = json!({ "code": "UnauthorizedOperation", "status": 403 });
    let rule = json!({ "action": "RevokeSecurityGroupIngress", "match": wide, "times": 0, "error": denied });
    stage.estate_faults.add(&rule).unwrap();
    stage.send(&events::control("EC2.13", at, &group).unwrap()).await.unwrap();
    stage.settled().await.unwrap();
    stage.estate_faults.clear().unwrap();
    assert_eq!(ingress(estate, &group).await, ["tcp/20-30 from 0.0.0.0/0"]);
    let record = record_of(stage, &group).await.unwrap();
    assert_eq!(record.outcome, "failed", "{}", record.why);
    assert!(record.why.contains("UnauthorizedOperation"), "{}", record.why);
}

#[test]
fn a_dry_run_writes_nothing_and_says_what_it_would_do() {
    run(|| async {
        let stage = stage(&[("Mode", "dry-run")]).await;
        let cases = vec![
            case("open")
                .everywhere()
                .rules(&["tcp/22 from 0.0.0.0/0", "tcp/22 from 10.0.0.0/8"])
                .ends("held", "this is a dry run"),
            case("not opted in")
                .tags(&[])
                .rules(&["tcp/22 from 0.0.0.0/0"])
                .ends("held", "it is not in scope: the tag AutoRemediate=True is missing")
                .silently(),
            case("clean").rules(&[]).ends("right", "nothing is wrong").silently(),
        ];
        play(&stage, cases).await;
        for call in ["RevokeSecurityGroupIngress", "AuthorizeSecurityGroupIngress", "CreateTags"] {
            assert_eq!(stage.estate_faults.calls(&format!("ec2.{call}")).unwrap(), 0, "{call}");
        }
        let group = stage.estate.group(Vpc::Own, "dry", OPTED_IN, &["tcp/22 from 0.0.0.0/0"]).await;
        let finding = events::control("EC2.13", &stage.place, &group.unwrap()).unwrap();
        stage.send(&finding).await.unwrap();
        stage.settled().await.unwrap();
        let messages = stage.messages().await.unwrap();
        let [message] = messages.as_slice() else { panic!("{messages:?}") };
        assert!(message.subject.starts_with("Kintsugi would repair"), "{}", message.subject);
        assert_eq!(message.attributes["outcome"], "held");
        let would = "Would change:\n  revoke tcp/22 from 0.0.0.0/0\n";
        assert!(message.text.contains(would), "{}", message.text);
    });
}

#[test]
fn other_accounts_are_reached_through_the_member_role() {
    run(|| async {
        let stage = stage(&[("MemberRoleName", "KintsugiMember")]).await;
        let [member, stranger] =
            ["444455556666", "555566667777"].map(|account| stage.estate_of(account).unwrap());
        make_role(&stage, "444455556666", "KintsugiMember");
        let mut groups = Vec::new();
        for estate in [&stage.estate, &member, &stranger] {
            let group = estate.group(Vpc::Own, "reached", OPTED_IN, &["tcp/22 from ::/0"]).await;
            groups.push(group.unwrap());
        }
        // The administrator's account gets the events of all its members.
        let of = |estate: &Estate, group: &str| {
            let mut event = events::control("EC2.13", &estate.place, group).unwrap();
            event["account"] = stage.place.account.clone().into();
            event
        };
        for (estate, group) in [&stage.estate, &member, &stranger].into_iter().zip(&groups) {
            stage.send(&of(estate, group)).await.unwrap();
        }
        stage.settled().await.unwrap();
        assert!(ingress(&stage.estate, &groups[0]).await.is_empty());
        assert!(ingress(&member, &groups[1]).await.is_empty());
        assert_eq!(ingress(&stranger, &groups[2]).await, ["tcp/22 from ::/0"]);
        let record = record_of(&stage, &groups[1]).await.unwrap();
        let place = record.page.about.place.map(|place| place.to_string());
        assert_eq!(place.as_deref(), Some("444455556666/eu-west-1"));
        let record = record_of(&stage, &groups[2]).await.unwrap();
        assert_eq!(record.outcome, "unreadable");
        assert!(record.why.contains("account 555566667777"), "{}", record.why);
        assert_eq!(stage.waiting(Queue::DeadLetters).await.unwrap(), 1, "its event is kept");
        assert_eq!(stage.messages().await.unwrap().len(), 3);

        make_role(&stage, "555566667777", "KintsugiMember");
        stage.redrive().await.unwrap();
        stage.settled().await.unwrap();
        assert!(ingress(&stranger, &groups[2]).await.is_empty(), "the role is there now");
    });
}

/// What member.yaml makes, as far as the emulator looks at it.
fn make_role(stage: &Stage, account: &str, name: &str) {
    let headers = format!(
        "Content-Type: application/x-www-form-urlencoded\r\nAuthorization: AWS4-HMAC-SHA256 \
         Credential={account}/20261120/us-east-1/iam/aws4_request, SignedHeaders=host, Signature=0\r\n"
    );
    let body = format!(
        "Action=CreateRole&Version=2010-05-08&RoleName={name}&AssumeRolePolicyDocument=%7B%7D"
    );
    http("POST", stage.estate_url(), "/", &headers, &body).unwrap();
}

#[test]
fn a_setting_that_cannot_be_is_named_and_nothing_is_touched_or_lost() {
    run(|| async {
        // The template's pattern lets five digits pass; 99999 is no port all the same.
        let wrong = ("KeepOpenPorts", "99999");
        let why =
            "parameter KeepOpenPorts (environment KEEP_OPEN_PORTS) is `99999`; allowed: ports";
        let refused = Stage::up(&[wrong]).await.unwrap_err().to_string();
        assert!(refused.contains(why), "such a stack is not even made: {refused}");

        let stage = stage(&[wrong, ("CreateCustomAction", "false")]).await;
        let group = stage.estate.group(Vpc::Own, "unset", OPTED_IN, &["tcp/22 from ::/0"]).await;
        let group = group.unwrap();
        stage.send(&events::control("EC2.13", &stage.place, &group).unwrap()).await.unwrap();
        stage.settled().await.unwrap();
        assert_eq!(ingress(&stage.estate, &group).await, ["tcp/22 from ::/0"]);
        assert_eq!(stage.waiting(Queue::DeadLetters).await.unwrap(), 1);
        let said = stage.log().unwrap();
        assert!(said.contains(why), "the function's log does not say: {why}");
        let reply = stage.order(What::Run { record: "k-1".into() }).await.unwrap();
        let Reply::Refused { why: said } = reply else { panic!("{reply:?}") };
        assert!(said.contains(why), "{said}");
    });
}

//! Taking back what was changed.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering::SeqCst},
};

use remedy::Change;
use runtime::{
    Outcome, Page, State, Step,
    order::{Reply, What},
};
use serde_json::json;

use script::answer;

use super::{World, page};

const RULE: &str = "tcp/22 from 0.0.0.0/0";

/// A record of one rule that was closed.
fn closed() -> Page {
    let rule: catalog::ec2::Rule = RULE.parse().unwrap();
    let change =
        catalog::ec2::IngressChange::Revoke(catalog::ec2::Rule { id: "sgr-1".into(), ..rule });
    let step = Step { what: change.to_string(), state: State::Made, routine: false };
    assert!(change.inverse().is_some());
    Page {
        steps: vec![step],
        plan: json!({ "changes": [change] }),
        outcome: Outcome::Fixed,
        ..page()
    }
}

/// An EC2 with one group, whose rules are these.
fn ec2(world: World, rules: &'static str) -> World {
    let group = "<DescribeSecurityGroupsResponse><securityGroupInfo><item><ownerId>111122223333</ownerId>\
        <groupId>sg-1</groupId><groupName>web</groupName><vpcId>vpc-1</vpcId></item></securityGroupInfo>\
        </DescribeSecurityGroupsResponse>";
    let rules = format!(
        "<DescribeSecurityGroupRulesResponse><securityGroupRuleSet>{rules}</securityGroupRuleSet>\
         </DescribeSecurityGroupRulesResponse>"
    );
    let is_open = Arc::new(AtomicBool::new(false));
    let opens = Arc::clone(&is_open);
    let open = rules.replace(
        "<securityGroupRuleSet>",
        "<securityGroupRuleSet><item><securityGroupRuleId>sgr-2</securityGroupRuleId><groupId>sg-1</groupId>\
         <groupOwnerId>111122223333</groupOwnerId><isEgress>false</isEgress><ipProtocol>tcp</ipProtocol>\
         <fromPort>22</fromPort><toPort>22</toPort><cidrIpv4>0.0.0.0/0</cidrIpv4></item>",
    );
    world
        .says("DescribeSecurityGroups", move |_| Some(answer(200, group)))
        .says("DescribeSecurityGroupRules", move |_| {
            Some(answer(200, if is_open.load(SeqCst) { &open } else { &rules }))
        })
        .says("AuthorizeSecurityGroupIngress", move |_| {
            opens.store(true, SeqCst);
            Some(answer(
                200,
                "<AuthorizeSecurityGroupIngressResponse><return>true</return>\
                 </AuthorizeSecurityGroupIngressResponse>",
            ))
        })
}

fn undo() -> What {
    What::Undo { record: page().id, days: Some(7) }
}

#[tokio::test]
async fn what_was_closed_is_opened_again_and_left_alone() {
    let world = ec2(World::with([closed()]), "");
    let Reply::Done { said, record } = world.order(undo()).await else { panic!() };
    let record = record.unwrap();
    assert_eq!(record.outcome, Outcome::Fixed, "{said}");
    assert_eq!(record.undoes, Some(page().id));
    assert!(said.contains("is fixed") && said.contains("it is left alone until"), "{said}");
    let exempt = &world.calls("UpdateItem")[0];
    assert_eq!(exempt["ExpressionAttributeNames"]["#0"], "exempt_until");
    assert_eq!(world.calls("Publish").len(), 1);
    let wrote = world.writes();
    let at = |name: &str| wrote.iter().position(|write| write == name).unwrap();
    assert!(at("UpdateItem") < at("PutItem"), "{wrote:?}");
    assert!(at("PutItem") < at("AuthorizeSecurityGroupIngress"), "{wrote:?}");
}

#[tokio::test]
async fn what_cannot_be_undone_says_why() {
    for (page, said) in [
        (Page { steps: vec![], outcome: Outcome::Right, ..page() }, "nothing was changed under it"),
        (Page { outcome: Outcome::Open, ..closed() }, "it is still being carried out"),
        (
            Page { remediation: "ec2/dance".into(), ..closed() },
            "`ec2/dance`, which no function has",
        ),
    ] {
        let world = World::with([page]);
        let why = world.refused(undo()).await;
        assert!(why.contains(said), "{why}");
        assert!(world.writes().is_empty());
    }
    let mut elsewhere = closed();
    elsewhere.about.resource = "arn:aws:iam::111122223333:user/ada".into();
    let why = World::with([elsewhere]).refused(undo()).await;
    assert!(why.contains("is no security group"), "{why}");
}

#[tokio::test]
async fn what_is_in_trouble_for_now_is_to_be_tried_again() {
    let world = ec2(World::with([closed()]), "");
    let world = world.says("AuthorizeSecurityGroupIngress", |_| Some(answer(503, "")));
    let why = world.refused(undo()).await;
    assert!(why.contains("is not taken back") && why.ends_with("try again"), "{why}");
}

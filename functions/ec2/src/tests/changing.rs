use catalog::ec2::{DefaultGroup, IngressChange, Rule, RuleChange, SecurityGroup, Way};
use runtime::{Cloud, Error};

use super::{action, ec2, group, home, ids, no, rule, yes};
use script::{Answer, Script};

const WORLD: &str = "tcp/22 from 0.0.0.0/0";

fn revoked() -> Answer {
    yes("RevokeSecurityGroupIngress", "<return>true</return>")
}

fn made(id: &str) -> Answer {
    let set = format!(
        "<return>true</return><securityGroupRuleSet><item><securityGroupRuleId>{id}\
         </securityGroupRuleId></item></securityGroupRuleSet>"
    );
    yes("AuthorizeSecurityGroupIngress", &set)
}

fn revokes(count: usize) -> Vec<IngressChange> {
    (0..count).map(|nth| IngressChange::Revoke(rule(&format!("sgr-{nth}"), WORLD))).collect()
}

async fn apply(script: &Script, changes: &[IngressChange]) -> Vec<Result<(), Error>> {
    Cloud::<SecurityGroup>::apply(&ec2(script), &home(), &group(), changes).await
}

/// EC2 in a VPC that is not the default one: a call that names one of `bad` revokes nothing.
fn picky(code: &'static str, status: u16, bad: &'static [&'static str]) -> Script {
    Script::by(move |body| {
        let is_bad = ids(body).iter().any(|id| bad.contains(&id.as_str()));
        Some(if is_bad { no(status, code) } else { revoked() })
    })
}

fn refused(results: &[Result<(), Error>]) -> Vec<usize> {
    (0..results.len()).filter(|nth| results[*nth].is_err()).collect()
}

#[tokio::test]
async fn rules_are_revoked_by_their_ids_in_one_call() {
    let script = Script::of([revoked()]);
    assert_eq!(apply(&script, &revokes(3)).await, vec![Ok(()); 3]);
    assert_eq!(
        script.bodies(),
        ["Action=RevokeSecurityGroupIngress&Version=2016-11-15&GroupId=sg-1\
             &SecurityGroupRuleId.1=sgr-0&SecurityGroupRuleId.2=sgr-1&SecurityGroupRuleId.3=sgr-2"]
    );
}

#[tokio::test]
async fn nothing_to_change_is_no_call() {
    let script = Script::of([]);
    assert_eq!(apply(&script, &[]).await, vec![]);
    assert!(script.bodies().is_empty());
}

#[tokio::test]
async fn two_hundred_rules_go_in_bounded_batches() {
    let script = Script::by(|_| Some(revoked()));
    assert_eq!(apply(&script, &revokes(201)).await, vec![Ok(()); 201]);
    let sizes: Vec<_> = script.bodies().iter().map(|body| ids(body).len()).collect();
    assert_eq!(sizes, [100, 100, 1]);
}

#[tokio::test]
async fn a_rule_that_is_gone_keeps_none_of_the_others() {
    for code in ["InvalidSecurityGroupRuleId.NotFound", "InvalidPermission.NotFound"] {
        let script = picky(code, 400, &["sgr-2"]);
        assert_eq!(apply(&script, &revokes(5)).await, vec![Ok(()); 5], "{code}");
        let calls: Vec<_> = script.bodies().iter().map(|body| ids(body).join(" ")).collect();
        assert_eq!(
            calls,
            [
                "sgr-0 sgr-1 sgr-2 sgr-3 sgr-4",
                "sgr-0 sgr-1",
                "sgr-2 sgr-3 sgr-4",
                "sgr-2",
                "sgr-3 sgr-4"
            ]
        );
    }
}

#[tokio::test]
async fn a_group_that_is_gone_has_no_rules_left() {
    let script = Script::of([no(400, "InvalidGroup.NotFound")]);
    assert_eq!(apply(&script, &revokes(50)).await, vec![Ok(()); 50]);
}

#[tokio::test]
async fn a_rule_that_is_refused_keeps_none_of_the_others() {
    let script = picky("UnauthorizedOperation", 403, &["sgr-7", "sgr-150"]);
    let results = apply(&script, &revokes(200)).await;
    assert_eq!(refused(&results), [7, 150]);
    assert_eq!(
        results[7],
        Err(Error::Refused(
            "could not revoke ingress rules of security group sg-1 in 111122223333/eu-west-1: \
             UnauthorizedOperation (of UnauthorizedOperation). The role kintsugi-ec2 needs \
             ec2:RevokeSecurityGroupIngress"
                .into()
        ))
    );
}

#[tokio::test]
async fn what_is_refused_again_and_again_is_not_tried_for_ever() {
    let script = Script::by(|_| Some(no(403, "UnauthorizedOperation")));
    let results = apply(&script, &revokes(200)).await;
    assert_eq!(refused(&results).len(), 200);
    assert!(results.iter().all(|result| matches!(result, Err(Error::Refused(_)))));
    assert!(script.bodies().len() < 30, "{} calls", script.bodies().len());
}

#[tokio::test]
async fn what_is_throttled_is_transient_for_its_batch_alone() {
    let script = Script::by(|body| {
        let is_first = ids(body).contains(&"sgr-0".to_owned());
        Some(if is_first { no(503, "RequestLimitExceeded") } else { revoked() })
    });
    let results = apply(&script, &revokes(150)).await;
    assert_eq!(refused(&results), (0..100).collect::<Vec<_>>());
    assert!(matches!(results[0], Err(Error::Transient(_))));
    assert_eq!(script.bodies().len(), 2);
}

#[tokio::test]
async fn a_rule_without_an_id_is_revoked_by_what_it_says() {
    let unknown = "<return>true</return><unknownIpPermissionSet><item><ipProtocol>tcp</ipProtocol>\
        </item></unknownIpPermissionSet>";
    for said in [
        revoked(),
        yes("RevokeSecurityGroupIngress", unknown),
        no(400, "InvalidPermission.NotFound"),
    ] {
        let script = Script::of([said]);
        let change = IngressChange::Revoke(rule("", "tcp/22 from pl-1"));
        assert_eq!(apply(&script, &[change]).await, [Ok(())]);
        assert_eq!(
            script.bodies(),
            ["Action=RevokeSecurityGroupIngress&Version=2016-11-15&GroupId=sg-1\
                 &IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=22\
                 &IpPermissions.1.ToPort=22&IpPermissions.1.PrefixListIds.1.PrefixListId=pl-1"]
        );
    }
}

#[tokio::test]
async fn a_rule_is_put_back_with_its_description_and_tags() {
    let back = Rule {
        description: "the world".into(),
        tags: [("team".to_owned(), "net".to_owned())].into(),
        ..rule("sgr-1", "tcp/443 from sg-2 of 444455556666")
    };
    let script = Script::of([made("sgr-9"), no(400, "InvalidPermission.Duplicate")]);
    let changes = [IngressChange::Authorize(back.clone()), IngressChange::Authorize(back)];
    assert_eq!(apply(&script, &changes).await, [Ok(()), Ok(())]);
    assert_eq!(
        script.bodies()[0],
        "Action=AuthorizeSecurityGroupIngress&Version=2016-11-15&GroupId=sg-1\
         &IpPermissions.1.IpProtocol=tcp&IpPermissions.1.FromPort=443&IpPermissions.1.ToPort=443\
         &IpPermissions.1.Groups.1.Description=the%20world\
         &IpPermissions.1.Groups.1.UserId=444455556666&IpPermissions.1.Groups.1.GroupId=sg-2\
         &TagSpecification.1.ResourceType=security-group-rule&TagSpecification.1.Tag.1.Key=team\
         &TagSpecification.1.Tag.1.Value=net"
    );
}

fn split() -> IngressChange {
    let narrow = ["tcp/20-21 from 0.0.0.0/0", "tcp/23-30 from 0.0.0.0/0"];
    IngressChange::Split {
        wide: rule("sgr-1", "tcp/20-30 from 0.0.0.0/0"),
        narrow: narrow.iter().map(|text| rule("", text)).collect(),
    }
}

fn calls(script: &Script) -> Vec<String> {
    let call = |body: &String| {
        let verb = action(body).replace("SecurityGroupIngress", "");
        let ports = super::field(body, "IpPermissions.1.FromPort");
        format!("{verb} {}", ports.unwrap_or_else(|| ids(body).join(" ")))
    };
    script.bodies().iter().map(call).collect()
}

#[tokio::test]
async fn a_wide_rule_goes_after_the_narrow_ones_are_there() {
    let script = Script::of([made("sgr-8"), made("sgr-9"), revoked()]);
    assert_eq!(apply(&script, &[split()]).await, [Ok(())]);
    assert_eq!(calls(&script), ["Authorize 20", "Authorize 23", "Revoke sgr-1"]);
}

#[tokio::test]
async fn a_split_that_fails_is_taken_back_and_its_own_error_told() {
    let denied = || no(403, "UnauthorizedOperation");
    let script = Script::of([made("sgr-8"), made("sgr-9"), denied(), revoked()]);
    let results = apply(&script, &[split()]).await;
    assert!(matches!(&results[0], Err(Error::Refused(why)) if why.contains("Unauthorized")));
    assert_eq!(
        calls(&script),
        ["Authorize 20", "Authorize 23", "Revoke sgr-1", "Revoke sgr-8 sgr-9"]
    );

    let script =
        Script::of([made("sgr-8"), no(400, "RulesPerSecurityGroupLimitExceeded"), revoked()]);
    let results = apply(&script, &[split()]).await;
    assert!(matches!(&results[0], Err(Error::Refused(why)) if why.contains("LimitExceeded")));
    assert_eq!(calls(&script), ["Authorize 20", "Authorize 23", "Revoke sgr-8"]);
}

#[tokio::test]
async fn only_what_a_split_has_made_is_taken_back() {
    let script = Script::of([
        no(400, "InvalidPermission.Duplicate"),
        made("sgr-9"),
        no(503, "RequestLimitExceeded"),
        revoked(),
    ]);
    let results = apply(&script, &[split()]).await;
    assert!(matches!(results[0], Err(Error::Transient(_))), "{results:?}");
    assert_eq!(calls(&script).last().map(String::as_str), Some("Revoke sgr-9"));
}

#[tokio::test]
async fn what_could_not_be_taken_back_is_told_too() {
    let denied = || no(403, "UnauthorizedOperation");
    let script = Script::by(move |body| {
        Some(if action(body).starts_with("Authorize") { made("sgr-9") } else { denied() })
    });
    let results = apply(&script, &[split()]).await;
    let why = results[0].as_ref().unwrap_err().to_string();
    assert!(why.contains("could not be put back as it was: tcp/20-21 from 0.0.0.0/0 is left over"));
}

#[tokio::test]
async fn a_split_is_taken_back_by_a_join() {
    let IngressChange::Split { wide, narrow } = split() else { unreachable!() };
    let join = || IngressChange::Join { narrow: narrow.clone(), wide: wide.clone() };
    let script = Script::of([made("sgr-9"), revoked(), revoked()]);
    assert_eq!(apply(&script, &[join()]).await, [Ok(())]);
    assert_eq!(calls(&script), ["Authorize 20", "Revoke 20", "Revoke 23"]);

    // The one that was gone before is not put back, nor the one that could not go.
    let gone = no(400, "InvalidPermission.NotFound");
    let script = Script::of([made("sgr-9"), gone, no(403, "UnauthorizedOperation"), revoked()]);
    assert!(apply(&script, &[join()]).await[0].is_err());
    assert_eq!(calls(&script), ["Authorize 20", "Revoke 20", "Revoke 23", "Revoke sgr-9"]);

    let denied = no(403, "UnauthorizedOperation");
    let script = Script::of([made("sgr-9"), revoked(), denied, made("sgr-10"), revoked()]);
    assert!(apply(&script, &[join()]).await[0].is_err());
    assert_eq!(
        calls(&script),
        ["Authorize 20", "Revoke 20", "Revoke 23", "Authorize 20", "Revoke sgr-9"]
    );
}

#[tokio::test]
async fn changes_are_made_in_their_order() {
    let script = Script::by(|body| {
        Some(if action(body).starts_with("Authorize") { made("sgr-9") } else { revoked() })
    });
    let authorize = IngressChange::Authorize(rule("", "tcp/80 from 0.0.0.0/0"));
    let changes = [revokes(2), vec![authorize], revokes(1)].concat();
    assert_eq!(apply(&script, &changes).await, vec![Ok(()); 4]);
    assert_eq!(calls(&script), ["Revoke sgr-0 sgr-1", "Authorize 80", "Revoke sgr-0"]);
}

#[tokio::test]
async fn a_default_group_is_emptied_both_ways() {
    let script = Script::by(|body| Some(yes(&action(body), "<return>true</return>")));
    let changes = [
        RuleChange::Revoke(Way::Ingress, rule("sgr-1", "all traffic from sg-1")),
        RuleChange::Revoke(Way::Egress, rule("sgr-2", "all traffic from 0.0.0.0/0")),
        RuleChange::Revoke(Way::Egress, rule("sgr-3", "all traffic from ::/0")),
        RuleChange::Authorize(Way::Egress, rule("", "all traffic from 0.0.0.0/0")),
    ];
    let results = Cloud::<DefaultGroup>::apply(&ec2(&script), &home(), &group(), &changes).await;
    assert_eq!(results, vec![Ok(()); 4]);
    assert_eq!(
        script.bodies(),
        [
            "Action=RevokeSecurityGroupIngress&Version=2016-11-15&GroupId=sg-1\
             &SecurityGroupRuleId.1=sgr-1",
            "Action=RevokeSecurityGroupEgress&Version=2016-11-15&SecurityGroupRuleId.1=sgr-2\
             &SecurityGroupRuleId.2=sgr-3&GroupId=sg-1",
            "Action=AuthorizeSecurityGroupEgress&Version=2016-11-15&GroupId=sg-1\
             &IpPermissions.1.IpProtocol=-1&IpPermissions.1.IpRanges.1.CidrIp=0.0.0.0%2F0",
        ]
    );
}

#[tokio::test]
async fn where_nobody_can_act_every_change_says_so() {
    let there = remedy::Place::new("444455556666", "eu-west-1");
    let script = Script::of([]);
    let cloud = ec2(&script);
    let results = Cloud::<SecurityGroup>::apply(&cloud, &there, &group(), &revokes(2)).await;
    assert_eq!(results.len(), 2);
    let named = |result: &Result<(), Error>| {
        result.as_ref().is_err_and(|error| error.to_string().contains("account 444455556666"))
    };
    assert!(results.iter().all(named), "{results:?}");
}

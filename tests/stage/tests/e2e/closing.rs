//! What goes and what stays, from the event to the finding's note.

use serde_json::Value;

use crate::case::{Case, case, play, run, stage};

#[test]
fn closes_what_is_open_to_the_world_and_nothing_else() {
    run(|| async {
        let stage = stage(&[("MaxRepairsPerHour", "1000"), ("AuthorizedUdpPorts", "80,443")]).await;
        let world = [sources(), whole_worlds(), ports(), left_alone()].concat();
        let others = [scope(), owners(), reports(), nothing()].concat();
        play(&stage, [world, others].concat()).await;
    });
}

fn sources() -> Vec<Case> {
    vec![
        case("only the world goes; offices, groups and descriptions stay")
            .everywhere()
            .rules(&[
                "tcp/22 from 0.0.0.0/0 # world",
                "tcp/22 from 10.0.0.0/24 # corp",
                "tcp/22 from ::/0",
                "tcp/22 from 2001:db8::/32",
                "tcp/22 from @office",
            ])
            .goes(&["tcp/22 from 0.0.0.0/0 # world", "tcp/22 from ::/0"]),
        case("all traffic from a private network stays, from the world it goes")
            .everywhere()
            .control("EC2.19")
            .rules(&["all traffic from 10.0.0.0/8", "all traffic from 0.0.0.0/0"])
            .goes(&["all traffic from 0.0.0.0/0"]),
        case("all traffic from IPv6's world alone")
            .control("EC2.54")
            .rules(&["all traffic from ::/0"])
            .goes(&["all traffic from ::/0"]),
        case("a prefix list that holds the world, and one that does not")
            .everywhere()
            .rules(&["tcp/22 from @world # partners", "tcp/22 from @corp"])
            .goes(&["tcp/22 from @world # partners"]),
        case("references to itself, to another group and to another account's")
            .control("EC2.19")
            .rules(&[
                "all traffic from @self",
                "tcp/22 from @office",
                "tcp/22 from sg-0123456789abcdef0 of 444455556666",
                "tcp/23 from 0.0.0.0/0",
            ])
            .goes(&["tcp/23 from 0.0.0.0/0"]),
    ]
}

fn whole_worlds() -> Vec<Case> {
    vec![
        case("two halves are the world")
            .everywhere()
            .rules(&["tcp/22 from 0.0.0.0/1", "tcp/22 from 128.0.0.0/1", "tcp/22 from 10.0.0.0/8"])
            .goes(&["tcp/22 from 0.0.0.0/1", "tcp/22 from 128.0.0.0/1"]),
        case("two halves of IPv6 are the world")
            .rules(&["tcp/22 from ::/1", "tcp/22 from 8000::/1"])
            .goes(&["tcp/22 from ::/1", "tcp/22 from 8000::/1"]),
        case("all global addresses of IPv6 are the world")
            .rules(&["tcp/22 from 2000::/3"])
            .goes(&["tcp/22 from 2000::/3"]),
        case("half the world is not the world")
            .rules(&["tcp/22 from 0.0.0.0/1"])
            .ends("right", "nothing is wrong")
            .silently(),
    ]
}

fn ports() -> Vec<Case> {
    vec![
        case("what is not authorised goes, and only from the world")
            .everywhere()
            .control("EC2.18")
            .rules(&[
                "tcp/80 from 0.0.0.0/0",
                "tcp/443 from 0.0.0.0/0",
                "tcp/8080 from 0.0.0.0/0",
                "tcp/1234-4321 from 0.0.0.0/0",
                "tcp/0-62000 from 10.2.0.0/16",
            ])
            .goes(&["tcp/8080 from 0.0.0.0/0", "tcp/1234-4321 from 0.0.0.0/0"]),
        case("TCP and UDP are authorised each for themselves")
            .control("EC2.18")
            .rules(&[
                "tcp/80 from 0.0.0.0/0",
                "tcp/123 from 0.0.0.0/0",
                "tcp/443 from 0.0.0.0/0",
                "udp/80 from 0.0.0.0/0",
                "udp/123 from 0.0.0.0/0",
                "udp/443 from 0.0.0.0/0",
            ])
            .goes(&["tcp/123 from 0.0.0.0/0", "udp/123 from 0.0.0.0/0"]),
        case("a wide rule goes whole")
            .everywhere()
            .rules(&["tcp/20-30 from 0.0.0.0/0 # build farm", "tcp/443 from 0.0.0.0/0"])
            .goes(&["tcp/20-30 from 0.0.0.0/0 # build farm"]),
        case("all ports of TCP hold port 22")
            .rules(&["tcp/0-65535 from 0.0.0.0/0"])
            .goes(&["tcp/0-65535 from 0.0.0.0/0"]),
        case("a protocol without ports reaches them all")
            .control("EC2.14")
            .rules(&["protocol 50 from 0.0.0.0/0", "protocol 47 from 10.0.0.0/8"])
            .goes(&["protocol 50 from 0.0.0.0/0"]),
        case("an ICMP type is no port")
            .everywhere()
            .fixture("cloudtrail-authorize")
            .rules(&[
                "icmp type 8 from 0.0.0.0/0",
                "icmp type 3 code 4 from 0.0.0.0/0",
                "icmpv6 from ::/0",
            ])
            .ends("right", "nothing is wrong")
            .silently(),
    ]
}

fn left_alone() -> Vec<Case> {
    vec![
        case("an exempt rule stays until its day has passed, and is named")
            .control("EC2.19")
            .rules(&[
                "tcp/21 from 0.0.0.0/0 # partner, exempt-until=2099-12-31",
                "tcp/23 from 0.0.0.0/0 # exempt-until=2020-01-01",
            ])
            .goes(&["tcp/23 from 0.0.0.0/0 # exempt-until=2020-01-01"])
            .leaves_the_finding_open(),
        case("a group whose only open rule is exempt")
            .rules(&["tcp/22 from 0.0.0.0/0 # exempt-until=2099-12-31"])
            .ends("held", "it is exempt until 2100-01-01"),
        case("an exempt group")
            .tags(&[("AutoRemediate", "True"), ("KintsugiExemptUntil", "2099-12-31")])
            .rules(&["tcp/22 from 0.0.0.0/0"])
            .ends("held", "it is exempt until 2100-01-01 00:00 UTC (tag KintsugiExemptUntil)"),
        case("a group whose exemption has ended")
            .tags(&[("AutoRemediate", "True"), ("KintsugiExemptUntil", "2020-01-01")])
            .rules(&["tcp/22 from 0.0.0.0/0"])
            .goes(&["tcp/22 from 0.0.0.0/0"]),
        case("a group that is clean already")
            .everywhere()
            .rules(&["tcp/22 from 10.0.0.0/8"])
            .ends("right", "nothing is wrong")
            .silently(),
    ]
}

fn scope() -> Vec<Case> {
    let open = |name| case(name).rules(&["tcp/22 from 0.0.0.0/0"]);
    vec![
        open("a group that did not opt in")
            .everywhere()
            .tags(&[("Name", "web")])
            .ends("held", "the tag AutoRemediate=True is missing")
            .silently(),
        open("a group that opted in with a false word")
            .tags(&[("AutoRemediate", "no")])
            .ends("held", "the tag AutoRemediate=True is missing")
            .silently(),
        open("a tag in another case")
            .tags(&[("AutoRemediate", "true")])
            .ends("held", "`AutoRemediate=true` nearly matches"),
        open("a tag with a space")
            .tags(&[("AutoRemediate", "True ")])
            .ends("held", "`AutoRemediate=True ` nearly matches"),
        open("opted in and out")
            .tags(&[("AutoRemediate", "True"), ("DoNotRemediate", "")])
            .ends("held", "it carries the opt-out tag DoNotRemediate")
            .silently(),
        open("the finding's copy of the tags is old")
            .tags(&[])
            .ocsf("hub-v2-control", "EC2.13")
            .ends("held", "the tag AutoRemediate=True is missing")
            .silently(),
    ]
}

fn owners() -> Vec<Case> {
    let open = |name| case(name).rules(&["tcp/22 from 0.0.0.0/0"]);
    vec![
        open("CloudFormation's")
            .tags(&[
                ("AutoRemediate", "True"),
                ("aws:cloudformation:stack-name", "shop"),
                ("aws:cloudformation:logical-id", "WebGroup"),
            ])
            .ends("held", "kept by cloudformation (stack shop, resource WebGroup)"),
        open("Control Tower's")
            .tags(&[
                ("AutoRemediate", "True"),
                ("aws:cloudformation:stack-name", "StackSet-AWSControlTowerBP-VPC"),
            ])
            .ends("held", "kept by control-tower"),
        open("a cluster's")
            .tags(&[("AutoRemediate", "True"), ("kubernetes.io/cluster/prod", "owned")])
            .ends("held", "kept by eks (cluster prod)"),
        open("a load balancer controller's")
            .tags(&[("AutoRemediate", "True"), ("elbv2.k8s.aws/cluster", "prod")])
            .ends("held", "kept by elb"),
        open("Terraform's")
            .tags(&[("AutoRemediate", "True"), ("ManagedBy", "Terraform")])
            .ends("held", "kept by iac (tag ManagedBy=Terraform)"),
    ]
}

/// The same group, reported by everybody who may.
fn reports() -> Vec<Case> {
    let open = |name| {
        case(name)
            .rules(&["tcp/22 from 0.0.0.0/0", "tcp/22 from 192.0.2.0/24"])
            .goes(&["tcp/22 from 0.0.0.0/0"])
    };
    let all = |name| {
        case(name)
            .rules(&["tcp/22 from ::/0", "tcp/443 from 0.0.0.0/0", "tcp/443 from 192.0.2.0/24"])
            .goes(&["tcp/22 from ::/0", "tcp/443 from 0.0.0.0/0"])
    };
    vec![
        open("Security Hub, CIS 1.2 without consolidation").fixture("hub-cis-1.2"),
        open("Security Hub, its own standard without consolidation").fixture("hub-fsbp"),
        open("Security Hub, PCI without consolidation").fixture("hub-pci"),
        open("Security Hub, of a Config rule").fixture("hub-config-rule"),
        open("Security Hub, the control in small letters").control("ec2.13"),
        open("Security Hub V2").ocsf("hub-v2-control", "EC2.13"),
        open("Security Hub V2, the ARN elsewhere").ocsf("hub-v2-arn-in-uid", "EC2.13"),
        open("Config").fixture("config-restricted-ssh"),
        open("Config, a rule of Security Hub's").fixture("config-security-hub-rule"),
        open("Config, a conformance pack's rule").fixture("config-conformance-pack-rule"),
        case("Config, the first evaluation")
            .fixture("config-first-evaluation")
            .rules(&["tcp/3306 from 0.0.0.0/0", "tcp/22 from 0.0.0.0/0"])
            .goes(&["tcp/3306 from 0.0.0.0/0"]),
        all("CloudTrail, rules were added").fixture("cloudtrail-authorize").everywhere(),
        all("CloudTrail, the group was named").fixture("cloudtrail-authorize-by-name"),
        all("CloudTrail, rules were changed").fixture("cloudtrail-modify"),
        all("CloudTrail, a group was made").fixture("cloudtrail-create"),
    ]
}

/// Events that ask for nothing: those that the rules let through are on record with the reason.
fn nothing() -> Vec<Case> {
    let open = |name| case(name).rules(&["tcp/22 from 0.0.0.0/0"]);
    let config = |name| open(name).fixture("config-restricted-ssh");
    let ignored = |case: Case, why| case.ends("ignored", why).silently();
    vec![
        config("Config, compliant").edited(compliant).unheard(),
        config("Config, not applicable").edited(not_applicable).unheard(),
        ignored(config("Config, before a deployment").edited(proactive), "before its deployment"),
        open("Security Hub, archived").edited(archived).unheard(),
        open("Security Hub, suppressed").edited(suppressed).unheard(),
        open("Security Hub, passed").edited(passed).unheard(),
        open("CloudTrail, a call that was denied").fixture("cloudtrail-denied").unheard(),
        ignored(open("Security Hub, our own note").fixture("hub-our-own-note"), "our own update"),
        ignored(
            config("Config, compliant, past the rules")
                .past_the_rules("config-restricted-ssh")
                .edited(compliant),
            "the Config rule says COMPLIANT",
        ),
        ignored(
            config("Config, the resource is deleted, past the rules")
                .past_the_rules("config-restricted-ssh")
                .edited(deleted),
            "deleted",
        ),
        ignored(
            open("archived, past the rules").past_the_rules("hub-control").edited(archived),
            "archived",
        ),
        ignored(
            open("suppressed, past the rules").past_the_rules("hub-control").edited(suppressed),
            "suppressed",
        ),
        ignored(
            open("passed, past the rules").past_the_rules("hub-control").edited(passed),
            "passed",
        ),
        ignored(
            open("a sample, past the rules").past_the_rules("hub-control").edited(sample),
            "sample",
        ),
        ignored(
            open("denied, past the rules").past_the_rules("cloudtrail-denied"),
            "AWS turned the call down",
        ),
    ]
}

fn compliant(event: Value) -> Value {
    stage::events::compliance(event, "COMPLIANT")
}

fn not_applicable(event: Value) -> Value {
    stage::events::compliance(event, "NOT_APPLICABLE")
}

fn proactive(mut event: Value) -> Value {
    let of = "/detail/newEvaluationResult/evaluationResultIdentifier/evaluationResultQualifier";
    if let Some(qualifier) = event.pointer_mut(of) {
        qualifier["evaluationMode"] = "PROACTIVE".into();
    }
    event
}

fn deleted(mut event: Value) -> Value {
    event["detail"]["newEvaluationResult"] = Value::Null;
    event
}

fn archived(mut event: Value) -> Value {
    event["detail"]["findings"][0]["RecordState"] = "ARCHIVED".into();
    event
}

fn suppressed(mut event: Value) -> Value {
    event["detail"]["findings"][0]["Workflow"]["Status"] = "SUPPRESSED".into();
    event
}

fn passed(mut event: Value) -> Value {
    event["detail"]["findings"][0]["Compliance"]["Status"] = "PASSED".into();
    event
}

fn sample(mut event: Value) -> Value {
    event["detail"]["findings"][0]["Sample"] = true.into();
    event
}

use remedy::{Place, Severity, Timestamp};
use runtime::{News, Stands};

use super::*;

const KNOWN: Known<'static> =
    Known { remediations: &["ec2/close_world_ingress", "s3/block_public_access"] };

const WHOLE: &str = r#"
# Everything that there is.
[channels.security]
kind = "slack"
secret = "kintsugi/slack"
channel = "C0123456789"
at_once = "medium"
window = "30m"
most = 20
quiet = "19:00-07:00; sat,sun 00:00-24:00"
quiet_except = "HIGH"
remind = "7d"

[channels.mail]
kind = "mail"

[channels.team]
kind = "mail"
topic = "arn:aws:sns:eu-west-1:111122223333:team-a"

[channels.rooms]
kind = "chat"
topic = "arn:aws-cn:sns:cn-north-1:111122223333:rooms"

[channels.oncall]
kind = "webhook"
url = "https://example.com/hook"
secret = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:kintsugi/oncall-AbCdEf"

[channels.jira]
kind = "jira"
site = "https://example.atlassian.net/"
secret = "kintsugi/jira"
project = "SEC"
issue_type = "Bug"
priorities = { CRITICAL = "Highest", low = "Low" }
assignee = "5b10ac8d82e05b22cc7d4ef5"
labels = ["aws", "security"]
close = "Done"
reopen = "To Do"

[channels.backlog]
kind = "backlog"
site = "https://example.backlog.jp"
secret = "kintsugi/backlog"
project = 1
issue_type = 2
priorities = { HIGH = 2 }
categories = [7, 8]
close = 4

[[routes]]
severity = "HIGH"
accounts = ["111122223333"]
regions = "eu-*"
tags = { team = ["payments", "web*"], env = "*" }
remediations = ["ec2/*", "s3/block_public_access"]
controls = ["EC2.*"]
outcomes = ["held", "failed", "finding"]
resources = ["arn:aws:s3:::www*"]
stands = ["open", "asks"]
to = ["security", "jira", "backlog"]
last = true

[[routes]]
to = ["mail", "team", "rooms"]

[[escalations]]
after = "30m"
to = "oncall"

[[severities]]
controls = ["EC2.8"]
tags = { env = "dev" }
found = "MEDIUM"
severity = "LOW"
reason = "nothing of worth there"

[[accepted]]
name = "public website"
controls = ["S3.8"]
resources = ["arn:aws:s3:::www*"]
reason = "it is a website"
owner = "web team"
until = "2027-03-31"

[[accepted]]
name = "old"
controls = ["IAM.6"]
reason = "r"
owner = "o"
until = 2027-03-31
"#;

fn now() -> Timestamp {
    "2026-11-20T10:00:00Z".parse().unwrap()
}

fn problems(text: &str) -> Vec<String> {
    match Rules::check(text, &KNOWN, now()) {
        Ok(_) => Vec::new(),
        Err(misread) => misread.problems.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn all_that_can_be_written_is_read() {
    let Checked { rules, warnings } = Rules::check(WHOLE, &KNOWN, now()).unwrap();
    assert_eq!(warnings, []);
    assert_eq!(Rules::parse(WHOLE).unwrap(), rules);
    let security = &rules.channels["security"];
    assert_eq!(
        security.kind,
        Kind::Slack {
            secret: "kintsugi/slack".into(),
            channel: Some("C0123456789".into()),
            api: "https://slack.com/api".into()
        }
    );
    assert_eq!(security.at_once, Severity::Medium);
    assert_eq!(security.window, TimeDelta::minutes(30));
    assert_eq!((security.most, security.quiet_except), (20, Severity::High));
    assert_eq!(security.remind, Some(TimeDelta::days(7)));
    assert!(security.is_quiet("2026-11-20T23:00:00Z".parse().unwrap()));
    assert_eq!(rules.channels["mail"], Channel::new(Kind::Mail { topic: None }));
    let Kind::Jira(jira) = &rules.channels["jira"].kind else { panic!() };
    assert_eq!(jira.site, "https://example.atlassian.net");
    assert_eq!(jira.priorities[&Severity::Low], "Low");
    assert_eq!((jira.close.as_deref(), jira.labels.len()), (Some("Done"), 2));
    let Kind::Backlog(backlog) = &rules.channels["backlog"].kind else { panic!() };
    assert_eq!((backlog.project, backlog.issue_type, backlog.reopen), (1, 2, 1));
    assert_eq!((backlog.categories.as_slice(), backlog.close), ([7, 8].as_slice(), Some(4)));
    let route = &rules.routes[0];
    assert!(route.last);
    assert_eq!(route.on.stands, [Stands::Open, Stands::Asks]);
    assert_eq!(route.on.tags["team"].len(), 2);
    assert_eq!(rules.escalations[0].on.severity, Some(Severity::Critical));
    assert_eq!(rules.severities[0].on.severity, Some(Severity::Medium));
    assert_eq!(rules.severities[0].severity, Severity::Low);
    let until: Vec<_> = rules.accepted.iter().map(|rule| rule.until.to_rfc3339()).collect();
    assert_eq!(until, ["2027-04-01T00:00:00+00:00"; 2]);
    assert_eq!(rules.accepted[0].last_day(), "2027-03-31");
}

#[test]
fn where_nobody_is_named_the_stacks_own_mail_hears_everything() {
    for text in
        ["", "# nothing\n", "[[severities]]\ncontrols = \"x\"\nseverity = \"LOW\"\nreason = \"r\""]
    {
        let rules = Rules::parse(text).unwrap();
        assert_eq!((rules.channels, rules.routes), {
            let usual = Rules::default();
            (usual.channels, usual.routes)
        });
    }
}

#[test]
fn the_usual_rules_are_what_their_text_says_and_nothing_is_wrong_with_them() {
    assert_eq!(Rules::parse(Rules::USUAL), Ok(Rules::default()));
    let known = Known { remediations: &[] };
    let checked = Rules::check(Rules::USUAL, &known, remedy::check::now()).unwrap();
    assert_eq!(checked.warnings, []);
}

/// Channels and a route, so that only what is tested is wrong.
const BASE: &str = "[channels.mail]\nkind = \"mail\"\n[[routes]]\nto = [\"mail\"]\n";

#[test]
fn what_is_wrong_is_told_with_its_place_and_what_to_write() {
    for (text, told) in [
        ("[[escalation]]", "5:3: the text has no `escalation`; did you mean `escalations`?"),
        ("[[routes]]\nto = \"mal\"", "6:6: there is no channel `mal`; did you mean `mail`?"),
        (
            "[[routes]]",
            "5:1: routes 2 leads nowhere; write to = [\"CHANNEL\"], or to = [] for nobody",
        ),
        ("[[routes]]\nto = []\nlast = 1", "7:8: `last` is to be true or false"),
        (
            "[[routes]]\nto = []\nseverity = \"HIG\"",
            "7:12: `HIG` is no severity; did you mean `HIGH`?",
        ),
        (
            "[[routes]]\nto = []\nseverity = \"bad\"",
            "7:12: `bad` is no severity; there are INFORMATIONAL, LOW, MEDIUM, HIGH, CRITICAL",
        ),
        (
            "[[routes]]\nto = []\nseverity = 7",
            "7:12: `severity` is to be a text, not a number; write it in quotes: severity = \"...\"",
        ),
        (
            "[[routes]]\nto = []\naccounts = [\"1111\"]",
            "7:13: `1111` is no account; an account has twelve digits",
        ),
        (
            "[[routes]]\nto = []\naccounts = [111122223333]",
            "7:13: `accounts` is to be a text, not a number; write it in quotes: accounts = \"...\"",
        ),
        (
            "[[routes]]\nto = []\noutcomes = [\"faild\"]",
            "7:13: `faild` is no outcome; did you mean `failed`?",
        ),
        (
            "[[routes]]\nto = []\nremediations = [\"ec2/close_world_ingres\"]",
            "7:17: there is no remediation `ec2/close_world_ingres`; did you mean \
             `ec2/close_world_ingress`?",
        ),
        (
            "[[routes]]\nto = []\nremediations = [\"rds/*\"]",
            "7:17: there is no remediation `rds/*`",
        ),
        (
            "[[routes]]\nto = []\nresources = [\"*bucket\"]",
            "7:14: `*bucket` means nothing; a * may only stand at the end",
        ),
        (
            "[[routes]]\nto = []\ntags = { team = [] }",
            "7:10: the tag `team` has no value; write \"*\" for any value",
        ),
        (
            "[[routes]]\nto = []\ntag = { team = \"a\" }",
            "7:1: routes 2 has no `tag`; did you mean `tags`?",
        ),
        ("[routes2]", "5:2: the text has no `routes2`; did you mean `routes`?"),
        ("[[escalations]]\nto = \"mail\"", "5:1: escalations 1 has no `after`"),
        ("[[escalations]]\nafter = \"30m\"", "5:1: escalations 1 does not say to whom"),
        (
            "[[escalations]]\nto = \"mail\"\nafter = \"30\"",
            "7:9: `30` is no duration; write it like 30m, 12h, 7d or 2w",
        ),
        ("[[escalations]]\nto = \"mail\"\nafter = \"31d\"", "7:9: `31d` is not from 1m to 30d"),
        ("[channels.x]\nkind = \"mail\"\nwindow = \"25h\"", "7:10: `25h` is not from 1m to 24h"),
        ("[channels.x]\nkind = \"mail\"\nremind = \"5m\"", "7:10: `5m` is not from 1h to 365d"),
        ("[channels.x]\nkind = \"mail\"\nmost = 0", "7:8: `most` is not from 1 to 1000"),
        ("[channels.x]\nkind = \"mail\"\nmost = -1", "7:8: `most` is to be a whole number"),
        (
            "[channels.x]\nkind = \"mail\"\nquiet = \"00:00-24:00\"",
            "7:9: it would be quiet for ever; leave it out of the routes instead",
        ),
        (
            "[channels.x]\nkind = \"mail\"\nquiet = \"frday 10:00-12:00\"",
            "7:9: `frday` is no day of the week; did you mean fri?",
        ),
        (
            "[channels.x]\nkind = \"slak\"",
            "6:8: `slak` is no kind of channel; did you mean `slack`?",
        ),
        ("[channels.x]", "5:11: the channel x has no `kind`"),
        (
            "[channels.x]\nkind = \"mail\"\nurl = \"https://x\"",
            "7:1: the channel x has no `url`; there are kind, topic, at_once, quiet_except, window, remind, most, quiet",
        ),
        (
            "[channels.\"a b\"]\nkind = \"mail\"",
            "5:11: `a b` cannot be the name of a channel; take letters, digits, - and _, at most 50",
        ),
        ("[channels.x]\nkind = \"slack\"", "5:11: the channel x has no `secret`"),
        (
            "[channels.x]\nkind = \"slack\"\nsecret = \"https://hooks.slack.com/services/T/B/x\"",
            "7:10: `secret` is not the name of a secret; keep it in Secrets Manager, and write its \
             name or ARN here",
        ),
        (
            "[channels.x]\nkind = \"slack\"\nsecret = \"s\"\nchannel = \"#alerts\"",
            "8:11: this is not the id of a channel of Slack; its id is at the end of \"View channel \
             details\", such as C0123456789",
        ),
        (
            "[channels.x]\nkind = \"webhook\"\nsecret = \"s\"\nurl = \"http://example.com\"",
            "8:7: what is sent by http can be read by anybody; use https",
        ),
        (
            "[channels.x]\nkind = \"mail\"\ntopic = \"arn:aws:sqs:eu-west-1:111122223333:q\"",
            "7:9: `arn:aws:sqs:eu-west-1:111122223333:q` is no topic's ARN; write it like \
             arn:aws:sns:eu-west-1:111122223333:alerts",
        ),
        (
            "[channels.x]\nkind = \"jira\"\nsecret = \"s\"\nproject = \"SEC\"\nsite = \"https://jira.example.com\"",
            "9:8: `https://jira.example.com` is no such site; write it like \
             https://SPACE.atlassian.net",
        ),
        (
            "[channels.x]\nkind = \"jira\"\nsecret = \"s\"\nproject = \"sec-1\"\nsite = \"https://a.atlassian.net\"",
            "8:11: this is not the key of a project; its issues are called KEY-1, KEY-2",
        ),
        (
            "[channels.x]\nkind = \"backlog\"\nsecret = \"s\"\nproject = 1\nsite = \"https://a.backlog.com\"",
            "5:11: the channel x has no `issue_type`",
        ),
        (
            "[channels.x]\nkind = \"backlog\"\nsecret = \"s\"\nproject = 1\nissue_type = 1\n\
             site = \"https://a.backlog.com\"\npriorities = {HIGH = 1}",
            "11:22: 1 is no priority of Backlog; 2 is high, 3 normal, 4 low",
        ),
        (
            "[[severities]]\nseverity = \"LOW\"\nreason = \"r\"",
            "5:1: severities 1 is about every finding; name controls, resources, accounts or tags",
        ),
        (
            "[[severities]]\nseverity = \"LOW\"\ncontrols = \"x\"",
            "5:1: severities 1 has no `reason`",
        ),
        (
            "[[accepted]]\nname = \"n\"\nreason = \"r\"\nowner = \"o\"\nuntil = 2027-01-01\ntags = {a = \"b\"}",
            "5:1: accepted 1 does not say which findings; name controls, resources, or both",
        ),
        (
            "[[accepted]]\nname = \"n\"\nreason = \"r\"\nowner = \"o\"\nuntil = \"soon\"\ncontrols = \"x\"",
            "9:9: `until` is to be a day; write it like 2027-03-31",
        ),
        (
            "[[accepted]]\nname = \"n\"\nreason = \"r\"\nowner = \"o\"\nuntil = 2027-01-01T10:00:00Z\ncontrols = \"x\"",
            "9:9: `until` is to be a day; write it like 2027-03-31",
        ),
        (
            "[[accepted]]\nname = \"n\"\nreason = \"r\"\nuntil = 2027-01-01\ncontrols = \"x\"",
            "5:1: accepted 1 has no `owner`",
        ),
        (
            "[[accepted]]\nname = \"n\"\nowner = \"o\"\nuntil = 2027-01-01\ncontrols = \"x\"\nreason = \" \"",
            "10:10: `reason` is to be a line of text",
        ),
    ] {
        let problems = problems(&format!("{BASE}{text}"));
        let told = told.split_once(": ").map(|(at, rest)| {
            let (line, column) = at.split_once(':').unwrap();
            format!("line {line}, column {column}: {rest}")
        });
        assert_eq!(problems, [told.unwrap()], "{text}");
    }
}

#[test]
fn everything_that_is_wrong_is_told_at_once_and_in_order() {
    let text = "[channels.a]\nkind = \"slack\"\nwindow = \"1s\"\n[channels.b]\nkind = \"x\"\n\
                [[routes]]\nto = [\"c\"]\nseverity = \"x\"\n[[escalations]]\n[[accepted]]\nname = \"n\"\n";
    let found = problems(text);
    let lines: Vec<_> = found.iter().map(|told| told.split(',').next().unwrap()).collect();
    assert_eq!(
        lines,
        [
            "line 1", "line 3", "line 5", "line 7", "line 8", "line 9", "line 9", "line 10",
            "line 10", "line 10", "line 10"
        ]
    );
}

#[test]
fn a_name_is_taken_once() {
    let one = "[[accepted]]\nname = \"n\"\nreason = \"r\"\nowner = \"o\"\nuntil = 2027-01-01\ncontrols = \"x\"\n";
    let told = problems(&format!("{one}{one}"));
    assert_eq!(told, ["line 8, column 8: another accepted risk is called `n`, too"]);
}

#[test]
fn what_is_no_toml_is_told_where_it_stops_being_it() {
    for text in
        ["a = ", "[channels", "a = \"b", "= 1", "[a]\n[a]", "a = 1\na = 2", "\u{0}", "a = [1,"]
    {
        let misread = Rules::parse(text).unwrap_err();
        assert!(!misread.problems.is_empty(), "{text}");
    }
    let misread = Rules::parse("[channels.a]\nkind = slack\n").unwrap_err();
    assert_eq!((misread.problems[0].line, misread.problems[0].column), (2, 8));
}

#[test]
fn what_may_not_be_meant_is_a_warning() {
    let channels = "[channels.a]\nkind = \"mail\"\n[channels.b]\nkind = \"mail\"\n";
    for (text, told) in [
        ("[[routes]]\nto = [\"a\"]", &["3:11: nothing is told to the channel `b`"][..]),
        (
            "[[routes]]\nto = [\"a\"]\nlast = true\n[[routes]]\ncontrols = \"EC2.1\"\nto = [\"b\"]",
            &["8:1: route 1 takes all that this one is about, and is the last"],
        ),
        (
            "[[routes]]\nseverity = \"LOW\"\ncontrols = \"ec2.*\"\nto = [\"a\"]\nlast = true\n\
             [[routes]]\nseverity = \"HIGH\"\ncontrols = [\"EC2.1\", \"EC2.2\"]\nto = [\"b\"]",
            &["10:1: route 1 takes all that this one is about, and is the last"],
        ),
        (
            "[[routes]]\nseverity = \"HIGH\"\nto = [\"a\"]\nlast = true\n[[routes]]\nto = [\"b\"]",
            &[],
        ),
        (
            "[[routes]]\nto = [\"a\", \"b\"]\n[[severities]]\ncontrols = \"EC2.*\"\nseverity = \"LOW\"\n\
             reason = \"r\"\n[[severities]]\ncontrols = \"EC2.18\"\nseverity = \"HIGH\"\nreason = \"r\"",
            &["11:1: severities 1 counts for all that this one is about"],
        ),
        (
            "[[routes]]\nto = [\"a\", \"b\"]\n[[accepted]]\nname = \"n\"\nreason = \"r\"\nowner = \"o\"\n\
             until = 2026-11-19\ncontrols = \"x\"",
            &["7:1: `n` has ended: the risk is not accepted any more; prolong it, or take it out"],
        ),
        (
            "[[routes]]\nto = [\"a\", \"b\"]\n[[accepted]]\nname = \"n\"\nreason = \"r\"\nowner = \"o\"\n\
             until = 2026-11-20\ncontrols = \"x\"",
            &[],
        ),
        (
            "",
            &[
                "1:1: there are no routes: nobody hears of anything",
                "1:11: nothing is told to the channel `a`",
                "3:11: nothing is told to the channel `b`",
            ],
        ),
    ] {
        let checked = Rules::check(&format!("{channels}{text}"), &KNOWN, now()).unwrap();
        let warnings: Vec<_> = checked
            .warnings
            .iter()
            .map(|w| w.to_string().replace("line ", "").replace(", column ", ":"))
            .collect();
        assert_eq!(warnings, told, "{text}");
    }
}

fn news() -> News {
    News {
        case: "c-1".into(),
        at: now(),
        stands: Stands::Open,
        outcome: "held".into(),
        severity: Severity::High,
        remediation: "ec2/close_world_ingress".into(),
        trigger: "EC2.18".into(),
        kind: "security group".into(),
        id: "sg-1".into(),
        label: None,
        resource: "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1".into(),
        place: Some(Place::new("111122223333", "eu-west-1")),
        link: None,
        tags: [("team".to_owned(), "web-1".to_owned())].into(),
        record: Some("k-1".into()),
        findings: Vec::new(),
        headline: "held back on security group sg-1".into(),
        sections: Vec::new(),
    }
}

#[test]
fn a_rule_is_about_what_it_names_and_whatever_it_does_not() {
    for (rule, is_match) in [
        ("", true),
        ("severity = \"MEDIUM\"", true),
        ("severity = \"CRITICAL\"", false),
        ("accounts = [\"444455556666\", \"111122223333\"]", true),
        ("accounts = [\"444455556666\"]", false),
        ("regions = \"eu-west-1\"", true),
        ("regions = \"eu-*\"", true),
        ("regions = \"us-*\"", false),
        ("tags = {team = \"web-1\"}", true),
        ("tags = {team = [\"data\", \"web*\"]}", true),
        ("tags = {team = \"*\"}", true),
        ("tags = {team = \"web\"}", false),
        ("tags = {team = \"*\", env = \"*\"}", false),
        ("tags = {Team = \"*\"}", false),
        ("remediations = \"ec2/*\"", true),
        ("remediations = \"s3/*\"", false),
        ("controls = \"ec2.18\"", true),
        ("controls = \"EC2.*\"", true),
        ("controls = \"EC2.1\"", false),
        ("outcomes = [\"failed\", \"held\"]", true),
        ("outcomes = \"fixed\"", false),
        ("resources = \"sg-1\"", true),
        ("resources = \"sg-\"", false),
        ("resources = \"arn:aws:ec2:eu-west-1:*\"", true),
        ("resources = \"arn:aws:ec2:us-east-1:*\"", false),
        ("stands = [\"asks\", \"open\"]", true),
        ("stands = \"asks\"", false),
        ("severity = \"HIGH\"\ncontrols = \"S3.8\"", false),
    ] {
        let rules = Rules::parse(&format!("{BASE}[[routes]]\nto = []\n{rule}")).unwrap();
        assert_eq!(rules.routes[1].on.matches(&news()), is_match, "{rule}");
    }
    let without = News { place: None, tags: BTreeMap::new(), trigger: String::new(), ..news() };
    for rule in [
        "accounts = \"111122223333\"",
        "regions = \"*\"",
        "tags = {team = \"*\"}",
        "controls = \"*\"",
    ] {
        let rules = Rules::parse(&format!("{BASE}[[routes]]\nto = []\n{rule}")).unwrap();
        assert!(!rules.routes[1].on.matches(&without), "{rule}");
    }
}

#[test]
fn each_route_that_matches_adds_its_channels_until_one_is_the_last() {
    let channels = "[channels.a]\nkind = \"mail\"\n[channels.b]\nkind = \"mail\"\n[channels.c]\nkind = \"mail\"\n";
    let route = |on: &str, to: &str| format!("[[routes]]\n{on}\nto = {to}\n");
    for (routes, told) in [
        (vec![], vec![]),
        (vec![route("", "[\"b\"]"), route("", "[\"a\", \"b\"]")], vec!["b", "a"]),
        (vec![route("last = true", "[\"b\"]"), route("", "[\"a\"]")], vec!["b"]),
        (
            vec![route("severity = \"CRITICAL\"\nlast = true", "[\"b\"]"), route("", "[\"a\"]")],
            vec!["a"],
        ),
        (vec![route("controls = \"EC2.18\"", "[]"), route("", "[\"a\"]")], vec![]),
        (vec![route("", "[\"a\"]"), route("", "[]"), route("", "[\"c\"]")], vec!["a", "c"]),
    ] {
        let rules = Rules::parse(&format!("{channels}{}", routes.concat())).unwrap();
        assert_eq!(rules.route(&news()), told, "{routes:?}");
    }
}

mod any {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn no_text_breaks_the_reader(text in ".{0,200}") {
            let _ = Rules::check(&text, &KNOWN, now());
        }

        #[test]
        fn no_slip_of_the_hand_breaks_the_reader(at in 0..WHOLE.len(), length in 0..30_usize, with in ".{0,3}") {
            let end = (at + length).min(WHOLE.len());
            if WHOLE.is_char_boundary(at) && WHOLE.is_char_boundary(end) {
                let mut text = WHOLE.to_owned();
                text.replace_range(at..end, &with);
                if let Err(misread) = Rules::check(&text, &KNOWN, now()) {
                    let lines = text.matches('\n').count() + 1;
                    prop_assert!(!misread.problems.is_empty());
                    prop_assert!(misread.problems.iter().all(|p| p.line <= lines && p.column > 0));
                }
            }
        }
    }
}

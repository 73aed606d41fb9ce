//! What people read, and what cannot get into it.

use crate::{
    memory::{MemoryCloud, MemoryDesk, now},
    world::limits,
};
use catalog::ec2::{CloseWorldIngress, Rule, SecurityGroup};
use remedy::{Finding, Remediation, Settings, Severity, Signal, Source, Trigger, check};
use runtime::{Attempt, Notice, Page, Task, notice, remediate};

/// The message about closing this group for this signal.
fn message(group: SecurityGroup, signal: &Signal) -> (Page, Notice) {
    let cloud = MemoryCloud::with([("sg-0123456789abcdef0".to_owned(), group)]);
    let desk = MemoryDesk::on(cloud.line.clone());
    let settings = Settings::default();
    let limits = limits(&settings, 10, signal.place.clone());
    let remediation = CloseWorldIngress::configured(&settings).unwrap();
    let task = Task { signal, attempt: Attempt { again: false } };
    let page = now(remediate(&remediation, &[task], &limits, &cloud, &desk)).remove(0).page;
    let notice = notice::of(&page).unwrap();
    (page, notice)
}

fn group(rules: &[&str]) -> SecurityGroup {
    let rule = |(nth, text): (usize, &&str)| Rule {
        id: format!("sgr-{nth:03}"),
        description: "from the wiki".into(),
        ..text.parse().unwrap()
    };
    SecurityGroup {
        name: "web".into(),
        ingress: rules.iter().enumerate().map(rule).collect(),
        tags: [("AutoRemediate".into(), "True".into())].into(),
        ..SecurityGroup::default()
    }
}

fn signal() -> Signal {
    let id = "arn:aws:securityhub:eu-west-1:111122223333:security-control/EC2.13/finding/a1".into();
    let product = "arn:aws:securityhub:eu-west-1::product/aws/securityhub".into();
    Signal {
        trigger: Trigger::control("EC2.13"),
        title: "Security groups should not allow ingress from 0.0.0.0/0 or ::/0 to port 22".into(),
        findings: vec![Finding::Asff { id, product }],
        ..check::signal("arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0123456789abcdef0")
    }
}

#[test]
fn a_message_says_what_happened_to_what_why_what_changed_and_what_to_type_next() {
    let (page, notice) =
        message(group(&["tcp/22 from 0.0.0.0/0", "tcp/22 from 10.0.0.0/8"]), &signal());
    assert_eq!(
        notice.text,
        format!(
            r#"Kintsugi repaired security group sg-0123456789abcdef0 "web" in 111122223333/eu-west-1.
https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#SecurityGroup:groupId=sg-0123456789abcdef0

Because of Security Hub control EC2.13 (HIGH): Security groups should not allow ingress from 0.0.0.0/0 or ::/0 to port 22
  finding arn:aws:securityhub:eu-west-1:111122223333:security-control/EC2.13/finding/a1
  by the policies of the stack's parameters: opted-in

Changed:
  revoke tcp/22 from 0.0.0.0/0

To take it back:
  kintsugi undo {id}

Or by hand:
  aws ec2 authorize-security-group-ingress --region eu-west-1 --group-id sg-0123456789abcdef0 --ip-permissions '[{{"IpProtocol":"tcp","FromPort":22,"ToPort":22,"IpRanges":[{{"CidrIp":"0.0.0.0/0","Description":"from the wiki"}}]}}]'

Record {id} of 2026-11-20 12:00:00 UTC, Kintsugi {version}.
"#,
            id = page.id,
            version = page.version,
        )
    );
    assert_eq!(
        notice.attributes,
        [
            ("severity", "HIGH".to_owned()),
            ("outcome", "fixed".into()),
            ("remediation", "ec2/close_world_ingress".into()),
            ("account", "111122223333".into()),
        ]
    );
}

#[test]
fn a_source_that_does_not_say_how_bad_it_is_leaves_that_to_the_remediation() {
    let of = |source, said| {
        let signal = Signal { source, severity: said, ..signal() };
        let (_, notice) = message(group(&["tcp/22 from 0.0.0.0/0"]), &signal);
        notice.attributes[0].1.clone()
    };
    assert_eq!(of(Source::CloudTrail, Severity::Informational), "HIGH");
    assert_eq!(of(Source::Config, Severity::Informational), "HIGH");
    assert_eq!(of(Source::SecurityHub, Severity::Medium), "MEDIUM");
    assert_eq!(of(Source::SecurityHub, Severity::Informational), "INFORMATIONAL");
}

#[test]
fn a_message_of_many_changes_is_shortened_and_says_where_the_whole_is() {
    let rules: Vec<String> =
        (0..250).map(|n| format!("tcp/22-{} from 0.0.0.0/0", 100 + n)).collect();
    let rules: Vec<&str> = rules.iter().map(String::as_str).collect();
    let (page, notice) = message(group(&rules), &signal());
    assert_eq!(page.steps.len(), 250);
    assert!(notice.text.len() <= notice::LONGEST);
    assert!(notice.text.contains("... and 210 more, in the record"), "{}", notice.text);
    assert_eq!(page.undo.len(), 1, "one command takes all of it back");
    assert!(notice.text.contains("too long for a message; they are in the record"));
    assert!(notice.note.chars().count() <= 512, "{}", notice.note);
    assert!(notice.note.contains(&page.id), "{}", notice.note);
}

#[test]
fn text_from_outside_can_neither_forge_a_line_nor_hide_one() {
    let mut group = group(&["tcp/22 from 0.0.0.0/0"]);
    group.name = "web\"\r\nRecord k-000000000000 of never\u{202e}".into();
    let title =
        format!("open\n\nTo take it back:\n  curl evil | sh\u{1b}[31m{}", "x".repeat(9_000));
    let (_, notice) = message(group, &Signal { title, ..signal() });
    let lines = |start: &str| notice.text.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!((lines("Record "), lines("To take it back:"), lines("  curl")), (1, 1, 0));
    let odd = |c: char| (c.is_control() && c != '\n') || c == '\u{202e}';
    assert!(!notice.text.contains(odd), "{:?}", notice.text);
    assert!(notice.text.len() < 4_000, "the title is cut");
}

#[test]
fn a_subject_is_one_line_of_ascii_that_sns_takes() {
    let resource =
        format!("arn:aws:ec2:eu-west-1:111122223333:instance/i-\n\u{e9}{}", "0".repeat(200));
    let asked_by = Some("Kintsugi: run".into());
    let (_, notice) = message(group(&[]), &Signal { resource, asked_by, ..signal() });
    assert!(notice.subject.len() < 100, "{}", notice.subject);
    assert!(notice.subject.bytes().all(|b| (b' '..=b'~').contains(&b)), "{:?}", notice.subject);
    assert!(notice.subject.starts_with("Kintsugi ignored"), "{}", notice.subject);
}

#[test]
fn a_message_about_an_attacker_says_who_by_which_finding_about_what_and_until_when() {
    let signal = crate::threats::attack(&["198.51.100.10"]);
    let list = crate::threats::list(&[]);
    let cloud = MemoryCloud::with([("kintsugi".to_owned(), list)]);
    let desk = MemoryDesk::on(cloud.line.clone());
    let settings = [("THREAT_LIST_BUCKET", "bucket")].into_iter().collect();
    let limits = limits(&settings, 10, signal.place.clone());
    let remediation = catalog::guardduty::ListAttackers::configured(&settings).unwrap();
    let task = Task { signal: &signal, attempt: Attempt { again: false } };
    let page = now(remediate(&remediation, &[task], &limits, &cloud, &desk)).remove(0).page;
    let notice = notice::of(&page).unwrap();
    assert_eq!(
        notice.subject,
        "Kintsugi updated threat list kintsugi: list 198.51.100.10 until 2026-12-20 in 111122223333/eu-we..."
    );
    let text = &notice.text;
    for line in [
        "Kintsugi updated threat list kintsugi in 111122223333/eu-west-1.",
        "https://eu-west-1.console.aws.amazon.com/guardduty/home?region=eu-west-1#/lists",
        "Because of finding UnauthorizedAccess:EC2/SSHBruteForce (LOW): a test",
        "  about arn:aws:ec2:eu-west-1:111122223333:instance/i-0a1",
        "  finding arn:aws:guardduty:eu-west-1:111122223333:detector/d/finding/\
         16afba5c5c43e07c9e3e5e2e544e95df",
        "  list 198.51.100.10 until 2026-12-20: seen 2026-11-20 11:59 UTC, LOW, finding \
         16afba5c5c43e07c9e3e5e2e544e95df",
        "To take it back:",
    ] {
        assert!(text.lines().any(|is| is == line), "{line}\n\n{text}");
    }
    assert!(text.contains("printf '%s\\n' -198.51.100.10 >> kintsugi.txt"), "{text}");
}

//! The command line as a process, without AWS: what it writes, and how it ends.

#![expect(clippy::unwrap_used, reason = "a test that cannot start its process fails")]

use std::{
    path::{Path, PathBuf},
    process::{Command, Output},
};

use serde_json::{Value, json};

const GROUP: &str = "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-0a1";

fn kintsugi(args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_kintsugi"))
        .args(args)
        .env_clear()
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("HOME", "/nonexistent")
        .output()
        .unwrap()
}

fn out(output: &Output) -> String {
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn err(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn event(name: &str) -> String {
    let events = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/events");
    events.join(format!("{name}.json")).display().to_string()
}

/// A file of this content, under a name that no other test has.
fn file(name: &str, content: &str) -> String {
    let at = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&at, content).unwrap();
    at.display().to_string()
}

/// A group that is open for SSH, with these tags.
fn state(name: &str, tags: &Value) -> String {
    let rule = |id: &str, port: u16, from: &str| json!({ "id": id, "traffic": { "tcp": [port, port] }, "peer": { "v4": from } });
    let group = json!({
        "name": "web",
        "account": "111122223333",
        "ingress": [rule("sgr-1", 22, "0.0.0.0/0"), rule("sgr-2", 22, "10.0.0.0/8")],
        "tags": tags,
    });
    file(name, &json!({ GROUP: { "security group": group } }).to_string())
}

fn explained(state: &str, more: &[&str]) -> Output {
    let event = event("hub-control");
    let at = ["explain", "--event", &event, "--state", state, "--at", "2026-11-20T12:00:00Z"];
    kintsugi(&[&at, more].concat())
}

#[test]
fn an_event_is_explained_from_a_file_stage_by_stage() {
    let output = explained(&state("tagged.json", &json!({ "AutoRemediate": "True" })), &[]);
    assert_eq!((code(&output), err(&output).as_str()), (0, ""));
    let expected = format!(
        "\
Finding 1
  read as      Security Hub control EC2.13 (HIGH) from security-hub
  title        Security groups should not allow ingress from 0.0.0.0/0 or ::/0 to port 22
  finding      arn:aws:securityhub:eu-west-1:111122223333:security-control/EC2.13/finding/a1b2c3d4-5678-90ab-cdef-000000000001
  seen         2026-11-20 09:59:00 UTC
  resource     {GROUP}
  place        111122223333/eu-west-1 (aws)
  answered by  ec2/close_world_ingress
  ec2/close_world_ingress
    does     Revoke ingress from anywhere to ports that are not for everyone (somebody may lose access)
    found    security group sg-0a1 \"web\"
             name: web
             account: 111122223333
             ingress: tcp/22 from 0.0.0.0/0
             ingress: tcp/22 from 10.0.0.0/8
             tags: AutoRemediate=True
    plan     revoke tcp/22 from 0.0.0.0/0
    by hand  aws ec2 revoke-security-group-ingress --region eu-west-1 --group-id sg-0a1 --security-group-rule-ids sgr-1
    verdict  permitted by opted-in (enforce), by the policies of the parameters
    next     it would be put right, read back, and told
"
    );
    assert_eq!(out(&output), expected);
}

#[test]
fn what_is_out_of_scope_names_the_tag_that_would_bring_it_in() {
    let output = explained(&state("untagged.json", &json!({})), &[]);
    let text = out(&output);
    for said in [
        "verdict  no policy permits it, by the policies of the parameters",
        "the tag AutoRemediate=True would let opted-in permit it",
        "it is not in scope: the tag AutoRemediate=True is missing",
        "next     nothing: it may not be touched; a record says so. The tag AutoRemediate=True would bring it in",
    ] {
        assert!(text.contains(said), "{said}\n---\n{text}");
    }
}

#[test]
fn parameters_and_policies_can_be_tried_out() {
    let state = state("tried.json", &json!({ "AutoRemediate": "True", "team": "web" }));
    let policies = file(
        "ask.cedar",
        "@id(\"web-asks\") @mode(\"approve\")\npermit (principal, action, resource)\nwhen { \
         resource.hasTag(\"team\") && resource.getTag(\"team\") == \"web\" };\n",
    );
    for (more, next) in [
        (&["--set", "Mode=dry-run"][..], "dry-run"),
        (&["--set", "ExemptTagKey=team"], "held"),
        (&["--set", "ScopeTagKey=Other"], "out-of-scope"),
        (&["--policies", &policies], "approve"),
    ] {
        let output = explained(&state, &[more, &["--json"]].concat());
        let said: Value = serde_json::from_str(&out(&output)).unwrap();
        let answer = &said["findings"][0]["answered"][0];
        assert_eq!(answer["next"]["kind"], next, "{more:?}: {answer:#}");
    }
}

#[test]
fn what_is_gone_or_unknown_to_the_file_is_told_apart() {
    let gone = file("gone.json", &json!({ GROUP: { "security group": null } }).to_string());
    assert!(out(&explained(&gone, &[])).contains("next   nothing: it is not there any more"));
    let unknown = out(&explained(&file("unknown.json", "{}"), &[]));
    assert!(unknown.contains("the file says nothing of \"security group\" under"), "{unknown}");
}

#[test]
fn without_a_file_it_ends_before_the_resource() {
    let output = kintsugi(&["explain", "--event", &event("hub-custom-action")]);
    let text = out(&output);
    assert_eq!(code(&output), 0);
    assert!(text.contains("asked by     Kintsugi: run"), "{text}");
    assert!(text.contains("not looked at: give --live, or --state FILE"), "{text}");
}

#[test]
fn what_asks_for_nothing_and_what_nobody_can_read_say_why() {
    for (name, said) in [
        ("guardduty-sample", "it is a sample finding: nothing of it is real"),
        ("cloudtrail-denied", "AWS turned the call down"),
        ("hub-inspector", "no remediation: nothing would be done"),
        ("health-abuse", "no reader for events of source `aws.health`"),
        ("batch-with-poison", "Finding 2"),
    ] {
        let output = kintsugi(&["explain", "--event", &event(name)]);
        assert_eq!(code(&output), 0, "{name}");
        assert!(out(&output).contains(said), "{name}\n{}", out(&output));
    }
}

#[test]
fn what_is_wrong_is_told_on_stderr_and_by_the_exit_code() {
    let not_json = file("not.json", "{ not json");
    let list = file("list.json", "[]");
    let group = event("hub-control");
    for (args, expected, said) in [
        (
            &["explain", "--event", "/nonexistent"][..],
            1,
            "could not read the event from /nonexistent: No such file",
        ),
        (&["explain", "--event", &not_json], 1, "it is no JSON: key must be a string at line 1"),
        (&["explain", "--event", &group, "--state", &list], 1, "as --live --save-state writes it"),
        (
            &["explain", "--event", &group, "--set", "Mdoe=x"],
            2,
            "there is no parameter of this name",
        ),
        (
            &["explain", "--event", &group, "--set", "Mode=x"],
            2,
            "parameter Mode (environment MODE) is `x`; allowed: enforce, dry-run",
        ),
        (
            &["explain", "--event", &group, "--policies", &not_json],
            1,
            "could not use the policies of",
        ),
        (&["show", "42"], 2, "a record's id is k- and twelve hexadecimal digits"),
        (&["mend"], 2, "unrecognized subcommand 'mend'"),
        (&["status"], 2, "no Region is known: give --region"),
    ] {
        let output = kintsugi(args);
        assert_eq!(code(&output), expected, "{args:?}: {}", err(&output));
        assert!(err(&output).contains(said), "{args:?}: {}", err(&output));
        assert_eq!(out(&output), "", "{args:?}");
    }
}

#[test]
fn without_credentials_it_says_so() {
    let output = kintsugi(&["status", "--region", "eu-west-1"]);
    assert_eq!(code(&output), 1);
    assert!(err(&output).contains("ask AWS who you are"), "{}", err(&output));
}

const GOOD: &str = "@id(\"opted-in\") @mode(\"enforce\")\npermit (principal, action, resource)\nwhen { resource.hasTag(\"a\") };\n";

#[test]
fn policies_are_checked_as_compilers_do() {
    let good = file("good.cedar", GOOD);
    let output = kintsugi(&["policy", "check", &good]);
    assert_eq!((code(&output), out(&output)), (0, format!("{good}: 1 policy can be used\n")));

    let bad = file("bad.cedar", &GOOD.replace("resource.hasTag", "resouce.hasTag"));
    let output = kintsugi(&["policy", "check", &bad]);
    let text = out(&output);
    assert_eq!(code(&output), 3, "{text}");
    assert!(text.contains(&format!("--> {bad}:3:")), "{text}");
    assert!(text.contains("3 | when { resouce.hasTag(\"a\") };\n  |        ^"), "{text}");

    let output = kintsugi(&["policy", "check", &bad, "--json"]);
    let said: Value = serde_json::from_str(&out(&output)).unwrap();
    assert_eq!((&said["ok"], &said["problems"][0]["line"]), (&json!(false), &json!(3)));
}

#[test]
fn policies_are_asked_about_cases() {
    let good = file("asked.cedar", GOOD);
    let case = |name: &str, tags: Value, expect: &str| {
        json!({
            "name": name, "remediation": "ec2/close_world_ingress",
            "resource": { "tags": tags }, "expect": expect,
        })
    };
    let cases = json!({ "cases": [
        case("a tagged group is mended", json!({ "a": "1" }), "enforce"),
        case("any other is not", json!({}), "out-of-scope"),
    ] });
    let right = file("right.json", &cases.to_string());
    let output = kintsugi(&["policy", "test", &right, "--policies", &good]);
    assert_eq!(code(&output), 0, "{}{}", out(&output), err(&output));
    assert!(out(&output).starts_with("passed  a tagged group is mended\n"), "{}", out(&output));

    let wrong = file("wrong.json", &cases.to_string().replace("out-of-scope", "approve"));
    let output = kintsugi(&["policy", "test", &wrong, "--policies", &good]);
    assert_eq!(code(&output), 3);
    assert!(
        out(&output)
            .contains("failed  any other is not\n        expected approve, came out-of-scope")
    );

    for (content, said) in [("{", "EOF"), ("{\"cases\":[]}", "there are none")] {
        let file = file("no-cases.json", content);
        let output = kintsugi(&["policy", "test", &file, "--policies", &good]);
        assert_eq!(code(&output), 1);
        assert!(err(&output).contains(said), "{}", err(&output));
    }
}

#[test]
fn colours_come_only_when_they_are_asked_for() {
    let good = file("colour.cedar", GOOD);
    let coloured = |more: &[&str]| {
        let args = [&["policy", "check", &good], more].concat();
        out(&kintsugi(&args)).contains('\u{1b}')
    };
    assert!(!coloured(&[]));
    assert!(!coloured(&["--color", "never"]));
    assert!(coloured(&["--color", "always"]));
    assert!(!coloured(&["--color", "always", "--json"]));
}

#[test]
fn shells_are_told_what_completes_a_command() {
    for shell in ["bash", "zsh", "fish"] {
        let output = kintsugi(&["completions", shell]);
        assert_eq!(code(&output), 0);
        assert!(out(&output).contains("dead-letters"), "{shell}");
    }
}

//! The command line against the stack: what it writes, to the letter, but for ids and times.
//!
//! `UPDATE=1 cargo nextest run --workspace -E 'test(commands)'` rewrites what is expected.

use std::{
    collections::BTreeMap,
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

use serde_json::{Value, json};
use stage::{Queue, Said, Stage, Vpc, events, http};

use super::{OPEN, handled, later, newest};
use crate::case::{OPTED_IN, ingress, run, stage};

/// Where the expected texts are.
fn expected(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/e2e/people/said").join(format!("{name}.txt"))
}

/// What is written down of commands that are typed.
struct Typed<'a> {
    stage: &'a Stage,
    /// What has another name each time, by what is written for it.
    names: BTreeMap<String, String>,
    said: String,
}

impl Typed<'_> {
    fn new(stage: &Stage) -> Typed<'_> {
        Typed { stage, names: BTreeMap::new(), said: String::new() }
    }

    /// A name that is another one each time.
    fn call(&mut self, name: &str, written: &str) {
        self.names.insert(name.to_owned(), written.to_owned());
    }

    /// Types a command; with which code it ended is written down, too.
    fn types(&mut self, arguments: &[&str]) -> Said {
        let said = self.stage.kintsugi(arguments).unwrap();
        let _ = writeln!(self.said, "$ kintsugi {}", arguments.join(" "));
        for line in said.out.lines().chain(said.err.lines()) {
            let line = if line.starts_with("after ") { "after        N seconds" } else { line };
            let _ = writeln!(self.said, "{}", line.trim_end());
        }
        if said.code != 0 {
            let _ = writeln!(self.said, "[ended with {}]", said.code);
        }
        let _ = writeln!(self.said);
        said
    }

    /// Fails if what was said is not what is expected.
    fn end(self, name: &str) {
        let mut said = self.said;
        for (name, written) in &self.names {
            said = said.replace(name, written);
        }
        let said = timeless(&said);
        let path = expected(name);
        #[expect(clippy::disallowed_methods, reason = "a golden file is rewritten on request")]
        if std::env::var_os("UPDATE").is_some() {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(&path, &said).unwrap();
        }
        #[expect(clippy::disallowed_methods, reason = "a golden file")]
        let expected = fs::read_to_string(&path).unwrap_or_default();
        assert!(said == expected, "{} says otherwise. It is now:\n{said}", path.display());
    }
}

/// Lines that begin so, and stand together, sorted without the ids in them.
fn alike_in_order(text: &str, begin: &str) -> String {
    let lines: Vec<&str> = text.lines().collect();
    let mut out = Vec::new();
    for run in lines.chunk_by(|one, next| one.starts_with(begin) && next.starts_with(begin)) {
        let mut run = run.to_vec();
        run.sort_by_key(|line| line.split('"').nth(1).map(str::to_owned));
        out.extend(run);
    }
    out.join("\n") + "\n"
}

/// Without what differs from run to run: times, and ids of records that nobody named. As long as before,
/// so that tables stay tables.
fn timeless(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        if let Some((length, written)) = dated(rest).or_else(|| record(rest)).or_else(|| hash(rest))
        {
            out.push_str(&written);
            rest = &rest[length..];
        } else {
            out.push(letter);
            rest = &rest[letter.len_utf8()..];
        }
    }
    out
}

/// `2026-11-24`, and the time after it.
fn dated(text: &str) -> Option<(usize, String)> {
    let shape = |text: &str| -> String {
        text.chars().map(|c| if c.is_ascii_digit() { '0' } else { c }).collect()
    };
    let forms = [
        "0000-00-00T00:00:00.000Z",
        "0000-00-00T00:00:00Z",
        "0000-00-00 00:00:00 UTC",
        "0000-00-00 00:00 UTC",
        "0000-00-00T00",
        "0000-00-00 00:00",
        "0000-00-00",
    ];
    let form = forms.into_iter().find(|form| {
        text.get(..form.len()).is_some_and(|start| start.is_ascii() && shape(start) == **form)
    })?;
    Some((form.len(), form.to_owned()))
}

/// `k-1234567890ab`.
fn record(text: &str) -> Option<(usize, String)> {
    let id = text.strip_prefix("k-")?.get(..12)?;
    let is_hex = id.bytes().all(|b| b.is_ascii_digit() || (b'a'..=b'f').contains(&b));
    is_hex.then(|| (14, "k-000000000000".to_owned()))
}

/// The hash of what was found, in which ids are, and the end of a name that CloudFormation made up.
fn hash(text: &str) -> Option<(usize, String)> {
    let is_hex = |text: &str| text.bytes().all(|b| b.is_ascii_hexdigit());
    if let Some(end) = text.strip_prefix("kintsugi-Table-").and_then(|rest| rest.get(..13)) {
        return is_hex(end).then(|| (28, "kintsugi-Table-0000000000000".to_owned()));
    }
    let found = text.strip_prefix("found        ")?.get(..32)?;
    is_hex(found).then(|| (45, format!("found        {}", "0".repeat(32))))
}

async fn group(
    stage: &Stage,
    typed: &mut Typed<'_>,
    name: &str,
    tags: &[(&str, &str)],
) -> (String, Value) {
    let group = stage.estate.group(Vpc::Own, name, tags, OPEN).await.unwrap();
    let finding = events::control("EC2.13", &stage.place, &group).unwrap();
    stage.estate.import(&finding).await.unwrap();
    // As long as an id, so that tables stay as they are.
    let written = format!("sg-{name:_<17}");
    for rule in stage.estate.rules(&group).await.unwrap() {
        typed.call(&rule.rule.id, "sgr-00000000000000000");
    }
    typed.call(&group, &written);
    (group, finding)
}

/// What a team runs before it deploys anything: here a stack is there, and must not be touched.
#[test]
fn a_preview_plans_all_that_is_open_and_changes_nothing() {
    run(|| async {
        let stage = stage(&[]).await;
        let mut typed = Typed::new(&stage);
        let owned = &[
            ("AutoRemediate", "True"),
            ("aws:cloudformation:stack-name", "shop"),
            ("aws:cloudformation:logical-id", "WebGroup"),
        ];
        let tags: [(&str, &[(&str, &str)]); 4] = [
            ("web", OPTED_IN),
            ("untagged", &[("team", "shop")]),
            ("nearly", &[("AutoRemediate", "true")]),
            ("stack", owned),
        ];
        let mut groups = Vec::new();
        for (name, tags) in tags {
            groups.push(group(&stage, &mut typed, name, tags).await);
        }
        // Two sources that say the same of a group are one row.
        compliance(&stage, "restricted-ssh", &groups[0].0);
        // What nobody repairs.
        let mut other = groups[0].1.clone();
        let finding = &mut other["detail"]["findings"][0];
        finding["Id"] = format!("{}-other", events::finding(&groups[0].1)).into();
        finding["Compliance"]["SecurityControlId"] = "IAM.28".into();
        finding["GeneratorId"] = "security-control/IAM.28".into();
        stage.estate.import(&other).await.unwrap();

        typed.types(&["preview"]);
        // Among alike rows the order is that of ids.
        typed.said = alike_in_order(&typed.said, "out-of-scope");
        let html = std::env::temp_dir().join(format!("preview-{}.html", std::process::id()));
        let csv = html.with_extension("csv");
        let [html_path, csv_path] = [&html, &csv].map(|path| path.to_string_lossy().into_owned());
        let said = stage
            .kintsugi(&["preview", "--html", &html_path, "--csv", &csv_path, "--exit-code"])
            .unwrap();
        assert_eq!(said.code, 3, "something would be fixed: {}{}", said.out, said.err);
        #[expect(clippy::disallowed_methods, reason = "what the command wrote")]
        let [page, table] = [&html, &csv].map(|path| fs::read_to_string(path).unwrap());
        for (id, _) in &groups {
            assert!(page.contains(id.as_str()) && table.contains(id.as_str()), "{id}");
        }
        assert!(!page.contains("<script src"), "one file, nothing from outside");
        let json = stage.says(&["preview", "--json"]).unwrap();
        let json: Value = serde_json::from_str(&json).unwrap();
        assert!(json.to_string().contains("AutoRemediate=True"), "{json}");
        for (id, _) in &groups {
            assert_eq!(ingress(&stage.estate, id).await.len(), OPEN.len(), "nothing is changed");
        }
        for call in ["RevokeSecurityGroupIngress", "AuthorizeSecurityGroupIngress", "CreateTags"] {
            assert_eq!(stage.estate_faults.calls(&format!("ec2.{call}")).unwrap(), 0, "{call}");
        }
        assert_eq!(stage.records().await.unwrap().len(), 0, "nothing is written");
        for path in [html, csv] {
            fs::remove_file(path).unwrap();
        }
        typed.end("preview");
    });
}

/// A Config rule says that a group is not compliant.
fn compliance(stage: &Stage, rule: &str, group: &str) {
    let body = json!({
        "account": stage.place.account, "region": stage.place.region, "rule": rule,
        "identifier": "INCOMING_SSH_DISABLED", "type": "AWS::EC2::SecurityGroup", "id": group,
    });
    let headers = "Content-Type: application/json\r\n";
    http("POST", stage.estate_url(), "/kintsugi/compliance", headers, &body.to_string()).unwrap();
}

#[test]
fn the_story_of_a_repair_is_told_and_it_is_taken_back() {
    run(|| async {
        let stage = stage(&[]).await;
        let mut typed = Typed::new(&stage);
        let (web, finding) = group(&stage, &mut typed, "web", OPTED_IN).await;
        typed.call(events::finding(&finding), "FINDING");
        handled(&stage, &finding).await;
        let fixed = newest(&stage, &web).await;
        typed.types(&["history"]);
        typed.types(&["show", &fixed.id]);
        typed.types(&["undo", &fixed.id, "--why", "the shop is down", "--yes"]);
        assert_eq!(ingress(&stage.estate, &web).await.len(), OPEN.len());
        handled(&stage, &later(&finding, 1)).await;
        let held = newest(&stage, &web).await;
        typed.types(&["history", "--resource", &web, "--outcome", "held"]);
        typed.types(&["exempt", &fixed.page.about.resource, "--end"]);
        typed.types(&["run", &held.id]);
        stage.settled().await.unwrap();
        assert_eq!(ingress(&stage.estate, &web).await.len(), 1);
        typed.types(&["pause", "ec2/close_world_ingress", "--for", "2h", "--why", "a release"]);
        typed.types(&["resume", "ec2/close_world_ingress"]);
        typed.types(&["show", "k-ffffffffffff"]);
        typed.types(&["approve", &fixed.id]);
        typed.types(&["undo", "sg-1", "--yes"]);
        typed.types(&["pause", "ec2/close_the_world"]);
        typed.end("story");
    });
}

#[test]
fn policies_are_checked_compared_and_put_in_force() {
    run(|| async {
        let stage = stage(&[]).await;
        let mut typed = Typed::new(&stage);
        let folder = std::env::temp_dir().join(format!("policies-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
        typed.call(&format!("{}/", folder.to_string_lossy()), "");
        typed.types(&["policy", "show"]);
        let base = stage.says(&["policy", "show"]).unwrap();
        let base: String = base
            .lines()
            .filter(|line| !line.starts_with("Policies"))
            .fold(String::new(), |text, line| text + line + "\n");
        let good = base.replace("@mode(\"enforce\")", "@mode(\"approve\")");
        let bad = format!(
            "{good}\n@id(\"typo\") @mode(\"enforce\")\npermit (principal, action in Action::\"ec3\", \
             resource)\nwhen {{ resource.hasTag(\"team\") && resource.getTag(\"team\") == 5 }};\n"
        );
        fs::write(path("good.cedar"), good).unwrap();
        fs::write(path("bad.cedar"), bad).unwrap();
        fs::write(path("broken.cedar"), "@id(\"x\") permit (principal action, resource);\n")
            .unwrap();
        typed.types(&["policy", "check", &path("bad.cedar")]);
        typed.types(&["policy", "check", &path("broken.cedar")]);
        typed.types(&["policy", "push", &path("bad.cedar"), "--yes"]);
        typed.types(&["policy", "diff", &path("good.cedar")]);
        typed.types(&["policy", "push", &path("good.cedar"), "--why", "asks first", "--yes"]);
        let case = |tags: Value, expect: &str| {
            json!({
                "name": format!("{tags} ends as {expect}"), "remediation": "ec2/close_world_ingress",
                "resource": { "type": "AWS::EC2::SecurityGroup", "tags": tags }, "expect": expect,
            })
        };
        let cases = json!({ "cases": [
            case(json!({ "AutoRemediate": "True" }), "approve"),
            case(json!({}), "enforce"),
        ] });
        fs::write(path("cases.json"), cases.to_string()).unwrap();
        typed.types(&["policy", "test", &path("cases.json")]);
        typed.types(&["policy", "show", "--version", "2"]);
        fs::remove_dir_all(&folder).unwrap();
        typed.end("policy");
    });
}

#[test]
fn an_event_is_explained_and_dead_letters_go_back() {
    run(|| async {
        let stage = stage(&[]).await;
        let mut typed = Typed::new(&stage);
        let (web, finding) = group(&stage, &mut typed, "web", OPTED_IN).await;
        typed.call(events::finding(&finding), "FINDING");
        let folder = std::env::temp_dir().join(format!("explain-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = |name: &str| folder.join(name).to_string_lossy().into_owned();
        typed.call(&format!("{}/", folder.to_string_lossy()), "");
        fs::write(path("event.json"), finding.to_string()).unwrap();
        typed.types(&[
            "explain",
            "--event",
            &path("event.json"),
            "--live",
            "--save-state",
            &path("state.json"),
        ]);
        let from_state = stage.says(&[
            "explain",
            "--event",
            &path("event.json"),
            "--state",
            &path("state.json"),
        ]);
        assert!(from_state.unwrap().contains("revoke tcp/22 from 0.0.0.0/0"));
        assert_eq!(ingress(&stage.estate, &web).await.len(), OPEN.len(), "nothing is changed");
        typed.types(&["explain", "--event", &path("none.json")]);
        fs::remove_dir_all(&folder).unwrap();

        let never = json!({
            "service": "ec2", "action": "DescribeSecurityGroups", "match": web, "times": 0,
            "error": { "code": "UnauthorizedOperation", "status": 403 },
        });
        stage.estate_faults.add(&never).unwrap();
        handled(&stage, &finding).await;
        stage.estate_faults.clear().unwrap();
        assert_eq!(stage.waiting(Queue::DeadLetters).await.unwrap(), 1);
        let letters = stage.says(&["dead-letters", "--json"]).unwrap();
        let letters: Value = serde_json::from_str(&letters).unwrap();
        let id = letters["dead_letters"][0]["id"].as_str().unwrap();
        typed.call(id.get(..8).unwrap(), "00000000");
        typed.types(&["dead-letters"]);
        typed.types(&["dead-letters", "redrive", "--all", "--yes"]);
        stage.settled().await.unwrap();
        assert_eq!(ingress(&stage.estate, &web).await.len(), 1, "it is handled now");
        assert_eq!(stage.waiting(Queue::DeadLetters).await.unwrap(), 0);
        typed.end("explain");
    });
}

#[test]
fn the_threat_list_is_shown_and_changed() {
    run(|| async {
        let stage = stage(&[]).await;
        stage.enable_guardduty().await.unwrap();
        stage.activation_takes(0.1).unwrap();
        let mut typed = Typed::new(&stage);
        stage.send(&crate::threats::attack(&stage, "198.51.100.77")).await.unwrap();
        stage.settled().await.unwrap();
        let shown = typed.types(&["list", "show"]);
        assert!(shown.out.contains("198.51.100.77"), "{}", shown.out);
        typed.types(&["list", "add", "203.0.113.9", "--why", "seen in our logs"]);
        typed.types(&["list", "add", "10.0.0.1"]);
        typed.types(&["list", "remove", "198.51.100.77", "--why", "a partner"]);
        assert_eq!(stage.listed().await.unwrap(), ["203.0.113.9"]);
        let why = typed.types(&["list", "why", "203.0.113.9"]);
        assert!(why.out.contains("203.0.113.9"), "{}", why.out);
        typed.types(&["list", "why", "198.51.100.77"]);
    });
}

//! docs/remediations.md: what is put right, how, and what is done more carefully than elsewhere.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
    fs,
};

use remedy::{Action, Entry, Parameter, Trigger, Undo};

use crate::generated::{assert_file, path};

/// What Automated Security Response on AWS (version 3.1.5 with the changes of 4.1.0) has a remediation for.
const REFERENCE: &[&str] = &[
    "APIGateway.1",
    "APIGateway.5",
    "Athena.4",
    "AutoScaling.1",
    "AutoScaling.3",
    "Autoscaling.5",
    "CloudFormation.1",
    "CloudFront.1",
    "CloudFront.12",
    "CloudTrail.1",
    "CloudTrail.2",
    "CloudTrail.3",
    "CloudTrail.4",
    "CloudTrail.5",
    "CloudTrail.6",
    "CloudTrail.7",
    "CloudWatch.1",
    "CloudWatch.2",
    "CloudWatch.3",
    "CloudWatch.4",
    "CloudWatch.5",
    "CloudWatch.6",
    "CloudWatch.7",
    "CloudWatch.8",
    "CloudWatch.9",
    "CloudWatch.10",
    "CloudWatch.11",
    "CloudWatch.12",
    "CloudWatch.13",
    "CloudWatch.14",
    "CloudWatch.16",
    "CodeBuild.2",
    "CodeBuild.5",
    "Config.1",
    "DynamoDB.1",
    "DynamoDB.5",
    "DynamoDB.6",
    "ElastiCache.1",
    "ElastiCache.2",
    "ElastiCache.3",
    "ECS.5",
    "EC2.1",
    "EC2.2",
    "EC2.4",
    "EC2.6",
    "EC2.7",
    "EC2.8",
    "EC2.10",
    "EC2.13",
    "EC2.14",
    "EC2.15",
    "EC2.18",
    "EC2.19",
    "EC2.23",
    "ELB.1",
    "ECR.1",
    "GuardDuty.1",
    "GuardDuty.2",
    "GuardDuty.4",
    "IAM.3",
    "IAM.7",
    "IAM.8",
    "IAM.11",
    "IAM.12",
    "IAM.13",
    "IAM.14",
    "IAM.15",
    "IAM.16",
    "IAM.17",
    "IAM.18",
    "IAM.22",
    "KMS.4",
    "Lambda.1",
    "Macie.1",
    "RDS.1",
    "RDS.2",
    "RDS.4",
    "RDS.5",
    "RDS.6",
    "RDS.7",
    "RDS.8",
    "RDS.13",
    "RDS.16",
    "Redshift.1",
    "Redshift.3",
    "Redshift.4",
    "Redshift.6",
    "S3.1",
    "S3.2",
    "S3.3",
    "S3.4",
    "S3.5",
    "S3.6",
    "S3.8",
    "S3.9",
    "S3.11",
    "S3.13",
    "SecretsManager.1",
    "SecretsManager.3",
    "SecretsManager.4",
    "SNS.1",
    "SNS.2",
    "SQS.1",
    "SSM.1",
    "SSM.4",
    "SSM.7",
    "S3.14",
    "CloudFormation.3",
    "Inspector.InstanceVulnerability",
    "GuardDuty.IAMUser",
    "Macie.SensitiveDataS3Object",
];

/// Of these, what has no remediation here, and why.
const WITHOUT: &[(&str, &str)] = &[
    (
        "Inspector.InstanceVulnerability",
        "Patching restarts what runs on an instance, and which patches are wanted when is for Patch Manager's baselines and \
         windows to say; that Inspector scans at all is `detect/enable_scanning`.",
    ),
    (
        "GuardDuty.IAMUser",
        "Not a control: `iam/contain_user` answers the types of GuardDuty's findings about users, asks first and can be taken back.",
    ),
    (
        "Macie.SensitiveDataS3Object",
        "An object with sensitive data is where it should be or not: no program knows. What makes its bucket safe is repaired by the \
         remediations of S3.",
    ),
];

/// The cases in the embedded AWS.
fn cases() -> String {
    let files = fs::read_dir(path("tests/aws/cases")).expect("the cases").flatten();
    // `__init__.py` shows one.
    let files = files.filter(|file| !file.file_name().to_string_lossy().starts_with("__"));
    files.map(|file| fs::read_to_string(file.path()).unwrap_or_default()).collect()
}

/// The remediations that are played there, by their ids.
fn played() -> BTreeSet<&'static str> {
    let cases = cases();
    // Security groups and the threat list have tests of their own there.
    let own = |entry: &Entry| {
        let id = entry.spec.id;
        let of_lists = id.starts_with("guardduty/") || id.starts_with("sweep/");
        of_lists || entry.kind == "AWS::EC2::SecurityGroup"
    };
    let is_played =
        |entry: &&Entry| own(entry) || cases.contains(&format!("\"{}\"", entry.spec.id));
    catalog::entries().filter(is_played).map(|entry| entry.spec.id).collect()
}

/// The remediations of every control, in the order of service and number.
fn controls() -> BTreeMap<(String, u32, String), Vec<&'static Entry>> {
    let mut controls: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for entry in catalog::entries() {
        for trigger in entry.spec.triggers {
            if let Trigger::Control(name) = trigger {
                controls.entry(place(name)).or_default().push(entry);
            }
        }
    }
    controls
}

fn place(control: &str) -> (String, u32, String) {
    let (service, number) = control.split_once('.').unwrap_or((control, ""));
    (service.to_ascii_lowercase(), number.parse().unwrap_or(u32::MAX), control.to_owned())
}

fn is_by_hand(entry: &Entry) -> bool {
    entry.spec.undo == Undo::Nothing
}

fn undo(entry: &Entry) -> String {
    match entry.spec.undo {
        Undo::Yes => "yes".into(),
        Undo::Partly(what) => format!("partly: {what}"),
        Undo::No(why) => format!("no: {why}"),
        Undo::Nothing => "nothing is changed".into(),
    }
}

#[test]
fn the_list_of_remediations_is_in_step_with_the_catalog() {
    let mut out =
        String::from("# Remediations\n\nGenerated from the catalog by `make generate`.\n");
    heading(&mut out);
    of_controls(&mut out);
    of_remediations(&mut out);
    of_reference(&mut out);
    of_parameters(&mut out);
    of_permissions(&mut out);
    assert_file("docs/remediations.md", &out);
}

fn heading(out: &mut String) {
    let controls = controls();
    let is_made = |entries: &&Vec<&Entry>| entries.iter().any(|entry| !is_by_hand(entry));
    let made = controls.values().filter(is_made).count();
    let by_hand = controls.len() - made;
    let _ = writeln!(
        out,
        "\n{} controls of Security Hub: {made} are put right, {by_hand} are answered with what to do by hand, because \
         the fix destroys, costs or interrupts too much to be left to a program.\n\n\
         - **How:** `repairs` means by itself, in scope and within the policies. A plan that may hurt somebody asks first and \
         says why; where that depends on the resource, the remediation's own line says so. `by hand`: nothing is changed; the \
         message has the reason and the exact commands.\n\
         - **Verified:** `embedded AWS`: played from the finding to the resource and back in the deployed stack, on \
         third-party emulators over HTTP; `scripted answers`: what goes over the wire is compared with AWS's service model, \
         because the emulators lack the service or the call. All plans are tested as pure functions, too. Nothing here was \
         run against AWS itself by these tests.",
        controls.len()
    );
}

fn of_controls(out: &mut String) {
    out.push_str(
        "\n## Controls\n\n| Control | Severity | Remediation | How | Risk | Undo | Verified |\n|---|---|---|---|---|---|---|\n",
    );
    let played = played();
    for ((_, _, control), entries) in controls() {
        for entry in entries {
            let spec = &entry.spec;
            let how = if is_by_hand(entry) { "by hand" } else { "repairs" };
            let risk = if is_by_hand(entry) { "" } else { spec.risk.words() };
            let undo = match spec.undo {
                Undo::Yes => "yes",
                Undo::Partly(_) => "partly",
                Undo::No(_) => "no",
                Undo::Nothing => "",
            };
            let verified =
                if played.contains(spec.id) { "embedded AWS" } else { "scripted answers" };
            let (id, severity) = (spec.id, spec.severity);
            let _ = writeln!(
                out,
                "| {control} | {severity} | [`{id}`](#{}) | {how} | {risk} | {undo} | {verified} |",
                anchor(id)
            );
        }
    }
}

fn anchor(id: &str) -> String {
    id.replace('/', "")
}

fn of_remediations(out: &mut String) {
    out.push_str("\n## What each does\n");
    for entry in catalog::entries() {
        let spec = &entry.spec;
        let triggers: Vec<_> = spec.triggers.iter().map(trigger).collect();
        let _ = writeln!(
            out,
            "\n### {id}\n\n{title}.\n\n- **Acts on:** {facet} (`{kind}`)\n- **Because of:** {triggers}\n- **Severity, if \
             the source does not say:** {severity}\n- **Risk:** {risk}\n- **Undo:** {undo}\n- **With care:** {care}\n- **Since:** {since}",
            id = spec.id,
            title = spec.title,
            facet = entry.facet,
            kind = entry.kind,
            triggers = triggers.join(", "),
            severity = spec.severity,
            risk = spec.risk.words(),
            undo = undo(entry),
            care = spec.care,
            since = spec.since,
        );
        let names: Vec<_> =
            spec.parameters.iter().map(|parameter| format!("`{}`", parameter.name)).collect();
        if !names.is_empty() {
            let _ = writeln!(out, "- **Parameters:** {}", names.join(", "));
        }
    }
}

fn of_reference(out: &mut String) {
    out.push_str(
        "\n## Beside Automated Security Response on AWS\n\nEach control that version 3.1.5 (with the changes of 4.1.0) of AWS's \
         own solution has a remediation for, and what is done more carefully here.\n\n| Control | Here | With care |\n|---|---|---|\n",
    );
    let controls = controls();
    for name in REFERENCE {
        let entries = controls.iter().find(|((_, _, known), _)| known.eq_ignore_ascii_case(name));
        let Some((_, entries)) = entries else {
            let why = WITHOUT.iter().find(|(known, _)| known == name).map(|(_, why)| *why);
            let _ = writeln!(out, "| {name} | – | {} |", why.unwrap_or("missing"));
            continue;
        };
        for entry in entries {
            let how = if is_by_hand(entry) { ", by hand" } else { "" };
            let _ = writeln!(out, "| {name} | `{}`{how} | {} |", entry.spec.id, entry.spec.care);
        }
    }
}

fn of_parameters(out: &mut String) {
    out.push_str(
        "\n## Parameters\n\nOf the stack; the function has them as environment variables.\n\n",
    );
    let mut all: BTreeMap<&str, (&Parameter, Vec<&str>)> = BTreeMap::new();
    for Entry { spec, .. } in catalog::entries() {
        for parameter in spec.parameters {
            all.entry(parameter.name).or_insert((parameter, Vec::new())).1.push(spec.id);
        }
    }
    for (name, (Parameter { default, allowed, about, .. }, ids)) in all {
        let default = if default.is_empty() { "none".into() } else { format!("`{default}`") };
        let ids: Vec<_> = ids.iter().map(|id| format!("`{id}`")).collect();
        let ids = ids.join(", ");
        let _ = writeln!(
            out,
            "- **{name}** (default {default}): {about}. Allowed: {allowed}. For {ids}."
        );
    }
}

fn of_permissions(out: &mut String) {
    out.push_str(
        "\n## Permissions\n\nOf the role that acts by itself, and of whoever takes it back.\n",
    );
    for Entry { spec, reads, also_reads, makes, undoes, .. } in catalog::entries() {
        let _ = writeln!(out, "\n`{}`\n", spec.id);
        for (does, actions) in [("reads", reads), ("also reads", also_reads), ("makes", makes)] {
            let conditions: BTreeSet<_> = actions.iter().map(|action| action.when).collect();
            for when in conditions {
                let under =
                    when.map(|condition| format!(", under the template's condition {condition}"));
                let actions = actions.iter().filter(|action| action.when == when);
                let _ = writeln!(out, "- {does}{}: {}", under.unwrap_or_default(), names(actions));
            }
        }
        if !undoes.is_empty() {
            let _ = writeln!(out, "- takes back: {}", names(undoes.iter()));
        }
    }
}

/// By its name where that is one of AWS's.
fn trigger(trigger: &Trigger) -> String {
    match trigger {
        Trigger::Schedule(_) => trigger.to_string(),
        any if any.is_any_finding() => any.to_string(),
        named => format!("`{}`", named.name()),
    }
}

fn names<'a>(actions: impl Iterator<Item = &'a Action>) -> String {
    let names: BTreeSet<_> = actions.map(|action| format!("`{}`", action.name)).collect();
    names.into_iter().collect::<Vec<_>>().join(", ")
}

#[test]
fn nothing_of_the_reference_is_missing_without_a_reason() {
    let controls = controls();
    let is_there =
        |name: &str| controls.keys().any(|(_, _, known)| known.eq_ignore_ascii_case(name));
    let is_explained = |name: &str| WITHOUT.iter().any(|(known, _)| *known == name);
    let wrong = REFERENCE.iter().filter(|name| is_there(name) == is_explained(name));
    assert_eq!(wrong.collect::<Vec<_>>(), [""; 0].iter().collect::<Vec<_>>());
}

#[test]
fn at_least_eighty_controls_are_put_right() {
    let is_made = |entries: &&Vec<&Entry>| entries.iter().any(|entry| !is_by_hand(entry));
    let made = controls().values().filter(is_made).count();
    assert!(made >= 80, "{made}");
}

#[test]
fn what_is_played_in_the_embedded_aws_exists() {
    let cases = cases();
    let known: BTreeSet<_> = catalog::entries().map(|entry| entry.spec.id).collect();
    let marked = cases.split("@case(\"").skip(1).filter_map(|case| case.split('"').next());
    for id in marked.filter(|id| id.contains('/')) {
        assert!(known.contains(id), "{id}");
    }
}

#[test]
fn what_is_said_to_come_back_does_and_each_card_says_what_is_done_with_care() {
    for entry in catalog::entries() {
        let (id, spec) = (entry.spec.id, &entry.spec);
        match spec.undo {
            Undo::Yes | Undo::Partly(_) => assert!(!entry.undoes.is_empty(), "{id} undoes nothing"),
            Undo::No(why) => assert!(!why.is_empty(), "{id} does not say why"),
            Undo::Nothing => {}
        }
        if !is_by_hand(entry) {
            assert!(!entry.makes.is_empty(), "{id} changes nothing");
        }
        assert!(!spec.care.is_empty() && spec.care.ends_with('.'), "{id}: {}", spec.care);
    }
}

//! What every function has in the template, whatever it repairs.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::Path,
};

use remedy::{Entry, Trigger};

/// The resources of the template by name, as text.
fn resources() -> BTreeMap<String, String> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../template.yaml");
    let text = fs::read_to_string(path).unwrap();
    let (_, resources) = text.split_once("\nResources:\n").unwrap();
    let (resources, _) = resources.split_once("\nOutputs:\n").unwrap();
    let mut all: BTreeMap<String, String> = BTreeMap::new();
    let mut name = String::new();
    for line in resources.lines() {
        let is_name =
            line.starts_with("  ") && line.as_bytes().get(2).is_some_and(u8::is_ascii_uppercase);
        if let Some(named) = line.trim().strip_suffix(':').filter(|_| is_name) {
            named.clone_into(&mut name);
        }
        let block = all.entry(name.clone()).or_default();
        block.push_str(line);
        block.push('\n');
    }
    all
}

/// The first word after `mark`.
fn after<'a>(block: &'a str, mark: &str) -> &'a str {
    let (_, rest) = block.split_once(mark).unwrap_or_else(|| panic!("no {mark} in {block}"));
    let is_part = |c: char| c.is_ascii_alphanumeric() || c == '_';
    rest.split(|c| !is_part(c)).next().unwrap_or_default()
}

/// The resources of this type, as text.
fn of_type<'a>(
    resources: &'a BTreeMap<String, String>,
    kind: &str,
) -> impl Iterator<Item = (&'a str, &'a str)> {
    let is_of = format!("    Type: {kind}\n");
    let all = resources.iter().map(|(name, block)| (name.as_str(), block.as_str()));
    all.filter(move |(_, block)| block.contains(&is_of))
}

/// The function that acts for people: no event starts it, and the remediations of all others are its own to undo.
const RESPOND: (&str, &[Entry]) = ("respond", &[]);
/// The function that tells people: news and all findings start it.
const NOTIFY: (&str, &[Entry]) = ("notify", &[]);
/// The function that reports: a schedule starts it.
const REPORT: (&str, &[Entry]) = ("report", &[]);

/// Each function: its name, its resource's name and text, the remediations it makes.
fn functions(
    resources: &BTreeMap<String, String>,
) -> Vec<(&'static str, &str, &str, &'static [Entry])> {
    let function = |(name, entries): &(&'static str, &'static [Entry])| {
        let uri = format!("CodeUri: dist/x86_64/{name}.zip\n");
        let mut all = of_type(resources, "AWS::Serverless::Function");
        let (resource, block) = all.find(|(_, block)| block.contains(&uri)).unwrap();
        (*name, resource, block, *entries)
    };
    crate::deployed::there().chain([&RESPOND, &NOTIFY, &REPORT]).map(function).collect()
}

#[test]
fn the_templates_functions_are_those_of_the_catalog() {
    let resources = resources();
    let deployed = of_type(&resources, "AWS::Serverless::Function");
    let deployed: BTreeSet<_> = deployed.map(|(_, block)| after(block, "dist/x86_64/")).collect();
    let known = crate::deployed::there().chain([&RESPOND, &NOTIFY, &REPORT]).map(|(name, _)| *name);
    assert_eq!(deployed, known.collect());
    for (name, _, block, _) in functions(&resources) {
        let named = format!("FunctionName: !Sub \"${{AWS::StackName}}-{name}\"\n");
        assert!(block.contains(&named), "{name}");
    }
}

#[test]
fn every_function_has_a_role_and_a_log_of_its_own() {
    let resources = resources();
    let functions = functions(&resources);
    for (kind, mark) in
        [("AWS::IAM::Role", "Role: !GetAtt "), ("AWS::Logs::LogGroup", "LogGroup: !Ref ")]
    {
        let used: Vec<_> = functions.iter().map(|(_, _, block, _)| after(block, mark)).collect();
        let there: BTreeSet<_> = of_type(&resources, kind).map(|(name, _)| name).collect();
        assert_eq!(used.iter().copied().collect::<BTreeSet<_>>(), there, "{kind}");
        assert_eq!(used.len(), there.len(), "{kind}: one each");
    }
    for (name, _, block, _) in &functions {
        let role = &resources[after(block, "Role: !GetAtt ")];
        let policy = format!("- PolicyName: {name}\n");
        assert!(role.contains(&policy) || *name == RESPOND.0, "{name}");
        let log = after(block, "LogGroup: !Ref ");
        assert!(
            role.contains(&format!("Resource: !GetAtt {log}.Arn\n")),
            "{name} writes into {log}"
        );
    }
}

#[test]
fn every_function_knows_all_roles_and_its_own_first() {
    let resources = resources();
    let roles: BTreeSet<_> = of_type(&resources, "AWS::IAM::Role").map(|(name, _)| name).collect();
    for (name, _, block, _) in functions(&resources) {
        let (_, list) = block.split_once("OWN_ROLES: !Join\n").unwrap();
        let lines = list.lines().skip(1).map(str::trim).filter(|line| !line.starts_with('#'));
        let lines = lines.map(|line| line.trim_start_matches("- "));
        let of_members = "!If [ReachesMembers, !Sub \"${MemberRoleName}-undo\", \"\"]";
        let list = lines.map_while(|line| match line == of_members {
            true => Some("MemberRoleName-undo"),
            false => line.strip_prefix("!Ref "),
        });
        let list: Vec<_> = list.collect();
        assert_eq!(list.first(), Some(&after(block, "Role: !GetAtt ")), "{name}");
        let expected = roles.iter().copied().chain(["MemberRoleName", "MemberRoleName-undo"]);
        assert_eq!(list.iter().copied().collect::<BTreeSet<_>>(), expected.collect(), "{name}");
    }
}

#[test]
fn what_starts_a_function_loses_nothing_and_somebody_hears_when_it_fails() {
    let resources = resources();
    let alarms: Vec<_> = of_type(&resources, "AWS::CloudWatch::Alarm").collect();
    let is_watched = |metric: &str, of: &str| {
        let metric = format!("MetricName: {metric}\n");
        alarms.iter().any(|(_, alarm)| alarm.contains(&metric) && alarm.contains(of))
    };
    for (name, resource, block, entries) in functions(&resources) {
        for metric in ["Errors", "Throttles"] {
            assert!(is_watched(metric, &format!("Value: !Ref {resource}}}")), "{name} {metric}");
        }
        let triggers = || entries.iter().flat_map(|entry| entry.spec.triggers);
        let is_schedule = |trigger: &Trigger| matches!(trigger, Trigger::Schedule(_));
        if triggers().any(is_schedule) || name == REPORT.0 {
            let target = format!("Arn: !GetAtt {resource}.Arn\n");
            let mut rules = of_type(&resources, "AWS::Events::Rule");
            let rule = rules.find(|(_, rule)| rule.contains(&target)).map(|(rule, _)| rule);
            let rule = rule.unwrap_or_else(|| panic!("no rule starts {name}"));
            assert!(resources[rule].contains("ScheduleExpression: "), "{rule}");
            let source = format!("SourceArn: !GetAtt {rule}.Arn\n");
            let mut permissions = of_type(&resources, "AWS::Lambda::Permission");
            assert!(permissions.any(|(_, permission)| permission.contains(&source)), "{rule}");
        }
        if !triggers().all(is_schedule) || name == NOTIFY.0 {
            assert!(block.contains("FunctionResponseTypes: [ReportBatchItemFailures]"), "{name}");
            let queue = after(block, "Queue: !GetAtt ");
            let dead = after(&resources[queue], "deadLetterTargetArn: !GetAtt ");
            let oldest = "ApproximateAgeOfOldestMessage";
            assert!(is_watched(oldest, &format!("!GetAtt {queue}.QueueName")), "{queue}");
            assert!(is_watched(oldest, &format!("!GetAtt {dead}.QueueName")), "{dead}");
            let visible = "ApproximateNumberOfMessagesVisible";
            assert!(is_watched(visible, &format!("!GetAtt {dead}.QueueName")), "{dead}");
            // Lambda wants the queue to wait for six time-outs.
            let wait: u32 = after(&resources[queue], "VisibilityTimeout: ").parse().unwrap();
            let timeout =
                block.split_once("\n      Timeout: ").map(|(_, rest)| rest.lines().next());
            let timeout = timeout.flatten().map_or(30, |timeout| timeout.parse().unwrap());
            assert!(wait >= 6 * timeout, "{queue}: {wait}");
        }
    }
}

#[test]
fn every_rule_sends_to_one_queue_that_lets_it() {
    let resources = resources();
    for (rule, block) in of_type(&resources, "AWS::Events::Rule") {
        if !block.contains("EventPattern:") {
            continue;
        }
        let (queue, dead) = (after(block, " Arn: !GetAtt "), after(block, "{Arn: !GetAtt "));
        let allowed = format!("- !GetAtt {rule}.Arn\n");
        for queue in [queue, dead] {
            let policy = &resources[&format!("{queue}Policy")];
            assert!(policy.contains(&allowed), "{queue} refuses {rule}");
        }
        let function = rule.split("Rule").next().unwrap().to_ascii_lowercase();
        let of_function = crate::deployed::there().any(|(name, _)| {
            function.starts_with(name) && block.contains(&format!(" {name} pattern "))
        });
        // It hears of all findings, whoever repairs them.
        assert!(
            of_function || function.starts_with(NOTIFY.0),
            "{rule} has another function's pattern"
        );
    }
}

#[test]
fn every_pattern_has_a_rule_and_every_parameter_reaches_its_function() {
    let resources = resources();
    for (name, _, block, entries) in functions(&resources) {
        for pattern in remedy::patterns(entries).keys() {
            let mark = format!(" {name} pattern {pattern}\n");
            let mut rules = of_type(&resources, "AWS::Events::Rule");
            assert!(rules.any(|(_, rule)| rule.contains(&mark)), "{name} {pattern}");
        }
        let undoes = (name == RESPOND.0).then(catalog::entries).into_iter().flatten();
        for parameter in entries.iter().chain(undoes).flat_map(|entry| entry.spec.parameters) {
            let line = format!(" {}: !Ref {}\n", parameter.variable(), parameter.name);
            assert!(block.contains(&line), "{} does not reach {name}", parameter.name);
        }
    }
}

#[test]
fn the_stack_says_its_version() {
    let version = format!("\n          VERSION: \"{}\"\n", env!("CARGO_PKG_VERSION"));
    assert!(resources()["RespondFunction"].contains(&version), "{version}");
}

#[test]
fn no_function_that_acts_by_itself_may_write_what_people_order() {
    let resources = resources();
    for (name, _, block, _) in functions(&resources) {
        let role = after(block, "Role: !GetAtt ").to_owned();
        let is_denied =
            resources[&role].contains("Sid: NeverOrders\n                Effect: Deny\n");
        assert_eq!(is_denied, name != RESPOND.0, "{name}");
    }
}

//! What of the templates follows from the catalog: the functions that all look the same, who may do what.

mod policies;

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write,
};

use catalog::FUNCTIONS;
use remedy::{Entry, Parameter, patterns};

use crate::generated::laid_out;

pub(crate) use self::policies::{inline, managed};

/// A function of the template that looks like all others, but for what stands here.
const FUNCTION: &str = include_str!("function.yaml");

/// What each of these functions repairs.
const ALIKE: &[(&str, &str)] = &[
    ("audit", "CloudTrail, CloudWatch and AWS Config"),
    ("compute", "Lambda, ECS, ECR, EKS, Step Functions, CodeBuild and CloudFormation"),
    ("data", "DynamoDB, ElastiCache, Redshift, Athena and EFS"),
    ("detect", "GuardDuty, Inspector and Macie"),
    ("ec2", "EC2"),
    ("edge", "load balancers, Auto Scaling, API Gateway and CloudFront"),
    ("iam", "IAM"),
    ("messages", "SNS and SQS"),
    ("rds", "RDS, Neptune and DocumentDB"),
    ("s3", "S3"),
    ("secrets", "KMS, Secrets Manager and Systems Manager"),
];

/// Answers a person who asks for what no function repairs.
const ANSWERS_OTHERS: &str = "ec2";

/// Functions that repair nothing.
pub(crate) const BESIDE: [&str; 3] = ["respond", "notify", "report"];

/// Functions that have something to do.
pub(crate) fn there() -> impl Iterator<Item = &'static (&'static str, &'static [Entry])> {
    FUNCTIONS.iter().filter(|(_, entries)| !entries.is_empty())
}

/// What stands between the marks of the template, by the name of the mark.
pub(crate) fn blocks() -> BTreeMap<String, String> {
    let acting: Vec<&str> = there().map(|(name, _)| *name).collect();
    let by_events: Vec<&str> = acting.iter().copied().filter(|name| *name != "sweep").collect();
    let deciding = || acting.iter().copied().chain(["respond"]);
    let all = || acting.iter().copied().chain(BESIDE.iter().copied());
    let roles = |names: &mut dyn Iterator<Item = &str>| -> String {
        names.fold(String::new(), |out, name| out + &format!("- !Ref {}Role\n", title(name)))
    };
    let mut blocks = BTreeMap::new();
    let mut add = |name: &str, block: String| blocks.insert(name.to_owned(), block);
    add(
        "functions",
        ALIKE
            .iter()
            .filter(|(name, _)| acting.contains(name))
            .map(|(name, what)| section(name, what))
            .collect(),
    );
    add("roles", roles(&mut all()));
    add("roles that repair", roles(&mut by_events.iter().copied()));
    add("roles that note", roles(&mut by_events.iter().copied().chain(["respond"])));
    let arns = by_events.iter().map(|name| format!("- !GetAtt {}Role.Arn\n", title(name)));
    add("arns of roles that repair", arns.collect());
    for name in ["guardduty", "sweep"].into_iter().chain(BESIDE) {
        add(&format!("other roles than {name}"), other_roles(name));
    }
    let queues = |kind: &str| {
        let queue = |name: &&str| format!("{name}=${{{}{kind}}}", title(name));
        by_events.iter().map(queue).collect::<Vec<_>>().join(",")
    };
    add("queues", format!("QUEUES: !Sub \"{}\"\n", queues("Queue")));
    add("dead letters", format!("DEAD_LETTERS: !Sub \"{}\"\n", queues("DeadLetterQueue")));
    let names = by_events.iter().map(|name| format!("- !GetAtt {}Queue.Arn\n", title(name)));
    add("queue names", names.collect());
    add("policy metrics", deciding().map(metric).collect());
    add("all variables", variables(catalog::entries()));
    let undoing: Vec<_> = catalog::entries().flat_map(Entry::undoing).collect();
    add("undoing", managed(&undoing, "RespondPolicy", "RespondRole", None));
    add("parameters", parameters().values().map(parameter).collect());
    let names = parameters().into_keys();
    add("names of parameters", names.fold(String::new(), |out, name| out + "- " + name + "\n"));
    for (function, entries) in there() {
        let acting: Vec<_> = entries.iter().flat_map(Entry::acting).collect();
        add(&format!("{function} policy"), inline(function, &acting));
        for (name, pattern) in patterns(entries) {
            add(&format!("{function} pattern {name}"), laid_out(&pattern, 0));
        }
    }
    blocks
}

/// The blocks of the template for other accounts.
pub(crate) fn member_blocks() -> BTreeMap<String, String> {
    let repairing: Vec<_> = catalog::entries().flat_map(Entry::acting_elsewhere).collect();
    let undoing: Vec<_> = catalog::entries().flat_map(Entry::undoing_elsewhere).collect();
    BTreeMap::from([
        ("repairing".to_owned(), managed(&repairing, "MemberPolicy", "MemberRole", None)),
        ("undoing".to_owned(), managed(&undoing, "UndoPolicy", "UndoRole", Some("Undoes"))),
    ])
}

/// `ec2` is `Ec2` in names of resources.
pub(crate) fn title(name: &str) -> String {
    let mut letters = name.chars();
    letters.next().map(|first| first.to_ascii_uppercase()).into_iter().chain(letters).collect()
}

fn other_roles(than: &str) -> String {
    let all = there().map(|(name, _)| *name).chain(BESIDE);
    let others =
        all.filter(|name| *name != than).map(|name| format!("- !Ref {}Role\n", title(name)));
    let members =
        "- !Ref MemberRoleName\n- !If [ReachesMembers, !Sub \"${MemberRoleName}-undo\", \"\"]\n";
    others.chain([members.to_owned()]).collect()
}

fn section(name: &str, what: &str) -> String {
    let (_, entries) = FUNCTIONS.iter().find(|(known, _)| *known == name).expect("it is one");
    let patterns = patterns(entries);
    let rules: String = patterns.keys().map(|pattern| rule(name, pattern)).collect();
    let rules = format!(
        "  # ---------------------------------------------------------------- {name}: the rules\n\n{rules}"
    );
    let arns = patterns.keys().fold(String::new(), |out, pattern| {
        out + "- !GetAtt " + &rule_name(name, pattern) + ".Arn\n"
    });
    let mut own = variables(entries.iter());
    if name == ANSWERS_OTHERS {
        own = format!(
            "# A person who asks for what no function repairs is told so once, by this one.\n\
             ANSWERS_OTHERS: \"true\"\n{own}"
        );
    }
    let acting: Vec<_> = entries.iter().flat_map(Entry::acting).collect();
    let policy = format!(
        "# The opt-in tag's key is a parameter, and CloudFormation computes no keys of a map: hence policies as text.\n{}",
        inline(name, &acting)
    );
    let text = FUNCTION
        .replace("{other roles}", &indented(&other_roles(name), 14))
        .replace("{variables}", &indented(&own, 10))
        .replace("{policy}\n", &indented(&policy, 8))
        .replace("{rule arns}", &indented(&arns, 18))
        .replace("{rules}", &rules)
        .replace("{Name}", &title(name))
        .replace("{name}", name)
        .replace("{what}", what);
    // The block stands at two spaces, which are put before each line again.
    text.lines()
        .fold(String::new(), |out, line| out + line.strip_prefix("  ").unwrap_or(line) + "\n")
        + "\n"
}

fn indented(text: &str, by: usize) -> String {
    text.lines().fold(String::new(), |out, line| out + &" ".repeat(by) + line + "\n")
}

/// `security-hub-v2-2` of `ec2` is `Ec2SecurityHubV22Rule`.
fn rule_name(function: &str, pattern: &str) -> String {
    let words: String = pattern
        .split('-')
        .map(|word| match word {
            "guardduty" => "GuardDuty".to_owned(),
            "cloudtrail" => "CloudTrail".to_owned(),
            word => title(word),
        })
        .collect();
    format!("{}{words}Rule", title(function))
}

fn rule(function: &str, pattern: &str) -> String {
    let about = match pattern.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('-') {
        "security-hub" => "Security Hub CSPM: findings of the controls that this function repairs",
        "security-hub-config" => {
            "Security Hub CSPM: findings of AWS Config about what this function repairs"
        }
        "guardduty" => "GuardDuty: findings of the types that this function answers",
        "security-hub-guardduty" => "Security Hub CSPM: the same, as GuardDuty passes them on",
        "security-hub-v2-guardduty" => "Security Hub (OCSF): findings of GuardDuty",
        "custom-action" => "Security Hub CSPM: findings that a person selected and sent",
        "config" => "AWS Config: resources that became non-compliant",
        "cloudtrail" => "CloudTrail: successful calls that may have opened something",
        _ if pattern.starts_with("security-hub-v2") => {
            "Security Hub (OCSF): findings of the controls that this function repairs"
        }
        other => panic!("{other} has no description"),
    };
    let (_, entries) = FUNCTIONS.iter().find(|(known, _)| *known == function).expect("it is one");
    let text = laid_out(&patterns(entries)[pattern], 0);
    let (name, title) = (rule_name(function, pattern), title(function));
    format!(
        "  {name}:\n    Type: AWS::Events::Rule\n    Properties:\n      Description: \"{about}\"\n      \
         EventPattern:\n        # {function} pattern {pattern}\n{}      Targets:\n        - Id: queue\n          \
         Arn: !GetAtt {title}Queue.Arn\n          DeadLetterConfig: {{Arn: !GetAtt {title}DeadLetterQueue.Arn}}\n\n",
        indented(&text, 8)
    )
}

fn metric(function: &str) -> String {
    format!(
        "- Id: {function}\n  ReturnData: false\n  MetricStat:\n    Metric:\n      Namespace: Kintsugi\n      \
         MetricName: PolicyUnusable\n      Dimensions: [{{Name: Function, Value: !Ref {}Function}}]\n    \
         Stat: Sum\n    Period: 300\n",
        title(function)
    )
}

/// The environment of a function that makes these.
fn variables<'a>(entries: impl Iterator<Item = &'a Entry>) -> String {
    let parameters: BTreeMap<&str, &Parameter> = entries
        .flat_map(|entry| entry.spec.parameters)
        .map(|parameter| (parameter.name, parameter))
        .collect();
    let line =
        |parameter: &&Parameter| format!("{}: !Ref {}\n", parameter.variable(), parameter.name);
    parameters.values().map(line).filter(|line| !line.starts_with("THREAT_LIST_BUCKET:")).collect()
}

/// The parameters that the template does not have by hand.
fn parameters() -> BTreeMap<&'static str, Parameter> {
    let template = crate::generated::read("template.yaml");
    let (before, rest) = template.split_once("# generated: parameters\n").expect("the block");
    let (_, after) = rest.split_once("# end generated\n").expect("its end");
    let by_hand: BTreeSet<&str> =
        before.lines().chain(after.lines()).filter_map(parameter_name).collect();
    catalog::entries()
        .flat_map(|entry| entry.spec.parameters)
        .filter(|parameter| !by_hand.contains(parameter.name))
        .map(|parameter| (parameter.name, *parameter))
        .collect()
}

/// The name of the resource or parameter that begins in this line.
fn parameter_name(line: &str) -> Option<&str> {
    let name = line.strip_prefix("  ")?.strip_suffix(':')?;
    name.starts_with(|c: char| c.is_ascii_uppercase()).then_some(name)
}

fn parameter(parameter: &Parameter) -> String {
    let Parameter { name, default, allowed, about } = parameter;
    let mut out = format!("{name}:\n  Type: String\n  Default: \"{default}\"\n  Description: >-\n");
    for line in wrapped(&format!("{}. Allowed: {allowed}.", title(about)), 110) {
        let _ = writeln!(out, "    {line}");
    }
    out
}

fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(word),
            Some(line) if line.len() + 1 + word.len() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

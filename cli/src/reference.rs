//! docs/commands.md, from what can be typed.

use std::fmt::Write;

use clap::{Arg, ArgAction, Command};

const HEAD: &str = "# The command line

Generated from the program itself: `make generate` writes it. `kintsugi COMMAND --help` says the same.

Credentials, Region and endpoints are found as the AWS CLI finds them: `--profile`, `--region`, `AWS_PROFILE`,
`AWS_REGION`, `AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT_URL`, ... Without `NO_COLOR` there are colours on a terminal, and nowhere else.
";

const RIGHTS: &str = "
## What it takes

Every command asks AWS who you are, which takes no right. What changes something goes through the stack's function for people, so
it takes the right to invoke that, and no right on any resource.

| Command | IAM actions |
|---|---|
| all but `preview`, `explain`, `policy check`, `rules check`, `completions` | `lambda:GetFunctionConfiguration` on the function `STACK-respond` |
| what changes something: `approve`, `reject`, `undo`, `run`, `pause`, `resume`, `exempt`, `acknowledge`, `policy push`, `rules push`, `rules rollback`, `list add`, `list remove` | `lambda:InvokeFunction` on it, too |
| `status`, `history`, `show`, `undo`, `policy`, `rules`, `report`, `dead-letters explain` | `dynamodb:GetItem` and `dynamodb:Query` on the stack's table and its indexes |
| `report` | also `dynamodb:Scan` on the table |
| `status` | `sqs:GetQueueAttributes` on the stack's queues |
| `list show`, `list why` | `s3:GetObject` and `s3:ListBucket` on the stack's bucket |
| `dead-letters` | `sqs:ReceiveMessage` and `sqs:ChangeMessageVisibility` on the dead-letter queues |
| `dead-letters redrive` | also `sqs:DeleteMessage` on those, and `sqs:SendMessage` on the queues |
| `run --finding` | `securityhub:GetFindings` |
| `preview` | `securityhub:GetFindings`, `config:DescribeComplianceByConfigRule`, `config:GetComplianceDetailsByConfigRule` |
| `preview`, `explain --live` | what remediations read ([docs/remediations.md](remediations.md)); with `--member-role`, `sts:AssumeRole` on that role; where there is a stack, what `status` takes of Lambda and DynamoDB |
";

/// Every command and every option.
pub(crate) fn commands(root: &mut Command) -> String {
    root.build();
    let mut out = HEAD.to_owned();
    if let Some(after) = root.get_after_help() {
        let _ = write!(out, "\n```\n{after}\n```\n");
    }
    out.push_str("\n## With every command\n\n");
    let global = |arg: &&Arg| arg.is_global_set() && !arg.is_hide_set();
    options(&mut out, root.get_arguments().filter(global));
    for command in root.get_subcommands().filter(|command| !command.is_hide_set()) {
        describe(&mut out, command, "kintsugi");
    }
    out + RIGHTS
}

fn describe(out: &mut String, command: &Command, path: &str) {
    let path = format!("{path} {}", command.get_name());
    let depth = path.split(' ').count();
    let _ = write!(out, "\n{} `{path}`\n\n", "#".repeat(depth));
    let about = command.get_long_about().or_else(|| command.get_about());
    let _ = writeln!(out, "{}", about.map(ToString::to_string).unwrap_or_default().trim());
    let own = |arg: &&Arg| !arg.is_global_set() && !arg.is_hide_set() && !is_of_clap(arg);
    let nested = command.has_subcommands();
    if !nested
        || command.get_arguments().any(|arg| own(&arg))
        || !command.is_subcommand_required_set()
    {
        let usage = usage(command, &path);
        let _ = write!(out, "\n```\n{usage}\n```\n");
    }
    if command.get_arguments().any(|arg| own(&arg)) {
        out.push('\n');
        options(out, command.get_arguments().filter(own));
    }
    for command in command.get_subcommands().filter(|command| !command.is_hide_set()) {
        describe(out, command, &path);
    }
}

/// `--help` and its like, which every command has.
fn is_of_clap(arg: &Arg) -> bool {
    matches!(
        arg.get_action(),
        ArgAction::Help | ArgAction::HelpShort | ArgAction::HelpLong | ArgAction::Version
    )
}

fn usage(command: &Command, path: &str) -> String {
    let usage = command.clone().render_usage().to_string();
    let usage = usage.trim_start_matches("Usage:").trim();
    let rest = usage.split_once(command.get_name()).map_or("", |(_, rest)| rest);
    format!("{path}{rest}")
}

fn options<'a>(out: &mut String, arguments: impl Iterator<Item = &'a Arg>) {
    out.push_str("| | |\n|---|---|\n");
    for arg in arguments {
        let mut names = Vec::new();
        names.extend(arg.get_short().map(|short| format!("`-{short}`")));
        let values: Vec<_> =
            arg.get_value_names().unwrap_or_default().iter().map(ToString::to_string).collect();
        let takes = arg.get_action().takes_values() && !values.is_empty();
        let value = if takes { values.join(" ") } else { String::new() };
        match arg.get_long() {
            Some(long) if takes => names.push(format!("`--{long} {value}`")),
            Some(long) => names.push(format!("`--{long}`")),
            None => names.push(format!("`{value}`")),
        }
        let _ = writeln!(out, "| {} | {} |", names.join(", "), about(arg));
    }
}

fn about(arg: &Arg) -> String {
    let about = arg.get_long_help().or_else(|| arg.get_help());
    let about = about.map(ToString::to_string).unwrap_or_default();
    let mut parts = vec![about.replace('\n', " ").replace('|', "\\|")];
    if arg.get_action().takes_values() {
        let possible = arg.get_possible_values();
        let possible: Vec<_> =
            possible.iter().map(|value| format!("`{}`", value.get_name())).collect();
        if !possible.is_empty() {
            parts.push(format!("one of {}", possible.join(", ")));
        }
        let defaults = arg.get_default_values().iter().map(|value| value.to_string_lossy());
        let defaults: Vec<_> = defaults.filter(|value| !value.is_empty()).collect();
        if !defaults.is_empty() {
            parts.push(format!("by default `{}`", defaults.join(" ")));
        }
    }
    if let Some(variable) = arg.get_env() {
        parts.push(format!("environment `{}`", variable.to_string_lossy()));
    }
    parts.join("; ")
}

use clap::CommandFactory;

use super::*;

fn parsed(line: &str) -> Result<Args, String> {
    let words = std::iter::once("kintsugi").chain(line.split_whitespace());
    Args::try_parse_from(words).map_err(|error| error.to_string())
}

#[test]
fn every_argument_is_well_formed() {
    Args::command().debug_assert();
}

#[test]
fn what_people_type_is_understood() {
    for line in [
        "status",
        "status --json --region eu-west-1 --profile ops --stack mender",
        "--json status",
        "preview",
        "preview --html a.html --csv a.csv --set Mode=dry-run --set KeepOpenPorts=80,443 --policies p.cedar",
        "preview --exit-code --member-role KintsugiMember",
        "explain --event e.json",
        "explain --event - --state s.json --at 2026-11-20T12:00:00Z",
        "explain --event e.json --live --save-state s.json",
        "history",
        "history --resource sg-1 --days 30 --outcome not-fixed --limit 5",
        "show k-0123456789ab",
        "show k-0123456789ab.2",
        "approve k-0123456789ab --why reviewed",
        "reject k-0123456789ab --days 7",
        "undo k-0123456789ab -y",
        "run k-0123456789ab",
        "run --finding arn:aws:securityhub:eu-west-1:111122223333:security-control/EC2.13/finding/a",
        "pause",
        "pause ec2/close_world_ingress --for 2h --why release",
        "pause --until 2027-03-31",
        "resume ec2/close_world_ingress --account 111122223333",
        "exempt sg-1 --until 2027-03-31",
        "exempt sg-1 --days 30 --why migration",
        "exempt sg-1 --end",
        "policy show",
        "policy show --version 3",
        "policy show --parameters",
        "policy check p.cedar",
        "policy diff p.cedar --exit-code",
        "policy push p.cedar --why more --yes",
        "policy test c.json --policies p.cedar",
        "rules check r.toml",
        "rules show",
        "rules show --version 3",
        "rules push r.toml --why more --yes",
        "rules history",
        "rules rollback 3 --yes",
        "rules explain e.json --rules r.toml",
        "rules explain --record k-0123456789ab",
        "acknowledge c-0123456789ab --why mine",
        "acknowledge k-0123456789ab.2",
        "report",
        "report --out monday --weeks 4 --open html",
        "list show",
        "list why 198.51.100.10",
        "list add 198.51.100.10 bad.example --why scan",
        "list remove 198.51.100.10",
        "dead-letters",
        "dead-letters list",
        "dead-letters explain 1 2",
        "dead-letters redrive --all --yes",
        "dead-letters redrive 1 abcd1234",
        "completions zsh",
        "reference",
    ] {
        assert!(parsed(line).is_ok(), "{line}: {}", parsed(line).unwrap_err());
    }
}

#[test]
fn what_means_nothing_is_refused_with_what_to_write_instead() {
    for (line, said) in [
        ("show 42", "k- and twelve hexadecimal digits"),
        ("show k-0123456789AB", "k- and twelve hexadecimal digits"),
        ("show k-0123456789ab.x", "k- and twelve hexadecimal digits"),
        ("run", "required"),
        ("run k-0123456789ab --finding arn", "cannot be used with"),
        ("explain", "--event"),
        ("explain --event e --live --state s", "cannot be used with"),
        ("explain --event e --save-state s", "--live"),
        ("explain --event e --at 2026-11-20", "2027-03-31T12:00:00Z"),
        ("preview --set Mode", "write NAME=VALUE"),
        ("pause --for 2", "30m, 2h, 3d or 1w"),
        ("pause --for 0h", "at least 1m"),
        ("pause --for 99999999999999d", "at most ten years"),
        ("pause --for 2h --until 2027-03-31", "cannot be used with"),
        ("pause --until tomorrow", "write a day like 2027-03-31"),
        ("resume --account 12", "twelve digits"),
        ("exempt sg-1", "required"),
        ("exempt sg-1 --days 3 --end", "cannot be used with"),
        ("exempt sg-1 --days 0", "0 is not in"),
        ("history --outcome done", "possible values: fixed, partial"),
        ("history --limit 0", "0 is not in"),
        ("dead-letters redrive", "required"),
        ("dead-letters redrive 1 --all", "cannot be used with"),
        ("list add", "required"),
        ("rules explain", "required"),
        ("rules explain e.json --record k-0123456789ab", "cannot be used with"),
        ("rules rollback", "required"),
        ("acknowledge c-0123", "such as c-0123456789ab"),
        ("acknowledge c-0123456789ab.2", "such as c-0123456789ab"),
        ("report --weeks 54", "54 is not in 1..=53"),
        ("report --open pdf", "possible values: csv, json, html"),
        ("policy show --version 1 --parameters", "cannot be used with"),
        ("undo k-0123456789ab --force", "unexpected argument"),
        ("", "Usage"),
    ] {
        let refused = parsed(line).map(|_| line).unwrap_err();
        assert!(refused.contains(said), "{line}: {refused}");
    }
}

#[test]
fn a_day_lasts_to_its_end_and_a_time_is_a_time() {
    let until = |line| match parsed(line).map(|args| args.command) {
        Ok(Command::OfStack(OfStack::Exempt(Exempt { end, .. }))) => {
            end.until.map(|at| at.to_rfc3339())
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(
        until("exempt sg-1 --until 2027-03-31").as_deref(),
        Some("2027-04-01T00:00:00+00:00")
    );
    assert_eq!(
        until("exempt sg-1 --until 2027-03-31T12:00:00+02:00").as_deref(),
        Some("2027-03-31T10:00:00+00:00")
    );
}

#[test]
fn docs_commands_md_is_in_step_with_what_can_be_typed() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../docs/commands.md");
    let expected = crate::reference::commands(&mut Args::command());
    if std::env::vars_os().any(|(name, _)| name == "UPDATE") {
        std::fs::write(&path, &expected).unwrap();
    }
    let there = std::fs::read(&path).unwrap_or_default();
    assert!(
        there == expected.as_bytes(),
        "docs/commands.md is not in step with the command line: run `make generate` and look at the \
         difference"
    );
}

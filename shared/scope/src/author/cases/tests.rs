use super::*;

const POLICIES: &str = r#"
@id("opted-in") @mode("enforce")
permit (principal, action, resource)
when { resource.hasTag("Auto") && resource.getTag("Auto") == "True" };

@id("owned-by-others")
forbid (principal, action, resource) when { resource.owner != "none" };

@id("databases-ask-first") @mode("approve")
permit (principal, action in Action::"rds", resource)
when { context.severity >= 70 && resource.hasTag("env") && resource.getTag("env") == "prod" };

@id("at-night") @mode("enforce") @window("22:00-05:00")
permit (principal, action in Action::"interrupts", resource) when { resource.hasTag("Auto") };

@id("look-only") @mode("dry-run")
permit (principal, action, resource) when { resource.region == "us-east-1" || !resource.tagged };
"#;

fn run(cases: &str) -> Vec<Outcome> {
    let risk_of = |id: &str| match id {
        "rds/encrypt" | "ec2/stop" => Some(Risk::Interrupts),
        "ec2/close" => Some(Risk::Safe),
        _ => None,
    };
    let cases = Cases::parse(&format!("{{\"cases\": [{cases}]}}")).unwrap();
    cases.run(&Scope::load(POLICIES).unwrap(), risk_of)
}

#[test]
fn a_case_passes_if_the_policies_say_what_it_expects() {
    for case in [
        r#""remediation": "rds/encrypt", "resource": {"type": "AWS::RDS::DBInstance", "id": "db-1",
           "account": "111122223333", "region": "eu-west-1", "owner": "none", "tags": {"env": "prod"}},
           "finding": {"trigger": "RDS.2", "severity": "HIGH", "source": "security-hub"},
           "asked_by": null, "at": "2026-11-24T23:00:00Z",
           "expect": "approve", "policies": ["databases-ask-first"]"#,
        r#""remediation": "ec2/close", "resource": {"tags": {"Auto": "True"}}, "expect": "enforce""#,
        r#""remediation": "ec2/close", "expect": "out-of-scope", "policies": []"#,
        r#""remediation": "ec2/close", "resource": {"tags": null}, "expect": "dry-run""#,
        r#""remediation": "ec2/close", "resource": {"owner": "eks", "tags": {"Auto": "True"}},
           "expect": "forbid", "policies": ["owned-by-others"]"#,
        r#""remediation": "ec2/stop", "resource": {"tags": {"Auto": "True"}},
           "expect": "window", "policies": ["at-night"]"#,
        r#""remediation": "ec2/stop", "resource": {"tags": {"Auto": "True"}}, "at": "2026-11-24T23:00:00Z",
           "expect": "enforce", "policies": ["at-night", "opted-in"]"#,
        r#""remediation": "rds/encrypt", "resource": {"tags": {"env": "prod"}},
           "finding": {"severity": "LOW"}, "expect": "out-of-scope""#,
    ] {
        let outcomes = run(&format!("{{\"name\": \"it\", {case}}}"));
        assert_eq!(outcomes[0].failure, None, "{case}");
        assert!(outcomes[0].passed() && outcomes[0].to_string() == "passed: it");
    }
}

#[test]
fn a_case_that_fails_says_what_came_instead() {
    for (case, expected) in [
        (
            r#""remediation": "ec2/close", "expect": "enforce""#,
            "expected enforce, came out-of-scope by no policy; the tag Auto=True would bring it in (opted-in)",
        ),
        (
            r#""remediation": "ec2/close", "resource": {"tags": {"Auto": "True"}}, "expect": "forbid",
               "policies": ["b", "a", "b"]"#,
            "expected forbid by a, b, came enforce by opted-in",
        ),
        (
            r#""remediation": "ec2/close", "resource": {"tags": {"Auto": "True"}}, "expect": "enforce",
               "policies": []"#,
            "expected enforce by no policy, came enforce by opted-in",
        ),
        (r#""remediation": "ec2/clos", "expect": "forbid""#, "there is no remediation ec2/clos"),
    ] {
        let outcomes = run(&format!("{{\"name\": \"it\", {case}}}"));
        assert_eq!(outcomes[0].to_string(), format!("failed: it: {expected}"));
    }
}

#[test]
fn a_file_that_cannot_be_read_says_where() {
    let case = |more: &str| {
        format!(
            "{{\"cases\": [{{\"name\": \"it\", \"remediation\": \"a/b\",\n{more}\n\"expect\": \"forbid\"}}]}}"
        )
    };
    for (json, expected) in [
        (String::new(), "EOF while parsing a value at line 1 column 0"),
        ("{}".into(), "missing field `cases` at line 1 column 2"),
        (case("\"polices\": [],"), "unknown field `polices`, expected one of"),
        (case("\"resource\": {\"tag\": {}},"), "unknown field `tag`, expected one of"),
        (
            case("\"resource\": {\"owner\": \"ekss\"},"),
            "unknown owner `ekss`, expected none or one of",
        ),
        (case("\"finding\": {\"severity\": \"BAD\"},"), "unknown variant `BAD`, expected one of"),
        (case("\"at\": \"today\","), "input contains invalid characters at line 2"),
        (case("").replace("forbid", "forbidden"), "unknown variant `forbidden`, expected one of"),
    ] {
        let error = Cases::parse(&json).unwrap_err();
        assert!(error.starts_with(expected) && error.contains(" at line "), "{error}");
    }
    let none = Cases::parse("{\"cases\": []}").unwrap();
    assert_eq!((none.is_empty(), none.len()), (true, 0));
}

#[test]
fn noon_is_a_tuesdays() {
    assert_eq!(noon().to_rfc2822(), "Tue, 24 Nov 2026 12:00:00 +0000");
}

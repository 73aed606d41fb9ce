use super::*;

#[test]
fn a_prompt_has_what_is_listed_and_names_nothing() {
    let said = fields_of(&prompt(&news(), Some(&finding())));
    assert_eq!(
        Value::Object(said),
        json!({
            "title": "Security groups should not allow ingress from 0.0.0.0/0 or ::/0 to port 22",
            "description": "This control checks whether a security group is open to the world.",
            "control": "EC2.13",
            "resource_type": "security group",
            "severity": "HIGH",
            "planned": [
                "close world ingress",
                "revoke tcp/22 from 0.0.0.0/0",
                "revoke tcp/22 from [address]",
            ],
            "held": ["a person should look first: [resource] is used by [resource]"],
        })
    );
}

#[test]
fn without_a_finding_the_news_is_asked_about() {
    let said = fields_of(&prompt(&news(), None));
    assert_eq!(said["title"], "Security Hub control EC2.13 (HIGH): open to the world");
    assert_eq!(said.get("description"), None);
}

#[test]
fn findings_in_ocsf_are_read_too() {
    let finding = json!({
        "finding_info": { "title": "An API was called from 192.0.2.60 by bob", "desc": "By bob.", "uid": "x" },
        "resources": [{ "type": "AWS::IAM::User", "name": "bob", "tags": [{ "name": "k", "value": "green" }] }],
        "cloud": { "account": { "uid": "111122223333" }, "region": "eu-west-1" },
    });
    let news = News { kind: String::new(), ..news() };
    let said = fields_of(&prompt(&news, Some(&finding)));
    assert_eq!(said["title"], "An API was called from [address] by [resource]");
    assert_eq!(said["description"], "By [resource].");
    assert_eq!(said["resource_type"], "AWS::IAM::User");
}

#[test]
fn what_names_something_is_replaced_by_its_look_alone() {
    for (text, said) in [
        ("role arn:aws:iam::123456789012:role/Admin of", "role [arn] of"),
        ("account 123456789012.", "account [account]"),
        ("bucket-123456789012-logs", "[resource]"),
        ("sg-0123456789abcdef0 and vpc-1a2b3c4d", "[resource] and [resource]"),
        ("from 10.1.2.3, 10.0.0.0/8 and 10.9.8.7:443", "from [address], [address] and [address]"),
        ("from 2001:db8::1, 2001:db8::/32 and fe80::", "from [address], [address] and [address]"),
        ("from 10.1.2.3-10.1.2.9", "from [address]"),
        ("ip-10-1-2-3 calls", "[address] calls"),
        ("0a:1b:2c:3d:4e:5f is it", "[address] is it"),
        ("to 0.0.0.0/0 and ::/0", "to 0.0.0.0/0 and ::/0"),
        ("key AKIAIOSFODNN7EXAMPLE of", "key [resource] of"),
        ("by alice@example.com", "by [person]"),
        ("see https://intranet/x?y=z", "see [url]"),
        ("host db.prod.example.com:5432", "host [host]"),
        ("bucket.s3.amazonaws.com", "[host]"),
        ("0f8fad5b-d9cb-469f-a165-70867728950e", "[resource]"),
        ("the user \"carol\" and `dave`", "the user \"[name]\" and `[name]`"),
        ("EC2.13, EC2.1 and S3.8 fail", "EC2.13, EC2.1 and S3.8 fail"),
        ("UnauthorizedAccess:EC2/SSHBruteForce!DNS", "UnauthorizedAccess:EC2/SSHBruteForce!DNS"),
        ("TLS 1.2 on port 22, e.g. tcp/22", "TLS 1.2 on port 22, e.g. tcp/22"),
    ] {
        let finding = json!({ "Title": "t", "Description": text });
        let prompt = prompt(&news(), Some(&finding));
        let shown = fields_of(&prompt)["description"].as_str().unwrap().to_owned();
        assert_eq!(shown.trim_end_matches('.'), said.trim_end_matches('.'), "{text}");
    }
}

#[test]
fn of_our_own_lines_only_plain_words_leave() {
    for (line, said) in [
        ("attach policy Alice-Admin to role payments_rw", "attach policy [name] to role [name]"),
        ("set versioning on for S3 (EC2.13)", "set versioning on for [name] (EC2.13)"),
        ("revoke tcp/20-21 and udp/all from AWS", "revoke tcp/20-21 and udp/all from AWS"),
        ("record k-0123456789ab asks at 2026-11-20", "record [resource] asks at [name]"),
    ] {
        let news = News { sections: vec![section("Would change:", &[line])], ..news() };
        assert_eq!(fields_of(&prompt(&news, None))["planned"][1], said);
    }
}

#[test]
fn rules_that_people_named_are_not_told() {
    let news = News {
        trigger: "payments-open-ports".into(),
        sections: vec![section("Because of Config rule payments-open-ports (HIGH): open", &[])],
        ..news()
    };
    let said = fields_of(&prompt(&news, None));
    assert_eq!(said.get("control"), None);
    assert_eq!(said["title"], "Config rule [resource] (HIGH): open");
}

#[test]
fn hostile_findings_stay_behind_the_fence() {
    for text in HOSTILE {
        let finding = json!({
            "Title": text, "Description": text.repeat(400),
            "Compliance": { "SecurityControlId": text },
            "Resources": [{ "Type": text, "Id": text }],
        });
        let news = News {
            trigger: (*text).into(),
            kind: (*text).into(),
            sections: vec![
                section("Would change:", &[*text; 40]),
                section("Left alone:", &[*text; 40]),
            ],
            ..news()
        };
        let prompt = prompt(&news, Some(&finding));
        let said = kept_in_shape(&prompt);
        assert!(!said.contains(['\u{202e}', '\u{200b}', '\u{e0049}']), "{said}");
    }
}

#[test]
fn what_is_too_long_is_dropped_before_it_is_sent() {
    let wide = "\u{10fffd}<&>".repeat(1_000);
    let wide = wide.replace('\u{10fffd}', "\u{4e16}\u{754c} ");
    let finding = json!({ "Title": wide, "Description": wide });
    let news = News { sections: vec![section("Would change:", &[wide.as_str(); 40])], ..news() };
    kept_in_shape(&prompt(&news, Some(&finding)));
}

#[test]
fn a_finding_of_any_json_is_no_trouble() {
    for finding in [json!(null), json!([]), json!("text"), json!({ "Title": 1, "Resources": {} })] {
        kept_in_shape(&prompt(&news(), Some(&finding)));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn nothing_but_the_listed_fields_leaves_the_account(marks in proptest::collection::vec(mark(), 24)) {
        let m = |nth: usize| marks[nth].clone();
        let named = News {
            case: m(0), trigger: m(1), id: m(2), label: Some(m(3)), resource: m(4),
            place: Some(Place { partition: "aws".into(), account: m(5), region: "eu-west-1".into() }),
            link: Some(m(6)), tags: BTreeMap::from([(m(7), m(8))]), record: Some(m(9)),
            findings: vec![Finding::Ocsf { uid: m(10) }], headline: m(11), outcome: m(12),
            sections: vec![section("Changed:", &[&m(13)]), section("Because", &[&m(14)])],
            ..news()
        };
        // What names something stands in what is told, too.
        let all = (0..11).chain(15..24).map(m).collect::<Vec<_>>().join(" is not ");
        let finding = json!({
            "Title": all, "Description": format!("It is {all}."),
            "Id": m(15), "AwsAccountId": m(16), "AwsAccountName": m(17),
            "ProductFields": { "aws/x": m(18) }, "UserDefinedFields": { m(19): "x" },
            "Resources": [{
                "Type": "AwsEc2Instance", "Id": m(20), "Tags": { "Type": m(21), m(22): "on" },
                "Details": { "Other": { "Name": [m(23)] } },
            }],
            "Note": { "Text": "for internal eyes" },
        });
        let said = kept_in_shape(&prompt(&named, Some(&finding))).to_lowercase();
        for mark in &marks {
            let name = mark.rsplit(['/', '@']).next().unwrap().to_lowercase();
            prop_assert!(!said.contains(&mark.to_lowercase()), "{mark}: {said}");
            prop_assert!(!said.contains(&name) || name == "corp.test", "{name}: {said}");
        }
        for kept in ["zq", "corp.test", "arn:", "444455556666", "internal"] {
            prop_assert!(!said.contains(kept), "{kept}: {said}");
        }
    }

    #[test]
    fn whatever_a_finding_says_the_prompt_keeps_its_shape(
        title in any::<String>(), description in ".{0,3000}", line in any::<String>(), nth in 0..HOSTILE.len(),
    ) {
        let finding = json!({ "Title": format!("{title}{}", HOSTILE[nth]), "Description": description });
        let news = News { sections: vec![section("Would change:", &[line.as_str(); 9])], ..news() };
        kept_in_shape(&prompt(&news, Some(&finding)));
    }
}

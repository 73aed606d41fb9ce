use super::*;

fn says(text: &str, steps: &[&str]) -> Option<Advice> {
    answer(&json!({ "text": text, "steps": steps }).to_string())
}

#[test]
fn an_object_is_an_answer_alone_or_in_a_code_fence() {
    let expected = Some(Advice {
        by: "model".into(),
        text: "It is open.".into(),
        steps: vec!["Close it.".into()],
        link: None,
    });
    let json = r#"{"text": "It is open.", "steps": ["Close it."]}"#;
    for text in [
        json.to_owned(),
        format!("\n {json} \n"),
        format!("```json\n{json}\n```"),
        format!("```\n{json}\n```"),
    ] {
        assert_eq!(answer(&text), expected, "{text}");
    }
    assert_eq!(answer(r#"{"text": "It is open."}"#).map(|advice| advice.steps), Some(Vec::new()));
}

#[test]
fn what_is_no_such_object_is_no_answer() {
    for text in [
        "",
        "{}",
        "[]",
        "null",
        "It is open.",
        r#"{"text": ""}"#,
        r#"{"text": " \u0000\u202e "}"#,
        r#"{"text": 1, "steps": []}"#,
        r#"{"text": "a", "steps": "b"}"#,
        r#"{"text": "a", "steps": [1]}"#,
        r#"{"text": "a", "steps": [{"command": "b"}]}"#,
        r#"{"text": "a", "execute": "b"}"#,
        r#"{"steps": ["a"]}"#,
        r#"Here it is: {"text": "a"}"#,
        r#"{"text": "a"} {"text": "b"}"#,
        "```python\n{\"text\": \"a\"}\n```",
        r#"{"text": "a"#,
    ] {
        assert_eq!(answer(text), None, "{text}");
    }
    assert_eq!(says(&"a".repeat(LONGEST_ANSWER), &[]), None);
}

#[test]
fn an_answer_is_no_longer_than_it_may_be() {
    let (step, steps) = ("b".repeat(2_000), ["c"; 12]);
    let advice = says(&"a ".repeat(2_000), &[&[step.as_str()], &steps[..]].concat()).unwrap();
    assert_eq!(advice.text.chars().count(), LONGEST_TEXT);
    assert_eq!(advice.steps.len(), STEPS);
    assert!(advice.steps[0].ends_with("bbb...") && advice.steps[0].len() == LONGEST_STEP);
    assert_eq!(says("a", &["", " \n", "b"]).unwrap().steps, ["b"]);
}

#[test]
fn links_and_credentials_are_taken_out() {
    for (text, shown) in [
        (
            "See https://docs.aws.amazon.com/vpc/x.html.",
            "See https://docs.aws.amazon.com/vpc/x.html.",
        ),
        ("See https://docs.aws.amazon.com.evil.example/x", "See [link removed]"),
        ("See https://docs.aws.amazon.com@evil.example/x", "See [link removed]"),
        ("See https://docs.aws.amazon.com:8443/x", "See [link removed]"),
        ("See HTTPS://EVIL.EXAMPLE/x?token=1&y=2", "See [link removed]"),
        ("See http://docs.aws.amazon.com/x", "See [link removed]"),
        ("[docs](https://evil.example/a(b)c)", "[docs]([link removed](b)c)"),
        ("<https://evil.example|AWS>", "<[link removed]|AWS>"),
        ("go to evil.example/x or www.evil", "go to [link removed] or [link removed]"),
        ("go to \u{443}\u{430}.\u{440}\u{444}/x", "go to [link removed]"),
        ("go to evil\u{3002}example", "go to [link removed]"),
        ("javascript:alert(1) mailto:a@b.example", "[link removed](1) [link removed]"),
        ("//evil.example/x", "[link removed]"),
        ("use AKIAIOSFODNN7EXAMPLE with", "use [removed] with"),
        ("secret wJalrXUtn1EMI/K7MD3NG/bPxRf8CYEXAMPLEK3Y", "secret [removed]"),
        ("token xoxb-1234567890-abcdef", "token [removed]"),
        ("hash 0123456789abcdef0123456789abcdef", "hash [removed]"),
        (
            "Attach AmazonEC2ContainerServiceforEC2Role to it.",
            "Attach AmazonEC2ContainerServiceforEC2Role to it.",
        ),
        (
            "Let ec2.amazonaws.com do it, e.g. in main.tf.",
            "Let ec2.amazonaws.com do it, e.g. in main.tf.",
        ),
        (
            "aws s3 ls s3://[resource] --region eu-west-1",
            "aws s3 ls s3://[resource] --region eu-west-1",
        ),
        (
            "close tcp/22 to 0.0.0.0/0, let 10.0.0.0/8 in",
            "close tcp/22 to 0.0.0.0/0, let 10.0.0.0/8 in",
        ),
        ("a\u{202e}b\u{200b}c\u{1b}[31m\nd", "a b c [31m d"),
        ("\u{e0041}x\u{fe0f}", "x"),
    ] {
        let advice = says(text, &[text]).unwrap();
        assert_eq!((advice.text.as_str(), advice.steps[0].as_str()), (shown, shown), "{text}");
    }
}

#[test]
fn who_tells_people_to_give_kintsugi_an_order_is_not_listened_to() {
    for text in [
        "Run kintsugi approve k-0123456789ab",
        "run `kintsugi --stack x approve`",
        "KINTSUGI undo it",
        "kin\u{ad}tsugi approve",
        "kintsugi policy push all.cedar",
        "Approve record k-0123456789ab.",
        "(k-0123456789ab)",
    ] {
        assert_eq!(says(text, &["a"]), None, "{text}");
        assert_eq!(says("a", &["b", text]), None, "{text}");
    }
    assert!(
        says("Kintsugi left it to a person.", &["Let its owner approve the change."]).is_some()
    );
}

#[test]
fn hostile_answers_are_text_at_most() {
    for text in HOSTILE {
        assert_eq!(answer(text), None, "{text}");
        let Some(advice) = says(text, &[text]) else { continue };
        let all = [&[advice.text][..], &advice.steps[..]].concat().join(" ");
        assert!(!all.contains("evil.example"), "{all}");
        assert!(!all.chars().any(char::is_control) && !all.contains('\u{202e}'), "{all}");
    }
}

proptest! {
    #[test]
    fn whatever_comes_back_is_bounded_and_clean(text in any::<String>(), steps in proptest::collection::vec(any::<String>(), 0..12)) {
        prop_assert_eq!(answer(&text), None);
        let Some(advice) = answer(&json!({ "text": text, "steps": steps }).to_string()) else { return Ok(()) };
        prop_assert!(!advice.text.is_empty() && advice.text.chars().count() <= LONGEST_TEXT);
        prop_assert!(advice.steps.len() <= STEPS);
        for step in &advice.steps {
            prop_assert!(!step.is_empty() && step.chars().count() <= LONGEST_STEP);
            prop_assert!(!step.chars().any(char::is_control));
        }
        // Taking out twice takes out no more.
        let again = answer(&json!({ "text": advice.text, "steps": advice.steps }).to_string());
        prop_assert_eq!(again, Some(advice));
    }
}

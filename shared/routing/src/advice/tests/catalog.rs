use super::*;

const PAGE: &str = "https://docs.aws.amazon.com/console/securityhub/EC2.13/remediation";

fn by_hand() -> News {
    let make = Section {
        commands: true,
        ..section("To do it by hand:", &["aws ec2 revoke-a", "aws ec2 revoke-b"])
    };
    let left = "- it is left to a person: who uses it must move first";
    let because = section("Nothing was changed, because:", &[left, "- this is a dry run"]);
    News { sections: vec![because, make], ..news() }
}

#[test]
fn what_the_catalog_says_comes_first() {
    let advice = catalog_words(&by_hand(), Some(&finding())).unwrap();
    assert_eq!(
        advice,
        Advice {
            by: "catalog".into(),
            text: "Who uses it must move first".into(),
            steps: vec!["aws ec2 revoke-a".into(), "aws ec2 revoke-b".into()],
            link: Some(PAGE.into()),
        }
    );
    let mut news = by_hand();
    news.sections.remove(0);
    assert_eq!(catalog_words(&news, None).unwrap().text, "To do it by hand.");
}

#[test]
fn where_the_catalog_is_silent_aws_is_heard() {
    let silent = News { sections: Vec::new(), ..news() };
    let advice = catalog_words(&silent, Some(&finding())).unwrap();
    assert_eq!((advice.by.as_str(), advice.link.as_deref()), ("AWS", Some(PAGE)));
    assert!(advice.text.starts_with("For information on how to correct"), "{}", advice.text);
    assert_eq!(catalog_words(&silent, None), None);

    let ocsf = json!({
        "metadata": { "product": { "uid": "arn:aws:securityhub:eu-west-1::productv2/aws/guardduty" } },
        "remediation": { "desc": "Consult it.", "references": [PAGE] },
    });
    let advice = catalog_words(&silent, Some(&ocsf)).unwrap();
    assert_eq!((advice.text.as_str(), advice.link.as_deref()), ("Consult it.", Some(PAGE)));
}

#[test]
fn nobody_else_speaks_for_aws() {
    let silent = News { sections: Vec::new(), ..news() };
    for product in [
        "arn:aws:securityhub:eu-west-1:111122223333:product/111122223333/default",
        "arn:aws:securityhub:eu-west-1::product/somebody/product/aws/x",
        "product/aws/securityhub",
        "",
    ] {
        let mut finding = finding();
        finding["ProductArn"] = product.into();
        let advice = catalog_words(&silent, Some(&finding)).unwrap();
        assert_eq!(advice.text, "AWS describes what to do about it.", "{product}");
        finding["Remediation"]["Recommendation"]["Url"] = "https://evil.example/".into();
        assert_eq!(catalog_words(&silent, Some(&finding)), None, "{product}");
    }
}

#[test]
fn how_to_take_something_back_is_no_advice() {
    let back = Section { commands: true, ..section("Or by hand:", &["aws ec2 authorize"]) };
    assert_eq!(catalog_words(&News { sections: vec![back], ..news() }, None), None);
}

#[test]
fn a_command_is_shown_whole_or_not_at_all() {
    let (long, short) = ("x".repeat(LONGEST_STEP + 1), "y".repeat(LONGEST_STEP));
    let lines = [&[long.as_str(), &short][..], &["z"; 10]].concat();
    let news = News { sections: vec![section("To do it by hand:", &lines)], ..news() };
    let steps = catalog_words(&news, None).unwrap().steps;
    assert_eq!(steps.len(), STEPS);
    assert_eq!(steps[0], "a command that is too long for here; the record has it");
    assert_eq!(steps[1], short);
    assert_eq!(steps[STEPS - 1], "... and 5 more, in the record");
}

#[test]
fn only_pages_of_aws_are_linked() {
    for link in [
        PAGE,
        "https://docs.aws.amazon.com",
        "https://aws.amazon.com/security/x?y=z#a",
        "https://docs.amazonaws.cn/x",
    ] {
        assert_eq!(page(link).as_deref(), Some(link));
    }
    let long = format!("https://docs.aws.amazon.com/{}", "x".repeat(500));
    for link in [
        "http://docs.aws.amazon.com/x",
        "https://docs.aws.amazon.com.evil.example/x",
        "https://evil.example/docs.aws.amazon.com",
        "https://docs.aws.amazon.com@evil.example/",
        "https://docs.aws.amazon.com\\@evil.example/",
        "https://docs.aws.amazon.com:443/",
        "https://docs.aws.amazon.com/<b>",
        "https://docs.aws.amazon.com/a b",
        "https://bucket.s3.amazonaws.com/x",
        "javascript:alert(1)",
        "",
        &long,
    ] {
        assert_eq!(page(link), None, "{link}");
    }
}

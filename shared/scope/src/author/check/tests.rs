use proptest::prelude::*;

use super::*;

const ACTIONS: &[(&str, Risk)] =
    &[("rds/encrypt", Risk::Interrupts), ("ec2/close_world_ingress", Risk::MayInterrupt)];

fn problems(text: &str) -> Vec<String> {
    check(text, ACTIONS)
        .map_or_else(|problems| problems.iter().map(ToString::to_string).collect(), |_| Vec::new())
}

fn when(condition: &str) -> String {
    format!(
        "@id(\"a\") @mode(\"enforce\")\npermit (principal, action, resource)\nwhen {{ {condition} }};\n"
    )
}

/// Annotations and a head that are as they should be.
const ANNOTATED: &str = "@id(\"a\") @mode(\"enforce\")";
const ANY: &str = "permit (principal, action, resource)";

fn policy(annotations: &str, head: &str) -> String {
    format!("{annotations}\n{head};")
}

#[test]
fn what_is_not_cedar_is_told_with_its_place() {
    for (text, expected) in [
        ("permit".into(), "1:7: unexpected end of input: expected `(`"),
        (
            when("resource.owner = \"x\""),
            "3:8: '=' is not a valid operator in Cedar; try using '==' instead",
        ),
        (policy("@id(\"a\" @mode(\"enforce\")", ANY), "1:9: unexpected token `@`: expected `)`"),
        (
            policy(ANNOTATED, "allow (principal, action, resource)"),
            "2:1: invalid policy effect: allow; effect must be either `permit` or `forbid`",
        ),
        (
            format!("{ANNOTATED}\n{ANY}"),
            "2:37: unexpected end of input: expected `;` or identifier",
        ),
        (
            policy("@id(\"a\") @mode(\"enforce\") @id(\"b\")", ANY),
            "1:27: duplicate annotation: @id",
        ),
        (
            policy(ANNOTATED, "permit (principal == ?principal, action, resource)"),
            "2:22: expected a static policy, got a template containing the slot ?principal; try removing \
             the template slot(s) from this policy",
        ),
        (
            when(&"(".repeat(20)),
            "3:23: more than 16 brackets within each other; split the policy in two",
        ),
    ] {
        assert_eq!(problems(&text), [expected], "{text}");
    }
}

#[test]
fn a_wrong_annotation_is_told_with_its_place_and_a_hint() {
    for (text, expected) in [
        (
            policy("@mode(\"enforce\")", ANY),
            "1:1: a policy without @id; write one before it, such as @id(\"opted-in\")",
        ),
        (
            policy("@id(\"a b\") @mode(\"enforce\")", ANY),
            "1:1: \"a b\" cannot be an id; 1 to 64 letters, digits, dots, dashes and underscores",
        ),
        (
            policy("// Everything.\n  @id(\"a\")", ANY),
            "2:3: a permit without @mode; write @mode(\"enforce\"), or approve or dry-run",
        ),
        (
            policy("@id(\"a\")\n@mode(\"enforced\")", ANY),
            "2:1: \"enforced\" is no mode; did you mean enforce?",
        ),
        (
            policy("@id(\"a\") @mode(\"always\")", ANY),
            "1:10: \"always\" is no mode; the modes are enforce, approve, dry-run",
        ),
        (
            policy("@id(\"a\") @mode(\"enforce\") @windw(\"22:00-05:00\")", ANY),
            "1:27: unknown annotation @windw; did you mean @window?",
        ),
        (
            policy("@id(\"a\") @mode(\"enforce\") @author(\"me\")", ANY),
            "1:27: unknown annotation @author; there are @id, @mode, @window and @reason",
        ),
        (
            policy("@id(\"a\") @mode(\"enforce\") @window(\"mom 22:00-05:00\")", ANY),
            "1:27: `mom` is no day of the week; did you mean mon?",
        ),
        (
            policy("@id(\"a\") @mode(\"dry-run\") @window(\"22:00-05:00\")", ANY),
            "1:27: @window where the mode is dry-run; what is only told has no window",
        ),
    ] {
        assert_eq!(problems(&text), [expected], "{text}");
    }
}

#[test]
fn what_does_not_fit_the_schema_is_told_with_its_place_and_a_hint() {
    for (text, expected) in [
        (
            policy(ANNOTATED, "permit (principal, action == Action::\"rds/encryptt\", resource)"),
            "2:30: unknown action Action::\"rds/encryptt\"; did you mean Action::\"rds/encrypt\"?",
        ),
        (
            policy(ANNOTATED, "permit (principal, action, resource is Bucket)"),
            "2:40: unknown type `Bucket`; the types are Person, Action and Resource; a kind of resource is \
             asked for like resource.type == \"AWS::S3::Bucket\"",
        ),
        (
            when("resource.ownr == \"x\""),
            "3:8: attribute `ownr` on entity type `Resource` not found; did you mean `owner`?",
        ),
        (
            when("context.severty > 1"),
            "3:8: attribute `severty` of context not found; did you mean `severity`?",
        ),
        (
            when("resource.getTag(\"env\") == \"x\""),
            "3:8: unable to guarantee safety of access to tag `\"env\"` on entity type `Resource`; try \
             testing for the tag's presence with `.hasTag(\"env\") && ..`",
        ),
        (
            when("resource.hasTag(\"env\") && resource.getTag(\"env\") == 5"),
            "3:34: the types Long and String are not compatible; both operands to a `==` expression must \
             have compatible types. Types must be exactly equal to be compatible",
        ),
        (when("context.severity > \"7\""), "3:27: unexpected type: expected Long but saw String"),
    ] {
        assert_eq!(problems(&text), [expected], "{text}");
    }
}

#[test]
fn a_set_that_cannot_do_anything_is_refused() {
    for (text, expected) in [
        (
            String::new(),
            "1:1: there is no policy; nothing is touched without a permit: write at least one",
        ),
        (
            " // Later.\n".into(),
            "1:1: there is no policy; nothing is touched without a permit: write at least one",
        ),
        (
            policy("@id(\"a\")", "forbid (principal, action, resource)"),
            "1:1: no policy permits anything; nothing is touched without a permit: write at least one",
        ),
    ] {
        assert_eq!(problems(&text), [expected], "{text}");
    }
}

#[test]
fn every_problem_is_told_and_not_only_the_first() {
    let text = "// One that cannot be read, and three that can.
@id(\"a\") @mode(\"enforce\") permit (principal, action resource);
@id(\"b\") @mode(\"enforcd\") @colour(\"red\")
permit (principal, action in [Action::\"rd\"], resource) when { resource.kind == 1 };
@id(\"c\") @mode(\"enforce\") forbid (principal, action, resource) when { context.asked == 1 };
@id(\"b\") forbid (principal, action, resource);";
    let places: Vec<String> =
        problems(text).iter().map(|p| p.split(": ").next().unwrap().into()).collect();
    assert_eq!(places, ["2:53", "3:10", "3:27", "4:31", "4:63", "5:10", "5:71", "6:1"]);
}

#[test]
fn a_policy_set_that_can_be_used_passes_with_warnings() {
    let group =
        "@id(\"b\") @mode(\"enforce\")\npermit (principal, action == Action::\"rds\", resource);";
    let checked = check(&(when("resource.type == \"x\" && false") + group), ACTIONS).unwrap();
    assert_eq!(checked.policies, ["a", "b"]);
    let warnings: Vec<String> = checked.warnings.iter().map(ToString::to_string).collect();
    let never =
        "policy is impossible: the policy expression evaluates to false for all valid requests";
    let hint = "a group is asked for with `in`: action in Action::\"rds\"";
    assert_eq!(warnings[0], format!("1:1: {never}"));
    assert_eq!(warnings[1], format!("4:1: {never}; {hint}"));
    assert_eq!(warnings.len(), 3);

    let good = r#"
@id("opted-in") @mode("enforce")
permit (principal, action, resource)
when { resource.hasTag("AutoRemediate") && resource.getTag("AutoRemediate") == "True" };

@id("owned-by-others") @reason("whoever keeps it puts it back")
forbid (principal, action, resource) when { !["none"].contains(resource.owner) };

@id("databases-ask-first") @mode("approve")
permit (principal, action in Action::"rds", resource)
when { context.severity >= 70 && resource.hasTag("env") && resource.getTag("env") == "prod" };

@id("only-at-night") @mode("enforce") @window("mon-fri 22:00-05:00; sat,sun 00:00-24:00")
permit (principal, action in Action::"interrupts", resource) when { resource.region like "eu-*" };

@id("asked") @mode("enforce")
permit (principal == Person::"mend it", action == Action::"ec2/close_world_ingress", resource)
when { context.asked && resource.type == "AWS::EC2::SecurityGroup" && resource.tagged };
"#;
    assert_eq!(check(good, ACTIONS).unwrap().warnings, []);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(40))]
    #[test]
    fn what_passes_the_check_can_be_loaded(text in "(?s).{0,40}", at in 0..4_usize) {
        let good = when("resource.owner == \"none\"");
        let places = [0, 8, good.len() - 4, good.len()];
        let mut text = text;
        text.insert_str(0, &good[..places[at]]);
        text.push_str(&good[places[at]..]);
        if check(&text, ACTIONS).is_ok() {
            prop_assert!(Scope::load(&text).is_ok());
        }
    }
}

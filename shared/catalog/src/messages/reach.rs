//! Who a statement of a policy lets in, as far as the statement alone tells.

use ipnet::IpNet;
use serde_json::{Map, Value};

/// Who is let in by a statement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Reach {
    /// Whom it names, or whom its conditions leave: also what denies lets nobody in.
    Somebody,
    /// Everybody in the world, or in every account of AWS.
    Anybody,
    /// A condition stands in the way of everybody, and nobody can tell from here how far it leaves the door
    /// open; it is named.
    Unclear(String),
}

/// How far a condition narrows who is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Narrows {
    Not,
    Perhaps,
    Surely,
}

/// Who is let in by a statement.
///
/// Anybody is let in by an `Allow` for `"*"`, for any list of principals with `"*"` in it, or for `NotPrincipal`,
/// unless a condition narrows that. All conditions must hold, so one that surely narrows is enough; of the
/// values of a condition any may hold, so the widest counts. Keys and operators are compared without their case.
///
/// * Surely narrows: a key that says who calls or for whom (organization, account, ARN, VPC, address) and is
///   compared to what names somebody.
/// * Does not narrow: what compares to everything (`*`, `o-*`, `arn:aws:s3:::*`, `0.0.0.0/0` also in halves);
///   what excludes (`StringNotEquals`); what also holds where the key is missing (`...IfExists`, and
///   `ForAllValues:` unless `Null` wants the key); what everybody can meet (`aws:SecureTransport`,
///   `aws:UserAgent`, `aws:Referer`, times); what is about the resource.
/// * Unclear: the rest, such as keys that are not known here, parts of a name with `*`, policy variables.
pub(super) fn reach(statement: &Map<String, Value>) -> Reach {
    let is_allow = statement.get("Effect").and_then(Value::as_str) == Some("Allow");
    if !is_allow || !is_for_everybody(statement) {
        return Reach::Somebody;
    }
    let Some(Value::Object(operators)) = statement.get("Condition") else {
        return match statement.get("Condition") {
            None => Reach::Anybody,
            Some(_) => Reach::Unclear("Condition".into()),
        };
    };
    let mut widest = Reach::Anybody;
    for (operator, keys) in operators {
        let Some(keys) = keys.as_object() else {
            widest = Reach::Unclear(operator.clone());
            continue;
        };
        for (key, values) in keys {
            match narrows(operator, key, &list(values), operators) {
                Narrows::Surely => return Reach::Somebody,
                Narrows::Perhaps => widest = Reach::Unclear(format!("{operator} {key}")),
                Narrows::Not => {}
            }
        }
    }
    widest
}

/// Whether a statement denies everybody, or everybody but some: it may keep out whom another lets in.
pub(super) fn shields(statement: &Map<String, Value>) -> bool {
    let denies = statement.get("Effect").and_then(Value::as_str) == Some("Deny");
    if !denies || !is_for_everybody(statement) {
        return false;
    }
    let Some(Value::Object(operators)) = statement.get("Condition") else { return true };
    let says_who = |key: &String| kind(&key.to_ascii_lowercase()) != Kind::Nobody;
    let excludes = |(operator, keys): (&String, &Value)| {
        operator.to_ascii_lowercase().contains("not")
            && keys.as_object().is_some_and(|keys| keys.keys().any(says_who))
    };
    operators.is_empty() || operators.iter().any(excludes)
}

/// Whether a principal, or a list of them, stands for everybody.
pub(super) fn is_everybody(who: &Value) -> bool {
    match who {
        Value::String(one) => one == "*",
        Value::Array(list) => !list.is_empty() && list.iter().all(is_everybody),
        Value::Object(kinds) => kinds.values().any(is_everybody),
        Value::Null | Value::Bool(_) | Value::Number(_) => false,
    }
}

fn is_for_everybody(statement: &Map<String, Value>) -> bool {
    let any = |who: &Value| list_of(who).into_iter().any(is_everybody);
    let named = match statement.get("Principal") {
        Some(Value::Object(kinds)) => kinds.values().any(any),
        Some(who) => any(who),
        None => false,
    };
    named || statement.contains_key("NotPrincipal")
}

fn list_of(value: &Value) -> Vec<&Value> {
    match value {
        Value::Array(all) => all.iter().collect(),
        one => vec![one],
    }
}

fn list(values: &Value) -> Vec<&str> {
    list_of(values).into_iter().map(|value| value.as_str().unwrap_or_default()).collect()
}

/// What a key's values are, as far as they say who is let in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A name that belongs to one account or organization: all of it must be there.
    Name,
    /// `o-.../r-.../ou-...`: the organization must be there.
    Path,
    /// The unique id of a principal, perhaps with the name of a session.
    UniqueId,
    Arn,
    Address,
    /// Everybody can meet it, or it says nothing of them.
    Nobody,
    Unknown,
}

fn kind(key: &str) -> Kind {
    match key {
        "aws:principalaccount"
        | "aws:principalorgid"
        | "aws:sourceaccount"
        | "aws:sourceowner"
        | "aws:sourceorgid"
        | "aws:sourcevpc"
        | "aws:sourcevpce"
        | "aws:vpceaccount"
        | "aws:vpceorgid" => Kind::Name,
        "aws:principalorgpaths" | "aws:sourceorgpaths" | "aws:vpceorgpaths" => Kind::Path,
        "aws:userid" => Kind::UniqueId,
        "aws:principalarn" | "aws:sourcearn" | "aws:sourcevpcarn" => Kind::Arn,
        "aws:sourceip" => Kind::Address,
        "aws:currenttime"
        | "aws:epochtime"
        | "aws:multifactorauthage"
        | "aws:multifactorauthpresent"
        | "aws:principaltype"
        | "aws:referer"
        | "aws:requestedregion"
        | "aws:resourceaccount"
        | "aws:resourceorgid"
        | "aws:resourceorgpaths"
        | "aws:securetransport"
        | "aws:tagkeys"
        | "aws:tokenissuetime"
        | "aws:useragent"
        | "sns:protocol" => Kind::Nobody,
        _ if key.starts_with("aws:resourcetag/") || key.starts_with("aws:requesttag/") => {
            Kind::Nobody
        }
        _ => Kind::Unknown,
    }
}

fn narrows(operator: &str, key: &str, values: &[&str], all: &Map<String, Value>) -> Narrows {
    let (operator, key) = (operator.to_ascii_lowercase(), key.to_ascii_lowercase());
    let (for_all, operator) = match operator.split_once(':') {
        Some(("foranyvalue", rest)) => (false, rest),
        Some(("forallvalues", rest)) => (true, rest),
        Some(_) => return Narrows::Perhaps,
        None => (false, operator.as_str()),
    };
    if operator.ends_with("ifexists") || (for_all && !wants(&key, all)) {
        return Narrows::Not;
    }
    if operator == "null" || operator.contains("not") {
        return Narrows::Not;
    }
    let kind = kind(&key);
    if kind == Kind::Nobody {
        return Narrows::Not;
    }
    let value: fn(&str, Kind) -> Narrows = match operator {
        "stringequals" | "stringequalsignorecase" => exactly,
        "stringlike" | "arnlike" | "arnequals" => like,
        "ipaddress" if kind == Kind::Address => return addresses(values),
        _ => return Narrows::Perhaps,
    };
    values.iter().map(|text| value(text, kind)).min().unwrap_or(Narrows::Perhaps)
}

/// Whether `Null` wants the key to be there.
fn wants(key: &str, all: &Map<String, Value>) -> bool {
    all.iter().filter(|(operator, _)| operator.eq_ignore_ascii_case("null")).any(|(_, keys)| {
        let is_wanted = |(name, values): (&String, &Value)| {
            name.eq_ignore_ascii_case(key)
                && list(values).iter().all(|one| one.eq_ignore_ascii_case("false"))
        };
        keys.as_object().is_some_and(|keys| keys.iter().any(is_wanted))
    })
}

fn is_wild(text: &str) -> bool {
    text.contains(['*', '?'])
}

/// A value that must be met to the letter: `*` in it means itself, so that nobody meets it, or it was meant to be
/// a pattern.
fn exactly(text: &str, kind: Kind) -> Narrows {
    match kind {
        Kind::Name | Kind::Path | Kind::UniqueId | Kind::Arn if !is_wild(text) => literal(text),
        Kind::Name
        | Kind::Path
        | Kind::UniqueId
        | Kind::Arn
        | Kind::Address
        | Kind::Nobody
        | Kind::Unknown => Narrows::Perhaps,
    }
}

fn literal(text: &str) -> Narrows {
    if text.is_empty() || text.contains("${") { Narrows::Perhaps } else { Narrows::Surely }
}

/// A value that may hold `*` and `?`.
fn like(text: &str, kind: Kind) -> Narrows {
    if text.contains("${") {
        return Narrows::Perhaps;
    }
    match kind {
        Kind::Name => name(text),
        Kind::Path => name(text.split('/').next().unwrap_or_default()),
        Kind::UniqueId => match text.split(['*', '?']).next().map_or(0, str::len) {
            0 if text.chars().all(|c| c == '*') => Narrows::Not,
            // Ids have 21 letters; the part before them is AWS's.
            16.. => Narrows::Surely,
            _ => Narrows::Perhaps,
        },
        Kind::Arn => arn(text),
        Kind::Address | Kind::Nobody | Kind::Unknown => Narrows::Perhaps,
    }
}

/// A name that is whole, or only what all such names begin with.
fn name(text: &str) -> Narrows {
    let rest = text.trim_end_matches(['*', '?']);
    if rest == text {
        return literal(text);
    }
    let is_bare = ["", "o-", "vpc-", "vpce-"].contains(&rest);
    if is_bare { Narrows::Not } else { Narrows::Perhaps }
}

/// An ARN names somebody by its account, or by a bucket's name, which is one in the world.
fn arn(text: &str) -> Narrows {
    let parts: Vec<_> = text.splitn(6, ':').collect();
    let [_, _, service, _, account, resource] = parts[..] else {
        let has_digits = text.bytes().any(|b| b.is_ascii_digit());
        return if is_wild(text) && !has_digits { Narrows::Not } else { Narrows::Perhaps };
    };
    let is_open = |part: &str| part.bytes().all(|b| b == b'*' || b == b'?');
    if account.len() == 12 && account.bytes().all(|b| b.is_ascii_digit()) {
        return Narrows::Surely;
    }
    match (is_open(account), service) {
        (true, "s3") if !is_wild(resource) => literal(resource),
        (true, "s3") if !is_open(resource) => Narrows::Perhaps,
        (true, _) if account.is_empty() && !is_wild(text) => Narrows::Perhaps,
        (true, _) => Narrows::Not,
        (false, _) => Narrows::Perhaps,
    }
}

/// So many addresses that nobody in particular is meant.
fn addresses(values: &[&str]) -> Narrows {
    let net = |text: &&str| {
        let address = || text.parse::<std::net::IpAddr>().ok().map(IpNet::from);
        text.parse::<IpNet>().ok().or_else(address)
    };
    let Some(nets) = values.iter().map(net).collect::<Option<Vec<_>>>() else {
        return Narrows::Perhaps;
    };
    if nets.is_empty() {
        return Narrows::Perhaps;
    }
    let is_vast = |net: &IpNet| match net {
        IpNet::V4(net) => net.prefix_len() < 8,
        IpNet::V6(net) => net.prefix_len() < 16,
    };
    if IpNet::aggregate(&nets).iter().any(is_vast) { Narrows::Not } else { Narrows::Surely }
}

#[cfg(test)]
mod tests {
    use super::{super::Statement, *};

    /// Of a statement with these members beside its effect and action.
    #[track_caller]
    fn of(effect: &str, members: &str) -> Statement {
        let text = format!(r#"{{"Effect":"{effect}","Action":"sqs:*","Resource":"q",{members}}}"#);
        Statement::parse(&text).unwrap()
    }

    #[track_caller]
    fn under(condition: &str) -> Reach {
        of("Allow", &format!(r#""Principal":"*","Condition":{{{condition}}}"#)).reach()
    }

    #[test]
    fn everybody_is_written_in_many_ways() {
        for members in [
            r#""Principal":"*""#,
            r#""Principal":["*"]"#,
            r#""Principal":{"AWS":"*"}"#,
            r#""Principal":{"AWS":["*"]}"#,
            r#""Principal":{"AWS":["111122223333","*"]}"#,
            r#""Principal":{"Service":"sns.amazonaws.com","AWS":"*"}"#,
            r#""Principal":{"Service":"*"}"#,
            r#""NotPrincipal":{"AWS":"111122223333"}"#,
            r#""Principal":"*","Condition":{}"#,
        ] {
            assert_eq!(of("Allow", members).reach(), Reach::Anybody, "{members}");
            assert_eq!(of("Deny", members).reach(), Reach::Somebody, "{members}");
        }
        for members in [
            r#""Principal":{"AWS":"arn:aws:iam::111122223333:root"}"#,
            r#""Principal":{"AWS":["111122223333","444455556666"]}"#,
            r#""Principal":{"Service":"sns.amazonaws.com"}"#,
            r#""Principal":{}"#,
            r#""Sid":"*""#,
        ] {
            assert_eq!(of("Allow", members).reach(), Reach::Somebody, "{members}");
        }
    }

    #[test]
    fn conditions_that_say_who_narrow() {
        for condition in [
            r#""StringEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#,
            r#""StringEquals":{"AWS:SourceOwner":"111122223333"}"#,
            r#""stringequalsignorecase":{"AWS:sourceaccount":["111122223333"]}"#,
            r#""StringLike":{"aws:SourceAccount":"111122223333"}"#,
            r#""StringEquals":{"aws:PrincipalAccount":["111122223333","444455556666"]}"#,
            r#""ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-a1b2c3d4e5/r-ab12/*"}"#,
            r#""ForAllValues:StringLike":{"aws:PrincipalOrgPaths":"o-a1b2c3d4e5/*"},"Null":{"aws:principalorgpaths":"false"}"#,
            r#""ArnEquals":{"aws:SourceArn":"arn:aws:sns:eu-west-1:111122223333:topic"}"#,
            r#""ArnLike":{"aws:SourceArn":"arn:aws:events:*:111122223333:rule/*"}"#,
            r#""ArnLike":{"aws:SourceArn":"arn:aws:s3:::bucket"}"#,
            r#""ArnLike":{"aws:SourceArn":"arn:aws:s3:*:*:bucket"}"#,
            r#""StringEquals":{"aws:SourceArn":"arn:aws:s3:::bucket"}"#,
            r#""StringLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}"#,
            r#""StringLike":{"aws:userid":"AROAABCDEFGHIJKLMNOPQ:*"}"#,
            r#""StringEquals":{"aws:SourceVpce":"vpce-1a2b3c4d"}"#,
            r#""IpAddress":{"aws:SourceIp":["203.0.113.0/24","2001:db8::/32"]}"#,
            r#""IpAddress":{"aws:SourceIp":"203.0.113.7"}"#,
            r#""Bool":{"aws:SecureTransport":"true"},"StringEquals":{"aws:SourceAccount":"111122223333"}"#,
            r#""StringEquals":{"custom:Key":"x","aws:SourceAccount":"111122223333"}"#,
        ] {
            assert_eq!(under(condition), Reach::Somebody, "{condition}");
        }
    }

    #[test]
    fn conditions_that_everybody_can_meet_do_not_narrow() {
        for condition in [
            r#""StringLike":{"aws:PrincipalOrgID":"o-*"}"#,
            r#""StringLike":{"aws:SourceAccount":"*"}"#,
            r#""StringLike":{"aws:SourceAccount":["111122223333","*"]}"#,
            r#""StringLike":{"aws:SourceVpce":"vpce-*"}"#,
            r#""StringLike":{"aws:userid":"*"}"#,
            r#""ForAnyValue:StringLike":{"aws:PrincipalOrgPaths":"o-*/r-ab12/*"}"#,
            r#""ForAllValues:StringEquals":{"aws:PrincipalOrgPaths":"o-a1b2c3d4e5/r-ab12/"}"#,
            r#""ForAllValues:StringEquals":{"aws:SourceAccount":"1"},"Null":{"aws:SourceAccount":"true"}"#,
            r#""StringEqualsIfExists":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#,
            r#""ArnLikeIfExists":{"aws:SourceArn":"arn:aws:sns:eu-west-1:111122223333:topic"}"#,
            r#""StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}"#,
            r#""ArnNotLike":{"aws:PrincipalArn":"arn:aws:iam::111122223333:role/*"}"#,
            r#""NotIpAddress":{"aws:SourceIp":"203.0.113.0/24"}"#,
            r#""Null":{"aws:PrincipalOrgID":"false"}"#,
            r#""ArnLike":{"aws:SourceArn":"*"}"#,
            r#""ArnLike":{"aws:SourceArn":"arn:aws:s3:::*"}"#,
            r#""ArnLike":{"aws:SourceArn":"arn:aws:sns:*:*:topic"}"#,
            r#""ArnLike":{"aws:SourceArn":["arn:aws:sns:*:111122223333:topic","arn:aws:sns:*:*:*"]}"#,
            r#""StringLike":{"aws:PrincipalArn":"arn:aws:iam::*:role/admin"}"#,
            r#""StringLike":{"aws:SourceArn":"arn:aws:*"}"#,
            r#""IpAddress":{"aws:SourceIp":"0.0.0.0/0"}"#,
            r#""IpAddress":{"aws:SourceIp":["0.0.0.0/1","128.0.0.0/1"]}"#,
            r#""IpAddress":{"aws:SourceIp":["203.0.113.0/24","::/0"]}"#,
            r#""IpAddress":{"aws:SourceIp":"2000::/3"}"#,
            r#""Bool":{"aws:SecureTransport":"true"}"#,
            r#""StringLike":{"aws:UserAgent":"ours"},"StringEquals":{"aws:Referer":"secret"}"#,
            r#""DateGreaterThan":{"aws:CurrentTime":"2026-01-01T00:00:00Z"}"#,
            r#""StringEquals":{"aws:ResourceAccount":"111122223333","aws:ResourceTag/team":"a"}"#,
            r#""StringEquals":{"sns:Protocol":"https"}"#,
        ] {
            assert_eq!(under(condition), Reach::Anybody, "{condition}");
        }
    }

    #[test]
    fn what_cannot_be_told_is_named() {
        for condition in [
            r#""StringLike":{"sns:Endpoint":"*@example.com"}"#,
            r#""StringEquals":{"aws:PrincipalTag/team":"a"}"#,
            r#""StringEquals":{"aws:username":"deploy"}"#,
            r#""StringEquals":{"aws:SourceAccount":"*"}"#,
            r#""StringEquals":{"aws:SourceAccount":"${aws:PrincipalAccount}"}"#,
            r#""StringLike":{"aws:SourceAccount":"1111*"}"#,
            r#""ArnLike":{"aws:SourceArn":"arn:aws:s3:::bucket*"}"#,
            r#""StringLike":{"aws:userid":"*:session"}"#,
            r#""Bool":{"aws:PrincipalIsAWSService":"true"}"#,
            r#""IpAddress":{"aws:SourceIp":"the office"}"#,
            r#""IpAddress":{"aws:VpcSourceIp":"10.0.0.0/8"}"#,
            r#""SomeDay:StringEquals":{"aws:SourceAccount":"111122223333"}"#,
            r#""StringEquals":{"aws:SourceAccount":[]}"#,
            r#""StringEquals":"aws:SourceAccount""#,
        ] {
            assert!(
                matches!(under(condition), Reach::Unclear(_)),
                "{condition}: {:?}",
                under(condition)
            );
        }
        assert_eq!(
            under(r#""StringLike":{"sns:Endpoint":"*@example.com"}"#),
            Reach::Unclear("StringLike sns:Endpoint".into())
        );
    }

    #[test]
    fn a_deny_for_those_outside_may_shield() {
        let shields = |members: &str| {
            let text =
                format!(r#"{{"Statement":[{{"Effect":"Deny","Action":"sqs:*",{members}}}]}}"#);
            super::super::Policy::parse(&text).unwrap().shield().is_some()
        };
        for members in [
            r#""Principal":"*""#,
            r#""Principal":"*","Condition":{"StringNotEquals":{"aws:PrincipalOrgID":"o-a1b2c3d4e5"}}"#,
            r#""Principal":{"AWS":"*"},"Condition":{"ArnNotLikeIfExists":{"aws:SourceArn":"arn:aws:s3:::b"}}"#,
            r#""NotPrincipal":{"AWS":"111122223333"}"#,
        ] {
            assert!(shields(members), "{members}");
        }
        for members in [
            r#""Principal":"*","Condition":{"Bool":{"aws:SecureTransport":"false"}}"#,
            r#""Principal":{"AWS":"111122223333"}"#,
        ] {
            assert!(!shields(members), "{members}");
        }
    }
}

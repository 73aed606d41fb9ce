//! A condition of a policy statement, and whether it narrows whom the statement lets in.

use std::collections::BTreeSet;

use ipnet::IpNet;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::statement::texts;

/// A condition on one key.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Condition {
    /// Such as `StringEquals`.
    pub operator: String,
    /// Such as `aws:PrincipalOrgID`. Case does not count.
    pub key: String,
    /// One of these.
    pub values: BTreeSet<String>,
}

/// Whether a condition narrows a statement to those somebody chose.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Narrows {
    /// It does.
    Yes,
    /// Everybody meets it, or can.
    No,
    /// It is not understood here.
    Unclear,
}

/// Keys that anybody's request can meet.
const ANYBODYS: &[&str] = &[
    "aws:currenttime",
    "aws:epochtime",
    "aws:multifactorauthage",
    "aws:multifactorauthpresent",
    "aws:referer",
    "aws:requestedregion",
    "aws:securetransport",
    "aws:tokenissuetime",
    "aws:useragent",
    "lambda:invokedviafunctionurl",
];

impl Condition {
    /// The conditions of a statement, one for each key of each operator.
    pub(super) fn all(value: &Value) -> Option<BTreeSet<Self>> {
        let mut all = BTreeSet::new();
        for (operator, keys) in value.as_object()? {
            for (key, values) in keys.as_object()? {
                let (operator, key) = (operator.clone(), key.clone());
                all.insert(Self { operator, key, values: texts(values)? });
            }
        }
        Some(all)
    }

    pub(super) fn narrows(&self) -> Narrows {
        let (key, operator) = (self.key.to_ascii_lowercase(), self.operator.to_ascii_lowercase());
        if ANYBODYS.contains(&key.as_str()) {
            return Narrows::No;
        }
        let Some(is_fixed) = fixed(&key) else { return Narrows::Unclear };
        // With "IfExists" and "ForAllValues", a request without the key passes.
        let operator = operator.strip_prefix("foranyvalue:").unwrap_or(&operator);
        let equals = [
            "stringequals",
            "stringequalsignorecase",
            "stringlike",
            "arnequals",
            "arnlike",
            "ipaddress",
        ];
        if !equals.contains(&operator) || self.values.is_empty() {
            return Narrows::Unclear;
        }
        let open = ["*", "0.0.0.0/0", "::/0", "NONE"];
        if self.values.iter().all(|value| is_fixed(value)) {
            Narrows::Yes
        } else if self.values.iter().any(|value| open.contains(&value.as_str())) {
            Narrows::No
        } else {
            Narrows::Unclear
        }
    }
}

/// How to tell whether a value of `key` stands for those somebody chose; `None` for keys that are not known.
fn fixed(key: &str) -> Option<fn(&str) -> bool> {
    Some(match key {
        "aws:sourceaccount" | "aws:sourceowner" | "aws:principalaccount" => is_account,
        "aws:principalorgid" | "aws:sourceorgid" => is_organisation,
        "aws:principalorgpaths" | "aws:sourceorgpaths" => is_path,
        "aws:sourcearn" | "aws:principalarn" => is_arn,
        "aws:sourcevpc" | "aws:sourcevpce" | "aws:vpcsourcevpc" | "lambda:eventsourcetoken" => {
            is_plain
        }
        "aws:userid" | "aws:principalservicename" => is_plain,
        "aws:sourceip" => is_network,
        "lambda:functionurlauthtype" => |value| value == "AWS_IAM",
        _ => return None,
    })
}

fn is_account(value: &str) -> bool {
    value.len() == 12 && value.bytes().all(|b| b.is_ascii_digit())
}

fn is_plain(value: &str) -> bool {
    !value.is_empty() && !value.contains(['*', '?', '$'])
}

fn is_organisation(value: &str) -> bool {
    value.starts_with("o-") && is_plain(value)
}

fn is_path(value: &str) -> bool {
    value.split('/').next().is_some_and(is_organisation)
}

/// The account of an ARN must be there, save for buckets: their names are unique.
fn is_arn(value: &str) -> bool {
    let parts: Vec<_> = value.splitn(6, ':').collect();
    match parts[..] {
        ["arn", _, "s3", _, "", bucket] => bucket.split('/').next().is_some_and(is_plain),
        ["arn", _, _, _, account, _] => is_account(account),
        _ => false,
    }
}

fn is_network(value: &str) -> bool {
    let net: Option<IpNet> = value.parse().ok();
    let address = || value.parse::<std::net::IpAddr>().is_ok();
    net.map_or_else(address, |net| net.prefix_len() >= 8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_names_somebody_narrows_and_what_anybody_can_meet_does_not() {
        use Narrows::{No, Unclear, Yes};
        for (operator, key, value, expected) in [
            ("StringEquals", "aws:PrincipalOrgID", "o-1234567890", Yes),
            ("StringLike", "AWS:PRINCIPALORGID", "o-1234567890", Yes),
            ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "o-1234567890/*", Yes),
            ("ForAnyValue:StringLike", "aws:PrincipalOrgPaths", "*", No),
            ("StringEquals", "AWS:SourceAccount", "111122223333", Yes),
            ("StringLike", "AWS:SourceAccount", "1111*", Unclear),
            ("ArnLike", "AWS:SourceArn", "arn:aws:execute-api:eu-west-1:111122223333:api/*", Yes),
            ("ArnLike", "AWS:SourceArn", "arn:aws:execute-api:eu-west-1:*:api/*", Unclear),
            ("ArnLike", "AWS:SourceArn", "arn:aws:s3:::web", Yes),
            ("ArnLike", "AWS:SourceArn", "arn:aws:s3:::*", Unclear),
            ("ArnLike", "AWS:SourceArn", "*", No),
            ("ArnEquals", "aws:PrincipalArn", "arn:aws:iam::111122223333:role/x", Yes),
            ("StringEquals", "lambda:FunctionUrlAuthType", "AWS_IAM", Yes),
            ("StringEquals", "lambda:FunctionUrlAuthType", "NONE", No),
            ("Bool", "lambda:InvokedViaFunctionUrl", "true", No),
            ("Bool", "aws:SecureTransport", "true", No),
            ("IpAddress", "aws:SourceIp", "192.0.2.0/24", Yes),
            ("IpAddress", "aws:SourceIp", "192.0.2.1", Yes),
            ("IpAddress", "aws:SourceIp", "0.0.0.0/0", No),
            ("IpAddress", "aws:SourceIp", "0.0.0.0/1", Unclear),
            ("StringEquals", "aws:SourceVpce", "vpce-1", Yes),
            ("StringEqualsIfExists", "aws:PrincipalOrgID", "o-1234567890", Unclear),
            ("ForAllValues:StringEquals", "aws:PrincipalOrgID", "o-1234567890", Unclear),
            ("StringNotEquals", "aws:PrincipalOrgID", "o-1234567890", Unclear),
            ("Null", "aws:PrincipalOrgID", "false", Unclear),
            ("StringEquals", "aws:PrincipalTag/team", "web", Unclear),
        ] {
            let values = [value.to_owned()].into();
            let condition = Condition { operator: operator.into(), key: key.into(), values };
            assert_eq!(condition.narrows(), expected, "{condition:?}");
        }
    }
}

//! How a statement that denies something comes into a policy, if it can.

use std::collections::BTreeMap;

use remedy::{Case, Facet, Plan};
use serde::Serialize;

use super::{
    BucketId, BucketPolicy, Denial, Document, PolicyChange,
    statement::{Statement, Who},
};

/// What is denied, and to whom.
#[derive(Debug)]
pub(super) struct Denied<'a> {
    /// What the statement is called, unless another is.
    pub(super) name: &'a str,
    /// What it is for.
    pub(super) says: String,
    /// What is wrong without it.
    pub(super) wrong: &'a str,
    /// The accounts, users and roles; none are all.
    pub(super) principals: Vec<String>,
    pub(super) actions: Vec<String>,
    /// Operator, key and value of each condition.
    pub(super) conditions: Vec<(&'a str, &'a str, &'a str)>,
}

#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
struct Text<'a> {
    sid: &'a str,
    effect: &'a str,
    principal: Principal<'a>,
    action: &'a [String],
    resource: [String; 2],
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    condition: BTreeMap<&'a str, BTreeMap<&'a str, &'a str>>,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Principal<'a> {
    All(&'a str),
    Aws {
        #[serde(rename = "AWS")]
        aws: &'a [String],
    },
}

impl Denied<'_> {
    /// The plan that puts it into the policy of the bucket `id`.
    pub(super) fn plan(
        self,
        bucket: &BucketPolicy,
        id: &BucketId,
        case: &Case<'_>,
    ) -> Plan<PolicyChange> {
        let place = &case.signal.place;
        let resource = id.resource(place);
        let sid = Document::free_name(bucket.document.as_ref(), self.name);
        let mut condition: BTreeMap<_, BTreeMap<_, _>> = BTreeMap::new();
        for (operator, key, value) in self.conditions {
            condition.entry(operator).or_default().insert(key, value);
        }
        // As S3 gives them back.
        let arn = |name: &String| match name.contains(':') {
            true => name.clone(),
            false => format!("arn:{}:iam::{name}:root", place.partition),
        };
        let aws: Vec<_> = self.principals.iter().map(arn).collect();
        let text = Text {
            sid: &sid,
            effect: "Deny",
            principal: match &self.principals[..] {
                [] => Principal::All("*"),
                _ => Principal::Aws { aws: &aws },
            },
            action: &self.actions,
            resource: [resource.clone(), format!("{resource}/*")],
            condition,
        };
        // Texts and lists of texts: that cannot fail.
        let text = serde_json::to_string(&text).unwrap_or_default();
        let denial = Denial { sid, says: self.says, text };
        let change = match bucket.document {
            None => PolicyChange::Create(denial),
            Some(_) => PolicyChange::Add(denial),
        };
        let after = change.to(bucket.document.clone());
        let Some(why) = unwritable(bucket, after.as_ref()) else {
            return [change].into_iter().collect();
        };
        let commands = BucketPolicy::commands(place, id, &[change]);
        Plan::by_hand(self.wrong, why, commands)
    }
}

/// Why S3 would not take the policy, if it would not.
fn unwritable(bucket: &BucketPolicy, after: Option<&Document>) -> Option<String> {
    let mut named =
        bucket.document.iter().flat_map(Document::statements).flat_map(Statement::named);
    if let Some(Who::Aws(gone)) = named.find(|who| who.is_gone()) {
        return Some(format!(
            "the policy names {gone}, a user or role that is gone, and S3 takes no such policy: take \
             that out first"
        ));
    }
    after.is_some_and(Document::is_too_large).then(|| {
        "the policy would be larger than the 20 KB that S3 takes: make room in it first".into()
    })
}

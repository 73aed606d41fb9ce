use catalog::messages::{
    Policy, PolicyEdit, Statement, Topic, TopicId, TopicPolicy, TopicPolicyEdit, TopicSetting,
};
use remedy::Swap;
use runtime::{Cloud, Error};
use script::{Answer, Script, answer};

use super::{apply, home, messages};

const OPEN: &str = r#"{"Sid":"open","Effect":"Allow","Principal":"*","Action":"SNS:Publish"}"#;
const OURS: &str =
    r#"{"Sid":"ours","Effect":"Allow","Principal":{"AWS":"111122223333"},"Action":"SNS:Publish"}"#;

fn orders() -> TopicId {
    TopicId("orders".into())
}

/// A topic with these attributes.
fn with(attributes: &[(&str, &str)]) -> String {
    let entry = |(key, value): &(&str, &str)| {
        let value = value.replace('"', "&quot;");
        format!("<entry><key>{key}</key><value>{value}</value></entry>")
    };
    let entries: String = attributes.iter().map(entry).collect();
    format!(
        "<GetTopicAttributesResponse><GetTopicAttributesResult><Attributes>{entries}</Attributes>\
         </GetTopicAttributesResult></GetTopicAttributesResponse>"
    )
}

fn no(status: u16, code: &str) -> Answer {
    answer(status, &format!("<ErrorResponse><Error><Code>{code}</Code></Error></ErrorResponse>"))
}

/// A topic that answers with these attributes, and does as it is told.
fn sns(attributes: &[(&str, &str)]) -> Script {
    let found = with(attributes);
    Script::by(move |body| {
        Some(match body.split('&').next() {
            Some("Action=GetTopicAttributes") => answer(200, &found),
            Some("Action=ListTagsForResource") => answer(
                200,
                "<ListTagsForResourceResponse><ListTagsForResourceResult><Tags><member>\
                 <Key>AutoRemediate</Key><Value>True</Value></member></Tags>\
                 </ListTagsForResourceResult></ListTagsForResourceResponse>",
            ),
            _ => answer(200, "<SetTopicAttributesResponse/>"),
        })
    })
}

fn policy(statements: &[&str]) -> String {
    format!(r#"{{"Version":"2008-10-17","Id":"x","Statement":[{}]}}"#, statements.join(","))
}

async fn load(script: &Script) -> Result<Option<Topic>, Error> {
    Cloud::<Topic>::load(&messages(script), &home(), &orders(), &[]).await
}

#[tokio::test]
async fn a_topic_is_read_by_two_calls() {
    let text = policy(&[OPEN]);
    let script = sns(&[
        ("Policy", &text),
        ("KmsMasterKeyId", "alias/aws/sns"),
        ("SQSSuccessFeedbackRoleArn", "arn:aws:iam::111122223333:role/log"),
    ]);
    let found = load(&script).await.unwrap().unwrap();
    assert_eq!(found.key.as_deref(), Some("alias/aws/sns"));
    assert_eq!(found.feedback, ["SQSSuccessFeedbackRoleArn".to_owned()].into());
    assert_eq!(found.policy, Policy::parse(&text).unwrap());
    assert_eq!(found.tags.get("AutoRemediate").map(String::as_str), Some("True"));
    assert_eq!(
        script.bodies(),
        [
            "Action=GetTopicAttributes&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aeu-west-1%3A111122223333%3Aorders",
            "Action=ListTagsForResource&Version=2010-03-31&ResourceArn=arn%3Aaws%3Asns%3Aeu-west-1%3A111122223333%3Aorders",
        ]
    );
}

#[tokio::test]
async fn one_that_is_gone_is_none_and_one_that_cannot_be_read_is_an_error() {
    assert_eq!(load(&Script::by(|_| Some(no(404, "NotFound")))).await, Ok(None));
    for (script, why) in [
        (
            Script::by(|_| Some(no(403, "AuthorizationError"))),
            "kintsugi-messages needs sns:GetTopicAttributes",
        ),
        (sns(&[]), "SNS does not tell it"),
        (sns(&[("Policy", "nonsense")]), "it is no policy"),
    ] {
        let error = load(&script).await.unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}

#[tokio::test]
async fn a_key_is_set_and_taken_away_by_one_call() {
    let script = sns(&[]);
    let (on, off) = (TopicSetting::Key(Some("alias/ours".into())), TopicSetting::Key(None));
    let changes = [Swap { from: off.clone(), to: on.clone() }, Swap { from: on, to: off }];
    assert_eq!(apply::<Topic>(&script, &orders(), &changes).await, [Ok(()), Ok(())]);
    let set = "Action=SetTopicAttributes&Version=2010-03-31&TopicArn=arn%3Aaws%3Asns%3Aeu-west-1%3A111122223333%3Aorders&AttributeName=KmsMasterKeyId&AttributeValue=";
    assert_eq!(script.bodies(), [format!("{set}alias%2Fours"), set.to_owned()]);
}

fn edits() -> [TopicPolicyEdit; 2] {
    let statement = |text| Statement::parse(text).unwrap();
    [PolicyEdit::PutIn(statement(OURS)), PolicyEdit::TakeOut(statement(OPEN))].map(TopicPolicyEdit)
}

#[tokio::test]
async fn a_policy_is_edited_as_it_is_now_in_one_write() {
    let script = sns(&[("Policy", &policy(&[OPEN]))]);
    assert_eq!(apply::<TopicPolicy>(&script, &orders(), &edits()).await, [Ok(()), Ok(())]);
    let bodies = script.bodies();
    assert_eq!(bodies.len(), 3);
    let written = bodies[2].split("AttributeValue=").nth(1).unwrap();
    let written = written.replace("%7B", "{").replace("%7D", "}").replace("%22", "\"");
    let written =
        written.replace("%3A", ":").replace("%2C", ",").replace("%5B", "[").replace("%5D", "]");
    assert_eq!(written, policy(&[OURS]));
}

#[tokio::test]
async fn what_is_edited_already_is_not_written_again_and_nothing_is_never_written() {
    let script = sns(&[("Policy", &policy(&[OURS]))]);
    assert_eq!(apply::<TopicPolicy>(&script, &orders(), &edits()).await, [Ok(()), Ok(())]);
    assert_eq!(script.bodies().len(), 2);
    let script = sns(&[("Policy", &policy(&[OPEN]))]);
    let answers = apply::<TopicPolicy>(&script, &orders(), &edits()[1..]).await;
    assert!(answers[0].clone().unwrap_err().to_string().contains("nothing would be left"));
    assert_eq!(script.bodies().len(), 2);
}

#[tokio::test]
async fn a_policy_is_read_with_its_topics_arn() {
    let script = sns(&[("Policy", &policy(&[OURS]))]);
    let found = Cloud::<TopicPolicy>::load(&messages(&script), &home(), &orders(), &[]).await;
    assert_eq!(found.unwrap().unwrap().arn, "arn:aws:sns:eu-west-1:111122223333:orders");
}

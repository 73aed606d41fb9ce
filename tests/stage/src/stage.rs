//! The stack, deployed and within reach.

use std::collections::BTreeMap;

use aws_config::{AppName, BehaviorVersion, Region, SdkConfig};
use aws_credential_types::{Credentials, provider::SharedCredentialsProvider};
use aws_sdk_dynamodb::types::AttributeValue;
use aws_sdk_eventbridge::{primitives::DateTime, types::PutEventsRequestEntry};
use aws_sdk_sqs::types::QueueAttributeName as Attribute;
use remedy::Place;
use serde_json::Value;

use crate::{Channels, Estate, Faults, Record, Result, Trouble, emulators::Emulators, wait};

/// Where the fixtures' events come from, and so where the stack is deployed.
const HOME: (&str, &str) = ("111122223333", "eu-west-1");
const STACK: &str = "kintsugi";
/// The emulators neither count nor disturb what this one calls.
const TESTER: &str = "stage";

/// Both emulators with the stack deployed; they end when it is dropped.
#[derive(Debug)]
pub struct Stage {
    emulators: Emulators,
    outputs: BTreeMap<String, String>,
    /// Where the stack is.
    pub place: Place,
    /// Its account, to be repaired.
    pub estate: Estate,
    /// Disturbs what the function calls of the platform: `DynamoDB`, SNS.
    pub platform_faults: Faults,
    /// Disturbs what the function calls of the estate: EC2, Security Hub, STS.
    pub estate_faults: Faults,
    dynamodb: aws_sdk_dynamodb::Client,
    eventbridge: aws_sdk_eventbridge::Client,
    sqs: aws_sdk_sqs::Client,
    pub(crate) s3: aws_sdk_s3::Client,
    pub(crate) secrets: aws_sdk_secretsmanager::Client,
    /// Where people are told.
    pub channels: Channels,
    inbox: String,
    mailbox: String,
}

/// A message as a subscriber gets it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its headline.
    pub subject: String,
    /// Its text.
    pub text: String,
    /// severity, outcome, remediation, account.
    pub attributes: BTreeMap<String, String>,
}

/// A queue of the stack.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Queue {
    /// Where events wait for the ec2 function.
    Events,
    /// Where events go that it could not handle.
    DeadLetters,
    /// Where findings wait for the guardduty function.
    Findings,
    /// Where findings go that it could not handle.
    DeadFindings,
    /// Where news waits for the notify function.
    News,
    /// Where news goes that could not be told.
    DeadNews,
}

impl Stage {
    /// Starts the emulators and deploys the stack with these parameters of the template.
    pub async fn up(parameters: &[(&str, &str)]) -> Result<Self> {
        Self::up_in(HOME.1, parameters).await
    }

    /// The same in another Region.
    pub async fn up_in(region: &str, parameters: &[(&str, &str)]) -> Result<Self> {
        let emulators = Emulators::up()?;
        let place = Place::new(HOME.0, region);
        let outputs = emulators.deploy(STACK, &place, parameters)?;
        let platform = config(&emulators.platform, &place)?;
        let sqs = aws_sdk_sqs::Client::new(&platform);
        let topic = output(&outputs, "TopicArn")?;
        let sns = aws_sdk_sns::Client::new(&platform);
        let inbox = subscribe(&sqs, &sns, topic, "inbox").await?;
        let mailbox = subscribe(&sqs, &sns, output(&outputs, "MailTopicArn")?, "mailbox").await?;
        Ok(Self {
            estate: Estate::at(&emulators.estate, place.clone())?,
            platform_faults: Faults::of(&emulators.platform),
            estate_faults: Faults::of(&emulators.estate),
            dynamodb: aws_sdk_dynamodb::Client::new(&platform),
            eventbridge: aws_sdk_eventbridge::Client::new(&platform),
            s3: aws_sdk_s3::Client::new(&platform),
            secrets: aws_sdk_secretsmanager::Client::new(&config(&emulators.estate, &place)?),
            channels: Channels { url: emulators.channels.clone() },
            sqs,
            inbox,
            mailbox,
            outputs,
            place,
            emulators,
        })
    }

    /// Plays the cases of `tests/aws/cases`, all at once: a line each.
    ///
    /// # Errors
    /// If one failed; then all that was said.
    pub fn play_cases(&self) -> Result<String> {
        self.emulators.play(&self.outputs)
    }

    /// The URL of the account that Kintsugi is deployed to.
    pub fn platform_url(&self) -> &str {
        &self.emulators.platform
    }

    /// The URL of the account that is repaired.
    pub fn estate_url(&self) -> &str {
        &self.emulators.estate
    }

    /// Whether the emulators are up still.
    pub fn check(&mut self) -> Result<()> {
        self.emulators.check()
    }

    /// Another account that is repaired.
    pub fn estate_of(&self, account: &str) -> Result<Estate> {
        Estate::at(&self.emulators.estate, Place::new(account, HOME.1))
    }

    /// Puts a whole event on the default bus, as the service would that it comes from.
    pub async fn send(&self, event: &Value) -> Result<()> {
        let text = |name: &str| event[name].as_str().unwrap_or_default().to_owned();
        let resources = event["resources"].as_array().into_iter().flatten();
        let resources = resources.filter_map(Value::as_str).map(str::to_owned).collect();
        let time = text("time").parse::<remedy::Timestamp>();
        let time = time.map_err(|error| Trouble::new("read the event's `time`", error))?;
        let entry = PutEventsRequestEntry::builder()
            .source(text("source"))
            .detail_type(text("detail-type"))
            .detail(event["detail"].to_string())
            .set_resources(Some(resources))
            .time(DateTime::from_millis(time.timestamp_millis()))
            .build();
        let sent = self.eventbridge.put_events().entries(entry).send().await;
        let sent = sent.map_err(|error| Trouble::aws("put an event on the bus", error))?;
        match sent.entries().iter().find_map(|entry| entry.error_message()) {
            None => Ok(()),
            Some(why) => Err(Trouble::new("put an event on the bus", why)),
        }
    }

    /// Puts a text right into the ec2 function's queue, past the rules.
    pub async fn enqueue(&self, body: &str) -> Result<()> {
        self.enqueue_in(Queue::Events, body).await
    }

    /// Puts a text right into a queue, past the rules.
    pub async fn enqueue_in(&self, queue: Queue, body: &str) -> Result<()> {
        let queue = self.url(queue)?;
        let sent = self.sqs.send_message().queue_url(queue).message_body(body).send().await;
        sent.map(drop).map_err(|error| Trouble::aws("send a message to the queue", error))
    }

    /// All records, oldest first.
    pub async fn records(&self) -> Result<Vec<Record>> {
        let mut records = Vec::new();
        let mut from = None;
        loop {
            let page = self
                .dynamodb
                .scan()
                .table_name(output(&self.outputs, "TableName")?)
                .filter_expression("sk = :record")
                .expression_attribute_values(":record", AttributeValue::S("record".into()))
                .consistent_read(true)
                .set_exclusive_start_key(from)
                .send()
                .await
                .map_err(|error| Trouble::aws("read the table", error))?;
            for item in page.items() {
                records.push(Record::of(item)?);
            }
            from = page.last_evaluated_key;
            if from.is_none() {
                records.sort_by(|one, other| (&one.at, &one.id).cmp(&(&other.at, &other.id)));
                return Ok(records);
            }
        }
    }

    /// Writes a text into an attribute of an item of the table, past all that would not have it so.
    pub async fn spoil(&self, pk: &str, sk: &str, attribute: &str, text: &str) -> Result<()> {
        let value = |text: &str| AttributeValue::S(text.to_owned());
        let call = self.dynamodb.update_item().table_name(output(&self.outputs, "TableName")?);
        let call = call.key("pk", value(pk)).key("sk", value(sk));
        let call =
            call.update_expression("SET #a = :a").expression_attribute_names("#a", attribute);
        let done = call.expression_attribute_values(":a", value(text)).send().await;
        done.map(drop).map_err(|error| Trouble::aws(&format!("spoil item {pk}"), error))
    }

    /// Every message that was published since the last time, in the order they came.
    pub async fn messages(&self) -> Result<Vec<Message>> {
        self.take(&self.inbox).await?.iter().map(|body| message(body)).collect()
    }

    /// Every mail that people got since the last time.
    pub async fn mails(&self) -> Result<Vec<Message>> {
        self.take(&self.mailbox).await?.iter().map(|body| message(body)).collect()
    }

    /// Takes every message out of a queue.
    pub async fn drain(&self, queue: Queue) -> Result<Vec<String>> {
        self.take(self.url(queue)?).await
    }

    /// How many messages are in a queue, those included that are being handled or wait for another try.
    pub async fn waiting(&self, queue: Queue) -> Result<u64> {
        let names = [
            Attribute::ApproximateNumberOfMessages,
            Attribute::ApproximateNumberOfMessagesNotVisible,
            Attribute::ApproximateNumberOfMessagesDelayed,
        ];
        let call = self.sqs.get_queue_attributes().queue_url(self.url(queue)?);
        let answer = call.set_attribute_names(Some(names.to_vec())).send().await;
        let answer = answer.map_err(|error| Trouble::aws("look at a queue", error))?;
        let count = |name| {
            answer
                .attributes()
                .and_then(|all| all.get(name)?.parse::<u64>().ok())
                .unwrap_or_default()
        };
        Ok(names.iter().map(count).sum())
    }

    /// Waits until no event is waiting or being handled any more: all that was sent is done with.
    pub async fn settled(&self) -> Result<()> {
        let waiting =
            async || Ok(self.waiting(Queue::Events).await? + self.waiting(Queue::Findings).await?);
        let look = async || match waiting().await? {
            0 => Ok(Ok(())),
            some => Ok(Err(format!("{some} messages are in it"))),
        };
        let Err(Trouble(trouble)) = wait("the queues to be empty", look).await else {
            return Ok(());
        };
        let records = self.records().await?;
        let stuck = records.iter().filter(|r| ["open", "unreadable"].contains(&r.outcome.as_str()));
        let stuck: Vec<_> =
            stuck.map(|r| format!("\n  {} {}: {}", r.id, r.outcome, r.why)).collect();
        Err(Trouble(format!("{trouble}; what has not ended:{}", stuck.concat())))
    }

    /// Puts what lies in the dead-letter queue back into the other, as a person does who mended its
    /// cause; how many that were.
    pub async fn redrive(&self) -> Result<usize> {
        let bodies = self.drain(Queue::DeadLetters).await?;
        for body in &bodies {
            self.enqueue(body).await?;
        }
        Ok(bodies.len())
    }

    /// What the function and the platform logged so far.
    pub fn log(&self) -> Result<String> {
        self.emulators.log()
    }

    /// The ARN of the function's role.
    pub fn role(&self) -> Result<&str> {
        output(&self.outputs, "FunctionRoleArn")
    }

    /// An output of the stack.
    pub(crate) fn output(&self, name: &str) -> Result<&str> {
        output(&self.outputs, name)
    }

    fn url(&self, queue: Queue) -> Result<&str> {
        let name = match queue {
            Queue::Events => "QueueUrl",
            Queue::DeadLetters => "DeadLetterQueueUrl",
            Queue::Findings => "GuarddutyQueueUrl",
            Queue::DeadFindings => "GuarddutyDeadLetterQueueUrl",
            Queue::News => "NotifyQueueUrl",
            Queue::DeadNews => "NotifyDeadLetterQueueUrl",
        };
        output(&self.outputs, name)
    }

    async fn take(&self, queue: &str) -> Result<Vec<String>> {
        let mut bodies = Vec::new();
        loop {
            let call = self.sqs.receive_message().queue_url(queue).max_number_of_messages(10);
            let answer = call.send().await;
            let answer = answer.map_err(|error| Trouble::aws("receive messages", error))?;
            if answer.messages().is_empty() {
                return Ok(bodies);
            }
            for message in answer.messages() {
                bodies.push(message.body().unwrap_or_default().to_owned());
                let receipt = message.receipt_handle().unwrap_or_default();
                let call = self.sqs.delete_message().queue_url(queue).receipt_handle(receipt);
                call.send().await.map_err(|error| Trouble::aws("delete a message", error))?;
            }
        }
    }
}

/// The configuration of clients that act in `place` through an emulator.
pub(crate) fn config(endpoint: &str, place: &Place) -> Result<SdkConfig> {
    // To both emulators an access key of twelve digits is the account itself.
    let credentials = Credentials::new(&place.account, "test", None, None, "stage");
    let name = AppName::new(TESTER).map_err(|error| Trouble::new("name this program", error))?;
    Ok(SdkConfig::builder()
        .behavior_version(BehaviorVersion::latest())
        .region(Region::new(place.region.clone()))
        .credentials_provider(SharedCredentialsProvider::new(credentials))
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .endpoint_url(endpoint)
        .app_name(name)
        .build())
}

fn output<'a>(outputs: &'a BTreeMap<String, String>, name: &str) -> Result<&'a str> {
    let output = outputs.get(name).map(String::as_str);
    output.ok_or_else(|| Trouble(format!("the stack has no output {name}, but {outputs:?}")))
}

/// A queue that gets every message of the topic; its URL.
async fn subscribe(
    sqs: &aws_sdk_sqs::Client,
    sns: &aws_sdk_sns::Client,
    topic: &str,
    queue: &str,
) -> Result<String> {
    let what = "subscribe a queue to the topic";
    let made = sqs.create_queue().queue_name(queue).send().await;
    let made = made.map_err(|error| Trouble::aws(what, error))?;
    let url = made.queue_url().unwrap_or_default().to_owned();
    let call = sqs.get_queue_attributes().queue_url(&url).attribute_names(Attribute::QueueArn);
    let answer = call.send().await.map_err(|error| Trouble::aws(what, error))?;
    let arn = answer.attributes().and_then(|all| all.get(&Attribute::QueueArn)).cloned();
    let policy = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": { "Service": "sns.amazonaws.com" },
            "Action": "sqs:SendMessage",
            "Resource": arn,
        }],
    });
    let call = sqs.set_queue_attributes().queue_url(&url);
    let call = call.attributes(Attribute::Policy, policy.to_string()).send();
    call.await.map_err(|error| Trouble::aws(what, error))?;
    let call = sns.subscribe().topic_arn(topic).protocol("sqs").set_endpoint(arn);
    call.send().await.map_err(|error| Trouble::aws(what, error))?;
    Ok(url)
}

/// What SNS wraps a message in on its way to a queue.
fn message(body: &str) -> Result<Message> {
    let trouble = |error: serde_json::Error| Trouble::new("read a message of the topic", error);
    let envelope: Value = serde_json::from_str(body).map_err(trouble)?;
    let text = |name: &str| envelope[name].as_str().unwrap_or_default().to_owned();
    let attributes = envelope["MessageAttributes"].as_object().into_iter().flatten();
    let value = |value: &Value| value["Value"].as_str().unwrap_or_default().to_owned();
    Ok(Message {
        subject: text("Subject"),
        text: text("Message"),
        attributes: attributes.map(|(name, found)| (name.clone(), value(found))).collect(),
    })
}

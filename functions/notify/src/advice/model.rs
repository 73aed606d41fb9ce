//! The model.

use std::{fmt, time::Duration};

use aws_sdk_bedrockruntime::{
    Client,
    config::{Builder, Credentials, Region, retry::RetryConfig, timeout::TimeoutConfig},
    error::SdkError,
    operation::converse::ConverseOutput,
    types::{
        ContentBlock, ConversationRole, InferenceConfiguration, Message, StopReason,
        SystemContentBlock,
    },
};
use chrono::TimeDelta;
use futures_util::lock::Mutex;
use lambda::{Local, Shell};
use remedy::{Place, Timestamp};
use routing::{
    Advice,
    advice::{LONGEST_ANSWER, Prompt, answer},
};
use runtime::{Error, notice::clean};

/// What CloudTrail shows where a role is assumed.
const SESSION: &str = "kintsugi-advice";
/// How often it is asked, faults included: people wait for it.
const TRIES: u32 = 2;
/// How much it may say.
const TOKENS: i32 = 700;
/// Credentials that end sooner are asked for anew.
const MARGIN: TimeDelta = TimeDelta::minutes(5);
/// What asking needs.
const NEEDS: &str = "bedrock:InvokeModel on it, and for an inference profile on the models behind it in \
                     every Region that it routes to";

/// A model of Amazon Bedrock, where it is asked, and by whom.
pub(super) struct Model {
    id: String,
    here: Local<Client>,
    /// Where it is asked.
    place: Place,
    role: Option<Role>,
}

/// Another role than the function's own.
struct Role {
    arn: String,
    sts: Local<aws_sdk_sts::Client>,
    session: Mutex<Option<(Client, Timestamp)>>,
}

/// What came back.
#[derive(Debug)]
pub(super) struct Said {
    /// All that it said, bounded.
    pub(super) text: String,
    /// Why it ended.
    pub(super) stop: String,
    /// How many tokens went in and came out.
    pub(super) tokens: Option<(i32, i32)>,
}

impl Model {
    pub(super) fn new(
        shell: &Shell,
        id: String,
        region: Option<String>,
        role: Option<String>,
        patience: Duration,
    ) -> Self {
        let mut place = shell.home().clone();
        place.region = region.unwrap_or(place.region);
        let client = shell.at_home("BEDROCK_RUNTIME", Client::new).client;
        let config = client.config().to_builder();
        let config = config
            .region(Region::new(place.region.clone()))
            .retry_config(RetryConfig::standard().with_max_attempts(TRIES))
            .timeout_config(
                TimeoutConfig::builder()
                    .operation_attempt_timeout(patience)
                    .operation_timeout(patience)
                    .build(),
            );
        let own = shell.own.roles.first().map(String::as_str).unwrap_or_default();
        let here = Local::new(Client::from_conf(config.build()), place.clone(), own);
        let role = role.map(|arn| Role {
            arn,
            sts: shell.at_home("STS", aws_sdk_sts::Client::new),
            session: Mutex::default(),
        });
        Self { id, here, place, role }
    }

    /// Its id.
    pub(super) fn name(&self) -> &str {
        &self.id
    }

    /// Where it is asked.
    pub(super) fn place(&self) -> &Place {
        &self.place
    }

    /// The role that asks it, if that is another one than the function's own.
    pub(super) fn role(&self) -> Option<&str> {
        self.role.as_ref().map(|role| role.arn.as_str())
    }

    /// Asks it, without tools.
    pub(super) async fn ask(&self, prompt: &Prompt, now: Timestamp) -> Result<Said, Error> {
        let there = match &self.role {
            None => self.here.clone(),
            Some(role) => {
                let client = role.client(&self.here.client, now).await?;
                Local::new(client, self.place.clone(), &role.arn)
            }
        };
        let what = format!("ask model {}", self.id);
        let message = Message::builder()
            .role(ConversationRole::User)
            .content(ContentBlock::Text(prompt.user.clone()))
            .build()
            .map_err(|error| there.odd(&what, &clean(&error.to_string(), 200)))?;
        let bounds = InferenceConfiguration::builder().max_tokens(TOKENS).temperature(0.0).build();
        let call = there
            .client
            .converse()
            .model_id(&self.id)
            .system(SystemContentBlock::Text(prompt.system.to_owned()))
            .messages(message)
            .inference_config(bounds);
        let answer = call.send().await.map_err(|error| match &error {
            // What it says of what it was sent is not repeated.
            SdkError::ResponseError(_) => there.odd(&what, "an answer that cannot be read"),
            error => there.failed(&what, NEEDS, error),
        })?;
        Ok(Said::of(&answer))
    }
}

impl Role {
    /// The client that acts as it: the last one, while its credentials are good.
    async fn client(&self, here: &Client, now: Timestamp) -> Result<Client, Error> {
        // Whoever comes second waits for what the first one is given.
        let mut session = self.session.lock().await;
        if let Some((client, _)) = session.as_ref().filter(|(_, until)| now + MARGIN < *until) {
            return Ok(client.clone());
        }
        let what = format!("act as {}", self.arn);
        let call = self.sts.client.assume_role().role_arn(&self.arn).role_session_name(SESSION);
        let answer = call.send().await.map_err(|error| {
            let needs = "sts:AssumeRole on it, and it must trust this role";
            self.sts.failed(&what, needs, &error)
        })?;
        let keys = answer.credentials.ok_or_else(|| self.sts.odd(&what, "no credentials"))?;
        let until = Timestamp::from_timestamp(keys.expiration.secs(), 0).unwrap_or(now);
        let credentials = Credentials::new(
            keys.access_key_id,
            keys.secret_access_key,
            Some(keys.session_token),
            None,
            "advice role",
        );
        let config: Builder = here.config().to_builder();
        let client = Client::from_conf(config.credentials_provider(credentials).build());
        *session = Some((client.clone(), until));
        Ok(client)
    }
}

impl Said {
    fn of(answer: &ConverseOutput) -> Self {
        let message = answer.output().and_then(|output| output.as_message().ok());
        // What it thought is not what it says.
        let parts = message.into_iter().flat_map(Message::content);
        let parts = parts.filter_map(|part| part.as_text().ok()).map(String::as_str);
        let mut text: String = parts.collect();
        let mut end = text.len().min(LONGEST_ANSWER);
        while !text.is_char_boundary(end) {
            end -= 1;
        }
        text.truncate(end);
        let tokens = answer.usage().map(|usage| (usage.input_tokens(), usage.output_tokens()));
        Self { text, stop: clean(answer.stop_reason().as_str(), 40), tokens }
    }

    /// What people may be shown of it: nothing, unless it came to its end and is what was asked for.
    pub(super) fn advice(&self, model: &str) -> Option<Advice> {
        let is_whole = self.stop == StopReason::EndTurn.as_str();
        let advice = answer(&self.text).filter(|_| is_whole)?;
        Some(Advice { by: model.to_owned(), ..advice })
    }
}

impl fmt::Debug for Model {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Model")
            .field("id", &self.id)
            .field("place", &self.place)
            .finish_non_exhaustive()
    }
}

//! How a stack is set up: read from its function for people, whose settings are those of the stack.

use std::collections::BTreeMap;

use aws_sdk_lambda::{Client, error::ProvideErrorMetadata};
use lambda::{DEAD_LETTERS, QUEUES, Tried, explain};
use remedy::{Place, Settings};

use crate::{fail::Fail, session::Session};

/// What the command line needs to know of a stack.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Stack {
    /// Its version; empty if it does not say.
    pub(crate) version: String,
    /// Its account.
    pub(crate) account: String,
    /// Its Region.
    pub(crate) region: String,
    /// Its settings, by the names of their environment variables.
    pub(crate) settings: BTreeMap<String, String>,
    /// Its queues' URLs, by function.
    pub(crate) queues: BTreeMap<String, String>,
    /// The URLs of its dead-letter queues, by function.
    pub(crate) dead_letters: BTreeMap<String, String>,
}

impl Stack {
    /// The stack that has this function; none if there is no such function.
    ///
    /// # Errors
    /// If it cannot be read.
    pub(crate) async fn of(session: &Session, function: &str) -> Result<Option<Self>, Fail> {
        let client = Client::new(&session.aws.service("LAMBDA"));
        let call = client.get_function_configuration().function_name(function);
        let answer = match Box::pin(call.send()).await {
            Ok(answer) => answer,
            Err(error) if error.code() == Some("ResourceNotFoundException") => return Ok(None),
            Err(error) => {
                let what = format!("read how the stack is set up (function {function})");
                let needs = format!("lambda:GetFunctionConfiguration on {function}");
                let place = &session.home;
                return Err(explain(
                    Tried { what: &what, place, role: &session.by, needs: &needs },
                    &error,
                )
                .into());
            }
        };
        let variables = answer.environment.and_then(|environment| environment.variables);
        Ok(Some(Self::from_variables(variables.unwrap_or_default(), &session.home)))
    }

    /// What the variables of its function say.
    fn from_variables(variables: impl IntoIterator<Item = (String, String)>, home: &Place) -> Self {
        let settings: BTreeMap<_, _> = variables.into_iter().collect();
        let read: Settings = settings.clone().into_iter().collect();
        let urls = |parameter| lambda::urls(&read, parameter).unwrap_or_default();
        Self {
            version: settings.get("VERSION").cloned().unwrap_or_default(),
            account: home.account.clone(),
            region: home.region.clone(),
            queues: urls(&QUEUES),
            dead_letters: urls(&DEAD_LETTERS),
            settings,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stack_is_what_the_variables_of_its_function_say() {
        let variables = [
            ("VERSION", "1.2.3"),
            ("MODE", "dry-run"),
            ("QUEUES", "ec2=https://sqs/ec2,guardduty=https://sqs/guardduty"),
        ];
        let variables = variables.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let stack = Stack::from_variables(variables, &Place::new("111122223333", "eu-west-1"));
        assert_eq!((stack.version.as_str(), stack.settings["MODE"].as_str()), ("1.2.3", "dry-run"));
        assert_eq!(stack.queues["guardduty"], "https://sqs/guardduty");
        assert!(stack.dead_letters.is_empty());
    }
}

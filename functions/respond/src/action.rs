//! The custom action in Security Hub, by which people send findings: made, renamed and deleted with the
//! stack, as `CloudFormation` asks.
//!
//! A stack does not fail because there is no Security Hub: the reason is told, and the action is made when
//! the stack is updated the next time.

use aws_sdk_securityhub::operation::{
    create_action_target::CreateActionTargetError, delete_action_target::DeleteActionTargetError,
};
use lambda::Web;
use remedy::Wrong;
use runtime::Error;
use serde::Deserialize;
use serde_json::{Value, json};

use crate::Respond;

/// How often the answer is tried to be given: a stack waits an hour for one that does not come.
const TRIES: usize = 3;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Asked {
    #[serde(rename = "RequestType")]
    kind: Kind,
    resource_type: String,
    #[serde(rename = "ResponseURL")]
    response_url: String,
    stack_id: String,
    request_id: String,
    logical_resource_id: String,
    /// Not there when it is to be made.
    #[serde(default)]
    physical_resource_id: String,
    #[serde(default)]
    resource_properties: Value,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
enum Kind {
    Create,
    Update,
    Delete,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Action {
    id: String,
    name: String,
    description: String,
}

/// What this is in the template.
const TYPE: &str = "Custom::SecurityHubAction";

/// What there is afterwards, and what is to be said of it.
#[derive(Debug, PartialEq)]
struct Outcome {
    status: &'static str,
    id: String,
    said: String,
}

/// That something could not be done at Security Hub does not fail a stack, either.
const DONE: &str = "SUCCESS";
const FAILED: &str = "FAILED";

impl Outcome {
    /// The template itself is wrong.
    fn wrong(id: String, why: &str) -> Self {
        let said = format!("only {TYPE} with Id, Name and Description is made here: {why}");
        Self { status: FAILED, id, said }
    }
}

impl Asked {
    /// What it is called by now.
    fn before(&self) -> String {
        match self.physical_resource_id.as_str() {
            "" => self.logical_resource_id.clone(),
            id => id.to_owned(),
        }
    }

    /// Tells `CloudFormation` how it ended.
    async fn answer(&self, outcome: &Outcome, web: &Web) -> Result<(), String> {
        let Outcome { status, id, said } = outcome;
        let answer = json!({
            "Status": status,
            "Reason": said,
            "PhysicalResourceId": id,
            "StackId": self.stack_id,
            "RequestId": self.request_id,
            "LogicalResourceId": self.logical_resource_id,
            "Data": { "Said": said },
        })
        .to_string();
        let mut tried = Ok(());
        for _ in 0..TRIES {
            tried = web.put(&self.response_url, answer.clone()).await;
            if tried.is_ok() {
                break;
            }
        }
        tried.map_err(|error| format!("could not answer CloudFormation: {error}"))
    }
}

/// Refuses a stack whose settings cannot be, with the reason; what is deleted is let go.
pub(crate) async fn sorry(wrong: &Wrong, request: &Value, web: &Web) -> Value {
    let said = wrong.to_string();
    let Ok(request) = serde_json::from_value::<Asked>(request.clone()) else {
        return json!({ "said": said });
    };
    let status = match request.kind {
        Kind::Delete => DONE,
        Kind::Create | Kind::Update => FAILED,
    };
    let outcome = Outcome { status, id: request.before(), said };
    let answered = request.answer(&outcome, web).await;
    json!({ "said": outcome.said, "trouble": answered.err() })
}

impl Respond {
    /// Does what `CloudFormation` asks for, and answers it.
    pub(crate) async fn action(&self, request: &Value) -> Value {
        let request: Asked = match serde_json::from_value(request.clone()) {
            Ok(request) => request,
            Err(error) => {
                let why = format!("the request of CloudFormation cannot be read: {error}");
                self.desk.say(&why);
                return json!({ "said": why });
            }
        };
        let outcome = self.made(&request).await;
        self.desk.say(&outcome.said);
        if let Err(error) = request.answer(&outcome, &self.web).await {
            self.desk.say(&error);
        }
        json!({ "said": outcome.said })
    }

    async fn made(&self, request: &Asked) -> Outcome {
        let before = || request.before();
        if request.kind == Kind::Delete {
            let id = before();
            let said = match self.deleted(&id).await {
                Ok(said) => said,
                Err(error) => error.to_string(),
            };
            return Outcome { status: DONE, id, said };
        }
        let properties = Action::deserialize(&request.resource_properties);
        let action = match properties.map_err(|error| error.to_string()) {
            Ok(action) if request.resource_type == TYPE => action,
            Ok(_) => {
                return Outcome::wrong(before(), &format!("this is {}", request.resource_type));
            }
            Err(why) => return Outcome::wrong(before(), &why),
        };
        match self.created(&action).await {
            Ok(id) => Outcome {
                status: DONE,
                id,
                said: format!("custom action {} is there", action.name),
            },
            // As it was, so that what is there is not deleted.
            Err(error) => Outcome { status: DONE, id: before(), said: error.to_string() },
        }
    }

    /// Makes the action; if there is one of that id, it gets the new name.
    async fn created(&self, Action { id, name, description }: &Action) -> Result<String, Error> {
        let what = format!("make the custom action {name} in Security Hub");
        let call =
            self.hub.client.create_action_target().id(id).name(name).description(description);
        let error = match call.send().await {
            Ok(answer) => return Ok(answer.action_target_arn.unwrap_or_else(|| self.arn(id))),
            Err(error) => error,
        };
        match error.as_service_error() {
            Some(CreateActionTargetError::ResourceConflictException(_)) => {}
            _ => return Err(self.hub.failed(&what, "securityhub:CreateActionTarget", &error)),
        }
        let arn = self.arn(id);
        let call = self.hub.client.update_action_target().action_target_arn(&arn).name(name);
        call.description(description)
            .send()
            .await
            .map(|_| arn)
            .map_err(|error| self.hub.failed(&what, "securityhub:UpdateActionTarget", &error))
    }

    async fn deleted(&self, arn: &str) -> Result<String, Error> {
        if !arn.starts_with("arn:") {
            return Ok("there is no custom action to delete".into());
        }
        let call = self.hub.client.delete_action_target().action_target_arn(arn);
        let Err(error) = call.send().await else { return Ok(format!("deleted {arn}")) };
        if let Some(DeleteActionTargetError::ResourceNotFoundException(_)) =
            error.as_service_error()
        {
            return Ok(format!("{arn} was gone already"));
        }
        let what = format!("delete the custom action {arn}");
        Err(self.hub.failed(&what, "securityhub:DeleteActionTarget", &error))
    }

    fn arn(&self, id: &str) -> String {
        let remedy::Place { partition, account, region } = &self.home;
        format!("arn:{partition}:securityhub:{region}:{account}:action/custom/{id}")
    }
}

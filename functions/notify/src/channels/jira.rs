//! Jira Cloud: an issue for each case, found by its label if the answer that named it was lost.

use aws_smithy_types::base64;
use lambda::Call;
use remedy::Timestamp;
use routing::{Jira, Receipt, render::jira};
use runtime::Error;
use serde_json::{Value, json};

use super::{
    Telling, at, json as of_json,
    ticket::{self, Tickets},
};
use crate::{
    post::{Answer, Fault, Post},
    secrets::Secret,
};

/// Makes the issue of the case, or tells of the case in it.
pub(super) async fn tell(
    post: &Post,
    jira: &Jira,
    telling: &Telling<'_>,
) -> Result<Receipt, Fault> {
    ticket::tell(&Desk { post, jira, now: telling.now }, telling).await
}

struct Desk<'a> {
    post: &'a Post,
    jira: &'a Jira,
    now: Timestamp,
}

impl Tickets for Desk<'_> {
    async fn make(&self, telling: &Telling<'_>) -> Result<String, Fault> {
        let issue = jira::issue(&telling.one(), self.jira);
        let said = self.ask("POST", "issue", Some(&issue)).await?.done()?;
        let key = said.get("key").and_then(Value::as_str);
        key.map(str::to_owned).ok_or_else(|| Fault::Unknown("Jira names no issue".into()))
    }

    /// The issue with the case's label.
    async fn find(&self, case: &str) -> Result<Option<String>, Fault> {
        let search = json!({
            "jql": jira::search(case, &self.jira.project),
            "fields": ["summary"],
            "maxResults": 1,
        });
        let said = self.ask("POST", "search/jql", Some(&search)).await?.done()?;
        Ok(said.pointer("/issues/0/key").and_then(Value::as_str).map(str::to_owned))
    }

    /// Moves the issue, if that is called for, and comments on it; whether it is there.
    async fn go_on(&self, key: &str, telling: &Telling<'_>) -> Result<bool, Fault> {
        let mut comment = jira::comment(&telling.one());
        if let Some(name) = self.transition(telling) {
            let moved = self.transit(key, name).await?;
            match moved {
                Moved::Gone => return Ok(false),
                // Who tried before may have moved it.
                Moved::No if !telling.is_unsure => add(
                    &mut comment,
                    &format!(
                        "Kintsugi found no transition `{name}` from here, and left the status as it is."
                    ),
                ),
                Moved::Yes | Moved::No => {}
            }
        }
        let path = format!("issue/{key}/comment");
        let answer = self.ask("POST", &path, Some(&comment)).await?;
        if answer.status() == 404 {
            return Ok(false);
        }
        answer.done().map(|_| true)
    }
}

impl Desk<'_> {
    /// The transition that is called for.
    fn transition(&self, telling: &Telling<'_>) -> Option<&str> {
        match (telling.is_live(), telling.was_over()) {
            (false, _) => self.jira.close.as_deref(),
            (true, true) => self.jira.reopen.as_deref(),
            (true, false) => None,
        }
    }

    async fn transit(&self, key: &str, name: &str) -> Result<Moved, Fault> {
        let path = format!("issue/{key}/transitions");
        let answer = self.ask("GET", &path, None).await?;
        if answer.status() == 404 {
            return Ok(Moved::Gone);
        }
        let said = answer.done()?;
        let all = said.get("transitions").and_then(Value::as_array).into_iter().flatten();
        let is_named = |transition: &&Value| {
            let known = transition.get("name").and_then(Value::as_str).unwrap_or_default();
            known.trim().to_lowercase() == name.trim().to_lowercase()
        };
        let Some(id) = all.into_iter().find(is_named).and_then(|found| found.get("id")) else {
            return Ok(Moved::No);
        };
        let body = json!({ "transition": { "id": id } });
        self.ask("POST", &path, Some(&body)).await?.done().map(|_| Moved::Yes)
    }

    async fn ask(
        &self,
        method: &'static str,
        path: &str,
        body: Option<&Value>,
    ) -> Result<Answer, Fault> {
        let url = at(&self.jira.site, &format!("/rest/api/3/{path}"));
        let make = |secret: &Secret| -> Result<Call, Error> {
            let (mut headers, text) = of_json(body.unwrap_or(&Value::Null));
            if body.is_none() {
                headers.remove(0);
            }
            headers.push(("authorization", basic(secret)?));
            let body = body.map(|_| text).unwrap_or_default();
            Ok(Call { method, url: url.clone(), headers, body })
        };
        self.post.send(&self.jira.secret, self.now, make).await
    }
}

enum Moved {
    Yes,
    /// There is no such transition from where it is.
    No,
    /// There is no such issue.
    Gone,
}

fn basic(secret: &Secret) -> Result<String, Error> {
    let both = format!("{}:{}", secret.text("email")?, secret.text("token")?);
    Ok(format!("Basic {}", base64::encode(both)))
}

/// Adds a paragraph to a comment.
fn add(comment: &mut Value, line: &str) {
    let paragraph = json!({"type": "paragraph", "content": [{"type": "text", "text": line}]});
    if let Some(content) = comment.pointer_mut("/body/content").and_then(Value::as_array_mut) {
        content.push(paragraph);
    }
}

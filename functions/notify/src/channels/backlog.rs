//! Nulab Backlog: an issue for each case, found by its marker if the answer that named it was lost.

use form_urlencoded::Serializer;
use lambda::Call;
use remedy::Timestamp;
use routing::{Backlog, Receipt, render::backlog};
use runtime::Error;
use serde_json::Value;

use super::{
    Telling, at,
    ticket::{self, Tickets},
};
use crate::{
    post::{Answer, Fault, Post},
    secrets::Secret,
};

/// The names and values of a form.
type Form = Vec<(String, String)>;

/// Makes the issue of the case, or tells of the case in it.
pub(super) async fn tell(
    post: &Post,
    backlog: &Backlog,
    telling: &Telling<'_>,
) -> Result<Receipt, Fault> {
    ticket::tell(&Desk { post, backlog, now: telling.now }, telling).await
}

struct Desk<'a> {
    post: &'a Post,
    backlog: &'a Backlog,
    now: Timestamp,
}

impl Tickets for Desk<'_> {
    async fn make(&self, telling: &Telling<'_>) -> Result<String, Fault> {
        let form = backlog::issue(&telling.one(), self.backlog);
        let said = self.ask("POST", "issues", &form).await?.done()?;
        let key = said.get("issueKey").and_then(Value::as_str);
        key.map(str::to_owned).ok_or_else(|| Fault::Unknown("Backlog names no issue".into()))
    }

    /// The issue whose description has the case's marker: the oldest, should there be more.
    async fn find(&self, case: &str) -> Result<Option<String>, Fault> {
        let marker = backlog::marker(case);
        let query = [
            ("projectId[]", self.backlog.project.to_string()),
            ("keyword", marker.clone()),
            ("order", "asc".into()),
            ("count", "20".into()),
        ];
        let query = query.map(|(name, value)| (name.to_owned(), value));
        let said = self.ask("GET", "issues", &query).await?.done()?;
        let text = |issue: &Value, name: &str| issue.get(name)?.as_str().map(str::to_owned);
        // Words in comments are found, too.
        let is_its = |issue: &&Value| {
            text(issue, "description").is_some_and(|described| described.contains(&marker))
        };
        let mut all = said.as_array().into_iter().flatten();
        Ok(all.find(is_its).and_then(|issue| text(issue, "issueKey")))
    }

    /// Comments on the issue, and moves it, if that is called for; whether it is there.
    async fn go_on(&self, key: &str, telling: &Telling<'_>) -> Result<bool, Fault> {
        let comment = backlog::comment(&telling.one());
        let status = match (telling.is_live(), telling.was_over()) {
            (false, _) => self.backlog.close,
            (true, true) => Some(self.backlog.reopen),
            (true, false) => None,
        };
        let answer = match status {
            // One call does both.
            Some(status) => {
                let mut form = vec![("statusId".to_owned(), status.to_string())];
                let named = |(name, value): (String, String)| match name.as_str() {
                    "content" => ("comment".to_owned(), value),
                    _ => (name, value),
                };
                form.extend(comment.into_iter().map(named));
                self.ask("PATCH", &format!("issues/{key}"), &form).await?
            }
            None => self.ask("POST", &format!("issues/{key}/comments"), &comment).await?,
        };
        if answer.status() == 404 {
            return Ok(false);
        }
        answer.done().map(|_| true)
    }
}

impl Desk<'_> {
    async fn ask(
        &self,
        method: &'static str,
        path: &str,
        form: &[(String, String)],
    ) -> Result<Answer, Fault> {
        let url = at(&self.backlog.site, &format!("/api/v2/{path}"));
        let make = |secret: &Secret| -> Result<Call, Error> {
            let mut query: Form = vec![("apiKey".into(), secret.text("api_key")?.into())];
            let encoded = |form: &[(String, String)]| {
                Serializer::new(String::new()).extend_pairs(form).finish()
            };
            let (body, headers) = if method == "GET" {
                query.extend(form.iter().cloned());
                (String::new(), Vec::new())
            } else {
                let form_type = "application/x-www-form-urlencoded".to_owned();
                (encoded(form), vec![("content-type", form_type)])
            };
            Ok(Call { method, url: format!("{url}?{}", encoded(&query)), headers, body })
        };
        self.post.send(&self.backlog.secret, self.now, make).await
    }
}

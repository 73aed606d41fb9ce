//! A webhook that knows by a signature who calls it.

use lambda::Call;
use remedy::Timestamp;
use routing::{Said, render::webhook};

use super::json;
use crate::post::{Fault, Post};

/// The time of the call in seconds since 1970: part of what is signed, so that nobody can send it again later.
const TIME: &str = "x-kintsugi-timestamp";
/// The signature.
const SIGNATURE: &str = "x-kintsugi-signature";

/// Calls it. Whatever it answers with a status of 2xx is as good as any.
pub(super) async fn send(
    post: &Post,
    url: &str,
    secret: &str,
    said: &Said<'_>,
    now: Timestamp,
) -> Result<(), Fault> {
    let body = webhook::body(said);
    let answer = post.send(secret, now, |secret| {
        let time = now.timestamp().to_string();
        let signature = webhook::signature(secret.text("key")?.as_bytes(), &time, &body);
        let (mut headers, _) = json(&serde_json::Value::Null);
        headers.extend([(TIME, time), (SIGNATURE, signature)]);
        Ok(Call { method: "POST", url: url.to_owned(), headers, body: body.clone() })
    });
    answer.await?.done().map(drop)
}

//! Keeps the embedded AWS up with the stack deployed, and says what the stack decides.
//!
//! Both emulators end with this program, however it ends: they stay only as long as their standard input
//! is open.

use std::{collections::BTreeSet, env, process::ExitCode, time::Duration};

use stage::{Record, Result, Stage, Trouble};

const PAUSE: Duration = Duration::from_millis(300);

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    match Box::pin(run()).await {
        Ok(()) => ExitCode::SUCCESS,
        Err(trouble) => {
            eprintln!("local: {trouble}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> Result<()> {
    let parameters = parameters(&given())?;
    let parameters: Vec<_> = parameters.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let mut stage = Stage::up_in(&region(), &parameters).await?;
    println!("platform: {}", stage.platform_url());
    println!("estate: {}", stage.estate_url());
    let mut told = BTreeSet::new();
    loop {
        stage.check()?;
        for record in stage.records().await? {
            if record.outcome != "open" && told.insert((record.id.clone(), record.outcome.clone()))
            {
                println!("{}", line(&record));
            }
        }
        tokio::time::sleep(PAUSE).await;
    }
}

/// One decision.
fn line(record: &Record) -> String {
    let place = record.page.about.place.as_ref().map(ToString::to_string);
    let trigger = record.page.signal.as_ref().map(|signal| signal.trigger.name().to_owned());
    let or = |text: &str| if text.is_empty() { "-".to_owned() } else { text.to_owned() };
    format!(
        "{:<10} {}  {}  {}  {}  {}  ({})",
        record.outcome,
        or(record.resource()),
        place.unwrap_or_else(|| "-".into()),
        trigger.unwrap_or_else(|| "-".into()),
        or(&record.remediation),
        record.why,
        record.id
    )
}

#[expect(clippy::disallowed_methods, reason = "this is where the program reads its settings")]
fn given() -> String {
    env::var("PARAMS").unwrap_or_default()
}

/// Where the stack is deployed: as the AWS CLI would have it, else where AWS's own examples are.
#[expect(clippy::disallowed_methods, reason = "this is where the program reads its settings")]
fn region() -> String {
    let set = |name| env::var(name).ok().filter(|region| !region.is_empty());
    set("AWS_REGION").or_else(|| set("AWS_DEFAULT_REGION")).unwrap_or_else(|| "us-east-1".into())
}

/// `Key=Value Key2='a b'`, as a shell would read it.
fn parameters(given: &str) -> Result<Vec<(String, String)>> {
    let pair = |word: String| {
        let Some((key, value)) = word.split_once('=') else {
            let how = "write PARAMS=\"Key=Value Key2='a b'\"";
            return Err(Trouble(format!("PARAMS holds `{word}`, which sets nothing; {how}")));
        };
        Ok((key.to_owned(), value.to_owned()))
    };
    words(given)?.into_iter().map(pair).collect()
}

fn words(text: &str) -> Result<Vec<String>> {
    let mut words = Vec::new();
    let mut word: Option<String> = None;
    let mut quote = None;
    for letter in text.chars() {
        match (quote, letter) {
            (Some(open), letter) if letter == open => quote = None,
            (None, '\'' | '"') => {
                quote = Some(letter);
                word.get_or_insert_default();
            }
            (None, letter) if letter.is_whitespace() => words.extend(word.take()),
            (_, letter) => word.get_or_insert_default().push(letter),
        }
    }
    match quote {
        None => {
            words.extend(word);
            Ok(words)
        }
        Some(open) => {
            Err(Trouble(format!("PARAMS has a quote ({open}) that is not closed: {text}")))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parameters_are_read_as_a_shell_reads_words() {
        let read = |text: &str| parameters(text).map_err(|trouble| trouble.0);
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(read(""), Ok(vec![]));
        assert_eq!(
            read("Mode=dry-run  ScopeTagValue='a b' X=\"it's\" Y="),
            Ok(vec![
                pair("Mode", "dry-run"),
                pair("ScopeTagValue", "a b"),
                pair("X", "it's"),
                pair("Y", "")
            ])
        );
        assert!(read("Mode").is_err_and(|why| why.contains("`Mode`")));
        assert!(read("Mode='dry").is_err_and(|why| why.contains("not closed")));
    }
}

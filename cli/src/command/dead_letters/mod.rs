//! `dead-letters`: events that could not be handled.

mod queue;
mod story;

use std::fmt::Write;

use runtime::notice::clean;
use serde_json::json;

use crate::{
    args::{DeadLetters, Sure},
    fail::{Code, Fail},
    say::{Said, Say, count, paint, table::table},
    session::Session,
};

pub(crate) use self::queue::{Depth, depths};
use self::{
    queue::{Letter, Queues},
    story::{Story, stories},
};

/// What is done with events that could not be handled.
pub(crate) async fn dead_letters(
    what: Option<&DeadLetters>,
    session: &Session,
    say: &Say,
) -> Result<Said, Fail> {
    let stack = session.stack().await?;
    let queues = Queues::of(session, stack)?;
    let letters = queues.letters(say).await?;
    match what {
        None | Some(DeadLetters::List) => {
            queues.give_back(&letters).await;
            Ok(listed(&letters, say.width))
        }
        Some(DeadLetters::Explain { which }) => {
            queues.give_back(&letters).await;
            let chosen = chosen(&letters, which)?;
            let stories = stories(&chosen, session, stack).await?;
            Ok(explained(&stories))
        }
        Some(DeadLetters::Redrive { which, sure, .. }) => {
            // Without a number it is all of them.
            let chosen = match chosen(&letters, which) {
                Ok(chosen) => chosen,
                Err(fail) => {
                    queues.give_back(&letters).await;
                    return Err(fail);
                }
            };
            redriven(&queues, &letters, &chosen, *sure, say).await
        }
    }
}

/// A letter and its number in the list, counted from one.
type Numbered<'a> = (usize, &'a Letter);

/// Those that are named by their number, or by how their id begins; all of them if none is named.
fn chosen<'a>(letters: &'a [Letter], which: &[String]) -> Result<Vec<Numbered<'a>>, Fail> {
    let all = || letters.iter().enumerate().map(|(nth, letter)| (nth + 1, letter));
    if which.is_empty() {
        return Ok(all().collect());
    }
    let mut chosen: Vec<Numbered<'a>> = Vec::new();
    for named in which {
        let number: Option<usize> = named.parse().ok();
        let by_number = all().find(|(nth, _)| Some(*nth) == number);
        let mut by_id =
            all().filter(|(_, letter)| named.len() >= 4 && letter.id.starts_with(named.as_str()));
        let one = match by_number {
            Some(one) => Some(one),
            None => by_id.next().filter(|_| by_id.next().is_none()),
        };
        let Some(one) = one else {
            return Err(Fail::Usage(format!(
                "`{named}` names none of the {}, or more than one; `kintsugi dead-letters` lists them by \
                 number and id",
                count(letters.len(), "dead letter")
            )));
        };
        if !chosen.iter().any(|(nth, _)| *nth == one.0) {
            chosen.push(one);
        }
    }
    Ok(chosen)
}

fn listed(letters: &[Letter], width: Option<u16>) -> Said {
    let rows: Vec<_> = (letters.iter().enumerate())
        .map(|(nth, letter)| {
            vec![
                (nth + 1).to_string(),
                letter.short_id(),
                letter.function.clone(),
                letter.sent.map(crate::say::minute).unwrap_or_default(),
                letter.kind(),
                letter.about(),
            ]
        })
        .collect();
    let text = match rows.is_empty() {
        true => "No dead letters.\n".to_owned(),
        false => table(&["nr", "id", "function", "sent", "event", "about"], &rows, width),
    };
    Said::new(text, json!({ "dead_letters": letters }))
}

fn explained(stories: &[Story]) -> Said {
    let mut text = String::new();
    for story in stories {
        let _ = writeln!(text, "{}", story.text());
    }
    if stories.is_empty() {
        text.push_str("No dead letters.\n");
    }
    Said::new(text, json!({ "dead_letters": stories }))
}

async fn redriven(
    queues: &Queues<'_>,
    letters: &[Letter],
    chosen: &[Numbered<'_>],
    sure: Sure,
    say: &Say,
) -> Result<Said, Fail> {
    let mut shown = String::new();
    for (nth, letter) in chosen {
        let (kind, about) = (letter.kind(), letter.about());
        let _ =
            writeln!(shown, "  {nth} {} to {}: {kind} {about}", letter.short_id(), letter.function);
    }
    let events = count(chosen.len(), "event");
    if chosen.is_empty() {
        return Ok(Said::new("No dead letters.\n", json!({ "sent": [], "trouble": [] })));
    }
    let asked = say.confirm(&shown, &format!("Send {events} again?"), sure.yes);
    if let Err(no) = asked {
        queues.give_back(letters).await;
        return Err(no);
    }
    let (mut sent, mut trouble) = (Vec::new(), Vec::new());
    for (_, letter) in chosen {
        match queues.send_again(letter).await {
            Ok(None) => sent.push(letter.id.clone()),
            Ok(Some(why)) => {
                sent.push(letter.id.clone());
                trouble.push(why);
            }
            Err(error) => trouble.push(error.to_string()),
        }
    }
    let rest: Vec<Letter> =
        letters.iter().filter(|letter| !sent.contains(&letter.id)).cloned().collect();
    queues.give_back(&rest).await;
    let mut text = format!("{} of {events} sent again.\n", sent.len());
    for why in &trouble {
        let _ = writeln!(text, "{} {}", paint::paint(paint::BAD, "failed"), clean(why, 1_000));
    }
    let all = sent.len() == chosen.len();
    let said = Said::new(text, json!({ "sent": sent, "trouble": trouble }));
    Ok(if all { said } else { Said { code: Code::Failed, ..said } })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn letters() -> Vec<Letter> {
        ["aaaa1111-0", "aaaa2222-0", "12345678-0"].map(Letter::example).into()
    }

    fn numbers(which: &[&str]) -> Result<Vec<usize>, Fail> {
        let which: Vec<_> = which.iter().map(|named| (*named).to_owned()).collect();
        let letters = letters();
        let chosen = chosen(&letters, &which)?;
        Ok(chosen.into_iter().map(|(nth, _)| nth).collect())
    }

    #[test]
    fn a_letter_is_named_by_its_number_or_by_how_its_id_begins() {
        for (which, found) in [
            (&[][..], vec![1, 2, 3]),
            (&["2"], vec![2]),
            (&["aaaa1"], vec![1]),
            (&["12345678"], vec![3]),
            (&["3", "1", "1234"], vec![3, 1]),
        ] {
            assert_eq!(numbers(which), Ok(found), "{which:?}");
        }
    }

    #[test]
    fn what_names_none_or_more_than_one_is_refused() {
        for which in ["4", "0", "aaaa", "aaa", "x"] {
            assert!(matches!(numbers(&[which]), Err(Fail::Usage(_))), "{which}");
        }
    }

    #[test]
    fn a_list_shows_what_each_is_about() {
        let text = anstream::adapter::strip_str(&listed(&letters(), None).text).to_string();
        assert!(text.starts_with("nr  id        function  sent  event"), "{text}");
        assert!(text.contains("1   aaaa1111  ec2"), "{text}");
        assert_eq!(listed(&[], None).text, "No dead letters.\n");
    }
}

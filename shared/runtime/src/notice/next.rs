//! What to type next.

use remedy::Hold;

use super::{
    LONGEST,
    parts::{Part, by_hand},
    visible,
};
use crate::{Outcome, Page};

/// Bytes of commands that a message may have.
const LONGEST_COMMANDS: usize = LONGEST / 2;

pub(super) fn next(page: &Page) -> Vec<Part> {
    let mut parts = Vec::new();
    let has_made_some = page.has_made_some();
    if has_made_some {
        let undo = format!("kintsugi undo {}", page.id);
        parts.push(Part::commands("To take it back:", vec![undo]));
        parts.extend(commands("Or by hand:", &page.undo));
    }
    if let Some(until) = page.exempt_until.filter(|_| has_made_some) {
        let title = format!(
            "It is left alone until {}. To end that sooner:",
            until.format("%Y-%m-%d %H:%M UTC")
        );
        let end = format!("kintsugi exempt {} --end", visible(&page.about.resource));
        parts.push(Part::commands(title, vec![end]));
    }
    match &page.outcome {
        Outcome::Held { why } => parts.extend(held(page, why)),
        Outcome::Fixed => {
            parts.extend(commands("What is left is to be done by hand:", &page.make));
        }
        Outcome::Partial | Outcome::Failed => {
            parts.extend(commands("To do by hand what was refused:", &page.make));
        }
        Outcome::Unreadable { .. } => parts.push(Part::commands(
            "The event comes again a few times and then rests in the dead-letter queue. Mend the cause, \
             then:",
            vec!["kintsugi dead-letters redrive --all".into()],
        )),
        _ => {}
    }
    parts
}

fn held(page: &Page, why: &[Hold]) -> Vec<Part> {
    let mut parts = Vec::new();
    if let Some(asks) = &page.asks {
        let until = asks.until.format("%Y-%m-%d %H:%M UTC");
        let id = &page.id;
        let approve = vec![format!("kintsugi approve {id}")];
        parts.push(Part::commands(format!("To approve it, until {until}:"), approve));
        let reject = vec![format!("kintsugi reject {id}")];
        parts.push(Part::commands("To have it left alone:", reject).following());
    }
    if why.iter().any(|hold| matches!(hold, Hold::OverCap { .. })) {
        let account = page.about.place.as_ref().map_or("", |place| &place.account);
        let title = format!(
            "Further repairs by {} in account {account} are held, too, and wait. If they are meant:",
            page.remediation,
        );
        let resume = format!("kintsugi resume {} --account {account}", page.remediation);
        parts.push(Part::commands(title, vec![resume]));
        return parts;
    }
    parts.extend(commands("To do it by hand:", &page.make));
    parts
}

fn commands(title: &str, commands: &[String]) -> Option<Part> {
    by_hand(title, commands, LONGEST_COMMANDS)
}

//! What to type next.

use std::fmt::Write;

use remedy::Hold;

use super::{LONGEST, visible};
use crate::{Outcome, Page};

/// Bytes of commands that a message may have.
const LONGEST_COMMANDS: usize = LONGEST / 2;

pub(super) fn next(out: &mut String, page: &Page) {
    let has_made_some = page.has_made_some();
    if has_made_some {
        let _ = writeln!(out, "To take it back:\n  kintsugi undo {}\n", page.id);
        commands(out, "Or by hand:", &page.undo);
    }
    if let Some(until) = page.exempt_until.filter(|_| has_made_some) {
        let _ = writeln!(
            out,
            "It is left alone until {}. To end that sooner:\n  kintsugi exempt {} --end\n",
            until.format("%Y-%m-%d %H:%M UTC"),
            visible(&page.about.resource)
        );
    }
    match &page.outcome {
        Outcome::Held { why } => held(out, page, why),
        Outcome::Fixed => commands(out, "What is left is to be done by hand:", &page.make),
        Outcome::Partial | Outcome::Failed => {
            commands(out, "To do by hand what was refused:", &page.make);
        }
        Outcome::Unreadable { .. } => out.push_str(
            "The event comes again a few times and then rests in the dead-letter queue. Mend the cause, \
             then:\n  kintsugi dead-letters redrive --all\n\n",
        ),
        _ => {}
    }
}

fn held(out: &mut String, page: &Page, why: &[Hold]) {
    if let Some(asks) = &page.asks {
        let until = asks.until.format("%Y-%m-%d %H:%M UTC");
        let id = &page.id;
        let _ = writeln!(
            out,
            "To approve it, until {until}:\n  kintsugi approve {id}\nTo have it left alone:\n  kintsugi \
             reject {id}\n"
        );
    }
    if why.iter().any(|hold| matches!(hold, Hold::OverCap { .. })) {
        let account = page.about.place.as_ref().map_or("", |place| &place.account);
        let _ = writeln!(
            out,
            "Further repairs by {} in account {account} are held, too, and wait. If they are meant:\n  \
             kintsugi resume {} --account {account}\n",
            page.remediation, page.remediation,
        );
        return;
    }
    commands(out, "To do it by hand:", &page.make);
}

fn commands(out: &mut String, title: &str, commands: &[String]) {
    if commands.is_empty() {
        return;
    }
    let _ = writeln!(out, "{title}");
    if commands.iter().map(String::len).sum::<usize>() > LONGEST_COMMANDS {
        let _ = writeln!(out, "  the commands are too long for a message; they are in the record");
    } else {
        for command in commands {
            let _ = writeln!(out, "  {}", visible(command));
        }
    }
    out.push('\n');
}

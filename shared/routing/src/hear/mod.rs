//! What news comes to: what is remembered, who is told, when to look again.

mod telling;

use remedy::Timestamp;
use runtime::{News, Stands};

use self::telling::Telling;
use crate::{
    Accepted, Alarm, Answered, Case, Found, Heard, Rules, Timer, Workflow, accepted,
    case::{FINDING, is_live},
    regraded,
    timing::later,
};

/// What `news` of a problem comes to, of which `case` is remembered.
///
/// The same news can be heard again, if somebody could not be told: then only they are told.
pub fn hear(rules: &Rules, case: Option<Case>, news: &News, now: Timestamp) -> Heard {
    let is_finding = news.outcome == FINDING;
    if case.is_none() && is_finding && matches!(news.stands, Stands::Solved | Stands::Fixed) {
        return Heard::default();
    }
    if case.as_ref().is_some_and(|case| is_outdated(case, news)) {
        return Heard::default();
    }
    let (mut news, acceptance) = judged(rules, news, now);
    let mut case = case.unwrap_or_else(|| Case::new(&news));
    // A fix that was overtaken by what came of it.
    if case.heard > 0 && news.stands != Stands::Notice {
        news.at = news.at.max(case.news.at);
    }
    let is_again = case.heard > 0 && case.news == news;
    case.hear(&news, acceptance);
    if !is_again {
        case.heard = case.heard.saturating_add(1);
    }
    let mut heard = Telling { rules, now, news: &news }.all(&mut case);
    heard.timers.extend(alarms(rules, &case, now));
    heard.case = Some(case);
    heard
}

/// The same for what a finding says. That a problem is there is told by the remediations that answer it.
pub fn hear_finding(rules: &Rules, case: Option<Case>, found: &Found, now: Timestamp) -> Heard {
    let news = found.original(case.as_ref());
    // Kintsugi marks what it repaired, and tells so itself.
    let is_own = found.by_kintsugi
        && found.workflow == Workflow::Resolved
        && found.passed != Some(true)
        && !found.archived;
    let is_others = match found.answered {
        Answered::ByRemediation => is_live(judged(rules, &news, now).0.stands),
        Answered::ByNobody => false,
    };
    if is_own || is_others { Heard::default() } else { hear(rules, case, &news, now) }
}

/// What a timer of `case` comes to: it escalates, reminds, or its accepted risk has ended.
pub fn wake(rules: &Rules, case: Case, now: Timestamp) -> Heard {
    let mut case = case;
    let mut heard = Heard::default();
    if let Some(was) = case.lapsed(rules, now) {
        case.accepted = None;
        if case.news.stands == Stands::Accepted {
            case.news.stands = was;
            case.open(now);
            let news = case.news.clone();
            heard = Telling { rules, now, news: &news }.all(&mut case);
        }
    }
    let news = case.news.clone();
    let telling = Telling { rules, now, news: &news };
    let later = [telling.escalations(&mut case), telling.reminders(&mut case)];
    for more in later {
        heard.tell.extend(more.tell);
        heard.timers.extend(more.timers);
    }
    heard.timers.extend(alarms(rules, &case, now));
    heard.case = Some(case);
    heard
}

/// Whether the case knows newer. What was ordered is no news of a problem, and never old; a fix is told also where
/// Security Hub was faster to say that nothing is wrong any more.
fn is_outdated(case: &Case, news: &News) -> bool {
    let is_overtaken =
        news.stands == Stands::Fixed && case.news.stands == Stands::Solved && news.at >= case.since;
    case.heard > 0 && news.stands != Stands::Notice && !is_overtaken && news.at < case.news.at
}

/// `news` as the rules see it: how bad, and whether it is accepted.
fn judged(rules: &Rules, news: &News, now: Timestamp) -> (News, Option<Accepted>) {
    let mut judged = news.clone();
    if news.stands == Stands::Notice {
        return (judged, None);
    }
    if let Some(regrade) = regraded(rules, news) {
        judged.severity = regrade.severity;
    }
    // What Security Hub shows as suppressed may be so by the rule.
    let is_suppressed = news.stands == Stands::Accepted && news.outcome == FINDING;
    let was = if is_suppressed { Stands::Open } else { news.stands };
    let without = News { stands: was, ..news.clone() };
    let acceptance = accepted(rules, &without, now).filter(|_| is_live(was));
    let acceptance = acceptance.map(|rule| Accepted {
        name: rule.name.clone(),
        why: rule.reason.clone(),
        by: rule.owner.clone(),
        until: rule.until,
        was,
    });
    if acceptance.is_some() {
        judged.stands = Stands::Accepted;
    }
    (judged, acceptance)
}

/// When to look at `case` again, whoever was told.
fn alarms(rules: &Rules, case: &Case, now: Timestamp) -> Vec<Timer> {
    let timer = |at, kind| Timer { at, kind, name: case.id.clone() };
    let mut timers = Vec::new();
    if let Some(accepted) = &case.accepted {
        timers.push(timer(accepted.until, Alarm::Lapse));
    }
    if case.is_live() && case.acknowledged.is_none() {
        let matching = rules.escalations.iter().filter(|rule| rule.on.matches(&case.news));
        let ahead = matching.map(|rule| later(case.since, rule.after)).filter(|at| now < *at);
        timers.extend(ahead.map(|at| timer(at, Alarm::Escalate)));
    }
    timers
}

#[cfg(test)]
mod laws;
#[cfg(test)]
mod tests;
#[cfg(test)]
pub(crate) mod world;

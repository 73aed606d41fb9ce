//! Which findings matter here: how bad they are, and which risks are accepted.

use remedy::{Severity, Timestamp};
use runtime::{News, Stands, notice::clean};

use crate::{Acceptance, Case, Found, Graded, Regrade, Rules, Workflow};

/// Characters that Security Hub takes as a note.
const LONGEST: usize = 512;
/// Findings of one case that are remembered.
const FINDINGS: usize = 64;

/// What is to be done to a finding, so that Security Hub shows what the rules say.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Triage {
    /// The severity that it is to have.
    pub severity: Option<Severity>,
    /// Why it is to have that, as a note.
    pub note: Option<String>,
    /// Its workflow is to be SUPPRESSED, with this note, which counts more.
    pub suppress: Option<String>,
    /// Its workflow is to be NEW, with this note, which counts more.
    pub release: Option<String>,
}

impl Triage {
    /// Whether nothing is to be done.
    pub fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    /// The note that goes with it.
    pub fn text(&self) -> Option<&str> {
        let notes = [&self.suppress, &self.release, &self.note];
        notes.into_iter().find_map(Option::as_deref)
    }
}

/// How bad the rules say `news` is.
pub fn regraded<'a>(rules: &'a Rules, news: &News) -> Option<&'a Regrade> {
    rules.severities.iter().find(|regrade| regrade.on.matches(news))
}

/// Which rule accepts the risk at `now`.
pub fn accepted<'a>(rules: &'a Rules, news: &News, now: Timestamp) -> Option<&'a Acceptance> {
    rules.accepted.iter().find(|accepted| now < accepted.until && accepted.on.matches(news))
}

/// What is to be done to the finding. What `case` remembers keeps it from being done again and again.
pub fn triage(rules: &Rules, case: Option<&Case>, found: &Found, now: Timestamp) -> Triage {
    let Some(finding) = found.finding.as_ref().filter(|_| found.leads) else {
        return Triage::default();
    };
    if found.archived || found.passed == Some(true) || found.workflow == Workflow::Resolved {
        return Triage::default();
    }
    let id = finding.id();
    let news = News { stands: Stands::Open, ..found.original(case) };
    let mut triage = Triage::default();

    let rule = regraded(rules, &news);
    let wanted = rule.map_or(news.severity, |rule| rule.severity);
    let graded = case.and_then(|case| case.graded.get(id));
    // Our own update that comes back without the severity that it gave will not come back better.
    let is_refused = found.by_kintsugi && graded.is_some_and(|graded| graded.to == wanted);
    if wanted != found.news.severity && !is_refused {
        triage.severity = Some(wanted);
        triage.note = Some(match rule {
            Some(rule) => note(&format!("Kintsugi: {wanted} here: {}", rule.reason)),
            None => note(&format!("Kintsugi: {wanted} again, by no rule any more")),
        });
    }

    let is_ours = case.is_some_and(|case| case.suppressed.contains(id));
    let is_refused = found.by_kintsugi && is_ours;
    // Others that the finding is about would go unseen.
    let is_alone = found.resources == 1;
    match (found.workflow, accepted(rules, &news, now)) {
        (Workflow::New | Workflow::Notified, Some(rule)) if is_alone && !is_refused => {
            triage.suppress = Some(note(&format!(
                "Kintsugi: accepted until {} by {} ({}): {}",
                rule.last_day(),
                rule.owner,
                rule.name,
                rule.reason
            )));
        }
        (Workflow::Suppressed, None) if is_ours => {
            triage.release = Some(note("Kintsugi: the risk is not accepted any more"));
        }
        _ => {}
    }
    triage
}

fn note(text: &str) -> String {
    clean(text, LONGEST)
}

impl Acceptance {
    /// The last day on which it holds.
    pub fn last_day(&self) -> String {
        let last = self.until.checked_sub_signed(chrono::TimeDelta::seconds(1));
        last.unwrap_or(self.until).format("%Y-%m-%d").to_string()
    }
}

impl Found {
    /// The news as it would be if Kintsugi had not changed the finding's severity.
    pub(crate) fn original(&self, case: Option<&Case>) -> News {
        let mut news = self.news.clone();
        let id = self.finding.as_ref().map(remedy::Finding::id);
        let graded = case.zip(id).and_then(|(case, id)| case.graded.get(id));
        if let Some(graded) = graded.filter(|graded| graded.to == news.severity) {
            news.severity = graded.from;
        }
        news
    }
}

impl Case {
    /// That `triage` was done to the finding.
    pub fn triaged(&mut self, found: &Found, triage: &Triage) {
        let Some(id) = found.finding.as_ref().map(remedy::Finding::id) else { return };
        if let Some(to) = triage.severity {
            let from = found.original(Some(self)).severity;
            self.graded.insert(id.into(), Graded { from, to });
            if self.graded.len() > FINDINGS {
                self.graded.pop_first();
            }
        }
        if triage.suppress.is_some() {
            self.suppressed.insert(id.into());
            if self.suppressed.len() > FINDINGS {
                self.suppressed.pop_first();
            }
        }
        if triage.release.is_some() {
            self.suppressed.remove(id);
        }
    }
}

#[cfg(test)]
mod tests;

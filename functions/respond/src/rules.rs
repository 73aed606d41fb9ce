//! Who hears what, and who takes care of what.

use std::fmt::Write;

use lambda::Heeded;
use remedy::Timestamp;
use routing::{Acknowledged, Known, Misread, Problem, Rules};
use runtime::{About, News, notice};

use crate::{
    Respond,
    given::{Answered, Done, Given, Hears, refused},
};

impl Respond {
    /// Puts other rules in force.
    pub(crate) async fn rules(&self, given: Given<'_>, text: &str, replaces: u32) -> Answered {
        let Given { by, why, now, .. } = given;
        let warnings = validated(text, now)?;
        let pushed = self.desk.table().push_rules(text, replaces, by, now, why).await;
        let version = pushed.map_err(refused)?.version;
        let mut said =
            format!("version {version} of the rules is in force, within half a minute everywhere");
        for warning in &warnings {
            said = format!("{said}; look at {warning}");
        }
        let what = format!("put version {version} of the rules in force");
        let report = self.wrote(given, &what, About::default(), "", Hears::Everybody);
        Ok(Done::ordered(said, report.await))
    }

    /// Writes down that a person takes care of a problem.
    pub(crate) async fn acknowledge(&self, given: Given<'_>, case_or_record: &str) -> Answered {
        let (case, about) = if is_case(case_or_record) {
            (case_or_record.to_owned(), About::default())
        } else {
            let page = self.page(case_or_record).await?;
            (News::of(&page).case, page.about)
        };
        let (by, why) = (given.by.to_owned(), given.why.to_owned());
        let said = Acknowledged { by, at: given.now, why };
        let json = serde_json::to_string(&said)
            .map_err(|error| format!("could not write who takes care of {case}: {error}"))?;
        let of = match is_case(case_or_record) {
            true => String::new(),
            false => format!(" of record {case_or_record}"),
        };
        match self.desk.table().acknowledge(&case, &json).await.map_err(refused)? {
            Heeded::Yes => {}
            Heeded::Unknown => {
                return Err(format!(
                    "there is no case {case}{of}: nobody was told of it (yet), so nothing escalates"
                ));
            }
            Heeded::Closed => {
                return Err(format!("case {case}{of} is closed: there is nothing to take care of"));
            }
        }
        let done = format!(
            "case {case}{of} is acknowledged: it does not escalate until it is closed and comes back"
        );
        let what = format!("acknowledge case {case}{of}");
        let report = self.wrote(given, &what, about, "", Hears::Nobody);
        Ok(Done::ordered(done, report.await))
    }
}

/// Rules that can be used, with what should be looked at all the same.
///
/// # Errors
/// Everything that is wrong with them, each by its line and column.
fn validated(text: &str, now: Timestamp) -> Result<Vec<Problem>, String> {
    let remediations: Vec<_> = catalog::entries().map(|entry| entry.spec.id).collect();
    let checked = Rules::check(text, &Known { remediations: &remediations }, now);
    checked.map(|checked| checked.warnings).map_err(|Misread { problems }| {
        let intro = "the rules are not put in force; those that were stay so".to_owned();
        problems.iter().fold(intro, |mut out, problem| {
            let _ = write!(out, "\n  {}", notice::clean(&problem.to_string(), 1_000));
            out
        })
    })
}

/// Whether `id` looks like a case's.
fn is_case(id: &str) -> bool {
    let is_hex = |b: u8| b.is_ascii_digit() || (b'a'..=b'f').contains(&b);
    id.strip_prefix("c-").is_some_and(|hex| hex.len() == 12 && hex.bytes().all(is_hex))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_known_by_its_name() {
        assert!(is_case(&runtime::news::case_id("EC2.18", "sg-1")));
        for id in ["", "c-", "k-0123456789ab", "c-0123456789a", "c-0123456789aB", "c-0123456789ab#"]
        {
            assert!(!is_case(id), "{id}");
        }
    }

    #[test]
    fn only_rules_that_can_be_used_are_valid() {
        let now = remedy::check::now();
        assert!(validated("", now).is_ok());
        let why = validated("[channels\nmail = 1", now).unwrap_err();
        assert!(why.contains("are not put in force") && why.contains("line "), "{why}");
    }
}

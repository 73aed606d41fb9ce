//! What people answer and order: `approve`, `reject`, `undo`, `run`, `pause`, `resume`, `exempt`.

use std::fmt::Write;

use catalog::{ec2::SecurityGroupId, entries};
use chrono::TimeDelta;
use remedy::{Arn, Id, Place, Timestamp};
use runtime::{
    Outcome, Page, State,
    notice::{self, clean},
    order::{Reply, What},
};

use crate::{
    args::{End, RecordId, Run, Span, Sure},
    command::{history::record_of, now, preview},
    fail::{Code, Fail},
    say::{Said, Say, paint},
    session::Session,
};

/// Orders something, and says what came of it.
pub(crate) async fn order(what: What, why: &str, session: &Session) -> Result<Said, Fail> {
    session.order(what, why).await.map(|reply| told(&reply))
}

/// What the stack answered.
pub(crate) fn told(reply: &Reply) -> Said {
    let (text, page) = match reply {
        Reply::Done { said, record } => (clean(said, 2_000), record.as_deref()),
        Reply::Refused { why } => (clean(why, 2_000), None),
    };
    let mut all = format!("{text}\n");
    match page.map(|page| (page, &page.outcome)) {
        // The answer is all there is to say of it.
        Some((page, Outcome::Ordered { .. })) => {
            let _ = writeln!(all, "{}", paint::paint(paint::FAINT, &format!("Record {}", page.id)));
        }
        Some((page, _)) => {
            let _ = write!(all, "\n{}", notice::text(page));
        }
        None => {}
    }
    let failed = matches!(reply, Reply::Refused { .. }) || page.is_some_and(has_failed);
    let said = Said::new(all, reply);
    if failed { Said { code: Code::Failed, ..said } } else { said }
}

/// Whether what was ordered did not come about.
fn has_failed(page: &Page) -> bool {
    match page.outcome {
        Outcome::Unreadable { .. }
        | Outcome::Partial
        | Outcome::NotFixed { .. }
        | Outcome::Failed => true,
        Outcome::Open
        | Outcome::Ignored { .. }
        | Outcome::Gone
        | Outcome::Right
        | Outcome::Held { .. }
        | Outcome::Fixed
        | Outcome::Ordered { .. } => false,
    }
}

/// Plans a record or a finding anew.
pub(crate) async fn run(run: &Run, session: &Session) -> Result<Said, Fail> {
    let what = match (&run.record, &run.finding) {
        (Some(record), _) => What::Run { record: record.0.clone() },
        (None, finding) => {
            let finding = finding.as_deref().unwrap_or_default();
            What::RunEvent { event: preview::asked_for(finding, session).await? }
        }
    };
    order(what, "", session).await
}

/// Stops repairs.
pub(crate) async fn pause(
    remediation: Option<&str>,
    until: Option<Timestamp>,
    span: Option<Span>,
    why: &str,
    session: &Session,
) -> Result<Said, Fail> {
    let until = until.or_else(|| span.and_then(|span| now().checked_add_signed(span.0)));
    if until.is_some_and(|until| until <= now()) {
        return Err(Fail::Usage("the pause would be over already: --until is in the past".into()));
    }
    order(What::Pause { remediation: known(remediation)?, until }, why, session).await
}

/// Lets repairs go on.
pub(crate) async fn resume(
    remediation: Option<&str>,
    account: Option<&str>,
    why: &str,
    session: &Session,
) -> Result<Said, Fail> {
    let account = account.map(str::to_owned);
    order(What::Resume { remediation: known(remediation)?, account }, why, session).await
}

/// A remediation that there is.
fn known(remediation: Option<&str>) -> Result<Option<String>, Fail> {
    let Some(id) = remediation else { return Ok(None) };
    if entries().any(|entry| entry.spec.id == id) {
        return Ok(Some(id.to_owned()));
    }
    Err(Fail::Usage(format!("there is no remediation {id}; {}", catalog::instead_of(id))))
}

/// Leaves a resource alone for a time.
pub(crate) async fn exempt(
    resource: &str,
    end: &End,
    why: &str,
    session: &Session,
) -> Result<Said, Fail> {
    let until = match (end.until, end.days) {
        (Some(until), _) => Some(until),
        (None, Some(days)) => now().checked_add_signed(TimeDelta::days(days.into())),
        (None, None) => None,
    };
    if until.is_some_and(|until| until <= now()) {
        return Err(Fail::Usage(
            "the exemption would be over already: --until is in the past".into(),
        ));
    }
    let resource = arn_of(resource, &session.home)?;
    order(What::Exempt { resource, until }, why, session).await
}

/// The ARN of a resource that is named by it, or by an id that says what it is.
pub(crate) fn arn_of(resource: &str, home: &Place) -> Result<String, Fail> {
    if let Some(group) =
        SecurityGroupId::locate(resource).filter(|_| Arn::parse(resource).is_none())
    {
        return Ok(group.arn(home));
    }
    Arn::parse(resource).map(|_| resource.to_owned()).ok_or_else(|| {
        Fail::Usage(format!(
            "`{resource}` is neither an ARN nor the id of a security group (sg-...), so it names no resource"
        ))
    })
}

/// Takes back what was changed under a record.
pub(crate) async fn undo(
    record: &RecordId,
    days: Option<u32>,
    why: &str,
    sure: Sure,
    session: &Session,
    say: &Say,
) -> Result<Said, Fail> {
    let table = session.table().await?;
    let page = record_of(record, &table).await?;
    page.may_be_undone().map_err(Fail::Failed)?;
    say.confirm(&taken_back(&page, days), "Take it back?", sure.yes)?;
    order(What::Undo { record: record.0.clone(), days }, why, session).await
}

/// What an undo of `page` takes back.
fn taken_back(page: &Page, days: Option<u32>) -> String {
    let about = &page.about;
    let mut text = format!(
        "{} {}, as far as it still stands, last change first:\n",
        clean(&about.kind, 100),
        clean(&about.resource, 500)
    );
    for step in page.steps.iter().rev().filter(|step| step.state == State::Made) {
        let _ =
            writeln!(text, "  {} {}", paint::paint(paint::WAITS, "undo"), clean(&step.what, 500));
    }
    let exempt = match (page.exempt_until, days) {
        (Some(_), _) => "Its exemption ends with that.".to_owned(),
        (None, Some(days)) => format!("It is then left alone for {days} days."),
        (None, None) => "It is then left alone for as long as the stack has it.".to_owned(),
    };
    let _ = writeln!(text, "{exempt}");
    text
}

#[cfg(test)]
mod tests {
    use remedy::check::{now, signal};
    use runtime::Step;

    use super::*;

    #[test]
    fn a_resource_is_named_by_its_arn_or_by_an_id_that_says_what_it_is() {
        let home = Place::new("111122223333", "eu-west-1");
        let arn = "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1";
        for named in ["sg-1", arn] {
            assert_eq!(arn_of(named, &home).as_deref(), Ok(arn));
        }
        for named in ["web", "", "arn:aws", "sg-"] {
            assert!(matches!(arn_of(named, &home), Err(Fail::Usage(_))), "{named}");
        }
    }

    #[test]
    fn a_remediation_that_nobody_knows_is_refused_and_others_are_named() {
        assert_eq!(known(None), Ok(None));
        assert_eq!(
            known(Some("ec2/close_world_ingress")),
            Ok(Some("ec2/close_world_ingress".into()))
        );
        let fail = known(Some("ec2/close")).unwrap_err().to_string();
        assert!(fail.contains("ec2/close_world_ingress, "), "{fail}");
        assert!(!fail.contains("iam/"), "{fail}");
        let fail = known(Some("dance")).unwrap_err().to_string();
        assert!(fail.contains("there are audit/..., "), "{fail}");
    }

    #[test]
    fn an_undo_names_what_was_made_last_change_first() {
        let step = |what: &str, state| Step { what: what.into(), state, routine: false };
        let mut page = Page::of(&signal("sg-1"), "ec2/close_world_ingress", now());
        page.about.kind = "security group".into();
        page.steps = vec![
            step("revoke a", State::Made),
            step("revoke b", State::Refused("no".into())),
            step("revoke c", State::Made),
        ];
        let text = anstream::adapter::strip_str(&taken_back(&page, Some(7))).to_string();
        assert_eq!(
            text,
            "security group sg-1, as far as it still stands, last change first:\n  undo revoke c\n  undo \
             revoke a\nIt is then left alone for 7 days.\n"
        );
    }

    #[test]
    fn what_did_not_come_about_fails() {
        let page = |outcome| {
            let page = Page::of(&signal("sg-1"), "r", now());
            Some(Box::new(Page { outcome, ..page }))
        };
        for (outcome, code) in [
            (Outcome::Fixed, Code::Done),
            (Outcome::Right, Code::Done),
            (Outcome::Failed, Code::Failed),
            (Outcome::Unreadable { why: "no".into() }, Code::Failed),
        ] {
            let reply = Reply::Done { said: "it is done".into(), record: page(outcome.clone()) };
            assert_eq!(told(&reply).code, code, "{outcome:?}");
        }
    }
}

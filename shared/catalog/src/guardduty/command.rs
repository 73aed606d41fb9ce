//! What a person types to change the list by hand: a line added to the text, which is taken over within
//! minutes. A `-` before an address takes it off.

use remedy::Place;

use super::{ListChange, ThreatListId};

/// One command for all of them. It fails, and changes nothing, if somebody else was quicker.
pub(super) fn commands(place: &Place, id: &ThreatListId, changes: &[ListChange]) -> Vec<String> {
    let lines: Vec<String> = changes.iter().filter_map(line).collect();
    if lines.is_empty() {
        return Vec::new();
    }
    let ThreatListId { bucket, name } = id;
    let object = format!("--region {} --bucket {bucket} --key {name}.txt", place.region);
    vec![format!(
        "etag=$(aws s3api get-object {object} {name}.txt --query ETag --output text) && \
         printf '%s\\n' {} >> {name}.txt && \
         aws s3api put-object {object} --body {name}.txt --if-match \"$etag\"",
        lines.join(" ")
    )]
}

/// A line of the text. Names are addresses and domains: nothing in them means anything to a shell.
fn line(change: &ListChange) -> Option<String> {
    match change {
        ListChange::List { name, .. } | ListChange::Restore { name, .. } => Some(name.to_string()),
        ListChange::Remove { name, .. } => Some(format!("-{name}")),
        ListChange::See { .. }
        | ListChange::Forget { .. }
        | ListChange::Reject(_)
        | ListChange::Readmit(_)
        | ListChange::Activate { .. } => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::guardduty::{Listing, list_change::Why};
    use remedy::Facet;

    #[test]
    fn what_was_listed_is_taken_off_by_one_command_that_loses_nobody_elses_edit() {
        let id = ThreatListId { bucket: "bucket".into(), name: "kintsugi".into() };
        let place = Place::new("111122223333", "eu-west-1");
        let off = |name: &str| ListChange::Remove {
            name: name.parse().unwrap(),
            listing: Listing::default(),
            why: Why::Undone,
            keep_off: None,
        };
        let commands = crate::guardduty::ThreatList::commands(
            &place,
            &id,
            &[off("198.51.100.10"), off("bad.example")],
        );
        assert_eq!(
            commands,
            ["etag=$(aws s3api get-object --region eu-west-1 --bucket bucket --key kintsugi.txt \
              kintsugi.txt --query ETag --output text) && \
              printf '%s\\n' -198.51.100.10 -bad.example >> kintsugi.txt && \
              aws s3api put-object --region eu-west-1 --bucket bucket --key kintsugi.txt \
              --body kintsugi.txt --if-match \"$etag\""]
        );
    }
}

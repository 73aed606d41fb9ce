//! What a trail's event selectors let through.

use aws_sdk_cloudtrail::types::{AdvancedEventSelector, EventSelector, ReadWriteType};

/// Whether all management events are, those that read and those that write, whichever service they are of.
pub(crate) fn let_all_through(basic: &[EventSelector], advanced: &[AdvancedEventSelector]) -> bool {
    let all = |which: &str| {
        basic.iter().any(|selector| basic_lets(selector, which))
            || advanced.iter().any(|selector| advanced_lets(selector, which))
    };
    all("true") && all("false")
}

/// Whether it lets all management events through that read (`true`) or that write (`false`).
fn basic_lets(selector: &EventSelector, reads: &str) -> bool {
    let kind = match &selector.read_write_type {
        None | Some(ReadWriteType::All) => true,
        Some(ReadWriteType::ReadOnly) => reads == "true",
        Some(ReadWriteType::WriteOnly) => reads == "false",
        Some(_) => false,
    };
    kind && selector.include_management_events != Some(false)
        && selector.exclude_management_event_sources().is_empty()
}

/// The same.
fn advanced_lets(selector: &AdvancedEventSelector, reads: &str) -> bool {
    let management = |value: &String| value == "Management";
    let is_of = selector
        .field_selectors()
        .iter()
        .any(|field| field.field == "eventCategory" && field.equals().iter().any(management));
    is_of
        && selector.field_selectors().iter().all(|field| match field.field.as_str() {
            "eventCategory" => true,
            "readOnly" => field.equals().iter().any(|value| value == reads),
            _ => false,
        })
}

#[cfg(test)]
mod tests {
    use aws_sdk_cloudtrail::types::{AdvancedFieldSelector, builders::EventSelectorBuilder};

    use super::*;

    fn basic() -> EventSelectorBuilder {
        EventSelector::builder()
    }

    fn advanced(fields: &[(&str, &str)]) -> AdvancedEventSelector {
        let field = |(field, value): &(&str, &str)| {
            AdvancedFieldSelector::builder().field(*field).equals(*value).build().unwrap()
        };
        let fields = Some(fields.iter().map(field).collect());
        AdvancedEventSelector::builder().set_field_selectors(fields).build().unwrap()
    }

    #[test]
    fn only_what_leaves_no_management_event_out_lets_all_through() {
        let with = |kind| basic().read_write_type(kind).build();
        for (selectors, all) in [
            (vec![basic().build()], true),
            (vec![with(ReadWriteType::All)], true),
            (vec![with(ReadWriteType::ReadOnly), with(ReadWriteType::WriteOnly)], true),
            (vec![with(ReadWriteType::ReadOnly)], false),
            (vec![basic().include_management_events(false).build()], false),
            (vec![basic().exclude_management_event_sources("kms.amazonaws.com").build()], false),
            (vec![], false),
        ] {
            assert_eq!(let_all_through(&selectors, &[]), all, "{selectors:?}");
        }
    }

    #[test]
    fn advanced_selectors_are_read_as_well() {
        let management = ("eventCategory", "Management");
        for (selectors, all) in [
            (vec![advanced(&[management])], true),
            (
                vec![
                    advanced(&[management, ("readOnly", "true")]),
                    advanced(&[management, ("readOnly", "false")]),
                ],
                true,
            ),
            (vec![advanced(&[management, ("readOnly", "false")])], false),
            (vec![advanced(&[management, ("eventSource", "kms.amazonaws.com")])], false),
            (vec![advanced(&[("eventCategory", "Data")])], false),
        ] {
            assert_eq!(let_all_through(&[], &selectors), all, "{selectors:?}");
        }
    }
}

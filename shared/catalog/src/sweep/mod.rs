//! What is looked after on a schedule: what time brings, and what could not be done at once.

crate::remediations! {
    adopt_edits::AdoptEdits,
    expire_addresses::ExpireAddresses,
    activate_list::ActivateList,
}

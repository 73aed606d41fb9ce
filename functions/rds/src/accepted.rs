//! What RDS has accepted and may not show yet.
//!
//! It answers "yes" at once and takes its time: a change that does not wait for the maintenance window, such
//! as of public access, shows a minute later, and nowhere before that. What does not show is neither done nor
//! failed: the message comes again, by when it does. It is told once; what does not show then is not there.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use remedy::{Facet, Id, Place};
use runtime::Error;

/// Changes by the full name of what they were made to.
#[derive(Debug)]
pub(crate) struct Accepted<F: Facet>(Mutex<HashMap<String, Vec<F::Change>>>);

impl<F: Facet> Default for Accepted<F> {
    fn default() -> Self {
        Self(Mutex::default())
    }
}

impl<F: Facet> Accepted<F> {
    /// Remembers what RDS said "yes" to.
    pub(crate) fn add(&self, place: &Place, id: &F::Id, change: &F::Change) {
        let mut changes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        changes.entry(id.arn(place)).or_default().push(change.clone());
    }

    /// `facet`, unless it was accepted to be another one.
    pub(crate) fn shown(&self, place: &Place, id: &F::Id, facet: F) -> Result<F, Error> {
        let mut changes = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let accepted = changes.remove(&id.arn(place)).unwrap_or_default();
        // The last word on a setting counts: what it took back need not show.
        let wanted = accepted.iter().fold(facet.clone(), Facet::after);
        if wanted.same(&facet) {
            return Ok(facet);
        }
        let hidden: Vec<_> = accepted.iter().map(ToString::to_string).collect();
        Err(Error::Transient(format!(
            "RDS has accepted this for {} {id} in {place} and does not show it yet: {}",
            F::NAME,
            hidden.join(", ")
        )))
    }
}

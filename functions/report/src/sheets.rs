//! The report and its tables, while the table is read.

use std::{
    io::{self, Write},
    mem,
    sync::{Arc, Mutex, PoisonError},
};

use remedy::Timestamp;
use summary::{
    Lapse, Options, Prevention, Report, Tally,
    csv::{Cases, Records},
};

use crate::Found;

/// What is added up, and the tables that are written meanwhile.
#[derive(Debug)]
pub struct Sheets<W: Write> {
    tally: Tally,
    open: Cases<W>,
    accepted: Cases<W>,
    repairs: Records<W>,
    /// How many items could not be read.
    pub unread: u64,
}

/// What the report of `stack` is to be like.
pub fn options(stack: &str, weeks: u32) -> Options {
    let shared = catalog::entries().filter(|entry| entry.shared);
    let shared = shared.map(|entry| entry.spec.id.to_owned()).collect();
    Options { title: "Kintsugi".into(), stack: stack.into(), weeks, shared }
}

/// What keeps problems of a remediation from coming again.
pub fn prevention(what: &str) -> Option<Prevention> {
    let catalog::Prevention { how, step, link } = catalog::prevention(what)?;
    Some(Prevention {
        kind: how.to_string(),
        step: (*step).to_owned(),
        link: link.map(str::to_owned),
    })
}

impl<W: Write> Sheets<W> {
    /// Nothing yet. `outs` are where open problems, accepted ones and records are written.
    ///
    /// # Errors
    /// If nothing can be written there.
    pub fn new(now: Timestamp, options: &Options, outs: [W; 3]) -> io::Result<Self> {
        let [open, accepted, repairs] = outs;
        Ok(Self {
            tally: Tally::new(now, options),
            open: Cases::open(open, now)?,
            accepted: Cases::accepted(accepted, now)?,
            repairs: Records::new(repairs)?,
            unread: 0,
        })
    }

    /// Adds what was found.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn add(&mut self, found: Found) -> io::Result<()> {
        match found {
            Found::Record(entry) => match self.tally.add(&entry) {
                true => self.repairs.add(&entry),
                false => Ok(()),
            },
            Found::Case(case) => match self.tally.add_case(&case) {
                true => self.open.add(&case).and_then(|()| self.accepted.add(&case)),
                false => Ok(()),
            },
            Found::Exempt(lapse) => {
                self.tally.add_lapse(lapse);
                Ok(())
            }
        }
    }

    /// Adds what is left alone until a day.
    pub fn lapse(&mut self, lapse: Lapse) {
        self.tally.add_lapse(lapse);
    }

    /// Counts an item that cannot be read.
    pub fn unread(&mut self) {
        self.unread += 1;
    }

    /// The report, after all of it.
    ///
    /// # Errors
    /// If the rest of the tables cannot be written.
    pub fn finish(self, prevention: &dyn Fn(&str) -> Option<Prevention>) -> io::Result<Report> {
        self.open.finish()?.flush()?;
        self.accepted.finish()?.flush()?;
        self.repairs.finish()?.flush()?;
        Ok(self.tally.report(prevention))
    }
}

/// What was written and not yet sent.
#[derive(Debug, Clone, Default)]
pub(crate) struct Held(Arc<Mutex<Vec<u8>>>);

impl Held {
    /// What was written since it was taken last.
    pub(crate) fn take(&self) -> Vec<u8> {
        mem::take(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Write for Held {
    fn write(&mut self, some: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(some);
        Ok(some.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

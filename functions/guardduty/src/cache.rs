//! What need not be read anew for every event.

use std::time::{Duration, Instant};

use futures_util::lock::Mutex;
use runtime::Error;

/// A value that is good for a while.
#[derive(Debug)]
pub(crate) struct Cache<T> {
    good_for: Duration,
    kept: Mutex<Option<(Instant, T)>>,
}

impl<T: Clone> Cache<T> {
    pub(crate) fn new(good_for: Duration) -> Self {
        Self { good_for, kept: Mutex::new(None) }
    }

    /// The value that is kept, or else what `read` reads; whoever comes second waits for the first.
    pub(crate) async fn get(
        &self,
        read: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let mut kept = self.kept.lock().await;
        if let Some((_, value)) = kept.as_ref().filter(|(at, _)| at.elapsed() < self.good_for) {
            return Ok(value.clone());
        }
        let value = read.await?;
        *kept = Some((Instant::now(), value.clone()));
        Ok(value)
    }
}

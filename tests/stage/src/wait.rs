//! Waiting, never longer than a bound.

use std::time::{Duration, Instant};

use crate::{Result, Trouble};

/// How long anything is waited for. Far longer than it takes: whoever comes here has found an error.
pub const LIMIT: Duration = Duration::from_mins(1);
const PAUSE: Duration = Duration::from_millis(25);

/// Looks until `look` finds something. It says what there is instead as long as it does not.
pub async fn wait<T>(
    what: &str,
    mut look: impl AsyncFnMut() -> Result<std::result::Result<T, String>>,
) -> Result<T> {
    let late = Instant::now() + LIMIT;
    loop {
        match look().await? {
            Ok(found) => return Ok(found),
            Err(instead) if Instant::now() > late => {
                let waited = LIMIT.as_secs();
                return Err(Trouble(format!("waited {waited} s for {what}; instead: {instead}")));
            }
            Err(_) => tokio::time::sleep(PAUSE).await,
        }
    }
}

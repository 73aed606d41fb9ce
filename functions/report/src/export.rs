//! Records as OCSF, for a security data lake: one object a day, Region and account.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use lambda::Table;
use remedy::Place;
use runtime::Error;
use summary::ocsf::{self, Product};

use crate::bucket::{Bucket, Upload};

const LINES: &str = "application/x-ndjson";

/// Reasons that are told of what could not be read.
const REASONS: usize = 5;

/// What became of an export.
#[derive(Debug, Default)]
pub(crate) struct Exported {
    /// How many records were written.
    pub(crate) records: u64,
    /// How many could not be read.
    pub(crate) unread: u64,
    /// Why, of the first of them.
    pub(crate) why: Vec<String>,
}

/// Exports the records of `day`. `home` is where those are told of whose place is not known.
pub(crate) async fn export(
    table: &Table,
    bucket: &Bucket,
    product: &Product<'_>,
    home: &Place,
    day: NaiveDate,
) -> Result<Exported, Error> {
    let mut uploads: BTreeMap<String, Upload> = BTreeMap::new();
    let mut exported = Exported::default();
    let mut days = table.records_of(day);
    while let Some(page) = days.next().await? {
        // One that cannot be read takes no other down.
        let page = match page {
            Ok(page) => page,
            Err(error) => {
                exported.unread += 1;
                if exported.why.len() < REASONS {
                    exported.why.push(error.to_string());
                }
                continue;
            }
        };
        let Some(event) = ocsf::remediation_activity(&page, product) else { continue };
        let Place { region, account, .. } = page.about.place.as_ref().unwrap_or(home);
        let folder = ocsf::key("ocsf/", region, account, day.and_time(NaiveTime::MIN).and_utc());
        let upload = uploads.entry(folder).or_insert_with_key(|folder| {
            Upload::new(LINES, vec![format!("{}/kintsugi.json", folder.trim_end_matches('/'))])
        });
        upload.push(bucket, ocsf::line(&event).into_bytes()).await?;
        exported.records += 1;
    }
    for (_, upload) in uploads {
        upload.finish(bucket).await?;
    }
    Ok(exported)
}

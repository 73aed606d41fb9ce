//! Records as OCSF, for a security data lake: one object a day, Region and account.

use std::collections::BTreeMap;

use chrono::{NaiveDate, NaiveTime};
use lambda::Table;
use remedy::Place;
use runtime::Error;
use summary::ocsf::{self, Product};

use crate::bucket::{Bucket, Upload};

const LINES: &str = "application/x-ndjson";

/// Exports the records of `day`; how many. `home` is where those are told of whose place is not known.
pub(crate) async fn export(
    table: &Table,
    bucket: &Bucket,
    product: &Product<'_>,
    home: &Place,
    day: NaiveDate,
) -> Result<u64, Error> {
    let mut uploads: BTreeMap<String, Upload> = BTreeMap::new();
    let mut exported = 0;
    let mut days = table.records_of(day);
    while let Some(page) = days.next().await? {
        // One that cannot be read is told of where it is needed; the others are exported all the same.
        let Ok(page) = page else { continue };
        let Some(event) = ocsf::remediation_activity(&page, product) else { continue };
        let Place { region, account, .. } = page.about.place.as_ref().unwrap_or(home);
        let folder = ocsf::key("ocsf/", region, account, day.and_time(NaiveTime::MIN).and_utc());
        let upload = uploads.entry(folder).or_insert_with_key(|folder| {
            Upload::new(LINES, vec![format!("{}/kintsugi.json", folder.trim_end_matches('/'))])
        });
        upload.push(bucket, ocsf::line(&event).into_bytes()).await?;
        exported += 1;
    }
    for (_, upload) in uploads {
        upload.finish(bucket).await?;
    }
    Ok(exported)
}

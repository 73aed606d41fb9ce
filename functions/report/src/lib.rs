//! What the ledger adds up to: a page, tables, a short mail, and records for a security data lake.
//!
//! All of it is made anew each time and overwrites what was made of the same day, so that it can be
//! repeated. The command line makes the same from the same table, by [`found`] and [`Sheets`].

mod bucket;
mod export;
mod mail;
mod read;
mod settings;
mod sheets;
#[cfg(test)]
mod tests;

use chrono::Days;
use lambda::{Asked, AwsDesk, Shell, Works};
use remedy::{Timestamp, Wrong};
use runtime::{Clock, Error};
use serde_json::{Value, json};
use summary::{Options, Report, ocsf::Product};

use bucket::{Bucket, Upload};
use mail::Mail;
use settings::Setup;
use sheets::Held;

pub use read::{Found, accepted, found};
pub use settings::{
    MAIL_TOPIC_ARN, PARAMETERS, REPORT_BUCKET, REPORT_LINK, REPORT_MAIL_DAYS, REPORT_WEEKS, WIRING,
};
pub use sheets::{Sheets, options, prevention};

const CSV: &str = "text/csv; charset=utf-8";
const HTML: &str = "text/html; charset=utf-8";
const JSON: &str = "application/json";

/// Who reports.
#[derive(Debug)]
pub struct Reporter {
    desk: AwsDesk,
    bucket: Bucket,
    mail: Mail,
    setup: Setup,
}

impl Reporter {
    /// As the operator set it.
    ///
    /// # Errors
    /// If a parameter is set to what it cannot be.
    pub fn new(shell: Shell) -> Result<Self, Wrong> {
        let setup = Setup::read(&shell.settings, shell.home())?;
        let s3 = shell.at_home("S3", aws_sdk_s3::Client::new);
        let sns = shell.at_home("SNS", aws_sdk_sns::Client::new);
        Ok(Self {
            bucket: Bucket { s3, name: setup.bucket.clone() },
            mail: Mail { sns, topic: setup.topic.clone() },
            setup,
            desk: shell.desk,
        })
    }

    /// Makes everything, as of `now`; what was done, for the log.
    ///
    /// # Errors
    /// If it cannot be read or written. What was written by then stays; it is right.
    pub async fn report(&self, stack: &str, now: Timestamp) -> Result<Value, Error> {
        let day = now.format("%Y-%m-%d").to_string();
        let (report, unread) = self.sum_up(options(stack, self.setup.weeks), &day, now).await?;
        let today = now.date_naive();
        let product = Product { version: runtime::VERSION, stack };
        let (mut exported, mut unexported) = (0, 0);
        // Records of yesterday may have been closed today.
        for day in [today.checked_sub_days(Days::new(1)), Some(today)].into_iter().flatten() {
            let done =
                export::export(self.desk.table(), &self.bucket, &product, &self.setup.home, day)
                    .await?;
            for why in &done.why {
                self.desk.say(&format!("not exported: {why}"));
            }
            exported += done.records;
            unexported += done.unread;
        }
        let mailed = self.setup.mails_on(now);
        if mailed {
            // Last, since it is the one thing that cannot be done twice unnoticed.
            self.mail.send(&report, &self.setup.link(&day)).await?;
        }
        Ok(json!({
            "report": format!("s3://{}/reports/{day}/index.html", self.bucket.name),
            "open": report.open.total,
            "records": report.records.total,
            "unread": unread,
            "exported": exported,
            "unexported": unexported,
            "mailed": mailed,
        }))
    }

    /// Reads the table, and writes page and tables; and how many items could not be read.
    async fn sum_up(
        &self,
        options: Options,
        day: &str,
        now: Timestamp,
    ) -> Result<(Report, u64), Error> {
        let file = |name: &str| keys(day, name);
        let outs = [Held::default(), Held::default(), Held::default()];
        let mut uploads =
            ["open.csv", "accepted.csv", "repairs.csv"].map(|name| Upload::new(CSV, file(name)));
        let mut sheets = Sheets::new(now, &options, outs.clone()).map_err(not_written)?;
        for lapse in self.accepted(now).await? {
            sheets.lapse(lapse);
        }
        let mut scan = self.desk.table().scan();
        while let Some(items) = scan.next().await? {
            for item in &items {
                match found(item) {
                    Some(found) => sheets.add(found).map_err(not_written)?,
                    None => sheets.unread(),
                }
            }
            drop(items);
            for (out, upload) in outs.iter().zip(&mut uploads) {
                upload.push(&self.bucket, out.take()).await?;
            }
        }
        let unread = sheets.unread;
        let report = sheets.finish(&prevention).map_err(not_written)?;
        for (out, mut upload) in outs.iter().zip(uploads) {
            upload.push(&self.bucket, out.take()).await?;
            upload.finish(&self.bucket).await?;
        }
        let controls = summary::csv::controls(Vec::new(), &report).map_err(not_written)?;
        self.bucket.put_all(&file("controls.csv"), CSV, controls).await?;
        let json = report.json().map_err(not_written)?;
        self.bucket.put_all(&file("report.json"), JSON, json.into_bytes()).await?;
        // Last: who opens it finds the rest.
        let page = summary::page::html(&report);
        self.bucket.put_all(&file("index.html"), HTML, page.into_bytes()).await?;
        Ok((report, unread))
    }

    /// The risks that the rules in force accept. A report does not fail on rules that cannot be read.
    async fn accepted(&self, now: Timestamp) -> Result<Vec<summary::Lapse>, Error> {
        let Some(pushed) = self.desk.table().rules().await? else { return Ok(Vec::new()) };
        Ok(accepted(&pushed.text, now).unwrap_or_else(|why| {
            self.desk.say(&format!("the report leaves out which risks are accepted: {why}"));
            Vec::new()
        }))
    }
}

impl Works for Reporter {
    async fn work(&self, asked: Asked<'_>) -> Result<Value, Error> {
        let stack = asked.function.strip_suffix("-report").unwrap_or(asked.function);
        let done = Box::pin(self.report(stack, self.desk.now())).await?;
        self.desk.say(&format!("reported: {done}"));
        Ok(done)
    }
}

/// Where a file of the report is, by its day and always.
fn keys(day: &str, name: &str) -> Vec<String> {
    [day, "latest"].map(|of| format!("reports/{of}/{name}")).into()
}

fn not_written(error: impl std::fmt::Display) -> Error {
    Error::Refused(format!("could not write the report: {error}"))
}

//! What the operator set.

use chrono::{Datelike, Weekday};
use remedy::{Arn, Parameter, Place, Settings, Timestamp, Wrong};

/// How far the report looks back.
pub const REPORT_WEEKS: Parameter = Parameter {
    name: "ReportWeeks",
    default: "13",
    allowed: "a whole number from 1 to 53",
    about: "how many weeks the report looks back",
};
/// When its digest is mailed.
pub const REPORT_MAIL_DAYS: Parameter = Parameter {
    name: "ReportMailDays",
    default: "mon",
    allowed: "mon, tue, wed, thu, fri, sat, sun, separated by commas, or daily, or never",
    about: "on which days the report's digest is mailed; the report itself is made every day",
};
/// Where reports go.
pub const REPORT_BUCKET: Parameter = Parameter {
    name: "ReportBucket",
    default: "",
    allowed: "the name of the stack's S3 bucket for reports",
    about: "where reports and exported records are written",
};
/// Where mail goes.
pub const MAIL_TOPIC_ARN: Parameter = Parameter {
    name: "MailTopicArn",
    default: "",
    allowed: "the ARN of the stack's SNS topic for mail",
    about: "where what people read by mail is published",
};
/// How people reach the bucket.
pub const REPORT_LINK: Parameter = Parameter {
    name: "ReportLink",
    default: "",
    allowed: "an https URL that ends where the bucket begins, or nothing",
    about: "how people reach the bucket with a browser; without it, by the web console",
};

/// What an operator sets.
pub const PARAMETERS: &[Parameter] = &[REPORT_WEEKS, REPORT_MAIL_DAYS];
/// What the template gives.
pub const WIRING: &[Parameter] = &[REPORT_BUCKET, MAIL_TOPIC_ARN, REPORT_LINK];

/// The settings, read and checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Setup {
    pub(crate) bucket: String,
    pub(crate) topic: String,
    pub(crate) weeks: u32,
    pub(crate) home: Place,
    days: Vec<Weekday>,
    link: String,
}

impl Setup {
    pub(crate) fn read(settings: &Settings, home: &Place) -> Result<Self, Wrong> {
        let named = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let topic =
            |text: &str| Arn::parse(text).filter(|arn| arn.service == "sns").map(|_| text.into());
        let link = |text: &str| {
            let is_link = text.is_empty() || (text.starts_with("https://") && text.len() <= 500);
            is_link.then(|| text.trim_end_matches('/').to_owned())
        };
        let weeks = |text: &str| text.parse().ok().filter(|weeks: &u32| (1..=53).contains(weeks));
        Ok(Self {
            bucket: settings.read(&REPORT_BUCKET, named)?,
            topic: settings.read(&MAIL_TOPIC_ARN, topic)?,
            weeks: settings.read(&REPORT_WEEKS, weeks)?,
            days: settings.read(&REPORT_MAIL_DAYS, days)?,
            link: settings.read(&REPORT_LINK, link)?,
            home: home.clone(),
        })
    }

    /// Whether a digest is mailed on the day of `now`, in UTC.
    pub(crate) fn mails_on(&self, now: Timestamp) -> bool {
        self.days.contains(&now.weekday())
    }

    /// Where a person finds the report of `day`.
    pub(crate) fn link(&self, day: &str) -> String {
        let Self { bucket, link, home, .. } = self;
        let key = format!("reports/{day}/index.html");
        if !link.is_empty() {
            return format!("{link}/{key}");
        }
        let region = &home.region;
        format!("{}/s3/object/{bucket}?region={region}&prefix={key}", home.console())
    }
}

fn days(text: &str) -> Option<Vec<Weekday>> {
    const ALL: [(&str, Weekday); 7] = [
        ("mon", Weekday::Mon),
        ("tue", Weekday::Tue),
        ("wed", Weekday::Wed),
        ("thu", Weekday::Thu),
        ("fri", Weekday::Fri),
        ("sat", Weekday::Sat),
        ("sun", Weekday::Sun),
    ];
    match text {
        "never" => Some(Vec::new()),
        "daily" => Some(ALL.map(|(_, day)| day).into()),
        _ => {
            let day = |name: &str| {
                let known = ALL.iter().find(|(known, _)| *known == name.trim());
                known.map(|(_, day)| *day)
            };
            text.split(',').map(day).collect()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NEEDED: [(&str, &str); 2] = [
        ("REPORT_BUCKET", "reports"),
        ("MAIL_TOPIC_ARN", "arn:aws:sns:eu-west-1:111122223333:mail"),
    ];

    fn setup(more: &[(&str, &str)]) -> Result<Setup, String> {
        let settings: Settings = NEEDED.iter().chain(more).copied().collect();
        let home = Place::new("111122223333", "eu-west-1");
        Setup::read(&settings, &home).map_err(|wrong| wrong.to_string())
    }

    #[test]
    fn what_the_template_gives_is_enough() {
        let setup = setup(&[]).unwrap();
        assert_eq!((setup.weeks, setup.bucket.as_str()), (13, "reports"));
        assert_eq!(
            setup.link("2026-11-24"),
            "https://eu-west-1.console.aws.amazon.com/s3/object/reports?region=eu-west-1&prefix=reports/\
             2026-11-24/index.html"
        );
    }

    #[test]
    fn a_wrong_one_says_which_what_and_what_is_allowed() {
        for (variable, given, said) in [
            ("REPORT_BUCKET", "", "REPORT_BUCKET"),
            ("MAIL_TOPIC_ARN", "mail", "the ARN of the stack's SNS topic for mail"),
            ("REPORT_WEEKS", "54", "is `54`; allowed: a whole number from 1 to 53"),
            ("REPORT_WEEKS", "0", "REPORT_WEEKS"),
            ("REPORT_MAIL_DAYS", "monday", "is `monday`"),
            ("REPORT_MAIL_DAYS", "", "REPORT_MAIL_DAYS"),
            ("REPORT_LINK", "javascript:alert(1)", "REPORT_LINK"),
        ] {
            let wrong = setup(&[(variable, given)]).unwrap_err();
            assert!(wrong.contains(said), "{wrong}");
        }
    }

    #[test]
    fn a_digest_is_mailed_on_the_days_that_were_chosen() {
        // A Tuesday.
        let now = "2026-11-24T06:00:00Z".parse().unwrap();
        for (days, mails) in
            [("mon", false), ("tue", true), ("mon, tue", true), ("daily", true), ("never", false)]
        {
            assert_eq!(
                setup(&[("REPORT_MAIL_DAYS", days)]).unwrap().mails_on(now),
                mails,
                "{days}"
            );
        }
    }

    #[test]
    fn people_reach_the_bucket_as_the_operator_says() {
        let setup = setup(&[("REPORT_LINK", "https://reports.example/")]).unwrap();
        assert_eq!(
            setup.link("2026-11-24"),
            "https://reports.example/reports/2026-11-24/index.html"
        );
    }
}

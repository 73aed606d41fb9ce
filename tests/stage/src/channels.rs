//! Where people are told: servers that stand in for Slack, Jira and the like, and mailboxes.

use serde_json::{Value, json};

use crate::{Queue, Result, Stage, Trouble, faults, http, wait};

/// The servers that stand in for channels. What they take and refuse is described in
/// `tests/aws/channels`.
#[derive(Debug, Clone)]
pub struct Channels {
    /// Where they are.
    pub url: String,
}

impl Channels {
    /// What `service` accepted so far.
    pub fn got(&self, service: &str) -> Result<Vec<Value>> {
        self.list(&format!("/_channels/{service}/messages"))
    }

    /// What `service` refused so far.
    pub fn refused(&self, service: &str) -> Result<Vec<Value>> {
        self.list(&format!("/_channels/{service}/refused"))
    }

    /// Lets `service` fail, as `rule` says.
    pub fn fail(&self, rule: &Value) -> Result<()> {
        http("POST", &self.url, "/_channels/faults", "", &rule.to_string()).map(drop)
    }

    /// Lets messages come faster than the real services take them, or as fast as `settings` say.
    pub fn set(&self, settings: &Value) -> Result<()> {
        let settings = settings.to_string();
        http("POST", &self.url, "/_channels/settings", "", &settings).map(drop)
    }

    /// All that was told, as a page for people.
    pub fn page(&self) -> Result<String> {
        http("GET", &self.url, "/_channels/page", "", "")
    }

    fn keys(&self) -> Result<Value> {
        faults::json(&http("GET", &self.url, "/_channels/keys", "", "")?)
    }

    fn list(&self, path: &str) -> Result<Vec<Value>> {
        match faults::json(&http("GET", &self.url, path, "", "")?)? {
            Value::Array(list) => Ok(list),
            other => Err(Trouble(format!("{path} answered no list but {other}"))),
        }
    }
}

impl Stage {
    /// Keeps a secret in the stack's account.
    pub async fn keep_secret(&self, name: &str, secret: &Value) -> Result<()> {
        let call = self.secrets.create_secret().name(name).secret_string(secret.to_string());
        let done = call.send().await;
        done.map(drop).map_err(|error| Trouble::aws(&format!("keep secret {name}"), error))
    }

    /// Keeps a secret for every channel, and puts these rules in force, as a person does. `{slack}`,
    /// `{jira}`, `{backlog}` and `{webhook}` in them stand for the addresses of the stand-ins.
    pub async fn tell_by(&self, rules: &str) -> Result<String> {
        let keys = self.channels.keys()?;
        let key = |service: &str, name: &str| &keys[service][name];
        for (name, secret) in [
            ("kintsugi/hook", json!({ "webhook": key("slack", "webhook") })),
            ("kintsugi/bot", json!({ "token": key("slack", "token") })),
            (
                "kintsugi/jira",
                json!({ "email": key("jira", "email"), "token": key("jira", "token") }),
            ),
            ("kintsugi/backlog", json!({ "api_key": key("backlog", "api_key") })),
            ("kintsugi/signing", json!({ "key": key("webhook", "key") })),
        ] {
            self.keep_secret(name, &secret).await?;
        }
        let mut rules = rules.to_owned();
        for (mark, service, name) in [
            ("{slack}", "slack", "api"),
            ("{jira}", "jira", "site"),
            ("{backlog}", "backlog", "site"),
            ("{webhook}", "webhook", "url"),
        ] {
            rules = rules.replace(mark, key(service, name).as_str().unwrap_or_default());
        }
        self.push_rules(&rules)
    }

    fn push_rules(&self, text: &str) -> Result<String> {
        // Several stages may be up at once in one process.
        let port = self.platform_url().rsplit(':').next().unwrap_or_default();
        let file = std::env::temp_dir().join(format!("kintsugi-rules-{port}.toml"));
        std::fs::write(&file, text).map_err(|error| Trouble::new("write rules", error))?;
        let file_name = file.display().to_string();
        let said = self.says(&["rules", "push", &file_name, "--why", "for a test", "--yes"]);
        std::fs::remove_file(&file).map_err(|error| Trouble::new("remove rules", error))?;
        said
    }

    /// Waits until all that is to be told was told, or tried.
    pub async fn told(&self) -> Result<()> {
        self.settled().await?;
        let look = async || match self.waiting(Queue::News).await? {
            0 => Ok(Ok(())),
            some => Ok(Err(format!("{some} messages are in it"))),
        };
        wait("the queue of news to be empty", look).await
    }

    /// Lets a minute pass for what is due by the minute.
    pub fn tick(&self) -> Result<()> {
        let rule = json!({ "rule": "Tick" }).to_string();
        let headers = "Content-Type: application/json\r\n";
        http("POST", self.platform_url(), "/kintsugi/schedules", headers, &rule).map(drop)
    }
}

/// What the report function keeps.
impl Stage {
    /// An object of the newest report, or of another one, such as `latest/report.json`.
    pub async fn report(&self, name: &str) -> Result<String> {
        self.kept(&format!("reports/{name}")).await
    }

    /// All that was exported in OCSF.
    pub async fn exported(&self) -> Result<Vec<Value>> {
        let bucket = self.output("ReportBucketName")?;
        let call = self.s3.list_objects_v2().bucket(bucket).prefix("ocsf/").send().await;
        let listed = call.map_err(|error| Trouble::aws("list what was exported", error))?;
        let mut all = Vec::new();
        for key in listed.contents().iter().filter_map(|object| object.key()) {
            let lines = self.kept(key).await?;
            let lines = lines.lines().map(faults::json);
            all.extend(lines.collect::<Result<Vec<_>>>()?);
        }
        Ok(all)
    }

    async fn kept(&self, key: &str) -> Result<String> {
        let what = format!("read {key}");
        let call = self.s3.get_object().bucket(self.output("ReportBucketName")?).key(key).send();
        let object = call.await.map_err(|error| Trouble::aws(&what, error))?;
        let body = object.body.collect().await.map_err(|error| Trouble::new(&what, error))?;
        String::from_utf8(body.to_vec()).map_err(|error| Trouble::new(&what, error))
    }
}

//! What a person does: types commands, or asks the stack's function for people directly.

use std::process::Command;

use runtime::order::{Order, Reply, What};

use crate::{Result, Stage, Trouble, emulators::built};

/// Who asks directly.
pub const ADA: &str = "arn:aws:iam::111122223333:user/ada";

/// Which services of the stack's account are on the estate; as `up.py` has it for the functions.
const ESTATE: [&str; 5] = ["CONFIG_SERVICE", "EC2", "GUARDDUTY", "SECURITYHUB", "STS"];

/// What a command said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Said {
    /// With which code it ended.
    pub code: i32,
    /// On standard output.
    pub out: String,
    /// On standard error.
    pub err: String,
}

impl Stage {
    /// Runs the command line in the stack's account and Region, as on a machine of an operator.
    pub fn kintsugi(&self, arguments: &[&str]) -> Result<Said> {
        let mut command = Command::new(built("kintsugi")?);
        command
            .args(arguments)
            .env_clear()
            .env("AWS_ACCESS_KEY_ID", &self.place.account)
            .env("AWS_SECRET_ACCESS_KEY", "test")
            .env("AWS_REGION", &self.place.region)
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_CONFIG_FILE", "/dev/null")
            .env("AWS_SHARED_CREDENTIALS_FILE", "/dev/null")
            .env("AWS_ENDPOINT_URL", self.platform_url())
            .envs(ESTATE.map(|service| (format!("AWS_ENDPOINT_URL_{service}"), self.estate_url())));
        let done = command.output().map_err(|error| Trouble::new("start kintsugi", error))?;
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        let code = done.status.code().unwrap_or(-1);
        Ok(Said { code, out: text(&done.stdout), err: text(&done.stderr) })
    }

    /// What the command line wrote, if it ended well; else what it said instead.
    pub fn says(&self, arguments: &[&str]) -> Result<String> {
        let said = self.kintsugi(arguments)?;
        match said.code {
            0 => Ok(said.out),
            code => {
                let what = format!("kintsugi {} ended with {code}", arguments.join(" "));
                Err(Trouble(format!("{what}: {}{}", said.out, said.err)))
            }
        }
    }

    /// Asks the stack's function for people, as Ada.
    pub async fn order(&self, what: What) -> Result<Reply> {
        let order = Order { by: ADA.into(), why: String::new(), what };
        let order = serde_json::to_value(order);
        let order = order.map_err(|error| Trouble::new("write an order", error))?;
        let reply = self.invoke("RespondFunctionName", &order).await?;
        serde_json::from_value(reply.clone())
            .map_err(|error| Trouble::new(&format!("read the reply {reply}"), error))
    }
}

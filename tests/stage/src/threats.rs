//! The threat list within reach: what is kept, what GuardDuty has read, and the sweep.

use aws_sdk_s3::{operation::get_object::GetObjectError, primitives::ByteStream};
use catalog::guardduty::{Listing, Name, Truth};
use serde_json::{Value, json};

use crate::{Result, Stage, Trouble, faults::http, wait};

/// A list, as GuardDuty has it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AtGuardDuty {
    /// `ThreatEntitySet`, `ThreatIntelSet`, ...
    pub kind: String,
    /// Its name.
    pub name: String,
    /// `ACTIVE`, `ACTIVATING`, ...
    pub status: String,
    /// How often it was read.
    pub activations: u64,
    /// What was read the last time.
    pub lines: Vec<String>,
}

impl Stage {
    fn guardduty(&self) -> aws_sdk_guardduty::Client {
        aws_sdk_guardduty::Client::new(&self.estate.aws)
    }

    /// Switches GuardDuty on; the id of its detector.
    pub async fn enable_guardduty(&self) -> Result<String> {
        let made = self.guardduty().create_detector().enable(true).send().await;
        let made = made.map_err(|error| Trouble::aws("enable GuardDuty", error))?;
        Ok(made.detector_id.unwrap_or_default())
    }

    /// A client of GuardDuty in the stack's own account.
    pub fn guardduty_client(&self) -> aws_sdk_guardduty::Client {
        self.guardduty()
    }

    /// How long GuardDuty takes to read a list from now on; below zero: until this is set again.
    pub fn activation_takes(&self, seconds: f64) -> Result<()> {
        self.ask("/kintsugi/activation", &json!({ "seconds": seconds })).map(drop)
    }

    /// Makes this account a member of another one, which keeps its lists.
    pub fn is_member(&self, member: bool) -> Result<()> {
        let (account, region) = (&self.place.account, &self.place.region);
        let question = json!({ "account": account, "region": region, "member": member });
        self.ask("/kintsugi/guardduty-member", &question).map(drop)
    }

    /// All lists, as GuardDuty has them.
    pub fn lists(&self) -> Result<Vec<AtGuardDuty>> {
        let (account, region) = (&self.place.account, &self.place.region);
        let answer =
            self.ask("/kintsugi/threat-lists", &json!({ "account": account, "region": region }))?;
        let text = |list: &Value, name: &str| list[name].as_str().unwrap_or_default().to_owned();
        let list = |list: &Value| AtGuardDuty {
            kind: text(list, "kind"),
            name: text(list, "name"),
            status: text(list, "status"),
            activations: list["activations"].as_u64().unwrap_or_default(),
            lines: list["lines"]
                .as_array()
                .into_iter()
                .flatten()
                .filter_map(|line| line.as_str().map(str::to_owned))
                .collect(),
        };
        Ok(answer["lists"].as_array().into_iter().flatten().map(list).collect())
    }

    /// Our list, once GuardDuty is not busy with it.
    pub async fn at_guardduty(&self) -> Result<AtGuardDuty> {
        let look = async || {
            let ours = self.lists()?.into_iter().find(|list| list.name == "kintsugi");
            Ok(match ours {
                Some(list) if list.status == "ACTIVATING" => Err("it is ACTIVATING".to_owned()),
                Some(list) => Ok(list),
                None => Ok(AtGuardDuty::default()),
            })
        };
        wait("GuardDuty to have read the list", look).await
    }

    fn ask(&self, path: &str, question: &Value) -> Result<Value> {
        let answer = http("POST", self.estate_url(), path, "", &question.to_string())?;
        serde_json::from_str(&answer).map_err(|e| Trouble::new(&format!("read {path}"), e))
    }

    /// The truth about the list, as it is kept.
    pub async fn truth(&self) -> Result<Truth> {
        match self.object("kintsugi.json").await? {
            Some(json) => Truth::read(json.as_bytes())
                .map_err(|why| Trouble::new("read the threat list", why)),
            None => Ok(Truth::default()),
        }
    }

    /// What is known of an address that is on the list.
    pub async fn listing(&self, name: &str) -> Result<Option<Listing>> {
        let parsed: Name =
            name.parse().map_err(|why| Trouble::new(&format!("read {name}"), why))?;
        Ok(self.truth().await?.roll.get(&parsed).cloned())
    }

    /// The names on the list, in their order.
    pub async fn listed(&self) -> Result<Vec<String>> {
        Ok(self.truth().await?.roll.iter().map(|(name, _)| name.to_string()).collect())
    }

    /// An object of the stack's bucket; `None` if it is not there.
    pub async fn object(&self, key: &str) -> Result<Option<String>> {
        let what = format!("read object {key}");
        let call = self.s3.get_object().bucket(self.output("ThreatListBucketName")?).key(key);
        let answer = match call.send().await {
            Ok(answer) => answer,
            Err(error) if error.as_service_error().is_some_and(GetObjectError::is_no_such_key) => {
                return Ok(None);
            }
            Err(error) => return Err(Trouble::aws(&what, error)),
        };
        let body = answer.body.collect().await.map_err(|error| Trouble::new(&what, error))?;
        Ok(Some(String::from_utf8_lossy(&body.into_bytes()).into_owned()))
    }

    /// Writes an object of the stack's bucket, as a person does.
    pub async fn put_object(&self, key: &str, text: &str) -> Result<()> {
        let call = self.s3.put_object().bucket(self.output("ThreatListBucketName")?).key(key);
        let done = call.body(ByteStream::from(text.as_bytes().to_vec())).send().await;
        done.map(drop).map_err(|error| Trouble::aws(&format!("write object {key}"), error))
    }

    /// Removes an object of the stack's bucket.
    pub async fn delete_object(&self, key: &str) -> Result<()> {
        let call = self.s3.delete_object().bucket(self.output("ThreatListBucketName")?).key(key);
        let done = call.send().await;
        done.map(drop).map_err(|error| Trouble::aws(&format!("delete object {key}"), error))
    }

    /// Makes a bucket of the operator's own.
    pub async fn bucket(&self, bucket: &str) -> Result<()> {
        use aws_sdk_s3::types::{BucketLocationConstraint, CreateBucketConfiguration};
        let place = BucketLocationConstraint::from(self.place.region.as_str());
        let place = CreateBucketConfiguration::builder().location_constraint(place).build();
        let call = self.s3.create_bucket().bucket(bucket).create_bucket_configuration(place);
        let done = call.send().await;
        done.map(drop).map_err(|error| Trouble::aws(&format!("make bucket {bucket}"), error))
    }

    /// Writes an object into another bucket.
    pub async fn put_in(&self, bucket: &str, key: &str, text: &str) -> Result<()> {
        let body = ByteStream::from(text.as_bytes().to_vec());
        let done = self.s3.put_object().bucket(bucket).key(key).body(body).send().await;
        done.map(drop).map_err(|error| Trouble::aws(&format!("write {bucket}/{key}"), error))
    }

    /// Tags our list at GuardDuty.
    pub async fn tag_list(&self, key: &str, value: &str) -> Result<()> {
        let call = self.guardduty().tag_resource().resource_arn(self.list_arn().await?);
        let done = call.tags(key, value).send().await;
        done.map(drop).map_err(|error| Trouble::aws("tag the list", error))
    }

    /// Takes a tag off our list at GuardDuty.
    pub async fn untag_list(&self, key: &str) -> Result<()> {
        let call = self.guardduty().untag_resource().resource_arn(self.list_arn().await?);
        let done = call.tag_keys(key).send().await;
        done.map(drop).map_err(|error| Trouble::aws("untag the list", error))
    }

    async fn list_arn(&self) -> Result<String> {
        let detectors = self.guardduty().list_detectors().send().await;
        let detectors = detectors.map_err(|error| Trouble::aws("find the detector", error))?;
        let detector = detectors.detector_ids().first().cloned().unwrap_or_default();
        let call = self.guardduty().list_threat_entity_sets().detector_id(&detector);
        let sets = call.send().await.map_err(|error| Trouble::aws("find the list", error))?;
        let set = sets.threat_entity_set_ids().first().cloned().unwrap_or_default();
        let (region, account) = (&self.place.region, &self.place.account);
        Ok(format!(
            "arn:aws:guardduty:{region}:{account}:detector/{detector}/threatentityset/{set}"
        ))
    }

    /// Runs the sweep, as its schedule does; what it answers, or says went wrong.
    pub async fn sweep(&self) -> Result<Value> {
        let time = crate::events::now().to_rfc3339_opts(chrono::SecondsFormat::Millis, true);
        let rule = format!(
            "arn:aws:events:{}:{}:rule/kintsugi-sweep",
            self.place.region, self.place.account
        );
        let event = json!({
            "version": "0",
            "id": crate::events::unique(),
            "detail-type": "Scheduled Event",
            "source": "aws.events",
            "account": self.place.account,
            "time": time,
            "region": self.place.region,
            "resources": [rule],
            "detail": {},
        });
        self.invoke("SweepFunctionName", &event).await
    }

    /// Calls a function by the output that names it, and waits for its answer.
    pub async fn invoke(&self, output: &str, event: &Value) -> Result<Value> {
        let path = format!("/2015-03-31/functions/{}/invocations", self.output(output)?);
        let (account, region) = (&self.place.account, &self.place.region);
        let headers = format!(
            "Content-Type: application/json\r\nAuthorization: AWS4-HMAC-SHA256 \
             Credential={account}/20261120/{region}/lambda/aws4_request, SignedHeaders=host, \
             Signature=0\r\n"
        );
        let (url, event) = (self.platform_url().to_owned(), event.to_string());
        let called =
            tokio::task::spawn_blocking(move || http("POST", &url, &path, &headers, &event));
        let answer = called.await.map_err(|error| Trouble::new("call a function", error))??;
        serde_json::from_str(&answer).map_err(|e| Trouble::new("read a function's answer", e))
    }
}

//! Facets: settings of Systems Manager for an account.

use aws_sdk_ssm::Client;
use catalog::secrets::{
    AutomationLogs, AutomationLogsId, AutomationLogsSetting, DocumentSharing, DocumentSharingId,
    DocumentSharingSetting,
};
use lambda::Local;
use remedy::{Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::Secrets;

impl Cloud<DocumentSharing> for Secrets {
    async fn load(
        &self,
        place: &Place,
        _: &DocumentSharingId,
        _: &[&Signal],
    ) -> Result<Option<DocumentSharing>, Error> {
        let ssm = self.ssm.at(place).await?;
        match get(&ssm, DocumentSharing::SETTING).await?.as_str() {
            "Enable" => Ok(Some(DocumentSharing { public: true })),
            "Disable" => Ok(Some(DocumentSharing { public: false })),
            other => {
                let what = format!("read setting {}", DocumentSharing::SETTING);
                Err(ssm.odd(&what, &format!("it is `{other}`")))
            }
        }
    }

    async fn apply(
        &self,
        place: &Place,
        _: &DocumentSharingId,
        changes: &[Swap<DocumentSharingSetting>],
    ) -> Vec<Result<(), Error>> {
        let ssm = match self.ssm.at(place).await {
            Ok(ssm) => ssm,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(update(&ssm, DocumentSharing::SETTING, change.to.value()).await);
        }
        results
    }
}

impl Cloud<AutomationLogs> for Secrets {
    async fn load(
        &self,
        place: &Place,
        _: &AutomationLogsId,
        _: &[&Signal],
    ) -> Result<Option<AutomationLogs>, Error> {
        let ssm = self.ssm.at(place).await?;
        let value = get(&ssm, AutomationLogs::SETTING).await?;
        Ok(Some(AutomationLogs { kept: value == AutomationLogs::CLOUDWATCH }))
    }

    async fn apply(
        &self,
        place: &Place,
        _: &AutomationLogsId,
        changes: &[Swap<AutomationLogsSetting>],
    ) -> Vec<Result<(), Error>> {
        let ssm = match self.ssm.at(place).await {
            Ok(ssm) => ssm,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(match change.to {
                AutomationLogsSetting::Kept(true) => {
                    update(&ssm, AutomationLogs::SETTING, AutomationLogs::CLOUDWATCH).await
                }
                AutomationLogsSetting::Kept(false) => reset(&ssm, AutomationLogs::SETTING).await,
            });
        }
        results
    }
}

async fn get(ssm: &Local<Client>, setting: &str) -> Result<String, Error> {
    let what = format!("read setting {setting}");
    let answer = ssm.client.get_service_setting().setting_id(setting).send().await;
    let answer = answer.map_err(|error| ssm.failed(&what, "ssm:GetServiceSetting", &error))?;
    let found = answer.service_setting.ok_or_else(|| ssm.odd(&what, "it is not in the answer"))?;
    Ok(found.setting_value.unwrap_or_default())
}

async fn update(ssm: &Local<Client>, setting: &str, value: &str) -> Result<(), Error> {
    let call = ssm.client.update_service_setting().setting_id(setting).setting_value(value);
    let what = format!("set setting {setting} to {value}");
    call.send()
        .await
        .map(drop)
        .map_err(|error| ssm.failed(&what, "ssm:UpdateServiceSetting", &error))
}

async fn reset(ssm: &Local<Client>, setting: &str) -> Result<(), Error> {
    let what = format!("reset setting {setting}");
    let done = ssm.client.reset_service_setting().setting_id(setting).send().await.map(drop);
    done.map_err(|error| ssm.failed(&what, "ssm:ResetServiceSetting", &error))
}

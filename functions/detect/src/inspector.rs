//! Facet: what Inspector scans in an account and Region.

use std::collections::BTreeMap;

use aws_sdk_inspector2::{
    Client,
    types::{ErrorCode, FailedAccount, ResourceScanType, State, Status},
};
use catalog::detect::{Inspector, InspectorId, Scan, ScanSetting};
use lambda::Local;
use remedy::{Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::Detect;

impl Cloud<Inspector> for Detect {
    async fn load(
        &self,
        place: &Place,
        id: &InspectorId,
        _: &[&Signal],
    ) -> Result<Option<Inspector>, Error> {
        let inspector = self.inspector2.at(place).await?;
        let what = format!("read what Inspector scans in account {id}");
        let sent = inspector.client.batch_get_account_status().account_ids(&id.0).send().await;
        let answer = sent
            .map_err(|error| inspector.failed(&what, "inspector2:BatchGetAccountStatus", &error))?;
        let found = answer.accounts.into_iter().find(|account| account.account_id == id.0);
        let Some(state) = found.and_then(|account| account.resource_state) else {
            let why = answer.failed_accounts.unwrap_or_default().into_iter().next();
            let why = why.map(|failed| failed.error_message);
            return Err(inspector.odd(&what, &why.unwrap_or_else(|| "it does not say".into())));
        };
        let states = [
            (Scan::Ec2, state.ec2),
            (Scan::Ecr, state.ecr),
            (Scan::Lambda, state.lambda),
            (Scan::LambdaCode, state.lambda_code),
        ];
        let scans = states.into_iter().filter_map(|(scan, state)| Some((scan, is_on(&state?))));
        Ok(Some(Inspector { scans: scans.collect::<BTreeMap<_, _>>() }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &InspectorId,
        changes: &[Swap<ScanSetting>],
    ) -> Vec<Result<(), Error>> {
        let inspector = match self.inspector2.at(place).await {
            Ok(inspector) => inspector,
            Err(error) => return vec![Err(error); changes.len()],
        };
        // The code of functions is scanned only where what they depend on is: they are set together.
        let of = |on: bool| -> Vec<Scan> {
            changes
                .iter()
                .filter(|change| change.to.on == on)
                .map(|change| change.to.scan)
                .collect()
        };
        let enabled = enable(&inspector, id, of(true)).await;
        let disabled = disable(&inspector, id, of(false)).await;
        let result = |change: &Swap<ScanSetting>| match change.to.on {
            true => enabled.clone(),
            false => disabled.clone(),
        };
        changes.iter().map(result).collect()
    }
}

/// What is about to be is so.
fn is_on(state: &State) -> bool {
    matches!(state.status, Status::Enabled | Status::Enabling)
}

fn types(scans: &[Scan]) -> Vec<ResourceScanType> {
    scans.iter().map(|scan| ResourceScanType::from(scan.label())).collect()
}

async fn enable(
    inspector: &Local<Client>,
    id: &InspectorId,
    scans: Vec<Scan>,
) -> Result<(), Error> {
    if scans.is_empty() {
        return Ok(());
    }
    let what = format!("turn on scans of Inspector in account {id}");
    let call = inspector.client.enable().account_ids(&id.0).set_resource_types(Some(types(&scans)));
    let sent = call.send().await;
    let answer = sent.map_err(|error| {
        let needs = "inspector2:Enable and iam:CreateServiceLinkedRole";
        inspector.failed(&what, needs, &error)
    })?;
    outcome(inspector, &what, answer.failed_accounts, &ErrorCode::AlreadyEnabled)
}

async fn disable(
    inspector: &Local<Client>,
    id: &InspectorId,
    scans: Vec<Scan>,
) -> Result<(), Error> {
    if scans.is_empty() {
        return Ok(());
    }
    let what = format!("turn off scans of Inspector in account {id}");
    let call =
        inspector.client.disable().account_ids(&id.0).set_resource_types(Some(types(&scans)));
    let answer =
        call.send().await.map_err(|error| inspector.failed(&what, "inspector2:Disable", &error))?;
    outcome(inspector, &what, answer.failed_accounts, &ErrorCode::ResourceNotFound)
}

/// An answer may be that it did not work after all; `fine` says that it was so already.
fn outcome(
    inspector: &Local<Client>,
    what: &str,
    failed: Option<Vec<FailedAccount>>,
    fine: &ErrorCode,
) -> Result<(), Error> {
    let mut failed = failed.unwrap_or_default().into_iter();
    let Some(failed) = failed.find(|failed| failed.error_code != *fine) else { return Ok(()) };
    let passes = matches!(
        failed.error_code,
        ErrorCode::DisableInProgress
            | ErrorCode::EnableInProgress
            | ErrorCode::EventbridgeThrottled
            | ErrorCode::EventbridgeUnavailable
            | ErrorCode::InternalError
            | ErrorCode::SsmThrottled
            | ErrorCode::SsmUnavailable
            | ErrorCode::SuspendInProgress
    );
    let why = format!("{} ({})", failed.error_code.as_str(), failed.error_message);
    Err(match (passes, inspector.odd(what, &why)) {
        (true, Error::Refused(text)) => Error::Transient(text),
        (_, error) => error,
    })
}

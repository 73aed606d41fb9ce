//! Facet: what the detector of GuardDuty looks at beyond the basics.

use std::collections::BTreeMap;

use aws_sdk_guardduty::{
    Client,
    types::{
        DetectorAdditionalConfiguration, DetectorFeature, DetectorFeatureConfiguration,
        DetectorFeatureConfigurationResult, DetectorFeatureResult, FeatureAdditionalConfiguration,
        FeatureStatus,
    },
};
use catalog::detect::{Detector, DetectorId, DetectorSetting, Feature, Runtime};
use lambda::Local;
use remedy::{Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::{
    Detect,
    guard_duty::{detector_of, only},
};

impl Cloud<Detector> for Detect {
    async fn load(
        &self,
        place: &Place,
        id: &DetectorId,
        _: &[&Signal],
    ) -> Result<Option<Detector>, Error> {
        let guardduty = self.guardduty.at(place).await?;
        let what = format!("read detector {id}");
        let Some(detector) = named(&guardduty, id, &what).await? else { return Ok(None) };
        let Some(found) = detector_of(&guardduty, &detector, &what).await? else { return Ok(None) };
        let mut detector = Detector {
            tags: found.tags.unwrap_or_default().into_iter().collect(),
            ..Detector::default()
        };
        for feature in found.features.unwrap_or_default() {
            add(&mut detector, &feature);
        }
        Ok(Some(detector))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &DetectorId,
        changes: &[Swap<DetectorSetting>],
    ) -> Vec<Result<(), Error>> {
        if changes.is_empty() {
            return Vec::new();
        }
        let result = match self.guardduty.at(place).await {
            Ok(guardduty) => set(&guardduty, id, changes).await,
            Err(error) => Err(error),
        };
        vec![result; changes.len()]
    }
}

/// The detector's own id; none: there is none.
async fn named(
    guardduty: &Local<Client>,
    id: &DetectorId,
    what: &str,
) -> Result<Option<String>, Error> {
    match id {
        DetectorId::One(id) => Ok(Some(id.clone())),
        DetectorId::Of(_) => only(guardduty, what).await,
    }
}

fn add(detector: &mut Detector, found: &DetectorFeatureConfigurationResult) {
    let is_on = |status: &Option<FeatureStatus>| *status == Some(FeatureStatus::Enabled);
    let Some(name) = found.name.as_ref().map(DetectorFeatureResult::as_str) else { return };
    let mut is_managed = found.managed_by.is_some();
    let on = is_on(&found.status);
    if let Some(feature) = Feature::ALL.into_iter().find(|feature| feature.label() == name) {
        detector.features.insert(feature, on);
    }
    if ["RUNTIME_MONITORING", "EKS_RUNTIME_MONITORING"].contains(&name) {
        let mut agents = BTreeMap::new();
        for agent in found.additional_configuration.iter().flatten() {
            is_managed |= agent.managed_by.is_some();
            let name = agent.name.as_ref().map(|name| name.as_str().to_owned());
            agents.extend(name.map(|name| (name, is_on(&agent.status))));
        }
        let runtime = Some(Runtime { on, agents });
        match name {
            "RUNTIME_MONITORING" => detector.runtime = runtime,
            _ => detector.forerunner = runtime,
        }
    }
    if is_managed {
        detector.managed.insert(name.to_owned());
    }
}

async fn set(
    guardduty: &Local<Client>,
    id: &DetectorId,
    changes: &[Swap<DetectorSetting>],
) -> Result<(), Error> {
    let names: Vec<_> = changes.iter().map(|change| change.to.to_string()).collect();
    let what = format!("set {} of detector {id}", names.join(", "));
    let Some(detector) = named(guardduty, id, &what).await? else {
        return Err(guardduty.odd(&what, "there is no detector"));
    };
    let features = changes.iter().map(|change| written(&change.to)).collect();
    let call = guardduty.client.update_detector().detector_id(detector);
    let sent = call.set_features(Some(features)).send().await;
    sent.map(drop).map_err(|error| guardduty.failed(&what, "guardduty:UpdateDetector", &error))
}

fn written(to: &DetectorSetting) -> DetectorFeatureConfiguration {
    let status = |on: bool| if on { FeatureStatus::Enabled } else { FeatureStatus::Disabled };
    let builder = DetectorFeatureConfiguration::builder();
    match to {
        DetectorSetting::Feature(feature, on) => {
            builder.name(DetectorFeature::from(feature.label())).status(status(*on)).build()
        }
        DetectorSetting::Runtime(Runtime { on, agents }) => {
            let agent = |(name, on): (&String, &bool)| {
                DetectorAdditionalConfiguration::builder()
                    .name(FeatureAdditionalConfiguration::from(name.as_str()))
                    .status(status(*on))
                    .build()
            };
            let agents: Vec<_> = agents.iter().map(agent).collect();
            let builder = builder.name(DetectorFeature::RuntimeMonitoring).status(status(*on));
            builder.set_additional_configuration((!agents.is_empty()).then_some(agents)).build()
        }
    }
}

//! Tells a person of a stage of a REST API that shows no certificate to what it calls.
//!
//! What is behind it must be told of the certificate first.

use remedy::{
    Case, Id as _, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{RestStage, RestStageId, RestStageSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct CertifyStage;

impl Remediation for CertifyStage {
    type Facet = RestStage;

    const SPEC: Spec = Spec {
        id: "edge/certify_stage",
        title: "Tell of a stage of a REST API without a client certificate",
        triggers: &[Trigger::control("APIGateway.2"), Trigger::config_rule("API_GW_SSL_ENABLED")],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No certificate is made: what is behind the stage may refuse one that it does not know.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, stage: &RestStage, case: &Case<'_>) -> Plan<Swap<RestStageSetting>> {
        let id = RestStageId::locate(&case.signal.resource);
        let Some(id) = id.filter(|_| stage.certificate.is_none()) else { return Plan::none() };
        let place = &case.signal.place;
        Plan::by_hand(
            "it shows no certificate to what it calls",
            "what is behind it must know the certificate, and ask for it, before that is worth anything",
            [
                format!("aws apigateway generate-client-certificate --region {}", place.region),
                id.update(place, "op=replace,path=/clientCertificateId,value=CERTIFICATE_ID"),
            ],
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const PROD: &str = "arn:aws:apigateway:eu-west-1::/restapis/a1/stages/prod";

    #[test]
    fn a_person_is_told_where_there_is_no_certificate() {
        for (certificate, commands) in [(None, 2), (Some("abc".to_owned()), 0)] {
            let stage = RestStage { certificate, ..RestStage::default() };
            check(&CertifyStage, &stage, &signal(PROD), &[]);
            let plan = CertifyStage.plan(&stage, &Case { signal: &signal(PROD), now: now() });
            assert_eq!(plan.by_hand.len(), commands);
        }
    }
}

//! Lets a stage of a REST API trace requests with X-Ray.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{RestStage, RestStageSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct TraceStage;

impl Remediation for TraceStage {
    type Facet = RestStage;

    const SPEC: Spec = Spec {
        id: "edge/trace_stage",
        title: "Turn on X-Ray tracing of a stage of a REST API",
        triggers: &[Trigger::control("APIGateway.3"), Trigger::config_rule("API_GW_XRAY_ENABLED")],
        severity: Severity::Low,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "Only this is set; sampling rules stay as they are.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, stage: &RestStage, _: &Case<'_>) -> Plan<Swap<RestStageSetting>> {
        let is = RestStageSetting::Tracing(stage.traced);
        Swap::of(is, RestStageSetting::Tracing(true)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;

    const PROD: &str = "arn:aws:apigateway:eu-west-1::/restapis/a1/stages/prod";

    #[test]
    fn a_stage_is_traced_once() {
        let expected = ["set tracing on (it is tracing off)"];
        check(&TraceStage, &RestStage::default(), &signal(PROD), &expected);
        check(&TraceStage, &RestStage { traced: true, ..RestStage::default() }, &signal(PROD), &[]);
    }
}

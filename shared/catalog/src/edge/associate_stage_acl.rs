//! Tells a person of a stage of a REST API that no web ACL stands before.
//!
//! Which rules its callers can live with is for people to say.

use remedy::{
    Case, Id as _, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{RestStage, RestStageId, RestStageSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct AssociateStageAcl;

impl Remediation for AssociateStageAcl {
    type Facet = RestStage;

    const SPEC: Spec = Spec {
        id: "edge/associate_stage_acl",
        title: "Tell of a stage of a REST API without a web ACL",
        triggers: &[
            Trigger::control("APIGateway.4"),
            Trigger::config_rule("API_GW_ASSOCIATED_WITH_WAF"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "No web ACL is chosen or made: one that does not fit shuts callers out.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, stage: &RestStage, case: &Case<'_>) -> Plan<Swap<RestStageSetting>> {
        let id = RestStageId::locate(&case.signal.resource);
        let Some(id) = id.filter(|_| stage.acl.is_none()) else { return Plan::none() };
        let (region, arn) = (&case.signal.place.region, id.arn(&case.signal.place));
        Plan::by_hand(
            "no web ACL stands before it",
            "people know which rules its callers can live with",
            [
                format!("aws wafv2 list-web-acls --region {region} --scope REGIONAL"),
                format!(
                    "aws wafv2 associate-web-acl --region {region} --web-acl-arn WEB_ACL_ARN --resource-arn {}",
                    remedy::quoted(&arn)
                ),
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
    fn a_person_is_told_where_there_is_no_web_acl() {
        for (acl, commands) in [(None, 2), (Some("arn:aws:wafv2:x".to_owned()), 0)] {
            let stage = RestStage { acl, ..RestStage::default() };
            check(&AssociateStageAcl, &stage, &signal(PROD), &[]);
            let plan = AssociateStageAcl.plan(&stage, &Case { signal: &signal(PROD), now: now() });
            assert_eq!(plan.by_hand.len(), commands);
        }
    }
}

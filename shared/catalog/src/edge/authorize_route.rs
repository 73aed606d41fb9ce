//! Tells a person of a route of an API that lets everybody in.
//!
//! Who may call it, and how they show who they are, is for people to say.

use remedy::{
    Case, Id as _, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong,
};

use super::{Route, RouteId};

/// See the [module](self).
#[derive(Debug)]
pub struct AuthorizeRoute;

impl Remediation for AuthorizeRoute {
    type Facet = Route;

    const SPEC: Spec = Spec {
        id: "edge/authorize_route",
        title: "Tell of a route of an API that lets everybody in",
        triggers: &[
            Trigger::control("APIGateway.8"),
            Trigger::config_rule("API_GWV2_AUTHORIZATION_TYPE_CONFIGURED"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "The type that the control asks for is compared with what the route has now; nobody is shut out.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, route: &Route, case: &Case<'_>) -> Plan<Never> {
        let mut given = case.signal.parameters.iter();
        let given = given.find(|(key, _)| key.eq_ignore_ascii_case("authorizationType"));
        let wanted = given.and_then(|(_, values)| values.first()).map(|value| value.trim());
        let wanted = wanted.filter(|value| ["AWS_IAM", "CUSTOM", "JWT"].contains(value));
        let is = route.authorization.as_str();
        let is_right = is != "NONE" && wanted.is_none_or(|wanted| wanted == is);
        let id = RouteId::locate(&case.signal.resource);
        let Some(RouteId { api, route: id }) = id.filter(|_| !is_right) else {
            return Plan::none();
        };
        let wanted = wanted.unwrap_or("AWS_IAM");
        let authorizer = if wanted == "AWS_IAM" { "" } else { " --authorizer-id AUTHORIZER_ID" };
        Plan::by_hand(
            format!("route {} has authorization {is}", route.key),
            "people know who calls it and how they can show who they are; the others are shut out",
            [format!(
                "aws apigatewayv2 update-route --region {} --api-id {api} --route-id {id} \
                 --authorization-type {wanted}{authorizer}",
                case.signal.place.region
            )],
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::{
        Signal,
        check::{check, now, signal},
    };

    use super::*;

    const PETS: &str = "arn:aws:apigateway:eu-west-1::/apis/a1/routes/r1";

    #[test]
    fn a_person_is_told_of_an_open_route_and_of_another_type_than_is_asked() {
        let asked = |kind: &str| Signal {
            parameters: [("authorizationType".into(), vec![kind.into()])].into(),
            ..signal(PETS)
        };
        for (is, signal, told) in [
            ("NONE", signal(PETS), 1),
            ("JWT", signal(PETS), 0),
            ("JWT", asked("JWT"), 0),
            ("JWT", asked("AWS_IAM"), 1),
            ("JWT", asked("what?"), 0),
        ] {
            let route = Route { authorization: is.into(), ..Route::default() };
            check(&AuthorizeRoute, &route, &signal, &[]);
            let plan = AuthorizeRoute.plan(&route, &Case { signal: &signal, now: now() });
            assert_eq!((plan.left.len(), plan.by_hand.len()), (told, told), "{is}");
        }
    }
}

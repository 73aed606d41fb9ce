//! Tells how a cluster of Redshift comes to want TLS of every connection: clients have to talk it before, and the
//! cluster restarts.

use remedy::{
    Case, Id, Never, Plan, Remediation, Risk, Settings, Severity, Spec, Trigger, Undo, Wrong,
    quoted,
};

use super::{RedshiftClusterId, RedshiftParameters, redshift_cluster::modify};

/// See the [module](self).
#[derive(Debug)]
pub struct WantRedshiftTls;

impl Remediation for WantRedshiftTls {
    type Facet = RedshiftParameters;

    const SPEC: Spec = Spec {
        id: "data/want_redshift_tls",
        title: "Want TLS of every connection to a Redshift cluster, by hand",
        triggers: &[
            Trigger::control("Redshift.2"),
            Trigger::config_rule("REDSHIFT_REQUIRE_TLS_SSL"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "A parameter group may serve other clusters, and a default one cannot be changed: the commands fit the one that is there.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, parameters: &RedshiftParameters, case: &Case<'_>) -> Plan<Never> {
        let lacking = parameters.wants_tls.iter().find(|(_, wants)| !**wants).map(|(name, _)| name);
        let (Some(group), Some(id)) = (lacking, RedshiftClusterId::locate(&case.signal.resource))
        else {
            return Plan::none();
        };
        let place = &case.signal.place;
        let region = &place.region;
        let own = format!("{id}-tls");
        let is_default = group.starts_with("default.");
        let name = if is_default { &own } else { group };
        let make = [
            format!(
                "aws redshift create-cluster-parameter-group --region {region} --parameter-group-name {own} \
                 --parameter-group-family redshift-1.0 --description 'TLS for {id}'"
            ),
            modify(place, &id, &format!("--cluster-parameter-group-name {own}")),
        ];
        let make = make.into_iter().filter(|_| is_default);
        let set = [
            format!(
                "aws redshift modify-cluster-parameter-group --region {region} --parameter-group-name {} \
                 --parameters ParameterName=require_ssl,ParameterValue=true",
                quoted(name)
            ),
            format!("aws redshift reboot-cluster --region {region} --cluster-identifier {id}"),
        ];
        Plan::by_hand(
            format!("its parameter group {group} does not want TLS"),
            "clients that talk without it are refused from then on; see who does in the connection log, and \
             which other clusters use the group",
            make.chain(set),
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    #[test]
    fn the_commands_fit_the_group_that_is_there() {
        let case = Case { signal: &signal("warehouse"), now: now() };
        for (groups, commands) in [
            (&[("sales", false)][..], 2),
            (&[("default.redshift-1.0", false)], 4),
            (&[("sales", true)], 0),
            (&[], 0),
        ] {
            let wants_tls =
                groups.iter().map(|(name, wants)| ((*name).to_owned(), *wants)).collect();
            let parameters = RedshiftParameters { wants_tls, ..RedshiftParameters::default() };
            check(&WantRedshiftTls, &parameters, &signal("warehouse"), &[]);
            assert_eq!(
                WantRedshiftTls.plan(&parameters, &case).by_hand.len(),
                commands,
                "{groups:?}"
            );
        }
    }
}

//! Reports a database instance whose storage is not encrypted, with the commands that make an encrypted copy.
//!
//! Storage is encrypted when it is made, or never: what comes out is another instance with another address,
//! so a person moves over.

use remedy::{
    Case, Id, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong,
};

use super::{DbClusterId, DbInstance, DbInstanceId, DbInstanceSetting, copy};

/// See the [module](self).
#[derive(Debug)]
pub struct EncryptInstance;

impl Remediation for EncryptInstance {
    type Facet = DbInstance;

    const SPEC: Spec = Spec {
        id: "rds/encrypt_instance",
        title: "Report a database instance that is not encrypted",
        triggers: &[Trigger::control("RDS.3"), Trigger::config_rule("RDS_STORAGE_ENCRYPTED")],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Nothing,
        care: "Nothing is copied, moved or deleted: the way to an encrypted instance is left to a person, with the commands.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, instance: &DbInstance, case: &Case<'_>) -> Plan<Swap<DbInstanceSetting>> {
        if instance.encrypted {
            return Plan::none();
        }
        let id = DbInstanceId::locate(&case.signal.resource);
        let (why, commands) = match &instance.cluster {
            Some(cluster) => (
                format!("it is a member of cluster {cluster}, which was made without encryption"),
                copy::cluster(&DbClusterId(cluster.clone()), &instance.engine, case),
            ),
            None => (
                "storage is encrypted when it is made: restore an encrypted copy, move over, and \
 delete this one"
                    .into(),
                id.map(|id| copy::instance(&id, case)).unwrap_or_default(),
            ),
        };
        Plan::by_hand("storage that is not encrypted", why, commands)
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::{super::tests::hand, *};

    const WEB: &str = "arn:aws:rds:eu-west-1:111122223333:db:web";

    #[test]
    fn an_encrypted_copy_is_left_to_a_person() {
        let plain = DbInstance { engine: "mysql".into(), ..DbInstance::default() };
        check(&EncryptInstance, &plain, &signal(WEB), &[]);
        let (what, commands) = hand(&EncryptInstance, &plain, &signal(WEB));
        assert!(
            what.starts_with("storage that is not encrypted: storage is encrypted when"),
            "{what}"
        );
        assert!(commands.iter().any(|command| command.contains("--kms-key-id")), "{commands:?}");
    }

    #[test]
    fn for_a_member_it_is_the_cluster_that_is_copied() {
        let member = DbInstance { cluster: Some("main".into()), ..DbInstance::default() };
        let (what, commands) = hand(&EncryptInstance, &member, &signal(WEB));
        assert!(what.contains("a member of cluster main"), "{what}");
        assert!(commands[0].starts_with("aws rds create-db-cluster-snapshot"), "{commands:?}");
    }

    #[test]
    fn one_that_is_encrypted_is_right() {
        let done = DbInstance { encrypted: true, ..DbInstance::default() };
        assert!(hand(&EncryptInstance, &done, &signal(WEB)).0.is_empty());
    }
}

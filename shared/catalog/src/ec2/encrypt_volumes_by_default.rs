//! Lets every new EBS volume and copy of a snapshot in a Region be encrypted, with the key that is the default
//! there.
//!
//! Volumes that are there stay as they are.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{EbsEncryption, EbsEncryptionSetting};

/// See the [module](self).
#[derive(Debug)]
pub struct EncryptVolumesByDefault;

impl Remediation for EncryptVolumesByDefault {
    type Facet = EbsEncryption;

    const SPEC: Spec = Spec {
        id: "ec2/encrypt_volumes_by_default",
        title: "Encrypt new EBS volumes of the account by default",
        triggers: &[
            Trigger::control("EC2.7"),
            Trigger::config_rule("EC2_EBS_ENCRYPTION_BY_DEFAULT"),
        ],
        severity: Severity::Medium,
        risk: Risk::Safe,
        parameters: &[],
        undo: Undo::Yes,
        care: "The default key stays what it is, and so does every volume that is there.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, encryption: &EbsEncryption, _: &Case<'_>) -> Plan<Swap<EbsEncryptionSetting>> {
        let is = EbsEncryptionSetting::ByDefault(encryption.on);
        Swap::of(is, EbsEncryptionSetting::ByDefault(true)).into_iter().collect()
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, signal};

    use super::*;

    #[test]
    fn it_is_turned_on_where_it_is_off() {
        let signal = signal("AWS::::Account:111122223333");
        let expected = ["set encryption by default on (it is encryption by default off)"];
        check(&EncryptVolumesByDefault, &EbsEncryption { on: false }, &signal, &expected);
        check(&EncryptVolumesByDefault, &EbsEncryption { on: true }, &signal, &[]);
    }
}

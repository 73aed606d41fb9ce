//! Settings of an account: they have no ARN of their own, and no tags.

use crate::{Arn, Id, Place};

/// The id of one setting of an account; [`account_id!`](crate::account_id) makes the types.
pub trait AccountId: Id {
    /// As IAM calls the service, such as `ec2`.
    const SERVICE: &'static str;
    /// What names the setting beside others of the service, such as `ebs-encryption-by-default`.
    const SETTING: &'static str;
    /// Whether there is one in each Region.
    const REGIONAL: bool;

    /// The twelve digits of the account that `resource` names: as Security Hub and AWS Config name accounts
    /// (`AWS::::Account:111122223333`), or as the setting's own name.
    fn account_of(resource: &str) -> Option<String> {
        let digits = |text: &str| text.len() == 12 && text.bytes().all(|b| b.is_ascii_digit());
        let account = match Arn::parse(resource) {
            Some(arn) => {
                let ours = arn.service == Self::SERVICE
                    && arn.resource.strip_prefix("account-setting/") == Some(Self::SETTING);
                ours.then_some(arn.account)?
            }
            None => resource.strip_prefix("AWS::::Account:").unwrap_or(resource),
        };
        digits(account).then(|| account.to_owned())
    }

    /// A name that no other setting has: AWS gives none.
    fn name(place: &Place, account: &str) -> String {
        let region = if Self::REGIONAL { place.region.as_str() } else { "" };
        let (partition, service, setting) = (&place.partition, Self::SERVICE, Self::SETTING);
        format!("arn:{partition}:{service}:{region}:{account}:account-setting/{setting}")
    }
}

/// Makes the type of the id of one setting of an account:
/// `account_id!(EbsDefaults, "ec2", "ebs-encryption-by-default", regional, "/ec2/home?region={region}#Settings:")`.
/// The last is the page of the web console; `{region}` stands for the Region.
#[macro_export]
macro_rules! account_id {
    ($(#[$doc:meta])* $name:ident, $service:literal, $setting:literal, $scope:ident, $page:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(pub String);

        impl $crate::AccountId for $name {
            const SERVICE: &'static str = $service;
            const SETTING: &'static str = $setting;
            const REGIONAL: bool = $crate::account_id!(@ $scope);
        }

        impl $crate::Id for $name {
            const TYPE: &'static str = "AWS::::Account";

            fn locate(resource: &str) -> Option<Self> {
                <Self as $crate::AccountId>::account_of(resource).map(Self)
            }
            fn arn(&self, place: &$crate::Place) -> String {
                <Self as $crate::AccountId>::name(place, &self.0)
            }
            fn link(&self, place: &$crate::Place) -> String {
                format!("{}{}", place.console(), $page.replace("{region}", &place.region))
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
    (@ regional) => { true };
    (@ global) => { false };
}

#[cfg(test)]
mod tests {
    use super::*;

    account_id!(
        /// For tests.
        #[expect(unreachable_pub, reason = "the macro makes public types")]
        Defaults, "ec2", "ebs-encryption-by-default", regional, "/ec2/home?region={region}#Settings:"
    );

    #[test]
    fn the_setting_of_an_account_is_found_by_the_account_and_by_its_own_name() {
        let place = Place::new("111122223333", "eu-west-1");
        let id = Defaults::locate("AWS::::Account:111122223333").unwrap();
        let arn = id.arn(&place);
        assert_eq!(
            arn,
            "arn:aws:ec2:eu-west-1:111122223333:account-setting/ebs-encryption-by-default"
        );
        assert_eq!(Defaults::locate(&arn), Some(id.clone()));
        assert_eq!(
            id.link(&place),
            "https://eu-west-1.console.aws.amazon.com/ec2/home?region=eu-west-1#Settings:"
        );
        for other in ["AWS::::Account:", "AWS::::Account:1", "arn:aws:iam::111122223333:root", ""] {
            assert_eq!(Defaults::locate(other), None, "{other}");
        }
    }
}

//! Refuses the public in all buckets of an account.
//!
//! Whatever the account shows to the world on purpose would go dark with what it shows by mistake, and the
//! account does not tell one from the other: a person looks first.

use remedy::{Case, Plan, Remediation, Risk, Settings, Severity, Spec, Swap, Trigger, Undo, Wrong};

use super::{AccessBlock, AccountAccess, AccountBlock};

/// See the [module](self).
#[derive(Debug)]
pub struct BlockAccountAccess;

impl Remediation for BlockAccountAccess {
    type Facet = AccountAccess;

    const SPEC: Spec = Spec {
        id: "s3/block_account_access",
        title: "Block public access to all buckets of an account",
        triggers: &[
            Trigger::control("S3.1"),
            Trigger::config_rule("S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS"),
            Trigger::config_rule("S3_ACCOUNT_LEVEL_PUBLIC_ACCESS_BLOCKS_PERIODIC"),
        ],
        severity: Severity::Medium,
        risk: Risk::Interrupts,
        parameters: &[],
        undo: Undo::Yes,
        care: "A person looks first: public sites of the account would go dark with everything else. What was on before stays on.",
        since: "0.4.0",
    };

    fn configured(_: &Settings) -> Result<Self, Wrong> {
        Ok(Self)
    }

    fn plan(&self, account: &AccountAccess, _: &Case<'_>) -> Plan<Swap<AccountBlock>> {
        let block = Swap::of(AccountBlock(account.block), AccountBlock(AccessBlock::ALL));
        block.into_iter().collect::<Plan<_>>().asking(
            "every bucket of the account that is public on purpose, such as a website, goes dark",
        )
    }
}

#[cfg(test)]
mod tests {
    use remedy::check::{check, now, signal};

    use super::*;

    const ACCOUNT: &str = "AWS::::Account:111122223333";

    #[test]
    fn an_account_is_blocked_in_all_four_ways() {
        let some = AccessBlock {
            block_public_acls: true,
            ignore_public_acls: true,
            ..AccessBlock::default()
        };
        for (block, expected) in [
            (
                AccessBlock::default(),
                &["set public access block on (it is public access block off)"][..],
            ),
            (
                some,
                &[
                    "set public access block on (it is public access block on for BlockPublicAcls and \
                   IgnorePublicAcls only)",
                ],
            ),
            (AccessBlock::ALL, &[]),
        ] {
            check(&BlockAccountAccess, &AccountAccess { block }, &signal(ACCOUNT), expected);
        }
    }

    #[test]
    fn public_sites_do_not_go_dark_by_themselves() {
        let case = Case { signal: &signal(ACCOUNT), now: now() };
        let plan = BlockAccountAccess.plan(&AccountAccess::default(), &case);
        assert!(plan.ask.is_some());
    }
}

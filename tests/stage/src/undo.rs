//! Taking a repair back from its record, as the commands in its message do.

use catalog::ec2::{IngressChange, Rule, RuleChange, Way};
use remedy::Plan;

use crate::{Estate, Record, Result, Trouble};

impl Estate {
    /// Puts back what `record` says was taken.
    pub async fn take_back(&self, record: &Record) -> Result<()> {
        let group = &record.page.about.id;
        let trouble =
            || Trouble(format!("record {} holds no plan that can be taken back", record.id));
        if let Some(plan) = record.page.plan::<IngressChange>() {
            for change in Plan::inverse(&plan).ok_or_else(trouble)? {
                self.make(group, &change).await?;
            }
            return Ok(());
        }
        let plan = record.page.plan::<RuleChange>().ok_or_else(trouble)?;
        for change in plan.inverse().ok_or_else(trouble)? {
            match change {
                RuleChange::Authorize(way, rule) => {
                    self.authorize(group, &[rule], way == Way::Egress).await?;
                }
                RuleChange::Revoke(_, rule) => self.revoke_same(group, &rule).await?,
            }
        }
        Ok(())
    }

    async fn make(&self, group: &str, change: &IngressChange) -> Result<()> {
        match change {
            IngressChange::Authorize(rule) => {
                self.authorize(group, std::slice::from_ref(rule), false).await
            }
            IngressChange::Revoke(rule) => self.revoke_same(group, rule).await,
            IngressChange::Join { narrow, wide } => {
                self.authorize(group, std::slice::from_ref(wide), false).await?;
                for rule in narrow {
                    self.revoke_same(group, rule).await?;
                }
                Ok(())
            }
            IngressChange::Split { wide, narrow } => {
                self.authorize(group, narrow, false).await?;
                self.revoke_same(group, wide).await
            }
        }
    }

    /// Revokes the ingress rule that grants what `rule` does, whatever its id is.
    async fn revoke_same(&self, group: &str, rule: &Rule) -> Result<()> {
        let there = self.rules(group).await?;
        let same = |line: &&crate::Line| !line.egress && line.rule.grants_the_same(rule);
        match there.iter().find(same) {
            Some(line) => self.revoke(group, &line.rule.id).await,
            None => Ok(()),
        }
    }
}

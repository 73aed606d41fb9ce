//! Facet: a security group's ingress rules.

use catalog::ec2::{IngressChange, Rule, SecurityGroup, SecurityGroupId, Way};
use remedy::{Place, Signal};
use runtime::{Cloud, Error};

use crate::{Ec2, read::Group, revoke::Out, rules};

impl Cloud<SecurityGroup> for Ec2 {
    async fn load(
        &self,
        place: &Place,
        id: &SecurityGroupId,
        _: &[&Signal],
    ) -> Result<Option<SecurityGroup>, Error> {
        let ec2 = self.clients.at(place).await?;
        let group = Group { ec2: &ec2, id: &id.0 };
        let Some((found, rules)) = Box::pin(group.read()).await? else { return Ok(None) };
        Ok(Some(SecurityGroup {
            name: found.group_name().unwrap_or_default().to_owned(),
            account: found.owner_id().unwrap_or_default().to_owned(),
            prefix_lists: group.prefix_lists(&rules.ingress).await?,
            ingress: rules.ingress,
            tags: rules::tags(found.tags()),
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &SecurityGroupId,
        changes: &[IngressChange],
    ) -> Vec<Result<(), Error>> {
        let ec2 = match self.clients.at(place).await {
            Ok(ec2) => ec2,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let group = Group { ec2: &ec2, id: &id.0 };
        let mut results = Vec::with_capacity(changes.len());
        for run in changes.chunk_by(|one, next| revoked(one).and(revoked(next)).is_some()) {
            match run {
                [IngressChange::Authorize(rule)] => {
                    results.push(group.authorize(Way::Ingress, rule).await.map(drop));
                }
                [IngressChange::Split { wide, narrow }] => {
                    results.push(Box::pin(group.replace(std::slice::from_ref(wide), narrow)).await);
                }
                [IngressChange::Join { narrow, wide }] => {
                    results.push(Box::pin(group.replace(narrow, std::slice::from_ref(wide))).await);
                }
                revokes => {
                    let rules: Vec<_> = revokes.iter().filter_map(revoked).collect();
                    let gone = Box::pin(group.revoke(Way::Ingress, &rules)).await;
                    results.extend(gone.into_iter().map(|result| result.map(drop)));
                }
            }
        }
        results
    }
}

/// The rule that a change takes out and does nothing else.
fn revoked(change: &IngressChange) -> Option<&Rule> {
    match change {
        IngressChange::Revoke(rule) => Some(rule),
        IngressChange::Authorize(_) | IngressChange::Split { .. } | IngressChange::Join { .. } => {
            None
        }
    }
}

impl Group<'_> {
    /// Puts `new` in, then takes `old` out: in between more is open than before or after, but nothing
    /// that was open is ever closed. If anything fails, all is as it was before.
    async fn replace(&self, old: &[Rule], new: &[Rule]) -> Result<(), Error> {
        let mut made = Vec::new();
        for rule in new {
            match self.authorize(Way::Ingress, rule).await {
                Ok(Some(id)) => made.push(Rule { id, ..rule.clone() }),
                Ok(None) => {}
                Err(error) => return Err(self.taken_back(error, &[], &made).await),
            }
        }
        let old: Vec<&Rule> = old.iter().collect();
        let outs = self.revoke(Way::Ingress, &old).await;
        let Some(error) = outs.iter().find_map(|out| out.as_ref().err().cloned()) else {
            return Ok(());
        };
        let is_ours = |(_, out): &(&&Rule, &Result<Out, Error>)| **out == Ok(Out::Now);
        let gone: Vec<&Rule> =
            old.iter().zip(&outs).filter(is_ours).map(|(rule, _)| *rule).collect();
        Err(self.taken_back(error, &gone, &made).await)
    }

    /// Puts `gone` in again and takes `made` out again; `error`, with what could not be undone.
    async fn taken_back(&self, error: Error, gone: &[&Rule], made: &[Rule]) -> Error {
        let mut left = Vec::new();
        for rule in gone {
            if let Err(error) = self.authorize(Way::Ingress, rule).await {
                left.push(format!("{rule} is missing ({error})"));
            }
        }
        let made: Vec<&Rule> = made.iter().collect();
        for (rule, out) in made.iter().zip(self.revoke(Way::Ingress, &made).await) {
            if let Err(error) = out {
                left.push(format!("{rule} is left over ({error})"));
            }
        }
        if left.is_empty() {
            return error;
        }
        let and = format!("; and it could not be put back as it was: {}", left.join(", "));
        match error {
            Error::Transient(why) => Error::Transient(why + &and),
            Error::Refused(why) => Error::Refused(why + &and),
        }
    }
}

//! Facet: all the rules of a security group, and what is attached to it.

use catalog::ec2::{DefaultGroup, Rule, RuleChange, SecurityGroupId, Way};
use futures_util::future;
use remedy::{Place, Signal};
use runtime::{Cloud, Error};

use crate::{Ec2, read::Group, rules};

impl Cloud<DefaultGroup> for Ec2 {
    async fn load(
        &self,
        place: &Place,
        id: &SecurityGroupId,
        _: &[&Signal],
    ) -> Result<Option<DefaultGroup>, Error> {
        let ec2 = self.clients.at(place).await?;
        let group = Group { ec2: &ec2, id: &id.0 };
        let (read, interfaces) =
            future::join(Box::pin(group.read()), Box::pin(group.interfaces())).await;
        let Some((found, rules)) = read? else { return Ok(None) };
        Ok(Some(DefaultGroup {
            name: found.group_name().unwrap_or_default().to_owned(),
            account: found.owner_id().unwrap_or_default().to_owned(),
            ingress: rules.ingress,
            egress: rules.egress,
            interfaces: interfaces?,
            tags: rules::tags(found.tags()),
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &SecurityGroupId,
        changes: &[RuleChange],
    ) -> Vec<Result<(), Error>> {
        let ec2 = match self.clients.at(place).await {
            Ok(ec2) => ec2,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let group = Group { ec2: &ec2, id: &id.0 };
        let mut results = Vec::with_capacity(changes.len());
        let both = |one: Option<(Way, &Rule)>, next: Option<(Way, &Rule)>| Some(one?.0 == next?.0);
        for run in changes.chunk_by(|one, next| both(revoked(one), revoked(next)) == Some(true)) {
            match run {
                [RuleChange::Authorize(way, rule)] => {
                    results.push(group.authorize(*way, rule).await.map(drop));
                }
                revokes => {
                    let rules: Vec<_> = revokes.iter().filter_map(revoked).collect();
                    let way = rules.first().map_or(Way::Ingress, |(way, _)| *way);
                    let rules: Vec<_> = rules.into_iter().map(|(_, rule)| rule).collect();
                    let gone = Box::pin(group.revoke(way, &rules)).await;
                    results.extend(gone.into_iter().map(|result| result.map(drop)));
                }
            }
        }
        results
    }
}

/// The rule that a change takes out, and which way it goes.
fn revoked(change: &RuleChange) -> Option<(Way, &Rule)> {
    match change {
        RuleChange::Revoke(way, rule) => Some((*way, rule)),
        RuleChange::Authorize(..) => None,
    }
}

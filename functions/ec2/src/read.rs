//! What is read of a group.

use std::collections::{BTreeMap, BTreeSet};

use aws_sdk_ec2::{
    Client,
    error::ProvideErrorMetadata,
    types::{Filter, SecurityGroup, SecurityGroupRule},
};
use catalog::ec2::{Peer, Rule, Way};
use futures_util::future;
use lambda::Local;
use runtime::Error;

use crate::{
    pages::{PAGE, Pages},
    rules,
};

/// As many entries of a prefix list as EC2 puts on a page.
const PAGE_OF_ENTRIES: i32 = 100;

/// A security group, and how to call EC2 about it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Group<'a> {
    pub(crate) ec2: &'a Local<Client>,
    pub(crate) id: &'a str,
}

/// A group's rules.
#[derive(Debug, Default)]
pub(crate) struct Rules {
    pub(crate) ingress: BTreeSet<Rule>,
    pub(crate) egress: BTreeSet<Rule>,
}

impl Group<'_> {
    /// The group and its rules, asked for at the same time; `None` if there is no such group.
    pub(crate) async fn read(&self) -> Result<Option<(SecurityGroup, Rules)>, Error> {
        let (group, rules) = future::join(self.group(), self.rules()).await;
        let Some(group) = group? else { return Ok(None) };
        let account = group.owner_id().unwrap_or_default();
        let mut sorted = Rules::default();
        for rule in rules? {
            let (way, rule) =
                rules::rule(&rule, account).map_err(|why| self.ec2.odd(&self.reading(), &why))?;
            match way {
                Way::Ingress => sorted.ingress.insert(rule),
                Way::Egress => sorted.egress.insert(rule),
            };
        }
        Ok(Some((group, sorted)))
    }

    async fn group(&self) -> Result<Option<SecurityGroup>, Error> {
        let call = self.ec2.client.describe_security_groups().group_ids(self.id);
        match call.send().await {
            Ok(answer) => Ok(answer.security_groups.unwrap_or_default().into_iter().next()),
            Err(error) if error.code() == Some("InvalidGroup.NotFound") => Ok(None),
            Err(error) => {
                Err(self.ec2.failed(&self.reading(), "ec2:DescribeSecurityGroups", &error))
            }
        }
    }

    async fn rules(&self) -> Result<Vec<SecurityGroupRule>, Error> {
        let what = self.reading();
        let call = self.ec2.client.describe_security_group_rules().filters(self.filter());
        let (mut rules, mut pages) = (Vec::new(), Pages::default());
        while !pages.over {
            let call = call.clone().max_results(PAGE).set_next_token(pages.token.clone());
            let answer = call.send().await.map_err(|error| {
                self.ec2.failed(&what, "ec2:DescribeSecurityGroupRules", &error)
            })?;
            rules.extend(answer.security_group_rules.unwrap_or_default());
            pages.turn(answer.next_token).map_err(|why| self.ec2.odd(&what, why))?;
        }
        Ok(rules)
    }

    /// The addresses in every prefix list that `rules` name.
    pub(crate) async fn prefix_lists<N>(
        &self,
        rules: &BTreeSet<Rule>,
    ) -> Result<BTreeMap<String, Vec<N>>, Error>
    where
        N: std::str::FromStr,
    {
        let list = |rule: &Rule| match &rule.peer {
            Peer::PrefixList(id) => Some(id.clone()),
            Peer::V4(_) | Peer::V6(_) | Peer::Group { .. } => None,
        };
        let lists: BTreeSet<_> = rules.iter().filter_map(list).collect();
        let read = lists.into_iter().map(async |id| {
            let entries = Box::pin(self.entries(&id)).await?;
            Ok((id, entries))
        });
        future::try_join_all(read).await.map(|lists| lists.into_iter().collect())
    }

    /// The entries of a prefix list; none if it is gone.
    async fn entries<N: std::str::FromStr>(&self, id: &str) -> Result<Vec<N>, Error> {
        const GONE: [&str; 2] = ["InvalidPrefixListID.NotFound", "InvalidPrefixListId.NotFound"];
        let what = format!("read prefix list {id}");
        let call = self.ec2.client.get_managed_prefix_list_entries().prefix_list_id(id);
        let (mut entries, mut pages) = (Vec::new(), Pages::default());
        while !pages.over {
            let call =
                call.clone().max_results(PAGE_OF_ENTRIES).set_next_token(pages.token.clone());
            let answer = match call.send().await {
                Ok(answer) => answer,
                Err(error) if error.code().is_some_and(|code| GONE.contains(&code)) => {
                    return Ok(Vec::new());
                }
                Err(error) => {
                    return Err(self.ec2.failed(&what, "ec2:GetManagedPrefixListEntries", &error));
                }
            };
            for entry in answer.entries.unwrap_or_default() {
                let cidr = entry.cidr().and_then(|cidr| cidr.parse().ok());
                entries.push(cidr.ok_or_else(|| self.ec2.odd(&what, "an entry has no address"))?);
            }
            pages.turn(answer.next_token).map_err(|why| self.ec2.odd(&what, why))?;
        }
        Ok(entries)
    }

    /// The network interfaces that are in the group.
    pub(crate) async fn interfaces(&self) -> Result<Vec<String>, Error> {
        let what = format!("read the network interfaces in {}", self.id);
        let call = self.ec2.client.describe_network_interfaces().filters(self.filter());
        let (mut ids, mut pages) = (Vec::new(), Pages::default());
        while !pages.over {
            let call = call.clone().max_results(PAGE).set_next_token(pages.token.clone());
            let answer = call
                .send()
                .await
                .map_err(|error| self.ec2.failed(&what, "ec2:DescribeNetworkInterfaces", &error))?;
            for interface in answer.network_interfaces.unwrap_or_default() {
                let id = interface.network_interface_id;
                ids.push(id.ok_or_else(|| self.ec2.odd(&what, "one has no id"))?);
            }
            pages.turn(answer.next_token).map_err(|why| self.ec2.odd(&what, why))?;
        }
        Ok(ids)
    }

    fn reading(&self) -> String {
        format!("read security group {}", self.id)
    }

    fn filter(&self) -> Filter {
        Filter::builder().name("group-id").values(self.id).build()
    }
}

//! Facet: how a proxy before databases is reached.

use aws_sdk_rds::error::ProvideErrorMetadata;
use aws_sdk_rds::{Client, types};
use catalog::rds::{DbProxy, DbProxyId, DbProxySetting};
use lambda::Local;
use remedy::{Id, Place, Signal, Swap};
use runtime::{Cloud, Error};

use crate::{Rds, said::Answer};

impl Cloud<DbProxy> for Rds {
    async fn load(
        &self,
        place: &Place,
        id: &DbProxyId,
        _: &[&Signal],
    ) -> Result<Option<DbProxy>, Error> {
        let rds = self.clients.at(place).await?;
        let what = format!("read database proxy {id}");
        let answer = Answer { rds: &rds, what: &what };
        let arn = id.arn(place);
        let Some(found) = find(&rds, &what, &arn).await? else { return Ok(None) };
        let Some(tags) = answer.tags_of(&arn, Some("DBProxyNotFoundFault")).await? else {
            return Ok(None);
        };
        Ok(Some(DbProxy {
            name: answer.must(found.db_proxy_name, "what it is called")?,
            requires_tls: answer.must(found.require_tls, "whether it requires TLS")?,
            tags,
        }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &DbProxyId,
        changes: &[Swap<DbProxySetting>],
    ) -> Vec<Result<(), Error>> {
        let rds = match self.clients.at(place).await {
            Ok(rds) => rds,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for Swap { to, .. } in changes {
            let DbProxySetting::RequiresTls { name, on } = to;
            let call = rds.client.modify_db_proxy().db_proxy_name(name).require_tls(*on);
            let what = format!("set {to} of database proxy {id}");
            results.push(match call.send().await {
                Ok(_) => Ok(()),
                // It is busy: another change.
                Err(error) if error.code() == Some("InvalidDBProxyStateFault") => {
                    let why = rds.failed(&what, "rds:ModifyDBProxy", &error).to_string();
                    Err(Error::Transient(why))
                }
                Err(error) => Err(rds.failed(&what, "rds:ModifyDBProxy", &error)),
            });
        }
        results
    }
}

/// RDS finds proxies by their names, and ARNs have their ids.
async fn find(rds: &Local<Client>, what: &str, arn: &str) -> Result<Option<types::DbProxy>, Error> {
    let mut pages = rds.client.describe_db_proxies().into_paginator().send();
    while let Some(page) = pages.next().await {
        let page = page.map_err(|error| rds.failed(what, "rds:DescribeDBProxies", &error))?;
        let is_it = |proxy: &types::DbProxy| proxy.db_proxy_arn.as_deref() == Some(arn);
        if let Some(found) = page.db_proxies.unwrap_or_default().into_iter().find(is_it) {
            return Ok(Some(found));
        }
    }
    Ok(None)
}

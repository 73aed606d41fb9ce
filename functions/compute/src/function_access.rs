//! Facet: who may invoke a Lambda function.

use std::collections::BTreeSet;

use aws_sdk_lambda::{
    Client,
    error::ProvideErrorMetadata,
    types::{FunctionUrlAuthType, FunctionUrlConfig},
};
use catalog::compute::{FunctionAccess, FunctionName, Grant, GrantChange, Statement};
use futures_util::future;
use lambda::Local;
use remedy::{Id, Place, Signal, Tags};
use runtime::{Cloud, Error};

use crate::{Compute, Pages, busy};

/// How many policies are asked for at the same time.
const AT_ONCE: usize = 8;

pub(crate) const GONE: &str = "ResourceNotFoundException";

impl Cloud<FunctionAccess> for Compute {
    async fn load(
        &self,
        place: &Place,
        id: &FunctionName,
        _: &[&Signal],
    ) -> Result<Option<FunctionAccess>, Error> {
        let lambda = self.lambda.at(place).await?;
        let what = format!("read who may invoke Lambda function {id}");
        let asked = Asked { lambda: &lambda, name: &id.0, what: &what };
        let (aliases, versions, urls, tags) = future::join4(
            Box::pin(asked.aliases()),
            Box::pin(asked.versions()),
            Box::pin(asked.urls()),
            Box::pin(asked.tags(place, id)),
        )
        .await;
        let (Some(aliases), Some(versions)) = (aliases?, versions?) else { return Ok(None) };
        let (Some(urls), Some(tags)) = (urls?, tags?) else { return Ok(None) };
        let mut qualifiers = vec![String::new()];
        qualifiers.extend(aliases);
        qualifiers.extend(versions.into_iter().filter(|version| version != "$LATEST"));
        let mut grants = BTreeSet::new();
        for some in qualifiers.chunks(AT_ONCE) {
            let policies = some.iter().map(|qualifier| asked.grants(qualifier));
            grants.extend(future::try_join_all(policies).await?.into_iter().flatten());
        }
        Ok(Some(FunctionAccess { name: id.0.clone(), grants, open_urls: open(&urls), tags }))
    }

    async fn apply(
        &self,
        place: &Place,
        id: &FunctionName,
        changes: &[GrantChange],
    ) -> Vec<Result<(), Error>> {
        let lambda = match self.lambda.at(place).await {
            Ok(lambda) => lambda,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(match change {
                GrantChange::Remove(grant) => remove(&lambda, id, grant, change).await,
                GrantChange::Add(grant) => add(&lambda, id, grant, change).await,
            });
        }
        results
    }
}

/// What is asked about a function.
#[derive(Clone, Copy)]
struct Asked<'a> {
    lambda: &'a Local<Client>,
    name: &'a str,
    what: &'a str,
}

impl Asked<'_> {
    async fn aliases(&self) -> Result<Option<Vec<String>>, Error> {
        let call = self.lambda.client.list_aliases().function_name(self.name);
        let (mut names, mut pages) = (Vec::new(), Pages::default());
        while !pages.over {
            let answer = match call.clone().set_marker(pages.token.clone()).send().await {
                Ok(answer) => answer,
                Err(error) if error.code() == Some(GONE) => return Ok(None),
                Err(error) => {
                    return Err(self.lambda.failed(self.what, "lambda:ListAliases", &error));
                }
            };
            let aliases = answer.aliases.unwrap_or_default();
            names.extend(aliases.into_iter().filter_map(|alias| alias.name));
            pages.turn(answer.next_marker).map_err(|why| self.lambda.odd(self.what, why))?;
        }
        Ok(Some(names))
    }

    async fn versions(&self) -> Result<Option<Vec<String>>, Error> {
        let needs = "lambda:ListVersionsByFunction";
        let call = self.lambda.client.list_versions_by_function().function_name(self.name);
        let (mut numbers, mut pages) = (Vec::new(), Pages::default());
        while !pages.over {
            let answer = match call.clone().set_marker(pages.token.clone()).send().await {
                Ok(answer) => answer,
                Err(error) if error.code() == Some(GONE) => return Ok(None),
                Err(error) => return Err(self.lambda.failed(self.what, needs, &error)),
            };
            let versions = answer.versions.unwrap_or_default();
            numbers.extend(versions.into_iter().filter_map(|version| version.version));
            pages.turn(answer.next_marker).map_err(|why| self.lambda.odd(self.what, why))?;
        }
        Ok(Some(numbers))
    }

    async fn urls(&self) -> Result<Option<Vec<FunctionUrlConfig>>, Error> {
        let needs = "lambda:ListFunctionUrlConfigs";
        let call = self.lambda.client.list_function_url_configs().function_name(self.name);
        let (mut urls, mut pages) = (Vec::new(), Pages::default());
        while !pages.over {
            let answer = match call.clone().set_marker(pages.token.clone()).send().await {
                Ok(answer) => answer,
                Err(error) if error.code() == Some(GONE) => return Ok(None),
                Err(error) => return Err(self.lambda.failed(self.what, needs, &error)),
            };
            urls.extend(answer.function_url_configs);
            pages.turn(answer.next_marker).map_err(|why| self.lambda.odd(self.what, why))?;
        }
        Ok(Some(urls))
    }

    async fn tags(&self, place: &Place, id: &FunctionName) -> Result<Option<Tags>, Error> {
        tags(self.lambda, place, id, self.what).await
    }

    /// The statements of one policy. A version or an alias without one grants nothing.
    async fn grants(&self, qualifier: &str) -> Result<Vec<Grant>, Error> {
        let wanted = Some(qualifier).filter(|name| !name.is_empty()).map(str::to_owned);
        let call = self.lambda.client.get_policy().function_name(self.name);
        let policy = match call.set_qualifier(wanted).send().await {
            Ok(answer) => answer.policy,
            Err(error) if error.code() == Some(GONE) => return Ok(Vec::new()),
            Err(error) => return Err(self.lambda.failed(self.what, "lambda:GetPolicy", &error)),
        };
        let statements = policy.as_deref().and_then(Statement::all);
        let statements =
            statements.ok_or_else(|| self.lambda.odd(self.what, "its policy cannot be read"))?;
        let grant = |statement| Grant { qualifier: qualifier.to_owned(), statement };
        Ok(statements.into_iter().map(grant).collect())
    }
}

/// The function's tags; `None` if it is gone.
pub(crate) async fn tags(
    lambda: &Local<Client>,
    place: &Place,
    id: &FunctionName,
    what: &str,
) -> Result<Option<Tags>, Error> {
    match lambda.client.list_tags().resource(id.arn(place)).send().await {
        Ok(answer) => Ok(Some(answer.tags.unwrap_or_default().into_iter().collect())),
        Err(error) if error.code() == Some(GONE) => Ok(None),
        Err(error) => Err(lambda.failed(what, "lambda:ListTags", &error)),
    }
}

/// The aliases whose URL everybody can call; empty for the function itself.
fn open(urls: &[FunctionUrlConfig]) -> BTreeSet<String> {
    let open = urls.iter().filter(|url| url.auth_type != FunctionUrlAuthType::AwsIam);
    open.map(|url| url.function_arn.split(':').nth(7).unwrap_or_default().to_owned()).collect()
}

async fn remove(
    lambda: &Local<Client>,
    id: &FunctionName,
    grant: &Grant,
    change: &GrantChange,
) -> Result<(), Error> {
    let call = lambda.client.remove_permission().function_name(&id.0);
    let call = call.statement_id(&grant.statement.sid).set_qualifier(qualifier(grant));
    match call.send().await {
        Ok(_) => Ok(()),
        Err(error) if error.code() == Some(GONE) => Ok(()),
        Err(error) => {
            let what = format!("{change} of Lambda function {id}");
            let failed = lambda.failed(&what, "lambda:RemovePermission", &error);
            Err(if is_busy(error.code()) { busy(failed) } else { failed })
        }
    }
}

async fn add(
    lambda: &Local<Client>,
    id: &FunctionName,
    grant: &Grant,
    change: &GrantChange,
) -> Result<(), Error> {
    let what = format!("{change} of Lambda function {id}");
    let permission = grant.permission();
    let permission = permission
        .ok_or_else(|| lambda.odd(&what, "AWS cannot make such a statement by one permission"))?;
    let call = lambda.client.add_permission().function_name(&id.0).principal("*");
    let call = call.statement_id(&grant.statement.sid).action(permission.action);
    let url_kind = permission.url_kind.map(FunctionUrlAuthType::from);
    let by_url = permission.by_url.then_some(true);
    let call = call.set_function_url_auth_type(url_kind).set_invoked_via_function_url(by_url);
    match call.set_qualifier(qualifier(grant)).send().await {
        Ok(_) => Ok(()),
        // It is there already; reading it again tells whether it is the same.
        Err(error) if error.code() == Some("ResourceConflictException") => Ok(()),
        Err(error) => Err(lambda.failed(&what, "lambda:AddPermission", &error)),
    }
}

fn qualifier(grant: &Grant) -> Option<String> {
    Some(grant.qualifier.clone()).filter(|name| !name.is_empty())
}

pub(crate) fn is_busy(code: Option<&str>) -> bool {
    code == Some("ResourceConflictException")
}

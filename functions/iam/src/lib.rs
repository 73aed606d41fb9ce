//! Repairs of IAM: users, keys, the password policy, roles: only the calls. What is right and what is wrong is decided in the
//! catalog.

mod accounts;
mod password_policy;
mod policies;
mod user_containment;
mod user_credentials;
mod users;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use aws_sdk_iam::{Client, primitives::DateTime, types::Tag};
use lambda::{Accounts, Clients, Local};
use remedy::{Place, Tags, Timestamp};
use runtime::Error;

/// IAM: users, keys, the password policy, roles: wherever the resources are.
#[derive(Debug)]
pub struct Iam {
    iam: Clients<Client>,
}

impl Iam {
    /// In these accounts.
    pub fn new(accounts: &Arc<Accounts>) -> Self {
        Self { iam: Clients::new(accounts, "IAM", Client::new) }
    }

    /// Makes changes one after the other.
    async fn each<I, C: Make<I>>(
        &self,
        place: &Place,
        id: &I,
        changes: &[C],
    ) -> Vec<Result<(), Error>> {
        let iam = match self.iam.at(place).await {
            Ok(iam) => iam,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(change.make(&iam, place, id).await);
        }
        results
    }
}

/// A change that is made by a call of its own.
trait Make<I>: Sync {
    /// Makes it.
    fn make(
        &self,
        iam: &Local<Client>,
        place: &Place,
        id: &I,
    ) -> impl Future<Output = Result<(), Error>> + Send;
}

/// What IAM answers where there is no such thing.
const GONE: &str = "NoSuchEntity";

fn tags(tags: Option<Vec<Tag>>) -> Tags {
    tags.unwrap_or_default().into_iter().map(|tag| (tag.key, tag.value)).collect()
}

fn time(time: DateTime) -> Option<Timestamp> {
    Timestamp::from_timestamp(time.secs(), time.subsec_nanos())
}

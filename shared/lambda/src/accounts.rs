//! Who acts where: at home as the function's own role, in other accounts as the member role.

use std::{
    collections::HashMap,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, SystemTime},
};

use aws_config::SdkConfig;
use aws_credential_types::Credentials;
use aws_sdk_sts::types::Credentials as Keys;
use aws_smithy_runtime_api::client::{orchestrator::HttpResponse, result::SdkError};
use aws_smithy_types::error::metadata::ProvideErrorMetadata;
use futures_util::lock::Mutex as AsyncMutex;
use remedy::Place;
use runtime::Error;

use crate::{Aws, Tried, explain};

/// What `CloudTrail` in a member account shows of us.
const SESSION: &str = "kintsugi";
/// Credentials that end sooner are asked for anew.
const MARGIN: Duration = Duration::from_mins(5);

/// The accounts that a function can act in.
#[derive(Debug)]
pub struct Accounts {
    home: Place,
    role: String,
    member_role: String,
    aws: Aws,
    sessions: Mutex<HashMap<String, Arc<AsyncMutex<Option<Session>>>>>,
}

/// Credentials in another account.
#[derive(Debug, Clone)]
struct Session {
    credentials: Credentials,
    until: SystemTime,
}

impl Accounts {
    /// `role` acts at `home`, `member_role` in other accounts; if that is empty, nobody does.
    pub fn new(home: Place, role: &str, member_role: &str, aws: Aws) -> Self {
        let (role, member_role) = (role.to_owned(), member_role.to_owned());
        Self { home, role, member_role, aws, sessions: Mutex::default() }
    }

    /// Where the function itself runs.
    pub fn home(&self) -> &Place {
        &self.home
    }

    /// The role that acts there.
    fn role(&self, place: &Place) -> &str {
        if place.account == self.home.account { &self.role } else { &self.member_role }
    }

    /// The configuration to act in `place`, and the end of its credentials if they have one.
    async fn act(&self, place: &Place) -> Result<(Aws, Option<SystemTime>), Error> {
        if !place.is_plausible() || place.partition != self.home.partition {
            return Err(Error::Refused(format!(
                "could not act in {place} ({}): that is no place this stack in {} ({}) can reach",
                place.partition, self.home, self.home.partition
            )));
        }
        let there = self.aws.in_region(&place.region);
        if place.account == self.home.account {
            return Ok((there, None));
        }
        let Session { credentials, until } = self.session(place).await?;
        Ok((there.with(credentials), Some(until)))
    }

    /// Credentials of the member role: those that were given last, while they are good.
    async fn session(&self, place: &Place) -> Result<Session, Error> {
        if self.member_role.is_empty() {
            return Err(Error::Refused(format!(
                "could not act in account {}: the stack in {} repairs its own account only; deploy \
                 member.yaml there and set MemberRoleName",
                place.account, self.home
            )));
        }
        let kept = locked(&self.sessions).entry(place.account.clone()).or_default().clone();
        // Whoever comes second waits for what the first one is given.
        let mut kept = kept.lock().await;
        if let Some(session) = kept.as_ref().filter(|session| is_good(session.until)) {
            return Ok(session.clone());
        }
        Ok(kept.insert(self.assume(place).await?).clone())
    }

    async fn assume(&self, place: &Place) -> Result<Session, Error> {
        let Place { partition, account, .. } = place;
        let arn = format!("arn:{partition}:iam::{account}:role/{}", self.member_role);
        let sts = aws_sdk_sts::Client::new(&self.aws.service("STS"));
        let call = sts.assume_role().role_arn(&arn).role_session_name(SESSION);
        let answer = call.send().await.map_err(|error| {
            let tried = Tried {
                what: &format!("act in account {account} as {arn}"),
                place: &self.home,
                role: &self.role,
                needs: "sts:AssumeRole on it, and it must trust this role (member.yaml makes it so)",
            };
            explain(tried, &error)
        })?;
        answer.credentials.and_then(session).ok_or_else(|| {
            Error::Transient(format!("could not act in account {account} as {arn}: no credentials"))
        })
    }
}

fn session(keys: Keys) -> Option<Session> {
    let until = SystemTime::try_from(keys.expiration).ok()?;
    let Keys { access_key_id, secret_access_key, session_token, .. } = keys;
    let credentials = Credentials::new(
        access_key_id,
        secret_access_key,
        Some(session_token),
        Some(until),
        "member role",
    );
    Some(Session { credentials, until })
}

#[expect(clippy::disallowed_methods, reason = "credentials end by the clock of the machine")]
fn is_good(until: SystemTime) -> bool {
    SystemTime::now() + MARGIN < until
}

/// Nothing can panic while it is held; if something did, the map is whole all the same.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Clients of one service, one a place, each made when it is first needed.
pub struct Clients<T> {
    accounts: Arc<Accounts>,
    service: &'static str,
    make: fn(&SdkConfig) -> T,
    kept: Mutex<HashMap<Place, (T, Option<SystemTime>)>>,
}

impl<T: Clone> Clients<T> {
    /// `service` as in `AWS_ENDPOINT_URL_<SERVICE>`. The client for home is made at once.
    pub fn new(accounts: &Arc<Accounts>, service: &'static str, make: fn(&SdkConfig) -> T) -> Self {
        let home = make(&accounts.aws.service(service));
        let kept = Mutex::new(HashMap::from([(accounts.home.clone(), (home, None))]));
        Self { accounts: Arc::clone(accounts), service, make, kept }
    }

    /// The same; the client for home is made when it is first needed, too. For who serves many services.
    pub fn later(
        accounts: &Arc<Accounts>,
        service: &'static str,
        make: fn(&SdkConfig) -> T,
    ) -> Self {
        Self { accounts: Arc::clone(accounts), service, make, kept: Mutex::default() }
    }

    /// The client that acts in `place`.
    pub async fn at(&self, place: &Place) -> Result<Local<T>, Error> {
        let good = |until: &Option<SystemTime>| until.is_none_or(is_good);
        let kept = locked(&self.kept).get(place).filter(|(_, until)| good(until)).cloned();
        let client = if let Some((client, _)) = kept {
            client
        } else {
            let (aws, until) = self.accounts.act(place).await?;
            let client = (self.make)(&aws.service(self.service));
            locked(&self.kept).insert(place.clone(), (client.clone(), until));
            client
        };
        let role = self.accounts.role(place).to_owned();
        Ok(Local { client, place: place.clone(), role })
    }
}

impl<T> fmt::Debug for Clients<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Clients").field("service", &self.service).finish_non_exhaustive()
    }
}

/// A client, where it acts, and as whom.
#[derive(Debug, Clone)]
pub struct Local<T> {
    /// The client.
    pub client: T,
    place: Place,
    role: String,
}

impl<T> Local<T> {
    /// `client` acts in `place` as `role`.
    pub fn new(client: T, place: Place, role: &str) -> Self {
        Self { client, place, role: role.to_owned() }
    }

    /// The error of a call that was to do `what` and needs the permission `needs`.
    pub fn failed<E>(&self, what: &str, needs: &str, error: &SdkError<E, HttpResponse>) -> Error
    where
        E: ProvideErrorMetadata + std::error::Error + 'static,
    {
        explain(Tried { what, place: &self.place, role: &self.role, needs }, error)
    }

    /// The error of an answer that cannot be understood.
    pub fn odd(&self, what: &str, why: &str) -> Error {
        Error::Refused(format!("could not {what} in {}: {why}", self.place))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use script::{Script, answer};

    const KEYS: &str = "<AssumeRoleResponse><AssumeRoleResult><Credentials>\
        <AccessKeyId>ASIAEXAMPLE</AccessKeyId><SecretAccessKey>s</SecretAccessKey>\
        <SessionToken>t</SessionToken><Expiration>2126-11-20T10:00:00Z</Expiration>\
        </Credentials></AssumeRoleResult></AssumeRoleResponse>";

    fn denied() -> script::Answer {
        let body = "<ErrorResponse><Error><Type>Sender</Type><Code>AccessDenied</Code>\
            <Message>not authorized</Message></Error></ErrorResponse>";
        answer(403, body)
    }

    fn accounts(member_role: &str, script: &Script) -> Clients<aws_sdk_sts::Client> {
        let home = Place::new("111122223333", "eu-west-1");
        let aws = Aws::new(script.config());
        let accounts = Arc::new(Accounts::new(home, "kintsugi-ec2", member_role, aws));
        // Any service would do.
        Clients::new(&accounts, "EC2", aws_sdk_sts::Client::new)
    }

    fn region(local: &Local<aws_sdk_sts::Client>) -> String {
        local.client.config().region().map(ToString::to_string).unwrap_or_default()
    }

    #[tokio::test]
    async fn at_home_nobody_is_asked_in_whichever_region() {
        let script = Script::of([]);
        let clients = accounts("", &script);
        let there = clients.at(&Place::new("111122223333", "eu-west-1")).await.unwrap();
        assert_eq!((region(&there).as_str(), there.role.as_str()), ("eu-west-1", "kintsugi-ec2"));
        let there = clients.at(&Place::new("111122223333", "us-east-1")).await.unwrap();
        assert_eq!(region(&there), "us-east-1");
        assert!(script.bodies().is_empty());
    }

    #[tokio::test]
    async fn in_another_account_the_member_role_is_assumed_once_for_all_its_regions() {
        let script = Script::of([answer(200, KEYS)]);
        let clients = accounts("KintsugiMember", &script);
        for at in ["eu-west-1", "us-east-1", "eu-west-1"] {
            let there = clients.at(&Place::new("444455556666", at)).await.unwrap();
            assert_eq!((region(&there).as_str(), there.role.as_str()), (at, "KintsugiMember"));
        }
        assert_eq!(
            script.bodies(),
            ["Action=AssumeRole&Version=2011-06-15\
                &RoleArn=arn%3Aaws%3Aiam%3A%3A444455556666%3Arole%2FKintsugiMember\
                &RoleSessionName=kintsugi"]
        );
    }

    #[tokio::test]
    async fn an_account_that_cannot_be_reached_is_named() {
        let script = Script::of([denied()]);
        let clients = accounts("KintsugiMember", &script);
        let error = clients.at(&Place::new("444455556666", "eu-west-1")).await.unwrap_err();
        assert_eq!(
            error,
            Error::Refused(
                "could not act in account 444455556666 as \
                 arn:aws:iam::444455556666:role/KintsugiMember in 111122223333/eu-west-1: \
                 AccessDenied (not authorized). The role kintsugi-ec2 needs sts:AssumeRole on it, and \
                 it must trust this role (member.yaml makes it so)"
                    .into()
            )
        );

        let clients = accounts("", &Script::of([]));
        let error = clients.at(&Place::new("444455556666", "eu-west-1")).await.unwrap_err();
        assert!(error.to_string().contains("account 444455556666"), "{error}");
        assert!(error.to_string().contains("set MemberRoleName"), "{error}");
    }

    #[tokio::test]
    async fn what_is_no_place_of_ours_is_refused_without_a_call() {
        let clients = accounts("KintsugiMember", &Script::of([]));
        for (account, region) in
            [("", "eu-west-1"), ("444455556666", "a/b"), ("444455556666", "cn-north-1")]
        {
            let error = clients.at(&Place::new(account, region)).await.unwrap_err();
            assert!(matches!(error, Error::Refused(_)), "{error}");
        }
    }

    #[test]
    fn credentials_are_renewed_before_they_end() {
        let in_seconds = |s| std::time::UNIX_EPOCH + Duration::from_secs(s);
        assert!(!is_good(in_seconds(1_000)));
        assert!(is_good(in_seconds(5_000_000_000)));
    }
}

//! Orders that change no resource: pauses, exemptions, policies.

use remedy::{Arn, Place, Timestamp};
use runtime::{About, Exempt, Pause};

use crate::{
    Respond,
    given::{Answered, Done, Given, Hears, minute, refused},
    policies::validated,
};

impl Respond {
    /// Stops repairs: of one remediation, or all.
    pub(crate) async fn pause(
        &self,
        given: Given<'_>,
        remediation: Option<String>,
        until: Option<Timestamp>,
    ) -> Answered {
        let what = repairs(remediation.as_deref())?;
        if until.is_some_and(|until| until <= given.now) {
            return Err("the pause would be over already".into());
        }
        let named = remediation.clone().unwrap_or_default();
        let (by, why) = (given.by.into(), given.why.into());
        let pause = Pause { remediation, by, at: given.now, why, until };
        self.desk.table().pause(&pause).await.map_err(refused)?;
        let end = until.map_or_else(String::new, |until| format!(" until {}", minute(until)));
        let order = format!("pause {what}{end}");
        let report = self.wrote(given, &order, About::default(), &named, Hears::Everybody).await;
        let said = format!("{what} are paused{end}, from half a minute on at the latest");
        Ok(Done::ordered(said, report))
    }

    /// Lets repairs go on that were paused, or that reached their cap; and what waited for that.
    pub(crate) async fn resume(
        &self,
        given: Given<'_>,
        remediation: Option<&str>,
        account: Option<&str>,
    ) -> Answered {
        let mut what = repairs(remediation)?;
        if let Some(account) = account {
            what = format!("{what} in account {account}");
        }
        let table = self.desk.table();
        let is_meant = |of: &str, there: &str| {
            remediation.is_none_or(|remediation| remediation == of)
                && account.is_none_or(|account| account == there)
        };
        let mut resumed = Vec::new();
        // A pause holds in all accounts: one account alone only has its caps.
        let pauses =
            if account.is_none() { table.pauses().await.map_err(refused)? } else { vec![] };
        for Pause { remediation: paused, .. } in &pauses {
            let is_meant = remediation.is_none() || remediation == paused.as_deref();
            if is_meant && table.resume(paused.as_deref()).await.map_err(refused)? {
                resumed
                    .push(format!("the pause of {}", paused.as_deref().unwrap_or("all repairs")));
            }
        }
        for cap in table.caps().await.map_err(refused)? {
            let is_blown = cap.blown_at.is_some() && is_meant(&cap.remediation, &cap.account);
            if is_blown
                && table
                    .resume_cap(&cap.remediation, &cap.account, given.now)
                    .await
                    .map_err(refused)?
            {
                resumed.push(format!("the cap of {} in account {}", cap.remediation, cap.account));
            }
        }
        let released = self
            .release
            .release(
                &self.desk,
                |parked| is_meant(&parked.remediation, &parked.account),
                given.until,
            )
            .await;
        if resumed.is_empty() && released.sent.is_empty() && released.trouble.is_empty() {
            return Err(format!("nothing stops {what}, and nothing waits that could go on"));
        }
        let is_paused = |pause: &&Pause| remediation.is_some() && pause.remediation.is_none();
        let still = pauses.iter().find(is_paused).map_or_else(String::new, |pause| {
            format!("; all repairs are paused still, by {}", pause.by)
        });
        let over = match resumed.is_empty() {
            true => "nothing stopped them".to_owned(),
            false => format!("lifted: {}", resumed.join(", ")),
        };
        let said = format!(
            "{what} go on ({over}); {} that waited are on their way{still}",
            released.sent.len()
        );
        let left = match released.left {
            0 => String::new(),
            left => format!("; {left} follow within minutes"),
        };
        let about = About::default();
        let named = remediation.unwrap_or_default();
        let mut report =
            self.wrote(given, &format!("resume {what}"), about, named, Hears::Everybody).await;
        report.trouble.extend(released.trouble);
        Ok(Done::ordered(format!("{said}{left}"), report))
    }

    /// Leaves a resource alone.
    pub(crate) async fn exempt(
        &self,
        given: Given<'_>,
        resource: &str,
        until: Option<Timestamp>,
    ) -> Answered {
        let (resource, place) = self.known(resource)?;
        if until.is_some_and(|until| until <= given.now) {
            return Err("the exemption would be over already; to end one, say so (--end)".into());
        }
        let (by, why) = (given.by.into(), given.why.into());
        let exempt = until.map(|until| Exempt { until, by, why });
        self.desk.table().exempt(&resource, exempt.as_ref()).await.map_err(refused)?;
        let (said, what) = match until.map(minute) {
            Some(until) => (
                format!("{resource} is left alone until {until}"),
                format!("leave {resource} alone until {until}"),
            ),
            None => (
                format!(
                    "{resource} is not left alone any longer, as far as nobody wrote that on it"
                ),
                format!("leave {resource} alone no longer"),
            ),
        };
        let about = About { resource, place: Some(place), ..About::default() };
        Ok(Done::ordered(said, self.wrote(given, &what, about, "", Hears::Everybody).await))
    }

    /// The full name of a resource, by which records and exemptions know it, and where it is.
    fn known(&self, resource: &str) -> Result<(String, Place), String> {
        let no = |why: &str| format!("`{}` {why}", runtime::notice::clean(resource, 300));
        let Some(arn) = Arn::parse(resource) else {
            return Err(no("is no ARN: give the whole name of the resource, arn:..."));
        };
        let or = |text: &str, home: &str| {
            if text.is_empty() { home.to_owned() } else { text.to_owned() }
        };
        let place = Place {
            partition: arn.partition.into(),
            account: or(arn.account, &self.home.account),
            region: or(arn.region, &self.home.region),
        };
        if !place.is_plausible() {
            return Err(no("names no account and Region"));
        }
        let names = self.services.iter().find_map(|service| service.names(resource, &place));
        let name = names.ok_or_else(|| no("is nothing that any remediation looks at"))?;
        Ok((name, place))
    }

    /// Puts another set of policies in force.
    pub(crate) async fn policy(&self, given: Given<'_>, text: &str, replaces: u32) -> Answered {
        validated(text)?;
        let Given { by, why, now, .. } = given;
        let pushed = self.desk.table().push_policy(text, replaces, by, now, why).await;
        let version = pushed.map_err(refused)?.version;
        let said = format!(
            "version {version} of the policies is in force, within half a minute everywhere"
        );
        let what = format!("put version {version} of the policies in force");
        let report = self.wrote(given, &what, About::default(), "", Hears::Everybody);
        Ok(Done::ordered(said, report.await))
    }
}

/// What is stopped or goes on, for people.
fn repairs(remediation: Option<&str>) -> Result<String, String> {
    let Some(id) = remediation else { return Ok("all repairs".into()) };
    if catalog::function_of(id).is_some() {
        return Ok(format!("repairs by {id}"));
    }
    let instead = catalog::instead_of(id);
    Err(format!("there is no remediation `{}`; {instead}", runtime::notice::clean(id, 100)))
}

//! Facet: what records the calls that are made in an account.

use aws_sdk_cloudtrail::{Client, types::Trail as Found};
use catalog::audit::{AccountTrail, Reach, Trails, TrailsChange, TrailsId};
use futures_util::future;
use lambda::Local;
use remedy::{Arn, Place, Signal};
use runtime::{Cloud, Error};

use crate::{Audit, selectors, trail};

impl Cloud<Trails> for Audit {
    async fn load(
        &self,
        place: &Place,
        _: &TrailsId,
        _: &[&Signal],
    ) -> Result<Option<Trails>, Error> {
        let cloudtrail = self.cloudtrail.at(place).await?;
        let trails = Box::pin(trails(&cloudtrail, place)).await?;
        Ok(Some(Trails { trails }))
    }

    async fn apply(
        &self,
        place: &Place,
        _: &TrailsId,
        changes: &[TrailsChange],
    ) -> Vec<Result<(), Error>> {
        let cloudtrail = match self.cloudtrail.at(place).await {
            Ok(cloudtrail) => cloudtrail,
            Err(error) => return vec![Err(error); changes.len()],
        };
        let mut results = Vec::with_capacity(changes.len());
        for change in changes {
            results.push(Box::pin(make(&cloudtrail, change)).await);
        }
        results
    }
}

async fn make(cloudtrail: &Local<Client>, change: &TrailsChange) -> Result<(), Error> {
    let what = change.to_string();
    let client = &cloudtrail.client;
    match change {
        TrailsChange::Reach { trail, to, .. } => {
            let call = client.update_trail().name(trail).is_multi_region_trail(to.every_region);
            let answer = call.include_global_service_events(to.global).send().await;
            answer
                .map(drop)
                .map_err(|error| cloudtrail.failed(&what, "cloudtrail:UpdateTrail", &error))
        }
        TrailsChange::Start { trail } => {
            let answer = client.start_logging().name(trail).send().await;
            answer
                .map(drop)
                .map_err(|error| cloudtrail.failed(&what, "cloudtrail:StartLogging", &error))
        }
        TrailsChange::Stop { trail } => {
            let answer = client.stop_logging().name(trail).send().await;
            answer
                .map(drop)
                .map_err(|error| cloudtrail.failed(&what, "cloudtrail:StopLogging", &error))
        }
    }
}

/// The trails of the account of `place`, as they are seen from its Region.
pub(crate) async fn trails(
    cloudtrail: &Local<Client>,
    place: &Place,
) -> Result<Vec<AccountTrail>, Error> {
    let answer = cloudtrail.client.describe_trails().include_shadow_trails(true).send().await;
    let answer = answer.map_err(|error| {
        cloudtrail.failed("read the trails", "cloudtrail:DescribeTrails", &error)
    })?;
    let found = answer.trail_list.unwrap_or_default().into_iter();
    future::try_join_all(found.map(|found| Box::pin(read(cloudtrail, place, found)))).await
}

async fn read(
    cloudtrail: &Local<Client>,
    place: &Place,
    found: Found,
) -> Result<AccountTrail, Error> {
    let what = format!("read trail {}", found.name().unwrap_or_default());
    let odd = |why| cloudtrail.odd(&what, why);
    let arn = found.trail_arn.ok_or_else(|| odd("it does not say its ARN"))?;
    let home = found.home_region.ok_or_else(|| odd("it does not say where it was made"))?;
    let every_region = found.is_multi_region_trail;
    let every_region =
        every_region.ok_or_else(|| odd("it does not say which Regions it records"))?;
    let is_of = Arn::parse(&arn).is_some_and(|arn| arn.account == place.account);
    let (logging, complete) = future::try_join(
        is_logging(cloudtrail, &what, &arn),
        is_complete(cloudtrail, &what, &arn, found.has_custom_event_selectors),
    )
    .await?;
    let tags = match is_of && home == place.region {
        true => trail::tags(cloudtrail, &arn).await?,
        false => [].into(),
    };
    Ok(AccountTrail {
        arn,
        home,
        organization: found.is_organization_trail.unwrap_or_default(),
        reach: Reach {
            every_region,
            global: found.include_global_service_events.unwrap_or_default(),
        },
        logging,
        complete,
        group: found.cloud_watch_logs_log_group_arn.filter(|group| !group.is_empty()),
        tags,
    })
}

async fn is_logging(cloudtrail: &Local<Client>, what: &str, arn: &str) -> Result<bool, Error> {
    let answer = cloudtrail.client.get_trail_status().name(arn).send().await;
    let answer =
        answer.map_err(|error| cloudtrail.failed(what, "cloudtrail:GetTrailStatus", &error))?;
    answer.is_logging.ok_or_else(|| cloudtrail.odd(what, "it does not say whether it records"))
}

async fn is_complete(
    cloudtrail: &Local<Client>,
    what: &str,
    arn: &str,
    has_selectors: Option<bool>,
) -> Result<bool, Error> {
    if has_selectors == Some(false) {
        return Ok(true);
    }
    let answer = cloudtrail.client.get_event_selectors().trail_name(arn).send().await;
    let answer =
        answer.map_err(|error| cloudtrail.failed(what, "cloudtrail:GetEventSelectors", &error))?;
    Ok(selectors::let_all_through(answer.event_selectors(), answer.advanced_event_selectors()))
}

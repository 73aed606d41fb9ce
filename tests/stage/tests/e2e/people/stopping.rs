//! Stopped for a time: by a person, by the fuse, by a window.

use std::time::{Duration, Instant};

use chrono::{TimeDelta, Timelike};
use runtime::order::What;
use stage::{ADA, Queue, Stage};

use super::{OPEN, done, handled, later, newest, open_group, policy, push};
use crate::case::{ingress, run, stage};

/// How long a pause may take to be known everywhere.
const KNOWN: Duration = Duration::from_secs(30);

async fn still_open(stage: &Stage, groups: &[String]) -> usize {
    let mut open = 0;
    for group in groups {
        open += usize::from(ingress(&stage.estate, group).await.len() == OPEN.len());
    }
    open
}

#[test]
fn a_pause_stops_a_burst_in_its_middle_and_resume_does_the_rest() {
    run(|| async {
        let stage = stage(&[("UpdateFindings", "false")]).await;
        let mut all = Vec::new();
        for nth in 0..12 {
            all.push(open_group(&stage, &format!("burst-{nth}")).await);
        }
        let groups: Vec<_> = all.iter().map(|(group, _)| group.clone()).collect();
        for (_, finding) in &all[..4] {
            handled(&stage, finding).await;
        }
        done(&stage, What::Pause { remediation: None, until: None }).await;
        let since = Instant::now();
        let mut stopped = None;
        for (group, finding) in &all[4..] {
            handled(&stage, finding).await;
            if ingress(&stage.estate, group).await.len() == OPEN.len() {
                stopped.get_or_insert(since.elapsed());
            } else {
                assert!(since.elapsed() < KNOWN && stopped.is_none(), "done although paused");
                tokio::time::sleep(Duration::from_secs(5)).await;
            }
        }
        let open = still_open(&stage, &groups).await;
        assert!(open > 0, "nothing was stopped");
        let held = newest(&stage, &groups[11]).await;
        assert!(held.why.starts_with(&format!("{ADA} paused it at ")), "{}", held.why);
        assert_eq!(stage.waiting(Queue::DeadLetters).await.unwrap(), 0, "they wait elsewhere");

        done(&stage, What::Resume { remediation: None, account: None }).await;
        stage.settled().await.unwrap();
        assert_eq!(still_open(&stage, &groups).await, 0, "who resumes need not wait");
        let records = stage.records().await.unwrap();
        let ordered: Vec<_> = records.iter().filter(|record| record.outcome == "ordered").collect();
        assert_eq!(ordered.len(), 2, "who paused and who resumed is on record: {ordered:?}");
        assert!(ordered.iter().all(|record| record.page.by.as_deref() == Some(ADA)));
    });
}

#[test]
fn at_its_cap_a_fuse_blows_with_one_alarm_and_resume_lets_the_rest_go() {
    run(|| async {
        let stage = stage(&[("MaxRepairsPerHour", "3"), ("UpdateFindings", "false")]).await;
        let mut groups = Vec::new();
        for nth in 0..6 {
            let (group, finding) = open_group(&stage, &format!("capped-{nth}")).await;
            stage.send(&finding).await.unwrap();
            groups.push(group);
        }
        stage.settled().await.unwrap();
        assert_eq!(still_open(&stage, &groups).await, 3);
        assert_eq!(stage.waiting(Queue::DeadLetters).await.unwrap(), 0, "what is held waits");
        let messages = stage.messages().await.unwrap();
        let outcomes = |outcome: &str| {
            messages.iter().filter(|message| message.attributes["outcome"] == outcome).count()
        };
        assert_eq!((outcomes("fixed"), outcomes("held")), (3, 1), "one alarm");
        let said =
            format!("kintsugi resume ec2/close_world_ingress --account {}", stage.place.account);
        assert!(messages.iter().any(|message| message.text.contains(&said)));

        stage.sweep().await.unwrap();
        stage.settled().await.unwrap();
        assert_eq!(still_open(&stage, &groups).await, 3, "nobody resumed it");
        let remediation = Some("ec2/close_world_ingress".into());
        done(&stage, What::Resume { remediation, account: Some(stage.place.account.clone()) })
            .await;
        stage.settled().await.unwrap();
        assert_eq!(still_open(&stage, &groups).await, 0);
    });
}

#[test]
fn what_waits_for_a_window_is_done_by_the_sweep_once_it_is_open() {
    run(|| async {
        let stage = stage(&[]).await;
        let now = stage::events::now();
        // Too near its end a minute could pass while this is set up.
        let opens = now + TimeDelta::minutes(if now.second() < 40 { 1 } else { 2 });
        let ends = opens + TimeDelta::hours(2);
        let window = format!("{}-{}", opens.format("%H:%M"), ends.format("%H:%M"));
        push(&stage, &policy(&format!(r#"@mode("enforce") @window("{window}")"#)), 0).await;
        let (group, finding) = open_group(&stage, "windowed").await;
        handled(&stage, &finding).await;
        let held = newest(&stage, &group).await;
        assert!(held.why.contains("in its maintenance window only"), "{}", held.why);
        stage.sweep().await.unwrap();
        stage.settled().await.unwrap();
        assert_eq!(ingress(&stage.estate, &group).await.len(), OPEN.len(), "not before it opens");
        let opens = opens.with_second(1).unwrap();
        let wait = (opens - stage::events::now()).to_std().unwrap_or_default();
        tokio::time::sleep(wait).await;
        stage.sweep().await.unwrap();
        stage.settled().await.unwrap();
        assert_eq!(newest(&stage, &group).await.outcome, "fixed");
    });
}

#[test]
fn a_resource_is_exempt_by_command_and_no_longer_when_that_is_ended() {
    run(|| async {
        let stage = stage(&[]).await;
        let (group, finding) = open_group(&stage, "exempt").await;
        let place = &stage.place;
        let resource =
            format!("arn:aws:ec2:{}:{}:security-group/{group}", place.region, place.account);
        let until = Some(stage::events::now() + TimeDelta::days(2));
        done(&stage, What::Exempt { resource: resource.clone(), until }).await;
        handled(&stage, &finding).await;
        let held = newest(&stage, &group).await;
        assert!(held.why.starts_with("it is exempt until"), "{}", held.why);
        done(&stage, What::Exempt { resource, until: None }).await;
        handled(&stage, &later(&finding, 1)).await;
        assert_eq!(newest(&stage, &group).await.outcome, "fixed");
    });
}

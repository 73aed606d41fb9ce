//! Policies: pushed, refused, broken.

use runtime::order::What;
use stage::{Queue, Vpc, events};

use super::{done, handled, newest, open_group, policy, push, refused};
use crate::case::{OPTED_IN, ingress, run, stage};

#[test]
fn policies_bind_and_what_is_wrong_with_new_ones_is_said_by_line_and_column() {
    run(|| async {
        let stage = stage(&[]).await;
        let strict = format!(
            "{}\n@id(\"not-the-shop\") @reason(\"the shop mends itself\")\nforbid (principal, action, \
             resource)\nwhen {{ resource.hasTag(\"team\") && resource.getTag(\"team\") == \"shop\" }};\n",
            policy(r#"@mode("enforce")"#)
        );
        push(&stage, &strict, 0).await;
        let tags = &[("AutoRemediate", "True"), ("team", "shop")];
        let rules = &["tcp/22 from ::/0"];
        let shop = stage.estate.group(Vpc::Own, "shop", tags, rules).await.unwrap();
        let other = stage.estate.group(Vpc::Own, "other", OPTED_IN, rules).await.unwrap();
        for group in [&shop, &other] {
            stage.send(&events::control("EC2.13", &stage.place, group).unwrap()).await.unwrap();
        }
        stage.settled().await.unwrap();
        assert_eq!(ingress(&stage.estate, &other).await, [""; 0]);
        let held = newest(&stage, &shop).await;
        assert_eq!(held.why, "policy not-the-shop forbids it: the shop mends itself");
        let verdict = newest(&stage, &other).await.page.verdict.unwrap();
        assert_eq!(verdict.permits, ["ours"]);

        let wrong = strict.replace(r#"== "shop""#, "== 5").replace(
            "principal, action, resource)\nwhen",
            "principal, action in Action::\"ec3\", resource)\nwhen",
        );
        let why = refused(&stage, What::Policy { text: wrong, replaces: 1 }).await;
        for said in ["2:", "unknown", "Action::\"ec3\"", "did you mean"] {
            assert!(why.contains(said), "{said}: {why}");
        }
        let why = refused(&stage, What::Policy { text: String::new(), replaces: 1 }).await;
        assert!(why.contains("permit"), "{why}");
        let mine = policy(r#"@mode("dry-run")"#);
        let why = refused(&stage, What::Policy { text: mine, replaces: 0 }).await;
        assert!(why.contains("version 1"), "somebody was quicker: {why}");
        let (group, finding) = open_group(&stage, "as-before").await;
        handled(&stage, &finding).await;
        assert_eq!(newest(&stage, &group).await.outcome, "fixed", "version 1 stays in force");
    });
}

#[test]
fn with_policies_that_cannot_be_used_nothing_is_touched_and_nothing_lost() {
    run(|| async {
        let stage = stage(&[]).await;
        push(&stage, &policy(r#"@mode("enforce")"#), 0).await;
        stage.spoil("control", "policy", "text", "permit (everything);").await.unwrap();
        let (group, finding) = open_group(&stage, "spoilt").await;
        handled(&stage, &finding).await;
        assert_ne!(ingress(&stage.estate, &group).await, [""; 0]);
        let record = newest(&stage, &group).await;
        assert_eq!(record.outcome, "unreadable");
        assert!(record.why.contains("policies of version 1 cannot be used"), "{}", record.why);
        assert_eq!(stage.waiting(Queue::DeadLetters).await.unwrap(), 1);
        let log = stage.log().unwrap();
        assert!(log.contains(r#""PolicyUnusable":1"#), "a metric raises an alarm");

        done(&stage, What::Policy { text: policy(r#"@mode("enforce")"#), replaces: 1 }).await;
        stage.redrive().await.unwrap();
        stage.settled().await.unwrap();
        assert_eq!(newest(&stage, &group).await.outcome, "fixed");
    });
}

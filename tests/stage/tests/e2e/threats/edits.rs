//! What people do to the list by hand.

use stage::{Stage, events};

use super::{attack, guarded, of, read_by_guardduty, swept};
use crate::case::run;

const TEXT: &str = "kintsugi.txt";

async fn list(stage: &Stage, addresses: &[&str]) {
    for address in addresses {
        stage.send(&attack(stage, address)).await.unwrap();
    }
    let lines = read_by_guardduty(stage).await;
    assert!(addresses.iter().all(|address| lines.iter().any(|line| line == address)), "{lines:?}");
}

#[test]
fn what_was_written_by_hand_is_understood_and_what_was_taken_out_stays_out() {
    run(|| async {
        let stage = guarded(&[]).await;
        let old = attack(&stage, "198.51.100.2");
        list(&stage, &["198.51.100.1", "198.51.100.2", "198.51.100.3"]).await;
        stage.messages().await.unwrap();
        // 198.51.100.2 left out; the others there, and more in every form that people use.
        let edited = "198.51.100.1\r\n\r\n# known scanners\r\n198.51.100.3\r\n203.0.113.0/28 # range\r\n\
                      203.0.113.7\r\n203.0.113.7\r\nbad.example.com\r\n10.1.2.3\r\nnot an address";
        stage.put_object(TEXT, edited).await.unwrap();
        let did = swept(&stage).await;
        assert_eq!(did[0], "sweep/adopt_edits: fixed: 7 of 7 changes made and verified", "{did:?}");
        let lines = read_by_guardduty(&stage).await;
        assert_eq!(
            lines,
            ["198.51.100.1", "198.51.100.3", "203.0.113.0/28", "bad.example.com"],
            "nothing is covered twice"
        );
        let truth = stage.truth().await.unwrap();
        let rejected: Vec<_> = truth.rejected.iter().map(|line| line.line.as_str()).collect();
        assert_eq!(rejected, ["# known scanners", "10.1.2.3", "not an address"]);
        let messages = stage.messages().await.unwrap();
        let [message] = messages.as_slice() else { panic!("{messages:?}") };
        for said in [
            "take 198.51.100.2 off the list: a person took it out of the text",
            "list 203.0.113.0/28 for good: a person wrote it into the text",
            "set aside the line `not an address`",
        ] {
            assert!(message.text.contains(said), "{}", message.text);
        }

        // An event that is older than the removal brings nobody back, a newer one does.
        stage.send(&old).await.unwrap();
        stage.settled().await.unwrap();
        let records = stage.records().await.unwrap();
        let why = &of(&records, &old)[0].why;
        assert!(why.contains("was taken off the list, and was not seen since"), "{why}");
        tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
        let newer = events::seen(old, events::now());
        stage.send(&newer).await.unwrap();
        assert!(read_by_guardduty(&stage).await.contains(&"198.51.100.2".to_owned()));
    });
}

#[test]
fn the_command_of_the_message_takes_an_address_off() {
    run(|| async {
        let stage = guarded(&[]).await;
        let event = attack(&stage, "198.51.100.2");
        stage.send(&event).await.unwrap();
        list(&stage, &["198.51.100.1"]).await;
        let messages = stage.messages().await.unwrap();
        let message =
            messages.iter().find(|message| message.text.contains("198.51.100.2")).unwrap();
        let command = message.text.lines().find(|line| line.contains("aws s3api")).unwrap();
        assert!(command.contains("printf '%s\\n' -198.51.100.2 >>"), "{command}");
        // What that command does.
        let text = stage.object(TEXT).await.unwrap().unwrap();
        stage.put_object(TEXT, &format!("{text}-198.51.100.2\n")).await.unwrap();
        swept(&stage).await;
        assert_eq!(read_by_guardduty(&stage).await, ["198.51.100.1"]);
        stage.send(&event).await.unwrap();
        assert_eq!(read_by_guardduty(&stage).await, ["198.51.100.1"], "and keeps it off");
    });
}

#[test]
fn whatever_became_of_the_text_nothing_is_lost() {
    run(|| async {
        let stage = guarded(&[]).await;
        // A list of somebody's own, before there was Kintsugi's.
        stage.put_object(TEXT, "203.0.113.9\n203.0.113.10").await.unwrap();
        stage.send(&attack(&stage, "198.51.100.1")).await.unwrap();
        stage.settled().await.unwrap();
        assert_eq!(
            stage.object(TEXT).await.unwrap().unwrap(),
            "203.0.113.9\n203.0.113.10",
            "what a person wrote is not written over before it is taken over"
        );
        swept(&stage).await;
        let all = ["198.51.100.1", "203.0.113.9", "203.0.113.10"];
        assert_eq!(read_by_guardduty(&stage).await, all);
        for empty in ["", "\n\n"] {
            stage.put_object(TEXT, empty).await.unwrap();
            stage.send(&attack(&stage, "198.51.100.1")).await.unwrap();
            assert_eq!(read_by_guardduty(&stage).await, all, "nobody meant to empty the list");
        }
        stage.delete_object(TEXT).await.unwrap();
        stage.send(&attack(&stage, "198.51.100.2")).await.unwrap();
        assert_eq!(read_by_guardduty(&stage).await.len(), 4);
    });
}

#[test]
fn a_truth_that_is_edited_by_hand_is_read_as_far_as_it_goes_and_never_written_over_blindly() {
    run(|| async {
        let stage = guarded(&[]).await;
        list(&stage, &["198.51.100.1"]).await;
        let json = stage.object("kintsugi.json").await.unwrap().unwrap();
        let edited = json.replace(
            "\"listings\":[\n",
            "\"listings\":[\n[\"198.51.100.300\",1,2,3,\"HIGH\",\"hand\",[],1],\n",
        );
        stage.put_object("kintsugi.json", &edited).await.unwrap();
        stage.send(&attack(&stage, "198.51.100.2")).await.unwrap();
        assert_eq!(read_by_guardduty(&stage).await, ["198.51.100.1", "198.51.100.2"]);
        let truth = stage.truth().await.unwrap();
        assert!(truth.rejected[0].line.contains("198.51.100.300"), "{:?}", truth.rejected);

        stage.put_object("kintsugi.json", "198.51.100.1\n").await.unwrap();
        let event = attack(&stage, "198.51.100.3");
        stage.send(&event).await.unwrap();
        stage.settled().await.unwrap();
        assert_eq!(stage.object("kintsugi.json").await.unwrap().unwrap(), "198.51.100.1\n");
        let records = stage.records().await.unwrap();
        let record = of(&records, &event)[0];
        assert_eq!(record.outcome, "unreadable");
        assert!(record.why.contains("the object is no list of Kintsugi's"), "{}", record.why);
        assert!(record.why.contains("Restore a former version"), "{}", record.why);
        let kept = stage.drain(stage::Queue::DeadFindings).await.unwrap();
        assert_eq!(kept.len(), 1, "the finding is kept");
    });
}

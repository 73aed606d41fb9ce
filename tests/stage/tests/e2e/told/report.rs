//! The report, made by the deployed function of what happened, and looked at in a real browser.

use std::{fs, path::Path, process::Command};

use serde_json::{Value, json};
use stage::{Stage, Vpc, events};

use super::channels::NOBODYS;
use crate::case::{OPTED_IN, run, stage};

const CHECKOUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");

/// A name that would be a script if anybody let it.
const HOSTILE: &str = "<script>alert(1)</script>\"&=cmd|' /C calc'!A0";

async fn play(stage: &Stage) {
    for (name, tags, rules) in [
        (HOSTILE, OPTED_IN, &["tcp/22 from 0.0.0.0/0"]),
        ("shop", &[("AutoRemediate", "False"), ("team", "shop")], &["tcp/3389 from 0.0.0.0/0"]),
    ] {
        let group = stage.estate.group(Vpc::Own, name, tags, rules).await.unwrap();
        for control in ["EC2.13", NOBODYS] {
            let event = events::control(control, &stage.place, &group).unwrap();
            stage.estate.import(&event).await.unwrap();
            stage.send(&event).await.unwrap();
        }
    }
    stage.told().await.unwrap();
}

#[test]
fn the_report_says_what_happened_and_looks_right_in_a_browser() {
    run(async || {
        let stage = stage(&[("ReportMailDays", "daily")]).await;
        play(&stage).await;
        stage.mails().await.unwrap();
        stage.invoke("ReportFunctionName", &json!({ "source": "aws.events" })).await.unwrap();

        let report = stage.report("latest/report.json").await.unwrap();
        let report: Value = serde_json::from_str(&report).unwrap();
        let records = stage.records().await.unwrap();
        let fixed = records.iter().filter(|record| record.outcome == "fixed").count();
        assert_eq!(fixed, 1);
        assert_eq!(report["records"]["repaired"], json!(fixed), "{report:#}");

        let folder = std::env::temp_dir().join(format!("kintsugi-report-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        for name in ["index.html", "report.json", "open.csv", "repairs.csv"] {
            let text = stage.report(&format!("latest/{name}")).await.unwrap();
            assert!(!text.is_empty(), "{name}");
            fs::write(folder.join(name), text).unwrap();
        }
        let python = Path::new(CHECKOUT).join(".local/venv/bin/python");
        let looked = Command::new(python)
            .arg(Path::new(CHECKOUT).join("tests/browser/look.py"))
            .args([folder.join("index.html"), folder.join("report.json"), folder.join("shots")])
            .output()
            .unwrap();
        let said = [looked.stdout, looked.stderr].concat();
        let said = String::from_utf8_lossy(&said);
        assert!(looked.status.success(), "{said}");
        fs::remove_dir_all(&folder).unwrap();

        let mails = stage.mails().await.unwrap();
        assert!(mails.iter().any(|mail| mail.subject.contains(" open,")), "{mails:#?}");

        let exported = stage.exported().await.unwrap();
        let ours = exported.iter().filter(|one| one["class_uid"] == 7001).count();
        assert_eq!(ours, exported.len());
        let known: Vec<_> = exported.iter().filter_map(|one| one["command_uid"].as_str()).collect();
        let repaired = records.iter().find(|record| record.outcome == "fixed").unwrap();
        assert!(known.contains(&repaired.id.as_str()), "{known:?}");
    });
}

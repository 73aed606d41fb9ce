use catalog::detect::{Inspector, InspectorId, Scan, ScanSetting};
use remedy::Swap;
use runtime::Error;
use script::{Script, answer};

use super::{apply, load, no};

fn account() -> InspectorId {
    InspectorId("111122223333".into())
}

fn set(scan: Scan, on: bool) -> Swap<ScanSetting> {
    Swap { from: ScanSetting { scan, on: !on }, to: ScanSetting { scan, on } }
}

fn failed(code: &str) -> script::Answer {
    let failed = format!(
        r#"{{"accountId":"111122223333","errorCode":"{code}","errorMessage":"of {code}"}}"#
    );
    answer(200, &format!(r#"{{"accounts":[],"failedAccounts":[{failed}]}}"#))
}

#[tokio::test]
async fn what_is_scanned_or_about_to_be_is_on() {
    let state = r#"{"accounts":[{"accountId":"111122223333","resourceState":{"ec2":{"status":"ENABLED"},
        "ecr":{"status":"ENABLING"},"lambda":{"status":"SUSPENDED"}}}]}"#;
    let found =
        load::<Inspector>(&Script::of([answer(200, state)]), &account()).await.unwrap().unwrap();
    assert_eq!(found.scans, [(Scan::Ec2, true), (Scan::Ecr, true), (Scan::Lambda, false)].into());
}

#[tokio::test]
async fn what_cannot_be_read_is_an_error() {
    for (answer, why) in [
        (
            no(403, "AccessDeniedException", "no"),
            "kintsugi-detect needs inspector2:BatchGetAccountStatus",
        ),
        (failed("ACCESS_DENIED"), "of ACCESS_DENIED"),
        (answer(200, r#"{"accounts":[]}"#), "it does not say"),
    ] {
        let error =
            load::<Inspector>(&Script::of([answer]), &account()).await.unwrap_err().to_string();
        assert!(error.contains(why), "{error}");
    }
}

#[tokio::test]
async fn scans_that_belong_together_are_turned_on_together() {
    let script = Script::of([answer(200, r#"{"accounts":[]}"#)]);
    let changes = [set(Scan::Lambda, true), set(Scan::LambdaCode, true)];
    assert_eq!(apply::<Inspector>(&script, &account(), &changes).await, [Ok(()), Ok(())]);
    let [request] = &script.requests()[..] else { panic!("{:?}", script.requests()) };
    assert!(
        request.uri.contains("/enable")
            && request.body.contains(r#""resourceTypes":["LAMBDA","LAMBDA_CODE"]"#)
    );
    let script = Script::of([answer(200, r#"{"accounts":[]}"#)]);
    assert_eq!(apply::<Inspector>(&script, &account(), &[set(Scan::Ec2, false)]).await, [Ok(())]);
    assert!(script.requests()[0].uri.contains("/disable"));
}

#[tokio::test]
async fn an_answer_that_it_failed_is_no_success() {
    for (code, is_transient) in [("ENABLE_IN_PROGRESS", true), ("ACCESS_DENIED", false)] {
        let results =
            apply::<Inspector>(&Script::of([failed(code)]), &account(), &[set(Scan::Ec2, true)])
                .await;
        let error = results[0].clone().unwrap_err();
        assert_eq!(matches!(error, Error::Transient(_)), is_transient, "{error}");
        assert!(error.to_string().contains(code));
    }
    let script = Script::of([failed("ALREADY_ENABLED")]);
    assert_eq!(apply::<Inspector>(&script, &account(), &[set(Scan::Ec2, true)]).await, [Ok(())]);
}

use catalog::detect::{Discovery, DiscoveryId, DiscoverySetting, Macie, MacieId, MacieState};
use remedy::Swap;
use script::{Script, answer};

use super::{apply, load, no};

fn account() -> MacieId {
    MacieId("111122223333".into())
}

fn discovery() -> DiscoveryId {
    DiscoveryId("111122223333".into())
}

#[tokio::test]
async fn macie_that_is_off_is_told_from_macie_that_may_not_be_asked() {
    for (answer, state) in [
        (answer(200, r#"{"status":"ENABLED"}"#), MacieState::On),
        (answer(200, r#"{"status":"PAUSED"}"#), MacieState::Paused),
        (no(403, "AccessDeniedException", "Macie is not enabled."), MacieState::Off),
    ] {
        let found = load::<Macie>(&Script::of([answer]), &account()).await.unwrap().unwrap();
        assert_eq!(found.state, state);
    }
    let denied = "User: x is not authorized to perform: macie2:GetMacieSession";
    let script = Script::of([no(403, "AccessDeniedException", denied)]);
    let error = load::<Macie>(&script, &account()).await.unwrap_err().to_string();
    assert!(error.contains("kintsugi-detect needs macie2:GetMacieSession"), "{error}");
    assert!(load::<Macie>(&Script::of([answer(200, "{}")]), &account()).await.is_err());
}

#[tokio::test]
async fn macie_is_enabled_where_it_is_off_and_goes_on_where_it_is_paused() {
    for (from, to, method) in [
        (MacieState::Off, MacieState::On, "POST"),
        (MacieState::Paused, MacieState::On, "PATCH"),
        (MacieState::On, MacieState::Paused, "PATCH"),
    ] {
        let script = Script::of([answer(200, "{}")]);
        assert_eq!(apply::<Macie>(&script, &account(), &[Swap { from, to }]).await, [Ok(())]);
        let request = script.requests().remove(0);
        let status = if to == MacieState::On { "ENABLED" } else { "PAUSED" };
        assert_eq!(request.method, method);
        assert!(request.body.contains(&format!(r#""status":"{status}""#)), "{}", request.body);
    }
    let off = [Swap { from: MacieState::On, to: MacieState::Off }];
    assert!(apply::<Macie>(&Script::of([]), &account(), &off).await[0].is_err());
}

#[tokio::test]
async fn discovery_is_turned_on_for_the_accounts_it_was_for() {
    let session = || answer(200, r#"{"status":"ENABLED"}"#);
    let found = answer(200, r#"{"status":"DISABLED","autoEnableOrganizationMembers":"NONE"}"#);
    let found = load::<Discovery>(&Script::of([session(), found]), &discovery()).await;
    let expected = Discovery { macie: true, on: false, members: Some("NONE".into()) };
    assert_eq!(found, Ok(Some(expected)));
    let set = |on| DiscoverySetting { on, members: Some("NONE".into()) };
    let script = Script::of([answer(200, "{}")]);
    let changes = [Swap { from: set(false), to: set(true) }];
    assert_eq!(apply::<Discovery>(&script, &discovery(), &changes).await, [Ok(())]);
    assert_eq!(script.bodies(), [r#"{"autoEnableOrganizationMembers":"NONE","status":"ENABLED"}"#]);
}

#[tokio::test]
async fn where_macie_is_off_nothing_is_discovered() {
    let script = Script::of([no(403, "AccessDeniedException", "Macie is not enabled")]);
    assert_eq!(load::<Discovery>(&script, &discovery()).await, Ok(Some(Discovery::default())));
}

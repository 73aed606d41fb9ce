//! Every remediation, from the finding to the resource and back: what tests/aws/cases plays.

use crate::case::{run, stage};

/// As an operator sets it who wants all of it.
const PARAMETERS: &[(&str, &str)] = &[("AccountSettings", "all"), ("MaxRepairsPerHour", "1000")];

#[test]
fn every_control_is_put_right_in_the_embedded_aws_and_taken_back() {
    run(|| async {
        let stage = stage(PARAMETERS).await;
        let said = stage.play_cases().unwrap_or_else(|trouble| panic!("{trouble}"));
        assert!(said.lines().any(|line| line.starts_with("ok ")), "{said}");
    });
}

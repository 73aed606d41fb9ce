//! What the function is told is what the template tells it.

use remedy::Parameter;

use crate::{MAIL_TOPIC_ARN, advice};

const TEMPLATE: &str = include_str!("../../../../template.yaml");

/// The parameter or resource of this name, as text.
fn block(name: &str) -> String {
    let (_, rest) = TEMPLATE.split_once(&format!("\n  {name}:\n")).unwrap_or_default();
    let lines = rest.lines().take_while(|line| line.is_empty() || line.starts_with("    "));
    lines.fold(String::new(), |text, line| text + line + "\n")
}

#[test]
fn every_setting_is_in_the_template_with_its_default() {
    for Parameter { name, default, .. } in advice::PARAMETERS {
        let block = block(name);
        let forms = [format!("Default: {default}\n"), format!("Default: \"{default}\"")];
        assert!(forms.iter().any(|form| block.contains(form)), "{name}: {block}");
    }
    let all = advice::PARAMETERS.iter().chain(advice::WIRING).chain([&MAIL_TOPIC_ARN]);
    for parameter in all {
        let line = format!("          {}: !Ref ", parameter.variable());
        assert!(block("NotifyFunction").contains(&line), "{} does not reach it", parameter.name);
    }
}

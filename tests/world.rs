//! One security group that is open to the world, and all that looks at it.

use crate::memory::{MemoryCloud, MemoryDesk, now};
use catalog::ec2::{CloseWorldIngress, Rule, SecurityGroup};
use remedy::{Finding, Guard, Place, Remediation, Settings, Signal, Tags, Trigger, check};
use runtime::{Attempt, Limits, Page, Report, Task, remediate};

pub(crate) const FIRST: Attempt = Attempt { again: false };
pub(crate) const AGAIN: Attempt = Attempt { again: true };

pub(crate) fn rule(nth: usize, text: &str) -> Rule {
    let description = "from the wiki".into();
    Rule { id: format!("sgr-{nth}"), description, ..text.parse().unwrap() }
}

pub(crate) fn tags(tags: &[(&str, &str)]) -> Tags {
    tags.iter().map(|(key, value)| ((*key).into(), (*value).into())).collect()
}

pub(crate) fn group() -> SecurityGroup {
    let rules = [
        "tcp/22 from 0.0.0.0/0",
        "tcp/22 from 10.0.0.0/8",
        "tcp/3389 from ::/0",
        "tcp/443 from 0.0.0.0/0",
    ];
    SecurityGroup {
        name: "web".into(),
        account: "111122223333".into(),
        ingress: rules.iter().enumerate().map(|(nth, text)| rule(nth, text)).collect(),
        tags: tags(&[("AutoRemediate", "True")]),
        ..SecurityGroup::default()
    }
}

pub(crate) fn signal() -> Signal {
    let finding = Finding::Asff { id: "arn:finding/a".into(), product: "arn:product".into() };
    Signal {
        trigger: Trigger::control("EC2.19"),
        findings: vec![finding],
        ..check::signal("arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1")
    }
}

pub(crate) struct World {
    pub(crate) cloud: MemoryCloud<SecurityGroup>,
    pub(crate) desk: MemoryDesk,
    pub(crate) settings: Vec<(&'static str, &'static str)>,
    pub(crate) signal: Signal,
    pub(crate) cap: u32,
}

pub(crate) fn world() -> World {
    let cloud = MemoryCloud::with([("sg-1".to_owned(), group())]);
    let desk = MemoryDesk::on(cloud.line.clone());
    World { cloud, desk, settings: Vec::new(), signal: signal(), cap: 100 }
}

impl World {
    pub(crate) fn run(&self, attempt: Attempt) -> Report {
        let settings: Settings = self.settings.iter().copied().collect();
        self.desk.set_up(&settings);
        let limits = limits(&settings, self.cap, self.signal.place.clone());
        let remediation = CloseWorldIngress::configured(&settings).unwrap();
        let task = Task { signal: &self.signal, attempt };
        now(remediate(&remediation, &[task], &limits, &self.cloud, &self.desk)).remove(0)
    }
    pub(crate) fn ingress(&self) -> Vec<String> {
        self.cloud.get("sg-1").unwrap().ingress.iter().map(ToString::to_string).collect()
    }
    pub(crate) fn is_untouched(&self) -> bool {
        self.cloud.get("sg-1").unwrap().ingress == group().ingress
    }
    pub(crate) fn page(&self) -> Page {
        let [page] = <[Page; 1]>::try_from(self.desk.pages()).unwrap();
        page
    }
}

/// The limits of a stack with these settings.
pub(crate) fn limits(settings: &Settings, cap: u32, home: Place) -> Limits {
    let guard = Guard::configured(settings).unwrap();
    Limits { guard, cap, home, approval: chrono::TimeDelta::hours(72), teams: vec!["team".into()] }
}

pub(crate) fn why(page: &Page) -> String {
    runtime::notice::why(page)
}

pub(crate) const CLOSED: [&str; 2] = ["tcp/22 from 10.0.0.0/8", "tcp/443 from 0.0.0.0/0"];

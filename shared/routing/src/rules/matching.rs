//! What a rule is about.

use std::collections::BTreeSet;

use runtime::News;

use super::{Match, Rules};

impl Match {
    /// Whether `news` is what it is about.
    pub fn matches(&self, news: &News) -> bool {
        let account = news.place.as_ref().map_or("", |place| &place.account);
        let region = news.place.as_ref().map_or("", |place| &place.region);
        self.severity.is_none_or(|least| news.severity >= least)
            && (self.stands.is_empty() || self.stands.contains(&news.stands))
            && any(&self.accounts, |wanted| wanted == account)
            && any(&self.regions, |wanted| is_like(wanted, region))
            && any(&self.outcomes, |wanted| wanted == news.outcome)
            && any(&self.remediations, |wanted| is_like(wanted, &news.remediation))
            && any(&self.controls, |wanted| {
                is_like(&wanted.to_ascii_lowercase(), &news.trigger.to_ascii_lowercase())
            })
            && any(&self.resources, |wanted| {
                is_like(wanted, &news.resource) || is_like(wanted, &news.id)
            })
            && self.tags.iter().all(|(key, values)| {
                news.tags.get(key).is_some_and(|value| any(values, |wanted| is_like(wanted, value)))
            })
    }
}

impl Rules {
    /// The channels that hear of `news`, each once, in the order of the routes.
    pub fn route(&self, news: &News) -> Vec<&str> {
        let mut channels: Vec<&str> = Vec::new();
        for route in self.routes.iter().filter(|route| route.on.matches(news)) {
            let known = route.to.iter().filter(|name| self.channels.contains_key(*name));
            for name in known {
                if !channels.contains(&name.as_str()) {
                    channels.push(name);
                }
            }
            // Nobody hears of what the first that matches sends to nobody.
            if route.last || (route.to.is_empty() && channels.is_empty()) {
                break;
            }
        }
        channels
    }
}

/// Whether one of `wanted` is meant; none means any.
fn any(wanted: &BTreeSet<String>, is_meant: impl Fn(&str) -> bool) -> bool {
    wanted.is_empty() || wanted.iter().any(|wanted| is_meant(wanted))
}

/// Whether `text` is `pattern`, or begins like one that ends with `*`. What is not there is like nothing.
pub(super) fn is_like(pattern: &str, text: &str) -> bool {
    !text.is_empty()
        && match pattern.strip_suffix('*') {
            Some(beginning) => text.starts_with(beginning),
            None => text == pattern,
        }
}

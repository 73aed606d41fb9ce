//! What findings and news say, by the names that Security Hub and Kintsugi have for it.

use runtime::{News, Section, notice::clean};
use serde_json::Value;

use super::{LONGEST_STEP, LONGEST_TEXT, STEPS, words};

/// Hosts of AWS that hold pages by AWS.
const HOSTS: [&str; 3] = ["docs.aws.amazon.com", "docs.amazonaws.cn", "aws.amazon.com"];
/// Characters of an address.
const LONGEST_LINK: usize = 500;

/// What a prompt is made of, as it is said.
#[derive(Debug, Default)]
pub(super) struct Said {
    pub(super) title: String,
    pub(super) description: String,
    pub(super) control: String,
    pub(super) kind: String,
    pub(super) planned: Vec<String>,
    pub(super) held: Vec<String>,
}

/// All of it.
pub(super) fn of(news: &News, finding: Option<&Value>) -> Said {
    let under = |titles: &[&str]| {
        let named = |section: &&Section| titles.contains(&section.title.as_str());
        let lines = news.sections.iter().filter(named).flat_map(|section| &section.lines);
        lines.map(|line| line.trim_start_matches("- ").to_owned()).collect::<Vec<_>>()
    };
    let because = || {
        let title =
            |section: &Section| section.title.strip_prefix("Because of ").map(str::to_owned);
        news.sections.iter().find_map(title).unwrap_or_default()
    };
    let one = |paths: &[&str]| finding.and_then(|finding| first(finding, paths)).map(str::to_owned);
    let control = one(&["/Compliance/SecurityControlId", "/compliance/control"]);
    let kind = one(&["/Resources/0/Type", "/resources/0/type"]);
    Said {
        title: one(&["/Title", "/finding_info/title"]).unwrap_or_else(because),
        description: one(&["/Description", "/finding_info/desc"]).unwrap_or_default(),
        control: Some(news.trigger.clone())
            .into_iter()
            .chain(control)
            .find(|control| words::is_control(control))
            .unwrap_or_default(),
        kind: Some(news.kind.clone())
            .into_iter()
            .chain(kind)
            .find(|kind| words::is_kind(kind))
            .unwrap_or_default(),
        planned: planned(news)
            .into_iter()
            .chain(under(&["Would change:", "Not changed yet:"]))
            .collect(),
        held: under(&["Nothing was changed, because:", "Left alone:", "Refused by AWS:"]),
    }
}

/// What the remediation does, in the words of its id.
fn planned(news: &News) -> Option<String> {
    let (_, what) = news.remediation.split_once('/')?;
    Some(what.replace('_', " "))
}

fn first<'a>(finding: &'a Value, paths: &[&str]) -> Option<&'a str> {
    paths.iter().find_map(|path| finding.pointer(path)?.as_str())
}

/// What a finding itself says is to be done, and where that is described.
pub(super) fn recommendation(finding: &Value) -> (Option<String>, Option<String>) {
    let text = first(finding, &["/Remediation/Recommendation/Text", "/remediation/desc"]);
    let link = first(finding, &["/Remediation/Recommendation/Url", "/remediation/references/0"]);
    (text.map(str::to_owned), link.map(str::to_owned))
}

/// Whether a service of AWS made a finding: other products have an account in their ARN, or another name.
pub(super) fn is_by_aws(finding: &Value) -> bool {
    let product = first(finding, &["/ProductArn", "/metadata/product/uid"]).unwrap_or_default();
    let name = product.splitn(6, ':').nth(5).unwrap_or_default();
    product.starts_with("arn:aws")
        && ["product/aws/", "productv2/aws/"].iter().any(|prefix| name.starts_with(prefix))
}

/// `link`, if it is a page of AWS's own.
pub fn page(link: &str) -> Option<String> {
    let link = link.trim();
    let rest = link.strip_prefix("https://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    let is_plain = |c: char| c.is_ascii_alphanumeric() || "/.-_~:?#&=%+,".contains(c);
    (HOSTS.contains(&host) && link.len() <= LONGEST_LINK && link.chars().all(is_plain))
        .then(|| link.to_owned())
}

/// What the sections say of what is to be done by hand: why, and how.
pub(super) fn of_sections(sections: &[Section]) -> Option<(String, Vec<String>)> {
    let for_people = ["it is left to a person: ", "a person should look first: "];
    let holds = sections.iter().filter(|section| section.title == "Nothing was changed, because:");
    let holds = holds.flat_map(|section| &section.lines);
    let why: Vec<_> = holds
        .filter_map(|line| {
            let line = line.trim_start_matches("- ");
            for_people.iter().find_map(|prefix| line.strip_prefix(prefix))
        })
        .collect();
    // How to take something back is no advice.
    let by_hand = |section: &&Section| {
        section.title.contains("by hand") && !section.title.starts_with("Or by hand")
    };
    let by_hand: Vec<_> = sections.iter().filter(by_hand).collect();
    let steps = steps(by_hand.iter().flat_map(|section| &section.lines));
    let title = by_hand.first().map(|section| section.title.trim_end_matches(':'));
    let text = match (why.is_empty(), title) {
        (false, _) => why.join("; "),
        (true, Some(title)) => format!("{title}."),
        (true, None) => return None,
    };
    Some((clean(&sentence(&text), LONGEST_TEXT), steps))
}

/// A command is shown whole or not at all.
fn steps<'a>(lines: impl Iterator<Item = &'a String>) -> Vec<String> {
    let short = |line: &str| match line.chars().count() > LONGEST_STEP {
        true => "a command that is too long for here; the record has it".into(),
        false => clean(line, LONGEST_STEP),
    };
    let mut steps: Vec<String> = lines.map(|line| short(line)).collect();
    if steps.len() > STEPS {
        let more = steps.len() - (STEPS - 1);
        steps.truncate(STEPS - 1);
        steps.push(format!("... and {more} more, in the record"));
    }
    steps
}

/// `text` with a capital letter at its beginning.
fn sentence(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

//! A preview as one page for a browser: nothing is loaded from elsewhere, and nothing runs in it.

use std::fmt::Write;

use super::{
    row::Row,
    summary::{Summary, WORDS},
};
use crate::say::{
    html::{escape, link},
    minute,
};

const HEAD: &str = r#"<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>Kintsugi: what would be done</title>
<style>
:root { color-scheme: light dark; --line: #8884; --faint: #888; --good: #1a7f37; --waits: #9a6700; --bad: #cf222e; }
body { font: 15px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 90rem; padding: 0 1.5rem; }
h1 { font-size: 1.5rem; margin: 0 0 .25rem; }
h2 { font-size: 1.1rem; margin: 2.5rem 0 .5rem; }
p.faint, .faint { color: var(--faint); }
ul.counts { display: flex; flex-wrap: wrap; gap: .75rem; list-style: none; padding: 0; margin: 1.5rem 0; }
ul.counts li { border: 1px solid var(--line); border-radius: .5rem; padding: .5rem 1rem; }
ul.counts b { display: block; font-size: 1.5rem; }
ul.counts a { color: inherit; text-decoration: none; }
table { border-collapse: collapse; width: 100%; }
th { text-align: left; font-weight: 600; border-bottom: 2px solid var(--line); padding: .35rem .75rem .35rem 0; }
td { vertical-align: top; border-bottom: 1px solid var(--line); padding: .45rem .75rem .45rem 0; overflow-wrap: anywhere; }
td ul { margin: 0; padding-left: 1.1rem; }
code { font: 13px/1.5 ui-monospace, monospace; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; font: 12px/1.5 ui-monospace, monospace; margin: .5rem 0 0; }
summary { cursor: pointer; color: var(--faint); }
.CRITICAL, .HIGH { color: var(--bad); font-weight: 600; }
.MEDIUM { color: var(--waits); }
.fix b { color: var(--good); } .approve b, .waits b, .held b { color: var(--waits); } .unreadable b { color: var(--bad); }
</style>
</head>
<body>
"#;

impl Summary {
    /// The page.
    pub(super) fn html(&self) -> String {
        let mut out = HEAD.to_owned();
        let home = escape(&self.home.to_string());
        let _ = writeln!(out, "<h1>What Kintsugi would do in {home}</h1>");
        let (at, policies) = (minute(self.at), escape(&self.policies));
        let _ = write!(
            out,
            "<p class=\"faint\">{at}, by the policies of {policies}. Nothing was changed."
        );
        for source in &self.sources {
            let _ = write!(out, "<br>{}", escape(source));
        }
        out.push_str("</p>\n");
        self.counts(&mut out);
        for (word, words) in WORDS {
            let rows: Vec<_> = self.rows.all.iter().filter(|row| row.next.word() == word).collect();
            if !rows.is_empty() {
                let _ = writeln!(out, "<h2 id=\"{word}\">{}: {words}</h2>", rows.len());
                table(&mut out, &rows);
            }
        }
        self.not_covered_html(&mut out);
        for (id, words, all) in [
            ("ignored", "Nothing to do", &self.rows.ignored),
            ("not-read", "Not readable", &self.rows.unreadable),
        ] {
            if all.is_empty() {
                continue;
            }
            let _ = writeln!(out, "<h2 id=\"{id}\">{words}</h2>\n<table>");
            out.push_str("<thead><tr><th>Findings</th><th>Why</th></tr></thead>\n<tbody>\n");
            for (why, number) in all {
                let _ = writeln!(out, "<tr><td>{number}</td><td>{}</td></tr>", escape(why));
            }
            out.push_str("</tbody>\n</table>\n");
        }
        let _ =
            writeln!(out, "<p class=\"faint\">Kintsugi {}</p>\n</body>\n</html>", runtime::VERSION);
        out
    }

    fn counts(&self, out: &mut String) {
        let counts = self.rows.counts();
        out.push_str("<ul class=\"counts\">\n");
        for (word, words) in WORDS {
            if let Some(number) = counts.get(word) {
                let _ = writeln!(
                    out,
                    "<li class=\"{word}\"><a href=\"#{word}\"><b>{number}</b> {words}</a></li>"
                );
            }
        }
        let findings = self.findings_not_covered();
        if findings > 0 {
            let _ = writeln!(
                out,
                "<li><a href=\"#not-covered\"><b>{findings}</b> findings that no remediation answers</a></li>"
            );
        }
        if counts.is_empty() && findings == 0 {
            out.push_str("<li>Nothing is open.</li>\n");
        }
        out.push_str("</ul>\n");
    }

    fn not_covered_html(&self, out: &mut String) {
        let all = self.not_covered();
        if all.is_empty() {
            return;
        }
        out.push_str(
            "<h2 id=\"not-covered\">Not covered</h2>\n<table>\n<thead><tr><th>Control</th><th>Severity</th>\
             <th>Findings</th><th>Resources</th><th>Title</th></tr></thead>\n<tbody>\n",
        );
        for (name, kind) in all {
            let severity = kind.severity.label();
            let _ = writeln!(
                out,
                "<tr><td>{}</td><td class=\"{severity}\">{severity}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
                escape(name),
                kind.findings,
                kind.resources.len(),
                escape(&kind.title)
            );
        }
        out.push_str("</tbody>\n</table>\n");
    }
}

fn table(out: &mut String, rows: &[&Row]) {
    out.push_str(
        "<table>\n<thead><tr><th>Severity</th><th>Resource</th><th>Where</th><th>Plan</th><th>Why</th><th>\
         Because of</th></tr></thead>\n<tbody>\n",
    );
    for row in rows {
        let severity = row.severity.label();
        let _ = writeln!(out, "<tr><td class=\"{severity}\">{severity}</td>");
        let name = link(row.link.as_deref(), &row.name());
        let _ =
            writeln!(out, "<td>{name}<br><span class=\"faint\">{}</span></td>", escape(&row.kind));
        let _ = writeln!(out, "<td>{}<br>{}</td>", escape(&row.account), escape(&row.region));
        let _ = writeln!(out, "<td>{}{}</td>", list(&row.plan, "code"), by_hand(&row.by_hand));
        let mut why = row.next.why();
        why.extend(row.left.iter().map(|left| format!("left alone: {left}")));
        let tags = row.tags();
        let tags: Vec<_> = tags.iter().map(|tag| format!("<code>{}</code>", escape(tag))).collect();
        let tags = match tags.join(" or ") {
            tags if tags.is_empty() => tags,
            tags => format!(" The tag {tags} would bring it in."),
        };
        let _ = writeln!(out, "<td>{}{tags}</td>", list(&why, "span"));
        let because: Vec<_> = row.because.iter().chain(&row.titles).cloned().collect();
        let _ = writeln!(out, "<td>{}</td></tr>", list(&because, "span"));
    }
    out.push_str("</tbody>\n</table>\n");
}

fn list(lines: &[String], element: &str) -> String {
    let lines: Vec<_> = lines.iter().filter(|line| !line.is_empty()).collect();
    match lines.as_slice() {
        [] => String::new(),
        [line] => format!("<{element}>{}</{element}>", escape(line)),
        lines => {
            let items = lines
                .iter()
                .map(|line| format!("<li><{element}>{}</{element}></li>", escape(line)));
            format!("<ul>{}</ul>", items.collect::<String>())
        }
    }
}

fn by_hand(commands: &[String]) -> String {
    if commands.is_empty() {
        return String::new();
    }
    let commands: Vec<_> = commands.iter().map(|command| escape(command)).collect();
    format!("<details><summary>by hand</summary><pre>{}</pre></details>", commands.join("\n"))
}

#[cfg(test)]
mod tests {
    use super::super::row::tests::summary;

    #[test]
    fn a_page_holds_nothing_from_elsewhere_and_nothing_that_runs() {
        let page = summary().html();
        for foreign in ["<script", "javascript:", "src=", "<link", "@import", "url(", "onload"] {
            assert!(!page.contains(foreign), "{foreign}");
        }
        assert!(page.contains("&lt;script&gt;alert(1)&lt;/script&gt;"), "{page}");
        assert!(page.contains("default-src 'none'"));
    }

    #[test]
    fn every_row_stands_under_what_would_come_of_it() {
        let page = summary().html();
        let at = |what: &str| page.find(what).unwrap_or_else(|| panic!("{what}\n{page}"));
        assert!(at("id=\"fix\"") < at("sg-fix"));
        assert!(at("sg-fix") < at("id=\"out-of-scope\""));
        assert!(at("id=\"out-of-scope\"") < at("The tag <code>AutoRemediate=True</code>"));
        assert!(at("id=\"not-covered\"") < at("Security Hub control S3.1"));
    }
}

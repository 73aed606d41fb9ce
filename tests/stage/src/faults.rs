//! What goes wrong on purpose: the emulators break the function's calls by the rules they are given.

use std::{
    io::{Read, Write},
    net::TcpStream,
};

use serde_json::Value;

use crate::{LIMIT, Result, Trouble};

/// The faults of one emulator. The rules are described in `tests/aws/faults.py`.
#[derive(Debug, Clone)]
pub struct Faults {
    url: String,
}

impl Faults {
    pub(crate) fn of(url: &str) -> Self {
        Self { url: url.to_owned() }
    }

    /// Adds a rule, or a list of them.
    pub fn add(&self, rule: &Value) -> Result<()> {
        http("POST", &self.url, "/kintsugi/faults", "", &rule.to_string()).map(drop)
    }

    /// Forgets all rules.
    pub fn clear(&self) -> Result<()> {
        http("DELETE", &self.url, "/kintsugi/faults", "", "").map(drop)
    }

    /// How many calls the rule that holds `text` has met.
    pub fn met(&self, text: &str) -> Result<u64> {
        let rules = json(&http("GET", &self.url, "/kintsugi/faults", "", "")?)?;
        let rules = rules.as_array().into_iter().flatten();
        let mine = rules.filter(|rule| rule["match"].as_str() == Some(text));
        Ok(mine.filter_map(|rule| rule["matched"].as_u64()).sum())
    }

    /// How often the function made the call `name`, such as `ec2.RevokeSecurityGroupIngress`.
    pub fn calls(&self, name: &str) -> Result<u64> {
        let calls = json(&http("GET", &self.url, "/kintsugi/calls", "", "")?)?;
        Ok(calls["counts"][name].as_u64().unwrap_or_default())
    }
}

pub(crate) fn json(text: &str) -> Result<Value> {
    serde_json::from_str(text).map_err(|error| Trouble::new("read what an emulator said", error))
}

/// One plain request to an emulator; `headers` are whole lines. The answer's body, if it is a good one.
pub fn http(method: &str, url: &str, path: &str, headers: &str, body: &str) -> Result<String> {
    let trouble = |error: std::io::Error| Trouble::new(&format!("{method} {url}{path}"), error);
    let host = url.trim_start_matches("http://");
    let mut stream = TcpStream::connect(host).map_err(trouble)?;
    stream.set_read_timeout(Some(LIMIT * 2)).map_err(trouble)?;
    let length = body.len();
    let request = format!(
        "{method} {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n{headers}\
         Content-Length: {length}\r\n\r\n{body}"
    );
    stream.write_all(request.as_bytes()).map_err(trouble)?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer).map_err(trouble)?;
    let (head, body) = answer.split_once("\r\n\r\n").unwrap_or((&answer, ""));
    let status = head.split(' ').nth(1).unwrap_or_default();
    if status.starts_with('2') {
        Ok(body.to_owned())
    } else {
        Err(Trouble(format!("{method} {url}{path} answered {status}: {}", body.trim())))
    }
}

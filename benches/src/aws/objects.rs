//! S3: objects that are written only if they are still, or not yet, what the writer believes.

use std::collections::BTreeMap;
use std::fmt::Write;
use std::sync::Arc;

use super::Answer;
use crate::events::now;
use crate::http::Request;

#[derive(Debug, Default)]
pub(crate) struct Objects {
    /// By bucket and key, as in a path.
    kept: BTreeMap<String, Object>,
    written: u64,
}

#[derive(Debug)]
struct Object {
    bytes: Arc<Vec<u8>>,
    etag: String,
    /// What came with it and goes with it: metadata, checksum, time. Whole lines.
    headers: String,
}

impl Objects {
    pub(crate) fn get(&self, path: &str) -> Option<Arc<Vec<u8>>> {
        self.kept.get(path).map(|object| Arc::clone(&object.bytes))
    }

    /// Puts an object there, as if somebody had.
    pub(crate) fn set(&mut self, path: &str, bytes: Vec<u8>) {
        self.put(path, bytes, String::new());
    }

    pub(super) fn answer(&mut self, request: Request) -> Option<Answer> {
        let (path, _) = request.path.split_once('?').unwrap_or((&request.path, ""));
        let path = path.trim_start_matches('/').to_owned();
        let key = path.rsplit('/').next().unwrap_or_default().to_owned();
        let call = match request.method.as_str() {
            "GET" => "GetObject",
            "HEAD" => "HeadObject",
            "PUT" => "PutObject",
            _ => return None,
        };
        let action = format!("{call} {key}");
        Some(match call {
            "PutObject" => self.written(&action, &path, request),
            _ => self.read(&action, &path, &request),
        })
    }

    fn read(&self, action: &str, path: &str, request: &Request) -> Answer {
        let only_head = request.method == "HEAD";
        let Some(object) = self.kept.get(path) else {
            return Answer { only_head, ..error(action, 404, "NoSuchKey") };
        };
        let is_known = request.header("if-none-match").is_some_and(|etag| etag == object.etag);
        let etag = format!("etag: {}\r\n", object.etag);
        let (status, headers, body) = match is_known {
            // Without the checksum: there is nothing that it is of.
            true => (304, etag, Arc::default()),
            false => (200, object.headers.clone() + &etag, Arc::clone(&object.bytes)),
        };
        Answer { action: action.to_owned(), status, headers, body, only_head }
    }

    fn written(&mut self, action: &str, path: &str, mut request: Request) -> Answer {
        let there = self.kept.get(path).map(|object| object.etag.as_str());
        match (request.header("if-match"), request.header("if-none-match"), there) {
            (Some(_), _, None) => return error(action, 404, "NoSuchKey"),
            (Some(etag), _, Some(there)) if etag != there => {
                return error(action, 412, "PreconditionFailed");
            }
            (_, Some("*"), Some(_)) => return error(action, 412, "PreconditionFailed"),
            _ => {}
        }
        let is_kept =
            |name: &str| name.starts_with("x-amz-meta-") || name.starts_with("x-amz-checksum-");
        let mut headers = request
            .headers()
            .filter(|(name, _)| is_kept(name))
            .fold(String::new(), |text, (name, value)| format!("{text}{name}: {value}\r\n"));
        let mut bytes = std::mem::take(&mut request.body);
        if request.header("content-encoding").is_some_and(|coding| coding.contains("aws-chunked")) {
            let (inner, trailer) = unchunked(&bytes);
            (bytes, headers) = (inner, headers + &trailer);
        }
        let etag = self.put(path, bytes, headers);
        let headers = format!("etag: {etag}\r\n");
        Answer { headers, ..Answer::new(action, 200, "", String::new()) }
    }

    fn put(&mut self, path: &str, bytes: Vec<u8>, mut headers: String) -> String {
        self.written += 1;
        let etag = format!("\"{:032x}\"", self.written);
        let _ = write!(headers, "last-modified: {}\r\n", now().format("%a, %d %b %Y %H:%M:%S GMT"));
        let object = Object { bytes: Arc::new(bytes), etag: etag.clone(), headers };
        self.kept.insert(path.to_owned(), object);
        etag
    }
}

/// What is in chunks with a signature each, and the headers that follow the last one.
fn unchunked(mut rest: &[u8]) -> (Vec<u8>, String) {
    let mut bytes = Vec::with_capacity(rest.len());
    while let Ok(httparse::Status::Complete((line, size))) = httparse::parse_chunk_size(rest) {
        rest = rest.get(line..).unwrap_or_default();
        let size = usize::try_from(size).unwrap_or(usize::MAX);
        if size == 0 {
            break;
        }
        bytes.extend_from_slice(rest.get(..size).unwrap_or_default());
        rest = rest.get(size + 2..).unwrap_or_default();
    }
    let trailer = String::from_utf8_lossy(rest);
    let kept = trailer.lines().filter(|line| line.starts_with("x-amz-checksum-"));
    (bytes, kept.fold(String::new(), |text, line| format!("{text}{line}\r\n")))
}

fn error(action: &str, status: u16, code: &str) -> Answer {
    let body = format!("<Error><Code>{code}</Code><Message>as S3 says it</Message></Error>");
    Answer::new(action, status, "application/xml", body)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::aws::{Estate, Service, tests::asked};

    #[test]
    fn who_comes_second_is_told_and_what_is_known_is_not_sent_again() {
        let mut estate = Estate::default();
        let mut asked =
            |head: &str, body: &str| asked(&mut estate, Service::S3, &format!("{head}\r\n"), body);
        let put = "PUT /b/k.json?x-id=PutObject HTTP/1.1";
        assert_eq!(asked("GET /b/k.json HTTP/1.1", "").0, 404);
        assert_eq!(asked(&format!("{put}\r\nif-none-match: *"), "one").0, 200);
        assert_eq!(asked(&format!("{put}\r\nif-none-match: *"), "two").0, 412);
        let first = format!("\"{:032x}\"", 1);
        assert_eq!(asked(&format!("{put}\r\nif-match: {first}"), "two").0, 200);
        assert_eq!(asked(&format!("{put}\r\nif-match: {first}"), "three").0, 412);
        let (status, text) = asked("GET /b/k.json HTTP/1.1", "");
        assert!(status == 200 && text.ends_with("two"), "{text}");
        let known = format!("GET /b/k.json HTTP/1.1\r\nif-none-match: \"{:032x}\"", 2);
        assert_eq!(asked(&known, "").0, 304);
    }

    #[test]
    fn chunks_are_taken_apart() {
        let body =
            b"3;chunk-signature=a\r\nabc\r\n2\r\nde\r\n0\r\nx-amz-checksum-crc32:AA==\r\n\r\n";
        let expected = (b"abcde".to_vec(), "x-amz-checksum-crc32:AA==\r\n".to_owned());
        assert_eq!(unchunked(body), expected);
    }
}

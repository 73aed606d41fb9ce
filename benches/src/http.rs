//! As much of HTTP/1.1 as SDKs and Lambda runtimes speak, read and written on the thread that owns the connection.

use std::io::{self, Read, Write};
use std::time::Instant;

/// What goes out in one piece with its head.
const SMALL: usize = 64 * 1024;

/// A whole request, and when its last byte was here.
#[derive(Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    pub(crate) path: String,
    headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    pub(crate) at: Instant,
}

impl Request {
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_str())
    }

    pub(crate) fn headers(&self) -> impl Iterator<Item = (&str, &str)> {
        self.headers.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }
}

/// One connection: what was read beyond the last request waits in `ahead`.
#[derive(Debug)]
pub(crate) struct Connection<S> {
    stream: S,
    ahead: Vec<u8>,
}

impl<S: Read + Write> Connection<S> {
    pub(crate) const fn new(stream: S) -> Self {
        Self { stream, ahead: Vec::new() }
    }

    /// The next request, or `None` when the other side has closed.
    pub(crate) fn request(&mut self) -> io::Result<Option<Request>> {
        let Some((mut request, length)) = self.head()? else { return Ok(None) };
        request.body = match length {
            Length::Known(length) => self.take(length)?,
            Length::Chunked => self.chunks()?,
        };
        request.at = Instant::now();
        Ok(Some(request))
    }

    pub(crate) fn reply(&mut self, status: u16, headers: &str, body: &[u8]) -> io::Result<()> {
        if body.len() <= SMALL {
            self.stream.write_all(&message(status, headers, body))?;
        } else {
            self.stream.write_all(&head(status, headers, body.len()))?;
            self.stream.write_all(body)?;
        }
        self.stream.flush()
    }

    /// A reply without its body, as to HEAD.
    pub(crate) fn reply_head(&mut self, status: u16, headers: &str, body: &[u8]) -> io::Result<()> {
        self.stream.write_all(&head(status, headers, body.len()))?;
        self.stream.flush()
    }

    fn head(&mut self) -> io::Result<Option<(Request, Length)>> {
        loop {
            let mut fields = [httparse::EMPTY_HEADER; 64];
            let mut parsed = httparse::Request::new(&mut fields);
            let state = parsed.parse(&self.ahead).map_err(io::Error::other)?;
            if let httparse::Status::Complete(end) = state {
                let request = Request {
                    method: parsed.method.unwrap_or_default().to_owned(),
                    path: parsed.path.unwrap_or_default().to_owned(),
                    headers: parsed.headers.iter().map(text).collect(),
                    body: Vec::new(),
                    at: Instant::now(),
                };
                self.ahead.drain(..end);
                let length = length(&request)?;
                return Ok(Some((request, length)));
            }
            if self.fill()? == 0 {
                return Ok(None);
            }
        }
    }

    fn take(&mut self, length: usize) -> io::Result<Vec<u8>> {
        while self.ahead.len() < length {
            if self.fill()? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
        Ok(self.ahead.drain(..length).collect())
    }

    fn chunks(&mut self) -> io::Result<Vec<u8>> {
        let mut body = Vec::new();
        loop {
            match httparse::parse_chunk_size(&self.ahead) {
                Ok(httparse::Status::Complete((line, size))) => {
                    self.take(line)?;
                    let size = usize::try_from(size).map_err(io::Error::other)?;
                    body.extend(self.take(size)?);
                    self.take(2)?;
                    if size == 0 {
                        return Ok(body);
                    }
                }
                Ok(httparse::Status::Partial) => {
                    if self.fill()? == 0 {
                        return Err(io::ErrorKind::UnexpectedEof.into());
                    }
                }
                Err(_) => return Err(io::Error::other("a chunk's size is not a number")),
            }
        }
    }

    fn fill(&mut self) -> io::Result<usize> {
        let mut part = [0; 16 * 1024];
        let length = self.stream.read(&mut part)?;
        self.ahead.extend_from_slice(part.get(..length).unwrap_or_default());
        Ok(length)
    }
}

enum Length {
    Known(usize),
    Chunked,
}

fn length(request: &Request) -> io::Result<Length> {
    if request.header("transfer-encoding").is_some_and(|v| v.eq_ignore_ascii_case("chunked")) {
        return Ok(Length::Chunked);
    }
    let length = request.header("content-length").map_or(Ok(0), str::parse);
    length.map(Length::Known).map_err(io::Error::other)
}

fn text(header: &httparse::Header<'_>) -> (String, String) {
    (header.name.to_owned(), String::from_utf8_lossy(header.value).into_owned())
}

/// A response; `headers` are whole lines, each with its `\r\n`.
pub(crate) fn message(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let mut bytes = head(status, headers, body.len());
    bytes.extend_from_slice(body);
    bytes
}

fn head(status: u16, headers: &str, length: usize) -> Vec<u8> {
    format!("HTTP/1.1 {status} -\r\ncontent-length: {length}\r\n{headers}\r\n").into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn requests(bytes: &str) -> Vec<(String, String)> {
        let mut connection = Connection::new(io::Cursor::new(bytes.as_bytes().to_vec()));
        std::iter::from_fn(|| connection.request().unwrap())
            .map(|request| (request.path, String::from_utf8(request.body).unwrap()))
            .collect()
    }

    #[test]
    fn reads_one_request_after_the_other_on_a_connection() {
        let read = requests(
            "GET /next HTTP/1.1\r\n\r\nPOST /a HTTP/1.1\r\nContent-Length: 2\r\n\r\nhi\
             POST /b HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\n\r\n",
        );
        let expected = [("/next", ""), ("/a", "hi"), ("/b", "abc")];
        assert_eq!(read, expected.map(|(path, body)| (path.to_owned(), body.to_owned())));
    }
}

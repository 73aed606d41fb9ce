//! Lambda's Runtime API, the part that a function speaks: next, response, error.
//!
//! The thread of a connection takes the time when a request is whole and hands it over; whoever measures answers it.

use std::io::{self, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;
use std::time::{Duration, Instant};

use crate::Failure;
use crate::events::{ACCOUNT, REGION, since_epoch};
use crate::http::{Connection, Request, message};

pub(crate) const FUNCTION: &str = "kintsugi-ec2";
const PREFIX: &str = "/2018-06-01/runtime/";

#[derive(Debug)]
pub(crate) struct RuntimeApi {
    pub(crate) at: SocketAddr,
    calls: Receiver<Call>,
}

/// What the function asked or said; it waits for the answer.
#[derive(Debug)]
pub(crate) struct Call {
    request: Request,
    stream: TcpStream,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kind {
    Next,
    Response,
    Error,
    Unknown,
}

impl RuntimeApi {
    pub(crate) fn start() -> Result<Self, Failure> {
        let listener =
            TcpListener::bind("127.0.0.1:0").map_err(Failure::io("listen on 127.0.0.1"))?;
        let at = listener.local_addr().map_err(Failure::io("name a listener's port"))?;
        let (sender, calls) = channel();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let sender = sender.clone();
                thread::spawn(move || {
                    // A connection ends with the function that opened it: nothing to report.
                    let _ = listen(&stream, &sender);
                });
            }
        });
        Ok(Self { at, calls })
    }

    /// The function's next call, or `None` when none came in time.
    pub(crate) fn call(&self, within: Duration) -> Option<Call> {
        self.calls.recv_timeout(within).ok()
    }

    /// Forgets what a stopped function said last.
    pub(crate) fn clear(&self) {
        while self.calls.try_recv().is_ok() {}
    }
}

impl Call {
    pub(crate) fn kind(&self) -> Kind {
        let path = self.request.path.strip_prefix(PREFIX).unwrap_or_default();
        match path {
            "invocation/next" => Kind::Next,
            "init/error" => Kind::Error,
            _ if path.ends_with("/response") => Kind::Response,
            _ if path.ends_with("/error") => Kind::Error,
            _ => Kind::Unknown,
        }
    }

    /// When its last byte was here.
    pub(crate) const fn at(&self) -> Instant {
        self.request.at
    }

    pub(crate) fn body(&self) -> &[u8] {
        &self.request.body
    }

    pub(crate) fn text(&self) -> String {
        let Request { method, path, body, .. } = &self.request;
        format!("{method} {path}: {}", String::from_utf8_lossy(body))
    }

    /// Hands an event to the function that asked for one; answers when that was.
    pub(crate) fn invoke(mut self, number: u64, event: &[u8]) -> io::Result<Instant> {
        let deadline = since_epoch() + Duration::from_mins(1);
        let headers = format!(
            "content-type: application/json\r\n\
             lambda-runtime-aws-request-id: 00000000-0000-4000-8000-{number:012x}\r\n\
             lambda-runtime-deadline-ms: {}\r\n\
             lambda-runtime-invoked-function-arn: arn:aws:lambda:{REGION}:{ACCOUNT}:function:{FUNCTION}\r\n\
             lambda-runtime-trace-id: Root=1-00000000-{number:024x};Parent=0000000000000000;Sampled=0\r\n",
            deadline.as_millis(),
        );
        let bytes = message(200, &headers, event);
        let sent = Instant::now();
        self.stream.write_all(&bytes)?;
        Ok(sent)
    }

    pub(crate) fn accepted(mut self) -> io::Result<()> {
        let body = br#"{"status":"OK"}"#;
        self.stream.write_all(&message(202, "content-type: application/json\r\n", body))
    }
}

fn listen(stream: &TcpStream, sender: &Sender<Call>) -> io::Result<()> {
    stream.set_nodelay(true)?;
    let mut connection = Connection::new(stream.try_clone()?);
    while let Some(request) = connection.request()? {
        let call = Call { request, stream: stream.try_clone()? };
        if sender.send(call).is_err() {
            break;
        }
    }
    Ok(())
}

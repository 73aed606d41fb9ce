//! AWS on loopback: one listener for each service, as each has a host of its own, and a fixed time for every call.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use rustls::{ServerConfig, ServerConnection, StreamOwned};

use crate::aws::{Answer, Estate, Service};
use crate::http::Connection;
use crate::{Failure, tls};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Link {
    Http,
    Https,
}

/// One call, from its last byte read until its answer is written.
#[derive(Debug, Clone)]
pub(crate) struct Seen {
    pub(crate) action: String,
    pub(crate) status: u16,
    /// Bytes of the bodies, to the stub and from it.
    pub(crate) to: usize,
    pub(crate) back: usize,
    pub(crate) from: Instant,
    pub(crate) until: Instant,
}

#[derive(Debug)]
pub(crate) struct Stub {
    shared: Arc<Shared>,
    /// What the function finds in its environment.
    pub(crate) environment: Vec<(String, String)>,
}

#[derive(Debug, Default)]
struct Shared {
    latency: AtomicU64,
    opened: AtomicUsize,
    estate: Mutex<Estate>,
    seen: Mutex<Vec<Seen>>,
}

impl Stub {
    pub(crate) fn start(link: Link, directory: &Path) -> Result<Self, Failure> {
        let shared = Arc::new(Shared::default());
        let (config, mut environment) = match link {
            Link::Http => (None, Vec::new()),
            Link::Https => {
                let (config, authority) = tls::server()?;
                (Some(config), trust(&authority, directory)?)
            }
        };
        let scheme = if config.is_some() { "https" } else { "http" };
        for service in Service::ALL {
            let listener =
                TcpListener::bind("127.0.0.1:0").map_err(Failure::io("listen on 127.0.0.1"))?;
            let at = listener.local_addr().map_err(Failure::io("name a listener's port"))?;
            let name = format!("AWS_ENDPOINT_URL_{}", service.suffix());
            environment.push((name, format!("{scheme}://{at}")));
            let (shared, config) = (Arc::clone(&shared), config.clone());
            thread::spawn(move || accept(service, &listener, &shared, config.as_ref()));
        }
        Ok(Self { shared, environment })
    }

    /// Every call takes this long from now on.
    pub(crate) fn set_latency(&self, latency: Duration) {
        let micros = u64::try_from(latency.as_micros()).unwrap_or(u64::MAX);
        self.shared.latency.store(micros, Ordering::Relaxed);
    }

    /// The calls and the number of connections opened since the last time.
    pub(crate) fn take(&self) -> (Vec<Seen>, usize) {
        let opened = self.shared.opened.swap(0, Ordering::Relaxed);
        (std::mem::take(&mut *lock(&self.shared.seen)), opened)
    }

    /// What it keeps, while nobody is answered.
    pub(crate) fn estate(&self) -> MutexGuard<'_, Estate> {
        lock(&self.shared.estate)
    }

    pub(crate) fn unknown(&self) -> Vec<String> {
        lock(&self.shared.estate).unknown.iter().cloned().collect()
    }
}

/// `SSL_CERT_FILE` for ours, `AWS_CA_BUNDLE` for boto3.
fn trust(authority: &str, directory: &Path) -> Result<Vec<(String, String)>, Failure> {
    let path: PathBuf = directory.join("authority.pem");
    std::fs::write(&path, authority).map_err(Failure::io("write the stub's certificate"))?;
    let path = path.to_string_lossy().into_owned();
    Ok(vec![("SSL_CERT_FILE".to_owned(), path.clone()), ("AWS_CA_BUNDLE".to_owned(), path)])
}

fn accept(
    service: Service,
    listener: &TcpListener,
    shared: &Arc<Shared>,
    config: Option<&Arc<ServerConfig>>,
) {
    for stream in listener.incoming().flatten() {
        shared.opened.fetch_add(1, Ordering::Relaxed);
        let (shared, config) = (Arc::clone(shared), config.cloned());
        thread::spawn(move || {
            // A connection ends when the function closes it or is stopped: nothing to report.
            let _ = serve(service, stream, &shared, config);
        });
    }
}

fn serve(
    service: Service,
    stream: TcpStream,
    shared: &Shared,
    config: Option<Arc<ServerConfig>>,
) -> io::Result<()> {
    stream.set_nodelay(true)?;
    match config {
        None => answer_all(service, stream, shared),
        Some(config) => {
            let session = ServerConnection::new(config).map_err(io::Error::other)?;
            answer_all(service, StreamOwned::new(session, stream), shared)
        }
    }
}

fn answer_all(service: Service, stream: impl Read + Write, shared: &Shared) -> io::Result<()> {
    let mut connection = Connection::new(stream);
    while let Some(request) = connection.request()? {
        let (from, to) = (request.at, request.body.len());
        let answer = lock(&shared.estate).answer(service, request);
        let latency = Duration::from_micros(shared.latency.load(Ordering::Relaxed));
        if !latency.is_zero() {
            thread::sleep((from + latency).saturating_duration_since(Instant::now()));
        }
        let Answer { action, status, headers, body, only_head } = answer;
        let back = if only_head { 0 } else { body.len() };
        let until = Instant::now();
        lock(&shared.seen).push(Seen { action, status, to, back, from, until });
        match only_head {
            true => connection.reply_head(status, &headers, &body)?,
            false => connection.reply(status, &headers, &body)?,
        }
    }
    Ok(())
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

//! The emulators, and the stack in them: started and deployed by the Python in `tests/aws`.

use std::{
    collections::BTreeMap,
    env, fs,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use remedy::Place;

use crate::{Result, Trouble};

/// The checkout that this was built from.
const CHECKOUT: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../..");
/// More than up.py itself waits.
const START: Duration = Duration::from_secs(150);
/// How long the emulators may take to end before they are killed.
const END: Duration = Duration::from_secs(10);

/// All of them; they end when this is dropped, and when this process ends in whatever way.
#[derive(Debug)]
pub(crate) struct Emulators {
    child: Child,
    pub(crate) platform: String,
    pub(crate) estate: String,
    pub(crate) channels: String,
    logs: PathBuf,
}

impl Emulators {
    pub(crate) fn up() -> Result<Self> {
        let mut child = python("up.py")?
            // up.py stays until its standard input closes.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| Trouble::new("start tests/aws/up.py", error))?;
        let lines = lines(child.stdout.take());
        let mut said = BTreeMap::new();
        let late = Instant::now() + START;
        loop {
            match lines.recv_timeout(late.saturating_duration_since(Instant::now())) {
                Ok(line) if line == "ready" => break,
                Ok(line) => {
                    let (name, value) = line.split_once(' ').unwrap_or((&line, ""));
                    said.insert(name.to_owned(), value.to_owned());
                }
                Err(mpsc::RecvTimeoutError::Timeout) => {
                    end(&mut child, Duration::ZERO);
                    return Err(Trouble(format!("the emulators were not ready within {START:?}")));
                }
                Err(mpsc::RecvTimeoutError::Disconnected) => {
                    let why = text(child.stderr.take());
                    end(&mut child, END);
                    return Err(Trouble::new("start the emulators", why.trim()));
                }
            }
        }
        let places = ["platform", "estate", "channels", "logs"].map(|name| said.remove(name));
        let [Some(platform), Some(estate), Some(channels), Some(logs)] = places else {
            end(&mut child, END);
            return Err(Trouble("up.py did not say where the emulators are".into()));
        };
        Ok(Self { child, platform, estate, channels, logs: logs.into() })
    }

    /// Deploys `template.yaml` with the functions of this build; the stack's outputs.
    pub(crate) fn deploy(
        &self,
        stack: &str,
        place: &Place,
        parameters: &[(&str, &str)],
    ) -> Result<BTreeMap<String, String>> {
        let template = Path::new(CHECKOUT).join("template.yaml");
        let mut command = python("deploy.py")?;
        command
            .args(["--platform", &self.platform, "--stack", stack])
            .args(["--account", &place.account, "--region", &place.region])
            .arg("--template")
            .arg(template);
        let there = catalog::FUNCTIONS.iter().filter(|(_, entries)| !entries.is_empty());
        for name in there.map(|(name, _)| *name).chain(["respond", "notify", "report"]) {
            command.args(["--bootstrap", &format!("{name}={}", built(name)?.display())]);
        }
        for (key, value) in parameters {
            command.args(["--param", &format!("{key}={value}")]);
        }
        let done = command.output().map_err(|error| Trouble::new("start deploy.py", error))?;
        if !done.status.success() {
            let why = String::from_utf8_lossy(&done.stderr);
            return Err(Trouble::new("deploy the stack", why.trim()));
        }
        serde_json::from_slice(&done.stdout)
            .map_err(|error| Trouble::new("read the outputs of the stack", error))
    }

    /// Plays the cases of `tests/aws/cases` in the stack of these outputs: a line each.
    ///
    /// # Errors
    /// If one failed; then all that was said.
    pub(crate) fn play(&self, outputs: &BTreeMap<String, String>) -> Result<String> {
        let outputs = serde_json::to_string(outputs)
            .map_err(|error| Trouble::new("write the outputs of the stack", error))?;
        let mut command = python("play.py")?;
        command.args(["--platform", &self.platform, "--estate", &self.estate]);
        let done = command.args(["--outputs", &outputs]).output();
        let done = done.map_err(|error| Trouble::new("start play.py", error))?;
        let said = [done.stdout, done.stderr].concat();
        let said = String::from_utf8_lossy(&said).into_owned();
        match done.status.success() {
            true => Ok(said),
            false => Err(Trouble::new("play all cases", said)),
        }
    }

    /// What the platform said so far, and the functions in it.
    #[expect(clippy::disallowed_methods, reason = "logs are files")]
    pub(crate) fn log(&self) -> Result<String> {
        let log = self.logs.join("platform.log");
        let text = fs::read_to_string(&log);
        text.map_err(|error| Trouble::new(&format!("read {}", log.display()), error))
    }

    /// Whether all are up still; if not, why.
    pub(crate) fn check(&mut self) -> Result<()> {
        match self.child.try_wait() {
            Ok(None) => Ok(()),
            _ => Err(Trouble(format!("the emulators ended: {}", text(self.child.stderr.take())))),
        }
    }
}

impl Drop for Emulators {
    fn drop(&mut self) {
        end(&mut self.child, END);
    }
}

/// Lets the child end by itself, and kills it if it does not.
fn end(child: &mut Child, patience: Duration) {
    drop(child.stdin.take());
    let late = Instant::now() + patience;
    while matches!(child.try_wait(), Ok(None)) && Instant::now() < late {
        thread::sleep(Duration::from_millis(20));
    }
    // It may have ended meanwhile.
    let _ = child.kill();
    let _ = child.wait();
}

fn python(script: &str) -> Result<Command> {
    let checkout = Path::new(CHECKOUT);
    let python = checkout.join(".local/venv/bin/python");
    if !python.is_file() {
        let how = "make it with `python3 tests/aws/install.py`, or let `make demo` do it";
        return Err(Trouble(format!("{} is missing: {how}", python.display())));
    }
    let mut command = Command::new(python);
    command.arg(checkout.join("tests/aws").join(script)).current_dir(checkout);
    Ok(command)
}

/// A binary that was built beside this program.
pub(crate) fn built(name: &str) -> Result<PathBuf> {
    let here = env::current_exe().map_err(|error| Trouble::new("find this program", error))?;
    // A test lies in `deps`, one folder below the others.
    let built = here.ancestors().skip(1).take(2).map(|folder| folder.join(name));
    built.into_iter().find(|path| path.is_file()).ok_or_else(|| {
        let here = here.display();
        Trouble(format!("there is no program `{name}` beside {here}: cargo build --workspace"))
    })
}

/// The lines of a child's output, as they come; closed when it ends.
fn lines(from: Option<impl Read + Send + 'static>) -> mpsc::Receiver<String> {
    let (send, receive) = mpsc::channel();
    thread::spawn(move || {
        for line in from.into_iter().flat_map(|from| BufReader::new(from).lines()).flatten() {
            if send.send(line).is_err() {
                break;
            }
        }
    });
    receive
}

fn text(from: Option<impl Read>) -> String {
    let mut bytes = Vec::new();
    if let Some(mut from) = from {
        // What could not be read is not there.
        let _ = from.read_to_end(&mut bytes);
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

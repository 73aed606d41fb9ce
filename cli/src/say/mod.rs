//! What is written to the terminal, and how.

pub(crate) mod csv;
pub(crate) mod html;
pub(crate) mod paint;
pub(crate) mod problem;
pub(crate) mod table;

use std::{
    io::{self, BufRead, IsTerminal, Write},
    process::ExitCode,
};

use anstream::{AutoStream, ColorChoice};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use remedy::Timestamp;
use serde::Serialize;
use serde_json::Value;

use crate::{
    args::{Color, Global},
    fail::{Code, Fail},
};

/// What a command has to say: for people with colours, and for programs.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Said {
    pub(crate) text: String,
    pub(crate) json: Value,
    pub(crate) code: Code,
}

impl Said {
    /// `text` for people, `json` for programs.
    pub(crate) fn new(text: impl Into<String>, json: impl Serialize) -> Self {
        let json = serde_json::to_value(json).unwrap_or_default();
        Self { text: text.into(), json, code: Code::Done }
    }

    /// The same, and that something was found if `found` is so.
    pub(crate) fn found(self, found: Found) -> Self {
        let code = match found {
            Found::Something => Code::Found,
            Found::Nothing => self.code,
        };
        Self { code, ..self }
    }
}

/// Whether what was to be looked for was found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Found {
    Something,
    Nothing,
}

impl Found {
    /// Something if `found`.
    pub(crate) fn if_so(found: bool) -> Self {
        if found { Self::Something } else { Self::Nothing }
    }
}

/// Where and how it is said.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Say {
    json: bool,
    color: Color,
    /// How wide a terminal is; none where there is no terminal, and lines may be of any length.
    pub(crate) width: Option<u16>,
}

impl Say {
    pub(crate) fn of(global: &Global) -> Self {
        let terminal = io::stdout().is_terminal().then(terminal_size::terminal_size).flatten();
        let width = terminal.map(|(terminal_size::Width(width), _)| width.max(60));
        Self { json: global.json, color: global.color, width }
    }

    fn choice(self) -> ColorChoice {
        match self.color {
            Color::Auto => ColorChoice::Auto,
            Color::Always => ColorChoice::Always,
            Color::Never => ColorChoice::Never,
        }
    }

    /// Writes what a command has to say to stdout.
    pub(crate) fn out(self, said: &Said) -> ExitCode {
        let text = match self.json {
            true => serde_json::to_string_pretty(&said.json).unwrap_or_default(),
            false => said.text.trim_end().to_owned(),
        };
        let mut out = AutoStream::new(io::stdout(), self.choice());
        if text.is_empty() {
            return said.code.into();
        }
        match writeln!(out, "{text}").and_then(|()| out.flush()) {
            // Whoever reads has read enough.
            Err(error) if error.kind() == io::ErrorKind::BrokenPipe => said.code.into(),
            Err(_) => Code::Failed.into(),
            Ok(()) => said.code.into(),
        }
    }

    /// Writes why a command did not do what it was told to stderr.
    pub(crate) fn fail(self, fail: &Fail) -> ExitCode {
        self.aside(&format!("{} {fail}", paint::paint(paint::BAD, "error:")));
        fail.code().into()
    }

    /// Writes something to stderr that is not what was asked for.
    pub(crate) fn aside(self, text: &str) {
        let mut err = AutoStream::new(io::stderr(), self.choice());
        // Nobody can be told that stderr is closed.
        let _ = writeln!(err, "{text}");
    }

    /// Asks whether to go on, after it was shown what that means.
    ///
    /// # Errors
    /// If the answer is no, or nobody is there to answer.
    pub(crate) fn confirm(self, shown: &str, question: &str, yes: bool) -> Result<(), Fail> {
        if yes {
            return Ok(());
        }
        self.aside(shown.trim_end());
        if self.json || !io::stdin().is_terminal() {
            return Err(Fail::Usage(format!("{question} Nobody is there to ask: say --yes")));
        }
        let mut err = AutoStream::new(io::stderr(), self.choice());
        let _ = write!(err, "{question} [y/N] ").and_then(|()| err.flush());
        let mut answer = String::new();
        let read = io::stdin().lock().read_line(&mut answer);
        let answer = answer.trim().to_ascii_lowercase();
        match read.is_ok() && (answer == "y" || answer == "yes") {
            true => Ok(()),
            false => Err(Fail::Failed("nothing was changed: the answer was no".into())),
        }
    }

    /// A bar on stderr for what takes long, if there is a terminal.
    pub(crate) fn progress(self, what: &'static str) -> ProgressBar {
        let target = match io::stderr().is_terminal() && !self.json {
            true => ProgressDrawTarget::stderr(),
            false => ProgressDrawTarget::hidden(),
        };
        let style = ProgressStyle::with_template("{msg:32} {bar:30} {pos}/{len} {elapsed}");
        let style = style.unwrap_or_else(|_| ProgressStyle::default_bar());
        ProgressBar::with_draw_target(Some(0), target).with_style(style).with_message(what)
    }
}

/// A time to the minute.
pub(crate) fn minute(at: Timestamp) -> String {
    at.format("%Y-%m-%d %H:%M UTC").to_string()
}

/// A time to the second.
pub(crate) fn second(at: Timestamp) -> String {
    at.format("%Y-%m-%d %H:%M:%S UTC").to_string()
}

/// `3 plans`, `1 plan`.
pub(crate) fn count(number: usize, of: &str) -> String {
    match number {
        1 => format!("1 {of}"),
        _ => format!("{number} {of}s"),
    }
}

//! Why a command did not do what it was told, and how that is told to the shell.

use std::process::ExitCode;

use remedy::Wrong;

/// How a command ended, for whoever called it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Code {
    /// It did what it was told.
    Done = 0,
    /// It was refused, or failed.
    Failed = 1,
    /// It was called in a way that means nothing.
    Usage = 2,
    /// What was to be looked for was found.
    Found = 3,
}

impl From<Code> for ExitCode {
    fn from(code: Code) -> Self {
        Self::from(code as u8)
    }
}

/// Why a command did not do what it was told.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Fail {
    /// What was given means nothing.
    #[error("{0}")]
    Usage(String),
    /// AWS, the stack or a file said otherwise.
    #[error("{0}")]
    Failed(String),
}

impl Fail {
    pub(crate) fn code(&self) -> Code {
        match self {
            Self::Usage(_) => Code::Usage,
            Self::Failed(_) => Code::Failed,
        }
    }
}

impl From<runtime::Error> for Fail {
    fn from(error: runtime::Error) -> Self {
        Self::Failed(error.to_string())
    }
}

impl From<Wrong> for Fail {
    fn from(wrong: Wrong) -> Self {
        Self::Usage(wrong.to_string())
    }
}

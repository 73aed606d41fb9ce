//! What is measured: how each program is built, and how it is started.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::Failure;

const HERE: &str = env!("CARGO_MANIFEST_DIR");

/// What a program is there for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Work {
    /// It only answers.
    Nothing,
    /// It closes a security group.
    Closes,
    /// It puts an attacker on the threat list.
    Lists,
    /// It looks after the threat list.
    Sweeps,
    /// It is told of what is none of its own.
    Idles,
}

#[derive(Debug)]
pub(crate) struct Program {
    pub(crate) name: &'static str,
    pub(crate) path: PathBuf,
    pub(crate) arguments: &'static [&'static str],
    pub(crate) directory: PathBuf,
    pub(crate) work: Work,
    /// Bytes of the zip that would be deployed, for a single binary.
    pub(crate) zip: Option<u64>,
}

impl Program {
    /// Moves the binary to a fresh file in `directory`, as Lambda unpacks a zip: how a linker has written it counts
    /// in the time of a start.
    pub(crate) fn unpack(&mut self, directory: &Path) -> Result<(), Failure> {
        if self.zip.is_some() {
            let fresh = directory.join(self.name);
            fs::copy(&self.path, &fresh).map_err(Failure::io("copy a program"))?;
            (self.path, self.directory) = (fresh, directory.to_owned());
        }
        Ok(())
    }
}

/// A function that does nothing, and the functions as they are deployed, or the binaries in the folder `built`.
pub(crate) fn binaries(built: Option<&Path>) -> Result<Vec<Program>, Failure> {
    let folder = if let Some(folder) = built {
        folder.canonicalize().map_err(Failure::io("find the folder of --built"))?
    } else {
        // As `make build` does it: what the command line needs of the SDK is not in a function.
        let functions = functions()?;
        build(&functions.iter().flat_map(|name| ["--package", name]).collect::<Vec<_>>())?;
        build(&["--package", "benches", "--bin", "hello"])?;
        release()?
    };
    let all = [
        ("hello", Work::Nothing),
        ("ec2", Work::Closes),
        ("guardduty", Work::Lists),
        ("sweep", Work::Sweeps),
        ("audit", Work::Idles),
        ("compute", Work::Idles),
        ("data", Work::Idles),
        ("detect", Work::Idles),
        ("edge", Work::Idles),
        ("iam", Work::Idles),
        ("messages", Work::Idles),
        ("rds", Work::Idles),
        ("respond", Work::Idles),
        ("s3", Work::Idles),
        ("secrets", Work::Idles),
    ];
    // Of a folder that was given, what is there.
    let is_there = |name: &str| built.is_none() || folder.join(name).is_file();
    let all = all.into_iter().filter(|(name, _)| is_there(name));
    all.map(|(name, work)| binary(name, folder.join(name), work)).collect()
}

/// Another `ec2`, to be compared with ours.
pub(crate) fn before(folder: &Path) -> Result<Program, Failure> {
    let folder = folder.canonicalize().map_err(Failure::io("find the folder of --before"))?;
    let program = binary("ec2", folder.join("ec2"), Work::Closes)?;
    Ok(Program { name: BEFORE, ..program })
}

/// What the one of `--before` is called.
pub(crate) const BEFORE: &str = "ec2-before";

/// The boto3 function in an environment of its own, made on first use.
pub(crate) fn boto3() -> Result<Program, Failure> {
    let here = Path::new(HERE).join("boto3");
    let environment = Path::new(HERE).with_file_name(".local").join("bench");
    install(&here.join("requirements.lock"), &environment)?;
    Ok(Program {
        name: "boto3",
        path: environment.join("bin/python"),
        arguments: &["-m", "awslambdaric", "handler.handler"],
        directory: here,
        work: Work::Closes,
        zip: None,
    })
}

fn binary(name: &'static str, path: PathBuf, work: Work) -> Result<Program, Failure> {
    let zip = Some(zip_size(&path)?);
    let directory = path.parent().map(Path::to_owned).unwrap_or_default();
    Ok(Program { name, path, arguments: &[], directory, work, zip })
}

/// Where Cargo puts release binaries: this program is in one of its profiles' folders.
pub(crate) fn release() -> Result<PathBuf, Failure> {
    let here = std::env::current_exe().map_err(Failure::io("find the folder of this program"))?;
    let profiles = here.parent().and_then(Path::parent).unwrap_or_else(|| Path::new("target"));
    Ok(profiles.join("release"))
}

/// All that is deployed.
fn functions() -> Result<Vec<String>, Failure> {
    let folder = Path::new(HERE).with_file_name("functions");
    let folders = fs::read_dir(folder).map_err(Failure::io("look for the functions"))?;
    let packages = folders.flatten().filter(|entry| entry.path().join("Cargo.toml").exists());
    Ok(packages.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect())
}

fn build(what: &[&str]) -> Result<(), Failure> {
    eprintln!("cargo build --release {}", what.join(" "));
    let manifest = Path::new(HERE).with_file_name("Cargo.toml");
    let mut command = Command::new(env!("CARGO"));
    command.args(["build", "--release", "--manifest-path"]).arg(manifest).args(what);
    // What `cargo run` says about this package would make build scripts run again, and most of the SDK with them.
    for (name, _) in std::env::vars_os() {
        if name.to_string_lossy().starts_with("CARGO_PKG_") || name == "CARGO_MANIFEST_DIR" {
            command.env_remove(name);
        }
    }
    run(&mut command, "look at Cargo's words above")
}

fn install(lock: &Path, environment: &Path) -> Result<(), Failure> {
    let wanted = fs::read(lock).map_err(Failure::io("read requirements.lock"))?;
    let done = environment.join("requirements.lock");
    if fs::read(&done).is_ok_and(|there| there == wanted) {
        return Ok(());
    }
    eprintln!("installing boto3 and awslambdaric into {} (once)", environment.display());
    let hint = "boto3's side needs Python 3.9 or newer with venv and pip; or pass --no-boto3";
    run(Command::new("python3").args(["-m", "venv", "--clear"]).arg(environment), hint)?;
    let pip = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement"];
    run(Command::new(environment.join("bin/python")).args(pip).arg(lock), hint)?;
    fs::write(&done, wanted).map_err(Failure::io("mark the Python environment as whole"))
}

fn run(command: &mut Command, hint: &str) -> Result<(), Failure> {
    let says = match command.status() {
        Ok(status) if status.success() => return Ok(()),
        Ok(status) => status.to_string(),
        Err(error) => error.to_string(),
    };
    Err(Failure::Setup(format!("{command:?}: {says}; {hint}")))
}

/// One deflated file, its local header, its directory entry and the end record.
fn zip_size(path: &Path) -> Result<u64, Failure> {
    let bytes = fs::read(path).map_err(Failure::io("read the binary that is to be measured"))?;
    let deflated = miniz_oxide::deflate::compress_to_vec(&bytes, 6).len();
    Ok((deflated + 30 + 46 + 22 + 2 * "bootstrap".len()) as u64)
}

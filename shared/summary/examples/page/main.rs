//! Writes made-up reports as pages and as JSON: `cargo run --example page -p summary -- OUT_DIR`. The browser's tests
//! look at them, and the pictures in the docs are of them.

mod sample;

use std::error::Error;
use std::path::Path;

use summary as model;

fn main() -> Result<(), Box<dyn Error>> {
    let folder = std::env::args().nth(1).ok_or("usage: page OUT_DIR")?;
    let folder = Path::new(&folder);
    std::fs::create_dir_all(folder)?;
    for (name, report) in [
        ("quarter", sample::quarter()),
        ("hostile", sample::hostile()),
        ("nothing", sample::nothing()),
        ("large", sample::large()),
    ] {
        std::fs::write(folder.join(format!("{name}.html")), summary::page::html(&report))?;
        std::fs::write(folder.join(format!("{name}.json")), report.json()?)?;
    }
    Ok(())
}

//! What those who write policies need: a schema, a check, a comparison, and tests of their own.
//!
//! Schema and validation take more time and memory than all the rest; functions that only decide do
//! without them.

mod cases;
mod check;
mod diff;
mod schema;
mod statement;

pub use cases::{Cases, Expect, Outcome};
pub use check::{Checked, Problem, check};
pub use diff::{Edit, diff};
pub use schema::{schema, schema_text};

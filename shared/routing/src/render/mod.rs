//! What is said, in the form that each channel takes.
//!
//! All channels show the same sheet: a title, facts, parts, and what names it. Text from outside is made
//! harmless there for all of them; what a channel reads as markup, it escapes itself.

pub mod backlog;
pub mod chat;
pub mod jira;
pub mod mail;
pub mod slack;
pub mod webhook;

mod adf;
#[cfg(test)]
mod expected;
#[cfg(test)]
mod sample;
mod sheet;
mod text;
mod words;

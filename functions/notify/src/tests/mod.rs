//! What goes over the wire, and what is made of what comes back.

mod advice;
mod channels;
mod expression;
mod given;
mod hub;
mod intake;
mod races;
mod settings;
mod slack;
mod telling;
mod tick;
mod tickets;
mod world;

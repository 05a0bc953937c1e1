//! Reads the headstamps of cartridge cases from photographs.
//!
//! The way of the data is one module a step: [`photo`] ▶ [`head`] ▶ [`strip`] ▶ [`marks`] ▶ [`proposals`] with
//! [`registry`], tied together by [`reader`] and written as [`record`]. `ARCHITECTURE.md` has the picture.

pub mod head;
pub mod marks;
pub mod strip;
pub mod synth;

//! Reads the headstamps of cartridge cases from photographs.
//!
//! The way of the data is one module a step: [`photo`] ▶ [`head`] ▶ [`strip`] ▶ [`marks`] ▶ [`proposals`] with
//! [`registry`], tied together by [`reader`] and written as [`record`]. `ARCHITECTURE.md` has the picture.

pub mod annotate;
pub mod batch;
pub mod catalogue;
pub mod cli;
mod draw;
pub mod error;
pub mod evaluate;
pub mod head;
pub mod looks;
pub mod marks;
pub mod model;
pub mod output;
pub mod photo;
pub mod pipeline;
pub mod proposals;
pub mod reader;
pub mod record;
pub mod registry;
pub mod review;
pub mod strip;
pub mod synth;

//! Reads the headstamps of cartridge cases from photographs.
//!
//! The way of the data is one module a step: [`photo`] ▶ [`head`] ▶ [`strip`] ▶ [`marks`] ▶ [`proposals`] with
//! [`registry`], tied together by [`reader`] and written as [`record`]. `ARCHITECTURE.md` has the picture.

pub mod annotate;
pub mod batch;
pub mod catalogue;
pub mod channel;
pub mod check;
pub mod cli;
pub mod confidence;
pub mod dataset;
mod draw;
pub mod ellipse;
pub mod error;
pub mod evaluate;
pub mod exchange;
pub mod head;
mod html;
pub mod labels;
pub mod list;
pub mod looks;
pub mod marks;
pub mod model;
pub mod networks;
pub mod notation;
pub mod output;
pub mod page;
pub mod photo;
mod pictures;
pub mod pipeline;
pub mod printable;
pub mod proposals;
pub mod reader;
pub mod record;
pub mod registry;
pub mod report;
pub mod review;
mod sample;
pub mod strip;
pub mod synth;
pub mod together;

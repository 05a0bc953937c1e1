//! Entries and their evidence for others: workbooks, Parquet, and bundles that can be verified without the catalogue.
//!
//! [`xlsx`] writes workbooks and [`workbook`] turns what comes back into the one form in which lists are read; [`parquet`] is
//! for programs; [`bundle`] holds photographs, entries and the chain of decisions together, whole or redacted; [`sign`] signs
//! the end of a chain.

pub mod bundle;
mod hashing;
pub mod manifest;
pub mod parquet;
pub mod proof;
pub mod redact;
pub mod sign;
pub mod workbook;
pub mod xlsx;

//! A catalogue as a published result: tables, figures, comparison and evidence, each number with what it counts.
//!
//! [`study`] turns entries into rows of numbers, [`tables`] counts them, [`figure`] draws, [`page`] puts all on one page,
//! [`files`] writes it with what lies beside it; [`compare`] holds catalogues against each other, [`case`] shows all there is
//! of one case.

pub mod case;
pub mod chosen;
pub mod compare;
pub mod figure;
pub mod files;
pub mod labels;
pub mod page;
mod shell;
pub mod study;
pub mod table;
pub mod tables;
#[cfg(test)]
mod tests;
mod thumbnails;

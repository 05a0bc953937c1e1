//! What marks mean: codes of makers as data, with their sources, and what they say of a headstamp.

mod calibres;
mod codes;
mod interpret;
mod years;

pub use calibres::calibre;
pub use codes::{Code, Registry};
pub use interpret::Meaning;

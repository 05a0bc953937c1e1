//! What marks mean: codes, calibres and states as data, with their sources, and what they say of a headstamp.
//!
//! [`Registry::interpret`] takes the elements of a headstamp apart (`tokens`), makes every [`Hypothesis`](weigh::Hypothesis)
//! of maker and year, weighs each (`weigh`), and ranks what remains (`interpret`). The rules are those of the conventions
//! that collectors and the tracing study follow; what they rest on is said with every answer.

mod calibres;
mod code;
mod fit;
mod index;
mod interpret;
mod layout;
mod load;
mod names;
mod neighbours;
mod roles;
mod says;
mod states;
mod summary;
mod table;
mod tokens;
mod tradition;
mod variety;
mod weigh;
mod weights;
mod words;
mod years;

pub use calibres::{Calibre, CalibreRow, Calibres};
pub use code::Code;
pub use index::Registry;
pub use interpret::{Dating, Interpretation, Meaning, SETTLED};
pub use layout::Layout;
pub use load::COLUMNS;
pub use names::{Confidence, Kind, Script, YearFormat};
pub use neighbours::Neighbour;
pub use roles::Role;
pub use summary::{Summary, country_name};
pub use tradition::Tradition;
pub use variety::Variety;
pub use weigh::Reason;
pub use words::maker_words;

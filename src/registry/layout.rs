//! How a maker's heads are laid out, as a pattern of tokens round the ring.

use super::names::YearFormat;
use std::fmt;

/// What stands at one place of a pattern.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Slot {
    /// The maker's mark itself.
    Maker,
    /// The year.
    Year(YearFormat),
    /// A calibre.
    Calibre,
    /// A small number: a month, a quarter, a lot.
    Number,
    /// What the case is made of.
    Metal,
    /// The NATO mark.
    Nato,
    /// A star.
    Star,
    /// A model, a grade or a propellant.
    Model,
    /// Anything, and any number of it.
    Rest,
}

const NAMES: [(&str, Slot); 16] = [
    ("M", Slot::Maker),
    ("yy", Slot::Year(YearFormat::Yy)),
    ("yyyy", Slot::Year(YearFormat::Yyyy)),
    ("0yy", Slot::Year(YearFormat::Oyy)),
    ("d", Slot::Year(YearFormat::Digit)),
    ("y", Slot::Year(YearFormat::Letter)),
    ("cal", Slot::Calibre),
    ("n", Slot::Number),
    ("metal", Slot::Metal),
    ("⊕", Slot::Nato),
    ("*", Slot::Star),
    ("model", Slot::Model),
    ("grade", Slot::Model),
    ("propellant", Slot::Model),
    ("...", Slot::Rest),
    ("…", Slot::Rest),
];

/// A pattern: slots in clockwise order, starting anywhere. `yy-n` is two of them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Layout(pub(super) Vec<Slot>);

impl std::str::FromStr for Layout {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let slot = |word: &str| {
            let known = NAMES.iter().find(|(name, _)| *name == word).map(|(_, slot)| *slot);
            known.ok_or_else(|| {
                format!("`{word}` is no part of a layout; those are M yy yyyy 0yy d y cal n metal ⊕ * model ...")
            })
        };
        let slots: Vec<Slot> =
            text.split(|c: char| c.is_whitespace() || c == '-').map(slot).collect::<Result<_, _>>()?;
        if slots.iter().filter(|s| **s == Slot::Maker).count() > 1 {
            return Err("a layout names its own mark M once".into());
        }
        Ok(Self(slots))
    }
}

impl fmt::Display for Layout {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (i, slot) in self.0.iter().enumerate() {
            let name = NAMES.iter().find(|(_, s)| s == slot).map_or("", |(name, _)| name);
            write!(f, "{}{name}", if i == 0 { "" } else { " " })?;
        }
        Ok(())
    }
}

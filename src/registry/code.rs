//! One row of the registry: one meaning of one mark.

use super::layout::Layout;
use std::fmt;

/// Declares an enumeration whose values are written in the data by name.
macro_rules! named {
    ($(#[$doc:meta])* $name:ident { $($(#[$vdoc:meta])* $variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum $name { $($(#[$vdoc])* $variant),+ }

        impl $name {
            /// Every value, in order.
            pub const ALL: &[Self] = &[$(Self::$variant),+];

            /// As it is written in the data and in JSON.
            pub fn name(self) -> &'static str {
                match self { $(Self::$variant => $text),+ }
            }

            /// The value of a name.
            pub fn parse(text: &str) -> Option<Self> {
                Self::ALL.iter().copied().find(|v| v.name() == text)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.name())
            }
        }

        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
                s.serialize_str(self.name())
            }
        }
    };
}

named! {
    /// What a mark names.
    Kind {
        /// A maker's works.
        Factory = "factory",
        /// A name that goods are sold under, whoever made them.
        Brand = "brand",
        /// A state, without saying which works.
        State = "state",
        /// A year that is not written in digits, or one year's own mark.
        Year = "year",
        /// A calibre.
        Calibre = "calibre",
        /// What the case is made of.
        Metal = "metal",
        /// The NATO mark.
        Nato = "nato",
        /// Whose property it is, such as the broad arrow.
        Property = "property",
        /// The model of the cartridge.
        Model = "model",
        /// The grade, such as match.
        Grade = "grade",
        /// The powder.
        Propellant = "propellant",
        /// Decoration, or what parts elements.
        Ornament = "ornament",
        /// A maker known for bearing no mark of its own. The mark is `-`.
        Unmarked = "unmarked",
    }
}

impl YearFormat {
    /// Whether a number is thought to be such a year without a maker who is known to write it so.
    pub fn is_usual(self) -> bool {
        matches!(self, Self::Yy | Self::Yyyy | Self::Oyy | Self::Letter)
    }
}

impl Kind {
    /// Whether it can answer who made a cartridge.
    pub fn names_maker(self) -> bool {
        matches!(self, Self::Factory | Self::Brand)
    }

    /// Whether it can answer where a cartridge was made, if nothing else does.
    pub fn names_state(self) -> bool {
        matches!(self, Self::State | Self::Property | Self::Year)
    }
}

named! {
    /// The script that a mark is stamped in.
    Script {
        /// Latin letters.
        Latin = "latin",
        /// The digits 0 to 9.
        Digits = "digits",
        /// Cyrillic letters.
        Cyrillic = "cyrillic",
        /// Greek letters.
        Greek = "greek",
        /// Arabic-Indic or Persian digits.
        ArabicIndic = "arabic-indic",
        /// Arabic letters.
        Arabic = "arabic",
        /// Hebrew letters.
        Hebrew = "hebrew",
        /// Chinese characters.
        Chinese = "chinese",
        /// A symbol.
        Symbol = "symbol",
        /// Several of these.
        Mixed = "mixed",
    }
}

named! {
    /// On whose word a meaning stands. The order is from weak to strong.
    Confidence {
        /// Collectors know it; no source was read.
        CollectorReport = "collector-report",
        /// A source names the maker; that this is its mark is background knowledge.
        Likely = "likely",
        /// A source that was read says so.
        Documented = "documented",
    }
}

named! {
    /// How a year is stamped.
    YearFormat {
        /// Two digits.
        Yy = "yy",
        /// Four digits.
        Yyyy = "yyyy",
        /// Three digits, the thousand and all but the last nought left out: `012`; or the thousand alone: `943`.
        Oyy = "0yy",
        /// One digit, for a year of the 1940s.
        Digit = "digit",
        /// A letter or a word that stands for a year.
        Letter = "letter",
        /// Years of the Republic of China.
        Roc = "roc",
        /// Ottoman financial years.
        Rumi = "rumi",
        /// Persian solar years.
        Solar = "solar",
        /// Islamic lunar years.
        Hijri = "hijri",
        /// Years of the Buddhist era.
        Buddhist = "buddhist",
        /// Heads of this maker bear no year.
        None = "none",
    }
}

/// One meaning of one mark.
#[derive(Debug, Clone, PartialEq)]
pub struct Code {
    /// The mark as it is stamped, in the notation; `-` where there is none.
    pub mark: String,
    /// What it names.
    pub kind: Kind,
    /// The script it is stamped in.
    pub script: Script,
    /// Today's country, ISO 3166 two letters; empty where a mark belongs to none.
    pub iso2: String,
    /// The state at the time; empty where a mark belongs to none.
    pub state_at_time: String,
    /// The maker, or what the mark means.
    pub factory: String,
    /// Where it is.
    pub place: String,
    /// Calibres attested.
    pub calibres: Vec<String>,
    /// First year attested.
    pub year_from: Option<i32>,
    /// Last year attested.
    pub year_to: Option<i32>,
    /// How years are stamped; empty where it is not known.
    pub year_formats: Vec<YearFormat>,
    /// How heads are laid out; empty where it is not known.
    pub layouts: Vec<Layout>,
    /// How well this is known.
    pub confidence: Confidence,
    /// The source.
    pub source: String,
    /// What else there is to say.
    pub note: String,
    /// Whether the user's own registry says it; such rows take precedence.
    pub own: bool,
    pub(super) facts: Facts,
}

/// What follows from a row and the other tables, worked out once.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct Facts {
    /// Rows of one maker under one state have the same number.
    pub maker: u32,
    /// The time of the state, where it is limited.
    pub state: Option<(i32, i32)>,
    /// The families of its calibres, a bit each.
    pub families: u32,
    /// Signs of the mark.
    pub length: usize,
}

impl Code {
    /// The source with how good it is.
    pub fn cited(&self) -> String {
        format!("{} ({})", self.source, self.confidence)
    }

    /// Maker and place on one line, as far as known.
    pub fn maker(&self) -> String {
        match (self.factory.is_empty(), self.place.is_empty()) {
            (false, false) if !self.factory.contains(&self.place) => format!("{}, {}", self.factory, self.place),
            (true, _) => self.place.clone(),
            _ => self.factory.clone(),
        }
    }

    /// The years attested, as people write them: `1941–1988`, `from 1992`, or nothing.
    pub fn years(&self) -> String {
        match (self.year_from, self.year_to) {
            (Some(a), Some(b)) if a == b => a.to_string(),
            (Some(a), Some(b)) => format!("{a}–{b}"),
            (Some(a), None) => format!("from {a}"),
            (None, Some(b)) => format!("until {b}"),
            (None, None) => String::new(),
        }
    }
}

//! What is written in the registry by name.

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

//! Which cartridges are of one variety: the same calibre and the same headstamp.

use super::interpret::Interpretation;
use std::fmt;

/// The key of a variety. It depends on what is stamped and on the calibre alone: not on where reading started, nor on the
/// camera, the spelling of the calibre, or whose codes are known.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Variety {
    /// The calibre by its usual name; `None` where it is neither stamped nor told.
    pub calibre: Option<String>,
    /// The headstamp's key.
    pub headstamp: String,
}

impl fmt::Display for Variety {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.calibre.as_deref().unwrap_or("?"), self.headstamp)
    }
}

impl Interpretation<'_> {
    /// The variety of the headstamp with the calibre that it was interpreted with.
    pub fn variety(&self) -> Variety {
        Variety { calibre: self.calibre().map(|c| c.name.to_string()), headstamp: self.headstamp.variety_key() }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Registry;

    #[test]
    fn other_codes_another_start_and_another_spelling_make_no_other_variety() {
        let own = "mark,kind,script,iso2,state_at_time,factory,calibres,year_from,year_to,year_format,confidence,source\n\
                   FN,factory,latin,SE,Sweden,,6.5x55,,,yy,likely,mine\n";
        let (ours, theirs) = (Registry::embedded(), Registry::with_table(own).unwrap());
        let variety = |registry: &Registry, written: &str, calibre| {
            let headstamp = written.parse().unwrap();
            registry.interpret(&headstamp, calibre).variety().to_string()
        };
        assert_eq!(variety(&ours, "⊕_77_FN", Some("7.62x51")), variety(&theirs, "77_FN_⊕", Some("7.62 X 51")));
        assert_eq!(variety(&ours, "FC_9MM LUGER", None), variety(&theirs, "9MM LUGER_•_FC", Some("9x19")));
        assert_ne!(variety(&ours, "17_88", Some("7.62x39")), variety(&ours, "17_88", Some("7.62x54R")));
        assert_eq!(variety(&ours, "17_88", None), "? 17_88");
    }
}

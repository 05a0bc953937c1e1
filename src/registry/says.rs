//! Reasons in plain words.

use super::interpret::{Dating, Interpretation, Meaning};
use super::weigh::Reason;

impl Interpretation<'_> {
    /// What speaks for a meaning and what against it, the weightiest first.
    pub fn said(&self, meaning: &Meaning) -> (Vec<String>, Vec<String>) {
        let (mut pro, mut con) = (Vec::new(), Vec::new());
        for (weight, reason) in self.evidence(meaning) {
            if let Some(text) = self.say(meaning, reason) {
                if weight > 1.0 { &mut pro } else { &mut con }.push(text);
            }
        }
        (pro, con)
    }

    fn say(&self, meaning: &Meaning, reason: Reason) -> Option<String> {
        let code = meaning.code;
        let mark = &code.mark;
        let years = code.years();
        let word = |i: usize| self.word(i);
        Some(match reason {
            Reason::Own => "your own registry says so".into(),
            Reason::Source(confidence) => match confidence {
                super::Confidence::Documented => return None,
                super::Confidence::Likely => format!("that `{mark}` is this maker's mark is background knowledge"),
                super::Confidence::CollectorReport => "collectors' knowledge, no source was read".into(),
            },
            Reason::Brand => format!("`{mark}` is a brand: another may have made it"),
            Reason::Sign => format!("`{mark}` names the state, not the works"),
            Reason::Spelling => format!("the mark is written `{mark}`"),
            Reason::Unmarked => "this maker is known for heads without a mark of its own".into(),
            Reason::Common => format!("`{mark}` alone is met in other meanings too"),
            Reason::OneLetter => format!("one letter, `{mark}`, is all that names the maker"),
            Reason::Place => format!("`{mark}` does not stand first"),
            Reason::InYears(year) => format!("{year} lies in the years attested, {years}"),
            Reason::OutOfYears(by) => format!("{by} years outside those attested, {years}"),
            Reason::NoState(year) => format!("{} did not exist in {year}", code.state_at_time),
            Reason::NoCalibreYet(year) => format!("this calibre was not made in {year}"),
            Reason::Format => {
                let usual: Vec<_> = code.year_formats.iter().map(|f| f.name()).collect();
                if usual.is_empty() {
                    "how this maker writes the year is not known".into()
                } else {
                    format!("this maker's years are written {}", usual.join(" or "))
                }
            }
            Reason::Rare(year) => format!("cartridges of {year} are met less often than of other years"),
            Reason::Twice => "the number taken for the year stands there twice".into(),
            Reason::YearUnused => "a number that could be the year stays without a meaning".into(),
            Reason::NoYear => "this maker's heads bear a year".into(),
            Reason::Layout => {
                format!("laid out as this maker's: {}", joined(code.layouts.iter().map(ToString::to_string), " or "))
            }
            Reason::OtherLayout => {
                format!(
                    "this maker's heads are laid out {}",
                    joined(code.layouts.iter().map(ToString::to_string), " or ")
                )
            }
            Reason::Calibre => format!("{} is attested for this maker", self.calibre_name()),
            Reason::Family => format!("{} is not attested, but calibres of its kind are", self.calibre_name()),
            Reason::OtherCalibre => {
                format!("attested for {}, not for {}", joined(code.calibres.iter().cloned(), ", "), self.calibre_name())
            }
            Reason::Agrees(sign) => format!("`{}` agrees: {}, {}", sign.mark, sign.kind, sign.state_at_time),
            Reason::Contradicts(sign) => format!("`{}` is known as {}, {}", sign.mark, sign.kind, sign.state_at_time),
            Reason::Nato => "the NATO mark agrees".into(),
            Reason::NotNato => "the NATO mark is not this maker's".into(),
            Reason::OtherMaker(i) => format!("`{}` is a maker's mark as well", word(i)),
            Reason::Unexplained(i) => format!("`{}` stays without a meaning", word(i)),
        })
    }

    fn calibre_name(&self) -> &str {
        self.calibre().map_or("the calibre", |c| &c.name)
    }

    /// The year of a meaning, in plain words.
    pub fn say_year(&self, year: Dating) -> String {
        match year {
            Dating::Year { value, .. } => value.to_string(),
            Dating::Absent => "bears no year".into(),
            Dating::NotLegible(_) => "year not legible".into(),
            Dating::Open => "year open".into(),
        }
    }
}

fn joined(parts: impl Iterator<Item = String>, with: &str) -> String {
    parts.map(|p| if p.is_empty() { "nothing".into() } else { p }).collect::<Vec<_>>().join(with)
}

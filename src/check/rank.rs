//! All reasons of an entry, and how probable they make it that something in it is wrong.

use super::company::Company;
use super::marks::{self, Against, FEATURES};
use super::meaning::{self, Sayings};
use super::photographs;
use super::reason::{Reason, Signal, TOLD};
use super::slips::Forms;
use super::subject::{Glance, Seen, Subject};
use crate::catalogue::Field;
use crate::catalogue::fields::{NOT_LEGIBLE, is_stamped};
use crate::channel::{Fault, Ring, fit_either_way_up as fit};
use crate::record::HeadRecord;
use crate::registry::Registry;

/// Most marks that part from an entry and are told.
const MOST_FAULTS: usize = 3;
/// How probable it is that a head was entered as not legible by mistake, as a share of how sure it is read.
const LEGIBLE: f64 = 0.5;

/// What was found of an entry.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Finding {
    /// How probable it is that something in it is wrong, 0..1.
    pub wrong: f64,
    /// Why, the weightiest first.
    pub reasons: Vec<Reason>,
    /// The entry against the marks, where there are some.
    pub features: Option<[f32; FEATURES]>,
}

impl Finding {
    /// The values that would be right, as far as that is known: by field, those of the weightiest reasons first, each once.
    pub fn instead(&self) -> Vec<(Field, &str)> {
        let mut all = Vec::new();
        for reason in &self.reasons {
            if let (Some(field), Some(text)) = (reason.signal.field(), reason.instead.as_deref())
                && !all.contains(&(field, text))
            {
                all.push((field, text));
            }
        }
        all
    }
}

/// Knows all entries at a glance, and looks at one after the other.
pub struct Checker<'r> {
    registry: &'r Registry,
    company: Company,
    forms: Forms,
    sayings: Sayings,
}

impl<'r> Checker<'r> {
    /// Of all entries that are held beside one another.
    pub fn of(all: &[Glance], registry: &'r Registry) -> Self {
        let company = Company::of(all.iter().map(|g| g.headstamp.as_str()).filter(|h| is_stamped(h)));
        let mut sayings = Sayings::default();
        all.iter().for_each(|g| sayings.hear(g));
        Self { registry, forms: Forms::of(&company), company, sayings }
    }

    /// Looks at an entry.
    pub fn check(&self, subject: &Subject) -> Finding {
        let values = &subject.entry.values;
        let said = Glance::of(values);
        let mut reasons = photographs::reasons(subject);
        let mut features = None;
        if let Seen::Heads(heads) = &subject.seen {
            if said.headstamp == NOT_LEGIBLE {
                reasons.extend(legible(heads));
            } else if let Some((against, wrong)) = self.against(heads, &said.headstamp) {
                features = Some(against.features);
                reasons.push(of_marks(&against, wrong));
            }
        }
        if is_stamped(&said.headstamp) {
            reasons.extend(meaning::reasons(&said, values, self.registry, &self.sayings));
            reasons.extend(self.forms.reasons(&said.headstamp, features.is_some(), &self.company));
        }
        reasons.sort_by(|a, b| b.wrong.total_cmp(&a.wrong));
        let right: f64 = reasons.iter().map(|r| 1.0 - r.wrong).product();
        reasons.retain(|r| r.wrong >= TOLD);
        Finding { wrong: 1.0 - right, reasons, features }
    }

    /// The head that fits the entry best, and how probable it is that the entry is wrong by its marks.
    fn against(&self, heads: &[HeadRecord], headstamp: &str) -> Option<(Against, f64)> {
        let ring = Ring::of(headstamp)?;
        let best = |h: &&HeadRecord| fit(&h.marks, &ring).each;
        let head = match heads {
            [one] => one,
            several => several.iter().filter(|h| !h.marks.is_empty()).max_by(|a, b| best(a).total_cmp(&best(b)))?,
        };
        let against = marks::against(head, headstamp, &self.company)?;
        let wrong = marks::wrong(&against.features);
        Some((against, wrong))
    }
}

/// Whether a head can be read after all.
fn legible(heads: &[HeadRecord]) -> Option<Reason> {
    let first = heads
        .iter()
        .filter_map(|h| h.proposals.first())
        .max_by(|a, b| a.confidence.partial_cmp(&b.confidence).unwrap_or(std::cmp::Ordering::Equal))?;
    let sure = first.confidence?;
    let text = format!("entered as not legible; it reads {} ({sure:.2})", first.headstamp);
    Some(Reason {
        signal: Signal::Marks,
        wrong: f64::from(sure) * LEGIBLE,
        text,
        instead: Some(first.headstamp.clone()),
    })
}

/// What the marks say against an entry.
fn of_marks(against: &Against, wrong: f64) -> Reason {
    let faults: Vec<String> = against.fit.faults.iter().take(MOST_FAULTS).map(said).collect();
    let more = against.fit.faults.len().saturating_sub(MOST_FAULTS);
    let more = if more > 0 { format!("; and {more} more") } else { String::new() };
    let text = match &against.rival {
        Some(rival) => format!("the marks fit {rival} better: {}{more}", faults.join("; ")),
        None => format!("the marks do not fit: {}{more}", faults.join("; ")),
    };
    let instead = against.rival.clone();
    Reason { signal: Signal::Marks, wrong, text: text.trim_end_matches(": ").to_owned(), instead }
}

/// Where marks and entry part, in words.
fn said(fault: &Fault) -> String {
    match fault {
        Fault::Reads { nth, seen, wanted, probability } => {
            format!("mark {nth} reads {seen}, not {wanted} ({probability:.2})")
        }
        Fault::Missed { nth, wanted } => format!("mark {nth}, {wanted}, is not seen"),
        Fault::TooMany { seen } => format!("there is {seen}, which it does not have"),
    }
}

//! What became of a labelled head, in one word.

use super::Label;
use super::align::Alignment;
use crate::notation::same::characters;
use crate::record::HeadRecord;

/// Greatest distance of a rim's centre from the label's at which the ring counts as unrolled straight, in radii: half the
/// height of usual marks, and more than labels of slanted heads, which are circles, are off themselves.
pub const CENTRE_OFF: f32 = 0.12;
/// Greatest size of a rim against the label's, and its inverse the least: for the same reasons.
pub const SIZE_OFF: f32 = 1.12;
/// What taking elements upside down must at least explain to count as the reason: two characters, so that one that
/// happens to look like another does not, and half of all that differ.
const TURNED_GAIN: usize = 2;

/// What became of a labelled head. Every one is of exactly one kind.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// No head was found there.
    NotLocated,
    /// Found, but centre or size are so far off that the ring unrolls askew; and not read right.
    BadlyRectified,
    /// Nothing was proposed, although a person can read it.
    Declined,
    /// Read with fewer marks than there are.
    Missed,
    /// Read with marks taken for others.
    Confused,
    /// Read with marks that are not there.
    Invented,
    /// Read the wrong way up.
    WrongDirection,
    /// All characters are right, but not their order or grouping.
    WronglyAssembled,
    /// Right, but not as first proposal.
    AmongFive,
    /// Exactly right as first proposal.
    Right,
    /// Something was proposed, although nobody can read it.
    IllegibleProposed,
    /// Nobody can read it, and nothing was proposed.
    IllegibleDeclined,
}

impl Kind {
    /// All kinds, in the order in which they are told of: the way of the data, then what went right.
    pub const ALL: [Self; 12] = [
        Self::NotLocated,
        Self::BadlyRectified,
        Self::Declined,
        Self::Missed,
        Self::Confused,
        Self::Invented,
        Self::WrongDirection,
        Self::WronglyAssembled,
        Self::AmongFive,
        Self::Right,
        Self::IllegibleProposed,
        Self::IllegibleDeclined,
    ];

    /// The name, as it stands in JSON and in links.
    pub fn key(self) -> &'static str {
        match self {
            Self::NotLocated => "not_located",
            Self::BadlyRectified => "badly_rectified",
            Self::Declined => "declined",
            Self::Missed => "marks_missed",
            Self::Confused => "marks_confused",
            Self::Invented => "marks_invented",
            Self::WrongDirection => "wrong_direction",
            Self::WronglyAssembled => "wrongly_assembled",
            Self::AmongFive => "right_among_five",
            Self::Right => "right",
            Self::IllegibleProposed => "illegible_proposed",
            Self::IllegibleDeclined => "illegible_declined",
        }
    }

    /// The name for people.
    pub fn title(self) -> &'static str {
        match self {
            Self::NotLocated => "not located",
            Self::BadlyRectified => "badly rectified",
            Self::Declined => "declined",
            Self::Missed => "marks missed",
            Self::Confused => "marks confused",
            Self::Invented => "marks invented",
            Self::WrongDirection => "wrong direction",
            Self::WronglyAssembled => "wrongly assembled",
            Self::AmongFive => "right among five",
            Self::Right => "right",
            Self::IllegibleProposed => "illegible, proposed for",
            Self::IllegibleDeclined => "illegible, declined",
        }
    }

    /// What it means, in a sentence.
    pub fn meaning(self) -> &'static str {
        match self {
            Self::NotLocated => "No head was found within half a radius of the label's centre.",
            Self::BadlyRectified => {
                "Found, but the rim's centre is off by more than 0.12 radii or its size by more than 12 %, and not read \
                 right."
            }
            Self::Declined => "A person can read it; nothing was proposed.",
            Self::Missed => "More characters of the label have no counterpart than are confused or invented.",
            Self::Confused => "Most of what differs is one character read as another.",
            Self::Invented => "Most of what differs is characters read where the label has none.",
            Self::WrongDirection => "The label's text matches once an element is turned upside down.",
            Self::WronglyAssembled => "All characters are right; their order or grouping is not.",
            Self::AmongFive => "Exactly right among the first five proposals, but not the first.",
            Self::Right => "The first proposal is exactly right.",
            Self::IllegibleProposed => "Nobody can read it, yet something was proposed.",
            Self::IllegibleDeclined => "Nobody can read it, and nothing was proposed: as it should be.",
        }
    }

    /// Whether it is as it should be.
    pub fn is_well(self) -> bool {
        matches!(self, Self::Right | Self::IllegibleDeclined)
    }
}

/// How far a rim is from the label's: the centre in radii, and the factor of the size.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Offset {
    /// Distance of the centres, in radii of the label.
    pub centre: f32,
    /// Mean radius over that of the label.
    pub size: f32,
}

impl Offset {
    /// Of a head from its label.
    pub fn of(head: &HeadRecord, label: &Label) -> Self {
        let r = label.r.max(f32::MIN_POSITIVE);
        let centre = (head.ellipse.cx - label.x).hypot(head.ellipse.cy - label.y) / r;
        Self { centre, size: head.ellipse.mean_radius() / r }
    }

    /// Whether the ring unrolls askew.
    pub fn is_bad(&self) -> bool {
        let close = self.centre <= CENTRE_OFF && self.size <= SIZE_OFF && self.size * SIZE_OFF >= 1.0;
        !close
    }
}

/// The kind of a labelled head: from its label, the head found there, which of its proposals are exactly right, and the
/// first of them aligned with the label.
pub fn kind(label: &Label, head: Option<&HeadRecord>, right: &[bool], alignment: &Alignment) -> Kind {
    let Some(head) = head else { return Kind::NotLocated };
    let Some(first) = head.proposals.first() else {
        return match (label.legible, Offset::of(head, label).is_bad()) {
            (false, _) => Kind::IllegibleDeclined,
            (true, true) => Kind::BadlyRectified,
            (true, false) => Kind::Declined,
        };
    };
    if !label.legible {
        Kind::IllegibleProposed
    } else if right.first() == Some(&true) {
        Kind::Right
    } else if right.contains(&true) {
        Kind::AmongFive
    } else if Offset::of(head, label).is_bad() {
        Kind::BadlyRectified
    } else if characters(&label.headstamp) == characters(&first.headstamp) {
        Kind::WronglyAssembled
    } else {
        misread(alignment)
    }
}

/// What most of the differences are.
fn misread(alignment: &Alignment) -> Kind {
    let Alignment { pairs, upright, inverted } = alignment;
    if inverted.saturating_add(TURNED_GAIN) <= *upright && inverted * 2 <= *upright {
        return Kind::WrongDirection;
    }
    let count = |test: &dyn Fn(bool, bool) -> bool| {
        pairs.iter().filter(|p| !p.agrees() && test(p.label.is_some(), p.read.is_some())).count()
    };
    let confused = count(&|label, read| label && read);
    let missed = count(&|_, read| !read);
    let invented = count(&|label, _| !label);
    if missed > confused && missed >= invented {
        Kind::Missed
    } else if invented > confused {
        Kind::Invented
    } else {
        Kind::Confused
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ellipse::Ellipse;
    use crate::evaluate::align;
    use crate::notation::Sameness;
    use crate::record::ProposalRecord;

    fn label(headstamp: &str) -> Label {
        let legible = !headstamp.is_empty();
        let (photo, headstamp) = ("a.jpg".into(), headstamp.into());
        Label { photo, x: 100.0, y: 100.0, r: 50.0, headstamp, country: String::new(), legible }
    }

    fn head(x: f32, radius: f32, read: &[&str]) -> HeadRecord {
        let proposal = |h: &&str| ProposalRecord {
            headstamp: (*h).into(),
            confidence: None,
            countries: vec![],
            year: None,
            calibre: None,
            vouched: None,
        };
        HeadRecord {
            ellipse: Ellipse::circle(x, 100.0, radius),
            legibility: 1.0,
            reason: None,
            marks: vec![],
            proposals: read.iter().map(proposal).collect(),
            fitted: None,
            read_by: None,
        }
    }

    fn of(text: &str, head: Option<&HeadRecord>) -> Kind {
        let label = label(text);
        let read: Vec<&str> = head.iter().flat_map(|h| &h.proposals).map(|p| p.headstamp.as_str()).collect();
        let right: Vec<bool> = read.iter().map(|r| Sameness::Reader.holds(text, r)).collect();
        kind(&label, head, &right, &align(text, read.first().unwrap_or(&"")))
    }

    #[test]
    fn each_kind_is_told() {
        let read = |text, proposals: &[&str]| of(text, Some(&head(101.0, 50.0, proposals)));
        assert_eq!(of("WIN_USA", None), Kind::NotLocated);
        assert_eq!(of("", None), Kind::NotLocated);
        assert_eq!(of("WIN_USA", Some(&head(107.0, 50.0, &["W_USA"]))), Kind::BadlyRectified);
        assert_eq!(of("WIN_USA", Some(&head(100.0, 43.0, &[]))), Kind::BadlyRectified);
        assert_eq!(of("WIN_USA", Some(&head(107.0, 50.0, &["WIN_USA"]))), Kind::Right, "right is right");
        assert_eq!(read("WIN_USA", &[]), Kind::Declined);
        assert_eq!(read("WIN_USA", &["W_USA"]), Kind::Missed);
        assert_eq!(read("WIN_USA", &["WTN_USA"]), Kind::Confused);
        assert_eq!(read("WIN_USA", &["WIN_USA_8_*"]), Kind::Invented);
        assert_eq!(read("WIN_USA", &["NIM_USA"]), Kind::WrongDirection);
        assert_eq!(read("WIN_17", &["WIN_71"]), Kind::WronglyAssembled);
        assert_eq!(read("WIN_USA", &["WINUSA"]), Kind::WronglyAssembled);
        assert_eq!(read("WIN_USA", &["WIN_US", "USA_WIN"]), Kind::AmongFive);
        assert_eq!(read("WIN_USA", &["USA_WIN", "W"]), Kind::Right);
        assert_eq!(read("", &["A"]), Kind::IllegibleProposed);
        assert_eq!(read("", &[]), Kind::IllegibleDeclined);
    }

    #[test]
    fn the_tolerances_are_as_said() {
        let said = Kind::BadlyRectified.meaning();
        assert!(said.contains(&format!("{CENTRE_OFF} radii")));
        assert!(said.contains(&format!("{:.0} %", (SIZE_OFF - 1.0) * 100.0)));
    }

    #[test]
    fn every_kind_has_its_own_key() {
        let keys: std::collections::BTreeSet<_> = Kind::ALL.iter().map(|k| k.key()).collect();
        assert_eq!(keys.len(), Kind::ALL.len());
    }
}

//! A sheet: like heads with one proposed variety, those that look odd first.

use super::look::Look;
use crate::catalogue::Item;
use crate::channel::{Fault, Fit, Ring, fit};
use crate::notation::variety_key;

/// Most heads on a sheet: more are not taken in at a glance.
pub const MOST: usize = 60;
/// Probability of what a mark should be, below which that it reads otherwise is told.
const UNLIKELY: f32 = 0.2;
/// Confidence below which a head is told of.
const UNSURE: f32 = 0.25;
/// How far a mark may stand from where it stands on the others, in degrees: dies differ by more, rims fitted askew by less.
const ELSEWHERE: f32 = 14.0;
/// Marks that must be compared before it is said that they stand elsewhere.
const LEAST_MARKS: usize = 3;
/// Heads that are compared with each to find the one that is most like all.
const COMPARED: usize = 12;
/// Likeness of looks below which a head is told of, where the others are this much more like each other.
const UNLIKE: f32 = 0.25;
const MORE_LIKE: f32 = 0.3;

/// Why a head looks odd among the others.
#[derive(Debug, Clone, PartialEq)]
pub enum Odd {
    /// A mark does not agree with the proposed variety.
    Mark(Fault),
    /// Its own first proposal is another.
    Otherwise {
        /// What it was read as.
        headstamp: String,
        /// How probable that was.
        confidence: Option<f32>,
    },
    /// Marks stand elsewhere than on the others: another die. The greatest turn, in degrees.
    Elsewhere(f32),
    /// It does not look like the others: how alike, -1..1.
    Looks(f32),
    /// Another calibre than the others'.
    Calibre(String),
    /// It was read with little confidence, 0..1.
    Unsure(f32),
}

impl Odd {
    /// In plain words.
    pub fn words(&self) -> String {
        match self {
            Self::Mark(Fault::Reads { nth, seen, wanted, .. }) => {
                format!("mark {nth} reads {seen} where the others read {wanted}")
            }
            Self::Mark(Fault::Missed { nth, wanted }) => format!("mark {nth}, {wanted}, was not seen"),
            Self::Mark(Fault::TooMany { seen }) => format!("there is a {seen} that the others do not have"),
            Self::Otherwise { headstamp, confidence: Some(c) } => format!("read as {headstamp} at first ({c:.2})"),
            Self::Otherwise { headstamp, confidence: None } => format!("read as {headstamp} at first"),
            Self::Elsewhere(turn) => format!("its marks stand elsewhere, by up to {turn:.0} degrees: another die"),
            Self::Looks(like) => format!("it does not look like the others ({like:.2})"),
            Self::Calibre(calibre) => format!("its calibre is {calibre}"),
            Self::Unsure(c) => format!("read with little confidence ({c:.2})"),
        }
    }
}

/// A head on a sheet.
#[derive(Debug, Clone, PartialEq)]
pub struct Member {
    /// The head.
    pub item: Item,
    /// How well its marks fit what is proposed, 0..1.
    pub alike: f32,
    /// Why it looks odd; empty where it does not.
    pub odd: Vec<Odd>,
}

/// Like heads with one proposed variety: those that look odd first, the others as they were added.
#[derive(Debug, Clone, PartialEq)]
pub struct Sheet {
    /// What is proposed for all of them.
    pub headstamp: String,
    /// The calibre that is proposed for all of them.
    pub calibre: Option<String>,
    /// How many heads of this variety were confirmed before.
    pub confirmed: u64,
    /// The heads.
    pub members: Vec<Member>,
    /// Heads of the group that are on no sheet yet, these included.
    pub waiting: usize,
}

impl Sheet {
    /// Of heads with their looks, where they are known, with one headstamp that is proposed for all of them.
    pub fn of(headstamp: &str, calibre: Option<&str>, heads: Vec<(Item, Option<Look>)>) -> Self {
        let key = variety_key(headstamp);
        let ring = Ring::of(headstamp);
        let fits: Vec<Option<Fit>> =
            heads.iter().map(|(item, _)| ring.as_ref().map(|ring| fit(&item.head.marks, ring))).collect();
        let middle = Middle::of(&fits, &heads);
        let waiting = heads.len();
        let mut members: Vec<Member> = Vec::with_capacity(waiting);
        for (n, (item, look)) in heads.iter().enumerate() {
            let mut odd = Vec::new();
            let fit = fits[n].as_ref();
            odd.extend(fit.into_iter().flat_map(|f| &f.faults).filter(|f| told(f)).cloned().map(Odd::Mark));
            match item.head.proposals.first() {
                Some(first) if variety_key(&first.headstamp) != key => {
                    let (headstamp, confidence) = (first.headstamp.clone(), first.confidence);
                    odd.push(Odd::Otherwise { headstamp, confidence });
                }
                Some(first) => {
                    odd.extend(first.confidence.filter(|c| *c < UNSURE).map(Odd::Unsure));
                    let own = first.calibre.as_ref().map(|c| c.value.as_str());
                    odd.extend(own.filter(|c| calibre.is_some_and(|all| all != *c)).map(|c| Odd::Calibre(c.into())));
                }
                None => {}
            }
            odd.extend(fit.and_then(|f| middle.elsewhere(f)).map(Odd::Elsewhere));
            odd.extend(look.as_ref().and_then(|l| middle.unlike(l)).map(Odd::Looks));
            let alike = fit.map_or(0.0, |f| f.each.exp());
            members.push(Member { item: item.clone(), alike, odd });
        }
        members.sort_by_key(|m| (m.odd.is_empty(), m.item.id));
        Self { headstamp: headstamp.to_owned(), calibre: calibre.map(str::to_owned), confirmed: 0, members, waiting }
    }

    /// The heads that look odd; they come first.
    pub fn odd(&self) -> impl Iterator<Item = &Member> {
        self.members.iter().filter(|m| !m.odd.is_empty())
    }
}

/// Whether a fault is worth telling.
fn told(fault: &Fault) -> bool {
    match fault {
        Fault::Reads { probability, .. } => *probability < UNLIKELY,
        Fault::Missed { .. } | Fault::TooMany { .. } => true,
    }
}

/// The head that is most like the others: where its marks stand, and what it looks like.
struct Middle<'h> {
    places: Option<&'h [Option<f32>]>,
    look: Option<(&'h Look, f32)>,
}

impl<'h> Middle<'h> {
    fn of(fits: &'h [Option<Fit>], heads: &'h [(Item, Option<Look>)]) -> Self {
        let sample: Vec<&Fit> = fits.iter().flatten().filter(|f| f.faults.is_empty()).take(COMPARED).collect();
        let off = |f: &Fit| sample.iter().map(|o| apart(&f.places, &o.places).unwrap_or(180.0)).sum::<f32>();
        let places = sample.iter().min_by(|a, b| off(a).total_cmp(&off(b))).map(|f| f.places.as_slice());
        let looks: Vec<&Look> = heads.iter().filter_map(|h| h.1.as_ref()).take(COMPARED).collect();
        let all = |l: &Look| looks.iter().map(|o| l.like(o).0).sum::<f32>() - 1.0;
        let best = looks.iter().map(|l| (*l, all(l))).max_by(|a, b| a.1.total_cmp(&b.1));
        let look = best.filter(|_| looks.len() > 3).map(|(l, sum)| (l, sum / (looks.len() - 1) as f32));
        Self { places: if sample.len() > 1 { places } else { None }, look }
    }

    fn elsewhere(&self, fit: &Fit) -> Option<f32> {
        apart(self.places?, &fit.places).filter(|off| *off > ELSEWHERE)
    }

    fn unlike(&self, look: &Look) -> Option<f32> {
        let (middle, usual) = self.look?;
        let like = middle.like(look).0;
        (like < UNLIKE && usual > like + MORE_LIKE).then_some(like)
    }
}

/// The greatest turn between the same marks of two heads, once the heads are turned alike; `None` where too few are seen on
/// both.
fn apart(a: &[Option<f32>], b: &[Option<f32>]) -> Option<f32> {
    let way = |v: f32| (v + 180.0).rem_euclid(360.0) - 180.0;
    let turns: Vec<f32> = a.iter().zip(b).filter_map(|(a, b)| Some(way((*a)? - (*b)?))).collect();
    let first = *turns.first().filter(|_| turns.len() >= LEAST_MARKS)?;
    let mut off: Vec<f32> = turns.iter().map(|t| way(t - first)).collect();
    off.sort_by(f32::total_cmp);
    let middle = off[off.len() / 2];
    off.iter().map(|t| (t - middle).abs()).max_by(f32::total_cmp)
}

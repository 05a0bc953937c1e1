//! The heads of a batch read together: like heads vouch for each other, as a person reads a worn one by the twelve beside it.
//!
//! The batch itself proposes headstamps, each head by its own reading; each head's marks are weighed against those that others
//! propose too, by the channel model ([`crate::channel`]): how probable these marks are if the head bears this headstamp, times
//! how many others are read so. It brings up what fits the marks and is borne by others; where nothing is, and where a head is
//! sure by itself, everything stays as it was. So a rare head whose difference is plain is not drawn to its common neighbour.

use crate::channel::{Kin, Ring, fit, pairs_of_head};
use crate::notation::variety_key;
use crate::record::{HeadRecord, PhotoRecord, ProposalRecord, Vouched};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap, HashSet};

/// How much a head speaks for each of its proposals, by rank, in heads.
const VOTES: [f32; SPEAKING] = [1.0, 0.5, 0.3, 0.2, 0.15];
/// How many proposals of each head speak for headstamps of the batch.
pub const SPEAKING: usize = 5;
/// Least that must be said for a headstamp to count as one of the batch, in heads; and least that others must say.
const LEAST: f32 = 1.5;
const LEAST_OTHERS: f32 = 0.3;
/// What a head's own reading counts for, in heads, and what each rank costs, in nats: its own wrong reading fits its own marks
/// best, so it starts low.
const OWN: f32 = 0.05;
const RANK: f32 = 0.7;
/// A first proposal that is this sure by the head's own marks stays what it is. Of 1,415 renders (seed 73, recurring) 138 wrong
/// readings were mended so and 17 right ones spoiled; without this bound 149 and 42.
const SURE: f32 = 0.8;
/// How much worse than the head's own first proposal, in nats, what others bear may be to be shown beside it.
const FAR: f32 = 6.0;
/// Most headstamps that a head is held against.
const MOST_HELD: usize = 24;

/// How sure a first proposal is that was weighed: a logistic function of its lead over the next in nats (at most 8), the log
/// odds of its confidence alone, how well the marks fit it in nats a mark (at least -2), and the logarithm of how many others
/// speak for it (at most 4). Fitted on those 701 of the 1,415 renders that were weighed; fitted on one half, the calibration
/// error on the other was 0.07.
const SURENESS: [f32; 5] = [-1.744, 0.497, 0.121, 0.394, 0.788];
const MOST_LEAD: f32 = 8.0;
const WORST_FIT: f32 = -2.0;
const MOST_COMPANY: f32 = 4.0;
/// Of those first proposals that were wrong, the share where a later one was right, in the same measurement.
const LATER_RIGHT: f32 = 0.3;
/// Keeps odds finite.
const LEAST_CHANCE: f32 = 1e-3;

/// What the heads of a batch propose.
#[derive(Debug, Default)]
pub struct Batch {
    candidates: HashMap<String, Candidate>,
    kin: Kin,
}

/// A headstamp that the batch proposes.
#[derive(Debug)]
struct Candidate {
    /// What is said for it, in heads.
    votes: f32,
    /// How many heads are read so first.
    firsts: u32,
    ring: Ring,
    /// As it is written most often.
    proposal: ProposalRecord,
}

/// What is said for a variety: by how many heads, by how many first, and how it is written.
#[derive(Default)]
struct Said<'a> {
    votes: f32,
    firsts: u32,
    written: BTreeMap<&'a str, (f32, &'a ProposalRecord)>,
}

/// What a head says for varieties: of each the rank of its first proposal of it.
fn own(head: &HeadRecord) -> Vec<(String, usize)> {
    let mut seen = HashSet::new();
    let keys = head.proposals.iter().take(VOTES.len()).map(|p| variety_key(&p.headstamp)).enumerate();
    keys.filter(|(_, key)| !key.is_empty() && seen.insert(key.clone())).map(|(rank, key)| (key, rank)).collect()
}

impl Batch {
    /// Of these heads.
    pub fn of<'a>(heads: impl IntoIterator<Item = &'a HeadRecord>) -> Self {
        let mut all: HashMap<String, Said> = HashMap::new();
        for head in heads {
            for (key, rank) in own(head) {
                let said = all.entry(key).or_default();
                said.votes += VOTES[rank];
                said.firsts += u32::from(rank == 0);
                let proposal = &head.proposals[rank];
                said.written.entry(&proposal.headstamp).or_insert((0.0, proposal)).0 += VOTES[rank];
            }
        }
        let mut batch = Self::default();
        for (key, Said { votes, firsts, written }) in all.into_iter().filter(|(_, said)| said.votes >= LEAST) {
            let Some((_, most)) = written.into_values().max_by(|a, b| a.0.total_cmp(&b.0)) else { continue };
            let Some(ring) = Ring::of(&most.headstamp) else { continue };
            batch.kin.know(&key);
            batch.candidates.insert(key, Candidate { votes, firsts, ring, proposal: most.clone() });
        }
        batch
    }

    /// A head's proposals, weighed; `None` where they stay as they are.
    pub fn weigh(&self, head: &HeadRecord) -> Option<Vec<ProposalRecord>> {
        let first = head.proposals.first()?;
        if first.confidence.is_some_and(|c| c >= SURE) {
            return None;
        }
        let mut all = by_itself(head);
        let alone = all.first().map_or(f32::NEG_INFINITY, |w| w.score);
        let mut held = self.kin.of(&pairs_of_head(head), MOST_HELD);
        held.extend(all.iter().map(|w| w.key.clone()));
        held.sort_unstable();
        held.dedup();
        for key in held {
            let Some(candidate) = self.candidates.get(&key) else { continue };
            let known = all.iter().position(|w| w.key == key);
            let rank = known.and_then(|at| all[at].rank);
            let others = candidate.votes - rank.map_or(0.0, |rank| VOTES[rank]);
            if others < LEAST_OTHERS {
                continue;
            }
            let fits = fit(&head.marks, &candidate.ring).all;
            let weighed = Weighed { key, rank, score: fits + others.ln(), fits, others: Some(others) };
            match known {
                Some(at) if all[at].score >= weighed.score => {}
                Some(at) => all[at] = weighed,
                None => all.push(weighed),
            }
        }
        if !all.iter().any(|w| w.others.is_some() && w.score > alone - FAR) {
            return None;
        }
        all.retain(|w| w.rank.is_some() || w.score > alone - FAR);
        all.sort_by(|a, b| b.score.total_cmp(&a.score));
        // what the head itself is read as first stays among those that are shown
        if let Some(at) = all.iter().position(|w| w.rank == Some(0)).filter(|at| *at >= VOTES.len()) {
            let first = all.remove(at);
            all.insert(VOTES.len() - 1, first);
        }
        Some(self.shown(head, &all))
    }

    fn shown(&self, head: &HeadRecord, all: &[Weighed]) -> Vec<ProposalRecord> {
        let of = |w: &Weighed| w.rank.map(|rank| &head.proposals[rank]);
        let measured = head.proposals[0].confidence.is_some();
        let sure = measured.then(|| sureness(head, all));
        // what is left to the others falls on them by their weight
        let weight = |w: &Weighed| (w.score - all[0].score).exp();
        let rest: f32 = all.iter().skip(1).map(weight).sum();
        let mut out = Vec::with_capacity(all.len());
        for (n, w) in all.iter().enumerate() {
            let candidate = self.candidates.get(&w.key);
            let Some(like) = of(w).or(candidate.map(|c| &c.proposal)) else { continue };
            let confidence = sure.map(|sure| match n {
                0 => sure,
                _ => LATER_RIGHT * (1.0 - sure) * weight(w) / rest.max(f32::MIN_POSITIVE),
            });
            let heads = candidate.map_or(0, |c| c.firsts.saturating_sub(u32::from(w.rank == Some(0))));
            let vouched = w.others.map(|_| Vouched { heads, alone: of(w).and_then(|p| p.confidence) });
            out.push(ProposalRecord { confidence, vouched, ..like.clone() });
        }
        out
    }
}

/// A headstamp that a head may bear.
#[derive(Debug, Clone)]
struct Weighed {
    key: String,
    /// Which of the head's own proposals it is.
    rank: Option<usize>,
    /// Logarithm of its weight, in nats.
    score: f32,
    /// How well the marks fit it, all together, in nats.
    fits: f32,
    /// What others say for it, in heads, where that counts.
    others: Option<f32>,
}

/// What a head is read as by itself, in its own order.
fn by_itself(head: &HeadRecord) -> Vec<Weighed> {
    let mut last = f32::INFINITY;
    let mut all = Vec::new();
    for (key, rank) in own(head) {
        let fits = Ring::of(&head.proposals[rank].headstamp).map_or(f32::NEG_INFINITY, |r| fit(&head.marks, &r).all);
        let score = (fits + OWN.ln() - RANK * rank as f32).min(last);
        last = score;
        all.push(Weighed { key, rank: Some(rank), score, fits, others: None });
    }
    all
}

/// How sure the first of them is.
fn sureness(head: &HeadRecord, all: &[Weighed]) -> f32 {
    let first = &all[0];
    let lead = all.get(1).map_or(MOST_LEAD, |next| (first.score - next.score).min(MOST_LEAD));
    let alone = first.rank.and_then(|rank| head.proposals[rank].confidence).unwrap_or(0.0);
    let alone = alone.clamp(LEAST_CHANCE, 1.0 - LEAST_CHANCE);
    let each = (first.fits / head.marks.len().max(1) as f32).max(WORST_FIT);
    let company = first.others.map_or(0.0, |others| others.ln().min(MOST_COMPANY));
    let [at, by_lead, by_alone, by_fit, by_company] = SURENESS;
    let odds = at + by_lead * lead + by_alone * (alone / (1.0 - alone)).ln() + by_fit * each + by_company * company;
    1.0 / (1.0 + (-odds).exp())
}

/// Weighs all heads of some photographs together, and gives each at most `top` proposals.
pub fn together(records: &mut [PhotoRecord], top: usize) {
    // one picture in two files is no company
    let mut seen = HashSet::new();
    let once = |r: &&PhotoRecord| r.same_as.is_none() && r.sha256.as_ref().is_none_or(|hash| seen.insert(hash.clone()));
    let batch = Batch::of(records.iter().filter(once).flat_map(|r| &r.heads));
    records.par_iter_mut().flat_map(|r| &mut r.heads).for_each(|head| {
        if let Some(proposals) = batch.weigh(head) {
            let moved = proposals.first().map(|p| &p.headstamp) != head.proposals.first().map(|p| &p.headstamp);
            head.proposals = proposals;
            if let Some(ring) = head.proposals.first().filter(|_| moved).and_then(|p| Ring::of(&p.headstamp)) {
                let reads = fit(&head.marks, &ring).reads;
                head.marks.iter_mut().zip(reads).for_each(|(mark, read)| mark.read_as = read);
            }
        }
        head.proposals.truncate(top);
    });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::reader::testing::head;
    use std::path::Path;

    /// A head whose marks are these, each so sure and with another reading, and what it is read as.
    fn read(marks: &[(&str, f32, &str)], proposals: &[(&str, f32)]) -> HeadRecord {
        let like = head();
        let mark = |(text, confidence, other): &(&str, f32, &str)| crate::record::MarkRecord {
            text: (*text).into(),
            confidence: *confidence,
            alternatives: vec![((*other).into(), 1.0 - confidence)],
            read_as: Some((*text).into()),
            ..like.marks[0].clone()
        };
        let proposal = |(text, sure): &(&str, f32)| ProposalRecord {
            headstamp: (*text).into(),
            confidence: Some(*sure),
            ..like.proposals[0].clone()
        };
        let (marks, proposals) = (marks.iter().map(mark).collect(), proposals.iter().map(proposal).collect());
        HeadRecord { marks, proposals, ..like.clone() }
    }

    fn photographs(heads: Vec<HeadRecord>) -> Vec<PhotoRecord> {
        let named = || PhotoRecord::named(Path::new("a.jpg"), "fake");
        heads.into_iter().map(|head| PhotoRecord { heads: vec![head], ..named() }).collect()
    }

    fn common(count: usize) -> Vec<HeadRecord> {
        let one = read(&[("1", 0.97, "I"), ("0", 0.97, "O"), ("8", 0.95, "6"), ("8", 0.95, "6")], &[("10_88", 0.75)]);
        vec![one; count]
    }

    fn first(records: &[PhotoRecord]) -> &ProposalRecord {
        &records.last().unwrap().heads[0].proposals[0]
    }

    #[test]
    fn a_worn_head_is_read_by_those_like_it() {
        let mut heads = common(6);
        let worn = [("1", 0.9, "I"), ("0", 0.9, "O"), ("6", 0.5, "8"), ("8", 0.9, "6")];
        heads.push(read(&worn, &[("10_68", 0.2), ("1O_68", 0.1)]));
        let mut records = photographs(heads);
        together(&mut records, 5);
        let (p, marks) = (first(&records), &records[6].heads[0].marks);
        assert_eq!((p.headstamp.as_str(), p.vouched), ("10_88", Some(Vouched { heads: 6, alone: None })));
        assert!(p.confidence.unwrap() > 0.3 && marks[2].read_as.as_deref() == Some("8") && marks[2].text == "6");
        // its own reading is still there, and less sure than what comes before it
        let own = records[6].heads[0].proposals.iter().find(|p| p.headstamp == "10_68").unwrap();
        assert!(own.confidence < p.confidence && own.vouched.is_none());
    }

    #[test]
    fn a_rare_head_is_not_drawn_to_its_common_neighbour() {
        let rare = |sure: f32, mark: f32| {
            let marks = [("1", 0.97, "I"), ("0", 0.97, "O"), ("8", 0.95, "6"), ("9", mark, "8")];
            read(&marks, &[("10_89", sure), ("10_88", 0.1)])
        };
        let with = |odd: HeadRecord| {
            let mut heads = common(59);
            heads.push(odd);
            let mut records = photographs(heads);
            together(&mut records, 5);
            records
        };
        let plain = with(rare(0.85, 0.99));
        assert_eq!((first(&plain).headstamp.as_str(), first(&plain).confidence), ("10_89", Some(0.85)));
        // where it is not plain, both are shown
        let worn = with(rare(0.4, 0.6));
        let shown: Vec<&str> = worn[59].heads[0].proposals.iter().map(|p| p.headstamp.as_str()).collect();
        assert!(shown.contains(&"10_88") && shown.contains(&"10_89"), "{shown:?}");
    }

    #[test]
    fn what_is_like_nothing_stays_as_it_was() {
        let other = read(&[("V", 0.5, "Y"), ("P", 0.5, "F"), ("T", 0.5, "7")], &[("VPT", 0.3), ("VFT", 0.1)]);
        let unread = read(&[("V", 0.2, "Y")], &[]);
        for head in [other, unread] {
            let mut heads = common(9);
            heads.push(head.clone());
            let mut records = photographs(heads);
            together(&mut records, 5);
            assert_eq!(records[9].heads[0], head);
        }
        let mut alone = photographs(common(1));
        together(&mut alone, 5);
        assert_eq!(alone, photographs(common(1)));
    }
}

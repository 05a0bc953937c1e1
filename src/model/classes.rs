//! Networks with another alphabet than this program's: older ones know fewer characters. Their maps are brought to the
//! program's classes, so that nothing else has to know.

use super::manifest::{Kind, Manifest, Problem};
use super::{Model, ModelError};
use crate::marks::classify::QUARTERS;
use crate::marks::decode::FIRST_CLASS;
use crate::marks::{ALPHABET, UNKNOWN, class_of};
use ndarray::{Array4, ArrayView4, Axis, Slice};

/// What earlier manifests call [`UNKNOWN`].
const UNKNOWN_BEFORE: &str = "[symbol]";
/// Logit of a character that a network does not know: below any that it gives, since where its logits lie as a whole means
/// nothing and may be far below nought.
const NEVER: f32 = -1e4;

/// Where each class of a network stands in the program's alphabet.
pub(super) fn places(alphabet: &[String]) -> Result<Vec<usize>, Problem> {
    if alphabet.is_empty() {
        return Err(Problem::Unfit("its manifest has no alphabet".into()));
    }
    let mut places = Vec::with_capacity(alphabet.len());
    for text in alphabet {
        let known = if text == UNKNOWN_BEFORE { UNKNOWN } else { text };
        match class_of(known) {
            Some(place) if !places.contains(&place) => places.push(place),
            Some(_) => return Err(Problem::Unfit(format!("its alphabet has `{text}` twice"))),
            None => {
                return Err(Problem::Unfit(format!(
                    "it reads `{text}`, which this program does not: take a newer one"
                )));
            }
        }
    }
    Ok(places)
}

/// The network, its maps in the order of the program's alphabet.
pub(super) fn translated(model: Box<dyn Model>, manifest: &Manifest) -> Box<dyn Model> {
    let (first, each) = match manifest.kind {
        Kind::Detector => return model,
        Kind::Recogniser => (FIRST_CLASS, 1),
        Kind::Classifier => (0, QUARTERS),
    };
    match places(manifest.classes()) {
        Ok(places) if !places.iter().copied().eq(0..ALPHABET.len()) => {
            Box::new(Translated { model, places, first, each })
        }
        _ => model,
    }
}

/// A network with other classes.
struct Translated {
    model: Box<dyn Model>,
    places: Vec<usize>,
    /// Channel of the first class.
    first: usize,
    /// Channels a class.
    each: usize,
}

impl Model for Translated {
    fn run(&mut self, luma: ArrayView4<'_, f32>) -> Result<Array4<f32>, ModelError> {
        let maps = self.model.run(luma)?;
        let (n, channels, rows, columns) = maps.dim();
        let (own, all) = (self.places.len() * self.each, ALPHABET.len() * self.each);
        let mut out = Array4::from_elem((n, channels + all - own, rows, columns), NEVER);
        let mut copy = |from: usize, to: usize, count: usize| {
            let part = |at: usize| Slice::from(at..at + count);
            out.slice_axis_mut(Axis(1), part(to)).assign(&maps.slice_axis(Axis(1), part(from)));
        };
        copy(0, 0, self.first);
        for (class, &place) in self.places.iter().enumerate() {
            copy(self.first + class * self.each, self.first + place * self.each, self.each);
        }
        copy(self.first + own, self.first + all, channels - self.first - own);
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::testing::Fake;

    fn alphabet(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|t| t.to_string()).collect()
    }

    #[test]
    fn a_smaller_alphabet_is_taken_and_a_larger_one_refused() {
        assert_eq!(places(&alphabet(&["1", "0"])), Ok(vec![1, 0]));
        assert_eq!(places(&alphabet(&["[symbol]"])), Ok(vec![class_of("?").unwrap()]));
        let cause = |texts: &[&str]| places(&alphabet(texts)).unwrap_err().to_string();
        assert!(cause(&["0", "Њ"]).contains("`Њ`") && cause(&["0", "0"]).contains("twice"));
        assert!(cause(&[]).contains("no alphabet"));
    }

    #[test]
    fn maps_come_out_in_the_order_of_the_program() {
        let fake =
            Fake(|_: ArrayView4<'_, f32>| Array4::from_shape_fn((1, 6, 1, 2), |(_, c, _, x)| (10 * c + x) as f32));
        let mut model = Translated { model: Box::new(fake), places: vec![3, 1], first: 1, each: 2 };
        let maps = model.run(Array4::zeros((1, 1, 1, 1)).view()).unwrap();
        let at = |c: usize| maps[[0, c, 0, 1]];
        assert_eq!(maps.dim().1, 2 + 2 * ALPHABET.len());
        assert_eq!((at(0), at(1 + 6), at(1 + 7), at(1 + 2), at(1 + 3)), (1.0, 11.0, 21.0, 31.0, 41.0));
        assert_eq!((at(1), at(1 + 2 * ALPHABET.len())), (NEVER, 51.0));
    }

    #[test]
    fn what_a_network_does_not_know_is_never_said() {
        let low = Fake(|_: ArrayView4<'_, f32>| Array4::from_elem((1, 4, 1, 1), -200.0));
        let mut model = Translated { model: Box::new(low), places: vec![3, 1, 0], first: 1, each: 1 };
        let maps = model.run(Array4::zeros((1, 1, 1, 1)).view()).unwrap();
        let p = crate::model::softmax(maps.iter().skip(1).copied());
        assert!((p[0] + p[1] + p[3] - 1.0).abs() < 1e-6, "{p:?}");
    }
}

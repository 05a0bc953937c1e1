//! Networks with another alphabet than this program's: older ones know fewer characters. Their maps are brought to the
//! program's classes, so that nothing else has to know.

use super::contract::Contract;
use super::problem::Problem;
use super::{Model, ModelError};
use ndarray::{Array4, ArrayView4, Axis, Slice};

/// Logit of a class that a network does not know: below any that it gives, since where its logits lie as a whole means
/// nothing and may be far below nought.
const NEVER: f32 = -1e4;

/// The network, its maps in the order of the contract's classes. `alphabet` is the network's own.
pub(super) fn translated(
    model: Box<dyn Model>,
    contract: &'static Contract,
    alphabet: &[String],
) -> Result<Box<dyn Model>, Problem> {
    let Some(classes) = &contract.classes else { return Ok(model) };
    let places = classes.places(alphabet)?;
    if places.iter().copied().eq(0..classes.names.len()) {
        return Ok(model);
    }
    Ok(Box::new(Translated { model, places, contract }))
}

/// A network with other classes.
struct Translated {
    model: Box<dyn Model>,
    places: Vec<usize>,
    contract: &'static Contract,
}

impl Model for Translated {
    fn run(&mut self, luma: ArrayView4<'_, f32>) -> Result<Array4<f32>, ModelError> {
        let maps = self.model.run(luma)?;
        let (_, theirs) = self.contract.shapes(self.places.len());
        ModelError::unless_shaped(self.contract.kind, "maps", maps.shape(), &theirs)?;
        let ours = self.contract.maps();
        let (first, each) = self.contract.class_channels().unwrap_or((theirs[1], 0));
        let (own, all) = (self.places.len() * each, ours[1] + self.places.len() * each - theirs[1]);
        let mut out = Array4::from_elem(ours, NEVER);
        let mut copy = |from: usize, to: usize, count: usize| {
            let part = |at: usize| Slice::from(at..at + count);
            out.slice_axis_mut(Axis(1), part(to)).assign(&maps.slice_axis(Axis(1), part(from)));
        };
        copy(0, 0, first);
        for (class, &place) in self.places.iter().enumerate() {
            copy(first + class * each, first + place * each, each);
        }
        copy(first + own, first + all, theirs[1] - first - own);
        Ok(out)
    }
}

#[cfg(test)]
mod tests {
    use super::super::classes::Classes;
    use super::super::contract::{Channel, Count, Input, Output};
    use super::*;
    use crate::model::testing::Fake;
    use serde_json::json;

    const CLASSES: Classes =
        Classes { names: &["0", "1", "2", "3", "?"], renamed: &[("[symbol]", "?")], tokens: &[("?", "none of these")] };
    static CONTRACT: Contract = Contract {
        kind: "reader",
        input: Input { name: "luma", shape: [1, 1, 1, 2], picture: || json!({}) },
        output: Output {
            name: "maps",
            batch: 1,
            rows: 1,
            columns: 2,
            channels: &[
                Channel { name: "presence", count: Count::Fixed(1), activation: "sigmoid", meaning: "" },
                Channel { name: "class", count: Count::EachClass(2), activation: "softmax", meaning: "" },
                Channel { name: "size", count: Count::Fixed(1), activation: "none", meaning: "" },
            ],
            units: || json!({}),
        },
        classes: Some(CLASSES),
        decoding: || json!({}),
    };

    fn alphabet(texts: &[&str]) -> Vec<String> {
        texts.iter().map(|t| t.to_string()).collect()
    }

    fn numbered(channels: usize) -> Box<dyn Model> {
        Box::new(Fake(move |_: ArrayView4<'_, f32>| {
            Array4::from_shape_fn((1, channels, 1, 2), |(_, c, _, x)| (10 * c + x) as f32)
        }))
    }

    #[test]
    fn a_smaller_alphabet_is_taken_and_a_larger_one_refused() {
        assert_eq!(CLASSES.places(&alphabet(&["1", "0"])), Ok(vec![1, 0]));
        assert_eq!(CLASSES.places(&alphabet(&["[symbol]"])), Ok(vec![4]));
        let cause = |texts: &[&str]| CLASSES.places(&alphabet(texts)).unwrap_err().to_string();
        assert!(cause(&["0", "Њ"]).contains("`Њ`") && cause(&["0", "0"]).contains("twice"));
        assert!(cause(&[]).contains("no alphabet"));
        assert!(translated(numbered(4), &CONTRACT, &alphabet(&["Њ"])).is_err());
    }

    #[test]
    fn maps_come_out_in_the_order_of_the_program() {
        let mut model = translated(numbered(6), &CONTRACT, &alphabet(&["3", "1"])).unwrap();
        let maps = model.run(Array4::zeros((1, 1, 1, 2)).view()).unwrap();
        let at = |c: usize| maps[[0, c, 0, 1]];
        assert_eq!(maps.dim().1, 2 + 2 * 5);
        assert_eq!((at(0), at(1 + 6), at(1 + 7), at(1 + 2), at(1 + 3)), (1.0, 11.0, 21.0, 31.0, 41.0));
        assert_eq!((at(1), at(1 + 2 * 5)), (NEVER, 51.0));
    }

    #[test]
    fn what_a_network_does_not_know_is_never_said() {
        let low = Box::new(Fake(|_: ArrayView4<'_, f32>| Array4::from_elem((1, 8, 1, 2), -200.0)));
        let mut model = translated(low, &CONTRACT, &alphabet(&["3", "1", "0"])).unwrap();
        let maps = model.run(Array4::zeros((1, 1, 1, 2)).view()).unwrap();
        let p = crate::model::softmax((1..11).map(|c| maps[[0, c, 0, 0]]));
        assert!((p[..4].iter().sum::<f32>() + p[6] + p[7] - 1.0).abs() < 1e-6, "{p:?}");
    }

    #[test]
    fn maps_of_another_shape_are_an_error() {
        let mut model = translated(numbered(7), &CONTRACT, &alphabet(&["3", "1"])).unwrap();
        let found = model.run(Array4::zeros((1, 1, 1, 2)).view()).unwrap_err();
        assert!(matches!(found, ModelError::Shape { .. }), "{found}");
    }
}

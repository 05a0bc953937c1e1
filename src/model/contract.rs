//! What the program needs of a kind of network. The module that reads its maps declares it, as a constant.

use super::ModelError;
use super::classes::Classes;
use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

/// What the program needs of a kind of network.
///
/// Its [`terms`](Self::terms) are what a network is made for: pictures, maps and what they mean. Their hash stands in the
/// manifest of every network that keeps to them. The classes are no part of it, since manifests name them one by one and a
/// network may know fewer; neither is `decoding`, by which any such network is read.
#[derive(Debug, Clone, Copy)]
pub struct Contract {
    /// The kind, as in file names and JSON.
    pub kind: &'static str,
    /// What it takes.
    pub input: Input,
    /// What it gives.
    pub output: Output,
    /// What its channels of classes stand for; `None` where it has none.
    pub classes: Option<Classes>,
    /// The numbers by which its maps are read, as JSON.
    pub decoding: fn() -> Value,
}

/// The pictures a network takes: luma 0..1.
#[derive(Debug, Clone, Copy)]
pub struct Input {
    /// Name of the tensor.
    pub name: &'static str,
    /// Pictures, channels, rows, columns.
    pub shape: [usize; 4],
    /// What is to be seen on them, and at which size, as JSON.
    pub picture: fn() -> Value,
}

/// The maps a network gives.
#[derive(Debug, Clone, Copy)]
pub struct Output {
    /// Name of the tensor.
    pub name: &'static str,
    /// Pictures at a time.
    pub batch: usize,
    /// Rows of the maps.
    pub rows: usize,
    /// Columns of the maps.
    pub columns: usize,
    /// Channels, in order.
    pub channels: &'static [Channel],
    /// Units of the channels, as JSON.
    pub units: fn() -> Value,
}

/// Channels that belong together.
#[derive(Debug, Clone, Copy)]
pub struct Channel {
    /// Their name.
    pub name: &'static str,
    /// How many.
    pub count: Count,
    /// What makes of the number that the network gives what is meant: `sigmoid`, `softmax` or `none`.
    pub activation: &'static str,
    /// What is meant.
    pub meaning: &'static str,
}

/// How many channels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Count {
    /// So many.
    Fixed(usize),
    /// So many for each class, class by class.
    EachClass(usize),
}

impl Count {
    const fn of(self, classes: usize) -> usize {
        match self {
            Self::Fixed(n) => n,
            Self::EachClass(n) => n * classes,
        }
    }
}

impl Contract {
    /// Channels of a network with so many classes.
    pub const fn channels(&self, classes: usize) -> usize {
        let (mut i, mut sum) = (0, 0);
        while i < self.output.channels.len() {
            sum += self.output.channels[i].count.of(classes);
            i += 1;
        }
        sum
    }

    /// Shapes of input and output of a network with so many classes.
    pub const fn shapes(&self, classes: usize) -> ([usize; 4], [usize; 4]) {
        let Output { batch, rows, columns, .. } = self.output;
        (self.input.shape, [batch, self.channels(classes), rows, columns])
    }

    /// The shape of the maps that the program reads.
    pub const fn maps(&self) -> [usize; 4] {
        self.shapes(self.class_count()).1
    }

    const fn class_count(&self) -> usize {
        match &self.classes {
            Some(classes) => classes.names.len(),
            None => 0,
        }
    }

    /// The first of the channels of classes, and how many each class has.
    pub(super) fn class_channels(&self) -> Option<(usize, usize)> {
        let mut first = 0;
        for channel in self.output.channels {
            match channel.count {
                Count::EachClass(each) => return Some((first, each)),
                Count::Fixed(n) => first += n,
            }
        }
        None
    }

    /// Whether maps have the shape that the program reads.
    pub fn check(&self, maps: &[usize]) -> Result<(), ModelError> {
        ModelError::unless_shaped(self.kind, "maps", maps, &self.maps())
    }

    /// What a network of this kind is made for. A text in it is as binding as a number: who words it anew makes another
    /// contract.
    pub fn terms(&self) -> Value {
        let channels: Vec<Value> = self
            .output
            .channels
            .iter()
            .map(|c| {
                let (name, count) = match c.count {
                    Count::Fixed(n) => ("count", n),
                    Count::EachClass(n) => ("each_class", n),
                };
                json!({"name": c.name, name: count, "activation": c.activation, "meaning": c.meaning})
            })
            .collect();
        sorted(json!({
            "kind": self.kind,
            "input": {
                "name": self.input.name, "axes": "NCHW", "shape": self.input.shape, "range": "luma 0..1",
                "picture": (self.input.picture)(),
            },
            "output": {
                "name": self.output.name, "axes": "NCHW", "batch": self.output.batch, "rows": self.output.rows,
                "columns": self.output.columns, "channels": channels, "units": (self.output.units)(),
            },
        }))
    }

    /// SHA-256 of the terms as canonical JSON, in hexadecimal.
    pub fn hash(&self) -> String {
        hash(&self.terms())
    }

    /// Everything that training must keep to, as JSON.
    pub fn json(&self) -> Value {
        let count = self.class_count();
        let (input, output) = self.shapes(count);
        let mut first = 0;
        let channels: Vec<Value> = self
            .output
            .channels
            .iter()
            .map(|c| {
                let at = first;
                first += c.count.of(count);
                json!({"name": c.name, "first": at, "count": c.count.of(count), "activation": c.activation})
            })
            .collect();
        sorted(json!({
            "hash": self.hash(),
            "terms": self.terms(),
            "decoding": (self.decoding)(),
            "classes": self.classes.map(|c| c.json()),
            "input": input,
            "output": output,
            "channels": channels,
        }))
    }
}

/// SHA-256 of canonical JSON: keys sorted, no spaces, UTF-8 as it is, the shortest numbers.
pub(super) fn hash(value: &Value) -> String {
    hex::encode(Sha256::digest(sorted(value.clone()).to_string()))
}

/// The same with all keys in order, whatever order the maps of this build keep.
pub fn sorted(value: Value) -> Value {
    match value {
        Value::Object(map) => {
            let mut pairs: Vec<(String, Value)> = map.into_iter().map(|(k, v)| (k, sorted(v))).collect();
            pairs.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(pairs.into_iter().collect::<Map<_, _>>())
        }
        Value::Array(all) => Value::Array(all.into_iter().map(sorted).collect()),
        other => other,
    }
}

/// A number as it stands in the source: 1.02, not the nearest binary one with all its digits.
pub fn number(v: f32) -> f64 {
    v.to_string().parse().unwrap_or(f64::from(v))
}

/// What differs between two sets of terms, named by its place.
pub(super) fn differences(theirs: &Value, ours: &Value) -> Vec<String> {
    fn walk(place: &str, theirs: Option<&Value>, ours: Option<&Value>, out: &mut Vec<String>) {
        let inner = |key: &str| if place.is_empty() { key.to_owned() } else { format!("{place}.{key}") };
        match (theirs, ours) {
            (Some(a), Some(b)) if a == b => {}
            (Some(Value::Object(a)), Some(Value::Object(b))) => {
                let keys: std::collections::BTreeSet<&String> = a.keys().chain(b.keys()).collect();
                keys.into_iter().for_each(|k| walk(&inner(k), a.get(k), b.get(k), out));
            }
            (Some(Value::Array(a)), Some(Value::Array(b))) if a.len() == b.len() => {
                (0..a.len()).for_each(|i| walk(&inner(&i.to_string()), a.get(i), b.get(i), out));
            }
            (a, b) => {
                let text = |v: Option<&Value>| v.map_or_else(|| "missing".to_owned(), Value::to_string);
                out.push(format!("{place} is {} there, {} here", text(a), text(b)));
            }
        }
    }
    let mut out = Vec::new();
    walk("", Some(theirs), Some(ours), &mut out);
    out
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// A network with two classes, three channels each, on pictures of 4 × 6.
    pub(crate) const CONTRACT: Contract = Contract {
        kind: "counter",
        input: Input { name: "luma", shape: [1, 1, 4, 6], picture: || json!({"rows": 4, "outer": number(1.02)}) },
        output: Output {
            name: "maps",
            batch: 1,
            rows: 2,
            columns: 3,
            channels: &[
                Channel { name: "presence", count: Count::Fixed(1), activation: "sigmoid", meaning: "a mark" },
                Channel { name: "class", count: Count::EachClass(3), activation: "softmax", meaning: "which" },
                Channel { name: "size", count: Count::Fixed(2), activation: "none", meaning: "height, width" },
            ],
            units: || json!({}),
        },
        classes: Some(Classes { names: &["A", "B"], renamed: &[("[a]", "A")], tokens: &[] }),
        decoding: || json!({"least_presence": number(0.2)}),
    };

    #[test]
    fn shapes_follow_from_the_channels() {
        assert_eq!(CONTRACT.shapes(2), ([1, 1, 4, 6], [1, 9, 2, 3]));
        assert_eq!((CONTRACT.maps(), CONTRACT.class_channels()), ([1, 9, 2, 3], Some((1, 3))));
        assert_eq!(CONTRACT.json()["channels"][2]["first"], 7);
        let wrong = CONTRACT.check(&[1, 8, 2, 3]).unwrap_err();
        assert!(matches!(wrong, ModelError::Shape { .. }), "{wrong}");
    }

    /// What a network is made for changes the hash, how it is read does not.
    #[test]
    fn the_hash_is_of_the_terms_alone() {
        let read_otherwise = Contract { decoding: || json!({"least_presence": 0.3}), ..CONTRACT };
        let more =
            Contract { classes: Some(Classes { names: &["A", "B", "C"], renamed: &[], tokens: &[] }), ..CONTRACT };
        assert_eq!([read_otherwise.hash(), more.hash()], [CONTRACT.hash(), CONTRACT.hash()]);
        let input = Input { picture: || json!({"rows": 4, "outer": number(1.03)}), ..CONTRACT.input };
        let other = Contract { input, ..CONTRACT };
        assert_ne!(other.hash(), CONTRACT.hash());
        assert_eq!(differences(&CONTRACT.terms(), &other.terms()), ["input.picture.outer is 1.02 there, 1.03 here"]);
    }

    #[test]
    fn canonical_json_does_not_depend_on_the_order_of_keys() {
        let of = |text: &str| hash(&serde_json::from_str(text).unwrap());
        assert_eq!(of(r#"{"b": [1.50, {"d": "é", "c": 2}], "a": 1}"#), of(r#"{"a":1,"b":[1.5,{"c":2,"d":"é"}]}"#));
        assert_eq!(of("{}"), hex::encode(Sha256::digest("{}")));
    }
}

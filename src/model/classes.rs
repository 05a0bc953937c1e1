//! What channels of classes stand for, and how those of another network map to them.

use super::problem::Problem;
use serde_json::{Map, Value, json};

/// What channels of classes stand for.
#[derive(Debug, Clone, Copy)]
pub struct Classes {
    /// Names, in the order of the channels.
    pub names: &'static [&'static str],
    /// What earlier manifests call some of them: theirs, ours.
    pub renamed: &'static [(&'static str, &'static str)],
    /// Names that stand for something else than what is stamped, and for what.
    pub tokens: &'static [(&'static str, &'static str)],
}

impl Classes {
    /// Where each class of a network stands among these.
    pub(super) fn places(&self, alphabet: &[String]) -> Result<Vec<usize>, Problem> {
        if alphabet.is_empty() {
            return Err(Problem::Unfit("its manifest has no alphabet".into()));
        }
        let mut places = Vec::with_capacity(alphabet.len());
        for text in alphabet {
            let known = self.renamed.iter().find(|r| r.0 == text).map_or(text.as_str(), |r| r.1);
            match self.names.iter().position(|&n| n == known) {
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

    pub(super) fn json(&self) -> Value {
        let object = |pairs: &[(&str, &str)]| -> Map<String, Value> {
            pairs.iter().map(|(k, v)| ((*k).to_owned(), json!(v))).collect()
        };
        json!({"names": self.names, "renamed": object(self.renamed), "tokens": object(self.tokens)})
    }
}

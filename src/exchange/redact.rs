//! Leaving out what is not for everybody, so that whoever has the salt can still prove what it was.

use crate::catalogue::{Entry, Field};
use serde_json::{Map, Value as Json, json};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Shortest text that is looked for in other values, in characters: `yes` stands everywhere.
const SHORTEST: usize = 4;
/// What stands for a text that holds something that is left out.
const LEFT_OUT: &str = "[left out]";
/// Bytes of a salt.
const SALT: usize = 16;

/// What is left out, and the salts by which it can be proved.
#[derive(Debug, Default)]
pub struct Redaction {
    fields: Vec<Field>,
    /// Texts of these fields, in lower case: they are left out wherever they stand.
    texts: Vec<String>,
    /// Salts by the digest that they were used in.
    pub salts: BTreeMap<String, String>,
}

impl Redaction {
    /// Leaves out these fields.
    pub fn of(fields: Vec<Field>) -> Self {
        Self { fields, ..Self::default() }
    }

    /// The fields.
    pub fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Looks at an entry for texts that must stand nowhere.
    pub fn look_at(&mut self, entry: &Entry) {
        for field in self.fields.clone() {
            if let Some(value) = entry.values.get(&field).filter(|_| field != Field::OriginalRow) {
                self.meet(&value.text);
            }
        }
    }

    /// A text that must stand nowhere.
    pub fn meet(&mut self, text: &str) {
        let text = text.trim().to_lowercase();
        if text.chars().count() >= SHORTEST
            && let Err(at) = self.texts.binary_search(&text)
        {
            self.texts.insert(at, text);
        }
    }

    /// What is left of values, or of anything that holds them; whether it is all.
    pub fn left_of(&mut self, json: &Json) -> Result<(Json, bool), getrandom::Error> {
        let mut left = json.clone();
        self.values(&mut left)?;
        self.scrub(&mut left);
        let all = left == *json;
        Ok((left, all))
    }

    /// Puts digests in the place of the fields, wherever values are.
    fn values(&mut self, json: &mut Json) -> Result<(), getrandom::Error> {
        match json {
            Json::Array(all) => all.iter_mut().try_for_each(|one| self.values(one)),
            Json::Object(object) => {
                if let Some(Json::Object(values)) = object.get_mut("values") {
                    for field in self.fields.clone() {
                        if let Some(value) = values.get(field.name()) {
                            let digest = self.digest(&value.to_string())?;
                            values.insert(field.name().to_owned(), json!({ "digest": digest }));
                        }
                    }
                }
                object.values_mut().try_for_each(|one| self.values(one))
            }
            _ => Ok(()),
        }
    }

    /// SHA-256 of a salt in hexadecimal, a line feed and the text.
    fn digest(&mut self, text: &str) -> Result<String, getrandom::Error> {
        let mut salt = [0; SALT];
        getrandom::fill(&mut salt)?;
        let salt = hex::encode(salt);
        let digest = hex::encode(Sha256::digest(format!("{salt}\n{text}")));
        self.salts.insert(digest.clone(), salt);
        Ok(digest)
    }

    /// Leaves out every other text that holds one of those that are left out.
    fn scrub(&self, json: &mut Json) {
        match json {
            Json::String(text) => {
                let lower = text.to_lowercase();
                if self.texts.iter().any(|t| lower.contains(t.as_str())) {
                    *text = LEFT_OUT.to_owned();
                }
            }
            Json::Array(all) => all.iter_mut().for_each(|one| self.scrub(one)),
            Json::Object(object) => {
                let mut kept = Map::new();
                for (name, mut one) in std::mem::take(object) {
                    self.scrub(&mut one);
                    kept.insert(name, one);
                }
                *object = kept;
            }
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_left_out_stands_nowhere_and_can_be_proved() {
        let mut redaction = Redaction::of(vec![Field::Holder, Field::OriginalRow]);
        redaction.meet("Brigade Seven");
        redaction.meet("yes");
        let whole = json!({"who": "Ada", "what": {"values": {
            "headstamp": {"text": "PPU_81", "by": "Ada"}, "holder": {"text": "Brigade Seven", "by": "Ada"},
            "notes": {"text": "from brigade SEVEN", "by": "Ada"}, "original_row": {"text": "{}", "by": "Ada"}}}});
        let (left, all) = redaction.left_of(&whole).unwrap();
        let text = left.to_string();
        assert!(!all && !text.to_lowercase().contains("brigade") && text.contains("PPU_81"), "{text}");
        let digest = left["what"]["values"]["holder"]["digest"].as_str().unwrap();
        let value = whole["what"]["values"]["holder"].to_string();
        assert_eq!(hex::encode(Sha256::digest(format!("{}\n{value}", redaction.salts[digest]))), digest);
        let plain = json!({"who": "Ada", "what": {"values": {"site": {"text": "yes"}}}});
        assert_eq!(redaction.left_of(&plain).unwrap(), (plain, true));
    }
}

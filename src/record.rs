//! The JSON of `read --json`: one [`PhotoRecord`] a line. Scripts rely on every name here.

use crate::ellipse::Ellipse;
use crate::error::{PhotoError, Stage};
use crate::marks::{Direction, Mark};
use crate::photo::{Likeness, Met, Photo, Picture, Seen};
use serde::{Deserialize, Serialize, Serializer};
use std::path::Path;

/// Version of the JSON.
pub const SCHEMA: u32 = 1;

/// Everything known about one photograph.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PhotoRecord {
    /// [`SCHEMA`].
    pub schema: u32,
    /// The file, as it was named.
    pub photo: String,
    /// SHA-256 of the file, where it could be read.
    pub sha256: Option<String>,
    /// Width of the upright photograph, in pixels.
    pub width: Option<u32>,
    /// Height of the upright photograph, in pixels.
    pub height: Option<u32>,
    /// When it was taken, by the camera's clock.
    pub captured_at: Option<String>,
    /// The models that read it.
    pub model: String,
    /// Time taken, in milliseconds.
    #[serde(serialize_with = "one_decimal")]
    pub millis: f64,
    /// Why it could not be read; `heads` is then empty.
    pub error: Option<ErrorRecord>,
    /// Why `heads` is empty although nothing failed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// What is odd about the file though it could be read, and whether the picture was met before.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub remarks: Vec<String>,
    /// What the picture is known by whatever bytes it is kept in, where it could be decoded.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub picture: Option<Picture>,
    /// SHA-256 of the photograph met before that is the same picture in other bytes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub same_as: Option<String>,
    /// The case heads found.
    pub heads: Vec<HeadRecord>,
}

impl PhotoRecord {
    /// For a photograph that was decoded.
    pub fn of(photo: &Photo, model: &str) -> Self {
        Self {
            sha256: Some(photo.sha256.clone()),
            width: Some(photo.width),
            height: Some(photo.height),
            captured_at: photo.captured_at.clone(),
            remarks: photo.remarks.clone(),
            picture: Some(photo.picture.clone()),
            ..Self::named(&photo.path, model)
        }
    }

    /// For a photograph of which no more than the name is known.
    pub fn named(path: &Path, model: &str) -> Self {
        Self {
            schema: SCHEMA,
            photo: path.to_string_lossy().into_owned(),
            sha256: None,
            width: None,
            height: None,
            captured_at: None,
            model: model.to_string(),
            millis: 0.0,
            error: None,
            reason: None,
            remarks: Vec::new(),
            picture: None,
            same_as: None,
            heads: Vec::new(),
        }
    }

    /// Remarks that the picture was met before, under which name, and remembers it otherwise. `one` proves by their names that
    /// two photographs that look alike are one picture; without that they are two, which look alike.
    pub fn recognise(&mut self, seen: &mut Seen, one: impl FnOnce(&str, &str) -> bool) {
        let (Some(picture), Some(sha256)) = (&self.picture, &self.sha256) else { return };
        let Some((likeness, met)) = seen.meet(picture, &Met { name: self.photo.clone(), sha256: sha256.clone() })
        else {
            return;
        };
        let same = likeness == Likeness::Same || one(&met.name, &self.photo);
        self.remarks.push(if same { format!("{likeness} {}", met.name) } else { format!("looks like {}", met.name) });
        if same && met.sha256 != *sha256 {
            self.same_as = Some(met.sha256.clone());
        }
    }

    /// Puts an error in place of whatever was read.
    pub fn fail(&mut self, error: &PhotoError) {
        self.sha256 = self.sha256.take().or_else(|| error.sha256.clone());
        self.error = Some(ErrorRecord::from(error));
        self.reason = None;
        self.heads.clear();
    }
}

/// An error that concerns one photograph.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ErrorRecord {
    /// How far it came.
    pub stage: Stage,
    /// The cause.
    pub message: String,
    /// What can be done about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hint: Option<String>,
}

impl From<&PhotoError> for ErrorRecord {
    fn from(error: &PhotoError) -> Self {
        Self { stage: error.stage, message: error.message.clone(), hint: error.hint.clone() }
    }
}

/// One case head.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct HeadRecord {
    /// The rim, in pixels of the upright photograph.
    #[serde(serialize_with = "ellipse")]
    pub ellipse: Ellipse,
    /// How well the marks can be read, 0..1.
    #[serde(serialize_with = "four_decimals")]
    pub legibility: f32,
    /// Why there are no proposals.
    pub reason: Option<String>,
    /// The marks, clockwise.
    pub marks: Vec<MarkRecord>,
    /// Headstamps, the most probable first.
    pub proposals: Vec<ProposalRecord>,
    /// Who said where it is, where that was not found by the program.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fitted: Option<Fitted>,
    /// The models that read it anew, where those that read its photograph were others.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_by: Option<String>,
}

/// A person's word on where a head is, and what read it there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fitted {
    /// The person.
    pub by: String,
    /// The models that read it: they may be newer than those that read the photograph.
    pub model: String,
}

/// One mark.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MarkRecord {
    /// The most probable character.
    pub text: String,
    /// Where its top points.
    pub direction: Direction,
    /// Turn of its top from the outward radius, clockwise, in degrees.
    #[serde(serialize_with = "one_decimal")]
    pub turn_deg: f32,
    /// Its place, clockwise from the top of the photograph, in degrees.
    #[serde(serialize_with = "one_decimal")]
    pub clock_deg: f32,
    /// Its distance from the centre, in units of the rim.
    #[serde(serialize_with = "four_decimals")]
    pub radius: f32,
    /// Probability of `text`, given that there is a mark, 0..1.
    #[serde(serialize_with = "four_decimals")]
    pub confidence: f32,
    /// Other readings with their probability.
    #[serde(serialize_with = "alternatives")]
    pub alternatives: Vec<(String, f32)>,
    /// What the first proposal reads it as; absent where that leaves it out or fills in a character that was not seen.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_as: Option<String>,
    /// Corners in pixels of the upright photograph: top left, top right, bottom right, bottom left, as the character
    /// itself stands.
    #[serde(rename = "box", serialize_with = "corners")]
    pub corners: [[f32; 2]; 4],
}

impl MarkRecord {
    /// A mark on a head.
    pub fn new(mark: &Mark, head: &Ellipse) -> Self {
        Self {
            text: mark.text.to_string(),
            direction: mark.direction(),
            turn_deg: mark.turn_deg,
            clock_deg: mark.clock_deg,
            radius: mark.radius,
            confidence: mark.confidence,
            alternatives: mark.alternatives.iter().map(|&(text, p)| (text.to_string(), p)).collect(),
            read_as: None,
            corners: corners_of(mark, head),
        }
    }
}

/// The corners of a mark's box. Laid out on the unit disc, where the character is not slanted, and taken from there
/// to the photograph.
fn corners_of(mark: &Mark, head: &Ellipse) -> [[f32; 2]; 4] {
    let (s, c) = mark.clock_deg.to_radians().sin_cos();
    let (up_s, up_c) = (mark.clock_deg + mark.turn_deg).to_radians().sin_cos();
    let (up, right) =
        ((up_s * mark.height / 2.0, -up_c * mark.height / 2.0), (up_c * mark.width / 2.0, up_s * mark.width / 2.0));
    let m = head.matrix();
    [(-1.0, 1.0), (1.0, 1.0), (1.0, -1.0), (-1.0, -1.0)].map(|(across, along)| {
        let x = mark.radius * s + across * right.0 + along * up.0;
        let y = -mark.radius * c + across * right.1 + along * up.1;
        [head.cx + m[0] * x + m[1] * y, head.cy + m[2] * x + m[3] * y]
    })
}

/// One headstamp that the marks may mean.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ProposalRecord {
    /// The headstamp as it is written down.
    pub headstamp: String,
    /// Probability that the whole headstamp is exactly right; `None` where it has not been measured.
    #[serde(serialize_with = "maybe_four_decimals")]
    pub confidence: Option<f32>,
    /// Where it may come from, the most probable first.
    pub countries: Vec<CountryRecord>,
    /// The year; `None` where it could not be told.
    pub year: Option<Year>,
    /// The calibre; `None` where it could not be told.
    pub calibre: Option<Calibre>,
    /// What speaks for it beside the marks of this head; absent where nothing does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub vouched: Option<Vouched>,
}

/// Like heads that were read together with one, and how it stood without them.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Vouched {
    /// How many other heads are read so first.
    pub heads: u32,
    /// How sure it was by the marks of this head alone; `None` where it was not among its proposals, or has not been measured.
    #[serde(serialize_with = "maybe_four_decimals")]
    pub alone: Option<f32>,
}

/// A country that may have made the cartridge, with the evidence.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CountryRecord {
    /// Today's country.
    pub iso2: String,
    /// Its name.
    pub name: String,
    /// The state that made it.
    pub state_at_time: Option<String>,
    /// Its share among all meanings of this headstamp, 0..1, given that the headstamp is read right.
    #[serde(serialize_with = "maybe_four_decimals")]
    pub confidence: Option<f32>,
    /// The maker.
    pub factory: Option<String>,
    /// The code that names the maker.
    pub code: Option<String>,
    /// Where the code's meaning is taken from.
    pub source: Option<String>,
}

/// The year of making.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Year {
    /// In full.
    pub value: Option<i32>,
    /// As it is stamped.
    pub stamped: Option<String>,
    /// Whether the head bears none.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub absent: bool,
}

/// The calibre.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Calibre {
    /// Its usual name.
    pub value: String,
    /// The marks that say so.
    pub evidence: Option<String>,
}

/// Rounded for reading: more digits than are meant only make lines long.
fn rounded(value: impl Into<f64>, decimals: i32) -> f64 {
    let unit = 10f64.powi(decimals);
    // Adding zero turns -0.0 into 0.0.
    (value.into() * unit).round() / unit + 0.0
}

fn one_decimal<S: Serializer, F: Into<f64> + Copy>(value: &F, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_f64(rounded(*value, 1))
}

fn four_decimals<S: Serializer>(value: &f32, s: S) -> Result<S::Ok, S::Error> {
    s.serialize_f64(rounded(*value, 4))
}

fn maybe_four_decimals<S: Serializer>(value: &Option<f32>, s: S) -> Result<S::Ok, S::Error> {
    value.map(|v| rounded(v, 4)).serialize(s)
}

fn alternatives<S: Serializer>(value: &[(String, f32)], s: S) -> Result<S::Ok, S::Error> {
    s.collect_seq(value.iter().map(|(text, p)| (text, rounded(*p, 4))))
}

fn corners<S: Serializer>(value: &[[f32; 2]; 4], s: S) -> Result<S::Ok, S::Error> {
    value.map(|corner| corner.map(|v| rounded(v, 1))).serialize(s)
}

fn ellipse<S: Serializer>(value: &Ellipse, s: S) -> Result<S::Ok, S::Error> {
    #[derive(Serialize)]
    struct Rounded {
        cx: f64,
        cy: f64,
        a: f64,
        b: f64,
        angle_deg: f64,
    }
    let Ellipse { cx, cy, a, b, angle_deg } = value.to_owned();
    let r = |v| rounded(v, 1);
    Rounded { cx: r(cx), cy: r(cy), a: r(a), b: r(b), angle_deg: r(angle_deg) }.serialize(s)
}

#[cfg(test)]
mod tests;

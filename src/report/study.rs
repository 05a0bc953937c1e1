//! Entries as they are counted: each in a row of numbers, which say what it is of.

use super::chosen::{Condition, all_hold};
use super::labels::Labels;
use crate::catalogue::fields::{ABSENT, NOT_LEGIBLE, SYMBOL_UNKNOWN};
use crate::catalogue::{Catalogue, CatalogueError, Confirmed, Entry, Field, How, Values, Way};
use crate::notation::variety_key;
use crate::registry::country_name;
use std::collections::HashMap;
use uuid::Uuid;

/// The mark of NATO-standard ammunition.
pub const NATO: char = '⊕';
/// Calibres that NATO standardised, by their usual names here (STANAG 4172, 2310, 4383, 4090).
pub const NATO_CALIBRES: [&str; 4] = ["5.56x45", "7.62x51", "12.7x99", "9x19"];
/// Labels of [`Column::Nato`].
pub const NATO_STANDARD: &str = "NATO standard";
/// What stands for what was not recorded.
pub const NOT_RECORDED: &str = "not recorded";
/// What stands for a case without a year mark.
pub const UNDATED: &str = "without a year mark";

/// A column by which entries are counted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Column {
    /// The state that made it, as it was called then.
    Producer,
    /// The decade of production.
    Decade,
    /// The variety: calibre and headstamp.
    Variety,
    /// The calibre.
    Calibre,
    /// Where it was found.
    Site,
    /// Who held it.
    Holder,
    /// When it was found, by year.
    Found,
    /// How the headstamp is known.
    Headstamp,
    /// How the country is known.
    Country,
    /// How it was confirmed.
    Confirmed,
    /// Whether it is NATO-standard: it bears the mark, or is of such a calibre.
    Nato,
}

impl Column {
    /// All of them, in the order of [`Seen::of`].
    pub const ALL: [Self; 11] = [
        Self::Producer,
        Self::Decade,
        Self::Variety,
        Self::Calibre,
        Self::Site,
        Self::Holder,
        Self::Found,
        Self::Headstamp,
        Self::Country,
        Self::Confirmed,
        Self::Nato,
    ];

    /// Its name, on the page and in files.
    pub fn name(self) -> &'static str {
        match self {
            Self::Producer => "producer",
            Self::Decade => "decade",
            Self::Variety => "variety",
            Self::Calibre => "calibre",
            Self::Site => "site",
            Self::Holder => "holder",
            Self::Found => "found",
            Self::Headstamp => "headstamp_known",
            Self::Country => "country_known",
            Self::Confirmed => "confirmed",
            Self::Nato => "nato",
        }
    }
}

/// How an entry was confirmed, in words.
fn in_words(by: Confirmed) -> &'static str {
    match by.way {
        Way::Accepted if by.together > 1 => "as proposed first, on a sheet of like heads",
        Way::Accepted => "as proposed first, looked at singly",
        Way::Chosen => "another proposal chosen",
        Way::Edited => "a proposal changed",
        Way::Typed => "typed",
        Way::Imported => "from a list",
    }
}

/// An entry in numbers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seen {
    /// Its case.
    pub case: Uuid,
    /// How many cases it stands for.
    pub quantity: u32,
    /// What it is of, column by column: numbers of [`Study::labels`].
    pub of: [u32; Column::ALL.len()],
    /// SHA-256 of the first photograph that shows it, and the head there.
    pub place: Option<([u8; 32], i64)>,
}

impl Seen {
    /// What it is of, in a column.
    pub fn column(&self, column: Column) -> u32 {
        self.of[column as usize]
    }
}

/// A variety, as its entries say it most often.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Variety {
    /// The headstamp, in the notation.
    pub headstamp: String,
    /// The calibre; empty where it was not recorded.
    pub calibre: String,
    /// What is recorded of it beside: state, today's country, factory and year of its first entry.
    pub producer: u32,
    /// Today's country, ISO 3166 two letters; empty where it was not recorded.
    pub country: String,
    /// The factory; empty where it was not recorded.
    pub factory: String,
    /// The year; empty where it was not recorded.
    pub year: String,
}

/// All entries that are counted.
#[derive(Debug, Default)]
pub struct Study {
    /// The entries.
    pub entries: Vec<Seen>,
    /// Cases they stand for.
    pub cases: u64,
    /// Entries that were left out, since a condition does not hold.
    pub left_out: u64,
    labels: [Labels; Column::ALL.len()],
    /// The varieties, by their numbers.
    pub varieties: Vec<Variety>,
    /// Today's country of each producer, by its number.
    pub today: Vec<String>,
}

impl Study {
    /// The entries of a catalogue for which all conditions hold.
    pub fn of(catalogue: &Catalogue, conditions: &[Condition]) -> Result<Self, CatalogueError> {
        let mut study = Self::default();
        let mut keys = Keys::default();
        catalogue.confirmed_entries(|entry, by| {
            if all_hold(conditions, &entry) {
                study.take(&mut keys, &entry, by);
            } else {
                study.left_out += 1;
            }
            Ok::<_, CatalogueError>(())
        })?;
        Ok(study)
    }

    /// The texts of a column, by their numbers.
    pub fn labels(&self, column: Column) -> &Labels {
        &self.labels[column as usize]
    }

    fn take(&mut self, keys: &mut Keys, entry: &Entry, by: Option<Confirmed>) {
        let values = &entry.values;
        let text = |field| values.get(&field).map_or("", |v| v.text.as_str());
        let quantity = text(Field::Quantity).parse().unwrap_or(1);
        let producer = self.producer(values);
        let variety = self.variety(keys, values, producer);
        let recorded = |text: &str| if text.is_empty() { NOT_RECORDED.to_owned() } else { text.to_owned() };
        let known = |field| values.get(&field).map_or(NOT_RECORDED, |v| v.how.name()).to_owned();
        let nato = text(Field::Headstamp).contains(NATO) || NATO_CALIBRES.contains(&text(Field::Calibre));
        let nato = if nato { NATO_STANDARD } else { "other" };
        let found = text(Field::DateFound);
        let columns = [
            (Column::Decade, decade(text(Field::Year))),
            (Column::Calibre, recorded(text(Field::Calibre))),
            (Column::Site, recorded(text(Field::Site))),
            (Column::Holder, recorded(text(Field::Holder))),
            (Column::Found, recorded(found.get(..4).unwrap_or(found))),
            (Column::Headstamp, known(Field::Headstamp)),
            (Column::Country, known(Field::Country)),
            (Column::Confirmed, by.map_or(NOT_RECORDED, in_words).to_owned()),
            (Column::Nato, nato.to_owned()),
        ];
        let mut of = [0; Column::ALL.len()];
        of[Column::Producer as usize] = producer;
        of[Column::Variety as usize] = variety;
        for (column, text) in columns {
            of[column as usize] = self.labels[column as usize].number(&text);
        }
        let place = entry.places.first().and_then(|place| {
            let mut sha256 = [0; 32];
            hex::decode_to_slice(&place.photo, &mut sha256).ok()?;
            Some((sha256, place.head.map_or(-1, i64::from)))
        });
        self.cases += u64::from(quantity);
        self.entries.push(Seen { case: entry.case, quantity, of, place });
    }

    /// The state that made a case as it was called then, or else the country.
    fn producer(&mut self, values: &Values) -> u32 {
        let text = |field| values.get(&field).map_or("", |v| v.text.as_str());
        let (state, iso2) = (text(Field::StateAtTime), text(Field::Country));
        let name = match (state, iso2) {
            ("", "") => NOT_RECORDED,
            ("", iso2) => country_name(iso2),
            (state, _) => state,
        };
        let number = self.labels[Column::Producer as usize].number(name);
        if self.today.len() <= number as usize {
            self.today.push(iso2.to_owned());
        }
        number
    }

    fn variety(&mut self, keys: &mut Keys, values: &Values, producer: u32) -> u32 {
        let text = |field| values.get(&field).map_or("", |v| v.text.as_str());
        let (headstamp, calibre) = (text(Field::Headstamp), text(Field::Calibre));
        let headstamp = if headstamp.is_empty() { NOT_RECORDED } else { headstamp };
        let key = match keys.of.get(headstamp) {
            Some(key) => key,
            None => {
                let known = [NOT_LEGIBLE, SYMBOL_UNKNOWN, NOT_RECORDED].contains(&headstamp);
                let key = if known { headstamp.to_owned() } else { variety_key(headstamp) };
                keys.of.entry(headstamp.to_owned()).or_insert(key)
            }
        };
        let labels = &mut self.labels[Column::Variety as usize];
        let number = labels.number(&format!("{calibre} {key}"));
        if self.varieties.len() <= number as usize {
            self.varieties.push(Variety {
                headstamp: headstamp.to_owned(),
                calibre: calibre.to_owned(),
                producer,
                country: text(Field::Country).to_owned(),
                factory: text(Field::Factory).to_owned(),
                year: text(Field::Year).to_owned(),
            });
        }
        number
    }
}

impl Variety {
    /// Whether its headstamp could be read: what cannot be told apart is no variety.
    pub fn is_read(&self) -> bool {
        ![NOT_LEGIBLE, SYMBOL_UNKNOWN, NOT_RECORDED].contains(&self.headstamp.as_str())
    }

    /// Calibre and headstamp, as people write them.
    pub fn name(&self) -> String {
        if self.calibre.is_empty() {
            return self.headstamp.clone();
        }
        format!("{} {}", self.calibre, self.headstamp)
    }
}

/// Keys of headstamps that were met before.
#[derive(Default)]
struct Keys {
    of: HashMap<String, String>,
}

/// The decade of a year as it is recorded.
fn decade(year: &str) -> String {
    match year {
        "" => NOT_RECORDED.into(),
        ABSENT => UNDATED.into(),
        NOT_LEGIBLE => NOT_LEGIBLE.into(),
        year => year.parse::<u16>().map_or_else(|_| NOT_RECORDED.into(), |y| format!("{}s", y / 10 * 10)),
    }
}

/// How a value may be known, and that it may not be recorded, in the order in which it is told.
pub fn ways_of_knowing() -> impl Iterator<Item = &'static str> {
    How::ALL.into_iter().map(How::name).chain([NOT_RECORDED])
}

//! How well `headstamp check` finds wrong entries. Labelled photographs become a list of entries of which some are made wrong
//! as people make them; what `check` says of the list is held against what was done to it.
//!
//! ```text
//! headstamp synth --out R --count 2000 --seed 2204 --held-aside --legible --subject single
//! cargo bench --bench check -- spoil R L                              # L/entries.csv, L/done.csv, L/names.txt
//! headstamp check --entries L/entries.csv --photos R --json > found.jsonl
//! headstamp read --alone --json R > read.jsonl
//! cargo bench --bench check -- score L found.jsonl read.jsonl
//! cargo bench --bench check -- each ../shared/photos read.jsonl       # one label spoiled at a time
//! ```

use headstamp::catalogue::{Entry, Field, How, Place, Value, Values};
use headstamp::check::{Checker, Finding, Glance, Seen, Subject};
use headstamp::notation::variety_key;
use headstamp::record::PhotoRecord;
use headstamp::registry::{Dating, Registry, SETTLED};
use rayon::prelude::*;
use std::collections::{BTreeMap, HashMap};
use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::Path;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// Share of entries that are spoiled.
const SPOILED: f64 = 0.05;
/// Seed of what is done to them.
const SEED: u64 = 20_261_201;
/// Signs that people take for one another.
const CONFUSED: [(char, char); 20] = [
    ('0', 'O'),
    ('1', 'I'),
    ('1', '7'),
    ('3', '8'),
    ('5', 'S'),
    ('8', 'B'),
    ('2', 'Z'),
    ('6', '8'),
    ('6', '9'),
    ('C', 'G'),
    ('E', 'F'),
    ('U', 'V'),
    ('N', 'M'),
    ('N', 'H'),
    ('P', 'R'),
    ('O', 'Q'),
    ('D', 'O'),
    ('K', 'X'),
    ('3', '5'),
    ('4', '9'),
];

/// A row of a list, and what was done to it.
#[derive(Debug, Clone, Default)]
struct Row {
    photo: String,
    headstamp: String,
    country: String,
    year: String,
    done: String,
}

/// Numbers, the same every time.
struct Dice(u64);

impl Dice {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        (self.next() % n.max(1) as u64) as usize
    }
}

fn main() -> Result<()> {
    let asked: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with("--")).collect();
    match asked.iter().map(String::as_str).collect::<Vec<_>>()[..] {
        ["spoil", from, to] => write_spoiled(Path::new(from), Path::new(to), SEED),
        ["spoil", from, to, seed] => write_spoiled(Path::new(from), Path::new(to), seed.parse()?),
        ["score", list, found, read] => score(Path::new(list), found, read),
        ["features", list, read, out] => features(Path::new(list), read, out),
        ["each", photos, read] => each(Path::new(photos), read),
        _ => {
            println!("say which: spoil FROM TO, score LIST FOUND READ, features LIST READ OUT, each PHOTOS READ");
            Ok(())
        }
    }
}

/// The legible labels of a folder, each with what the registry says of it.
fn labels(folder: &Path) -> Result<Vec<Row>> {
    let registry = Registry::embedded();
    let mut rows = Vec::new();
    for record in csv::Reader::from_path(folder.join("labels.csv"))?.records() {
        let record = record?;
        let (photo, headstamp) = (record[0].to_owned(), record[4].to_owned());
        if &record[6] != "1" || headstamp.is_empty() {
            continue;
        }
        let parsed = headstamp.parse().map_err(|e| format!("{headstamp}: {e}"))?;
        let means = registry.interpret(&parsed, None);
        let country = means.country().map(|c| c.0.to_owned()).unwrap_or_default();
        let year = match means.dating() {
            (Dating::Year { value, .. }, sure) if sure >= SETTLED => value.to_string(),
            _ => String::new(),
        };
        rows.push(Row { photo, headstamp, country, year, done: String::new() });
    }
    Ok(rows)
}

/// Spoils one row in a way that can be done to it; `None` where that cannot.
fn spoil(rows: &mut [Row], at: usize, way: usize, dice: &mut Dice) -> Option<()> {
    let was = rows[at].clone();
    let elements: Vec<&str> = was.headstamp.split('_').collect();
    let chars: Vec<char> = was.headstamp.chars().collect();
    // not within the name of a symbol
    let mut depth = 0;
    let free: Vec<usize> = (0..chars.len())
        .filter(|i| {
            depth += match chars[*i] {
                '[' => 1,
                ']' => -1,
                _ => 0,
            };
            depth == 0 && chars[*i].is_alphanumeric()
        })
        .collect();
    let with = |i: usize, c: char| {
        let mut all = chars.clone();
        all[i] = c;
        all.into_iter().collect::<String>()
    };
    let (done, headstamp) = match way {
        0 => {
            let i = *free.get(dice.below(free.len()))?;
            let set: Vec<char> = match chars[i] {
                '0'..='9' => ('0'..='9').collect(),
                c if c.is_ascii() => ('A'..='Z').collect(),
                _ => "АБВГДЕЖЗИКЛМНОПРСТУФХЦЧШ".chars().collect(),
            };
            ("one character", with(i, set[dice.below(set.len())]))
        }
        1 => {
            let pairs: Vec<(usize, char)> = free
                .iter()
                .flat_map(|&i| {
                    let c = chars[i];
                    CONFUSED
                        .iter()
                        .filter_map(move |&(a, b)| (a == c).then_some((i, b)).or_else(|| (b == c).then_some((i, a))))
                })
                .collect();
            let (i, c) = *pairs.get(dice.below(pairs.len()))?;
            ("confused pair", with(i, c))
        }
        2 => {
            let i = dice.below(elements.len());
            let mut all = elements.clone();
            let n = all.len();
            all.swap(i, (i + 1) % n);
            ("elements swapped", all.join("_"))
        }
        3 => {
            let mut row = was.clone();
            let year: i32 = row.year.parse().ok()?;
            let by = 1 + dice.below(12) as i32;
            row.year = (if dice.below(2) == 0 { year - by } else { year + by }).to_string();
            // half of those who write a wrong year read it so on the head
            let short = |y: &str| y.get(2..).unwrap_or_default().to_owned();
            if dice.below(2) == 0 {
                let (old, new) = (row.year.clone(), was.year.clone());
                row.headstamp = if row.headstamp.contains(&new) {
                    row.headstamp.replacen(&new, &old, 1)
                } else {
                    row.headstamp.replacen(&short(&new), &short(&old), 1)
                };
            }
            row.done = "wrong year".into();
            rows[at] = row;
            return Some(());
        }
        4 => {
            let others: Vec<String> =
                rows.iter().map(|r| r.country.clone()).filter(|c| !c.is_empty() && *c != was.country).collect();
            if was.country.is_empty() {
                return None;
            }
            rows[at].country = others.get(dice.below(others.len()))?.clone();
            rows[at].done = "wrong country".into();
            return Some(());
        }
        _ => {
            let other = at + 1;
            let next = rows.get(other)?.clone();
            if !next.done.is_empty() || variety_key(&next.headstamp) == variety_key(&was.headstamp) {
                return None;
            }
            rows[at] = Row { photo: was.photo, done: "exchanged".into(), ..next.clone() };
            rows[other] = Row { photo: next.photo, done: "exchanged".into(), headstamp: was.headstamp, ..was };
            return Some(());
        }
    };
    if variety_key(&headstamp) == variety_key(&was.headstamp) {
        return None;
    }
    rows[at] = Row { headstamp, done: done.into(), ..was };
    Some(())
}

fn spoiled(mut rows: Vec<Row>, seed: u64) -> Vec<Row> {
    let mut dice = Dice(seed);
    let wanted = (rows.len() as f64 * SPOILED).round() as usize;
    let mut tried = 0;
    while rows.iter().filter(|r| !r.done.is_empty()).count() < wanted && tried < 100 * wanted {
        tried += 1;
        let at = dice.below(rows.len());
        if rows[at].done.is_empty() {
            let way = dice.below(6);
            spoil(&mut rows, at, way, &mut dice);
        }
    }
    rows
}

fn write_spoiled(from: &Path, to: &Path, seed: u64) -> Result<()> {
    let rows = spoiled(labels(from)?, seed);
    fs::create_dir_all(to)?;
    let mut entries = csv::Writer::from_path(to.join("entries.csv"))?;
    let mut done = csv::Writer::from_path(to.join("done.csv"))?;
    entries.write_record(["photo", "headstamp", "country", "year"])?;
    done.write_record(["photo", "headstamp", "country", "year", "done"])?;
    let mut ways: BTreeMap<&str, usize> = BTreeMap::new();
    for row in &rows {
        entries.write_record([&row.photo, &row.headstamp, &row.country, &row.year])?;
        done.write_record([&row.photo, &row.headstamp, &row.country, &row.year, &row.done])?;
        *ways.entry(&row.done).or_default() += 1;
    }
    entries.flush()?;
    done.flush()?;
    println!("{} entries: {ways:?}", rows.len());
    Ok(())
}

fn done(list: &Path) -> Result<Vec<Row>> {
    let mut rows = Vec::new();
    for record in csv::Reader::from_path(list.join("done.csv"))?.records() {
        let record = record?;
        let [photo, headstamp, country, year, done] = [0, 1, 2, 3, 4].map(|i| record[i].to_owned());
        rows.push(Row { photo, headstamp, country, year, done });
    }
    Ok(rows)
}

fn records(read: &str) -> Result<HashMap<String, PhotoRecord>> {
    let mut all = HashMap::new();
    for line in fs::read_to_string(read)?.lines() {
        let record: PhotoRecord = serde_json::from_str(line)?;
        all.insert(name(&record.photo), record);
    }
    Ok(all)
}

fn name(path: &str) -> String {
    Path::new(path).file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default()
}

/// The area under the curve of precision over recall, as average precision, of scores with whether each is wrong.
fn area(scored: &[(f64, bool)]) -> f64 {
    let mut sorted: Vec<&(f64, bool)> = scored.iter().collect();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    let (mut found, mut sum) = (0usize, 0.0);
    for (n, (_, wrong)) in sorted.iter().enumerate() {
        if *wrong {
            found += 1;
            sum += found as f64 / (n + 1) as f64;
        }
    }
    sum / found.max(1) as f64
}

fn among_first(scored: &[(f64, bool)], most: usize) -> f64 {
    let mut sorted: Vec<&(f64, bool)> = scored.iter().collect();
    sorted.sort_by(|a, b| b.0.total_cmp(&a.0));
    sorted.iter().take(most).filter(|s| s.1).count() as f64 / most as f64
}

/// What disagreement with the first proposal, by its confidence, makes of an entry.
fn baseline(row: &Row, record: Option<&PhotoRecord>) -> f64 {
    let first = record.and_then(|r| r.heads.first()).and_then(|h| h.proposals.first());
    let Some(first) = first else { return 0.0 };
    let sure = f64::from(first.confidence.unwrap_or(0.0));
    if variety_key(&first.headstamp) == variety_key(&row.headstamp) { -sure } else { sure }
}

fn told(rows: &[Row], scores: &[f64], records: &HashMap<String, PhotoRecord>) {
    let scored: Vec<(f64, bool)> = scores.iter().zip(rows).map(|(s, r)| (*s, !r.done.is_empty())).collect();
    let base: Vec<(f64, bool)> =
        rows.iter().map(|r| (baseline(r, records.get(&name(&r.photo))), !r.done.is_empty())).collect();
    println!(
        "area {:.3}, by the first proposal {:.3}; first 50: {:.2}, by the first proposal {:.2}",
        area(&scored),
        area(&base),
        among_first(&scored, 50),
        among_first(&base, 50)
    );
    let mut counts: HashMap<String, usize> = HashMap::new();
    rows.iter().for_each(|r| *counts.entry(variety_key(&r.headstamp)).or_default() += 1);
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by(|a, b| scores[*b].total_cmp(&scores[*a]));
    let rare =
        order.iter().take(50).filter(|i| rows[**i].done.is_empty() && counts[&variety_key(&rows[**i].headstamp)] < 3);
    println!("rare varieties falsely among the first 50: {}", rare.count());
    let spoiled = scored.iter().filter(|s| s.1).count();
    let mut ways: BTreeMap<&str, (usize, usize)> = BTreeMap::new();
    for (n, i) in order.iter().enumerate().filter(|(_, i)| !rows[**i].done.is_empty()) {
        let way = ways.entry(&rows[*i].done).or_default();
        way.0 += usize::from(n < spoiled);
        way.1 += 1;
    }
    for (way, (found, all)) in ways {
        println!("  {way}: {found} of {all} among the first {spoiled}");
    }
}

fn score(list: &Path, found: &str, read: &str) -> Result<()> {
    let (rows, records) = (done(list)?, records(read)?);
    let mut wrong: HashMap<String, f64> = HashMap::new();
    for line in fs::read_to_string(found)?.lines() {
        let finding: serde_json::Value = serde_json::from_str(line)?;
        let photo = finding["photo"].as_str().unwrap_or_default();
        wrong.insert(name(photo), finding["wrong"].as_f64().unwrap_or(0.0));
    }
    let scores: Vec<f64> = rows.iter().map(|r| wrong.get(&name(&r.photo)).copied().unwrap_or(0.0)).collect();
    told(&rows, &scores, &records);
    Ok(())
}

fn subject(row: &Row, record: Option<&PhotoRecord>) -> Subject {
    let fields = [(Field::Headstamp, &row.headstamp), (Field::Country, &row.country), (Field::Year, &row.year)];
    let value = |text: &String| Value { text: text.clone(), how: How::Told, by: "list".into() };
    let values: Values = fields.into_iter().filter(|(_, t)| !t.is_empty()).map(|(f, t)| (f, value(t))).collect();
    let heads = record.map(|r| r.heads.clone()).unwrap_or_default();
    let places = vec![Place { photo: record.and_then(|r| r.sha256.clone()).unwrap_or_default(), head: None }];
    let seen = if heads.is_empty() { Seen::Nothing("no case head found".into()) } else { Seen::Heads(heads) };
    Subject { entry: Entry { case: uuid::Uuid::nil(), places, values }, seen, twice: None }
}

fn checked(rows: &[Row], records: &HashMap<String, PhotoRecord>, registry: &Registry) -> Vec<Finding> {
    let subjects: Vec<Subject> = rows.iter().map(|r| subject(r, records.get(&name(&r.photo)))).collect();
    let all: Vec<Glance> = subjects.iter().map(|s| Glance::of(&s.entry.values)).collect();
    let checker = Checker::of(&all, registry);
    subjects.par_iter().map(|s| checker.check(s)).collect()
}

/// Writes what sureness is made of, for fitting it: a row for each entry, and what was done to it.
fn features(list: &Path, read: &str, out: &str) -> Result<()> {
    let (rows, records, registry) = (done(list)?, records(read)?, Registry::embedded());
    let start = std::time::Instant::now();
    let findings = checked(&rows, &records, &registry);
    println!("{} entries in {:.2} s", rows.len(), start.elapsed().as_secs_f64());
    let scores: Vec<f64> = findings.iter().map(|f| f.wrong).collect();
    told(&rows, &scores, &records);
    let mut file = fs::File::create(out)?;
    for (row, f) in rows.iter().zip(findings) {
        let reasons: Vec<_> = f.reasons.iter().map(|r| (r.signal.name(), r.wrong, &r.text)).collect();
        let line = serde_json::json!({"photo": row.photo, "headstamp": row.headstamp, "done": row.done, "wrong": f.wrong,
            "features": f.features, "reasons": reasons, "base": baseline(row, records.get(&name(&row.photo)))});
        writeln!(file, "{line}")?;
    }
    Ok(())
}

/// One label of real photographs spoiled at a time, each in turn: how far up it comes.
fn each(photos: &Path, read: &str) -> Result<()> {
    let (rows, registry) = (labels(photos)?, Registry::embedded());
    let mut records = HashMap::new();
    for line in fs::read_to_string(read)?.lines() {
        let record: PhotoRecord = serde_json::from_str(line)?;
        records.insert(name(&record.photo), record);
    }
    let mut dice = Dice(SEED);
    let (mut first, mut all, mut shares) = (0, 0, Vec::new());
    for at in 0..rows.len() {
        let mut list = rows.clone();
        while spoil(&mut list, at, dice.below(5), &mut dice).is_none() {}
        let findings = checked(&list, &records, &registry);
        let above = findings.iter().filter(|f| f.wrong > findings[at].wrong).count();
        let share = above as f64 / list.len() as f64;
        first += usize::from(share < 0.25);
        all += 1;
        shares.push(share);
        println!(
            "{:.2} {} {} -> {} {:?}",
            share,
            list[at].done,
            rows[at].headstamp,
            list[at].headstamp,
            findings[at].reasons.first().map(|r| &r.text)
        );
    }
    println!("{first} of {all} in the first quarter ({:.2})", first as f64 / all as f64);
    Ok(())
}

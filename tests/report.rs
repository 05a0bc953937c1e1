//! The study at one command: a list with the printed counts of Small Arms Survey 2015, chapter 6, in, its tables out; every
//! number opens what it counts.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Folder, headstamp};
use serde_json::Value;
use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// Headstamp, calibre, today's country, state at production, factory, year, how many, and where that is printed.
type Printed = (&'static str, &'static str, &'static str, &'static str, &'static str, &'static str, u32, &'static str);

/// Table 6.3: the most prominent varieties. Table 6.5: NATO-standard material.
const PRINTED: [Printed; 9] = [
    ("31_94", "7.62x39", "CN", "China", "Unknown state factory (code 31)", "1994", 73, "Table 6.3"),
    ("71_90", "7.62x54R", "CN", "China", "Unknown state factory (code 71)", "1990", 36, "Table 6.3"),
    ("945_05", "7.62x54R", "CN", "China", "Unknown state factory (code 945)", "2005", 188, "Table 6.3"),
    ("17_88", "7.62x54R", "RU", "Soviet Union", "Barnaul Machine Tool Plant JSC", "1988", 88, "Table 6.3"),
    ("188_88", "7.62x54R", "RU", "Soviet Union", "Novosibirsk LVE Plant JSC", "1988", 84, "Table 6.3"),
    ("3_*_87_*", "14.5x114", "RU", "Soviet Union", "Ulyanovsk Machinery Plant SPA", "1987", 40, "Table 6.3"),
    ("⊕_77_FN", "7.62x51", "BE", "Belgium", "Fabrique Nationale d'Herstal", "1977", 4, "Table 6.5"),
    ("⊕_7.62_80_FNB", "7.62x51", "BE", "Belgium", "Fabrique Nationale d'Herstal", "1980", 2, "Table 6.5"),
    ("POF_81_L2A2", "7.62x51", "PK", "Pakistan", "Pakistan Ordnance Factories", "1981", 1, "Table 6.5"),
];
/// Cases by decade, so that the shares come out that are printed: 54 % of the 1970s and 1980s, 29 % of 2000 to 2009, 2 % of
/// 2010 on, about 1 % without a year. How they fall on single decades is made up.
const DECADES: [(u16, u32); 7] =
    [(1950, 20), (1960, 40), (1970, 310), (1980, 500), (1990, 150), (2000, 435), (2010, 30)];
const UNDATED: u32 = 15;
/// Producers of which the chapter says that they are at most 1 % each, and those that come after China and the Soviet Union.
const AT_MOST_ONE_PERCENT: [(&str, &str); 6] = [
    ("CZ", "Czechoslovakia"),
    ("EG", "Egypt"),
    ("DE", "German Democratic Republic"),
    ("KP", "North Korea"),
    ("RU", "Russian Federation"),
    ("SD", "Sudan"),
];
const OTHERS: [(&str, &str); 7] = [
    ("CN", "China"),
    ("RU", "Soviet Union"),
    ("DZ", "Algeria"),
    ("BG", "Bulgaria"),
    ("PL", "Poland"),
    ("RO", "Romania"),
    ("RS", "Yugoslavia"),
];
/// Varieties of the rows that are made up: the chapter says more than 120.
const MADE_UP: u32 = 125;

/// One row a case. Rows without a printed source are made up, and say so.
fn list() -> String {
    let mut rows = "headstamp,calibre,country,state_at_time,factory,year,sources,notes\n".to_owned();
    let mut left = BTreeMap::from(DECADES);
    for (headstamp, calibre, country, state, factory, year, count, source) in PRINTED {
        for _ in 0..count {
            writeln!(rows, "{headstamp},{calibre},{country},{state},{factory},{year},{source},").unwrap();
        }
        *left.get_mut(&(year.parse::<u16>().unwrap() / 10 * 10)).unwrap() -= count;
    }
    let mut years: Vec<String> =
        left.iter().flat_map(|(decade, n)| std::iter::repeat_n(format!("{}", decade + 3), *n as usize)).collect();
    years.extend(std::iter::repeat_n("absent".to_owned(), UNDATED as usize));
    for (n, year) in years.iter().enumerate() {
        // the small producers get some each, the others the rest in falling numbers
        let (country, state) = match n % 100 {
            n if n < 6 => AT_MOST_ONE_PERCENT[n],
            n => OTHERS[[0, 0, 0, 1, 1, 2, 3, 4, 5, 6][n % 10]],
        };
        let number = n as u32 * MADE_UP / years.len() as u32;
        writeln!(
            rows,
            "M{number}_{},7.62x39,{country},{state},,{year},,made up to fill the printed sums",
            number % 90 + 10
        )
        .unwrap();
    }
    rows
}

fn catalogue(folder: &Folder, name: &str, list: &str) -> PathBuf {
    let (csv, catalogue) = (folder.root().join(format!("{name}.csv")), folder.root().join(format!("{name}.catalogue")));
    fs::write(&csv, list).unwrap();
    headstamp(["import", "--format", "csv", "--by", "Ada", "--catalogue"]).arg(&catalogue).arg(&csv).success();
    catalogue
}

fn report(catalogue: &Path, out: &Path, more: &[&str]) {
    headstamp(["report", "--catalogue"]).arg(catalogue).arg("--out").arg(out).args(more).success();
}

/// A table as it was written: its rows without the first column, which is its name.
fn table(out: &Path, name: &str) -> Vec<Vec<String>> {
    let text = fs::read_to_string(out.join(format!("{name}.csv"))).unwrap();
    let mut reader = csv::Reader::from_reader(text.trim_start_matches('\u{feff}').as_bytes());
    let rows = reader.records().map(|row| row.unwrap().iter().skip(1).map(str::to_owned).collect());
    rows.collect()
}

/// What a page counts: its entries, and its numbers, each with the table it stands in and what its link says.
struct Page {
    entries: Vec<Vec<Value>>,
    numbers: Vec<(String, u64, String)>,
}

impl Page {
    fn read(out: &Path) -> Self {
        let html = fs::read_to_string(out.join("index.html")).unwrap();
        let data = html.split_once("type=\"application/json\">").unwrap().1.split_once("</script>").unwrap().0;
        let data: Value = serde_json::from_str(data).unwrap();
        let mut entries: Vec<Vec<Value>> = serde_json::from_value(data["entries"].clone()).unwrap();
        for file in data["files"].as_array().into_iter().flatten() {
            let part = fs::read_to_string(out.join(file.as_str().unwrap())).unwrap();
            let part = part.trim().strip_prefix("take(").unwrap().strip_suffix(");").unwrap();
            let mut part: Value = serde_json::from_str(part).unwrap();
            entries.extend(serde_json::from_value::<Vec<Vec<Value>>>(part["entries"].take()).unwrap());
        }
        let mut numbers = Vec::new();
        for section in html.split("<section id=\"").skip(1) {
            let table = section.split('"').next().unwrap();
            for link in section.split("<a class=\"count\" href=\"#of=").skip(1) {
                let (of, rest) = link.split_once('"').unwrap();
                let count = rest.split_once('>').unwrap().1.split_once('<').unwrap().0;
                numbers.push((table.to_owned(), count.parse().unwrap(), of.to_owned()));
            }
        }
        Self { entries, numbers }
    }

    /// How many cases a link opens, as the page's script chooses them.
    fn opened(&self, of: &str) -> u64 {
        let conditions: Vec<(usize, Vec<u64>)> = of
            .split(';')
            .map(|part| {
                let (column, numbers) = part.split_once(':').unwrap();
                (column.parse().unwrap(), numbers.split(',').map(|n| n.parse().unwrap()).collect())
            })
            .collect();
        let takes = |row: &&Vec<Value>| {
            conditions.iter().all(|(column, numbers)| numbers.contains(&row[2 + column].as_u64().unwrap()))
        };
        self.entries.iter().filter(takes).map(|row| row[1].as_u64().unwrap()).sum()
    }
}

#[test]
fn the_printed_tables_come_out() {
    let folder = Folder::new();
    let catalogue = catalogue(&folder, "mali", &list());
    let out = folder.root().join("report");
    report(&catalogue, &out, &["--top", "6", "--title", "Northern Mali"]);

    // Table 6.3, and 6.5
    let of = |rows: Vec<Vec<String>>| -> Vec<(String, String, String, String, u32)> {
        let row = |r: Vec<String>| (r[4].clone(), r[2].clone(), r[0].clone(), r[1].clone(), r[5].parse().unwrap());
        let mut rows: Vec<_> = rows.into_iter().map(row).collect();
        rows.sort();
        rows
    };
    let printed = |source: &str| {
        let these = PRINTED.iter().filter(|p| p.7 == source);
        let mut these: Vec<_> =
            these.map(|p| (p.0.to_owned(), p.1.to_owned(), p.3.to_owned(), p.4.to_owned(), p.6)).collect();
        these.sort();
        these
    };
    assert_eq!(of(table(&out, "varieties")), printed("Table 6.3"));
    assert_eq!(of(table(&out, "nato")), printed("Table 6.5"));

    // by decade
    let decades = table(&out, "decades");
    let share = |names: &[&str]| -> f64 {
        let of = |name: &&str| decades.iter().find(|row| row[0] == **name).unwrap()[2].parse::<f64>().unwrap();
        (names.iter().map(of).sum::<f64>() * 100.0).round()
    };
    assert_eq!(
        [share(&["1970s", "1980s"]), share(&["2000s"]), share(&["2010s"]), share(&["without a year mark"])],
        [54.0, 29.0, 2.0, 1.0]
    );
    let html = fs::read_to_string(out.join("index.html")).unwrap();
    assert!(
        html.contains(">509</a>") && html.contains(" of 1500 cases (33.93 %); 128 other varieties"),
        "509 of 1,500"
    );
    assert!(html.contains("Soviet Union: today Russia"));

    // by producer: the two that are by far the most, and those of at most 1 % in a note
    let producers = table(&out, "producers");
    let names: Vec<&str> = producers.iter().map(|row| row[0].as_str()).collect();
    assert_eq!(
        {
            let mut two = [names[0], names[1]];
            two.sort_unstable();
            two
        },
        ["China", "Soviet Union"]
    );
    for (_, state) in AT_MOST_ONE_PERCENT {
        assert!(!names.contains(&state) && html.contains(&format!("{state} (")), "{state}");
    }

    // every number opens exactly what it counts, ten of each table and more
    let page = Page::read(&out);
    assert_eq!(page.entries.len(), 1500);
    let mut of_table: BTreeMap<&str, usize> = BTreeMap::new();
    for (table, count, link) in &page.numbers {
        assert_eq!(page.opened(link), *count, "{table}: {link}");
        *of_table.entry(table).or_default() += 1;
    }
    assert!(of_table["producers"] >= 10 && of_table["varieties"] == 7 && of_table["nato"] == 4, "{of_table:?}");

    // all came from the list
    assert_eq!(table(&out, "confirmed"), [["from a list".to_owned(), "1500".to_owned(), "1.0000".to_owned()]]);
    // and are found by their marks
    let found = headstamp(["find", "94?", "--catalogue"]).arg(&catalogue).success();
    assert!(found.out.contains(" 188  945_05\n") && !found.out.contains("31_94"), "{}", found.out);
    let entries = headstamp(["find", "fn_77", "--entries", "--json", "--catalogue"]).arg(&catalogue).success();
    let first: Value = serde_json::from_str(entries.out.lines().next().unwrap()).unwrap();
    assert_eq!((entries.out.lines().count(), first["headstamp"].as_str()), (4, Some("⊕_77_FN")));
    assert!(headstamp(["find", "[crown]", "--catalogue"]).arg(&catalogue).status(1).err.contains("nothing"));

    // nothing is fetched from anywhere
    let html = html.replace("http://www.w3.org/2000/svg", "");
    assert!(!html.contains("http://") && !html.contains("https://") && !html.contains("src=\"//"));
    // what is there already stays, unless an earlier report may give way
    let again = headstamp(["report", "--catalogue"]).arg(&catalogue).arg("--out").arg(&out).status(2);
    assert!(again.err.contains("is there already"), "{}", again.err);
    report(&catalogue, &out, &["--force"]);
}

#[test]
fn what_is_chosen_is_counted_alone() {
    let folder = Folder::new();
    let rows = "headstamp,calibre,country,year,quantity,site,date_found\n\
                PPU_81,7.62x39,RS,1981,40,Kidal,2013-02\n\
                PPU_81,7.62x39,RS,1981,,Gao,2013\n\
                <script>_1,7.62x39,,not legible,2,Kidal,\n\
                not legible,,,,,Kidal,\n";
    let catalogue = catalogue(&folder, "a", rows);
    let out = folder.root().join("kidal");
    report(&catalogue, &out, &["--where", "site=kidal"]);
    let page = Page::read(&out);
    assert_eq!(page.entries.len(), 3);
    let html = fs::read_to_string(out.join("index.html")).unwrap();
    assert!(html.contains("n = 43 cases in 3 entries; 1 entry is left out"), "{html}");
    assert!(!html.contains("<script>_1") && html.contains("&lt;SCRIPT&gt;_1") || html.contains("&lt;script&gt;_1"));
    for (table, count, link) in &page.numbers {
        assert_eq!(page.opened(link), *count, "{table}: {link}");
    }
    let unresolved = table(&out, "unresolved");
    let of = |what: &str| unresolved.iter().find(|row| row[0] == what).unwrap()[1].clone();
    assert_eq!(
        (of("headstamp not legible"), of("country not known"), of("year not legible")),
        ("1".into(), "3".into(), "2".into())
    );
}

#[test]
fn catalogues_are_compared_variety_by_variety() {
    let folder = Folder::new();
    let mali = catalogue(&folder, "mali", &list());
    // made up, but for the one variety that both have
    let mut rows =
        "headstamp,calibre,notes\n945_05,7.62x54R,\n31_94,7.62x54R,made up: same marks in another calibre\n".to_owned();
    (0..40).for_each(|n| writeln!(rows, "Z{n}_75,7.62x39,made up").unwrap());
    let ivoire = catalogue(&folder, "ivoire", &rows);
    let compare = || headstamp(["compare", "--catalogue"]).arg(&mali).arg("--with").arg(&ivoire);
    let said = compare().success().out;
    assert!(said.contains("1 of 134 (0.7 %, fewer than 1 %; 95 % interval 0.1 to 4.1 %)"), "{said}");
    assert!(said.contains("only here 133, only there 41") && said.contains("does not say by which way"), "{said}");
    assert!(said.contains("188      1   7.62x54R 945_05"), "{said}");
    let json: Value = serde_json::from_str(&compare().arg("--json").success().out).unwrap();
    assert_eq!(json["against"][0]["shared_cases"]["count"], 188);
    // against a list of stocks
    let out = folder.root().join("varieties.csv");
    let said = compare().arg("--with").arg(&mali).arg("--out").arg(&out).success().out;
    assert!(said.contains("found in none of the others: 0 of 134"), "{said}");
    let text = fs::read_to_string(&out).unwrap();
    assert!(text.lines().nth(1).unwrap().starts_with("7.62x54R,945_05,188,1,188"), "{text}");
}

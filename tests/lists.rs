//! Lists as people have them: every dialect gives the same, what cannot be meant is refused, nothing is doubled or lost.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

mod common;

use common::{Folder, Run, headstamp};
use headstamp::catalogue::listed::{Form, Reader, Row};
use headstamp::catalogue::told::{self, Told};
use headstamp::catalogue::{Entry, Values};
use headstamp::list::{Options, charset};
use headstamp::photo::Named;
use headstamp::registry::Registry;
use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

/// A way of writing a table.
#[derive(Debug, Clone, Copy)]
struct Dialect {
    separator: char,
    all_quoted: bool,
    end: &'static str,
    encoding: &'static str,
    says_separator: bool,
}

/// Every separator, quoting, end of line and encoding with each other.
fn dialects() -> Vec<Dialect> {
    let mut all = Vec::new();
    for separator in [',', ';', '\t'] {
        for all_quoted in [false, true] {
            for end in ["\n", "\r\n", "\r"] {
                for encoding in ["utf-8", "utf-8 with a mark", "utf-16le", "utf-16be", "windows-1252"] {
                    for says_separator in [false, true] {
                        all.push(Dialect { separator, all_quoted, end, encoding, says_separator });
                    }
                }
            }
        }
    }
    all
}

impl Dialect {
    fn write(self, rows: &[Vec<String>]) -> Vec<u8> {
        let mut text = if self.says_separator { format!("sep={}{}", self.separator, self.end) } else { String::new() };
        for row in rows {
            let cells: Vec<String> = row.iter().map(|cell| self.cell(cell)).collect();
            write!(text, "{}{}", cells.join(&self.separator.to_string()), self.end).unwrap();
        }
        let marked = format!("\u{feff}{text}");
        match self.encoding {
            "utf-8" => text.into_bytes(),
            "utf-8 with a mark" => marked.into_bytes(),
            "utf-16le" => marked.encode_utf16().flat_map(u16::to_le_bytes).collect(),
            "utf-16be" => marked.encode_utf16().flat_map(u16::to_be_bytes).collect(),
            _ => text.chars().map(|c| u8::try_from(u32::from(c)).expect("a character of Latin 1")).collect(),
        }
    }

    fn cell(self, cell: &str) -> String {
        let cell = cell.replace('\n', self.end);
        let special = [self.separator, '"', '\n', '\r'];
        if self.all_quoted || cell.contains(special) { format!("\"{}\"", cell.replace('"', "\"\"")) } else { cell }
    }

    fn options(self) -> Options {
        let charset = (self.encoding == "windows-1252").then(|| charset("windows-1252").unwrap());
        Options { charset, ..Options::default() }
    }

    /// The flags that say what the list does not say by itself.
    fn flags(self) -> Vec<&'static str> {
        if self.encoding == "windows-1252" { vec!["--encoding", "windows-1252"] } else { vec![] }
    }
}

fn strings(cells: &[&str]) -> Vec<String> {
    cells.iter().map(|c| (*c).to_owned()).collect()
}

/// Two hundred rows with everything that a cell may hold and Latin 1 can write.
fn finds() -> Vec<Vec<String>> {
    let mut rows = vec![strings(&["file", "headstamp", "calibre", "year", "country", "quantity", "site", "notes"])];
    let sites = ["Höhle Süd", "Kidal, \"north\"", "Gao; store 4", "tab\u{a0}space", "two\nlines", "=1+1", "-", ""];
    for n in 0..200 {
        let row = [
            format!("IMG_{n}.jpg"),
            ["10_88", "FN_79", "05", "LC_04", "-7_-8", "+P_45 AUTO", "31_94"][n % 7].to_owned(),
            ["7.62x39", "", "7,62x39"][n % 3].to_owned(),
            ["1988", "absent", ""][n % 3].to_owned(),
            ["BG", "Belgique", "Österreich", "U.S.A.", "España"][n % 5].to_owned(),
            if n % 4 == 0 { n.to_string().replace('0', "7") } else { String::new() },
            sites[n % sites.len()].to_owned(),
            format!("row {n}"),
        ];
        rows.push(row.to_vec());
    }
    rows
}

/// What does not depend on the form of the list.
fn entries(bytes: &[u8], form: Form, options: &Options) -> Vec<Entry> {
    let registry = Registry::embedded();
    let reader = Reader { list: "list.csv", who: "Ada", options, registry: &registry, photos: None, apart: None };
    let rows = reader.read(form, bytes).unwrap_or_else(|f| panic!("{f:?}"));
    rows.map(|Row { entry, .. }| entry.unwrap_or_else(|f| panic!("{f:?}"))).collect()
}

fn without(rows: &[Vec<String>], column: usize) -> Vec<Vec<String>> {
    let cells = |r: &Vec<String>| [&r[..column], &r[column + 1..]].concat();
    rows.iter().map(cells).collect()
}

#[test]
fn every_dialect_of_a_list_gives_the_same_entries() {
    let rows = without(&finds(), 0);
    let plain = Dialect { separator: ',', all_quoted: false, end: "\n", encoding: "utf-8", says_separator: false };
    let wanted = entries(&plain.write(&rows), Form::Table, &plain.options());
    assert_eq!(wanted.len(), 200);
    let text = |e: &Entry, field: &str| e.values.get(&field.parse().unwrap()).map(|v| v.text.clone());
    assert_eq!(text(&wanted[2], "calibre").as_deref(), Some("7.62x39"));
    assert_eq!(text(&wanted[2], "headstamp").as_deref(), Some("05"));
    assert_eq!(text(&wanted[2], "country").as_deref(), Some("AT"));
    for dialect in dialects() {
        let bytes = dialect.write(&rows);
        let found = entries(&bytes, Form::Table, &dialect.options());
        assert_eq!(found, wanted, "{dialect:?}");
    }
    // and as JSON Lines
    let object = |row: &Vec<String>| {
        let cells: serde_json::Map<_, _> = rows[0].iter().cloned().zip(row.iter().map(|c| c.as_str().into())).collect();
        serde_json::Value::Object(cells).to_string()
    };
    let lines: Vec<String> = rows[1..].iter().map(object).collect();
    let of_fields = |all: &[Entry]| -> Vec<Vec<(String, String)>> {
        let shown = |e: &Entry| {
            let own = e.values.iter().filter(|(f, _)| f.name() != "original_row");
            own.map(|(f, v)| (f.to_string(), v.text.clone())).collect()
        };
        all.iter().map(shown).collect()
    };
    for end in ["\n", "\r\n"] {
        let marked = format!("\u{feff}{}", lines.join(end));
        for bytes in [marked.clone().into_bytes(), marked.encode_utf16().flat_map(u16::to_le_bytes).collect()] {
            assert_eq!(of_fields(&entries(&bytes, Form::Lines, &Options::default())), of_fields(&wanted));
        }
    }
}

#[test]
fn every_dialect_of_fields_says_the_same_of_photographs() {
    let rows = finds();
    let paths: Vec<PathBuf> = (0..200).map(|n| PathBuf::from(format!("photos/IMG_{n}.jpg"))).collect();
    let found = Named::hashed(paths.iter().enumerate().map(|(n, p)| (p.clone(), Some(format!("{n:064x}")))));
    let registry = Registry::embedded();
    let mut wanted: Option<Vec<Values>> = None;
    for dialect in dialects() {
        let options = dialect.options();
        let reader = told::Reader { list: "fields.csv", who: "Ada", options: &options, registry: &registry };
        let bytes = dialect.write(&rows);
        let told = Told::default().read(&*bytes, &found, reader).unwrap_or_else(|f| panic!("{dialect:?}: {f:?}"));
        let values: Vec<Values> = paths.iter().map(|p| told.of(p)).collect();
        assert!(values.iter().all(|v| v.len() >= 3));
        assert_eq!(&values, wanted.get_or_insert_with(|| values.clone()), "{dialect:?}");
    }
}

#[test]
fn every_dialect_of_a_registry_gives_the_same_codes() {
    let folder = Folder::new();
    let head = "mark,kind,script,iso2,state_at_time,factory,calibres,year_from,year_to,year_format,confidence,source";
    let mut rows = vec![head.split(',').map(str::to_owned).collect::<Vec<_>>()];
    for n in 0..200 {
        let (mark, factory) = (format!("Q{n}"), ["Fabrique d'Été", "Works; \"north\", 2", "-"][n % 3]);
        let row =
            [&mark, "factory", "latin", "SE", "Sweden", factory, "7.62x39;9x19", "1990", "", "yy", "likely", "mine"];
        rows.push(strings(&row));
    }
    let mut wanted: Option<String> = None;
    for dialect in dialects() {
        let file = folder.write("own.csv", dialect.write(&rows));
        let charset = dialect.options().charset;
        if charset.is_some() {
            // what has no mark and no flag is UTF-8
            let e = Registry::with(&file, None).unwrap_err().to_string();
            assert!(e.contains("--registry-encoding"), "{e}");
        }
        let registry = Registry::with(&file, charset).unwrap();
        let own: Vec<_> = registry.rows().iter().filter(|c| c.own).collect();
        assert_eq!(own.len(), 200);
        let own = format!("{own:?}");
        assert_eq!(&own, wanted.get_or_insert_with(|| own.clone()), "{dialect:?}");
    }
}

fn import(catalogue: &Path, format: &str, file: &Path) -> Run {
    headstamp(["import", "--by", "Ada", "--format", format, "--catalogue"]).arg(catalogue).arg(file)
}

fn export(catalogue: &Path, args: &[&str]) -> String {
    headstamp(["export", "--catalogue"]).arg(catalogue).args(args).success().out
}

fn entry_count(catalogue: &Path) -> u64 {
    let said = headstamp(["status", "--json", "--catalogue"]).arg(catalogue).success();
    said.json()["entries"].as_u64().unwrap()
}

#[test]
fn what_is_exported_comes_back_the_same_through_each_dialect() {
    let folder = Folder::new();
    let catalogue = folder.path("a.catalogue");
    let utf_8 = Dialect { separator: ';', all_quoted: false, end: "\r\n", encoding: "utf-8", says_separator: false };
    import(&catalogue, "csv", &folder.write("finds.csv", utf_8.write(&without(&finds(), 0)))).success();
    let exported = export(&catalogue, &["--full", "--format", "csv"]);
    let mut table = csv::ReaderBuilder::new().has_headers(false).from_reader(exported.as_bytes());
    let rows: Vec<Vec<String>> = table.records().map(|r| r.unwrap().iter().map(str::to_owned).collect()).collect();
    // the reader is held against every dialect elsewhere: here the program is, against some of each kind
    for (n, dialect) in dialects().into_iter().enumerate().filter(|(n, _)| n % 13 == 0) {
        let file = folder.write("again.csv", dialect.write(&rows));
        let copy = folder.path(&format!("{n}.catalogue"));
        import(&copy, "csv", &file).args(dialect.flags()).success();
        assert_eq!(export(&copy, &["--full", "--format", "csv"]), exported, "{dialect:?}");
    }
}

#[test]
fn what_a_spreadsheet_would_run_is_guarded_and_comes_back() {
    let folder = Folder::new();
    let catalogue = folder.path("a.catalogue");
    let list = "headstamp,country,notes\n=HYPERLINK(\"x\",\"y\"),US,=1+1\n\"+P_45 AUTO\",US,@x\n-7_-8,US,\"a\n-b\"\n'tis,US,''=x\n";
    import(&catalogue, "csv", &folder.write("l.csv", list)).success();
    let out = folder.path("e.csv");
    headstamp(["export", "--format", "csv", "--catalogue"]).arg(&catalogue).arg("--out").arg(&out).success();
    let text = fs::read(&out).unwrap();
    assert!(text.starts_with(b"\xef\xbb\xbfcase,"), "a mark, by which Windows knows it");
    let mut table = csv::Reader::from_reader(&text[3..]);
    let cells: Vec<String> =
        table.records().flat_map(|r| r.unwrap().iter().map(str::to_owned).collect::<Vec<_>>()).collect();
    assert!(cells.iter().all(|c| !c.starts_with(['=', '+', '-', '@'])), "{cells:?}");
    let copy = folder.path("b.catalogue");
    import(&copy, "csv", &out).success();
    let lines = |c: &Path| export(c, &["--format", "jsonl"]);
    assert_eq!(lines(&copy), lines(&catalogue));
    assert!(lines(&copy).contains("\"notes\":\"'=x\"") && lines(&copy).contains("\"headstamp\":\"-7_-8\""));
    headstamp(["export", "--format", "csv", "--no-mark", "--force", "--catalogue"])
        .arg(&catalogue)
        .arg("--out")
        .arg(&out)
        .success();
    assert!(fs::read(&out).unwrap().starts_with(b"case,"));
}

#[test]
fn a_list_is_shown_before_anything_is_written() {
    let folder = Folder::new();
    let catalogue = folder.path("a.catalogue");
    let list = "\u{feff}Headstamp;Country;Year;Calibre;Find spot\r\n10_88;Bulgaria;1988;7,62x39;Crate 4\r\n05;China;2005;;Crate 5\r\n\
                S&B_19_9x19;Czech Republic;;9mm;Crate 5\r\n";
    let file = folder.write("german.csv", list);
    import(&catalogue, "csv", &file).status(1).complains("column `Find spot` is no field; if it is the site");
    assert!(!catalogue.exists());
    let shown = import(&catalogue, "csv", &file).args(["--keep-columns", "--dry-run"]).success();
    for part in [
        "semicolons, UTF-8 with a mark",
        "Find spot  no field; kept",
        "say --map \"Find spot=site\"",
        "calibre=7.62x39",
        "headstamp=05",
        "country=CZ",
        "3 entries",
    ] {
        assert!(shown.out.contains(part), "{part}: {}", shown.out);
    }
    assert!(!catalogue.exists());
    import(&catalogue, "csv", &file).arg("--keep-columns").success();
    assert!(export(&catalogue, &["--format", "jsonl", "--private"]).contains("Crate 4"));
    // rows as given may say who held it: they are for the own desk
    assert!(!export(&catalogue, &["--format", "jsonl"]).contains("Crate 4"));
    assert_eq!(entry_count(&catalogue), 3);
}

#[test]
fn columns_are_mapped_and_two_digits_are_a_year_where_maker_and_calibre_tell() {
    let folder = Folder::new();
    let catalogue = folder.path("a.catalogue");
    let file = folder.write("own.txt", "No\tstamp\tland\tjaar\n1\tFN_79\tBelgium\t79\n2\tLC_⊕_04\tU.S.A.\t2004\n");
    let refused = import(&catalogue, "csv", &file).status(1);
    for part in ["`No` is no field", "--map stamp=headstamp", "--map land=country", "--map jaar=year"] {
        assert!(refused.err.contains(part), "{part}: {}", refused.err);
    }
    let maps = ["--map", "stamp=headstamp", "--map", "land=country", "--map", "jaar=year", "--keep-columns"];
    import(&catalogue, "csv", &file).args(maps).success();
    let entries = export(&catalogue, &["--format", "jsonl"]);
    assert!(entries.contains("\"year\":\"1979\"") && entries.contains("\"country\":\"US\""), "{entries}");
    let file = folder.write("none.csv", "headstamp,year\nQQQ_05,05\n");
    import(&catalogue, "csv", &file).status(1).complains("column `year`: `05` may be 1905 or 2005; write four digits");
}

#[test]
fn what_cannot_be_meant_is_refused_with_its_cause() {
    let folder = Folder::new();
    let catalogue = folder.path("a.catalogue");
    for (name, list, part) in [
        (
            "dates.csv",
            "headstamp,year\n5-88,May-88\n",
            "row 2, column `year`: `May-88` is a date that a spreadsheet made, likely out of `5-88`",
        ),
        ("dates.csv", "headstamp,year\n1-2,01-Feb\n", "likely out of `2-1` or `1-2`"),
        ("dates.csv", "headstamp,year\nMay-88,\n", "column `headstamp`: `May-88` is a date"),
        ("exponent.csv", "headstamp;lot_number\n10_88;1,23E+05\n", "its digits are lost"),
        ("error.csv", "headstamp,country\n#NAME?,US\n", "is an error of a spreadsheet"),
        ("title.csv", "Cases of Kidal,\n,\nheadstamp,country\n10_88,BG\n", "row 1: reads `Cases of Kidal` above"),
        ("total.csv", "headstamp,quantity\n10_88,3\nTotal,3\n", "row 3: reads `Total 3`"),
        ("congo.csv", "headstamp,country\n10_88,Congo\n", "`Congo` may be CD"),
        ("ambiguous.csv", "a;b,c\n1;2,3\n", "say it by --delimiter"),
        ("page.xls", "<html><table><tr><td>headstamp</td></tr></table></html>", "it is a web page (HTML), no list"),
        ("book.xlsx", "PK\u{3}\u{4}....[Content_Types].xml", "it is an Excel workbook (XLSX), no list"),
        ("quote.csv", "headstamp,notes\n10_88,\"open\nand on\n", "row 2: a quotation mark was opened here"),
        ("empty.csv", "", "it is empty"),
    ] {
        let said = import(&catalogue, "csv", &folder.write(name, list)).status(1);
        assert!(said.err.contains(part), "{part}: {}", said.err);
        assert!(!catalogue.exists() || entry_count(&catalogue) == 0, "{name}");
    }
    let latin = folder.write("latin.csv", b"headstamp,site\n10_88,H\xf6hle\n");
    import(&catalogue, "csv", &latin).status(1).complains("--encoding windows-1252");
    import(&catalogue, "csv", &latin).args(["--encoding", "cp1252"]).success();
    assert!(export(&catalogue, &["--format", "jsonl"]).contains("Höhle"));
    import(&catalogue, "catalogue", &latin).args(["--encoding", "cp1252"]).status(2).complains("has no effect");
}

#[test]
fn slips_and_blanks_are_taken_in() {
    let folder = Folder::new();
    let catalogue = folder.path("a.catalogue");
    let list = "headstamp,country,notes,,\n945_05,SD,\"two\nlines\",,\n\"  LC_04 \",US,spaces,,\nLC_O4,US,letter O,,\n,,,,\n,,,,\n";
    import(&catalogue, "csv", &folder.write("slips.csv", list)).success();
    let entries = export(&catalogue, &["--format", "jsonl"]);
    for part in ["two\\nlines", "\"headstamp\":\"LC_04\"", "\"headstamp\":\"LC_O4\""] {
        assert!(entries.contains(part), "{part}: {entries}");
    }
    assert_eq!(entry_count(&catalogue), 3);
}

#[test]
fn an_export_that_was_corrected_corrects_and_one_without_ids_is_not_doubled() {
    let folder = Folder::new();
    let catalogue = folder.path("a.catalogue");
    import(&catalogue, "csv", &folder.write("l.csv", "headstamp,country,site\n10_88,BG,kidal\nFN_79,BE,kidal\n"))
        .success();
    let corrected = export(&catalogue, &["--format", "csv"]).replace(",kidal,", ",Kidal,");
    let with_ids = folder.write("with-id.csv", &corrected);
    let said = import(&catalogue, "csv", &with_ids).success();
    assert!(said.err.contains("site was `kidal`, becomes `Kidal`") && said.err.contains("2 corrected"), "{}", said.err);
    let told = headstamp(["status", "--json", "--catalogue"]).arg(&catalogue).success().json();
    assert_eq!((&told["entries"], &told["chain"]["decisions"]), (&2.into(), &4.into()));
    let without: String = corrected.lines().map(|l| format!("{}\n", l.split_once(',').unwrap().1)).collect();
    let without = folder.write("without-id.csv", without);
    import(&catalogue, "csv", &without).success().complains("2 look like entries that are held, and are not entered");
    assert_eq!(entry_count(&catalogue), 2);
    import(&catalogue, "csv", &without).args(["--alike", "new"]).success();
    assert_eq!(entry_count(&catalogue), 4);
    // another list may have equal cases
    let other = folder.write("other.csv", "headstamp,country,site\n10_88,BG,Kidal\n");
    import(&catalogue, "csv", &other).args(["--alike", "held"]).success();
    assert_eq!(entry_count(&catalogue), 4);
    import(&catalogue, "csv", &other).success().complains("1 say what entries that are held say");
    import(&catalogue, "csv", &other).success().complains("0 entries imported, 1 were there already");
    assert_eq!(entry_count(&catalogue), 5);
    headstamp(["verify", "--catalogue"]).arg(&catalogue).success();
}

#[test]
fn rows_are_joined_to_photographs_by_what_they_call_them() {
    let folder = Folder::new();
    let catalogue = folder.path("a.catalogue");
    let photos = folder.renders("photos", ["--subject", "single", "--size", "320x240", "--count", "2", "--seed", "7"]);
    fs::create_dir(photos.join("more")).unwrap();
    fs::copy(photos.join("00001.jpg"), photos.join("more/Ho\u{308}hle.jpg")).unwrap();
    let list = |rows: &str| folder.write("l.csv", format!("headstamp,Bild\n{rows}"));
    let join =
        |rows: &str| import(&catalogue, "csv", &list(rows)).args(["--map", "Bild=photo", "--photos"]).arg(&photos);
    join("10_88,none.jpg\n").status(1).complains("column `Bild`: nothing there is called `none.jpg`");
    join("10_88,00000\nFN_79,more/Höhle.jpg\n").success();
    let entries = export(&catalogue, &["--format", "jsonl"]);
    assert_eq!(entries.lines().filter(|l| !l.contains("\"photographs\":\"\"")).count(), 2, "{entries}");
    import(&catalogue, "csv", &list("10_88,00000\n")).status(1).complains("`Bild` is no field");
}

#[test]
fn lists_of_fields_and_labels_are_read_in_any_dialect() {
    let folder = Folder::new();
    fs::create_dir_all(folder.path("photos/a")).unwrap();
    fs::create_dir_all(folder.path("photos/b")).unwrap();
    let synth = ["--subject", "single", "--size", "320x240", "--count", "2", "--seed", "9"];
    let rendered = folder.renders("r", synth);
    fs::copy(rendered.join("00000.jpg"), folder.path("photos/a/IMG_0001.JPG")).unwrap();
    fs::copy(rendered.join("00001.jpg"), folder.path("photos/b/IMG_0001.JPG")).unwrap();
    let add = |fields: &[u8], flags: &[&str]| {
        let fields = folder.write("fields.csv", fields);
        let run = headstamp(["add", "-q", "--dry-run", "--catalogue"]).arg(folder.path("c")).arg(folder.path("photos"));
        run.arg("--fields").arg(fields).args(flags)
    };
    add(b"\xef\xbb\xbffile;site\r\nIMG_0001.JPG;Kidal\r\n", &[]).status(3).complains("write more of the path");
    let said = add(b"file;site\r\na/img_0001.jpg;H\xf6hle\r\n", &["--encoding", "windows-1252"]).success();
    said.says("a/IMG_0001.JPG: site=Höhle");
    add(b"file,site\na/IMG_0001.JPG,x\na\\IMG_0001.JPG,y\n", &[])
        .status(3)
        .complains("row 3: is about the photograph of row 2");
    add(b"file,Ort\na/IMG_0001.JPG,x\n", &["--map", "Ort=site"]).success().says("site=x");
    // labels, with decimal commas
    let labels = fs::read_to_string(rendered.join("labels.csv")).unwrap();
    let semicolons = labels.replace('.', "\u{1}").replace(',', ";").replace("\u{1}jpg", ".jpg").replace('\u{1}', ",");
    let figures = |text: &str| {
        fs::write(rendered.join("labels.csv"), text).unwrap();
        headstamp(["model", "eval", "--json", "-q"]).arg(&rendered).success().json()
    };
    assert_eq!(figures(&labels), figures(&format!("\u{feff}{}", semicolons.replace('\n', "\r\n"))));
}

//! The rooms of the house and their order: no arrow upwards between rooms, no ring among files.
//!
//! A room is a module directly under the crate's root, a file a module of its own. Imports are read from the source: `use`
//! and paths that begin with `crate`, `super`, `self` or a module beside; what is compiled for tests alone does not count. An
//! import leads to the file that defines what is imported: re-exports are looked through, so that a `mod.rs` which only
//! declares and re-exports is no knot, and one that hides a ring does not hide it.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use syn::visit::{self, Visit};

/// The rooms from the ground up: each may import from those before it alone.
const ROOMS: [&str; 40] = [
    "printable",
    "error",
    "output",
    "list",
    "draw",
    "html",
    "ellipse",
    "sample",
    "notation",
    "model",
    "photo",
    "head",
    "strip",
    "looks",
    "marks",
    "networks",
    "labels",
    "synth",
    "record",
    "channel",
    "together",
    "pictures",
    "registry",
    "proposals",
    "confidence",
    "reader",
    "annotate",
    "batch",
    "pipeline",
    "catalogue",
    "check",
    "dataset",
    "exchange",
    "report",
    "review",
    "page",
    "evaluate",
    "cli",
    "main",
    "lib",
];

/// The path of a module or of what is in it, from the crate's root.
type Name = Vec<String>;

/// What a file has to do with others.
#[derive(Default)]
struct Module {
    items: BTreeSet<String>,
    /// What it re-exports, by name, and from where.
    again: BTreeMap<String, Name>,
    /// What it imports, as written.
    uses: Vec<Name>,
}

/// Every file, by its module.
#[derive(Default)]
struct House(BTreeMap<Name, Module>);

impl House {
    fn of(source: &Path) -> Self {
        let mut house = Self::default();
        for entry in walkdir::WalkDir::new(source).sort_by_file_name() {
            let path = entry.unwrap().into_path();
            if path.extension().is_some_and(|e| e == "rs") {
                house.add(module(source, &path), &std::fs::read_to_string(&path).unwrap());
            }
        }
        // files of tests belong to modules that are compiled for tests alone
        let declared: BTreeSet<Name> = house.0.iter().flat_map(|(name, m)| children(name, m)).collect();
        house.0.retain(|name, _| is_root(name) || (1..=name.len()).all(|n| declared.contains(&name[..n])));
        house
    }

    fn add(&mut self, name: Name, text: &str) {
        let mut module = Module::default();
        Reading { module: &mut module }.visit_file(&syn::parse_file(text).unwrap());
        self.0.insert(name, module);
    }

    /// The file that defines what a path leads to from a module; `None` where it leads out of the crate.
    fn defines(&self, from: &Name, path: &[String], depth: usize) -> Option<Name> {
        let (mut at, mut rest) = match path.first()?.as_str() {
            "crate" => (Name::new(), &path[1..]),
            "self" => (from.clone(), &path[1..]),
            "super" => {
                let up = path.iter().take_while(|p| *p == "super").count();
                (from[..from.len().checked_sub(up)?].to_vec(), &path[up..])
            }
            first if self.0.contains_key(&[from.as_slice(), &[first.to_owned()]].concat()) => (from.clone(), path),
            _ => return None,
        };
        while let Some(next) = rest.first().map(|r| [at.as_slice(), std::slice::from_ref(r)].concat()) {
            if !self.0.contains_key(&next) {
                break;
            }
            (at, rest) = (next, &rest[1..]);
        }
        let module = self.0.get(&at)?;
        let again = rest.first().filter(|item| !module.items.contains(*item)).and_then(|item| module.again.get(item));
        let elsewhere = again.filter(|_| depth < 8).and_then(|path| self.defines(&at, path, depth + 1));
        Some(elsewhere.unwrap_or(at))
    }

    /// Which file imports from which.
    fn arrows(&self) -> BTreeMap<&Name, BTreeSet<Name>> {
        let of = |(name, module): (_, &Module)| -> (_, BTreeSet<Name>) {
            let all = module.uses.iter().filter_map(|path| self.defines(name, path, 0));
            (name, all.filter(|to| to != name && !to.is_empty()).collect())
        };
        self.0.iter().map(of).collect()
    }

    /// Files that are reached from themselves, each ring once.
    fn rings(&self) -> Vec<BTreeSet<Name>> {
        let arrows = self.arrows();
        let reached = |from: &Name| {
            let (mut seen, mut todo) = (BTreeSet::new(), vec![from.clone()]);
            while let Some(next) = todo.pop() {
                todo.extend(arrows[&next].iter().filter(|to| seen.insert((*to).clone())).cloned());
            }
            seen
        };
        let reach: BTreeMap<&Name, BTreeSet<Name>> = arrows.keys().map(|name| (*name, reached(name))).collect();
        let ring = |name: &&Name| -> BTreeSet<Name> {
            reach[name].iter().filter(|to| reach[to].contains(*name)).cloned().collect()
        };
        let all: BTreeSet<BTreeSet<Name>> = reach.keys().map(ring).filter(|r| !r.is_empty()).collect();
        all.into_iter().collect()
    }

    /// Imports of one room from one that does not lie below it, as `from -> to`.
    fn upwards(&self, rooms: &[&str]) -> Vec<String> {
        let floor = |name: &Name| rooms.iter().position(|r| *r == name[0]);
        let mut all = Vec::new();
        for (from, to) in self.arrows().into_iter().filter(|(from, _)| !from.is_empty()) {
            let up = to.iter().filter(|to| to[0] != from[0] && floor(to) >= floor(from));
            all.extend(up.map(|to| format!("{} -> {}", from.join("::"), to.join("::"))));
        }
        all
    }
}

fn is_root(name: &Name) -> bool {
    name.is_empty() || *name == ["main"]
}

/// Modules that a module declares, as far as they are compiled outside tests.
fn children(name: &Name, module: &Module) -> Vec<Name> {
    module.items.iter().map(|item| [name.as_slice(), std::slice::from_ref(item)].concat()).collect()
}

fn module(source: &Path, path: &Path) -> Name {
    let inside: PathBuf = path.strip_prefix(source).unwrap().with_extension("");
    let mut name: Name = inside.iter().map(|p| p.to_str().unwrap().to_owned()).collect();
    name.pop_if(|last| last == "mod");
    name.pop_if(|last| last == "lib");
    name
}

struct Reading<'m> {
    module: &'m mut Module,
}

impl Reading<'_> {
    fn imported(&mut self, tree: &syn::UseTree, before: &Name, again: bool) {
        let longer = |ident: &syn::Ident| [before.as_slice(), &[ident.to_string()]].concat();
        let (path, known_as) = match tree {
            syn::UseTree::Path(p) => return self.imported(&p.tree, &longer(&p.ident), again),
            syn::UseTree::Group(g) => return g.items.iter().for_each(|t| self.imported(t, before, again)),
            syn::UseTree::Name(n) if n.ident == "self" => (before.clone(), before.last().cloned()),
            syn::UseTree::Name(n) => (longer(&n.ident), Some(n.ident.to_string())),
            syn::UseTree::Rename(r) => (longer(&r.ident), Some(r.rename.to_string())),
            syn::UseTree::Glob(_) => (before.clone(), None),
        };
        match known_as {
            Some(known_as) if again => drop(self.module.again.insert(known_as, path)),
            _ => self.module.uses.push(path),
        }
    }
}

fn for_tests(attributes: &[syn::Attribute]) -> bool {
    attributes.iter().any(|a| {
        a.path().is_ident("cfg") && matches!(&a.meta, syn::Meta::List(l) if l.tokens.to_string().contains("test"))
    })
}

impl<'ast> Visit<'ast> for Reading<'_> {
    fn visit_item(&mut self, item: &'ast syn::Item) {
        use syn::Item::*;
        let (attributes, ident) = match item {
            Const(i) => (&i.attrs, Some(&i.ident)),
            Enum(i) => (&i.attrs, Some(&i.ident)),
            Fn(i) => (&i.attrs, Some(&i.sig.ident)),
            Impl(i) => (&i.attrs, None),
            Macro(i) => (&i.attrs, i.ident.as_ref()),
            Mod(i) => (&i.attrs, Some(&i.ident)),
            Static(i) => (&i.attrs, Some(&i.ident)),
            Struct(i) => (&i.attrs, Some(&i.ident)),
            Trait(i) => (&i.attrs, Some(&i.ident)),
            Type(i) => (&i.attrs, Some(&i.ident)),
            Use(i) => (&i.attrs, None),
            _ => return,
        };
        if !for_tests(attributes) {
            self.module.items.extend(ident.map(ToString::to_string));
            visit::visit_item(self, item);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        let again = !matches!(item.vis, syn::Visibility::Inherited);
        self.imported(&item.tree, &Name::new(), again);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        if path.segments.len() > 1 {
            self.module.uses.push(path.segments.iter().map(|s| s.ident.to_string()).collect());
        }
        visit::visit_path(self, path);
    }

    /// What stands in a macro is not parsed: paths are told by the look of their tokens.
    fn visit_macro(&mut self, found: &'ast syn::Macro) {
        let text = found.tokens.to_string().replace(" :: ", "::");
        let paths = text.split(|c: char| !(c.is_alphanumeric() || "_:".contains(c))).filter(|word| word.contains("::"));
        self.module.uses.extend(paths.map(|p| p.split("::").map(str::to_owned).collect::<Name>()));
    }
}

#[test]
fn rooms_import_downwards_and_no_files_in_a_ring() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let house = House::of(&root.join("src"));
    assert!(house.0.len() > 150, "{} files were read", house.0.len());
    let there: BTreeSet<&str> = house.0.keys().filter(|n| !n.is_empty()).map(|n| n[0].as_str()).collect();
    let known: BTreeSet<&str> = ROOMS.into_iter().filter(|r| *r != "lib").collect();
    assert_eq!(there, known, "rooms there are, and rooms that have a floor here");
    let arrows = house.arrows();
    for room in ROOMS {
        let of = arrows.iter().filter(|(from, _)| from.first().is_some_and(|r| r == room));
        let below: BTreeSet<&str> = of.flat_map(|(_, to)| to).map(|to| to[0].as_str()).filter(|r| *r != room).collect();
        println!("{room:12} {}", below.into_iter().collect::<Vec<_>>().join(" "));
    }
    let upwards = house.upwards(&ROOMS);
    assert!(upwards.is_empty(), "upwards:\n{}", upwards.join("\n"));
    let rings = house.rings();
    let told = |ring: &BTreeSet<Name>| ring.iter().map(|n| n.join("::")).collect::<Vec<_>>().join(", ");
    assert!(rings.is_empty(), "rings:\n{}", rings.iter().map(told).collect::<Vec<_>>().join("\n"));
}

#[test]
fn every_room_is_on_the_plan() {
    let plan = std::fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).unwrap();
    let rows: Vec<&str> = plan.lines().filter(|l| l.starts_with("| `")).collect();
    let named = |room: &str| {
        rows.iter().any(|row| {
            let first = row.split('|').nth(1).unwrap_or_default();
            first.split('`').any(|part| part.trim_end_matches('/') == room)
        })
    };
    let missing: Vec<&str> = ROOMS.into_iter().filter(|r| !["main", "lib"].contains(r) && !named(r)).collect();
    assert!(missing.is_empty(), "ARCHITECTURE.md has no line for {missing:?}");
}

/// What the checks are there to find is found, also where a re-export stands between.
#[test]
fn rings_and_arrows_upwards_are_found() {
    let mut house = House::default();
    let files: [(&[&str], &str); 6] = [
        (&[], "mod low; mod high;"),
        (&["low"], "mod a; mod b; pub use a::A; #[cfg(test)] mod tests { use crate::high::High; }"),
        (&["low", "a"], "use super::b::B; pub struct A(B);"),
        (&["low", "b"], "pub struct B; fn f() -> usize { size_of::<super::A>() }"),
        (&["low", "c"], "fn f() { println!(\"{}\", crate::high::NUMBER); }"),
        (&["high"], "use crate::low::A; pub struct High(A); pub const NUMBER: u8 = 1;"),
    ];
    for (name, text) in files {
        house.add(name.iter().map(|n| n.to_string()).collect(), text);
    }
    let ring: BTreeSet<Name> = [["low", "a"], ["low", "b"]].map(|n| n.map(str::to_owned).to_vec()).into();
    assert_eq!(house.rings(), [ring]);
    assert_eq!(house.upwards(&["low", "high"]), ["low::c -> high"]);
    assert_eq!(house.upwards(&["high", "low"]), ["high -> low::a"]);
}

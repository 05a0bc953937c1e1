//! Photographs and items.

use super::super::brief::Brief;
use super::super::decision::Place;
use super::super::error::CatalogueError;
use super::super::store::{Counts, Held, HeldItem, KeptBrief, KeptItem, Spot, State, Unlike, Worklist};
use super::pack::{Packed, pack};
use super::{Result, Sqlite, head, id, number};
use crate::photo::Picture;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// Name under which the tally holds the version of the data at which it was counted.
const COUNTED_AT: &str = "counted_at";

impl Worklist for Sqlite {
    fn readable(&self, after: &str, count: usize) -> Result<Vec<(String, String)>> {
        let sql = "SELECT sha256, path FROM photographs WHERE sha256 > ?1 AND error IS NULL ORDER BY sha256 LIMIT ?2";
        let mut query = self.db.prepare_cached(sql)?;
        Ok(query.query_map(params![after, count], |r| Ok((r.get(0)?, r.get(1)?)))?.collect::<rusqlite::Result<_>>()?)
    }

    fn held(&self, sha256: &[&str]) -> Result<Vec<(String, bool)>> {
        let mut query = self.db.prepare_cached("SELECT error IS NOT NULL FROM photographs WHERE sha256 = ?1")?;
        let mut out = Vec::new();
        for sha256 in sha256 {
            let failed = query.query_row([sha256], |r| r.get(0)).optional()?;
            out.extend(failed.map(|f| ((*sha256).to_owned(), f)));
        }
        Ok(out)
    }

    fn with_pixels(&self, pixels: &[&str]) -> Result<Vec<(String, String)>> {
        let sql = "SELECT sha256 FROM photographs WHERE pixels = ?1 AND error IS NULL ORDER BY id LIMIT 1";
        let mut query = self.db.prepare_cached(sql)?;
        let mut out = Vec::new();
        for pixels in pixels {
            let first = query.query_row([pixels], |r| r.get(0)).optional()?;
            out.extend(first.map(|sha256| ((*pixels).to_owned(), sha256)));
        }
        Ok(out)
    }

    fn pictures(&self, after: &str, count: usize) -> Result<Vec<(String, String, Picture)>> {
        let mut query = self.db.prepare_cached(
            "SELECT sha256, path, pixels, look FROM photographs
             WHERE sha256 > ?1 AND error IS NULL AND same_as IS NULL AND pixels IS NOT NULL AND look IS NOT NULL
             ORDER BY sha256 LIMIT ?2",
        )?;
        let one = |r: &Row| Ok((r.get(0)?, r.get(1)?, Picture { pixels: r.get(2)?, look: r.get(3)? }));
        Ok(query.query_map(params![after, count], one)?.collect::<rusqlite::Result<_>>()?)
    }

    fn hold(&mut self, photographs: &[Held]) -> Result<()> {
        let mut photograph = self.db.prepare_cached(
            "INSERT INTO photographs (sha256, path, width, height, captured_at, model, error, reason, added_at, pixels, look,
             same_as) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)",
        )?;
        for held in photographs {
            let Held { sha256, path, width, height, captured_at, model, error, reason, added_at, .. } = held;
            let (pixels, look) = held.picture.as_ref().map(|p| (&p.pixels, &p.look)).unzip();
            let of = photograph.insert(params![
                sha256,
                path,
                width,
                height,
                captured_at,
                model,
                error,
                reason,
                added_at,
                pixels,
                look,
                held.same_as
            ])?;
            for item in &held.items {
                insert_item(&self.db, of, item)?;
            }
        }
        Ok(())
    }

    fn let_go(&mut self, sha256: &[&str]) -> Result<()> {
        let mut items = self
            .db
            .prepare_cached("DELETE FROM items WHERE photograph = (SELECT id FROM photographs WHERE sha256 = ?1)")?;
        let mut photograph = self.db.prepare_cached("DELETE FROM photographs WHERE sha256 = ?1")?;
        for sha256 in sha256 {
            items.execute([sha256])?;
            photograph.execute([sha256])?;
        }
        Ok(())
    }

    fn photographs(&self, after: i64, count: usize) -> Result<Vec<(i64, Held)>> {
        let mut photographs = self.db.prepare_cached(
            "SELECT id, sha256, path, width, height, captured_at, model, error, reason, added_at, pixels, look, same_as
             FROM photographs WHERE id > ?1 ORDER BY id LIMIT ?2",
        )?;
        let mut items = self.db.prepare_cached(
            "SELECT head, record, given, at_first, (SELECT look FROM looks WHERE item = items.id) FROM items
             WHERE photograph = ?1 ORDER BY head",
        )?;
        let mut rows = photographs.query(params![after, count])?;
        let mut out = Vec::new();
        while let Some(r) = rows.next()? {
            let id: i64 = r.get(0)?;
            let mut held = Held {
                sha256: r.get(1)?,
                path: r.get(2)?,
                width: r.get(3)?,
                height: r.get(4)?,
                captured_at: r.get(5)?,
                model: r.get(6)?,
                error: r.get(7)?,
                reason: r.get(8)?,
                added_at: r.get(9)?,
                picture: r.get::<_, Option<_>>(10)?.zip(r.get(11)?).map(|(pixels, look)| Picture { pixels, look }),
                same_as: r.get(12)?,
                items: Vec::new(),
            };
            let mut of_it = items.query([id])?;
            while let Some(i) = of_it.next()? {
                let at_first = state(&i.get::<_, String>(3)?)?;
                held.items.push(HeldItem {
                    head: head(i.get(0)?)?,
                    record: i.get::<_, Packed>(1)?.0,
                    given: i.get(2)?,
                    at_first,
                    brief: None,
                    look: i.get(4)?,
                });
            }
            out.push((id, held));
        }
        Ok(out)
    }

    fn path_of(&self, sha256: &str) -> Result<Option<String>> {
        let mut query = self.db.prepare_cached("SELECT path FROM photographs WHERE sha256 = ?1")?;
        Ok(query.query_row([sha256], |r| r.get(0)).optional()?)
    }

    fn next_item(&self, state: State, after: i64) -> Result<Option<KeptItem>> {
        let mut query =
            self.db.prepare_cached(&format!("{ITEM} WHERE i.state = ?1 AND i.id > ?2 ORDER BY i.id LIMIT 1"))?;
        let mut rows = query.query(params![state.name(), after])?;
        rows.next()?.map(item).transpose()
    }

    fn spots(&self, sha256: &[&str]) -> Result<Vec<Spot>> {
        let mut query = self.db.prepare_cached(
            "SELECT i.head, i.state, i.case_uid, i.given, p.same_as FROM items i JOIN photographs p ON p.id = i.photograph
             WHERE p.sha256 = ?1 ORDER BY i.head",
        )?;
        let mut out = Vec::new();
        for photo in sha256 {
            let mut rows = query.query([photo])?;
            while let Some(r) = rows.next()? {
                let case: Option<String> = r.get(2)?;
                out.push(Spot {
                    place: Place { photo: (*photo).to_owned(), head: head(r.get(0)?)? },
                    state: state(&r.get::<_, String>(1)?)?,
                    case: case.map(|c| id(&c)).transpose()?,
                    given: r.get(3)?,
                    same_as: r.get(4)?,
                });
            }
        }
        Ok(out)
    }

    fn item_at(&self, place: &Place) -> Result<Option<i64>> {
        let mut query = self.db.prepare_cached(
            "SELECT i.id FROM items i JOIN photographs p ON p.id = i.photograph WHERE p.sha256 = ?1 AND i.head = ?2",
        )?;
        Ok(query.query_row(params![place.photo, number(place.head)], |r| r.get(0)).optional()?)
    }

    fn counts(&self) -> Result<Counts> {
        // one state of the file for its version and what is counted
        self.db.execute_batch("SAVEPOINT counting")?;
        let counted = tally(&self.db);
        let end = if counted.is_ok() { "RELEASE counting" } else { "ROLLBACK TO counting; RELEASE counting" };
        self.db.execute_batch(end)?;
        counted
    }

    fn item(&self, id: i64) -> Result<Option<KeptItem>> {
        let mut query = self.db.prepare_cached(&format!("{ITEM} WHERE i.id = ?1"))?;
        let mut rows = query.query([id])?;
        rows.next()?.map(item).transpose()
    }

    fn briefs(&self, state: State, after: i64, count: usize) -> Result<Vec<KeptBrief>> {
        // the rows of items are long: what is asked is in their index, and here
        let mut query = self.db.prepare_cached(
            "SELECT b.item, p.sha256, b.head, p.path, b.variety, b.others, b.calibre, b.confidence, b.country, b.site
             FROM items i INDEXED BY items_by_state JOIN briefs b ON b.item = i.id
             JOIN photographs p ON p.id = b.photograph
             WHERE i.state = ?1 AND i.id > ?2 ORDER BY i.id LIMIT ?3",
        )?;
        let mut rows = query.query(params![state.name(), after, count])?;
        let mut out = Vec::new();
        while let Some(r) = rows.next()? {
            let others: String = r.get(5)?;
            let brief = Brief {
                variety: r.get(4)?,
                others: others.split('\n').filter(|o| !o.is_empty()).map(str::to_owned).collect(),
                calibre: r.get(6)?,
                confidence: r.get(7)?,
                country: r.get(8)?,
                site: r.get(9)?,
            };
            let place = Place { photo: r.get(1)?, head: head(r.get(2)?)? };
            out.push(KeptBrief { id: r.get(0)?, place, path: r.get(3)?, brief });
        }
        Ok(out)
    }

    fn without_brief(&self, state: State, after: i64, count: usize) -> Result<Vec<i64>> {
        if [State::NoHead, State::Failed].contains(&state) {
            return Ok(Vec::new());
        }
        let mut query = self.db.prepare_cached(
            "SELECT i.id FROM items i INDEXED BY items_by_state WHERE i.state = ?1 AND i.id > ?2
             AND NOT EXISTS (SELECT 1 FROM briefs b WHERE b.item = i.id) ORDER BY i.id LIMIT ?3",
        )?;
        Ok(query.query_map(params![state.name(), after, count], |r| r.get(0))?.collect::<rusqlite::Result<_>>()?)
    }

    fn put_briefs(&mut self, briefs: &[(i64, Brief)]) -> Result<()> {
        let mut of = self.db.prepare_cached("SELECT photograph, head FROM items WHERE id = ?1")?;
        for (id, brief) in briefs {
            if let Some((photograph, n)) = of.query_row([id], |r| Ok((r.get(0)?, r.get(1)?))).optional()? {
                put_brief(&self.db, *id, photograph, head(n)?, brief)?;
            }
        }
        Ok(())
    }

    fn put_record(&mut self, id: i64, head: u32, record: &str) -> Result<()> {
        let mut put = self.db.prepare_cached(
            "UPDATE items SET head = ?2, record = ?3,
             at_first = CASE at_first WHEN 'no_head' THEN 'pending' ELSE at_first END,
             state = CASE state WHEN 'no_head' THEN 'pending' ELSE state END WHERE id = ?1",
        )?;
        put.execute(params![id, head, pack(record)])?;
        Ok(())
    }

    fn put_item(&mut self, sha256: &str, held: &HeldItem) -> Result<Option<i64>> {
        let mut of = self.db.prepare_cached("SELECT id FROM photographs WHERE sha256 = ?1")?;
        let Some(of) = of.query_row([sha256], |r| r.get(0)).optional()? else { return Ok(None) };
        Ok(Some(insert_item(&self.db, of, held)?))
    }

    fn looks(&self, ids: &[i64]) -> Result<Vec<(i64, Vec<u8>)>> {
        let mut query = self.db.prepare_cached("SELECT look FROM looks WHERE item = ?1")?;
        let mut out = Vec::new();
        for id in ids {
            out.extend(query.query_row([id], |r| r.get(0)).optional()?.map(|look| (*id, look)));
        }
        Ok(out)
    }

    fn put_looks(&mut self, looks: &[(i64, Vec<u8>)]) -> Result<()> {
        looks.iter().try_for_each(|(id, look)| put_look(&self.db, *id, look))
    }

    fn unlike(&self) -> Result<Vec<Unlike>> {
        let mut query = self.db.prepare_cached("SELECT one, other, who, at FROM unlike ORDER BY one, other")?;
        let said = |r: &Row| Ok(Unlike { one: r.get(0)?, other: r.get(1)?, who: r.get(2)?, at: r.get(3)? });
        Ok(query.query_map([], said)?.collect::<rusqlite::Result<_>>()?)
    }

    fn put_unlike(&mut self, said: &[Unlike]) -> Result<()> {
        let mut put =
            self.db.prepare_cached("INSERT OR IGNORE INTO unlike (one, other, who, at) VALUES (?1, ?2, ?3, ?4)")?;
        for Unlike { one, other, who, at } in said {
            put.execute(params![one, other, who, at])?;
        }
        Ok(())
    }
}

/// An item with what is told of its photograph.
const ITEM: &str = "SELECT i.id, p.sha256, i.head, p.path, p.model, i.record, i.given, i.state, i.case_uid, p.reason
     FROM items i JOIN photographs p ON p.id = i.photograph";

fn insert_item(db: &Connection, photograph: i64, item: &HeldItem) -> Result<i64> {
    let HeldItem { head, record, given, at_first, brief, look } = item;
    let mut put = db.prepare_cached(
        "INSERT INTO items (photograph, head, record, given, state, at_first) VALUES (?1, ?2, ?3, ?4, ?5, ?5)",
    )?;
    let id = put.insert(params![photograph, number(*head), pack(record), given, at_first.name()])?;
    if let Some(brief) = brief {
        put_brief(db, id, photograph, *head, brief)?;
    }
    if let Some(look) = look {
        put_look(db, id, look)?;
    }
    Ok(id)
}

fn put_brief(db: &Connection, id: i64, photograph: i64, head: Option<u32>, brief: &Brief) -> Result<()> {
    let Brief { variety, others, calibre, confidence, country, site } = brief;
    let mut put = db.prepare_cached(
        "INSERT OR REPLACE INTO briefs
             (item, photograph, head, variety, others, calibre, confidence, country, site)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)",
    )?;
    let others = others.join("\n");
    put.execute(params![id, photograph, number(head), variety, others, calibre, confidence, country, site])?;
    Ok(())
}

fn put_look(db: &Connection, id: i64, look: &[u8]) -> Result<()> {
    db.prepare_cached("INSERT OR REPLACE INTO looks (item, look) VALUES (?1, ?2)")?.execute(params![id, look])?;
    Ok(())
}

fn tally(db: &Connection) -> Result<Counts> {
    let now: i64 = db.pragma_query_value(None, "data_version", |r| r.get(0))?;
    let mut query = db.prepare_cached("SELECT number FROM temp.tally WHERE what = ?1")?;
    let at: Option<i64> = query.query_row([COUNTED_AT], |r| r.get(0)).optional()?;
    if at != Some(now) {
        db.execute_batch(include_str!("count.sql"))?;
        db.execute("INSERT INTO temp.tally (what, number) VALUES (?1, ?2)", params![COUNTED_AT, now])?;
    }
    let mut of = |what: &str| -> Result<u64> { Ok(query.query_row([what], |r| r.get(0))?) };
    let heads = [State::Pending, State::Entered, State::SameCase, State::NotAHead];
    let [pending, entered, same_case, not_a_head] = heads.map(|s| of(s.name()));
    let (pending, entered, same_case, not_a_head) = (pending?, entered?, same_case?, not_a_head?);
    Ok(Counts {
        photographs: of("photographs")?,
        failed: of(State::Failed.name())?,
        without_heads: of(State::NoHead.name())?,
        heads: pending + entered + same_case + not_a_head,
        pending,
        entered,
        same_case,
        same_picture: of(State::SamePicture.name())?,
        not_a_head,
        entries: of("entries")?,
        cases: of("cases")?,
        conflicts: of("conflicts")?,
    })
}

fn item(r: &Row) -> Result<KeptItem> {
    let place = Place { photo: r.get(1)?, head: head(r.get(2)?)? };
    let case: Option<String> = r.get(8)?;
    Ok(KeptItem {
        id: r.get(0)?,
        place,
        path: r.get(3)?,
        model: r.get(4)?,
        record: r.get::<_, Packed>(5)?.0,
        given: r.get(6)?,
        state: state(&r.get::<_, String>(7)?)?,
        case: case.map(|c| id(&c)).transpose()?,
        reason: r.get(9)?,
    })
}

fn state(name: &str) -> Result<State> {
    let known = State::ALL.into_iter().find(|s| s.name() == name);
    known.ok_or_else(|| CatalogueError::damaged("the state of an item", format!("`{name}`")))
}

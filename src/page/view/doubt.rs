//! An entry that is likely wrong: what it says, what its photograph shows, and why.

use super::super::pictures::Kind;
use super::super::words::Spoken;
use super::{SHOWN, key, picture_of};
use crate::catalogue::{Field, Item};
use crate::check::Checked;
use crate::html::{Markup, Outside, html, percent};

/// Fields that can be put right here.
const FIELDS: [Field; 4] = [Field::Calibre, Field::Country, Field::Year, Field::Factory];

/// An entry with the reasons to doubt it.
pub(crate) fn doubt(w: &Spoken, doubted: &Checked, item: Option<&Item>) -> Markup {
    let Checked { photo, subject, found } = doubted;
    let entry = &subject.entry;
    let said = |field: Field| entry.values.get(&field).map_or("", |v| v.text.as_str());
    let mut instead = found.instead();
    instead.truncate(SHOWN);
    let headstamp = instead.iter().find(|(f, _)| *f == Field::Headstamp).map_or(said(Field::Headstamp), |(_, t)| *t);
    html! {
        article.doubt data-case=(entry.case) aria-label=(w.doubtful) {
            h2 { bdi.text { (Outside(said(Field::Headstamp))) } " · " (w.likely_wrong) " " (percent(found.wrong)) }
            div.looks {
                @if let Some(item) = item {
                    figure { img src=(picture_of(item, Kind::Turned)) alt=(w.turned) data-missing=(w.no_picture); figcaption { bdi { (Outside(photo.as_deref().unwrap_or_default())) } } }
                    figure.ring { img src=(picture_of(item, Kind::Strip)) alt=(w.strip) data-missing=(w.no_picture); figcaption { (w.strip) } }
                } @else { p { (w.no_picture) @if let Some(photo) = photo { ": " bdi { (Outside(photo)) } } } }
            }
            ul.reasons { @for reason in &found.reasons { li { (Outside(&reason.text)) } } }
            @if !instead.is_empty() {
                ol.instead aria-label=(w.put_right) {
                    @for (n, (field, text)) in instead.iter().enumerate() {
                        li { button type="button" data-do="put_right" data-rank=(n) data-field=(field.name()) data-value=(Outside(text)) {
                            kbd { (n + 1) } " " (w.put_right) ": " (field.name()) " = " bdi.text { (Outside(text)) } } }
                    }
                }
            }
            dl { @for (field, value) in entry.values.iter().filter(|v| *v.0 != Field::OriginalRow) {
                dt { (field.name()) } dd { bdi { (Outside(&value.text)) } " " small { (value.how.name()) ", " bdi { (Outside(&value.by)) } } }
            } }
            div.actions {
                (key("right", "↵", &w.is_right)) (key("edit", "e", &w.edit)) (key("dismiss", "x", &w.dismiss))
                (key("doubt_later", "k", &w.skip)) (key("undo", "z", &w.undo))
            }
            form.edit hidden {
                label { (w.headstamp) " " input name="headstamp" value=(Outside(headstamp)) data-was=(Outside(said(Field::Headstamp))) list="known" autocomplete="off" spellcheck="false" dir="ltr"; }
                @for field in FIELDS {
                    label { (field.name()) " " input name=(field.name()) value=(Outside(said(field))) data-was=(Outside(said(field))) autocomplete="off" size="10"; }
                }
                button type="submit" { (w.put_right) } " " button type="button" data-do="cancel" { (w.cancel) }
            }
        }
    }
}

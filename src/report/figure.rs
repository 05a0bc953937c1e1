//! Figures: bars with their numbers beside them, legible in black and white.

use super::table::{Cell, Table};
use plotters::prelude::*;
use plotters::style::text_anchor::{HPos, Pos, VPos};

/// Width of a figure, of its labels and of what stands behind a bar, in pixels.
const WIDTH: u32 = 720;
const LABELS: i32 = 210;
const BEHIND: i32 = 90;
/// Height of a bar with the space about it, of a bar, and of the title, in pixels.
const STEP: i32 = 24;
const BAR: i32 = 16;
const TITLE: i32 = 30;
/// Longest label, in characters.
const LONGEST: usize = 30;
const FONT: &str = "sans-serif";
/// Bars are dark on white: they stay so when they are printed in black.
const DARK: RGBColor = RGBColor(60, 60, 60);

/// A bar: what it is of, and how many.
struct Bar {
    name: String,
    count: u64,
    share: Option<f64>,
}

/// The first column of counts as bars, as SVG; `None` where there is nothing to be drawn, the error where it cannot be.
pub fn of(table: &Table) -> Result<Option<String>, String> {
    let bars: Vec<Bar> = table.rows.iter().filter_map(|row| bar(row)).collect();
    let most = bars.iter().map(|b| b.count).max().unwrap_or_default();
    if most == 0 || !table.drawn {
        return Ok(None);
    }
    let height = TITLE + STEP * i32::try_from(bars.len()).unwrap_or(i32::MAX / STEP) + STEP / 2;
    let mut svg = String::new();
    draw(&mut svg, table, &bars, most, height).map_err(|e| e.to_string())?;
    Ok(Some(svg))
}

fn bar(row: &[Cell]) -> Option<Bar> {
    let at = row.iter().position(|cell| matches!(cell, Cell::Count(..)))?;
    let Cell::Count(count, _) = row[at] else { return None };
    // of a variety what it bears, of anything else what stands first
    let mut name = if at > 3 {
        format!("{}, {}", row[at - 1].plain(), row[2].plain())
    } else {
        row[..at].iter().map(Cell::plain).find(|text| !text.is_empty())?
    };
    if name.chars().count() > LONGEST {
        name = name.chars().take(LONGEST - 1).chain(['…']).collect();
    }
    let share = row.iter().find_map(|c| if let Cell::Share(s) = c { Some(*s) } else { None });
    Some(Bar { name, count, share })
}

fn draw(
    svg: &mut String,
    table: &Table,
    bars: &[Bar],
    most: u64,
    height: i32,
) -> Result<(), Box<dyn std::error::Error>> {
    let root = SVGBackend::with_string(svg, (WIDTH, height.unsigned_abs())).into_drawing_area();
    root.fill(&WHITE)?;
    let text = |size: i32, h: HPos| (FONT, size).into_font().color(&BLACK).pos(Pos::new(h, VPos::Center));
    root.draw(&Text::new(table.title.clone(), (8, TITLE / 2), text(15, HPos::Left)))?;
    let room = f64::from(WIDTH as i32 - LABELS - BEHIND);
    for (bar, top) in bars.iter().zip((0..).map(|n| TITLE + STEP * n)) {
        let middle = top + BAR / 2;
        let end = LABELS + (room * bar.count as f64 / most as f64).round() as i32;
        root.draw(&Text::new(bar.name.clone(), (LABELS - 8, middle), text(13, HPos::Right)))?;
        root.draw(&Rectangle::new([(LABELS, top), (end.max(LABELS + 1), top + BAR)], DARK.filled()))?;
        let share = bar.share.map_or_else(String::new, |s| format!(" ({:.1} %)", s * 100.0));
        root.draw(&Text::new(format!("{}{share}", bar.count), (end + 6, middle), text(13, HPos::Left)))?;
    }
    root.present()?;
    Ok(())
}

//! Formulas that stand in a table without quotation marks: what separates their arguments separates no cells.

/// The cells of a row that holds such formulas: between the brackets of a cell that begins with `=`, and between quotation
/// marks, nothing separates. `None` where brackets or quotation marks are left open.
pub(super) fn cells(row: &str, separator: u8) -> Option<Vec<String>> {
    let mut cells = Vec::new();
    let (mut start, mut depth, mut quoted) = (0, 0usize, false);
    for (at, byte) in row.bytes().enumerate() {
        let formula = row[start..].trim_start().starts_with('=');
        match byte {
            b'"' => quoted = !quoted,
            b'(' if formula && !quoted => depth += 1,
            b')' if formula && !quoted => depth = depth.checked_sub(1)?,
            b if b == separator && !quoted && depth == 0 => {
                cells.push(bare(&row[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    cells.push(bare(&row[start..]));
    (!quoted && depth == 0).then_some(cells)
}

/// A cell without the quotation marks around it.
fn bare(cell: &str) -> String {
    let inner = cell.strip_prefix('"').and_then(|c| c.strip_suffix('"'));
    inner.map_or_else(|| cell.to_owned(), |c| c.replace("\"\"", "\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_no_cells() {
        let row = "=HYPERLINK(\"http://x, y\",\"click\"),US,\"say \"\"x\"\"\",=A1";
        assert_eq!(
            cells(row, b','),
            Some(vec!["=HYPERLINK(\"http://x, y\",\"click\")".into(), "US".into(), "say \"x\"".into(), "=A1".into(),])
        );
        assert_eq!(cells("=SUM(1,2", b','), None);
        assert_eq!(cells("a(1,2)", b','), Some(vec!["a(1".into(), "2)".into()]), "no formula");
    }
}

//! Years as they are stamped.

/// The years that a number of a headstamp can mean, in full: two digits in any century since metallic cartridges, three
/// with a nought or a nine before (`012`, `943`), or four.
pub fn candidates(stamped: &str) -> Vec<i32> {
    const YEARS: std::ops::RangeInclusive<i32> = 1870..=2030;
    if !stamped.bytes().all(|b| b.is_ascii_digit()) {
        return Vec::new();
    }
    let Ok(n) = stamped.parse::<i32>() else { return Vec::new() };
    let all = match (stamped.len(), stamped.as_bytes().first()) {
        (2, _) => vec![1800 + n, 1900 + n, 2000 + n],
        (3, Some(b'0' | b'9')) => vec![if n < 100 { 2000 + n } else { 1000 + n }],
        (4, _) => vec![n],
        _ => Vec::new(),
    };
    all.into_iter().filter(|y| YEARS.contains(y)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_that_can_be_years() {
        assert_eq!(candidates("05"), [1905, 2005]);
        assert_eq!(candidates("88"), [1888, 1988]);
        assert_eq!(candidates("012"), [2012]);
        assert_eq!(candidates("943"), [1943]);
        assert_eq!(candidates("1943"), [1943]);
        assert!(candidates("188").is_empty() && candidates("L2").is_empty() && candidates("7").is_empty());
    }
}

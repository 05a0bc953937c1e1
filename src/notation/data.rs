//! Tables of signs that come with the program: comma-separated, a line of names first, nothing quoted.

/// The rows of a table of three columns.
pub(super) fn rows(text: &'static str) -> impl Iterator<Item = [&'static str; 3]> {
    text.lines().skip(1).filter_map(|line| line.splitn(3, ',').collect::<Vec<_>>().try_into().ok())
}

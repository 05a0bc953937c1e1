//! What a variety is known by, wherever reading starts.

use super::written::{Element, Headstamp, PUNCTUATION, Sign};

impl Headstamp {
    /// What two writings of one headstamp have in common: it does not depend on where reading starts, nor on letter case,
    /// punctuation, dots, the spaces within an element, or a symbol that nobody has named. For comparing, not for reading.
    pub fn variety_key(&self) -> String {
        let keys: Vec<String> = self.elements().iter().map(element_key).filter(|k| !k.is_empty()).collect();
        let start = least_rotation(&keys);
        let (front, back) = keys.split_at(start);
        [back, front].concat().join("_")
    }
}

/// [`Headstamp::variety_key`] of a text; one that is no headstamp is its own key.
pub fn variety_key(text: &str) -> String {
    text.parse().map_or_else(|_| text.to_owned(), |h: Headstamp| h.variety_key())
}

/// The signs of a key, one by one: a character, or a symbol with its brackets.
pub(crate) fn signs_of_key(key: &str) -> Vec<&str> {
    let mut signs = Vec::new();
    let mut rest = key;
    while let Some(first) = rest.chars().next() {
        let symbol = (first == '[').then(|| rest.find(']')).flatten().map(|end| end + 1);
        let (sign, after) = rest.split_at(symbol.unwrap_or(first.len_utf8()));
        signs.push(sign);
        rest = after;
    }
    signs
}

fn element_key(element: &Element) -> String {
    let mut key = String::new();
    for sign in element.signs() {
        match sign {
            Sign::Char('★' | '☆') => key.push('*'),
            Sign::Char('×') => key.push('X'),
            Sign::Char(c) if !PUNCTUATION.contains(c) => key.extend(c.to_uppercase()),
            Sign::Named(name) if name != "symbol" => key.extend(["[", &name.to_lowercase(), "]"]),
            Sign::Unknown => key.push('?'),
            _ => {}
        }
    }
    key
}

/// Where the least rotation of a ring starts, in linear time.
fn least_rotation<T: Ord>(ring: &[T]) -> usize {
    let n = ring.len();
    let (mut a, mut b, mut run) = (0, 1, 0);
    while a < n && b < n && run < n {
        match ring[(a + run) % n].cmp(&ring[(b + run) % n]) {
            std::cmp::Ordering::Equal => run += 1,
            std::cmp::Ordering::Greater => (a, run) = ((a + run + 1).max(b + 1), 0),
            std::cmp::Ordering::Less => (b, run) = ((b + run + 1).max(a + 1), 0),
        }
        if a == b {
            b += 1;
        }
        if a > b {
            std::mem::swap(&mut a, &mut b);
        }
    }
    a.min(b) % n.max(1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn the_key_does_not_depend_on_the_start(h in "[0-9A-Z*?•]{1,4}(_([0-9A-Z. ]{1,4}|\\[[a-z]{1,4}\\])){0,6}", by in 0usize..7) {
            let mut turned: Vec<&str> = h.split('_').collect();
            let n = turned.len();
            turned.rotate_left(by % n);
            prop_assert_eq!(variety_key(&turned.join("_")), variety_key(&h));
        }

        #[test]
        fn the_least_rotation_is_least(ring in prop::collection::vec(0u8..3, 1..9)) {
            let turn = |by: usize| [&ring[by..], &ring[..by]].concat();
            let least = (0..ring.len()).map(turn).min();
            prop_assert_eq!(Some(turn(least_rotation(&ring))), least);
        }
    }

    #[test]
    fn varieties_compare_by_what_is_stamped() {
        assert_eq!(variety_key("FC_LUGER_9MM"), variety_key("9 mm_•_FC_Luger"));
        assert_eq!(variety_key("X_16_[symbol]_16"), variety_key("16_16_x"));
        assert_ne!(variety_key("31_94"), variety_key("319_4"));
        assert_ne!(variety_key("A_B_C"), variety_key("C_B_A"));
        assert_ne!(variety_key("X_[crown]"), variety_key("X_[eagle]"));
    }
}

//! An entry held against its photograph: whether it is there, the same as it was, and shows a head.

use super::reason::{Reason, Signal};
use super::subject::{Seen, Subject};

/// How probable it is that an entry is wrong whose photograph is another than it was; that is seen where another is; whose
/// photograph shows no head that can be read; whose photograph is not there.
const ALTERED: f64 = 0.5;
const TWICE: f64 = 0.5;
const NOTHING: f64 = 0.1;
const MISSING: f64 = 0.2;

pub(super) fn reasons(subject: &Subject) -> Vec<Reason> {
    let reason = |wrong, text: String| Reason { signal: Signal::Photograph, wrong, text, instead: None };
    let seen = match &subject.seen {
        Seen::NoPhoto | Seen::Heads(_) => None,
        Seen::Missing(why) => Some(reason(MISSING, format!("photograph: {why}"))),
        Seen::Altered(which) => {
            Some(reason(ALTERED, format!("photograph: {which} is not what it was when it was entered")))
        }
        Seen::Nothing(why) => Some(reason(NOTHING, format!("photograph: {why}"))),
    };
    let twice = subject.twice.as_ref();
    let twice = twice.map(|other| reason(TWICE, format!("photograph: {other} shows the same head")));
    seen.into_iter().chain(twice).collect()
}

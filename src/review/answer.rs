//! What an answer becomes: the values of a case, ready to be decided.

use crate::catalogue::{Field, How, Item, Place, Shown, Value, Values, Way, What, fields};
use crate::notation::Headstamp;
use crate::record::{HeadRecord, Year};
use crate::registry::{Registry, SETTLED, Summary};
use std::sync::Arc;
use uuid::Uuid;

/// Least share of a country that is recorded as derived: from there on it is settled.
const SURE_COUNTRY: f32 = SETTLED as f32;

/// What a person says of an item.
#[derive(Debug, Clone, PartialEq)]
pub enum Answer {
    /// The proposal of this rank, from 0.
    Proposal(usize),
    /// This headstamp, in the notation, or one of the words that stand for none.
    Headstamp(String),
    /// What is there is no case head.
    NotAHead,
    /// It shows this case.
    SameCase(Uuid),
}

/// Why an answer cannot be taken.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum BadAnswer {
    /// There is no such proposal.
    #[error("there is no proposal {0}")]
    NoProposal(usize),
    /// The headstamp is none.
    #[error(transparent)]
    Value(#[from] fields::BadValue),
}

/// Who answers, and what marks mean to them.
#[derive(Debug, Clone)]
pub struct Reviewer {
    /// The name that decisions bear.
    pub who: String,
    /// What marks mean.
    pub registry: Arc<Registry>,
}

impl Reviewer {
    /// The decision that an answer means, with what was shown. `told` are values that the person gave beside it; they take
    /// precedence over what was told when the photograph was added, and both over what the registry says.
    pub fn decision(&self, item: &Item, answer: &Answer, told: &Values) -> Result<(What, Shown), BadAnswer> {
        let shown = shown(item);
        let (headstamp, way) = match answer {
            Answer::NotAHead => return Ok((What::NotAHead { place: item.place.clone() }, shown)),
            Answer::SameCase(case) => {
                return Ok((What::SameCase { case: *case, place: item.place.clone() }, shown));
            }
            Answer::Proposal(rank) => {
                let proposal = item.head.proposals.get(*rank).ok_or(BadAnswer::NoProposal(rank + 1))?;
                (proposal.headstamp.clone(), if *rank == 0 { Way::Accepted } else { Way::Chosen })
            }
            Answer::Headstamp(text) => {
                let text = fields::checked(Field::Headstamp, text)?;
                let seen = item.head.proposals.iter().position(|p| p.headstamp == text);
                let way = match seen {
                    Some(0) => Way::Accepted,
                    Some(_) => Way::Chosen,
                    None if item.head.proposals.is_empty() => Way::Typed,
                    None => Way::Edited,
                };
                (text, way)
            }
        };
        let values = self.values(&headstamp, way, &item.given, told);
        let places: Vec<Place> = vec![item.place.clone()];
        Ok((What::Enter { case: Uuid::now_v7(), places, way, group: 1, values }, shown))
    }

    /// What is recorded of a case with this headstamp.
    pub fn values(&self, headstamp: &str, way: Way, given: &Values, told: &Values) -> Values {
        let value = |text: String, how| Value { text, how, by: self.who.clone() };
        let how = if matches!(way, Way::Accepted | Way::Chosen) { How::Proposed } else { How::Stamped };
        let calibre = told.get(&Field::Calibre).or_else(|| given.get(&Field::Calibre)).map(|v| v.text.as_str());
        let mut values = self.derived(headstamp, calibre);
        values.extend(given.clone());
        values.extend(told.clone());
        values.insert(Field::Headstamp, value(headstamp.to_owned(), how));
        values
    }

    /// What the registry says of a headstamp, as far as it is of one mind; `calibre` is what is known besides.
    pub fn derived(&self, headstamp: &str, calibre: Option<&str>) -> Values {
        let mut values = Values::new();
        if [fields::NOT_LEGIBLE, fields::SYMBOL_UNKNOWN].contains(&headstamp) {
            return values;
        }
        let mut put = |field, text: Option<String>, how| {
            if let Some(text) = text.and_then(|t| fields::checked(field, &t).ok()) {
                values.insert(field, Value { text, how, by: self.who.clone() });
            }
        };
        let summary = self.summary(headstamp, calibre);
        if let Some(first) = summary.countries.first().filter(|c| c.confidence.is_some_and(|c| c >= SURE_COUNTRY)) {
            put(Field::Country, Some(first.iso2.clone()), How::Derived);
            put(Field::StateAtTime, first.state_at_time.clone(), How::Derived);
            put(Field::Factory, first.factory.clone(), How::Derived);
            put(Field::ProducerCode, first.code.clone(), How::Derived);
        }
        let year = match summary.year {
            Some(Year { value: Some(year), .. }) => Some(year.to_string()),
            Some(Year { absent: true, .. }) => Some(fields::ABSENT.to_owned()),
            _ => None,
        };
        put(Field::Year, year, How::Derived);
        put(Field::Calibre, summary.calibre.map(|c| c.value), How::Stamped);
        values
    }

    fn summary(&self, headstamp: &str, calibre: Option<&str>) -> Summary {
        let Ok(parsed) = headstamp.parse::<Headstamp>() else { return Summary::default() };
        self.registry.interpret(&parsed, calibre).summary()
    }
}

/// What a person saw.
fn shown(item: &Item) -> Shown {
    let HeadRecord { proposals, .. } = &item.head;
    let proposals = proposals.iter().map(|p| (p.headstamp.clone(), p.confidence)).collect();
    let rim = item.head.fitted.is_some().then_some(item.head.ellipse);
    Shown { model: item.model.clone(), proposals, rim, doubt: None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue::State;
    use crate::reader::testing::head;

    fn reviewer() -> Reviewer {
        Reviewer { who: "B".into(), registry: Arc::new(Registry::embedded()) }
    }

    fn item() -> Item {
        let given = Values::from([(Field::Site, Value { text: "Kidal".into(), how: How::Told, by: "A".into() })]);
        let place = Place { photo: "0".repeat(64), head: Some(0) };
        Item { id: 1, place, path: "a.jpg".into(), model: "m".into(), head: head(), given, state: State::Pending }
    }

    #[test]
    fn an_accepted_proposal_brings_what_is_told_and_known() {
        let reviewer = reviewer();
        let (what, shown) = reviewer.decision(&item(), &Answer::Proposal(0), &Values::new()).unwrap();
        assert_eq!(shown.proposals, [("FC_LUGER_9MM".to_owned(), Some(0.93))]);
        let What::Enter { values, way, .. } = what else { panic!("{what:?}") };
        let text = |f| values.get(&f).map(|v| (v.text.as_str(), v.how));
        assert_eq!(way, Way::Accepted);
        assert_eq!(text(Field::Headstamp), Some(("FC_LUGER_9MM", How::Proposed)));
        assert_eq!(text(Field::Site), Some(("Kidal", How::Told)));
        assert_eq!(text(Field::Country), Some(("US", How::Derived)));
        assert_eq!(values[&Field::Site].by, "A");
    }

    #[test]
    fn what_a_person_says_goes_before_the_registry() {
        let reviewer = reviewer();
        let told = Values::from([(Field::Country, Value { text: "SE".into(), how: How::Told, by: "B".into() })]);
        let (what, _) = reviewer.decision(&item(), &Answer::Headstamp("FC_11".into()), &told).unwrap();
        let What::Enter { values, way, .. } = what else { panic!("{what:?}") };
        assert_eq!((way, values[&Field::Country].text.as_str()), (Way::Edited, "SE"));
        let unread = Answer::Headstamp(fields::NOT_LEGIBLE.into());
        let (what, _) = reviewer.decision(&item(), &unread, &Values::new()).unwrap();
        let What::Enter { values, .. } = what else { panic!("{what:?}") };
        assert!(!values.contains_key(&Field::Country) && values.contains_key(&Field::Site));
        assert!(reviewer.decision(&item(), &Answer::Proposal(7), &Values::new()).is_err());
        assert!(reviewer.decision(&item(), &Answer::Headstamp("[".into()), &Values::new()).is_err());
    }
}

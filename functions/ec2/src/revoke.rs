//! Taking rules out: as many in one call as EC2 takes, and one by one where it refuses.

use std::collections::{BTreeMap, VecDeque};

use catalog::ec2::{Rule, Way};
use runtime::Error;

use crate::{
    calls::{Refusal, Which},
    read::Group,
    rules,
};

/// How many rules one call takes out.
const MOST: usize = 100;
/// How often single rules are refused for the same reason before the others are not tried any more.
const ENOUGH: usize = 8;

/// That a rule is out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Out {
    /// Because of us.
    Now,
    /// It was before.
    Before,
}

/// Rules on their way out.
struct Leaving<'a> {
    group: Group<'a>,
    way: Way,
    rules: &'a [&'a Rule],
    results: Vec<Option<Result<Out, Error>>>,
    refusals: BTreeMap<String, usize>,
    /// What the rest is answered.
    stop: Option<Error>,
}

impl Group<'_> {
    /// Takes `rules` out; one result for each. EC2 revokes all rules of a call or none of them, so what
    /// is refused is tried again in halves, until it is clear which ones are to blame.
    pub(crate) async fn revoke(&self, way: Way, rules: &[&Rule]) -> Vec<Result<Out, Error>> {
        let (with_id, without): (Vec<_>, Vec<_>) = (0..rules.len())
            .partition(|nth| rules.get(*nth).is_some_and(|rule| !rule.id.is_empty()));
        let chunks = with_id.chunks(MOST).chain(without.chunks(1));
        let mut work: VecDeque<Vec<usize>> = chunks.map(<[_]>::to_vec).collect();
        let mut leaving = Leaving {
            group: *self,
            way,
            rules,
            results: vec![None; rules.len()],
            refusals: BTreeMap::new(),
            stop: None,
        };
        while let Some(some) = work.pop_front() {
            if let Some((first, second)) = leaving.go(&some).await {
                work.push_front(second);
                work.push_front(first);
            }
        }
        // INVARIANT: every rule is in exactly one chunk, and every chunk ends with an answer.
        let missed = || Err(Error::Transient("the rule was not tried".into()));
        leaving.results.into_iter().map(|result| result.unwrap_or_else(missed)).collect()
    }
}

impl Leaving<'_> {
    /// Tries `some`; the halves that must be tried again, if any.
    async fn go(&mut self, some: &[usize]) -> Option<(Vec<usize>, Vec<usize>)> {
        if let Some(error) = self.stop.clone() {
            self.answer(some, &Err(error));
            return None;
        }
        let refusal = match self.call(some).await {
            Ok(there) => {
                self.answer(some, &Ok(if there { Out::Now } else { Out::Before }));
                return None;
            }
            Err(refusal) => refusal,
        };
        if refusal.is_group_gone() {
            self.answer(some, &Ok(Out::Before));
        } else if refusal.is_transient() {
            self.answer(some, &Err(refusal.error));
        } else if some.len() > 1 {
            let (first, second) = some.split_at(some.len() / 2);
            return Some((first.to_vec(), second.to_vec()));
        } else if refusal.is_gone() {
            self.answer(some, &Ok(Out::Before));
        } else {
            self.refused(some, refusal);
        }
        None
    }

    async fn call(&self, some: &[usize]) -> Result<bool, Refusal> {
        let rules: Vec<_> = some.iter().filter_map(|nth| self.rules.get(*nth).copied()).collect();
        let which = match rules.as_slice() {
            [rule] if rule.id.is_empty() => Which::Permission(rules::permission(rule)),
            rules => Which::Ids(rules.iter().map(|rule| rule.id.clone()).collect()),
        };
        self.group.revoke_these(self.way, which).await
    }

    fn refused(&mut self, some: &[usize], Refusal { code, error }: Refusal) {
        let count = self.refusals.entry(code).or_default();
        *count += 1;
        if *count == ENOUGH {
            self.stop = Some(error.clone());
        }
        self.answer(some, &Err(error));
    }

    fn answer(&mut self, some: &[usize], result: &Result<Out, Error>) {
        for nth in some {
            if let Some(place) = self.results.get_mut(*nth) {
                *place = Some(result.clone());
            }
        }
    }
}

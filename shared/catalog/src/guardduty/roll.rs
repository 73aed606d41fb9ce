//! Everything on the list, cheap to copy: what was read is shared, and what differs from it lies above.

use std::{collections::BTreeMap, fmt, iter::Peekable, sync::Arc};

use super::{Listing, Name};

/// A copy costs what was changed since it was read, not what is on the list.
#[derive(Clone, Default)]
pub struct Roll {
    /// As it was read, sorted by name.
    base: Arc<Vec<(Name, Listing)>>,
    /// What was changed since; `None` where something went.
    above: BTreeMap<Name, Option<Listing>>,
    len: usize,
}

impl Roll {
    /// How many there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// What is known of `name`.
    pub fn get(&self, name: &Name) -> Option<&Listing> {
        match self.above.get(name) {
            Some(changed) => changed.as_ref(),
            None => self.read(name),
        }
    }

    /// The listed network that holds `name`, or `name` itself, the narrowest first.
    pub fn covering(&self, name: &Name) -> Option<(Name, &Listing)> {
        let Some(net) = name.net() else {
            return self.get(name).map(|listing| (name.clone(), listing));
        };
        let wider = std::iter::successors(Some(net), ipnet::Ipv4Net::supernet).map(Name::Net);
        wider.into_iter().find_map(|name| Some((name.clone(), self.get(&name)?)))
    }

    /// Puts `name` on the list, in place of what is known of it; `None` takes it off.
    pub(super) fn set(&mut self, name: Name, listing: Option<Listing>) {
        let was = self.get(&name).is_some();
        self.len = self.len + usize::from(listing.is_some()) - usize::from(was);
        if listing.is_none() && self.read(&name).is_none() {
            self.above.remove(&name);
        } else {
            self.above.insert(name, listing);
        }
    }

    /// All of it, sorted by name.
    pub fn iter(&self) -> impl Iterator<Item = (&Name, &Listing)> {
        Merged { base: self.base.iter().peekable(), above: self.above.iter().peekable() }
    }

    fn read(&self, name: &Name) -> Option<&Listing> {
        let at = self.base.binary_search_by(|(read, _)| read.cmp(name)).ok()?;
        self.base.get(at).map(|(_, listing)| listing)
    }
}

impl FromIterator<(Name, Listing)> for Roll {
    /// What comes twice is joined.
    fn from_iter<I: IntoIterator<Item = (Name, Listing)>>(listings: I) -> Self {
        let mut base: Vec<_> = listings.into_iter().collect();
        if !base.is_sorted_by(|(one, _), (next, _)| one < next) {
            base.sort_by(|(one, _), (other, _)| one.cmp(other));
            base.dedup_by(|(next, more), (name, listing)| {
                let twice = next == name;
                if twice {
                    listing.join(more);
                }
                twice
            });
        }
        Self { len: base.len(), base: Arc::new(base), above: BTreeMap::new() }
    }
}

impl PartialEq for Roll {
    fn eq(&self, other: &Self) -> bool {
        let is_same_base = Arc::ptr_eq(&self.base, &other.base);
        (is_same_base && self.above == other.above)
            || (self.len == other.len && self.iter().eq(other.iter()))
    }
}

impl fmt::Debug for Roll {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_map().entries(self.iter().take(20)).finish()
    }
}

/// Both in one order; what lies above hides what lies below.
struct Merged<B: Iterator, A: Iterator> {
    base: Peekable<B>,
    above: Peekable<A>,
}

impl<'a, B, A> Iterator for Merged<B, A>
where
    B: Iterator<Item = &'a (Name, Listing)>,
    A: Iterator<Item = (&'a Name, &'a Option<Listing>)>,
{
    type Item = (&'a Name, &'a Listing);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            let below = self.base.peek().map(|(name, _)| name);
            match self.above.peek() {
                Some((name, _)) if below.is_none_or(|below| *name <= below) => {
                    if below == Some(*name) {
                        self.base.next();
                    }
                    if let Some((name, Some(listing))) = self.above.next() {
                        return Some((name, listing));
                    }
                }
                _ => return self.base.next().map(|(name, listing)| (name, listing)),
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Name {
        text.parse().unwrap()
    }

    fn roll(names: &[&str]) -> Roll {
        names.iter().map(|text| (name(text), Listing::default())).collect()
    }

    fn names(roll: &Roll) -> Vec<String> {
        roll.iter().map(|(name, _)| name.to_string()).collect()
    }

    #[test]
    fn what_was_changed_lies_above_what_was_read() {
        let mut changed = roll(&["192.0.2.1", "192.0.2.3", "192.0.2.5"]);
        let read = changed.clone();
        changed.set(name("192.0.2.3"), None);
        changed.set(name("192.0.2.4"), Some(Listing::default()));
        changed.set(name("192.0.2.9"), Some(Listing::default()));
        changed.set(name("192.0.2.0"), None);
        assert_eq!(names(&changed), ["192.0.2.1", "192.0.2.4", "192.0.2.5", "192.0.2.9"]);
        assert_eq!(changed.len(), 4);
        assert!(changed.get(&name("192.0.2.3")).is_none());
        assert_eq!(names(&read), ["192.0.2.1", "192.0.2.3", "192.0.2.5"]);
        assert_eq!(changed, roll(&["192.0.2.1", "192.0.2.4", "192.0.2.5", "192.0.2.9"]));
        assert_ne!(changed, read);
    }

    #[test]
    fn an_address_is_covered_by_the_narrowest_network_that_holds_it() {
        let roll = roll(&["198.51.100.0/24", "198.51.100.0/28", "198.51.100.7", "a.example"]);
        for (given, by) in [
            ("198.51.100.7", Some("198.51.100.7")),
            ("198.51.100.8", Some("198.51.100.0/28")),
            ("198.51.100.99", Some("198.51.100.0/24")),
            ("198.51.101.7", None),
            ("198.51.0.0/16", None),
            ("a.example", Some("a.example")),
            ("b.a.example", None),
        ] {
            let covering = roll.covering(&name(given)).map(|(name, _)| name.to_string());
            assert_eq!(covering.as_deref(), by, "{given}");
        }
    }
}

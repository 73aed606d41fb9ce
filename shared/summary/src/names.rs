//! Texts that occur again and again, each kept once.

use std::{collections::HashMap, sync::Arc};

/// A text of [`Names`]. Its number says nothing: it depends on what came first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash)]
pub(crate) struct Name(u32);

impl Name {
    /// The empty text.
    pub(crate) const EMPTY: Self = Self(0);
}

/// The texts.
#[derive(Debug)]
pub(crate) struct Names {
    known: HashMap<Arc<str>, Name>,
    texts: Vec<Arc<str>>,
}

impl Default for Names {
    fn default() -> Self {
        let empty: Arc<str> = Arc::from("");
        Self { known: HashMap::from([(empty.clone(), Name::EMPTY)]), texts: vec![empty] }
    }
}

impl Names {
    /// The name of `text`.
    pub(crate) fn name(&mut self, text: &str) -> Name {
        if let Some(name) = self.known.get(text) {
            return *name;
        }
        let name = Name(u32::try_from(self.texts.len()).unwrap_or_default());
        let text: Arc<str> = Arc::from(text);
        self.texts.push(text.clone());
        self.known.insert(text, name);
        name
    }

    /// The text of `name`.
    pub(crate) fn text(&self, name: Name) -> &str {
        let at = usize::try_from(name.0).unwrap_or_default();
        self.texts.get(at).map_or("", |text| text)
    }

    /// Makes `name` that of `text`, if that sorts after what it was: the same whatever comes first.
    pub(crate) fn settle(&mut self, name: &mut Name, text: &str) {
        if self.text(*name) < text {
            *name = self.name(text);
        }
    }

    /// The text of `name`, if there is any in it.
    pub(crate) fn maybe(&self, name: Name) -> Option<String> {
        Some(self.text(name)).filter(|text| !text.is_empty()).map(str::to_owned)
    }
}

/// What was said last of something that changes, whatever comes first. Of the same time: what sorts last.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Latest {
    at: u32,
    pub(crate) name: Name,
}

impl Latest {
    pub(crate) fn say(&mut self, names: &mut Names, at: u32, text: Option<&str>) {
        let Some(text) = text.filter(|text| !text.is_empty()) else { return };
        let is_later = (at, text) >= (self.at, names.text(self.name));
        if self.name == Name::EMPTY || is_later {
            *self = Self { at, name: names.name(text) };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_has_one_name_and_comes_back_by_it() {
        let mut names = Names::default();
        let (web, shop) = (names.name("web"), names.name("shop"));
        assert_eq!((names.name("web"), names.name("")), (web, Name::EMPTY));
        assert_eq!(
            (names.text(web), names.text(shop), names.text(Name::EMPTY)),
            ("web", "shop", "")
        );
        assert_eq!((names.maybe(web).as_deref(), names.maybe(Name::EMPTY)), (Some("web"), None));
    }

    #[test]
    fn the_latest_word_counts_in_whatever_order_it_comes() {
        let words = [
            (1, Some("a")),
            (3, Some("c")),
            (2, Some("b")),
            (3, Some("d")),
            (9, None),
            (9, Some("")),
        ];
        for turn in 0..words.len() {
            let (mut names, mut latest) = (Names::default(), Latest::default());
            for (at, text) in words.iter().cycle().skip(turn).take(words.len()) {
                latest.say(&mut names, *at, *text);
            }
            assert_eq!(names.text(latest.name), "d", "beginning with {turn}");
        }
    }
}

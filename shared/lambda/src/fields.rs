//! The attributes of an item, each of the type that it must have: one that has another is an error,
//! never as good as none.

use std::str::FromStr;

use aws_sdk_dynamodb::types::AttributeValue;
use remedy::Timestamp;
use runtime::Error;

use crate::record::Item;

/// An item, and what it is for people.
#[derive(Clone, Copy)]
pub(crate) struct Fields<'a> {
    pub(crate) item: &'a Item,
    /// Such as `the pause of all repairs`.
    pub(crate) what: &'a str,
}

impl<'a> Fields<'a> {
    pub(crate) fn text(self, name: &str) -> Result<&'a str, Error> {
        self.maybe_text(name)?.ok_or_else(|| self.odd(name, "text"))
    }

    pub(crate) fn maybe_text(self, name: &str) -> Result<Option<&'a str>, Error> {
        match self.item.get(name) {
            None => Ok(None),
            Some(AttributeValue::S(text)) => Ok(Some(text)),
            Some(_) => Err(self.odd(name, "text")),
        }
    }

    pub(crate) fn time(self, name: &str) -> Result<Timestamp, Error> {
        self.maybe_time(name)?.ok_or_else(|| self.odd(name, "time"))
    }

    pub(crate) fn maybe_time(self, name: &str) -> Result<Option<Timestamp>, Error> {
        let text = self.maybe_text(name)?;
        text.map(|text| text.parse().map_err(|_| self.odd(name, "time"))).transpose()
    }

    pub(crate) fn number<T: FromStr>(self, name: &str) -> Result<T, Error> {
        let number = self.item.get(name).and_then(|value| value.as_n().ok()?.parse().ok());
        number.ok_or_else(|| self.odd(name, "number"))
    }

    /// The texts of a list; one that is none is left out.
    pub(crate) fn texts(self, name: &str) -> Vec<String> {
        let list = self.item.get(name).and_then(|value| value.as_l().ok());
        let texts = list.into_iter().flatten().filter_map(|value| value.as_s().ok());
        texts.cloned().collect()
    }

    fn odd(self, name: &str, wanted: &str) -> Error {
        Error::Refused(format!(
            "could not read {}: its item in the stack's table has no {wanted} in `{name}`; mend or delete \
             that item",
            self.what
        ))
    }
}

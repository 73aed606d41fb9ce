//! By which findings something is known.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The id of a finding: GuardDuty's are 32 hexadecimal digits.
#[derive(Clone, PartialEq, Eq)]
pub enum FindingId {
    /// The digits as bytes.
    Hex([u8; 16]),
    /// Any other.
    Text(Box<str>),
}

/// The newest few; most things are known by one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub enum Findings {
    /// None: a person knew better.
    #[default]
    None,
    /// The usual case, without a list of its own.
    One([u8; 16]),
    /// The newest first.
    Many(Box<[FindingId]>),
}

/// How many are kept.
const MOST: usize = 4;

impl FindingId {
    /// The id in what a finding is called: the last part of its ARN, else all of it.
    pub fn of(name: &str) -> Self {
        let id = name.rsplit('/').next().unwrap_or(name);
        let digit = |byte: u8| (byte as char).to_digit(16).filter(|_| !byte.is_ascii_uppercase());
        let mut bytes = [0; 16];
        let mut pairs = id.as_bytes().chunks_exact(2);
        let filled = bytes.iter_mut().zip(pairs.by_ref()).all(|(byte, pair)| {
            let both =
                pair.first().and_then(|b| digit(*b)).zip(pair.get(1).and_then(|b| digit(*b)));
            let value = both.and_then(|(high, low)| u8::try_from(high * 16 + low).ok());
            value.inspect(|value| *byte = *value).is_some()
        });
        match filled && id.len() == 32 {
            true => Self::Hex(bytes),
            false => Self::Text(id.into()),
        }
    }
}

impl fmt::Display for FindingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Hex(bytes) => bytes.iter().try_for_each(|byte| write!(f, "{byte:02x}")),
            Self::Text(text) => f.write_str(text),
        }
    }
}

impl fmt::Debug for FindingId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl Findings {
    /// The one of this name.
    pub fn one(name: &str) -> Self {
        [FindingId::of(name)].into_iter().collect()
    }

    /// Each of them, the newest first.
    pub fn iter(&self) -> impl Iterator<Item = FindingId> {
        let (one, many) = match self {
            Self::None => (None, [].as_slice()),
            Self::One(bytes) => (Some(FindingId::Hex(*bytes)), [].as_slice()),
            Self::Many(list) => (None, &**list),
        };
        one.into_iter().chain(many.iter().cloned())
    }

    /// The newest `most` of them.
    #[must_use]
    pub(super) fn newest(&self, most: usize) -> Self {
        self.iter().take(most).collect()
    }

    /// These, then `older`, as many as are kept.
    pub(super) fn before(&self, older: &Self) -> Self {
        let mut all: Vec<FindingId> = self.iter().collect();
        for id in older.iter() {
            if !all.contains(&id) {
                all.push(id);
            }
        }
        all.into_iter().take(MOST).collect()
    }
}

impl FromIterator<FindingId> for Findings {
    fn from_iter<I: IntoIterator<Item = FindingId>>(ids: I) -> Self {
        let ids: Vec<_> = ids.into_iter().collect();
        match ids.as_slice() {
            [] => Self::None,
            [FindingId::Hex(bytes)] => Self::One(*bytes),
            _ => Self::Many(ids.into()),
        }
    }
}

impl Serialize for FindingId {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for FindingId {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = <std::borrow::Cow<'de, str>>::deserialize(from)?;
        Ok(Self::of(&text))
    }
}

impl Serialize for Findings {
    fn serialize<S: Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_seq(self.iter())
    }
}

impl<'de> Deserialize<'de> for Findings {
    fn deserialize<D: Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        Ok(Vec::<FindingId>::deserialize(from)?.into_iter().take(MOST).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ARN: &str = "arn:aws:guardduty:eu-west-1:111122223333:detector/12abc34d567e8fa901bc2d34e56789f0/\
                       finding/16afba5c5c43e07c9e3e5e2e544e95df";

    #[test]
    fn an_id_of_guardduty_is_kept_as_bytes_and_any_other_as_it_is() {
        let id = FindingId::of(ARN);
        assert!(matches!(id, FindingId::Hex(_)));
        assert_eq!(id.to_string(), "16afba5c5c43e07c9e3e5e2e544e95df");
        for text in ["", "1", "16AFBA5C5C43E07C9E3E5E2E544E95DF", "zz", &"0".repeat(33)] {
            assert_eq!(FindingId::of(text), FindingId::Text(text.into()));
        }
    }

    #[test]
    fn the_newest_few_are_kept_each_once() {
        let all: Findings = (0..9).map(|n| FindingId::of(&n.to_string())).collect();
        let kept = Findings::one("8").before(&all);
        assert_eq!(serde_json::to_string(&kept).unwrap(), r#"["8","0","1","2"]"#);
        assert_eq!(serde_json::from_str::<Findings>(r#"["8","0","1","2"]"#).unwrap(), kept);
        assert_eq!(serde_json::to_string(&Findings::None).unwrap(), "[]");
    }
}

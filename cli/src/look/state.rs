//! Resources as a file has them: `{ "<arn>": { "<facet>": { ... } } }`; `null` for what is gone.

use std::collections::BTreeMap;

use remedy::Facet;
use runtime::Error;
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use serde_json::Value;

/// Resources by their ARN, and what is known of each by the name of the facet.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub(crate) struct States(BTreeMap<String, BTreeMap<String, Value>>);

/// What is known of a resource.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Kept<F> {
    /// Nothing.
    Nothing,
    /// That it is gone.
    Gone,
    /// What it is.
    There(F),
}

impl States {
    /// What is known of a resource.
    pub(crate) fn facet<F: Facet + DeserializeOwned>(&self, arn: &str) -> Result<Kept<F>, Error> {
        let Some(json) = self.json(arn, F::NAME) else { return Ok(Kept::Nothing) };
        match Option::<F>::deserialize(json) {
            Ok(Some(facet)) => Ok(Kept::There(facet)),
            Ok(None) => Ok(Kept::Gone),
            Err(error) => Err(Error::Refused(format!(
                "what the file says of {arn} is no {}: {error}",
                F::NAME
            ))),
        }
    }

    /// What is known of a resource, as JSON.
    pub(crate) fn json(&self, arn: &str, facet: &str) -> Option<&Value> {
        self.0.get(arn)?.get(facet)
    }

    /// Keeps what was read of a resource; none: that it is gone.
    pub(crate) fn keep<F: Facet>(&mut self, arn: &str, facet: Option<&F>) {
        let json = serde_json::to_value(facet).unwrap_or_default();
        self.0.entry(arn.to_owned()).or_default().insert(F::NAME.to_owned(), json);
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// The file does not know the resource.
    pub(super) fn silent<F: Facet>(arn: &str) -> Error {
        Error::Refused(format!(
            "the file says nothing of \"{}\" under \"{arn}\"; write it there (null if it is gone), or let \
             --live --save-state write the file",
            F::NAME
        ))
    }
}

#[cfg(test)]
mod tests {
    use catalog::ec2::{DefaultGroup, SecurityGroup};

    use super::*;

    const ARN: &str = "arn:aws:ec2:eu-west-1:111122223333:security-group/sg-1";

    #[test]
    fn what_is_kept_reads_as_it_was() {
        let group = SecurityGroup { name: "web".into(), ..SecurityGroup::default() };
        let mut states = States::default();
        states.keep(ARN, Some(&group));
        states.keep::<DefaultGroup>(ARN, None);
        let written = serde_json::to_string(&states).unwrap();
        let states: States = serde_json::from_str(&written).unwrap();
        assert_eq!(states.facet::<SecurityGroup>(ARN), Ok(Kept::There(group)));
        assert_eq!(states.facet::<DefaultGroup>(ARN), Ok(Kept::Gone));
        assert_eq!(states.facet::<SecurityGroup>("arn:other"), Ok(Kept::Nothing));
        assert_eq!(states.len(), 1);
    }

    #[test]
    fn a_state_that_is_none_is_refused_by_name() {
        let json = format!(r#"{{ "{ARN}": {{ "security group": {{ "ingres": [] }} }} }}"#);
        let states: States = serde_json::from_str(&json).unwrap();
        let error = states.facet::<SecurityGroup>(ARN).unwrap_err().to_string();
        assert!(error.contains("sg-1 is no security group: unknown field `ingres`"), "{error}");
    }
}

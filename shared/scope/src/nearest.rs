//! "Did you mean": the word that was probably meant.

/// Longer words than this are no slips of the hand, and comparing them takes time.
const LONGEST: usize = 64;

/// The one of `known` that `word` is a slip of, if there is one.
pub fn nearest<'a>(word: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let word = word.trim().to_ascii_lowercase();
    if word.is_empty() || word.len() > LONGEST {
        return None;
    }
    let allowed = (word.chars().count() / 3).max(1);
    let distances = known.into_iter().map(|k| (distance(&word, &k.to_ascii_lowercase()), k));
    let (far, best) = distances.min_by_key(|(far, _)| *far)?;
    (far <= allowed).then_some(best)
}

/// How many letters must be typed, dropped or replaced to make one of the other.
fn distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (i, a) in one.chars().enumerate() {
        let mut next = vec![i + 1];
        let mut left = i + 1;
        for (b, above) in other.iter().zip(row.windows(2)) {
            let [diagonal, above] = above else { break };
            left = (diagonal + usize::from(a != *b)).min(above + 1).min(left + 1);
            next.push(left);
        }
        row = next;
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_is_taken_for_what_was_meant_and_another_word_is_not() {
        let known = ["enforce", "approve", "dry-run"];
        for (word, meant) in [
            ("enforc", Some("enforce")),
            ("Enforce", Some("enforce")),
            (" approve ", Some("approve")),
            ("dryrun", Some("dry-run")),
            ("aprove", Some("approve")),
            ("observe", None),
            ("", None),
        ] {
            assert_eq!(nearest(word, known), meant, "{word}");
        }
        assert_eq!(nearest(&"x".repeat(65), ["x"]), None);
        assert_eq!(nearest("x", []), None);
    }

    #[test]
    fn distances_are_counted_in_letters() {
        for (one, other, far) in
            [("", "", 0), ("", "ab", 2), ("kitten", "sitting", 3), ("é", "e", 1)]
        {
            assert_eq!(distance(one, other), far, "{one} {other}");
            assert_eq!(distance(other, one), far, "{other} {one}");
        }
    }
}

//! The wildcards of policies: `*` stands for any text, `?` for any letter.

/// Whether `pattern` means whatever `text` means; wildcards of `text` are letters to those of `pattern`.
/// The case of ASCII letters says nothing, as in the names of actions.
pub(super) fn covers(pattern: &str, text: &str) -> bool {
    let (pattern, text) = (pattern.as_bytes(), text.as_bytes());
    let (mut p, mut t) = (0, 0);
    // Where the last star stood, and how much of the text it takes.
    let mut star = None;
    while t < text.len() {
        match pattern.get(p) {
            Some(b'*') => {
                star = Some((p, t));
                p += 1;
            }
            Some(b'?') if text[t] != b'*' => (p, t) = (p + 1, t + 1),
            Some(letter) if letter.eq_ignore_ascii_case(&text[t]) => (p, t) = (p + 1, t + 1),
            _ => {
                let Some((at, taken)) = star else { return false };
                star = Some((at, taken + 1));
                (p, t) = (at + 1, taken + 1);
            }
        }
    }
    pattern[p..].iter().all(|letter| *letter == b'*')
}

/// Whether something is meant by both patterns.
pub(super) fn overlap(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    // met[j]: whether what is left of `one` and other[j..] have something in common.
    let mut met = vec![false; other.len() + 1];
    for i in (0..=one.len()).rev() {
        let below = std::mem::replace(&mut met, vec![false; other.len() + 1]);
        for j in (0..=other.len()).rev() {
            let (a, b) = (one.get(i), other.get(j));
            met[j] = match (a, b) {
                (None, None) => true,
                (Some(b'*'), _) => below[j] || (b.is_some() && met[j + 1]),
                (_, Some(b'*')) => met[j + 1] || (a.is_some() && below[j]),
                (Some(a), Some(b)) => {
                    let same = *a == b'?' || *b == b'?' || a.eq_ignore_ascii_case(b);
                    same && below[j + 1]
                }
                (None, Some(_)) | (Some(_), None) => false,
            };
        }
    }
    met[0]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_covers_what_it_means() {
        for (pattern, text, is) in [
            ("*", "s3:PutObject", true),
            ("s3:*", "s3:putbucketpolicy", true),
            ("s3:Put*Policy", "s3:PutBucketPolicy", true),
            ("s3:Put*Policy", "s3:PutBucketPolicyStatus", false),
            ("s3:Put?bject", "s3:PutObject", true),
            ("arn:aws:s3:::web*", "arn:aws:s3:::web/*", true),
            ("arn:aws:s3:::web/*", "arn:aws:s3:::web", false),
            ("s3:PutBucket", "s3:PutBucket*", false),
            ("s3:Put?", "s3:Put*", false),
            ("", "", true),
            ("", "a", false),
        ] {
            assert_eq!(covers(pattern, text), is, "{pattern} {text}");
        }
    }

    #[test]
    fn patterns_overlap_if_something_is_meant_by_both() {
        for (one, other, is) in [
            ("s3:PutBucket*", "s3:Put*Policy", true),
            ("s3:*", "S3:putobjectacl", true),
            ("s3:Get*", "s3:Put*", false),
            ("s3:Put?ucketAcl", "s3:PutBucket*", true),
            ("*", "", true),
            ("a", "", false),
            ("**a**", "*b*", true),
            ("a?", "a", false),
        ] {
            assert_eq!(overlap(one, other), is, "{one} {other}");
            assert_eq!(overlap(other, one), is, "{other} {one}");
        }
    }
}

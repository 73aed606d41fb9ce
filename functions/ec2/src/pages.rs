//! Lists that come in pages.

use aws_sdk_ec2::types::Filter;

/// As many items as EC2 puts on a page of most lists.
pub(crate) const PAGE: i32 = 1_000;

/// Everything there is, page after page: half of it would be worse than nothing.
#[derive(Debug, Default)]
pub(crate) struct Pages {
    /// Of the page to ask for; the first has none.
    pub(crate) token: Option<String>,
    pub(crate) over: bool,
}

impl Pages {
    /// Goes on to the page of which the last one has told.
    pub(crate) fn turn(&mut self, next: Option<String>) -> Result<(), &'static str> {
        let next = next.filter(|token| !token.is_empty());
        if next.is_some() && next == self.token {
            return Err("EC2 gave the same page twice");
        }
        self.over = next.is_none();
        self.token = next;
        Ok(())
    }
}

/// What is listed must have this value in this field.
pub(crate) fn filter(name: &str, value: &str) -> Filter {
    Filter::builder().name(name).values(value).build()
}

/// Makes changes one after the other; one that fails does not stop the others.
macro_rules! one_by_one {
    ($cloud:ident, $place:ident, $id:ident, $changes:ident, $make:ident) => {{
        let ec2 = match $cloud.clients.at($place).await {
            Ok(ec2) => ec2,
            Err(error) => return vec![Err(error); $changes.len()],
        };
        let mut results = Vec::with_capacity($changes.len());
        for change in $changes {
            results.push(Box::pin($make(&ec2, $id, change)).await);
        }
        results
    }};
}
pub(crate) use one_by_one;

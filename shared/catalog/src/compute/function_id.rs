//! The id of a Lambda function.

use std::fmt;

use remedy::{Arn, Id, Place};

/// The name of a Lambda function, such as `orders`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FunctionName(pub String);

impl Id for FunctionName {
    const TYPE: &'static str = "AWS::Lambda::Function";

    /// A version or an alias stands for its function.
    fn locate(resource: &str) -> Option<Self> {
        let name = match Arn::parse(resource) {
            Some(arn) if arn.service == "lambda" => {
                arn.resource.strip_prefix("function:")?.split(':').next()?
            }
            Some(_) => return None,
            None => resource,
        };
        let is_part = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        let named = (1..=140).contains(&name.len()) && name.bytes().all(is_part);
        named.then(|| Self(name.to_owned()))
    }

    fn arn(&self, Place { partition, account, region }: &Place) -> String {
        format!("arn:{partition}:lambda:{region}:{account}:function:{self}")
    }

    fn link(&self, place: &Place) -> String {
        let region = &place.region;
        format!("{}/lambda/home?region={region}#/functions/{self}", place.console())
    }
}

impl fmt::Display for FunctionName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_function_is_located() {
        for own in [
            "orders_1",
            "arn:aws-cn:lambda:cn-north-1:111122223333:function:orders_1",
            "arn:aws:lambda:eu-west-1:111122223333:function:orders_1:live",
        ] {
            assert_eq!(FunctionName::locate(own), Some(FunctionName("orders_1".into())), "{own}");
        }
        for other in [
            "arn:aws:lambda:eu-west-1:111122223333:layer:orders:1",
            "arn:aws:lambda:eu-west-1:111122223333:function:",
            "arn:aws:ec2:eu-west-1:111122223333:function:orders",
            "AWS::::Account:111122223333",
            "a b",
            "",
        ] {
            assert_eq!(FunctionName::locate(other), None, "{other}");
        }
    }
}

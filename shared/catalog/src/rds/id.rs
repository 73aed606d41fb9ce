//! The names of what there is in RDS.

use remedy::{Place, quoted};

/// Makes the type of an id: `rds_id!(DbClusterId, "AWS::RDS::DBCluster", "cluster", "database:id={id}")`.
/// The third is what stands before the name in its ARN; the last is its page of the web console, where
/// `{id}` stands for the name.
macro_rules! rds_id {
    ($(#[$doc:meta])* $name:ident, $kind:literal, $word:literal, $page:literal) => {
        $(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq)]
        pub struct $name(pub String);

        impl remedy::Id for $name {
            const TYPE: &'static str = $kind;

            fn locate(resource: &str) -> Option<Self> {
                $crate::rds::id::locate($word, resource).map(Self)
            }

            fn arn(&self, place: &remedy::Place) -> String {
                let remedy::Place { partition, account, region } = place;
                format!("arn:{partition}:rds:{region}:{account}:{}:{self}", $word)
            }

            fn link(&self, place: &remedy::Place) -> String {
                let page = $crate::rds::id::page($word, $page, &self.0);
                format!("{}/rds/home?region={}#{page}", place.console(), place.region)
            }
        }

        impl std::fmt::Display for $name {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str(&self.0)
            }
        }
    };
}
pub(super) use rds_id;

/// The name in the ARN of a `word`, such as `cluster`; or the bare resource id of one.
pub(super) fn locate(word: &str, resource: &str) -> Option<String> {
    name(word, resource).or_else(|| is_resource_id(word, resource).then(|| resource.to_owned()))
}

/// Whether `name` is what RDS calls an instance or a cluster for good, such as `db-ABCDEFGHIJKLMNOPQRSTUVWXYZ`,
/// and AWS Config calls them so. It is no name that somebody gave: those are kept in lower case.
pub(super) fn is_resource_id(word: &str, name: &str) -> bool {
    let rest = name.strip_prefix(word).and_then(|rest| rest.strip_prefix('-'));
    matches!(word, "db" | "cluster")
        && rest.is_some_and(|rest| {
            (16..=64).contains(&rest.len())
                && rest.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit())
                && rest.bytes().any(|b| b.is_ascii_uppercase())
        })
}

/// The page of the web console, which shows things by their names only.
pub(super) fn page(word: &str, page: &str, name: &str) -> String {
    if is_resource_id(word, name) { "databases:".into() } else { page.replace("{id}", name) }
}

/// The name of a `word` in a command. No command takes a resource id: it is looked up by the filter `filter`
/// of `find`, which answers with a list of `kind`s.
pub(super) fn in_command(
    word: &str,
    name: &str,
    place: &Place,
    [find, filter, kind]: [&str; 3],
) -> String {
    if !is_resource_id(word, name) {
        return quoted(name);
    }
    format!(
        "\"$(aws rds {find} --region {} --filters Name={filter},Values={name} \
         --query '{kind}s[].{kind}Identifier' --output text)\"",
        place.region
    )
}

/// The name in the ARN of a `word`, such as `cluster`. What RDS and AWS Backup take by themselves has one
/// with a colon in it: `rds:web-2026-11-20-00-10`.
pub(super) fn name(word: &str, resource: &str) -> Option<String> {
    let arn = remedy::Arn::parse(resource).filter(|arn| arn.service == "rds")?;
    let name = arn.resource.strip_prefix(word)?.strip_prefix(':')?;
    let part = |part: &str| {
        !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
    };
    (name.split(':').count() <= 2 && name.split(':').all(part)).then(|| name.to_owned())
}

#[cfg(test)]
mod tests {
    use remedy::Id;

    use super::{
        super::{DbClusterId, DbInstanceId, DbSnapshotId},
        *,
    };

    #[test]
    fn only_what_is_asked_for_is_found() {
        let arn = "arn:aws-cn:rds:cn-north-1:111122223333:db:web-1";
        assert_eq!(name("db", arn).as_deref(), Some("web-1"));
        let automatic = "arn:aws:rds:eu-west-1:111122223333:snapshot:rds:web-2026-11-20-00-10";
        assert_eq!(name("snapshot", automatic).as_deref(), Some("rds:web-2026-11-20-00-10"));
        for other in [
            "web-1",
            "arn:aws:rds:eu-west-1:111122223333:cluster:web-1",
            "arn:aws:rds:eu-west-1:111122223333:db:",
            "arn:aws:rds:eu-west-1:111122223333:db::web-1",
            "arn:aws:rds:eu-west-1:111122223333:db:a:b:c",
            "arn:aws:rds:eu-west-1:111122223333:db:a b",
            "arn:aws:rds:eu-west-1:111122223333:dbs:web-1",
            "arn:aws:ec2:eu-west-1:111122223333:db:web-1",
            "",
        ] {
            assert_eq!(locate("db", other), None, "{other}");
        }
    }

    #[test]
    fn a_resource_id_names_what_it_is_of_and_nothing_else() {
        let place = Place::new("111122223333", "eu-west-1");
        let instance = "db-ABCDEFGHIJKLMNOPQRSTUVWXY2";
        let cluster = "cluster-ABCDEFGHIJKLMNOPQRSTUVWXY2";
        let found = DbInstanceId::locate(instance).unwrap();
        assert_eq!(found.0, instance);
        assert_eq!(DbInstanceId::locate(&found.arn(&place)), Some(found.clone()));
        assert!(found.is_resource_id());
        assert!(found.link(&place).ends_with("/rds/home?region=eu-west-1#databases:"));
        let found = DbClusterId::locate(cluster).unwrap();
        assert_eq!(DbClusterId::locate(&found.arn(&place)), Some(found.clone()));
        assert!(found.is_resource_id());
        assert_eq!(DbInstanceId::locate(cluster), None);
        assert_eq!(DbClusterId::locate(instance), None);
        assert_eq!(DbSnapshotId::locate("snapshot-ABCDEFGHIJKLMNOPQRSTUVWXY2"), None);
        for name in [
            "db-abcdefghijklmnopqrstuvwxy2",
            "db-01234567890123456789012345",
            "db-ABCDEFGHIJKLMNOPQRSTUVWXy2",
            "db-ABC",
            "db-ABCDEFGHIJKLM-OPQRSTUVWXY2",
            "ABCDEFGHIJKLMNOPQRSTUVWXY2",
        ] {
            assert_eq!(DbInstanceId::locate(name), None, "{name}");
            assert!(!DbInstanceId(name.into()).is_resource_id(), "{name}");
        }
    }

    #[test]
    fn commands_find_the_name_by_the_resource_id() {
        let place = Place::new("111122223333", "eu-west-1");
        assert_eq!(DbInstanceId("web".into()).in_command(&place), "web");
        assert_eq!(
            DbInstanceId("db-ABCDEFGHIJKLMNOPQRSTUVWXY2".into()).in_command(&place),
            "\"$(aws rds describe-db-instances --region eu-west-1 \
             --filters Name=dbi-resource-id,Values=db-ABCDEFGHIJKLMNOPQRSTUVWXY2 \
             --query 'DBInstances[].DBInstanceIdentifier' --output text)\""
        );
        assert_eq!(
            DbClusterId("cluster-ABCDEFGHIJKLMNOPQRSTUVWXY2".into()).in_command(&place),
            "\"$(aws rds describe-db-clusters --region eu-west-1 \
             --filters Name=db-cluster-resource-id,Values=cluster-ABCDEFGHIJKLMNOPQRSTUVWXY2 \
             --query 'DBClusters[].DBClusterIdentifier' --output text)\""
        );
    }
}

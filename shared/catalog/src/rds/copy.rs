//! The AWS CLI's commands that make an encrypted copy of what is not encrypted.

use remedy::{Case, quoted};

use super::{DbClusterId, DbInstanceId};

/// Of a database instance.
pub(super) fn instance(id: &DbInstanceId, case: &Case<'_>) -> Vec<String> {
    let region = &case.signal.place.region;
    let word = |ending: &str| quoted(&format!("{id}-{ending}"));
    let (plain, encrypted) = (word("plain"), word("encrypted"));
    vec![
        format!(
            "aws rds create-db-snapshot --region {region} --db-instance-identifier {} \
             --db-snapshot-identifier {plain}",
            id.in_command(&case.signal.place)
        ),
        format!(
            "aws rds wait db-snapshot-available --region {region} \
 --db-snapshot-identifier {plain}"
        ),
        format!(
            "aws rds copy-db-snapshot --region {region} --source-db-snapshot-identifier {plain} \
             --target-db-snapshot-identifier {encrypted} --kms-key-id alias/aws/rds"
        ),
        format!(
            "aws rds wait db-snapshot-available --region {region} \
 --db-snapshot-identifier {encrypted}"
        ),
        format!(
            "aws rds restore-db-instance-from-db-snapshot --region {region} \
             --db-snapshot-identifier {encrypted} --db-instance-identifier {encrypted}"
        ),
    ]
}

/// Of a cluster; members are added to it then.
pub(super) fn cluster(id: &DbClusterId, engine: &str, case: &Case<'_>) -> Vec<String> {
    let region = &case.signal.place.region;
    let word = |ending: &str| quoted(&format!("{id}-{ending}"));
    let (plain, encrypted) = (word("plain"), word("encrypted"));
    vec![
        format!(
            "aws rds create-db-cluster-snapshot --region {region} --db-cluster-identifier {} \
             --db-cluster-snapshot-identifier {plain}",
            id.in_command(&case.signal.place)
        ),
        format!(
            "aws rds wait db-cluster-snapshot-available --region {region} \
             --db-cluster-snapshot-identifier {plain}"
        ),
        format!(
            "aws rds restore-db-cluster-from-snapshot --region {region} \
 --snapshot-identifier {plain} \
             --db-cluster-identifier {encrypted} --engine {} --kms-key-id alias/aws/rds",
            quoted(engine)
        ),
        format!(
            "aws rds create-db-instance --region {region} --db-cluster-identifier {encrypted} \
             --db-instance-identifier {} --engine {} --db-instance-class CLASS",
            word("encrypted-1"),
            quoted(engine)
        ),
    ]
}

//! What the list needs of IAM, as AWS's service authorization reference has it.
//!
//! Lists of lists, and lists that are not there yet, are no resources to IAM: hence `*`. What a list is
//! made with must be the opt-in tag then, and whatever changes a list wants that tag on it.

use remedy::Action;

/// The stack's bucket, which holds nothing but the list.
const OBJECTS: &str = "arn:${AWS::Partition}:s3:::${ThreatListBucket}/*";
const BUCKET: &str = "arn:${AWS::Partition}:s3:::${ThreatListBucket}";
const TRUSTED_OBJECT: &str = "arn:${AWS::Partition}:s3:::${TrustedListObject}";

/// Detectors, and all that belongs to them.
const DETECTORS: &str =
    "arn:${AWS::Partition}:guardduty:${AWS::Region}:${AWS::AccountId}:detector/*";
const ENTITY_SETS: &str =
    "arn:${AWS::Partition}:guardduty:${AWS::Region}:${AWS::AccountId}:detector/*/threatentityset/*";
const INTEL_SETS: &str =
    "arn:${AWS::Partition}:guardduty:${AWS::Region}:${AWS::AccountId}:detector/*/threatintelset/*";
const IP_SETS: &str =
    "arn:${AWS::Partition}:guardduty:${AWS::Region}:${AWS::AccountId}:detector/*/ipset/*";
const TRUSTED_SETS: &str = "arn:${AWS::Partition}:guardduty:${AWS::Region}:${AWS::AccountId}:detector/*/trustedentityset/*";

/// The role by which GuardDuty reads lists of addresses. Whoever activates one must be allowed to let it
/// read the object.
const GUARDDUTYS_ROLE: &str = "arn:${AWS::Partition}:iam::${AWS::AccountId}:role/aws-service-role/\
     guardduty.amazonaws.com/AWSServiceRoleForAmazonGuardDuty";

/// The kinds of list, as conditions of the template: a role gets what its own kind needs.
const ENTITIES: &str = "ListsEntities";
const ADDRESSES: &str = "ListsAddresses";
/// There are lists of trusted addresses that must be read.
const TRUSTS: &str = "ReadsTrustedList";

/// Our own addresses, to be known wherever an attack was seen.
const OWN_ADDRESSES: [Action; 2] =
    [Action::on("*", "ec2:DescribeAddresses"), Action::on("*", "ec2:DescribeNetworkInterfaces")];

/// What must not be on the list: read for who lists somebody.
pub(super) const GUARDS: &[Action] = &[
    OWN_ADDRESSES[0],
    OWN_ADDRESSES[1],
    Action::on("*", "guardduty:ListIPSets"),
    Action::on(IP_SETS, "guardduty:GetIPSet"),
    Action::on("*", "guardduty:ListTrustedEntitySets"),
    Action::on(TRUSTED_SETS, "guardduty:GetTrustedEntitySet"),
    Action::on(TRUSTED_OBJECT, "s3:GetObject").when(TRUSTS),
];

/// What reading the list needs.
pub(super) const READS: &[Action] = &[
    Action::on("*", "guardduty:ListDetectors"),
    Action::on("*", "guardduty:ListThreatEntitySets").when(ENTITIES),
    Action::on(ENTITY_SETS, "guardduty:GetThreatEntitySet").when(ENTITIES),
    Action::on("*", "guardduty:ListThreatIntelSets").when(ADDRESSES),
    Action::on(INTEL_SETS, "guardduty:GetThreatIntelSet").when(ADDRESSES),
    Action::on(OBJECTS, "s3:GetObject"),
    // Without it a missing object is "access denied".
    Action::on(BUCKET, "s3:ListBucket"),
];

/// What of that is needed in the accounts where attacks are seen.
pub(super) const READS_ELSEWHERE: &[Action] = &OWN_ADDRESSES;

/// What changing the list needs.
pub(super) const WRITES: &[Action] = &[
    Action::on(OBJECTS, "s3:PutObject"),
    Action::on("*", "guardduty:CreateThreatEntitySet").tagging().when(ENTITIES),
    Action::on(ENTITY_SETS, "guardduty:UpdateThreatEntitySet").tagged().when(ENTITIES),
    Action::on("*", "guardduty:CreateThreatIntelSet").tagging().when(ADDRESSES),
    Action::on(INTEL_SETS, "guardduty:UpdateThreatIntelSet").tagged().when(ADDRESSES),
    Action::on(GUARDDUTYS_ROLE, "iam:DeleteRolePolicy").when(ADDRESSES),
    Action::on(GUARDDUTYS_ROLE, "iam:PutRolePolicy").when(ADDRESSES),
    // Part of making a list with a tag. What IAM is asked about then has no id yet, and AWS does not say
    // what else stands there.
    Action::on(DETECTORS, "guardduty:TagResource").tagging(),
];

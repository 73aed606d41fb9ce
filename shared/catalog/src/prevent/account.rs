//! Of accounts, identities, logs, buckets and keys.

use super::{Row, config, declared, iac, rcp, scp, setting};

pub(super) const TABLE: &[Row] = &[
    (
        "audit/deliver_trail",
        iac(
            "In CI, cfn-guard rule CLOUD_TRAIL_CLOUD_WATCH_LOGS_ENABLED; better, one trail of the organisation that delivers to CloudWatch Logs for all accounts.",
        ),
    ),
    (
        "audit/enable_alarm",
        iac(
            "In CI, Checkov CKV_AWS_319; and deny cloudwatch:DisableAlarmActions to all but the operators.",
        ),
    ),
    (
        "audit/encrypt_event_store",
        iac(
            "Create event data stores from one template only that sets KmsKeyId of AWS::CloudTrail::EventDataStore: the key cannot be changed afterwards.",
        ),
    ),
    (
        "audit/encrypt_trail",
        iac("In CI, Checkov CKV_AWS_35 or cfn-guard rule CLOUD_TRAIL_ENCRYPTION_ENABLED."),
    ),
    (
        "audit/keep_logs",
        iac(
            "In CI, Checkov CKV_AWS_338 (a year) or CKV_AWS_66 (any); and deny logs:DeleteRetentionPolicy and logs:PutRetentionPolicy to all but the deployment role.",
        ),
    ),
    (
        "audit/notify_by_alarm",
        iac(
            "Check in CI that every AWS::CloudWatch::Alarm of a template has AlarmActions, and take its topic from one shared parameter.",
        ),
    ),
    (
        "audit/record_calls",
        scp(
            "Record by a trail of the organisation, and deny cloudtrail:StopLogging, DeleteTrail, UpdateTrail and PutEventSelectors by SCP to all but the audit role.",
        ),
    ),
    (
        "audit/start_recorder",
        scp(
            "Deny config:StopConfigurationRecorder, DeleteConfigurationRecorder and DeleteDeliveryChannel by SCP; start the recorder by a StackSet with automatic deployment.",
        ),
    ),
    (
        "audit/validate_trail",
        iac("In CI, Checkov CKV_AWS_36 or cfn-guard rule CLOUD_TRAIL_LOG_FILE_VALIDATION_ENABLED."),
    ),
    (
        "audit/watch_account",
        setting(
            "Roll out the metric filters and alarms to every account by a StackSet with automatic deployment, or watch the trail of the organisation in one account.",
        ),
    ),
    (
        "detect/enable_discovery",
        setting(
            "Let the Macie administrator of the organisation turn on automated discovery for new members (autoEnableOrganizationMembers NEW or ALL).",
        ),
    ),
    (
        "detect/enable_guard_duty",
        scp(
            "Enable new members by AutoEnableOrganizationMembers=ALL, and deny guardduty:DeleteDetector, UpdateDetector and DisassociateFromAdministratorAccount by SCP.",
        ),
    ),
    (
        "detect/enable_macie",
        scp(
            "Enable new members by AutoEnable of the Macie administrator, and deny macie2:DisableMacie and macie2:DisassociateFromAdministratorAccount by SCP.",
        ),
    ),
    (
        "detect/enable_protection",
        setting(
            "Set AutoEnable=ALL for each feature by guardduty:UpdateOrganizationConfiguration in the organisation's administrator account, in every Region.",
        ),
    ),
    (
        "detect/enable_scanning",
        setting(
            "Set AutoEnable of EC2, ECR, Lambda and Lambda code for the organisation by inspector2:UpdateOrganizationConfiguration, and deny inspector2:Disable to members.",
        ),
    ),
    (
        "detect/tag_detector_part",
        scp(
            "Require tags when parts are made: deny guardduty:CreateFilter, CreateIPSet and CreateDetector by SCP while aws:RequestTag/owner is null.",
        ),
    ),
    (
        "guardduty/list_attackers",
        config(
            "There is no way to keep attackers away; shrink what they can reach by Config rule vpc-sg-open-only-to-authorized-ports and by AWS WAF or Network Firewall in front of it.",
        ),
    ),
    (
        "iam/contain_user",
        scp(
            "Do without keys that can leak: deny iam:CreateAccessKey and iam:CreateUser by SCP, and let people in by IAM Identity Center and machines by roles.",
        ),
    ),
    (
        "iam/create_support_role",
        setting(
            "Put the role with AWSSupportAccess into the StackSet that every account of the organisation begins with.",
        ),
    ),
    (
        "iam/deactivate_old_keys",
        scp(
            "Deny iam:CreateAccessKey by SCP to all but the role that rotates keys; give workloads roles, or IAM Roles Anywhere outside of AWS.",
        ),
    ),
    (
        "iam/deactivate_unused_credentials",
        scp(
            "Deny iam:CreateLoginProfile and iam:CreateUser by SCP, so that credentials end with the session in IAM Identity Center.",
        ),
    ),
    (
        "iam/delete_expired_certificate",
        scp(
            "Deny iam:UploadServerCertificate by SCP: certificates of ACM are renewed by themselves.",
        ),
    ),
    (
        "iam/enable_user_mfa",
        scp(
            "Deny everything but enrolling while aws:MultiFactorAuthPresent is false by SCP or policy of the group; better, require MFA in IAM Identity Center and do without users.",
        ),
    ),
    (
        "iam/move_user_policies",
        scp(
            "Deny iam:AttachUserPolicy and iam:PutUserPolicy by SCP; in CI, cfn-guard rule IAM_USER_NO_POLICIES_CHECK or Checkov CKV_AWS_40.",
        ),
    ),
    (
        "iam/narrow_policy",
        iac(
            "In CI, Checkov CKV_AWS_62, CKV_AWS_63 and CKV_AWS_355, or cfn-guard rule IAM_POLICY_NO_STATEMENTS_WITH_ADMIN_ACCESS; and access-analyzer:CheckNoNewAccess on pull requests.",
        ),
    ),
    (
        "iam/revoke_role_cloudshell",
        scp(
            "Deny iam:AttachRolePolicy by SCP where iam:PolicyARN is arn:aws:iam::aws:policy/AWSCloudShellFullAccess.",
        ),
    ),
    (
        "iam/revoke_user_cloudshell",
        scp(
            "Deny iam:AttachUserPolicy and AttachGroupPolicy by SCP where iam:PolicyARN is arn:aws:iam::aws:policy/AWSCloudShellFullAccess.",
        ),
    ),
    (
        "iam/secure_root_user",
        scp(
            "Delete the root credentials of members by centralised root access of the organisation, and deny all by SCP where aws:PrincipalArn is like arn:aws:iam::*:root.",
        ),
    ),
    (
        "iam/set_password_policy",
        scp(
            "Set the policy by a StackSet in every account, and deny iam:UpdateAccountPasswordPolicy and DeleteAccountPasswordPolicy by SCP to all but its role.",
        ),
    ),
    (
        "s3/abort_stale_uploads",
        iac(
            "In CI, Checkov CKV_AWS_300; or make buckets from one module whose lifecycle has AbortIncompleteMultipartUpload.",
        ),
    ),
    (
        "s3/block_account_access",
        declared(
            "Attach an S3 policy of the organisation with public_access_block_configuration \"all\": members cannot turn it off.",
        ),
    ),
    (
        "s3/block_public_access",
        scp(
            "Block public access at the level of the account, and deny s3:PutBucketPublicAccessBlock and s3:PutAccountPublicAccessBlock by SCP to all but the security role.",
        ),
    ),
    (
        "s3/close_access_point",
        scp("Deny s3:CreateAccessPoint by SCP unless s3:AccessPointNetworkOrigin is VPC."),
    ),
    (
        "s3/deliver_events",
        iac(
            "Make buckets from one template whose NotificationConfiguration has EventBridgeConfiguration.",
        ),
    ),
    (
        "s3/deny_foreign_admin",
        rcp(
            "Deny s3:PutBucketPolicy, DeleteBucketPolicy, PutBucketAcl and PutEncryptionConfiguration by RCP where aws:PrincipalOrgID is not the organisation's.",
        ),
    ),
    (
        "s3/disable_acls",
        scp(
            "Deny s3:CreateBucket by SCP unless s3:x-amz-object-ownership is BucketOwnerEnforced, and deny s3:PutBucketOwnershipControls.",
        ),
    ),
    (
        "s3/encrypt_by_default",
        iac(
            "S3 encrypts new buckets by itself; in CI, Checkov CKV_AWS_19 or cfn-guard rule S3_BUCKET_SERVER_SIDE_ENCRYPTION_ENABLED for what templates say otherwise.",
        ),
    ),
    (
        "s3/encrypt_with_kms",
        iac("In CI, Checkov CKV_AWS_145 or cfn-guard rule S3_DEFAULT_ENCRYPTION_KMS."),
    ),
    (
        "s3/keep_versions",
        iac(
            "In CI, Checkov CKV_AWS_21 or cfn-guard rule S3_BUCKET_VERSIONING_ENABLED; and deny s3:PutBucketVersioning to all but the deployment role.",
        ),
    ),
    (
        "s3/lock_objects",
        iac(
            "In CI, cfn-guard rule S3_BUCKET_DEFAULT_LOCK_ENABLED for buckets that hold evidence or backups.",
        ),
    ),
    (
        "s3/log_access",
        iac(
            "In CI, Checkov CKV_AWS_18 or cfn-guard rule S3_BUCKET_LOGGING_ENABLED; or record data events of S3 by the trail of the organisation.",
        ),
    ),
    (
        "s3/refuse_plain_http",
        rcp(
            "Deny s3:* by RCP where aws:SecureTransport is false: it holds for all buckets of the organisation at once.",
        ),
    ),
    (
        "s3/replicate_elsewhere",
        iac(
            "In CI, Checkov CKV_AWS_144 or cfn-guard rule S3_BUCKET_REPLICATION_ENABLED for buckets whose loss would hurt.",
        ),
    ),
    (
        "s3/require_mfa_delete",
        scp(
            "Deny s3:DeleteObjectVersion and s3:PutBucketVersioning by SCP while aws:MultiFactorAuthPresent is false, or use Object Lock: MFA delete takes the root user.",
        ),
    ),
    (
        "secrets/block_document_sharing",
        scp(
            "Set /ssm/documents/console/public-sharing-permission to Disable in every Region by a StackSet, and deny ssm:UpdateServiceSetting by SCP.",
        ),
    ),
    (
        "secrets/close_key_policy",
        rcp(
            "Deny kms:* by RCP where aws:PrincipalOrgID is not the organisation's and the caller is no service; in CI, Checkov CKV_AWS_33.",
        ),
    ),
    (
        "secrets/delete_unused_secret",
        config(
            "Run Config rule secretsmanager-secret-unused in all accounts, and delete secrets together with the stack that made them.",
        ),
    ),
    (
        "secrets/keep_key",
        scp(
            "Deny kms:ScheduleKeyDeletion by SCP to all but the key administrators, and with kms:ScheduleKeyDeletionPendingWindowInDays below 30 to all.",
        ),
    ),
    (
        "secrets/log_automation",
        scp(
            "Set /ssm/automation/customer-script-log-destination to CloudWatch in every Region by a StackSet, and deny ssm:ResetServiceSetting by SCP.",
        ),
    ),
    (
        "secrets/manage_instance",
        setting(
            "Turn on Default Host Management Configuration for the organisation in Systems Manager Quick Setup: instances need no profile of their own.",
        ),
    ),
    (
        "secrets/mend_rotation",
        config(
            "Run Config rule secretsmanager-scheduled-rotation-success-check in all accounts, and alarm on errors of the functions that rotate.",
        ),
    ),
    (
        "secrets/rotate_key",
        iac(
            "In CI, Checkov CKV_AWS_7; and deny kms:DisableKeyRotation to all but the key administrators.",
        ),
    ),
    (
        "secrets/rotate_secret",
        iac(
            "In CI, Checkov CKV2_AWS_57; better, secrets that services manage themselves, such as ManageMasterUserPassword of RDS.",
        ),
    ),
    ("secrets/shorten_rotation", iac("In CI, Checkov CKV_AWS_304: rotation within 90 days.")),
    (
        "secrets/unshare_document",
        scp(
            "Deny ssm:ModifyDocumentPermission by SCP to all but the role that publishes documents.",
        ),
    ),
    (
        "sweep/activate_list",
        scp(
            "Deny guardduty:UpdateThreatIntelSet, DeleteThreatIntelSet and writes to the list's object by SCP to all but Kintsugi's role.",
        ),
    ),
    (
        "sweep/adopt_edits",
        scp(
            "Deny s3:PutObject on the list's object by SCP to all but Kintsugi's role, and change the list by kintsugi list add and remove.",
        ),
    ),
    (
        "sweep/expire_addresses",
        setting(
            "Nothing is wrong here: addresses leave the list after ListDays days, which is a parameter of the stack in the administrator account.",
        ),
    ),
];

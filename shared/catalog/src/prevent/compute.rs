//! Of networks, instances, containers, functions and builds.

use super::{Row, config, declared, iac, scp, setting};

pub(super) const TABLE: &[Row] = &[
    (
        "compute/close_endpoint",
        iac("In CI, Checkov CKV_AWS_39 or cfn-guard rule EKS_ENDPOINT_NO_PUBLIC_ACCESS."),
    ),
    (
        "compute/close_function",
        scp(
            "Deny lambda:AddPermission by SCP where lambda:Principal is *, and lambda:CreateFunctionUrlConfig where lambda:FunctionUrlAuthType is NONE.",
        ),
    ),
    (
        "compute/drop_build_privileges",
        iac(
            "In CI, Checkov CKV_AWS_316; where it is for building images only, BuildKit does that without.",
        ),
    ),
    (
        "compute/drop_container_privileges",
        iac("In CI, Checkov CKV_AWS_334; Fargate does not take privileged containers at all."),
    ),
    (
        "compute/drop_root_user",
        iac(
            "Set USER in the image, and check in CI that every container of a template's AWS::ECS::TaskDefinition has a User other than root.",
        ),
    ),
    (
        "compute/encrypt_build_logs",
        iac("In CI, Checkov CKV_AWS_311: no EncryptionDisabled in the S3 logs of a project."),
    ),
    (
        "compute/encrypt_file_mounts",
        iac("In CI, Checkov CKV_AWS_97: TransitEncryption of EFS volumes is ENABLED."),
    ),
    (
        "compute/encrypt_kubernetes_secrets",
        iac("In CI, Checkov CKV_AWS_58 or cfn-guard rule EKS_CLUSTER_ENCRYPTION_RULE."),
    ),
    (
        "compute/encrypt_reports",
        iac(
            "Check in CI that no AWS::CodeBuild::ReportGroup of a template sets EncryptionDisabled.",
        ),
    ),
    (
        "compute/expire_images",
        setting(
            "Put a lifecycle policy into a repository creation template of the registry, which new repositories begin with, and into the module that makes others.",
        ),
    ),
    ("compute/fix_image_tags", iac("In CI, Checkov CKV_AWS_51; and deploy images by digest.")),
    (
        "compute/hide_build_secrets",
        iac(
            "Check in CI that no template sets AWS_ACCESS_KEY_ID or AWS_SECRET_ACCESS_KEY as PLAINTEXT: the service role of the project gives credentials.",
        ),
    ),
    (
        "compute/hide_container_secrets",
        iac(
            "Scan templates for secrets in CI (Checkov CKV_SECRET_2), and pass them by Secrets of the container definition, from Secrets Manager.",
        ),
    ),
    (
        "compute/hide_service",
        iac(
            "In CI, Checkov CKV_AWS_333: AssignPublicIp is DISABLED; and give the subnets VPC endpoints for ECR and logs.",
        ),
    ),
    (
        "compute/hide_source_credentials",
        iac(
            "Connect sources by CodeConnections, and scan templates in CI for addresses with a user or a token before the @.",
        ),
    ),
    (
        "compute/leave_host_network",
        iac(
            "In CI, cfn-guard rule ECS_TASK_DEFINITION_USER_FOR_HOST_MODE_CHECK; use network mode awsvpc, which Fargate wants anyway.",
        ),
    ),
    ("compute/leave_host_processes", iac("In CI, Checkov CKV_AWS_335: PidMode is not host.")),
    (
        "compute/log_builds",
        iac("In CI, Checkov CKV_AWS_314: a project logs to CloudWatch Logs or S3."),
    ),
    (
        "compute/log_cluster",
        iac("In CI, Checkov CKV_AWS_37: all types of control plane logs are on."),
    ),
    (
        "compute/log_containers",
        iac(
            "Check in CI that every container of a template's AWS::ECS::TaskDefinition has a LogConfiguration.",
        ),
    ),
    ("compute/log_state_machine", iac("In CI, Checkov CKV_AWS_285: execution history is logged.")),
    (
        "compute/mount_root_read_only",
        iac(
            "In CI, Checkov CKV_AWS_336: ReadonlyRootFilesystem is true, and volumes are mounted for what is written.",
        ),
    ),
    (
        "compute/move_function_into_vpc",
        scp(
            "Deny lambda:CreateFunction and lambda:UpdateFunctionConfiguration by SCP while lambda:VpcIds is null, in the accounts where functions belong into a VPC.",
        ),
    ),
    (
        "compute/notify_of_stack",
        iac(
            "In CI, Checkov CKV_AWS_124; or let EventBridge tell of all stacks by one rule on CloudFormation Stack Status Change.",
        ),
    ),
    (
        "compute/protect_stack",
        scp(
            "Deny cloudformation:UpdateTerminationProtection by SCP to all but the deployment role, which creates every stack with termination protection.",
        ),
    ),
    (
        "compute/renew_kubernetes",
        iac(
            "In CI, Checkov CKV_AWS_339, with a plan for an upgrade every quarter; and set UpgradePolicy STANDARD, so that a cluster is not left on extended support.",
        ),
    ),
    (
        "compute/renew_platform",
        iac("In CI, Checkov CKV_AWS_332: PlatformVersion is LATEST or is left out."),
    ),
    (
        "compute/renew_runtime",
        iac(
            "In CI, Checkov CKV_AWS_363, and a weekly search for runtimes with less than half a year to live.",
        ),
    ),
    (
        "compute/scan_images",
        setting(
            "Turn on enhanced or basic scanning on push for all repositories of the registry by ecr:PutRegistryScanningConfiguration.",
        ),
    ),
    (
        "compute/trace_function",
        iac("In CI, Checkov CKV_AWS_50; with SAM, Tracing: Active under Globals."),
    ),
    (
        "compute/watch_cluster",
        setting(
            "Set the account's default for new clusters: aws ecs put-account-setting-default --name containerInsights --value enhanced.",
        ),
    ),
    (
        "ec2/ask_before_attaching",
        iac("In CI, Checkov CKV_AWS_331: AutoAcceptSharedAttachments is disable."),
    ),
    (
        "ec2/block_internet_gateways",
        declared(
            "Attach a declarative policy with vpc_block_public_access, internet_gateway_block mode block_ingress, and exclusions allowed where they are meant.",
        ),
    ),
    (
        "ec2/block_snapshot_sharing",
        declared(
            "Attach a declarative policy with snapshot_block_public_access state block_all_sharing.",
        ),
    ),
    (
        "ec2/check_interface_traffic",
        scp(
            "Deny ec2:ModifyNetworkInterfaceAttribute and ec2:ModifyInstanceAttribute with ec2:Attribute SourceDestCheck by SCP to all but the network role.",
        ),
    ),
    (
        "ec2/close_network_acl",
        scp(
            "Deny ec2:CreateNetworkAclEntry and ec2:ReplaceNetworkAclEntry by SCP to all but the network role.",
        ),
    ),
    (
        "ec2/close_world_ingress",
        scp(
            "Deny ec2:AuthorizeSecurityGroupIngress by SCP to all but the network role; in CI, cfn-guard rule INCOMING_SSH_DISABLED and Checkov CKV_AWS_24 and CKV_AWS_25; and log in by Session Manager.",
        ),
    ),
    (
        "ec2/empty_default_group",
        iac(
            "In CI, Checkov CKV2_AWS_12; and make VPCs by the network account only, shared by AWS RAM, with the default group emptied.",
        ),
    ),
    (
        "ec2/encrypt_volumes_by_default",
        setting(
            "Turn on encryption by default in every Region of every account by a StackSet, and deny ec2:DisableEbsEncryptionByDefault to all.",
        ),
    ),
    (
        "ec2/hide_snapshots",
        scp(
            "Deny ec2:ModifySnapshotAttribute by SCP to all but the role that copies backups; block public sharing by a declarative policy, too.",
        ),
    ),
    (
        "ec2/launch_encrypted",
        scp(
            "Deny ec2:RunInstances on volumes by SCP where ec2:Encrypted is false; with encryption by default there is nothing left to deny.",
        ),
    ),
    (
        "ec2/launch_privately",
        iac("In CI, Checkov CKV_AWS_88: AssociatePublicIpAddress of a launch template is false."),
    ),
    (
        "ec2/launch_with_metadata_tokens",
        declared(
            "Attach a declarative policy with instance_metadata_defaults http_tokens required; in CI, Checkov CKV_AWS_79 for templates that say otherwise.",
        ),
    ),
    (
        "ec2/launch_without_public_addresses",
        iac("In CI, Checkov CKV_AWS_130 or cfn-guard rule SUBNET_AUTO_ASSIGN_PUBLIC_IP_DISABLED."),
    ),
    (
        "ec2/limit_world_ingress",
        iac(
            "In CI, cfn-guard rules VPC_SG_OPEN_ONLY_TO_AUTHORIZED_PORTS and EC2_SECURITY_GROUP_INGRESS_OPEN_TO_WORLD_RULE; and let Firewall Manager audit groups in all accounts.",
        ),
    ),
    (
        "ec2/log_vpc_traffic",
        iac(
            "In CI, Checkov CKV2_AWS_11; and make VPCs by one module that has its flow log with it.",
        ),
    ),
    (
        "ec2/require_metadata_tokens",
        scp(
            "Deny ec2:RunInstances by SCP unless ec2:MetadataHttpTokens is required, and ec2:ModifyInstanceMetadataOptions to all but the operators.",
        ),
    ),
    (
        "ec2/review_client_vpn",
        iac(
            "Check in CI that ConnectionLogOptions of every template's AWS::EC2::ClientVpnEndpoint is enabled.",
        ),
    ),
    (
        "ec2/review_missing_endpoint",
        iac(
            "Make VPCs by one template that has the endpoints of the controls with it, or share central ones from the network account.",
        ),
    ),
    (
        "ec2/review_plain_volume",
        scp(
            "Deny ec2:CreateVolume by SCP where ec2:Encrypted is false; in CI, cfn-guard rule ENCRYPTED_VOLUMES or Checkov CKV_AWS_3.",
        ),
    ),
    (
        "ec2/review_public_instance",
        scp(
            "Deny ec2:RunInstances on network interfaces by SCP where ec2:AssociatePublicIpAddress is true, outside of the accounts that face the internet.",
        ),
    ),
    (
        "ec2/review_stopped_instance",
        config(
            "Run Config rule ec2-stopped-instance in all accounts, and stop test machines by Instance Scheduler with an end date in a tag.",
        ),
    ),
    (
        "ec2/review_unused_address",
        config(
            "Run Config rule eip-attached in all accounts, and let the stack that needs an address allocate it, so that both go together.",
        ),
    ),
    (
        "ec2/review_unused_network_acl",
        config(
            "Run Config rule vpc-network-acl-unused-check in all accounts, and let one module make VPC, subnets and ACLs together.",
        ),
    ),
];

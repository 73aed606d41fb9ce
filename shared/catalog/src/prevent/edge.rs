//! Of load balancers, distributions, APIs, groups of instances, queues and topics.

use super::{Row, iac, rcp, scp, setting};

pub(super) const TABLE: &[Row] = &[
    (
        "edge/associate_balancer_acl",
        setting(
            "Let a Firewall Manager policy of the organisation associate a web ACL with every Application Load Balancer; in CI, Checkov CKV2_AWS_28.",
        ),
    ),
    (
        "edge/associate_distribution_acl",
        iac("In CI, Checkov CKV_AWS_68; or a Firewall Manager policy for CloudFront."),
    ),
    (
        "edge/associate_stage_acl",
        iac("In CI, Checkov CKV2_AWS_29; or a Firewall Manager policy for stages of API Gateway."),
    ),
    (
        "edge/authorize_route",
        iac(
            "In CI, Checkov CKV_AWS_309, and cfn-guard rule API_GW_METHOD_AUTHORIZATION_TYPE_RULE for REST APIs.",
        ),
    ),
    (
        "edge/certify_distribution",
        iac(
            "In CI, Checkov CKV_AWS_174: ViewerCertificate names a certificate of ACM and MinimumProtocolVersion TLSv1.2_2021.",
        ),
    ),
    (
        "edge/certify_stage",
        iac("In CI, Checkov CKV2_AWS_51: a stage names its client certificate."),
    ),
    ("edge/check_health", iac("In CI, cfn-guard rule AUTOSCALING_GROUP_ELB_HEALTHCHECK_REQUIRED.")),
    (
        "edge/check_origins",
        iac(
            "Let one template make the distribution, its bucket and its records, with DeletionPolicy Retain on the bucket, so that no name is left behind for others.",
        ),
    ),
    (
        "edge/drop_invalid_headers",
        iac("In CI, Checkov CKV_AWS_131: routing.http.drop_invalid_header_fields.enabled is true."),
    ),
    (
        "edge/encrypt_cache",
        iac("In CI, Checkov CKV_AWS_308 or cfn-guard rule API_GW_CACHE_ENABLED_AND_ENCRYPTED."),
    ),
    (
        "edge/encrypt_listener",
        scp(
            "Deny elasticloadbalancing:CreateListener and ModifyListener by SCP unless elasticloadbalancing:ListenerProtocol is HTTPS or TLS, where no redirect from HTTP is wanted.",
        ),
    ),
    (
        "edge/encrypt_origins",
        iac(
            "Check in CI that OriginProtocolPolicy of a template's distribution is https-only and OriginSSLProtocols has no SSLv3 or TLSv1.",
        ),
    ),
    (
        "edge/encrypt_viewers",
        iac("In CI, Checkov CKV_AWS_34: ViewerProtocolPolicy is redirect-to-https or https-only."),
    ),
    (
        "edge/hide_instances",
        iac(
            "In CI, cfn-guard rule AUTOSCALING_LAUNCH_CONFIG_PUBLIC_IP_DISABLED, until launch configurations are gone.",
        ),
    ),
    (
        "edge/limit_hops",
        iac("In CI, Checkov CKV_AWS_341: a launch template's HttpPutResponseHopLimit is 1."),
    ),
    (
        "edge/log_accesses",
        iac("In CI, Checkov CKV_AWS_95: AccessLogSettings of an AWS::ApiGatewayV2::Stage are set."),
    ),
    ("edge/log_balancer", iac("In CI, Checkov CKV_AWS_91: access_logs.s3.enabled is true.")),
    (
        "edge/log_distribution",
        iac("In CI, Checkov CKV_AWS_86, or a delivery of standard logs (v2) in the same template."),
    ),
    (
        "edge/log_executions",
        iac(
            "In CI, cfn-guard rule API_GW_EXECUTION_LOGGING_ENABLED; and set the account's CloudWatch role by a StackSet.",
        ),
    ),
    (
        "edge/log_messages",
        iac(
            "Check in CI that DefaultRouteSettings of a WebSocket stage in a template have LoggingLevel ERROR or INFO.",
        ),
    ),
    (
        "edge/mitigate_desync",
        iac(
            "In CI, Checkov CKV_AWS_328: routing.http.desync_mitigation_mode is defensive or strictest.",
        ),
    ),
    (
        "edge/protect_balancer",
        iac("In CI, Checkov CKV_AWS_150 or cfn-guard rule ELB_DELETION_PROTECTION_ENABLED."),
    ),
    (
        "edge/redirect_http",
        iac("In CI, Checkov CKV_AWS_2: a listener of HTTP does nothing but redirect to HTTPS."),
    ),
    (
        "edge/require_tokens",
        scp(
            "Deny autoscaling:CreateLaunchConfiguration by SCP: launch templates take the account's default of IMDSv2.",
        ),
    ),
    ("edge/set_root_object", iac("In CI, Checkov CKV_AWS_305: DefaultRootObject is set.")),
    (
        "edge/share_origins",
        iac("In CI, Checkov CKV_AWS_310: an origin group with a second origin."),
    ),
    (
        "edge/spread_balancer",
        iac(
            "Take the subnets of balancers in templates from the VPC's module, which gives one of each of at least two Availability Zones.",
        ),
    ),
    (
        "edge/spread_group",
        iac(
            "Take VPCZoneIdentifier of groups in templates from the VPC's module, which gives subnets of at least two Availability Zones.",
        ),
    ),
    (
        "edge/strengthen_listener",
        scp(
            "Deny elasticloadbalancing:CreateListener and ModifyListener by SCP unless elasticloadbalancing:SecurityPolicy is like ELBSecurityPolicy-TLS13-*; in CI, Checkov CKV_AWS_103.",
        ),
    ),
    ("edge/trace_stage", iac("In CI, Checkov CKV_AWS_73: TracingEnabled is true.")),
    (
        "edge/use_launch_template",
        scp(
            "Deny autoscaling:CreateAutoScalingGroup and UpdateAutoScalingGroup by SCP with autoscaling:LaunchConfigurationName set; in CI, Checkov CKV_AWS_315.",
        ),
    ),
    (
        "edge/use_server_names",
        iac(
            "Check in CI that SslSupportMethod of every template's distribution is sni-only: vip costs 600 USD a month.",
        ),
    ),
    (
        "edge/vary_instances",
        iac(
            "Make groups from one template with MixedInstancesPolicy and several types of instances in several Availability Zones.",
        ),
    ),
    (
        "messages/close_queue_policy",
        rcp(
            "Deny sqs:* by RCP where aws:PrincipalOrgID is not the organisation's and the caller is no service; in CI, Checkov CKV_AWS_168.",
        ),
    ),
    (
        "messages/close_topic_policy",
        scp(
            "Deny sns:AddPermission and sns:SetTopicAttributes by SCP to all but the deployment role; in CI, Checkov CKV_AWS_169.",
        ),
    ),
    (
        "messages/encrypt_queue",
        iac(
            "In CI, Checkov CKV_AWS_27: SqsManagedSseEnabled or KmsMasterKeyId; new queues are encrypted unless a template says otherwise.",
        ),
    ),
    (
        "messages/encrypt_topic",
        iac(
            "In CI, Checkov CKV_AWS_26: KmsMasterKeyId is set, to a key whose policy lets the services publish that do.",
        ),
    ),
    (
        "messages/log_deliveries",
        iac(
            "Make topics from one template with DeliveryStatusLogging for the protocols that are used.",
        ),
    ),
];

//! What faces callers: load balancers, Auto Scaling, API Gateway, `CloudFront`.

mod auto_scaling_group;
mod distribution;
mod http_listeners;
mod launch;
mod launch_configuration;
mod listener;
mod load_balancer;
mod rest_stage;
mod route;
mod v2_stage;

pub use auto_scaling_group::{AutoScalingGroup, AutoScalingGroupId, AutoScalingGroupSetting};
pub use distribution::{
    Distribution, DistributionId, DistributionSetting, Origin, OriginKind, ViewerPolicy,
};
pub use http_listeners::{
    DefaultAction, DefaultActionChange, HttpListener, HttpListeners, Redirect, Stickiness, Target,
};
pub use launch::Launch;
pub use launch_configuration::{LaunchConfiguration, LaunchConfigurationId};
pub use listener::{Listener, ListenerId, ListenerSetting};
pub use load_balancer::{
    Desync, Kind, LoadBalancer, LoadBalancerId, LoadBalancerSetting, LogPlace,
};
pub use rest_stage::{LogLevel, Method, RestStage, RestStageId, RestStageSetting};
pub use route::{Route, RouteId};
pub use v2_stage::{AccessLogs, Protocol, RouteDefaults, V2Stage, V2StageId, V2StageSetting};

crate::remediations! {
    associate_balancer_acl::AssociateBalancerAcl,
    associate_distribution_acl::AssociateDistributionAcl,
    associate_stage_acl::AssociateStageAcl,
    authorize_route::AuthorizeRoute,
    certify_distribution::CertifyDistribution,
    certify_stage::CertifyStage,
    check_health::CheckHealth,
    check_origins::CheckOrigins,
    drop_invalid_headers::DropInvalidHeaders,
    encrypt_cache::EncryptCache,
    encrypt_listener::EncryptListener,
    encrypt_origins::EncryptOrigins,
    encrypt_viewers::EncryptViewers,
    hide_instances::HideInstances,
    limit_hops::LimitHops,
    log_accesses::LogAccesses,
    log_balancer::LogBalancer,
    log_distribution::LogDistribution,
    log_executions::LogExecutions,
    log_messages::LogMessages,
    mitigate_desync::MitigateDesync,
    protect_balancer::ProtectBalancer,
    redirect_http::RedirectHttp,
    require_tokens::RequireTokens,
    set_root_object::SetRootObject,
    share_origins::ShareOrigins,
    spread_balancer::SpreadBalancer,
    spread_group::SpreadGroup,
    strengthen_listener::StrengthenListener,
    trace_stage::TraceStage,
    use_launch_template::UseLaunchTemplate,
    use_server_names::UseServerNames,
    vary_instances::VaryInstances,
}

/// `on` or `off`, for people.
fn word(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// The least number of Availability Zones: the control's own parameter where it is passed and can be read.
fn zones_wanted(case: &remedy::Case<'_>) -> usize {
    let mut given = case.signal.parameters.iter();
    let given = given.find(|(key, _)| key.eq_ignore_ascii_case("minAvailabilityZones"));
    let first = given.and_then(|(_, values)| values.first());
    first
        .and_then(|value| value.trim().parse().ok())
        .filter(|zones| (2..=6).contains(zones))
        .unwrap_or(2)
}

//! What runs code: Lambda, ECS, ECR, EKS, Step Functions, `CodeBuild`, `CloudFormation`.

mod build_project;
mod condition;
mod ecs_cluster;
mod ecs_service;
mod eks_cluster;
mod function_access;
mod function_id;
mod function_setup;
mod image_lifecycle;
mod kubernetes_version;
mod report_group;
mod repository;
mod stack;
mod state_machine;
mod statement;
mod task_definition;

pub use build_project::{
    BuildLogs, BuildProject, BuildProjectName, BuildSetting, CloudWatchLogs, S3Logs, is_telling,
};
pub use condition::Condition;
pub use ecs_cluster::{EcsCluster, EcsClusterName, EcsClusterSetting, Insights};
pub use ecs_service::{EcsService, EcsServiceId, EcsServiceSetting, Network};
pub use eks_cluster::{EksCluster, EksClusterName, EksSetting, Endpoint, Pending, ended};
pub use function_access::{FunctionAccess, Grant, GrantChange, Permission};
pub use function_id::FunctionName;
pub use function_setup::{FunctionSetting, FunctionSetup};
pub use image_lifecycle::ImageLifecycle;
pub use kubernetes_version::KubernetesVersion;
pub use report_group::{ReportGroup, ReportGroupName, ReportGroupSetting};
pub use repository::{Repository, RepositoryName, RepositorySetting, TagsMove};
pub use stack::{Stack, StackId, StackSetting};
pub use state_machine::{LogLevel, StateMachine, StateMachineName, StateMachineSetting};
pub use statement::{LetsIn, Statement};
pub use task_definition::{Container, TaskDefinition, TaskDefinitionId};

crate::remediations! {
    close_endpoint::CloseEndpoint,
    close_function::CloseFunction,
    drop_build_privileges::DropBuildPrivileges,
    drop_container_privileges::DropContainerPrivileges,
    drop_root_user::DropRootUser,
    encrypt_build_logs::EncryptBuildLogs,
    encrypt_file_mounts::EncryptFileMounts,
    encrypt_kubernetes_secrets::EncryptKubernetesSecrets,
    encrypt_reports::EncryptReports,
    expire_images::ExpireImages,
    fix_image_tags::FixImageTags,
    hide_build_secrets::HideBuildSecrets,
    hide_container_secrets::HideContainerSecrets,
    hide_service::HideService,
    hide_source_credentials::HideSourceCredentials,
    leave_host_network::LeaveHostNetwork,
    leave_host_processes::LeaveHostProcesses,
    log_builds::LogBuilds,
    log_cluster::LogCluster,
    log_containers::LogContainers,
    log_state_machine::LogStateMachine,
    mount_root_read_only::MountRootReadOnly,
    move_function_into_vpc::MoveFunctionIntoVpc,
    notify_of_stack::NotifyOfStack,
    protect_stack::ProtectStack,
    renew_kubernetes::RenewKubernetes,
    renew_platform::RenewPlatform,
    renew_runtime::RenewRuntime,
    scan_images::ScanImages,
    trace_function::TraceFunction,
    watch_cluster::WatchCluster,
}

#[cfg(test)]
mod testing {
    use remedy::{Case, Hold, Remediation, Signal, check::now};

    /// What a remediation leaves to a person, as `what: why`.
    pub(super) fn left<R: Remediation>(
        remediation: &R,
        facet: &R::Facet,
        signal: &Signal,
    ) -> Vec<String> {
        let plan = remediation.plan(facet, &Case { signal, now: now() });
        let line = |left: &remedy::Left| match &left.why {
            Hold::ByHand { why } => format!("{}: {why}", left.what),
            other => panic!("not by hand: {other:?}"),
        };
        plan.left.iter().map(line).collect()
    }
}

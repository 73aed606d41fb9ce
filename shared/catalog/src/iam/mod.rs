//! IAM: users, keys, the password policy, roles.

mod customer_policy;
mod password_policy;
mod role_policies;
mod root_user;
mod server_certificate;
mod support_access;
mod user;
mod user_containment;
mod user_credentials;
mod user_mfa;
mod user_policies;

use crate::days;

pub use customer_policy::{CustomerPolicy, CustomerPolicyId, Statement};
pub use password_policy::{Characters, PasswordPolicy, PasswordPolicyId, PasswordSetting};
pub use role_policies::{RoleId, RolePolicies, RolePolicyChange};
pub use root_user::{Mfa, RootUser, RootUserId};
pub use server_certificate::{ServerCertificate, ServerCertificateId};
pub use support_access::{SupportAccess, SupportAccessId};
pub use user::UserId;
pub use user_containment::{ContainmentChange, UserContainment};
pub use user_credentials::{AccessKey, KeyChange, Password, UserCredentials};
pub use user_mfa::UserMfa;
pub use user_policies::{UserPolicies, UserPolicyChange};

crate::remediations! {
    contain_user::ContainUser,
    create_support_role::CreateSupportRole,
    deactivate_old_keys::DeactivateOldKeys,
    deactivate_unused_credentials::DeactivateUnusedCredentials,
    delete_expired_certificate::DeleteExpiredCertificate,
    enable_user_mfa::EnableUserMfa,
    move_user_policies::MoveUserPolicies,
    narrow_policy::NarrowPolicy,
    revoke_role_cloudshell::RevokeRoleCloudshell,
    revoke_user_cloudshell::RevokeUserCloudshell,
    secure_root_user::SecureRootUser,
    set_password_policy::SetPasswordPolicy,
}

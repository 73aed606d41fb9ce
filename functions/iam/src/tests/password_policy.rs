use catalog::iam::{Characters, PasswordPolicy, PasswordPolicyId, PasswordSetting};
use remedy::Swap;
use runtime::Error;
use script::Script;

use super::{called, make, no, read, yes};

const STRICT: &str = "<PasswordPolicy><MinimumPasswordLength>20</MinimumPasswordLength>\
    <RequireSymbols>true</RequireSymbols><RequireNumbers>false</RequireNumbers>\
    <RequireUppercaseCharacters>false</RequireUppercaseCharacters>\
    <RequireLowercaseCharacters>true</RequireLowercaseCharacters>\
    <AllowUsersToChangePassword>true</AllowUsersToChangePassword>\
    <ExpirePasswords>true</ExpirePasswords><MaxPasswordAge>60</MaxPasswordAge>\
    <PasswordReusePrevention>5</PasswordReusePrevention><HardExpiry>true</HardExpiry></PasswordPolicy>";

fn id() -> PasswordPolicyId {
    PasswordPolicyId("111122223333".into())
}

async fn load(script: &Script) -> Result<Option<PasswordPolicy>, Error> {
    read(script, &id()).await
}

fn swap(from: PasswordSetting, to: PasswordSetting) -> Swap<PasswordSetting> {
    Swap { from, to }
}

#[tokio::test]
async fn a_policy_is_read_in_full() {
    let script = Script::of([yes("GetAccountPasswordPolicy", STRICT)]);
    let expected = PasswordPolicy {
        own: true,
        minimum_length: 20,
        requires: [Characters::Lowercase, Characters::Symbols].into(),
        remembered: 5,
        max_age: Some(60),
        users_may_change: true,
        hard_expiry: true,
    };
    assert_eq!(load(&script).await, Ok(Some(expected)));
}

#[tokio::test]
async fn no_policy_is_awss_and_half_a_policy_is_an_error() {
    let script = Script::of([no(404, "NoSuchEntity")]);
    assert_eq!(load(&script).await, Ok(Some(PasswordPolicy::default())));
    let half = "<PasswordPolicy><RequireSymbols>true</RequireSymbols></PasswordPolicy>";
    assert!(load(&Script::of([yes("GetAccountPasswordPolicy", half)])).await.is_err());
    let error = load(&Script::of([no(403, "AccessDenied")])).await.unwrap_err().to_string();
    assert!(error.contains("needs iam:GetAccountPasswordPolicy"), "{error}");
}

#[tokio::test]
async fn changes_are_written_at_once_with_all_that_is_kept() {
    let script = Script::of([
        yes("GetAccountPasswordPolicy", STRICT),
        yes("UpdateAccountPasswordPolicy", ""),
    ]);
    let numbers = |is| PasswordSetting::Requires(Characters::Numbers, is);
    let changes = [
        swap(numbers(false), numbers(true)),
        swap(PasswordSetting::Remembered(5), PasswordSetting::Remembered(24)),
    ];
    assert_eq!(make::<PasswordPolicy>(&script, &id(), &changes).await, [Ok(()), Ok(())]);
    assert_eq!(
        script.bodies()[1],
        "Action=UpdateAccountPasswordPolicy&Version=2010-05-08&MinimumPasswordLength=20\
         &RequireSymbols=true&RequireNumbers=true&RequireUppercaseCharacters=false\
         &RequireLowercaseCharacters=true&AllowUsersToChangePassword=true&MaxPasswordAge=60\
         &PasswordReusePrevention=24&HardExpiry=true"
    );
}

#[tokio::test]
async fn what_is_so_already_is_not_written() {
    let script = Script::of([yes("GetAccountPasswordPolicy", STRICT)]);
    let change = swap(PasswordSetting::MinimumLength(8), PasswordSetting::MinimumLength(20));
    assert_eq!(make::<PasswordPolicy>(&script, &id(), &[change]).await, [Ok(())]);
    assert_eq!(called(&script), ["GetAccountPasswordPolicy"]);
}

#[tokio::test]
async fn a_policy_that_was_made_is_deleted_again_unless_it_says_more_by_now() {
    let bare = "<PasswordPolicy><MinimumPasswordLength>14</MinimumPasswordLength></PasswordPolicy>";
    let changes = [
        swap(PasswordSetting::MinimumLength(14), PasswordSetting::MinimumLength(8)),
        swap(PasswordSetting::Own(true), PasswordSetting::Own(false)),
    ];
    let script =
        Script::of([yes("GetAccountPasswordPolicy", bare), yes("DeleteAccountPasswordPolicy", "")]);
    assert_eq!(make::<PasswordPolicy>(&script, &id(), &changes).await, [Ok(()), Ok(())]);
    assert_eq!(called(&script), ["DeleteAccountPasswordPolicy", "GetAccountPasswordPolicy"]);
    let script = Script::of([
        yes("GetAccountPasswordPolicy", STRICT),
        yes("UpdateAccountPasswordPolicy", ""),
    ]);
    assert_eq!(make::<PasswordPolicy>(&script, &id(), &changes).await, [Ok(()), Ok(())]);
    assert_eq!(called(&script), ["GetAccountPasswordPolicy", "UpdateAccountPasswordPolicy"]);
}
